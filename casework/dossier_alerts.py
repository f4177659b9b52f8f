"""When an open dossier becomes due for an alert (NĐ 61/2018 Art. 19.9), or somebody owes it a step (NĐ 118/2025)."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from casework.calendar import VIETNAM, Calendar
from casework.counting import LAST_SECOND, end_of
from casework.dossier_course import Course
from casework.dossier_intake import Intake
from casework.rules import Settings
from casework.watchpoints import Watchpoint


class _Marks(NamedTuple):
    """What a due date alone decides: mornings of its alerts, the first moment after it, and how ids name it."""

    third_day: datetime
    same_day: datetime
    apology: datetime
    over: datetime
    name: str


def watchpoints(code: str, course: Course, taken_in: Intake, settings: Settings) -> tuple[Watchpoint, ...]:
    """All moments of alert of the date in force, in order, then the one duty that the dossier may come to be owed."""
    return _alerts(code, course, settings) + _duties(code, course, taken_in, settings)


def _duties(code: str, course: Course, taken_in: Intake, settings: Settings) -> tuple[Watchpoint, ...]:
    """Take in what is waiting online; close what was not completed; pass on what has been on a desk for too long."""
    if course.clock == "none":
        waits = taken_in.due_at is not None and taken_in.standing is None
        return (_duty(code, "intake_overdue", taken_in.due_at),) if waits and taken_in.due_at else ()
    if course.clock == "stopped" and course.asked_at is not None:
        last = course.calendar.add_working(course.asked_at.date(), settings.closing_days)
        return (_duty(code, "closing_due", end_of(last)),)
    step = course.desks.dates
    if course.clock == "running" and step is not None and step.at is not None:
        return (_duty(f"{code}:{course.desks.agency}", "step_overdue", step.at),)
    return ()


def _duty(whose: str, duty: str, due_at: datetime) -> Watchpoint:
    """Owed from the end of its day on, or, where its limit is in hours, from its moment."""
    whole_day = due_at.astimezone(VIETNAM).time() == LAST_SECOND
    moment = due_at + timedelta(seconds=1) if whole_day else due_at
    alert_id = f"{whose}:{due_at.isoformat()}:{duty}"
    return Watchpoint(moment=moment, alert=duty, alert_id=alert_id, due_at=due_at, track="duty")


def _alerts(code: str, course: Course, settings: Settings) -> tuple[Watchpoint, ...]:
    """None where the dossier is not open or has no date.

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
