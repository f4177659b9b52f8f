"""The limits of feedback as the oracle reads them from their file, and what they come to."""

from datetime import datetime, timedelta
from typing import NamedTuple

from tests.support.oracle_calendar import MORNING, ONE_DAY, at, end_of, rows, working_days

KEYS = ("lane", "kind", "urgency", "domain")


class Deadline(NamedTuple):
    """When a stage is due; of a limit in hours the moment itself counts, else the day."""

    at: datetime
    by_moment: bool


class Point(NamedTuple):
    """From `since` on the alert `name` of a stage is true."""

    since: datetime
    name: str
    stage: str
    due_at: datetime


def points(stage: str, deadline: Deadline | None) -> list[Point]:
    """When each alert of a stage becomes true."""
    if deadline is None:
        return []
    if deadline.by_moment:
        return [Point(deadline.at, "overdue", stage, deadline.at)]
    day = deadline.at.date()
    soon = at(working_days().step(day, -1), MORNING)
    over = at(day + ONE_DAY)
    return [Point(soon, "due_soon", stage, deadline.at), Point(over, "overdue", stage, deadline.at)]


def ends(start: datetime, amount: float, unit: str) -> Deadline:
    """The end of so many hours, office hours, working days or days."""
    if unit == "hours":
        return Deadline(start + timedelta(hours=amount), True)
    if unit == "working_hours":
        return Deadline(working_days().working_hours(start, amount), True)
    if unit == "working_days":
        return Deadline(end_of(working_days().step(start.date(), int(amount))), False)
    return Deadline(end_of(working_days().rolled(start.date() + ONE_DAY * int(amount))), False)


def row_of(stage: str, profile: dict[str, str], received: datetime) -> dict[str, str] | None:
    """The row of the limits that names most of the case, lane before kind before urgency before domain."""
    day = received.date().isoformat()
    fits = [row for row in rows("feedback_limits.csv") if row["stage"] == stage
            and all(row[key] in {"", profile[key]} for key in KEYS)
            and (row["valid_from"] or day) <= day <= (row["valid_to"] or day)]  # fmt: skip
    return max(fits, key=lambda row: tuple(row[key] != "" for key in KEYS), default=None)


def climb(urgency: str, start: datetime) -> list[tuple[datetime, str]]:
    """When each step hears of a report that nobody has accepted; one without urgency is a normal one."""
    steps = [row for row in rows("escalation.csv") if row["urgency"] == (urgency or "normal")]
    return [(ends(start, float(row["amount"]), row["unit"]).at, row["step"]) for row in steps]
