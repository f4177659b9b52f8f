"""The course of a dossier told a second time, from the page of the law alone."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tests.support.oracle_calendar import MORNING, ONE_DAY, Limit, at, counted, end_of, moved, working_days
from tests.support.oracle_desks import Desks
from tests.support.oracle_intake import Intake

RUNS, STOPS = {2, 4}, {5, 6}
CLOSING_DAYS, SUPPLEMENT_DAYS, DUE_SOON_DAYS = 15, 3, 3


class Step(NamedTuple):
    """One status of a dossier, its moments in Vietnam time."""

    at: datetime
    status: int
    received_at: datetime | None = None
    due_at: datetime | None = None
    finished_at: datetime | None = None
    rescheduled_to: datetime | None = None
    apologised_at: datetime | None = None
    procedure_code: str | None = None
    step_due_at: datetime | None = None
    agency: str | None = None
    channel: str | None = None
    field: str | None = None
    level: str | None = None


class Moment(NamedTuple):
    """From `since` on the alert `name` is true."""

    since: datetime
    name: str


@dataclass
class Walk:
    """Where a dossier stands after the steps walked so far."""

    limit: Limit | None
    ends: set[int]
    desks: Desks
    promise: Limit | None = None
    intake: Intake | None = None
    counted_from: datetime | None = None
    stood: int = 0
    clock: str = "none"
    received: datetime | None = None
    start: datetime | None = None
    date_set: datetime | None = None
    due: date | None = None
    due_at: datetime | None = None
    by_moment: bool = False
    own: bool = False
    first: date | None = None
    dates: set[date] = field(default_factory=set)
    had: set[date] = field(default_factory=set)  # of the dates those that were in force
    moved_to: date | None = None
    excused: set[date] = field(default_factory=set)
    stopped: datetime | None = None
    asked: datetime | None = None
    waited: timedelta = timedelta()
    floor: datetime | None = None
    ended: datetime | None = None
    standing: str | None = None
    standing_766: str | None = None
    supplements: int = 0
    violations: set[str] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)

    def put(self, due_at: datetime, by: datetime, *, by_moment: bool = False) -> None:
        if due_at != self.due_at:
            self.date_set = by
        self.due, self.due_at, self.by_moment = due_at.date(), due_at, by_moment
        self.dates.add(self.due)
        self.had.add(self.due)

    def name(self, day: date, by: datetime) -> None:
        self.first = self.first if self.own else day
        self.own = True
        self.put(end_of(day), by)

    def count(self, start: datetime) -> None:
        if self.limit is None:
            return
        self.put(counted(self.limit, start), start, by_moment=self.limit[1] == "hours")
        self.first = self.first or self.due

    def is_late(self, moment: datetime) -> bool:
        if self.due is None or self.due_at is None:
            return False
        return moment > self.due_at if self.by_moment else moment.date() > self.due

    def reach(self, moment: datetime) -> datetime:
        self.floor = max(moment, self.floor or moment)
        return self.floor

    def take(self, step: Step, *, fresh: bool) -> None:
        """A step of a dossier that has been received."""
        if step.status == 10 and 10 not in self.ends:
            return
        if step.status in RUNS and self.clock == "stopped":
            self.restart(step)
            fresh = True
        self.desks.take(step.agency, step.step_due_at, step.at, ends=step.status in self.ends)
        if step.status in RUNS and step.rescheduled_to:
            self.reschedule(step.rescheduled_to.date(), step.at)
        if step.due_at and not fresh:
            self.restate(step.due_at.date(), step)
        if step.apologised_at and self.due:
            self.excused.add(self.due)
        if step.status in STOPS:
            self.stop(step)
        elif step.status in self.ends:
            self.end(step)

    def receive(self, moment: datetime, promised: date | None, step: Step) -> None:
        self.received = self.start = self.floor = moment
        self.counted_from, self.clock = moment, "running"
        self.desks.receive(moment)
        if step.due_at:
            self.name(step.due_at.date(), step.at)
        elif promised:
            self.name(promised, moment)
        else:
            self.count(moment)

    def restart(self, step: Step) -> None:
        assert self.stopped is not None
        stood = working_days().between(self.stopped.date(), step.at.date())
        if step.due_at:
            self.name(step.due_at.date(), step.at)
        elif self.asked:
            self.count(step.at)
        elif self.due and self.due_at:
            self.put(moved(self.due_at, stood), step.at, by_moment=self.by_moment)
        if self.asked:
            self.waited += step.at - self.asked
            self.counted_from, self.stood = step.at, 0
        else:
            self.stood += stood
        self.desks.restart(step.at, supplement=self.asked is not None)
        self.clock, self.stopped, self.asked = "running", None, None
        self.start = self.reach(step.at)

    def reschedule(self, day: date, moment: datetime) -> None:
        """NĐ 61/2018, 19.9: once, and at least a day before the due date."""
        if self.due is None or day in self.dates:
            return
        if self.moved_to is None and moment.date() < self.due:
            self.moved_to, self.own = day, True
            self.put(end_of(day), moment)
            return
        self.violations.add("second_reschedule" if self.moved_to else "late_reschedule")
        self.dates.add(day)

    def restate(self, day: date, step: Step) -> None:
        if not self.own:
            self.name(day, step.at)
        elif step.status in RUNS and day not in self.dates:
            if self.due and step.at.date() > self.due:
                self.dates.add(day)
                self.flags.add("due_moved_late")
            else:
                self.name(day, step.at)
                self.flags.add("due_moved")

    def stop(self, step: Step) -> None:
        if self.clock == "running":
            self.clock, self.stopped, self.start = "stopped", step.at, None
            self.desks.stop(step.at)
            self.reach(step.at)
        if step.status == 6:
            return
        assert self.received is not None
        self.supplements += 1
        self.asked = self.asked or step.at
        if self.supplements > 1:
            self.violations.add("second_supplement")
        elif step.at.date() > working_days().step(self.received.date(), SUPPLEMENT_DAYS):
            self.violations.add("late_supplement")

    def end(self, step: Step) -> None:
        stated = step.at
        if step.finished_at and step.status not in {7, 8}:
            stated = min(stated, step.finished_at)
        if self.received and self.received > stated:
            self.flags.add("receipt_after_end")
        self.ended = self.reach(stated)
        self.desks.end(self.ended)
        judged = self.stopped or self.ended
        excused = step.status in {7, 8} or self.stopped or self.due is None
        on_it = judged == self.due_at if self.by_moment else judged.date() == self.due
        self.standing = "late" if self.is_late(judged) else "on_time" if excused or on_it else "early"
        waited = self.waited + (max(self.ended - self.asked, timedelta()) if self.asked else timedelta())
        over = self.first is not None and (self.ended - waited).date() > self.first
        self.standing_766 = "late" if self.supplements > 1 or over else "on_time"
        self.clock, self.start = "ended", None
        if step.status == 3 and self.standing == "late":
            self.violations.add("late_refusal")

    def alerts(self) -> list[Moment]:
        """When each alert of the date in force becomes true."""
        if self.due is None or self.due_at is None or self.clock not in {"running", "stopped"}:
            return []
        if self.stopped and not self.is_late(self.stopped):
            return []
        if self.by_moment:
            return [Moment(self.due_at, "overdue")]
        over = Moment(at(self.due + ONE_DAY), "overdue")
        return [*self._early(self.due), over]

    def _early(self, due: date) -> list[Moment]:
        if self.start is None:
            return []
        start = max(self.start, self.date_set or self.start)
        third, last = at(working_days().step(due, -DUE_SOON_DAYS), MORNING), at(due, MORNING)
        found = [Moment(third if third > start else last, "due_soon")]
        if due not in self.excused and due != self.moved_to:
            found.append(Moment(at(working_days().step(due, -1), MORNING), "apology_due"))
        return [moment for moment in found if moment.since > start]

    def duty(self) -> Moment | None:
        """What somebody owes; NĐ 118/2025: also that a dossier whose supplement does not come is closed."""
        if self.clock == "none":
            waits = self.intake and self.intake.standing is None
            return Moment(self.intake.due_at, "intake_overdue") if self.intake and waits else None
        if self.clock == "running" and (late := self.desks.overdue_since()):
            return Moment(late, "step_overdue")
        if self.clock != "stopped" or self.asked is None:
            return None
        return Moment(at(working_days().step(self.asked.date(), CLOSING_DAYS) + ONE_DAY), "closing_due")

    def committed(self) -> date | None:
        """The day that the province promised: counted as the limit is, and moved by payments."""
        if self.promise is None or self.counted_from is None:
            return None
        return moved(counted(self.promise, self.counted_from), self.stood).date()
