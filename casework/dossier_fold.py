"""The clock of a dossier (NĐ 61/2018 Art. 19, QĐ 766/QĐ-TTg): its transitions folded in business order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casework.calendar import Calendar
from casework.codes import contradicts
from casework.dossier_dates import DueDates
from casework.dossier_facts import Facts
from casework.dossier_state import (
    ACCEPTED,
    DONE,
    HALTED,
    PAYMENT,
    PROCESSING,
    REFUSED,
    REGISTERED,
    RETURNED,
    SUPPLEMENT,
    WITHDRAWN,
    ClockName,
    Transition,
)
from casework.rules import Rules

_RUNS = frozenset({ACCEPTED, PROCESSING})
_STOPS = frozenset({SUPPLEMENT, PAYMENT})
_RECEIVES = _RUNS | {DONE}
_OVER = frozenset({"ended", "refused"})
_UNRECEIVED = frozenset({REGISTERED, REFUSED})


@dataclass(slots=True)
class Course:
    """How a dossier has gone so far. Violations and flags keep the moment at which they first arose."""

    calendar: Calendar
    dates: DueDates
    supplement_days: int
    ends: frozenset[int]
    received_at: datetime | None = None
    clock: ClockName = "none"
    started_at: datetime | None = None
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
        self.received_at = self.started_at = self.floor = moment
        self.clock = "running"
        if receiving.due_at is not None:
            self.dates.name(receiving.due_at.date(), receiving.at)
        elif promised is not None:
            self.dates.name(promised.date(), moment)
        else:
            self.dates.count(moment)

    def follow(self, step: Transition, *, fresh: bool) -> None:
        """One transition of a received dossier; `fresh` where this very transition received it."""
        if step.status == RETURNED and RETURNED not in self.ends:
            return
        if step.status in _RUNS:
            if self.clock == "stopped":
                self._restart(step)
                fresh = True
            self._reschedule(step)
        if step.due_at is not None and not fresh:
            self._own_date(step, step.due_at)
        if step.apologised_at is not None:
            self.dates.apologise()
        if step.status in _STOPS:
            self._stop(step)
        elif step.status in self.ends:
            self._end(step)

    def _restart(self, step: Transition) -> None:
        if step.due_at is not None:
            self.dates.name(step.due_at.date(), step.at)
        elif self.asked_at is not None:
            self.dates.count(step.at)
        elif self.stopped_at is not None:
            self.dates.shift(self.stopped_at.date(), step.at)
        if self.asked_at is not None:
            self.waited += step.at - self.asked_at
        self.clock, self.stopped_at, self.asked_at = "running", None, None
        self.started_at = self._not_before(step.at)

    def _reschedule(self, step: Transition) -> None:
        if step.rescheduled_to is not None:
            violation = self.dates.reschedule(step.rescheduled_to.date(), step.at)
            if violation:
                self.violations.setdefault(violation, step.at)

    def _own_date(self, step: Transition, due_at: datetime) -> None:
        day = due_at.date()
        if self.dates.gives_way():
            self.dates.name(day, step.at)
        elif step.status in _RUNS and not self.dates.known(day):
            self.flags.setdefault(self.dates.change(day, step.at), step.at)

    def _stop(self, step: Transition) -> None:
        if self.clock == "running":
            self.clock, self.stopped_at, self.started_at = "stopped", step.at, None
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
        self.standing = self._judge(step, self.stopped_at or self.ended_at)
        self.standing_766 = self._judge_766(self.ended_at)
        self.clock, self.started_at = "ended", None
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


def fold(code: str, transitions: Sequence[Transition], facts: Facts, rules: Rules) -> Course:
    """The course that ordered, distinct transitions make."""
    course = _begin(facts, rules)
    for _ in _walk(course, transitions):
        pass
    _flag_data(code, course, transitions, facts)
    return course


def clocks(transitions: Sequence[Transition], facts: Facts, rules: Rules) -> list[ClockName]:
    """The clock after each of the transitions."""
    course = _begin(facts, rules)
    return [course.clock for _ in _walk(course, transitions)]


def _walk(course: Course, transitions: Sequence[Transition]) -> Iterator[None]:
    receiving = next((step for step in transitions if _receives(step, course.ends)), None)
    promised: datetime | None = None
    for step in transitions:
        if course.clock in _OVER:
            if step.status != RETURNED:
                course.violations.setdefault("status_after_end", step.at)
        elif course.received_at is not None:
            course.follow(step, fresh=False)
        elif step is receiving:
            course.receive(_receipt(transitions, step), promised, step)
            course.follow(step, fresh=True)
        elif step.status in course.ends:
            course.clock = "refused"
        elif step.status == REGISTERED:
            promised = promised or step.due_at
        yield


def _begin(facts: Facts, rules: Rules) -> Course:
    settings, calendar = rules.settings, rules.calendar.for_agency(facts.agency)
    days = dict(settings.supplement_days_of).get(facts.procedure_code or "", settings.supplement_days)
    dates = DueDates(calendar=calendar, hours=rules.hours, limit=facts.limit)
    return Course(calendar=calendar, dates=dates, supplement_days=days, ends=facts.ends)


def _receives(step: Transition, ends: frozenset[int]) -> bool:
    if step.status in _RECEIVES or (step.status == RETURNED and RETURNED in ends):
        return True
    return step.received_at is not None and step.status not in _UNRECEIVED


def _receipt(transitions: Sequence[Transition], receiving: Transition) -> datetime:
    stated = (step.received_at for step in transitions if step.status not in _UNRECEIVED and step.received_at)
    return next(stated, receiving.at)


def _flag_data(code: str, course: Course, transitions: Sequence[Transition], facts: Facts) -> None:
    for flag in facts.odd:
        course.flags[flag] = transitions[-1].at
    for step in transitions:
        for flag in step.odd:
            course.flags.setdefault(flag, step.at)
    if course.received_at is None:
        return
    received = course.received_at.date()
    if contradicts(code, received):
        course.flags["code_date_differs"] = course.received_at
    if course.dates.had and min(course.dates.had) < received:
        course.flags["due_before_receipt"] = course.received_at
