"""Which texts of a piece of feedback may stand in a lane. One that may not can still come there, however late: its
writer slept, or died while it was on the way."""

from datetime import datetime

from casework.feedback_state import FeedbackState

MARKS = frozenset({"moved", "released"})


def is_erased(state: FeedbackState, event_id: str, at: datetime | None) -> bool:
    """Whether an erasure took away the text of this event, of the moment `at` (null where nobody knows it).

    What was written after the erasure stands; what the citizen sent does not, whenever it comes.
    """
    erasures = [event.at for event in state.history if event.type == "erased"]
    opening = any(event.id == event_id and event.type == "opened" for event in state.history)
    return bool(erasures) and (opening or at is None or at <= max(erasures))


def left_at(state: FeedbackState) -> datetime | None:
    """When the case left the lane in which this is its state; null while it is there."""
    marks = [event for event in state.history if event.type in MARKS]
    return marks[-1].at if marks and marks[-1].type == "moved" else None


def is_released(state: FeedbackState) -> bool:
    """Whether the inspector gave the case back: it stands in both lanes until the web has finished that."""
    marks = [event.type for event in state.history if event.type in MARKS]
    return marks[-1:] == ["released"]
