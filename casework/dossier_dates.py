"""The due date of a dossier: how it is set, moved, refused, and which dates it has had."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import NamedTuple

from casework.calendar import VIETNAM, Calendar
from casework.counting import Limit, OfficeHours, due, end_of


@lru_cache(maxsize=8192)
def _last_day(start: date, limit: Limit, calendar: Calendar) -> date:
    return due(datetime.combine(start, time(), VIETNAM), limit, calendar).date


REFUSED = frozenset({"due_moved_late", "late_reschedule", "second_reschedule"})


class Version(NamedTuple):
    """A due date that was put in force at `set_at`, or, where `reason` is one of REFUSED, was not."""

    set_at: datetime
    day: date
    reason: str


@dataclass(slots=True)
class DueDates:
    """The date in force and its past. `own`: the dossier has named a date itself; until then its limit gives one."""

    calendar: Calendar
    hours: OfficeHours
    limit: Limit | None
    at: datetime | None = None
    day: date | None = None
    by_moment: bool = False
    first: date | None = None
    own: bool = False
    set_at: datetime | None = None
    rescheduled_to: date | None = None
    had: set[date] = field(default_factory=set)
    refused: set[date] = field(default_factory=set)
    apologised: set[date] = field(default_factory=set)
    versions: list[Version] = field(default_factory=list)

    def name(self, day: date, moment: datetime, reason: str) -> None:
        """Put a date named by the dossier in force; the first of them is the first due date."""
        if not self.own:
            self.own = True
            self.first = day
        self._put(end_of(day), day, moment, reason)

    def count(self, start: datetime) -> None:
        """Put the procedure's limit from `start` in force, where there is one; else the old date stays."""
        if self.limit is None:
            return
        if self.limit.by_moment:
            moment = due(start, self.limit, self.calendar, self.hours).at
            self._put(moment, moment.date(), start, "counted", by_moment=True)
        else:
            day = _last_day(start.date(), self.limit, self.calendar)
            self._put(end_of(day), day, start, "counted")
        self.first = self.first or self.day

    def shift(self, stopped: date, resumed: datetime) -> None:
        """Move the date by as many working days as the clock stood, the day of resuming included."""
        self.move(self.calendar.working_between(stopped, resumed.date()), resumed)

    def move(self, days: int, moment: datetime) -> None:
        """Move the date by so many working days."""
        if self.at is None or self.day is None:
            return
        day = self.calendar.add_working(self.day, days) if days else self.day
        self._put(datetime.combine(day, self.at.timetz()), day, moment, "shifted", by_moment=self.by_moment)

    def gives_way(self) -> bool:
        """Whether the next date that the dossier names replaces what is in force without being a change."""
        return not self.own

    def known(self, day: date) -> bool:
        """Whether the dossier has had this date in force, or was refused it."""
        return day in self.had or day in self.refused

    def change(self, day: date, moment: datetime) -> str:
        """A differing date on a running clock: moves up to the due date, nothing after it. Returns the flag."""
        if self.day is not None and moment.date() > self.day:
            return self._refuse(day, moment, "due_moved_late")
        self.name(day, moment, "due_moved")
        return "due_moved"

    def reschedule(self, day: date, moment: datetime) -> str | None:
        """Moves the date once, at least a day before it (NĐ 61/2018 Art. 19.9). Returns the violation, if it is one."""
        if self.day is None or self.known(day):
            return None
        if self.rescheduled_to is None and moment.date() < self.day:
            # What a reschedule moved stays the first due date, even where it was only the limit's.
            self.rescheduled_to, self.own = day, True
            self._put(end_of(day), day, moment, "rescheduled")
            return None
        return self._refuse(day, moment, "late_reschedule" if self.rescheduled_to is None else "second_reschedule")

    def apologise(self) -> None:
        """Note that an apology was made for the date in force."""
        if self.day is not None:
            self.apologised.add(self.day)

    def excused(self) -> bool:
        """Whether the date in force needs no apology any more: one was made for it, or a reschedule set it."""
        return self.day in self.apologised or self.day == self.rescheduled_to

    def passed(self, moment: datetime) -> bool:
        """Whether `moment` is late: by dates, or by the moment for a limit in hours. Without a date nothing is late."""
        if self.day is None or self.at is None:
            return False
        return moment > self.at if self.by_moment else moment.date() > self.day

    def met_exactly(self, moment: datetime) -> bool:
        """Whether `moment` is on the due date itself, or the very moment of a limit in hours."""
        return moment == self.at if self.by_moment else moment.date() == self.day

    def _refuse(self, day: date, moment: datetime, reason: str) -> str:
        self.refused.add(day)
        self.versions.append(Version(moment, day, reason))
        return reason

    def _put(self, at: datetime, day: date, moment: datetime, reason: str, *, by_moment: bool = False) -> None:
        if at != self.at:
            self.set_at = moment
            self.versions.append(Version(moment, day, reason))
        self.at, self.day, self.by_moment = at, day, by_moment
        self.had.add(day)
