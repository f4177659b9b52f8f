"""The working calendar of the oracle: it walks day by day over the file of days and knows nothing of the product."""

import csv
import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[2] / "casework" / "data"
VIETNAM = timezone(timedelta(hours=7))
MORNING = time(7)
LAST_SECOND = time(23, 59, 59)
OFFICE_HOURS = ((time(7), time(11, 30)), (time(13, 30), time(17)))
ONE_DAY = timedelta(days=1)
Limit = tuple[float, str]  # an amount, and the day_type of the file that says what of


@dataclass(frozen=True)
class WorkingDays:
    """Monday to Friday but for the days of the file."""

    off: frozenset[date]
    on: frozenset[date]

    def works(self, day: date) -> bool:
        return day in self.on or (day.weekday() < 5 and day not in self.off)

    def step(self, day: date, count: int) -> date:
        """The day that lies `count` working days after a day, before it where `count` is negative."""
        way = ONE_DAY if count > 0 else -ONE_DAY
        for _ in range(abs(count)):
            day += way
            while not self.works(day):
                day += way
        return day

    def between(self, first: date, last: date) -> int:
        """Working days after the first day, the last day included."""
        return sum(self.works(first + ONE_DAY * n) for n in range(1, (last - first).days + 1))

    def rolled(self, day: date) -> date:
        """The day itself or, where nobody works on it, the next on which somebody does."""
        return day if self.works(day) else self.step(day, 1)

    def working_hours(self, start: datetime, hours: float) -> datetime:
        """The moment at which so many office hours have passed (Vietnam time)."""
        left, day = timedelta(hours=hours), start.date()
        while True:
            for opens, closes in OFFICE_HOURS if self.works(day) else ():
                begin = max(start, at(day, opens))
                if at(day, closes) - begin >= left:
                    return begin + left
                left -= max(at(day, closes) - begin, timedelta())
            day += ONE_DAY


@cache
def rows(name: str) -> list[dict[str, str]]:
    """A packaged file."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def working_days() -> WorkingDays:
    """The calendar of the packaged file; rows without a legal source are shown to people, not counted."""
    counted = [row for row in rows("calendar.csv") if row["counted"] == "yes"]
    on = frozenset(date.fromisoformat(row["date"]) for row in counted if row["kind"] == "make_up_working")
    return WorkingDays(off=frozenset(date.fromisoformat(row["date"]) for row in counted) - on, on=on)


def at(day: date, clock: time = time()) -> datetime:
    """A moment of a day in Vietnam."""
    return datetime.combine(day, clock, VIETNAM)


def end_of(day: date) -> datetime:
    """The last second of a day in Vietnam."""
    return at(day, LAST_SECOND)


def counted(limit: Limit, start: datetime) -> datetime:
    """When a limit ends: hours at their moment, days with the last second of the last one."""
    amount, unit = limit
    days = working_days()
    if unit == "hours":
        return start + timedelta(hours=amount)
    if unit == "months":
        return end_of(days.rolled(_months_on(start.date(), amount)))
    if unit == "working":
        first = start.date() if amount else days.rolled(start.date())
        return end_of(days.step(first, math.ceil(amount)))
    return end_of(days.rolled(start.date() + ONE_DAY * math.ceil(amount)))


def _months_on(day: date, amount: float) -> date:
    """The same day of a later month or its last (Bộ luật Dân sự, Điều 148); part of a month is part of 30 days."""
    months = day.month - 1 + int(amount)
    year, month = day.year + months // 12, months % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - ONE_DAY).day
    return date(year, month, min(day.day, last)) + ONE_DAY * math.ceil((amount - int(amount)) * 30)


def moved(due_at: datetime, count: int) -> datetime:
    """The same moment so many working days later."""
    return due_at + (working_days().step(due_at.date(), count) - due_at.date())
