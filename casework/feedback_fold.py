"""The clock of a piece of feedback (QĐ 766/QĐ-TTg, local rules for incidents): its events folded in business order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from casework.calendar import VIETNAM, Calendar
from casework.counting import Deadline, Limit, due, end_of
from casework.errors import InvalidField
from casework.feedback_limits import INFO_REQUEST, STAGES, Profile
from casework.feedback_state import CLOSED_STAGES, FeedbackEvent

if TYPE_CHECKING:
    from casework.rules import Rules

_PROFILED = frozenset({"corrected", "lane_confirmed", "released"})


def late(moment: datetime, due_at: datetime) -> bool:
    """Whether `moment` lies after a due moment; the last second of a day is whole."""
    return moment.replace(microsecond=0) > due_at


def profile_of(opened: FeedbackEvent, events: Sequence[FeedbackEvent]) -> Profile:
    """What people made of the first classification: each correction replaces what it names."""
    profile = _named(Profile(), opened)
    for event in events:
        if event.type in _PROFILED:
            profile = _named(_no_longer_to_cao(profile) if event.type == "released" else profile, event)
    return profile


def _named(profile: Profile, event: FeedbackEvent) -> Profile:
    return Profile(
        lane=event.lane or profile.lane,
        kind=event.kind or profile.kind,
        urgency=event.urgency or profile.urgency,
        domain=event.domain or profile.domain,
    )


def _no_longer_to_cao(profile: Profile) -> Profile:
    return replace(profile, lane="phan_anh_kien_nghi") if profile.lane == "to_cao" else profile


@dataclass(slots=True)
class Course:
    """How a case has gone so far. `starts` and `ended` hold moments by starting event and by stage."""

    rules: "Rules"
    opened: FeedbackEvent
    profile: Profile
    received_at: datetime
    agency: str | None
    starts: dict[str, datetime]
    stage: str = "opened"
    before: str = "opened"
    assigned_to: str | None = None
    transfers: int = 0
    reopened_at: datetime | None = None
    extended_to: datetime | None = None
    ended: dict[str, datetime] = field(default_factory=dict)
    violations: dict[str, datetime] = field(default_factory=dict)
    flags: dict[str, datetime] = field(default_factory=dict)

    @property
    def calendar(self) -> Calendar:
        """The calendar of the agency that holds the case."""
        return self.rules.calendar.for_agency(self.agency)

    def start_of(self, stage: str) -> tuple[datetime, Limit] | None:
        """When the limit of a stage began to run, and the limit; null where it has none or has not begun."""
        row = self.rules.feedback_limits.find(stage, self.profile, self.received_at.astimezone(VIETNAM).date())
        start = self.starts.get(row.start) if row else None
        if row is None or row.limit is None or start is None:
            return None
        if stage == "answer" and self.reopened_at:
            start = max(start, self.reopened_at)
        return start, replace(row.limit, style=self.rules.settings.style)

    def deadline(self, stage: str) -> Deadline | None:
        """When a stage is due, an extension included."""
        begun = self.start_of(stage)
        if begun is None:
            return None
        try:
            deadline = due(*begun, self.calendar, self.rules.hours)
        except InvalidField:  # a moment outside all calendars starts no clock
            return None
        return self._extended(deadline) if stage == "answer" else deadline

    def _extended(self, deadline: Deadline) -> Deadline:
        if self.extended_to is None:
            return deadline
        until = self.extended_to if deadline.by_moment else end_of(self.extended_to.astimezone(VIETNAM).date())
        return Deadline(max(until, deadline.at), deadline.by_moment)

    def take(self, event: FeedbackEvent) -> None:
        """Fold one event; what comes after an end changes nothing until the case is reopened."""
        handler = _OPEN.get(event.type) if self.stage not in CLOSED_STAGES else None
        handler = handler or _ALWAYS.get(event.type)
        if handler:
            handler(self, event)

    def accepted(self, event: FeedbackEvent) -> None:
        """Taken in: the stage of acceptance ends."""
        self._end(event, "accept")
        self.stage = "accepted"

    def assigned(self, event: FeedbackEvent) -> None:
        """The first assignment accepts; one to another agency is a transfer, from which QĐ 766 counts anew."""
        self._end(event, "accept")
        self.stage = "assigned"
        if self.assigned_to is not None and event.agency != self.assigned_to:
            self.transfers += 1
            self.starts["transferred"] = event.at
        self.agency = self.assigned_to = event.agency
        self.meet(event)

    def returned(self, _event: FeedbackEvent) -> None:
        """Not ours: back to the agency that took it in, while the clock runs on."""
        self.stage = "returned"
        self.agency = self.opened.agency

    def info_requested(self, event: FeedbackEvent) -> None:
        """Waiting for the citizen stops no clock; asking too late is a violation (QĐ 766, 5.2)."""
        deadline = self.deadline(INFO_REQUEST)
        if deadline and late(event.at, deadline.at):
            self.violations.setdefault("late_info_request", event.at)
        if self.stage != "info_requested":
            self.before, self.stage = self.stage, "info_requested"

    def info_received(self, _event: FeedbackEvent) -> None:
        """Back to where the case stood before it waited."""
        if self.stage == "info_requested":
            self.stage = self.before

    def extended(self, event: FeedbackEvent) -> None:
        """Once, before the answer is late; in khiếu nại and tố cáo only by a numbered document."""
        deadline = self.deadline("answer")
        papers = event.document_number or self.profile.lane == "phan_anh_kien_nghi"
        if self.extended_to or not (deadline and event.until and papers) or event.until <= deadline.at:
            return
        if late(event.at, deadline.at):
            self.flags.setdefault("due_moved_late", event.at)
        else:
            self.extended_to = event.until

    def answered(self, event: FeedbackEvent) -> None:
        """The answer ends the case but for its publication."""
        self._end(event, "accept", "answer")
        self.starts["answered"] = event.at
        self.stage = "answered"

    def published(self, event: FeedbackEvent) -> None:
        """What was published was answered, even where nobody said so."""
        if self.stage in CLOSED_STAGES - {"answered"}:
            return
        self._end(event, *STAGES)
        self.stage = "published"

    def closed(self, event: FeedbackEvent) -> None:
        """Rejected, merged or withdrawn: nobody owes an answer any more."""
        self._end(event, "accept", "answer")
        self.stage = event.type

    def reopened(self, event: FeedbackEvent) -> None:
        """The answer counts anew, and may be extended anew."""
        if self.stage not in CLOSED_STAGES:
            return
        for ended in ("answer", "publish"):
            self.ended.pop(ended, None)
        self.starts.pop("answered", None)
        self.extended_to, self.reopened_at = None, event.at
        self.stage = "assigned" if self.assigned_to else "accepted"

    def lane_confirmed(self, event: FeedbackEvent) -> None:
        """A đơn in law from now on: the decision is counted from its acceptance."""
        if self.profile.lane == "phan_anh_kien_nghi":
            return
        if self.stage in CLOSED_STAGES:
            self.reopened(event)
        self._end(event, "accept")
        self.starts["lane_confirmed"] = event.accepted_at or event.at
        self.stage = "accepted"

    def meet(self, event: FeedbackEvent) -> None:
        """Flag an agency that the directory does not list."""
        if event.agency is not None and self.rules.agencies.get(event.agency) is None:
            self.flags.setdefault("unknown_agency", event.at)

    def _end(self, event: FeedbackEvent, *stages: str) -> None:
        if "answer" in stages and late(self.received_at, event.at):
            self.flags.setdefault("receipt_after_end", event.at)
        for stage in stages:
            self.ended.setdefault(stage, event.at)


Handler = Callable[[Course, FeedbackEvent], None]
_OPEN: Mapping[str, Handler] = {
    "accepted": Course.accepted,
    "assigned": Course.assigned,
    "returned": Course.returned,
    "info_requested": Course.info_requested,
    "info_received": Course.info_received,
    "extended": Course.extended,
    "answered": Course.answered,
    "rejected": Course.closed,
    "merged": Course.closed,
    "withdrawn": Course.closed,
}
_ALWAYS: Mapping[str, Handler] = {
    "published": Course.published,
    "reopened": Course.reopened,
    "lane_confirmed": Course.lane_confirmed,
}


def fold(events: Sequence[FeedbackEvent], rules: "Rules") -> Course | None:
    """The course of events given in order of (`at`, id); null while the case has not been opened."""
    opened = next((event for event in events if event.type == "opened"), None)
    if opened is None:
        return None
    received_at = opened.received_at or opened.at
    course = Course(
        rules=rules,
        opened=opened,
        profile=profile_of(opened, events),
        received_at=received_at,
        agency=opened.agency,
        starts={"received": received_at, "transferred": received_at},
    )
    course.meet(opened)
    for event in events:
        course.take(event)
    return course
