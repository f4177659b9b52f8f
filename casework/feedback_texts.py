"""What the history of a case says of its texts and of its lane: erased, left, given back.

A text that may not stand in a lane can still come there, however late: its writer slept, or died meanwhile.
"""

from collections.abc import Iterable
from datetime import datetime

from casework.feedback_state import FeedbackEvent, FeedbackState

_MARKS = frozenset({"moved", "brought", "released"})
_OF_A_LANE = frozenset({"opened", "escalated"})  # each lane has its own


def marks(history: Iterable[FeedbackEvent]) -> tuple[FeedbackEvent, ...]:
    """The events by which a case goes from lane to lane, in the order of the history."""
    return tuple(event for event in history if event.type in _MARKS)


def remains(history: Iterable[FeedbackEvent]) -> tuple[FeedbackEvent, ...]:
    """What a case leaves behind in a lane: how it went, and that it was erased, which the other lane may not know."""
    return tuple(event for event in history if event.type in _MARKS or event.type == "erased")


def decided(state: FeedbackState, events: Iterable[FeedbackEvent]) -> list[FeedbackEvent]:
    """What of these events people decided, and the state does not keep: its case has left the lane."""
    if state.stage != "moved":
        return []
    kept = {event.id for event in state.history}
    return [event for event in events if event.id not in kept and event.type not in _OF_A_LANE]


def erasure(state: FeedbackState) -> FeedbackEvent | None:
    """The last event that erased the case; null where none did."""
    return next((event for event in reversed(state.history) if event.type == "erased"), None)


def erased_at(state: FeedbackState) -> datetime | None:
    """When the case was last erased; null where it never was."""
    last = erasure(state)
    return last.at if last else None


def is_erased(state: FeedbackState, event_id: str, at: datetime | None) -> bool:
    """Whether an erasure took away the text of this event, of the moment `at` (null where nobody knows it).

    What was written after the erasure stands; what the citizen sent does not, whenever it comes.
    """
    erased = erased_at(state)
    opening = any(event.id == event_id and event.type == "opened" for event in state.history)
    return erased is not None and (opening or at is None or at <= erased)


def left_at(state: FeedbackState) -> datetime | None:
    """When the case left the lane in which this is its state; null while it is there."""
    last = marks(state.history)[-1:]
    return last[0].at if last and last[0].type == "moved" else None


def is_released(state: FeedbackState) -> bool:
    """Whether the inspector gave the case back: it stands in both lanes until the web has finished that."""
    return [event.type for event in marks(state.history)[-1:]] == ["released"]
