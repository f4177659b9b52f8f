"""The clock of a piece of feedback told a second time, from the page of the law and the file of limits alone.

Written for the faults of this suite: no returns, extensions or confirmed lanes.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from tests.support.oracle_calendar import DATA, MORNING, ONE_DAY, at, end_of, working_days

KEYS = ("lane", "kind", "urgency", "domain")
STAGES = ("accept", "answer", "publish")
ENDS = {
    "assigned": ("accept",), "accepted": ("accept",), "answered": ("accept", "answer"), "published": STAGES,
    "rejected": ("accept", "answer"), "merged": ("accept", "answer"),
}  # fmt: skip
OVER = {"answered", "rejected", "merged", "published"}


class Event(NamedTuple):
    """One event of a case in Vietnam time; `fields` are those of its type."""

    at: datetime
    id: str
    type: str
    fields: dict[str, Any]


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


@dataclass
class Case:
    """Where a piece of feedback stands after its events."""

    profile: dict[str, str]
    received: datetime
    stage: str = "opened"
    agency: str | None = None
    transfers: int = 0
    starts: dict[str, datetime] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    violations: set[str] = field(default_factory=set)

    def take(self, event: Event) -> None:
        if event.type == "reopened" and self.stage in OVER:
            self.ended -= {"answer", "publish"}
            self.starts.pop("answered", None)
            self.starts["reopened"] = event.at
            self.stage = "assigned" if self.agency else "accepted"
        if self.stage in OVER and not (event.type == "published" and self.stage == "answered"):
            return
        if event.type == "info_requested":
            self.ask(event)
        if event.type in ENDS:
            self.ended |= set(ENDS[event.type])
            self.stage = event.type
        if event.type == "answered":
            self.starts["answered"] = event.at
        if event.type == "assigned":
            self.hand_on(event)

    def hand_on(self, event: Event) -> None:
        if self.agency and event.fields["agency"] != self.agency:
            self.transfers += 1
            self.starts["transferred"] = event.at
        self.agency = event.fields["agency"]

    def ask(self, event: Event) -> None:
        deadline = self.deadline("info_request")
        if deadline and event.at.replace(microsecond=0) > deadline.at:
            self.violations.add("late_info_request")
        self.stage = "info_requested"

    def deadline(self, stage: str) -> Deadline | None:
        row = _row(stage, self.profile, self.received)
        if row is None or not row["amount"] or row["start"] not in self.starts:
            return None
        start = self.starts[row["start"]]
        if stage == "answer":
            start = max(start, self.starts.get("reopened", start))
        return _deadline(start, float(row["amount"]), row["unit"])

    def alerts(self) -> list[Point]:
        """When each alert of the stages that run becomes true."""
        running = [stage for stage in STAGES if stage not in self.ended]
        return [point for stage in running for point in _points(stage, self.deadline(stage))]


def walk(events: Iterable[Event]) -> Case | None:
    """The case after events in any order and any number; None before it is opened."""
    ordered = sorted({event.id: event for event in events}.values(), key=lambda event: event[:2])
    opened = next((event for event in ordered if event.type == "opened"), None)
    if opened is None:
        return None
    profile = {key: opened.fields.get(key) or "" for key in KEYS}
    for event in ordered:
        if event.type == "corrected":
            profile |= {key: event.fields[key] for key in KEYS if event.fields.get(key)}
        elif event.type == "released" and profile["lane"] == "to_cao":
            profile["lane"] = "phan_anh_kien_nghi"
    received = opened.fields["received_at"]
    case = Case(profile, received, starts={"received": received, "transferred": received})
    for event in ordered:
        case.take(event)
    return case


def _points(stage: str, deadline: Deadline | None) -> list[Point]:
    if deadline is None:
        return []
    if deadline.by_moment:
        return [Point(deadline.at, "overdue", stage, deadline.at)]
    day = deadline.at.date()
    soon = at(working_days().step(day, -1), MORNING)
    over = at(day + ONE_DAY)
    return [Point(soon, "due_soon", stage, deadline.at), Point(over, "overdue", stage, deadline.at)]


def _deadline(start: datetime, amount: float, unit: str) -> Deadline:
    if unit == "hours":
        return Deadline(start + timedelta(hours=amount), True)
    if unit == "working_hours":
        return Deadline(working_days().working_hours(start, amount), True)
    if unit == "working_days":
        return Deadline(end_of(working_days().step(start.date(), int(amount))), False)
    return Deadline(end_of(working_days().rolled(start.date() + ONE_DAY * int(amount))), False)


def _row(stage: str, profile: dict[str, str], received: datetime) -> dict[str, str] | None:
    """The row of the limits that names most of the case, lane before kind before urgency before domain."""
    day = received.date().isoformat()
    fits = [row for row in _rows() if row["stage"] == stage
            and all(row[key] in {"", profile[key]} for key in KEYS)
            and (row["valid_from"] or day) <= day <= (row["valid_to"] or day)]  # fmt: skip
    return max(fits, key=lambda row: tuple(row[key] != "" for key in KEYS), default=None)


@cache
def _rows() -> list[dict[str, str]]:
    with (DATA / "feedback_limits.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
