"""When an open dossier becomes due for an alert (NĐ 61/2018 Art. 19.9)."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from casework.calendar import VIETNAM, Calendar
from casework.dossier_fold import Course
from casework.rules import Settings
from casework.watchpoints import Watchpoint


class _Marks(NamedTuple):
    """What a due date alone decides: mornings of its alerts, the first moment after it, and how ids name it."""

    third_day: datetime
    same_day: datetime
    apology: datetime
    over: datetime
    name: str


def watchpoints(code: str, course: Course, settings: Settings) -> tuple[Watchpoint, ...]:
    """All moments of alert of the date in force, in order; none where the dossier is not open or has no date.

    A stopped clock keeps only the `overdue` of a date that had passed when it stopped.
    """
    dates = course.dates
    if dates.at is None or dates.day is None or course.clock not in ("running", "stopped"):
        return ()
    if course.stopped_at is not None and not dates.passed(course.stopped_at):
        return ()
    if dates.by_moment:
        return (_point(code, "overdue", dates.at, dates.at.isoformat(), dates.at),)
    marks = _marks(dates.day, dates.calendar, settings.due_soon_days, settings.apology_days, settings.alert_time)
    early = _early(marks, course, excused=dates.excused())
    moments = [*early, ("overdue", marks.over)]
    return tuple([_point(code, alert, moment, marks.name, dates.at) for alert, moment in moments])


@lru_cache(maxsize=8192)
def _marks(day: date, calendar: Calendar, due_soon_days: int, apology_days: int, morning: time) -> _Marks:
    last = day - timedelta(days=apology_days - 1)
    return _Marks(
        third_day=datetime.combine(calendar.add_working(day, -due_soon_days), morning, VIETNAM),
        same_day=datetime.combine(day, morning, VIETNAM),
        apology=datetime.combine(calendar.add_working(last, -1), morning, VIETNAM),
        over=datetime.combine(day, time(), VIETNAM) + timedelta(days=1),
        name=day.isoformat(),
    )


def _early(marks: _Marks, course: Course, *, excused: bool) -> list[tuple[str, datetime]]:
    """Alerts before the due date whose moment is after the start: receipt, restart, or setting of the date."""
    start = course.started_at
    if start is None:
        return []
    if course.dates.set_at is not None and course.dates.set_at > start:
        start = course.dates.set_at
    due_soon = ("due_soon", marks.third_day if marks.third_day > start else marks.same_day)
    apology = ("apology_due", marks.apology)
    pairs = [due_soon] if excused else sorted([due_soon, apology], key=itemgetter(1))
    return [pair for pair in pairs if pair[1] > start]


def _point(code: str, alert: str, moment: datetime, name: str, due_at: datetime) -> Watchpoint:
    return Watchpoint(moment=moment, alert=alert, alert_id=f"{code}:{name}:{alert}", due_at=due_at)
