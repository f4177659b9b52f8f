"""The following agents, the only writers of the tables: outcomes acknowledged, then the state, then the offset."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from aiokafka.errors import KafkaError

from casework.outcomes import Outcome
from casework.rules import Rules
from streams import codec
from streams.advance import Advanced, CaseKind, advance
from streams.backlog import Backlog
from streams.codec.sources import HEARTBEAT
from streams.codec.states import Watched
from streams.crossing import Crossing
from streams.dead_letters import DeadLetters
from streams.keep import StateTable
from streams.merge import Merged
from streams.metrics import Metrics
from streams.records import Send, send_all
from streams.topics import Lane
from streams.watch import DeadlineWatch, Due


class Follower:
    """One lane: its topics, table, watch and counters."""

    def __init__(self, lane: Lane, kind: CaseKind[Any, Any], table: StateTable, rules: Rules, dead_letters: DeadLetters,
                 metrics: Metrics) -> None:  # fmt: skip
        self.lane = lane
        self.kind = kind
        self.table = table
        self.rules = rules
        self.dead_letters = dead_letters
        self.metrics = metrics
        self.watch = DeadlineWatch(self._watched, rules.hash)
        self.backlog: Backlog = Backlog()
        self.counts: dict[int, Counter[str]] = {}
        self.crossing: Crossing | None = None
        self._merged = Merged(self._step, table.app.chunk_size)

    @property
    def public(self) -> bool:
        """Nothing of the restricted lane may be seen on a metric."""
        return self.lane.name != "restricted"

    async def step(self, records: Sequence[Any], partition: int, generation: int) -> None:
        """One chunk of events or ticks. Raises Fenced when the partition was handed on meanwhile."""
        await self._merged.do(records, partition, generation)

    async def _step(self, records: Sequence[Any], partition: int, generation: int) -> None:
        began = time.perf_counter()
        done = advance(self.kind, self.rules, lambda key: self.table.get(partition, key), records, self.lane.ticks)
        now = datetime.now(UTC)
        sends = [self._outcome(outcome) for outcome in done.outcomes]
        sends += [self.dead_letters.letter(record, error, now) for record, error in done.dead]
        await send_all(self.table.app, sends)
        await self.table.put(partition, done.states, generation)
        if self.crossing is not None and done.opened:
            await send_all(self.table.app, self.crossing.sends(self.lane.name, partition, done.opened))
        self._note(partition, done, now)
        if self.public:
            self._measure(done, len(records), now, time.perf_counter() - began)

    def _outcome(self, outcome: Outcome) -> Send:
        return Send(self.lane.outcomes, outcome.case_id.encode(), codec.encode_outcome(outcome, self.kind.name))

    def _note(self, partition: int, done: Advanced, now: datetime) -> None:
        counts = self.counts.setdefault(partition, Counter())
        for key, (before, after) in done.watched.items():
            if not after.counted:
                continue
            if before is not None:
                counts[_open_alert(before)] -= 1
            counts[_open_alert(after)] += 1
            self.watch.index(partition, key, after, now)

    def _measure(self, done: Advanced, read: int, now: datetime, seconds: float) -> None:
        agent = f"follow_{self.lane.name}"
        self.metrics.chunk.labels(agent).observe(seconds)
        self.metrics.records.labels(agent, "dead").inc(len(done.dead))
        self.metrics.records.labels(agent, "ok").inc(read - len(done.dead))
        for outcome in done.outcomes:
            if outcome.source == HEARTBEAT:
                continue
            self.metrics.outcomes.labels(self.lane.name, outcome.outcome).inc()
            if outcome.outcome == "alert_raised":
                self.metrics.alerts.labels(self.lane.name, outcome.alert).inc()
        for outcome in done.raised:
            self.metrics.alert_delay.labels(self.lane.name).observe(max(0.0, (now - outcome.at).total_seconds()))

    def forget(self) -> None:
        """Partitions were revoked: nothing may fire until the table is recovered."""
        self.watch.clear()
        self.counts.clear()
        self.backlog = Backlog()

    def rebuild(self, partitions: frozenset[int]) -> None:
        """Reads the recovered table: moments to watch, and counts of open cases."""
        self.forget()
        now = datetime.now(UTC)
        for partition in partitions:
            counts = self.counts.setdefault(partition, Counter())
            for key, value in self.table.items(partition):
                watched = codec.decode_watched(value)
                if not watched.counted:
                    continue
                counts[_open_alert(watched)] += 1
                self.watch.index(partition, key, watched, now, quiet=True)

    async def fire(self, now: datetime) -> None:
        """Sends the ticks that are due; none before what was there at assignment has been read."""
        if not self.backlog.opened:
            return
        found = [due for partition in self.counts for due in self.watch.due(partition, now, self.backlog.read_until)]
        try:
            await send_all(self.table.app, map(self._tick, found))
        except KafkaError:
            for due in found:
                self.watch.again(due)

    def _tick(self, due: Due) -> Send:
        return Send(self.lane.ticks, due.key, codec.encode_tick(due.tick), partition=due.partition)

    def _watched(self, partition: int, key: bytes) -> Watched | None:
        value = self.table.get(partition, key)
        return codec.decode_watched(value) if value else None


def _open_alert(watched: Watched) -> str:
    if watched.closed:
        return "closed"
    return watched.alert or "none"
