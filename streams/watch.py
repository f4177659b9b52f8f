"""The deadline watch: which case is due for which alert, duty or escalation now. Plain data; the shell sends its ticks.

A moment still to come is kept on a heap and ticks when it comes. A moment that was already past when its event arrived
waits until everything that had been sent to the intake by then has been read and the case has been quiet for a while:
a replay of old events raises nothing that is not true now.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import get_args

from casework.watchpoints import RANK, Track, Watchpoint, standing, upcoming
from streams.codec import Tick
from streams.codec.states import Watched

QUIET_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 60.0
TICKS_A_ROUND = 2_000
LATE_A_ROUND = 200  # fewer: their moment is past anyway, and events wait while they are looked at
TRACKS: tuple[Track, ...] = get_args(Track)


@dataclass(frozen=True, slots=True)
class Due:
    """A tick to be sent to the agent that owns the case."""

    partition: int
    key: bytes
    tick: Tick


@dataclass(slots=True)
class _Late:
    first: float
    last: float

    @property
    def ready(self) -> float:
        return min(self.last + QUIET_SECONDS, self.first + LONGEST_WAIT_SECONDS)

    @property
    def to_be_read(self) -> float:
        """Everything sent by then must have been folded; fixed at last, also for a case that never falls quiet."""
        return min(self.last, self.first + LONGEST_WAIT_SECONDS)


@dataclass(slots=True)
class _Partition:
    heap: list[tuple[float, bytes]] = field(default_factory=list)
    queued: dict[bytes, float] = field(default_factory=dict)
    late: dict[bytes, _Late] = field(default_factory=dict)
    ready: list[tuple[float, bytes]] = field(default_factory=list)


def missing(watched: Watched, now: datetime) -> list[Watchpoint]:
    """What should stand now and does not: at most one watchpoint on each track."""
    come = [point for point in watched.watch if point.moment <= now]
    if not come:
        return []
    highest = (standing(come, now, track) for track in TRACKS)
    return [point for point in highest if point is not None and _is_missing(watched, point)]


def _in_zone_of(watched: Watched, now: datetime) -> datetime:
    """`now` in the zone of the case's moments: Python compares moments of one zone object thirty times quicker."""
    return now.astimezone(watched.watch[0].moment.tzinfo) if watched.watch else now


def _is_missing(watched: Watched, point: Watchpoint) -> bool:
    stands, id_ = watched.stands(point.track)
    same_date_higher = stands is not None and RANK[stands] > RANK[point.alert]
    return id_ != point.alert_id and not same_date_higher


class DeadlineWatch:
    """Heaps of moments by partition; `read` gives the state of a case as the table has it now."""

    def __init__(self, read: Callable[[int, bytes], Watched | None]) -> None:
        self._read = read
        self._partitions: dict[int, _Partition] = {}

    def clear(self) -> None:
        self._partitions.clear()

    def __len__(self) -> int:
        """Cases with a moment to come or a wait under way."""
        return sum(len(part.queued) + len(part.late) for part in self._partitions.values())

    def index(self, partition: int, key: bytes, watched: Watched, now: datetime, *, quiet: bool = False) -> None:
        """Notes when the case has to be looked at next; `quiet` says that no event of it has just arrived."""
        part, now = self._partitions.setdefault(partition, _Partition()), _in_zone_of(watched, now)
        if missing(watched, now):
            self._wait(part, key, now.timestamp() - (QUIET_SECONDS if quiet else 0.0))
        else:
            part.late.pop(key, None)
        self._queue(part, key, watched, now)

    def _queue(self, part: _Partition, key: bytes, watched: Watched, now: datetime) -> None:
        """Queues the next moment of a case, once; entries overtaken by a newer moment are skipped when they come up."""
        point = upcoming(watched.watch, now)
        if point is None:
            part.queued.pop(key, None)
        elif part.queued.get(key) != (moment := point.moment.timestamp()):
            part.queued[key] = moment
            heapq.heappush(part.heap, (moment, key))

    def _wait(self, part: _Partition, key: bytes, arrived: float) -> None:
        late = part.late.get(key)
        if late is None:
            late = part.late[key] = _Late(arrived, arrived)
        late.last = max(late.last, arrived)
        heapq.heappush(part.ready, (late.ready, key))

    def due(self, partition: int, now: datetime, read_until: float | None) -> list[Due]:
        """What is due in a partition whose intake and events were read up to what had been sent by `read_until`.

        `read_until` (seconds since 1970) None lets only moments through that came while the case was watched.
        """
        part = self._partitions.get(partition)
        if part is None:
            return []
        come = self._come(part, now.timestamp())
        calm = self._calm(part, now.timestamp(), read_until) - come
        looked = [(key, late) for keys, late in ((come, False), (calm, True)) for key in keys]
        return [due for key, late in looked for due in self._look(partition, key, now, late=late)]

    def _come(self, part: _Partition, now: float) -> set[bytes]:
        keys: set[bytes] = set()
        while part.heap and part.heap[0][0] <= now and len(keys) < TICKS_A_ROUND:
            moment, key = heapq.heappop(part.heap)
            if part.queued.get(key) == moment:
                del part.queued[key]
                keys.add(key)
        return keys

    def _calm(self, part: _Partition, now: float, read_until: float | None) -> set[bytes]:
        keys: set[bytes] = set()
        while part.ready and part.ready[0][0] <= now and len(keys) < LATE_A_ROUND:
            late = part.late.get(part.ready[0][1])
            if late is not None and late.ready <= now and (read_until is None or read_until < late.to_be_read):
                break
            _, key = heapq.heappop(part.ready)
            if late is not None and late.ready <= now:
                part.late.pop(key)
                keys.add(key)
        return keys

    def _look(self, partition: int, key: bytes, now: datetime, *, late: bool) -> list[Due]:
        watched = self._read(partition, key)
        if watched is None:
            return []
        now = _in_zone_of(watched, now)
        self._queue(self._partitions[partition], key, watched, now)
        points = missing(watched, now)
        if not late:
            points = [point for point in points if not self._still_waits(partition, key, point)]
        return [Due(partition, key, Tick(point.alert_id, point.moment, late)) for point in points]

    def _still_waits(self, partition: int, key: bytes, point: Watchpoint) -> bool:
        """True of a moment that was past when the case's event arrived, while its wait is not over."""
        waiting = self._partitions[partition].late.get(key)
        return waiting is not None and point.moment.timestamp() <= waiting.first

    def again(self, due: Due) -> None:
        """Puts back a case whose tick could not be sent."""
        part = self._partitions.setdefault(due.partition, _Partition())
        if due.tick.late:
            self._wait(part, due.key, due.tick.moment.timestamp() - LONGEST_WAIT_SECONDS)
            return
        part.queued[due.key] = due.tick.moment.timestamp()
        heapq.heappush(part.heap, (part.queued[due.key], due.key))
