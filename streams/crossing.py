"""Cases that stand in both lanes, and texts that come after their case has left: restricted wins, no text stays."""

from collections.abc import Iterable, Sequence

from casework.feedback import FeedbackEvent, FeedbackState
from streams import codec
from streams.keep import StateTable
from streams.records import Send
from streams.topics import Lane

MOVED = "moved"
BY = "system/crossing"


class Crossing:
    """Looks at both tables of feedback; the partitions of a case in both are always owned by the same worker.

    It is asked after a chunk's states are kept, for every `opened` that the chunk brought: whichever lane comes second
    sees the other, and a repeat after a crash asks again. What it sends has deterministic ids.
    """

    def __init__(self, public: StateTable, restricted: StateTable, public_lane: Lane, restricted_lane: Lane) -> None:
        self._tables = {public_lane.name: public, restricted_lane.name: restricted}
        self._lanes = {public_lane.name: public_lane, restricted_lane.name: restricted_lane}
        self._public, self._restricted = public_lane.name, restricted_lane.name

    def sends(self, lane: str, partition: int, opened: Iterable[tuple[str, FeedbackEvent]]) -> list[Send]:
        """What has to be sent because these cases were opened in `lane`."""
        return [send for feedback_id, event in opened for send in self._of(lane, partition, feedback_id, event)]

    def _of(self, lane: str, partition: int, feedback_id: str, event: FeedbackEvent) -> list[Send]:
        here = self._state(lane, partition, feedback_id)
        if here is not None and _gone(here):
            return self._tombstones(lane, feedback_id, [event.id])
        public = self._state(self._public, partition, feedback_id)
        restricted = self._state(self._restricted, partition, feedback_id)
        if public is None or restricted is None or _gone(public) or _gone(restricted) or _is_released(public):
            return []
        texts = [old.id for old in public.history]
        return [self._leave(public), *self._tombstones(self._public, feedback_id, texts)]

    def _state(self, lane: str, partition: int, feedback_id: str) -> FeedbackState | None:
        value = self._tables[lane].get(partition, feedback_id.encode())
        return codec.decode_feedback_state(value) if value else None

    def _leave(self, public: FeedbackState) -> Send:
        last = max(event.at for event in public.history)
        id_ = codec.stable_id(public.feedback_id, MOVED, BY)
        event = FeedbackEvent(id=id_, type=MOVED, at=last, by=BY, source=public.source)
        value = codec.encode_feedback_event(public.feedback_id, event, public.source)
        return Send(self._lanes[self._public].events, public.feedback_id.encode(), value)

    def _tombstones(self, lane: str, feedback_id: str, events: Sequence[str]) -> list[Send]:
        topic = self._lanes[lane].texts or ""
        return [Send(topic, codec.text_key(feedback_id, event), None) for event in events]


def _is_released(public: FeedbackState) -> bool:
    """Whether the inspector gave the case back: it stands in both lanes only until the web has finished that."""
    marks = [event.type for event in public.history if event.type in (MOVED, "released")]
    return marks[-1:] == ["released"]


def _gone(state: FeedbackState) -> bool:
    return state.stage == MOVED or any(event.type == "erased" for event in state.history)
