"""The deadline watch: which case is due for which alert now. Plain data; the shell sends its ticks.

A moment still to come is kept on a heap and ticks when it comes. A moment that was already past when its event arrived
waits until everything that had been sent to the intake by then has been read and the case has been quiet for a while:
a replay of old events raises nothing that is not true now.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from casework.watchpoints import RANK, Watchpoint, standing, upcoming
from streams.codec import Tick
from streams.codec.states import Watched

QUIET_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 60.0
TICKS_A_ROUND = 2_000


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
    stale: list[bytes] = field(default_factory=list)


def missing_alert(watched: Watched, now: datetime) -> Watchpoint | None:
    """The alert that should stand now and does not."""
    point = standing(watched.watch, now)
    if point is None or point.alert_id == watched.alert_id:
        return None
    same_date_higher = watched.alert is not None and RANK[watched.alert] > RANK[point.alert]
    return None if same_date_higher else point


class DeadlineWatch:
    """Heaps of moments by partition; `read` gives the state of a case as the table has it now.

    `rules` is the hash of the rules in force: cases folded under others get a tick of their own.
    """

    def __init__(self, read: Callable[[int, bytes], Watched | None], rules: str) -> None:
        self._read = read
        self._rules = rules
        self._partitions: dict[int, _Partition] = {}

    def clear(self) -> None:
        self._partitions.clear()

    def __len__(self) -> int:
        """Cases with a moment to come or a wait under way."""
        return sum(len(part.queued) + len(part.late) for part in self._partitions.values())

    def index(self, partition: int, key: bytes, watched: Watched, now: datetime, *, quiet: bool = False) -> None:
        """Notes when the case has to be looked at next; `quiet` says that no event of it has just arrived."""
        part = self._partitions.setdefault(partition, _Partition())
        if watched.rules != self._rules:
            part.stale.append(key)
        if missing_alert(watched, now) is None:
            part.late.pop(key, None)
        else:
            self._wait(part, key, now.timestamp() - (QUIET_SECONDS if quiet else 0.0))
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
        found = [due for key, late in looked if (due := self._look(partition, key, now, late=late))]
        return found + self._refolds(partition, part, now)

    @staticmethod
    def _refolds(partition: int, part: _Partition, now: datetime) -> list[Due]:
        """Cases folded under other rules, a round's worth of them."""
        keys, part.stale = part.stale[:TICKS_A_ROUND], part.stale[TICKS_A_ROUND:]
        return [Due(partition, key, Tick(None, now, late=True)) for key in keys]

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
        while part.ready and part.ready[0][0] <= now and len(keys) < TICKS_A_ROUND:
            late = part.late.get(part.ready[0][1])
            if late is not None and late.ready <= now and (read_until is None or read_until < late.to_be_read):
                break
            _, key = heapq.heappop(part.ready)
            if late is not None and late.ready <= now:
                part.late.pop(key)
                keys.add(key)
        return keys

    def _look(self, partition: int, key: bytes, now: datetime, *, late: bool) -> Due | None:
        watched = self._read(partition, key)
        if watched is None:
            return None
        self._queue(self._partitions[partition], key, watched, now)
        missing = missing_alert(watched, now)
        if missing and not late and self._still_waits(partition, key, missing):
            return None
        return Due(partition, key, Tick(missing.alert_id, missing.moment, late)) if missing else None

    def _still_waits(self, partition: int, key: bytes, point: Watchpoint) -> bool:
        """True of an alert that was past when the case's event arrived, while its wait is not over."""
        waiting = self._partitions[partition].late.get(key)
        return waiting is not None and point.moment.timestamp() <= waiting.first

    def again(self, due: Due) -> None:
        """Puts back a case whose tick could not be sent."""
        part = self._partitions.setdefault(due.partition, _Partition())
        if due.tick.alert_id is None:
            part.stale.append(due.key)
            return
        if due.tick.late:
            self._wait(part, due.key, due.tick.moment.timestamp() - LONGEST_WAIT_SECONDS)
            return
        part.queued[due.key] = due.tick.moment.timestamp()
        heapq.heappush(part.heap, (part.queued[due.key], due.key))
