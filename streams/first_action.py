"""How long a citizen waited until somebody did anything about what they sent."""

from casework.feedback import FeedbackState
from streams.codec.sources import HEARTBEAT

FIRST_ACTIONS = frozenset({"accepted", "assigned", "rejected"})


def first_action(before: FeedbackState | None, after: FeedbackState) -> tuple[str, float] | None:
    """Urgency and seconds waited where the first action came between two states; None where it did not.

    A moment before the receipt counts as no wait. The heartbeat's cases are in no figure.
    """
    acted = _acted_at(after)
    if acted is None or after.received_at is None or after.source == HEARTBEAT:
        return None
    if before is not None and _acted_at(before) is not None:
        return None
    return after.urgency or "normal", max(0.0, acted - after.received_at.timestamp())


def _acted_at(state: FeedbackState) -> float | None:
    return next((event.at.timestamp() for event in state.history if event.type in FIRST_ACTIONS), None)
