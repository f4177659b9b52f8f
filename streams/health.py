"""Whether a worker really works: Faust answers OK to every probe while it stands still for ever."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from faust.exceptions import ConsumerNotStarted

from streams.apps import crash
from streams.chunks import ChunkApp
from streams.positions import PositionReader
from streams.settings import WorkerSettings
from streams.stalls import Stalls

SAMPLE_SECONDS = 1.0
LOOK_SECONDS = 5.0
STARTING_SECONDS = 120.0
LONGEST_REBALANCE = 120.0
LONGEST_SILENCE = 20.0
LONGEST_STALL = 60.0
LONGEST_AWAY = 60.0
GAP_SECONDS = 5.0  # a process that was stopped for so long judges anew what it sees


class Health:
    """What the event loop notes every second; `healthy` and `ready` are asked by the probe's thread."""

    def __init__(self, app: ChunkApp, *, watches: bool = True) -> None:
        self._app = app
        self._watches = watches
        self._stalls = Stalls()
        self._beat = self._since = self._round = time.monotonic()
        self._seemed_busy = False
        self._remaining = 0
        self._polled: float | None = None
        self._looked: float | None = None

    def start(self, loop: asyncio.AbstractEventLoop, settings: WorkerSettings) -> None:
        """Begins to watch: on the loop every second, and in Kafka once the app has started."""

        def again() -> None:
            self.sample(time.monotonic())
            loop.call_later(SAMPLE_SECONDS, again)

        async def look() -> None:
            await self._look_on(settings)

        loop.call_soon(again)
        self._app.task(look)

    def watched(self) -> None:
        """The deadline watch has finished a round."""
        self._round = time.monotonic()

    def polled(self) -> None:
        """Positions were read from Kafka."""
        self._polled = time.monotonic()

    def sample(self, now: float) -> None:
        """Notes how the app does; what lies before a gap in the samples does not count."""
        busy, remaining = self._busy(), self._remaining_records()
        moved = busy and remaining != self._remaining
        if busy != self._seemed_busy or moved or now - self._beat > GAP_SECONDS:
            self._since = now
            self._stalls.clear()
        self._beat, self._seemed_busy, self._remaining = now, busy, remaining

    def looked(self, now: float, behind: Mapping[Any, int]) -> None:
        """Kafka has told which partitions of this worker have unread records, and where each stands."""
        self._looked = now
        self._stalls.look(now, behind)

    def healthy(self) -> str | None:
        """None, or what is wrong with this process, so that a supervisor restarts it."""
        now = time.monotonic()
        if now - self._beat > LONGEST_SILENCE:
            return "the event loop stands still"
        return self._coordinator() or (self._while_busy(now) if self._seemed_busy else self._while_calm(now))

    def _while_busy(self, now: float) -> str | None:
        return "rebalancing or recovering for too long" if now - self._since > LONGEST_REBALANCE else None

    def _while_calm(self, now: float) -> str | None:
        if self._looked is None:
            return "not started for too long" if now - self._since > STARTING_SECONDS else None
        if self._watches and now - max(self._round, self._since) > LONGEST_SILENCE:
            return "the deadline watch stands still"
        if self._stalls.longest(now) > LONGEST_STALL:
            return "a partition with unread records stands still"
        answers = now - self._looked < 3 * LOOK_SECONDS
        if answers and self._consumer.heartbeat_age > LONGEST_AWAY:
            return "the group has not heard of this worker for too long"
        return None

    def ready(self) -> str | None:
        """None once partitions are assigned, recovered and being read."""
        if self._busy() or not self._assigned():
            return "starting"
        if self._watches and self._polled is None:
            return "positions not read yet"
        return self._coordinator()

    def _busy(self) -> bool:
        return bool(self._app.rebalancing or self._app.in_recovery)

    def _remaining_records(self) -> int:
        """Records of the tables' changelogs that are still to be recovered."""
        return int(self._app.tables.recovery.active_remaining_total()) if self._app.in_recovery else 0

    @property
    def _consumer(self) -> Any:
        """None before the app has made it; `app.consumer` asked by the probe's thread would make a second one."""
        return self._app._consumer

    def _assigned(self) -> bool:
        try:
            return self._consumer is not None and bool(self._consumer.assignment())
        except ConsumerNotStarted:
            return False

    def _sources(self) -> list[TopicPartition]:
        tables = self._app.tables.changelog_topics
        return [TopicPartition(*tp) for tp in self._consumer.assignment() if tp.topic not in tables]

    async def _look_on(self, settings: WorkerSettings) -> None:
        """Until the app stops; while Kafka does not answer, nothing is known and nothing is concluded."""
        while not self._app.should_stop:
            try:
                await self._look_with(PositionReader(settings))
            except (KafkaError, TimeoutError):
                await asyncio.sleep(LOOK_SECONDS)
            except Exception as problem:  # noqa: BLE001 - the edge of the process: nobody would see a stall any more
                crash(problem)

    async def _look_with(self, reader: PositionReader) -> None:
        try:
            await reader.start()
            while not self._app.should_stop:
                if self._assigned() and not self._busy():
                    self.looked(time.monotonic(), await reader.behind(self._app.conf.id, self._sources()))
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            await reader.stop()

    def _coordinator(self) -> str | None:
        """The group's coordinator routine can die of an unexpected error code; no partition is assigned then."""
        thread = getattr(self._consumer, "_thread", None)
        coordinator = getattr(getattr(thread, "_consumer", None), "_coordinator", None)
        if coordinator is None:
            return None  # it starts
        if coordinator._pending_exception is not None:
            return f"coordinator failed: {type(coordinator._pending_exception).__name__}"
        if coordinator._coordination_task.done():
            return "coordinator stopped"
        return None
