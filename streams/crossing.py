"""Cases of which both lanes know: restricted wins, what one has erased is erased in both, what people decided follows.

The projector takes away the texts of what has left or was erased.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from casework.feedback import FeedbackEvent, FeedbackState
from casework.feedback_texts import erased_at, erasure, is_released
from streams import codec
from streams.advance import Left
from streams.keep import StateTable
from streams.records import Send
from streams.topics import Lane, Topics

MOVED = "moved"
BY = "system/crossing"
RETURNS = 3  # of one event to its own lane: more than moves ever follow each other within a worker's lag


class Crossing:
    """Looks at both tables of feedback; the partitions of a case in both are always owned by the same worker.

    It is asked after a chunk's states are kept, for every case that the chunk opened or erased in either lane:
    whichever lane comes second sees the other, and a repeat after a crash asks again. Ids are deterministic.
    """

    def __init__(self, public: StateTable, restricted: StateTable, topics: Topics) -> None:
        self._public, self._restricted, self._topics = public, restricted, topics
        self._returned: Counter[str] = Counter()  # by event: bounds what goes round for a case that stands nowhere

    def sends(self, partition: int, cases: Iterable[str], now: datetime) -> list[Send]:
        """What has to be sent because these cases were opened or erased."""
        pairs = ((_state(self._public, partition, one), _state(self._restricted, partition, one)) for one in cases)
        return [send for public, restricted in pairs if public and restricted
                for send in self._between(public, restricted, now)]  # fmt: skip

    def passed_on(self, lane: Lane, partition: int, left: Mapping[str, Left]) -> list[Send]:
        """What people decide in a lane on a case that leaves it goes after the case: a move takes along what it knew.

        Where the case has left the other lane as well, it is on its way back: the event is sent to its own lane again,
        and so lies behind what brings the case.
        """
        ours = lane.name == self._topics.feedback.name
        table, there = (self._restricted, self._topics.restricted) if ours else (self._public, self._topics.feedback)
        comes_by = "brought" if ours else "released"
        sends: list[Send] = []
        for case, gone in left.items():
            state = _state(table, partition, case)
            if state and state.stage == MOVED and not _is_awaited(gone.state, state, comes_by):
                sends += [_send(lane, case, event) for event in self._returning(gone.events)]
            else:
                sends += [_send(there, case, event) for event in _missing(gone.events, state)]
        return sends

    def _returning(self, events: list[FeedbackEvent]) -> list[FeedbackEvent]:
        self._returned.update(event.id for event in events)
        return [event for event in events if self._returned[event.id] <= RETURNS]

    def _between(self, public: FeedbackState, restricted: FeedbackState, now: datetime) -> Iterator[Send]:
        ordinary, hidden = self._topics.feedback, self._topics.restricted
        if _cross(public, restricted):
            yield _send(ordinary, public.feedback_id, _leaving(public, now))
        for here, there, lane in ((public, restricted, hidden), (restricted, public, ordinary)):
            if erased := _not_known(here, there):
                yield _send(lane, there.feedback_id, erased)


def _leaving(public: FeedbackState, now: datetime) -> FeedbackEvent:
    """Dated by the last event that has happened: equal on a repeat, and never later than a release that follows."""
    at = max((event.at for event in public.history if event.at <= now), default=now)
    id_ = codec.stable_id(public.feedback_id, MOVED, BY)
    return FeedbackEvent(id=id_, type=MOVED, at=at, by=BY, source=public.source)


def _send(lane: Lane, feedback_id: str, event: FeedbackEvent) -> Send:
    return Send(lane.events, feedback_id.encode(), codec.encode_feedback_event(feedback_id, event, event.source))


def _missing(events: list[FeedbackEvent], there: FeedbackState | None) -> list[FeedbackEvent]:
    """Those that the other lane does not know: all, where the move has still to open the case there."""
    known = {event.id for event in there.history} if there else frozenset()
    return [event for event in events if event.id not in known]


def _is_awaited(here: FeedbackState, there: FeedbackState, comes_by: str) -> bool:
    """Whether the other lane has still to read by what the case comes: that lies before whatever is sent now."""
    read = {event.at for event in there.history if event.type == comes_by}
    goes_by = "released" if comes_by == "released" else MOVED
    return any(event.type == goes_by and event.at not in read for event in here.history)


def _not_known(here: FeedbackState, there: FeedbackState) -> FeedbackEvent | None:
    """The erasure of which the other lane has not heard: a move brought the case there after it, or before it came."""
    erased, known = erasure(here), erased_at(there)
    return erased if erased and (known is None or known < erased.at) else None


def _state(table: StateTable, partition: int, feedback_id: str) -> FeedbackState | None:
    value = table.get(partition, feedback_id.encode())
    return codec.decode_feedback_state(value) if value else None


def _cross(public: FeedbackState, restricted: FeedbackState) -> bool:
    """Not where the inspector gave the case back: it stands in both lanes only until the web has finished that."""
    return not (_gone(public) or _gone(restricted) or is_released(public))


def _gone(state: FeedbackState) -> bool:
    return state.stage == MOVED or erased_at(state) is not None
