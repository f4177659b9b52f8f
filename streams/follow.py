"""The following agents, the only writers of the tables: state acknowledged, then its outcomes, then the offset."""

import asyncio
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from aiokafka.errors import KafkaError, KafkaTimeoutError

from casework.outcomes import Outcome
from casework.rules import Rules
from streams import codec
from streams.advance import Advanced, CaseKind, advance, fold_again
from streams.backlog import Backlog
from streams.beats import PREFIX, is_beat, past
from streams.codec.states import Watched
from streams.crossing import Crossing
from streams.dead_letters import DeadLetters
from streams.keep import Fenced, StateTable, is_over
from streams.measuring import Measuring
from streams.merge import Merged
from streams.records import Send, send_all
from streams.topics import Lane
from streams.tour import BATCH, SECTION, Tour
from streams.watch import DeadlineWatch, Due

log = logging.getLogger("langnghe")
# cases folded in one go: an event passes the event loop a dozen times, and each time what else is ready goes first
SLICE = 10
BEATS = 100  # cases of the heartbeat looked at in one go: there are 24 a day in all partitions together


class Follower:
    """One lane: its topics, table, watch and counters."""

    def __init__(self, lane: Lane, kind: CaseKind[Any, Any], table: StateTable, rules: Rules, dead_letters: DeadLetters,
                 measuring: Measuring) -> None:  # fmt: skip
        self.lane = lane
        self.kind = kind
        self.table = table
        self.rules = rules
        self.dead_letters = dead_letters
        self.measuring = measuring
        self.watch = DeadlineWatch(self._watched)
        self.backlog: Backlog = Backlog()
        self.tour: Tour = Tour()
        self.counts: dict[int, Counter[str]] = {}
        self.crossing: Crossing | None = None
        self._epoch = -1
        self._to_mend: set[int] = set()
        self._merged = Merged(self._step, table.app.chunk_size)

    @property
    def public(self) -> bool:
        """Nothing of the restricted lane may be seen on a metric or in a log."""
        return self.lane.name != "restricted"

    async def step(self, records: Sequence[Any], partition: int, epoch: int) -> None:
        """One chunk of events or ticks. Raises Fenced when the partition was handed on meanwhile."""
        await self._merged.do(records, partition, epoch)

    async def _step(self, records: Sequence[Any], partition: int, epoch: int) -> None:
        if is_over(self.table.app, epoch):
            raise Fenced  # it waited for its turn: the store may not be recovered yet
        began = time.perf_counter()
        done = advance(self.kind, self.rules, lambda key: self.table.get(partition, key), records, self.lane.ticks)
        if any(is_beat(record.key) for record in records):
            done.dropped += past(self.table.rows_after(partition, PREFIX, BEATS), datetime.now(UTC))
        await self._keep(done, partition, epoch)
        if self.crossing is not None and done.to_cross:
            await send_all(self.table.app, self.crossing.sends(partition, done.to_cross, datetime.now(UTC)))
        if self.public:
            self.measuring.followed(self.lane.name, done, records, time.perf_counter() - began)

    async def _keep(self, done: Advanced, partition: int, epoch: int) -> None:
        """Keeps, then tells: what a crash lets be told must stand. New events and dead letters go first, for who reads
        the chunk again finds its states kept and would not send them.
        """
        now = datetime.now(UTC)
        sends = [Send(self.lane.events, case.encode(), codec.encode_feedback_event(case, event, source))
                 for case, event, source in done.events]  # fmt: skip
        if self.crossing is not None and done.left:
            sends += self.crossing.passed_on(self.lane, partition, done.left)
        sends += [self.dead_letters.letter(record, error, now) for record, error in done.dead]
        await send_all(self.table.app, sends)
        told = {key.encode(): codec.encode_told(outcomes, self.kind.name) for key, outcomes in _by_case(done).items()}
        await self.table.put(partition, dict.fromkeys(done.dropped) | done.states, told, epoch)
        self._note(partition, done, now)  # no await may come between: the tour reads the table
        await self.table.tell(partition, epoch)
        if self.public:
            self.measuring.told(self.lane.name, done, now)

    def _note(self, partition: int, done: Advanced, now: datetime) -> None:
        counts = self.counts.setdefault(partition, Counter())
        for key, (before, after) in done.watched.items():
            if not after.counted or self.tour.comes_to(partition, key):
                continue
            if before is not None:
                counts[_open_alert(before)] -= 1
            counts[_open_alert(after)] += 1
            self.watch.index(partition, key, after, now)

    def forget(self) -> None:
        """Partitions were revoked: nothing may fire or be folded again until the table is recovered."""
        self.watch.clear()
        self.counts.clear()
        self.backlog = Backlog()
        self.tour = Tour()
        self._to_mend.clear()

    def recovered(self, partitions: frozenset[int], epoch: int) -> None:
        """The table of these partitions is as the changelog has it: they are to be looked through."""
        self.forget()
        self.tour, self._epoch = Tour(partitions), epoch
        self.counts = {partition: Counter() for partition in partitions}
        self._to_mend = set(partitions)

    async def mend(self) -> bool:
        """Tells and writes, in one partition's turn, what the owner before left undone; False where none is left.

        Raises Fenced when the partition was handed on meanwhile.
        """
        if not self._to_mend:
            return False
        partition = self._to_mend.pop()
        await self._in_turn(partition, lambda: self.table.mend(partition, self._epoch))
        return True

    async def _in_turn(self, partition: int, work: Callable[[], Awaitable[None]]) -> None:
        """Work between the chunks of a partition; Fenced where a recovery came before its turn."""
        tour = self.tour

        async def checked() -> None:
            if self.tour is not tour:
                raise Fenced  # the partition's store may be closed by now
            await work()

        await self._merged.alone(partition, checked)

    def look(self) -> bool:
        """Looks through a section of the table: moments to watch, counts of open cases, cases of other rules.

        The moments are those of the rules in force, long before the last case is folded again and written. False where
        all has been looked through.
        """
        place = self.tour.next_section()
        if place is None:
            return False
        partition, now = place[0], datetime.now(UTC)
        rows = [(key, value, codec.decode_watched(value)) for key, value in self.table.rows_after(*place, SECTION)]
        for key, value, watched in rows:
            if watched.counted:
                self.counts[partition][_open_alert(watched)] += 1
                quiet = self.tour.is_quiet(partition, key)
                self.watch.index(partition, key, self._under_rules(key, value, watched), now, quiet=quiet)
        stale = [watched.closed for _, _, watched in rows if self._is_stale(watched)]
        self.tour.looked(partition, [key for key, _, _ in rows], stale=stale.count(False), closed=stale.count(True))
        return True

    def _is_stale(self, watched: Watched) -> bool:
        return watched.counted and watched.rules != self.rules.hash

    async def fold_again(self) -> bool:
        """Folds a batch of cases of other rules again, in its turn between the chunks of its partition.

        False where there is none to take now. Raises Fenced when the partition was handed on meanwhile.
        """
        tour = self.tour
        reading = tour.next_reading(datetime.now(UTC))
        if reading is None:
            return False

        async def fold() -> None:
            epoch = self._epoch
            rows = self.table.rows_after(reading.partition, reading.behind, BATCH)
            stale = [row for row in rows if self._is_to_fold(codec.decode_watched(row[1]), closed=reading.closed)]
            done = Advanced()
            for start in range(0, len(stale), SLICE):
                fold_again(self.kind, self.rules, stale[start : start + SLICE], done)
                await asyncio.sleep(0)
            await self._keep(done, reading.partition, epoch)
            tour.read(reading, [key for key, _ in rows], len(stale))

        await self._in_turn(reading.partition, fold)
        self._tell_end(tour)
        return True

    def _is_to_fold(self, watched: Watched, *, closed: bool) -> bool:
        return self._is_stale(watched) and watched.closed == closed

    def _tell_end(self, tour: Tour) -> None:
        if tour.began is None or not tour.has_ended() or not self.public:
            return
        seconds = (datetime.now(UTC) - tour.began).total_seconds()
        log.info("%d cases of %s folded again in %.1f s under rules %s",
                 tour.folded, self.lane.name, seconds, self.rules.hash)  # fmt: skip

    async def fire(self, now: datetime) -> None:
        """Sends the ticks that are due; none before what was there at assignment has been read.

        After a change of rules many moments are past already: they wait until those to come are known. What the broker
        does not take now is sent again; raises KafkaError where it never will.
        """
        if not self.backlog.opened:
            return
        read_until = None if self.tour.moving else self.backlog.read_until
        found = [due for partition in self.counts for due in self.watch.due(partition, now, read_until)]
        try:
            await send_all(self.table.app, map(self._tick, found))
        except KafkaError as problem:
            for due in found:
                self.watch.again(due)
            if not (problem.retriable or isinstance(problem, KafkaTimeoutError)):
                raise

    def _tick(self, due: Due) -> Send:
        return Send(self.lane.ticks, due.key, codec.encode_tick(due.tick), partition=due.partition)

    def _watched(self, partition: int, key: bytes) -> Watched | None:
        value = self.table.get(partition, key)
        return self._under_rules(key, value, codec.decode_watched(value)) if value else None

    def _under_rules(self, key: bytes, value: bytes, watched: Watched) -> Watched:
        """What the watch is to know of a case: as the rules in force have it. A closed one is watched under none."""
        if watched.closed or not self._is_stale(watched):
            return watched
        return self.kind.rewatched(key, value, watched, self.rules)


def _by_case(done: Advanced) -> dict[str, list[Outcome]]:
    """Each of these cases has a new state: what it has told is counted there."""
    found = defaultdict(list)
    for outcome in done.outcomes:
        found[outcome.case_id].append(outcome)
    return found


def _open_alert(watched: Watched) -> str:
    if watched.closed:
        return "closed"
    return watched.alert or "none"
