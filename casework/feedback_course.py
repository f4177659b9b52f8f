"""How far a piece of feedback has come: what has happened to it, and when its stages are due by that."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from casework.calendar import VIETNAM, Calendar
from casework.counting import Deadline, Limit, OfficeHours, due, end_of
from casework.errors import InvalidField
from casework.feedback_holding import Holders, handed, let_go
from casework.feedback_limits import FeedbackLimit, Profile
from casework.feedback_state import CLOSED_STAGES, FeedbackEvent

if TYPE_CHECKING:
    from casework.rules import Rules

WAITING = "info_requested"


def late(moment: datetime, due_at: datetime) -> bool:
    """Whether `moment` lies after a due moment; the last second of a day is whole."""
    return moment.replace(microsecond=0) > due_at


@dataclass(slots=True)
class Course:
    """How a case has gone so far. `starts` and `ended` hold moments by starting event and by stage.

    `assigned_to` has the case by an assignment and `given_to` is whoever had it last by one, even if it sent it back.
    `waits` are the times in which an answer of the citizen was waited for, `urgings` the events of urging; `directed`
    is the last directive of a leader, `back_at` when the case last came back to where somebody has to accept it.
    """

    rules: "Rules"
    opened: FeedbackEvent
    profile: Profile
    received_at: datetime
    agency: str | None
    starts: dict[str, datetime]
    holders: Holders
    stage: str = "opened"
    before: str = "opened"
    assigned_to: str | None = None
    given_to: str | None = None
    transfers: int = 0
    reopened_at: datetime | None = None
    extended_to: datetime | None = None
    back_at: datetime | None = None
    reopenings: int = 0
    directed: FeedbackEvent | None = None
    urgings: list[FeedbackEvent] = field(default_factory=list)
    ratings: Counter[str] = field(default_factory=Counter)
    waits: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    ended: dict[str, datetime] = field(default_factory=dict)
    violations: dict[str, datetime] = field(default_factory=dict)
    flags: dict[str, datetime] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        """Whether nobody owes an answer any more."""
        return self.stage in CLOSED_STAGES

    @property
    def calendar(self) -> Calendar:
        """The calendar of the agency that holds the case."""
        return self.rules.calendar.for_agency(self.agency)

    @property
    def hours(self) -> OfficeHours:
        """The office hours of the agency that holds the case."""
        return self.rules.hours_for(self.agency)

    def row_of(self, stage: str) -> FeedbackLimit | None:
        """The limit of a stage by the law of the day of receipt; null where it has none."""
        return self.rules.feedback_limits.find(stage, self.profile, self.received_at.astimezone(VIETNAM).date())

    def start_of(self, stage: str) -> tuple[datetime, Limit] | None:
        """When the limit of a stage began to run, and the limit; null where it has none or has not begun."""
        row = self.row_of(stage)
        start = self.starts.get(row.start) if row else None
        if row is None or row.limit is None or start is None:
            return None
        if stage == "answer" and self.reopened_at:
            start = max(start, self.reopened_at)
        return start, replace(row.limit, style=self.rules.settings.style)

    def due(self, start: datetime, limit: Limit) -> Deadline | None:
        """The end of a limit by calendar and hours of the holder; null where it lies outside all calendars."""
        try:
            return due(start, limit, self.calendar, self.hours)
        except InvalidField:
            return None

    def deadline(self, stage: str) -> Deadline | None:
        """When a stage is due, an extension included."""
        begun = self.start_of(stage)
        deadline = self.due(*begun) if begun else None
        return self._extended(deadline) if deadline and stage == "answer" else deadline

    def _extended(self, deadline: Deadline) -> Deadline:
        if self.extended_to is None:
            return deadline
        until = self.extended_to if deadline.by_moment else end_of(self.extended_to.astimezone(VIETNAM).date())
        return Deadline(max(until, deadline.at), deadline.by_moment)

    def end(self, event: FeedbackEvent, *stages: str) -> None:
        """Stages end with the first event that ends them."""
        if "answer" in stages and late(self.received_at, event.at):
            self.flags.setdefault("receipt_after_end", event.at)
        if "accept" in stages:
            self.starts.setdefault("accepted", event.at)
        for stage in stages:
            self.ended.setdefault(stage, event.at)

    def open_again(self) -> None:
        """Somebody owes an answer again, which may be extended anew."""
        for ended in ("answer", "publish"):
            self.ended.pop(ended, None)
        self.starts.pop("answered", None)
        self.extended_to = self.directed = None
        self.stage = "assigned" if self.assigned_to else "accepted"

    def meet(self, event: FeedbackEvent) -> None:
        """Flag an agency that the directory does not list."""
        if event.agency is not None and self.rules.agencies.get(event.agency) is None:
            self.flags.setdefault("unknown_agency", event.at)

    def note_times(self, was: str, at: datetime) -> None:
        """Who holds the case from `at` on, and whether the citizen is waited for; `was` is the stage before."""
        self.holders = let_go(self.holders, at) if self.over else handed(self.holders, self.agency, at)
        if was == WAITING != self.stage:
            self.waits[-1] = (self.waits[-1][0], at)
        elif was != WAITING == self.stage:
            self.waits.append((at, None))
