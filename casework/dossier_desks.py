"""Whose desk a dossier is on: the clock of each agency in a procedure that passes through several (liên thông)."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from casework.counting import Limit
from casework.dossier_dates import DueDates
from casework.dossier_state import Holding
from casework.rules import Rules


@dataclass(slots=True)
class Desks:
    """Who has had the dossier, who has it now, and until when that agency's own step may last.

    The step's limit is the date that its source names, else that of agency_limits.csv, else none. Waiting for the
    citizen treats it as it treats the whole: a supplement starts it anew, a payment moves it.
    """

    rules: Rules
    procedure: str | None
    passed: list[Holding] = field(default_factory=list)
    agency: str | None = None
    since: datetime | None = None
    counted_from: datetime | None = None
    stood: int = 0
    dates: DueDates | None = None
    paused: datetime | None = None

    def begin(self, at: datetime) -> None:
        """The dossier is received, be it by an agency that is named only later."""
        self.since = self.counted_from = at

    def reach(self, agency: str, at: datetime) -> None:
        """The dossier comes to an agency at `at`, to the first that is named at its receipt; nothing where it is."""
        agency = self.rules.agencies.match(agency)
        if agency == self.agency:
            return
        if self.agency is not None:
            self.leave(at)
            # a receipt may be stated after the event that follows it
            self.since = self.counted_from = max(at, self.since or at)
            self.stood = 0
        self.agency, self.dates = agency, None
        if self._limit() is not None and self.counted_from is not None:
            self._clock().count(self.counted_from)
            self._clock().move(self.stood, self.counted_from)

    def must_be_done(self, by: datetime, at: datetime, named: str | None) -> None:
        """The source names the end of the step of the agency that it names, else of the one that has the dossier."""
        if self.agency is not None and (named is None or self.rules.agencies.match(named) == self.agency):
            self._clock().name(by.date(), at, "named")

    def restart(self, at: datetime) -> None:
        """The supplement has come: a counted step starts anew."""
        self.paused, self.counted_from, self.stood = None, at, 0
        if self.dates is not None and not self.dates.own:
            self.dates.count(at)

    def resume(self, stopped: datetime, at: datetime) -> None:
        """The payment has come: the step is moved by the working days that it stood with this agency."""
        self.paused = None
        began = max(stopped, self.since or stopped).date()
        days = max(self.rules.calendar.for_agency(self.agency).working_between(began, at.date()), 0)
        self.stood += days
        if self.dates is not None:
            self.dates.move(days, at)

    def leave(self, at: datetime) -> None:
        """The dossier leaves the agency that had it: late by date or moment, or, while it waits, as of the stop."""
        if self.agency is not None and self.since is not None:
            at, dates = max(at, self.since), self.dates
            late = dates is not None and dates.passed(self.paused or at)
            self.passed.append(Holding(self.agency, self.since, at, dates.at if dates else None, late))
        self.agency = None

    def end(self, at: datetime) -> None:
        """The dossier is over; its end may be stated as earlier than the last time that it was passed on."""
        self.leave(at)
        self.passed = [one if one.until is None or one.until <= at else _cut_off(one, at) for one in self.passed]

    def holdings(self) -> tuple[Holding, ...]:
        """All of them, in order, the one that has it now at the end."""
        if self.agency is None or self.since is None:
            return tuple(self.passed)
        return (*self.passed, Holding(self.agency, self.since, None, self.dates.at if self.dates else None))

    def _clock(self) -> DueDates:
        if self.dates is None:
            calendar, hours = self.rules.calendar.for_agency(self.agency), self.rules.hours_for(self.agency)
            self.dates = DueDates(calendar=calendar, hours=hours, limit=self._limit())
        return self.dates

    def _limit(self) -> Limit | None:
        return self.rules.agency_limits.get((self.procedure or "", self.agency or ""))


def _cut_off(one: Holding, at: datetime) -> Holding:
    late = one.late and one.due_at is not None and at > one.due_at
    return replace(one, since=min(one.since, at), until=at, late=late)


def held_at(holders: tuple[Holding, ...], moment: datetime) -> Holding | None:
    """Who had the dossier at a moment, such as that at which its time ran out."""
    return next((one for one in reversed(holders) if one.since <= moment), holders[0] if holders else None)
