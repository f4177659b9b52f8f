"""The clock of a piece of feedback (QĐ 766/QĐ-TTg, local rules for incidents): its events folded in business order."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from casework.feedback_course import WAITING, Course, late
from casework.feedback_holding import handed
from casework.feedback_limits import INFO_REQUEST, STAGES
from casework.feedback_profile import profile_of
from casework.feedback_state import FeedbackEvent

if TYPE_CHECKING:
    from casework.rules import Rules

__all__ = ["Course", "fold", "late"]


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
        holders=handed((), opened.agency, received_at),
    )
    course.meet(opened)
    for event in events:
        _take(course, event)
        if event.type == "opened" and event.source != opened.source:
            course.flags.setdefault("id_reused", event.at)
    return course


def _take(course: Course, event: FeedbackEvent) -> None:
    """What comes after an end changes nothing until the case is reopened."""
    handler = None if course.over else _OPEN.get(event.type)
    handler = handler or _ALWAYS.get(event.type)
    if handler:
        was = course.stage
        handler(course, event)
        course.note_times(was, event.at)


def _accepted(course: Course, event: FeedbackEvent) -> None:
    course.end(event, "accept")
    course.stage = "accepted"


def _assigned(course: Course, event: FeedbackEvent) -> None:
    """The first assignment accepts; one to another agency is a transfer, from which QĐ 766 counts anew."""
    course.end(event, "accept")
    course.stage = "assigned"
    if course.given_to is not None and event.agency != course.given_to:
        course.transfers += 1
        course.starts["transferred"] = event.at
    course.agency = course.assigned_to = course.given_to = event.agency
    course.meet(event)


def _returned(course: Course, event: FeedbackEvent) -> None:
    """Not ours: back to the agency that took it in, while the clock runs on."""
    if course.stage != "returned":
        course.stage, course.back_at = "returned", event.at
    course.agency, course.assigned_to = course.opened.agency, None


def _info_requested(course: Course, event: FeedbackEvent) -> None:
    """Waiting for the citizen stops no clock; asking too late is a violation (QĐ 766, 5.2)."""
    deadline = course.deadline(INFO_REQUEST)
    if deadline and late(event.at, deadline.at):
        course.violations.setdefault("late_info_request", event.at)
    if course.stage != WAITING:
        course.before, course.stage = course.stage, WAITING


def _info_received(course: Course, _event: FeedbackEvent) -> None:
    """Back to where the case stood before it waited."""
    if course.stage == WAITING:
        course.stage = course.before


def _extended(course: Course, event: FeedbackEvent) -> None:
    """Once, before the answer is late; in khiếu nại and tố cáo only by a numbered document."""
    deadline = course.deadline("answer")
    papers = event.document_number or course.profile.lane == "phan_anh_kien_nghi"
    if course.extended_to or not (deadline and event.until and papers) or event.until <= deadline.at:
        return
    if late(event.at, deadline.at):
        course.flags.setdefault("due_moved_late", event.at)
    else:
        course.extended_to = event.until


def _answered(course: Course, event: FeedbackEvent) -> None:
    """The answer ends the case but for its publication."""
    course.end(event, "accept", "answer")
    course.starts["answered"] = event.at
    course.stage = "answered"


def _published(course: Course, event: FeedbackEvent) -> None:
    """What was published was answered, even where nobody said so."""
    if not course.over or course.stage == "answered":
        course.end(event, *STAGES)
        course.stage = "published"


def _closed(course: Course, event: FeedbackEvent) -> None:
    """Rejected, merged or withdrawn: nobody owes an answer any more."""
    course.end(event, "accept", "answer")
    course.stage = event.type


def _reopened(course: Course, event: FeedbackEvent) -> None:
    if course.over:
        course.reopenings += 1
        course.reopened_at = event.at
        course.open_again()


def _lane_confirmed(course: Course, event: FeedbackEvent) -> None:
    """A đơn in law from now on: the decision is counted from its acceptance, also where the case was over."""
    if course.profile.lane == "phan_anh_kien_nghi":
        return
    if course.over:
        course.open_again()
    course.end(event, "accept")
    course.starts["lane_confirmed"] = event.accepted_at or event.at
    course.stage = "accepted"


def _released(course: Course, event: FeedbackEvent) -> None:
    """No tố cáo after all: the operators see it from now on."""
    course.back_at = event.at


def _rated(course: Course, event: FeedbackEvent) -> None:
    course.ratings[event.rating or ""] += 1


def _urged(course: Course, event: FeedbackEvent) -> None:
    course.urgings.append(event)


def _directed(course: Course, event: FeedbackEvent) -> None:
    """A leader's date is no legal limit; the last one stands."""
    if event.until:
        course.directed = event


Handler = Callable[[Course, FeedbackEvent], None]
_OPEN: Mapping[str, Handler] = {
    "accepted": _accepted,
    "assigned": _assigned,
    "returned": _returned,
    "info_requested": _info_requested,
    "info_received": _info_received,
    "extended": _extended,
    "answered": _answered,
    "rejected": _closed,
    "merged": _closed,
    "withdrawn": _closed,
    "urged": _urged,
    "directed": _directed,
}
_ALWAYS: Mapping[str, Handler] = {
    "published": _published,
    "reopened": _reopened,
    "lane_confirmed": _lane_confirmed,
    "released": _released,
    "rated": _rated,
}
