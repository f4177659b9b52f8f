"""How a dossier has gone so far: its clock, dates, desks, signs of breach (NĐ 61/2018 Art. 19, QĐ 766/QĐ-TTg)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casework.calendar import Calendar
from casework.dossier_dates import DueDates
from casework.dossier_desks import Desks
from casework.dossier_state import (
    ACCEPTED,
    HALTED,
    PAYMENT,
    PROCESSING,
    REFUSED,
    RETURNED,
    SUPPLEMENT,
    WITHDRAWN,
    ClockName,
    Transition,
)

_RUNS = frozenset({ACCEPTED, PROCESSING})
_STOPS = frozenset({SUPPLEMENT, PAYMENT})


@dataclass(slots=True)
class Course:
    """How a dossier has gone so far. Violations and flags keep the moment at which they first arose.

    `promise` follows the limit that the province committed itself to, where it did.
    """

    calendar: Calendar
    dates: DueDates
    promise: DueDates | None
    desks: Desks
    supplement_days: int
    ends: frozenset[int]
    received_at: datetime | None = None
    clock: ClockName = "none"
    started_at: datetime | None = None
    counted_from: datetime | None = None
    counted_to: datetime | None = None
    stood: int = 0
    stopped_at: datetime | None = None
    asked_at: datetime | None = None
    waited: timedelta = timedelta()
    floor: datetime | None = None
    ended_at: datetime | None = None
    standing: str | None = None
    standing_766: str | None = None
    supplements: int = 0
    violations: dict[str, datetime] = field(default_factory=dict)
    flags: dict[str, datetime] = field(default_factory=dict)

    def receive(self, moment: datetime, promised: datetime | None, receiving: Transition) -> None:
        """Start the clock; the date is the receiving transition's, else the promised one, else the limit's."""
        self.received_at = self.started_at = self.floor = self.counted_from = moment
        self.clock = "running"
        self.desks.begin(moment)
        if receiving.due_at is not None:
            self.dates.name(receiving.due_at.date(), receiving.at, "named")
        elif promised is not None:
            self.dates.name(promised.date(), moment, "promised")
        else:
            self.dates.count(moment)
        if self.promise is not None:
            self.promise.count(moment)

    def follow(self, step: Transition, *, fresh: bool) -> None:
        """One transition of a received dossier; `fresh` where this very transition received it."""
        if step.status == RETURNED and RETURNED not in self.ends:
            return
        restarted = step.status in _RUNS and self.clock == "stopped"
        if restarted:
            self._restart(step)
        self._reach(step)
        if step.status in _RUNS:
            self._reschedule(step)
        fresh = fresh or restarted
        self._note_dates(step, fresh=fresh)
        if step.status in _STOPS:
            self._stop(step)
        elif step.status in self.ends:
            self._end(step)

    def _reach(self, step: Transition) -> None:
        """Another agency has the dossier now; who records the end takes nothing, but from nobody."""
        if step.agency is not None and (self.desks.agency is None or step.status not in self.ends):
            self.desks.reach(step.agency, step.at)

    def _note_dates(self, step: Transition, *, fresh: bool) -> None:
        if step.due_at is not None and not fresh:
            self._own_date(step, step.due_at)
        if step.apologised_at is not None:
            self.dates.apologise()
        if step.step_due_at is not None:
            self.desks.must_be_done(step.step_due_at, step.at, step.agency)

    def _restart(self, step: Transition) -> None:
        if step.due_at is not None:
            self.dates.name(step.due_at.date(), step.at, "restarted")
        elif self.asked_at is not None:
            self.dates.count(step.at)
        elif self.stopped_at is not None:
            self.dates.shift(self.stopped_at.date(), step.at)
        if self.asked_at is not None:
            self._count_anew(step.at, self.asked_at)
        elif self.stopped_at is not None:
            self._resume(step.at, self.stopped_at)
        self.clock, self.stopped_at, self.asked_at = "running", None, None
        self.started_at = self._not_before(step.at)

    def _count_anew(self, at: datetime, asked: datetime) -> None:
        """The supplement has come: what is counted beside the due date starts from zero with it."""
        self.waited += at - asked
        self.counted_from, self.stood = at, 0
        self.desks.restart(at)
        if self.promise is not None:
            self.promise.count(at)

    def _resume(self, at: datetime, stopped: datetime) -> None:
        """The payment has come: what is counted beside the due date moves with it."""
        self.stood += self.calendar.working_between(stopped.date(), at.date())
        self.desks.resume(stopped, at)
        if self.promise is not None:
            self.promise.shift(stopped.date(), at)

    def _reschedule(self, step: Transition) -> None:
        if step.rescheduled_to is not None:
            violation = self.dates.reschedule(step.rescheduled_to.date(), step.at)
            if violation:
                self.violations.setdefault(violation, step.at)

    def _own_date(self, step: Transition, due_at: datetime) -> None:
        day = due_at.date()
        if self.dates.gives_way():
            self.dates.name(day, step.at, "stated_later")
        elif step.status in _RUNS and not self.dates.known(day):
            self.flags.setdefault(self.dates.change(day, step.at), step.at)

    def _stop(self, step: Transition) -> None:
        if self.clock == "running":
            self.clock, self.stopped_at, self.started_at = "stopped", step.at, None
            self.desks.paused = step.at
            self._not_before(step.at)
        if step.status == SUPPLEMENT:
            self._ask(step)

    def _ask(self, step: Transition) -> None:
        self.supplements += 1
        self.asked_at = self.asked_at or step.at
        if self.supplements > 1:
            self.violations.setdefault("second_supplement", step.at)
        elif self.received_at is not None:
            last = self.calendar.add_working(self.received_at.date(), self.supplement_days)
            if step.at.date() > last:
                self.violations["late_supplement"] = step.at

    def _end(self, step: Transition) -> None:
        stated = step.at
        if step.finished_at is not None and step.status not in (WITHDRAWN, HALTED):
            stated = min(step.finished_at, step.at)
        if self.received_at is not None and self.received_at > stated:
            self.flags["receipt_after_end"] = step.at
        self.ended_at = self._not_before(stated)
        self.counted_to = self.stopped_at or self.ended_at
        self.standing = self._judge(step, self.counted_to)
        self.standing_766 = self._judge_766(self.ended_at)
        self.clock, self.started_at = "ended", None
        self.desks.end(self.ended_at)
        if step.status == REFUSED and self.standing == "late":
            self.violations["late_refusal"] = self.ended_at

    def _judge(self, step: Transition, moment: datetime) -> str:
        if self.dates.passed(moment):
            return "late"
        excused = step.status in (WITHDRAWN, HALTED) or self.stopped_at is not None or self.dates.day is None
        return "on_time" if excused or self.dates.met_exactly(moment) else "early"

    def _judge_766(self, ended_at: datetime) -> str:
        waited = self.waited
        if self.asked_at is not None:
            waited += max(ended_at - self.asked_at, timedelta())
        first = self.dates.first
        late = self.supplements > 1 or (first is not None and (ended_at - waited).date() > first)
        return "late" if late else "on_time"

    def _not_before(self, moment: datetime) -> datetime:
        self.floor = moment if self.floor is None else max(self.floor, moment)
        return self.floor
