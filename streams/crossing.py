"""Cases that stand in both lanes: restricted wins. The projector takes away the texts of what has left."""

from collections.abc import Iterable

from casework.feedback import FeedbackEvent, FeedbackState
from casework.feedback_texts import erased_at, is_released
from streams import codec
from streams.keep import StateTable
from streams.records import Send
from streams.topics import Lane

MOVED = "moved"
BY = "system/crossing"


class Crossing:
    """Looks at both tables of feedback; the partitions of a case in both are always owned by the same worker.

    It is asked after a chunk's states are kept, for every case that the chunk opened in either lane: whichever lane
    comes second sees the other, and a repeat after a crash asks again. What it sends has deterministic ids.
    """

    def __init__(self, public: StateTable, restricted: StateTable, public_lane: Lane) -> None:
        self._public, self._restricted, self._lane = public, restricted, public_lane

    def sends(self, partition: int, opened: Iterable[str]) -> list[Send]:
        """What has to be sent because these cases were opened."""
        pairs = ((_state(self._public, partition, one), _state(self._restricted, partition, one)) for one in opened)
        return [self._leave(here) for here, there in pairs if here and there and _cross(here, there)]

    def _leave(self, public: FeedbackState) -> Send:
        last = max(event.at for event in public.history)
        id_ = codec.stable_id(public.feedback_id, MOVED, BY)
        event = FeedbackEvent(id=id_, type=MOVED, at=last, by=BY, source=public.source)
        value = codec.encode_feedback_event(public.feedback_id, event, public.source)
        return Send(self._lane.events, public.feedback_id.encode(), value)


def _state(table: StateTable, partition: int, feedback_id: str) -> FeedbackState | None:
    value = table.get(partition, feedback_id.encode())
    return codec.decode_feedback_state(value) if value else None


def _cross(public: FeedbackState, restricted: FeedbackState) -> bool:
    """Not where the inspector gave the case back: it stands in both lanes only until the web has finished that."""
    return not (_gone(public) or _gone(restricted) or is_released(public))


def _gone(state: FeedbackState) -> bool:
    return state.stage == MOVED or erased_at(state) is not None
