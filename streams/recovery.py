"""Cure for messages that stock Faust loses or freezes after a table is recovered (faust-streaming #596, #606).

Stock recovery resumes the source partitions first and seeks and clears the queues afterwards, so records that arrived
in between are dropped while their offsets count as read. Here the sources stay paused until that is done.

Where a changelog lacks states of events that were read (it was emptied, or Kafka lost the end of it), the events are
read again from the first; a store that goes further than its changelog is made anew.
"""

import asyncio
import logging
from collections.abc import Collection, Mapping
from typing import Any

from faust.tables.manager import TableManager
from faust.tables.recovery import RebalanceAgain, Recovery, ServiceStopped
from faust.types import TP
from mode.utils.queues import ThrowableQueue

log = logging.getLogger("langnghe")


class SafeRecovery(Recovery):
    """Recovery that opens the source partitions last, in one go, and only in the epoch in which it began."""

    async def on_rebalance(self, *arguments: Any, **named: Any) -> None:
        epoch = self.app.consumer.epoch
        await super().on_rebalance(*arguments, **named)
        self._generation_id = epoch  # what Faust tells the end of this recovery as its generation

    async def _wait(self, *arguments: Any, **named: Any) -> None:
        try:
            await super()._wait(*arguments, **named)
        except ServiceStopped:
            if self.should_stop:
                raise
            # Faust takes a broker that did not answer in time for the end of the worker, and would recover nothing more
            log.warning("the broker does not answer: tables are recovered once more")
            self.signal_recovery_start.set()
            raise RebalanceAgain from None

    async def _build_offsets(self, consumer: Any, tps: set[TP], destination: Any, title: str) -> None:
        ends = self.active_highwaters
        cut = {tp for tp in tps if destination[tp] is not None and destination[tp] > ends.get(tp, destination[tp])}
        await self._forget_commits({tp for tp in consumer.assignment() if self.app.changelog_of(tp) in cut})
        for tp in cut:
            self.tp_to_table[tp].empty(tp.partition)
            destination[tp] = None
        await super()._build_offsets(consumer, tps, destination, title)

    async def _seek_offsets(self, consumer: Any, *arguments: Any) -> None:
        async with consumer.asking:  # a fetch that runs on over the seek would take what was sought
            await super()._seek_offsets(consumer, *arguments)

    async def _resume_streams(self, generation_id: int = 0) -> None:
        await self.app.on_rebalance_complete.send()
        await self._open_sources(generation_id)

    async def on_recovery_completed(self, generation_id: int = 0) -> None:
        if self.should_stop or self.need_recovery() or self.app.consumer.epoch != generation_id:
            return  # Faust comes here also where a stop or a rebalance broke the reading off: the store lacks the rest
        await self.app.on_rebalance_complete.send()
        self._set_recovery_ended()
        self._note_ends()
        # gathered, so that an error in a table's callback surfaces here and not in a task that nobody awaits
        await asyncio.gather(
            *(
                table.on_recovery_completed(self.actives_for_table[table], self.standbys_for_table[table])
                for table in self.tables.values()
            )
        )
        await self._open_sources(generation_id)

    def _note_ends(self) -> None:
        """The next record of a table must follow on the end of its changelog, even of one that holds nothing now."""
        for tp, last in self.active_highwaters.items():
            self.tp_to_table[tp].data.set_persisted_offset(tp, last)
            self.app.kept[tp] = last

    def left_to_read(self, topics: Collection[str]) -> int:
        """Records of these changelogs that are still to be read; copied first, for the probe's thread asks."""
        ends, read = dict(self.active_highwaters), dict(self.active_offsets)
        return sum(max((end or 0) - (read.get(tp) or 0), 0) for tp, end in ends.items() if tp.topic in topics)

    async def _open_sources(self, epoch: int) -> None:
        consumer = self.app.consumer
        assignment = set(consumer.assignment())
        sources = {tp for tp in assignment if not self._is_changelog_tp(tp)}
        consumer.pause_partitions(sources)
        self.app.flow_control.resume()
        # what was asked for before may come after the seek: it would be thrown away, and yet count as read
        async with consumer.asking:
            if assignment:
                await self._seek(sources)
            if consumer.epoch != epoch:
                return  # a new rebalance starts its own recovery
            # no await from here to the resume: a record let in between would be cleared away
            self.app.flow_control.clear()
            consumer.resume_partitions(sources)
            self.app.on_rebalance_end()
            consumer.resume_flow()
        self.completed.set()
        self.tables.on_actives_ready()
        self.tables.on_standbys_ready()
        await self.app._fetcher.maybe_start()

    async def _seek(self, sources: set[Any]) -> None:
        """Every source to its committed offset; where none is committed, explicitly to the first record."""
        consumer = self.app.consumer
        timeout = self.app.conf.broker_request_timeout
        await self._wait(consumer.perform_seek(), timeout=timeout)
        committed = {tp for tp in sources if consumer._committed_offset[tp] and self.app.changelog_of(tp)}
        await self._wait(self._forget_lost(consumer, committed), timeout=timeout)
        fresh = {tp for tp in sources if not consumer._committed_offset[tp]}
        if not fresh:
            return
        for tp, offset in (await consumer.earliest_offsets(*fresh)).items():
            if offset is not None:
                await consumer._seek(tp, offset)
                consumer._read_offset[tp] = None

    async def _forget_lost(self, consumer: Any, committed: set[TP]) -> None:
        """Forgets the commits of events whose changelog is shorter than it was by then, or holds nothing."""
        kept = await consumer.kept_beside_commits(committed)
        ends = {tp: self.active_highwaters.get(self.app.changelog_of(tp), 0) for tp in committed}
        await self._forget_commits({tp for tp in committed if ends[tp] < max(kept.get(tp, 0), 0)})

    async def _forget_commits(self, lost: set[TP]) -> None:
        """On the broker first: a crash half-way through must not leave the rest of the events unread."""
        if not lost:
            return
        consumer = self.app.consumer
        log.warning(
            "states are gone, events are folded again: %s", ", ".join(f"{tp.topic}/{tp.partition}" for tp in lost)
        )
        first: Mapping[TP, int] = await consumer.earliest_offsets(*lost)
        if not await consumer._commit(dict(first)):
            self.signal_recovery_start.set()
            raise RebalanceAgain  # it is refused during a rebalance
        for tp in lost:
            consumer._committed_offset[tp] = None


class ChangelogQueue(ThrowableQueue[Any]):
    """Chunks of changelogs on their way to the stores: none of an epoch that is over.

    One that comes after the queue was cleared would leave a hole behind it that counts as read.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        super().__init__(app.conf.stream_buffer_maxsize, flow_control=app.flow_control, clear_on_resume=True)

    def _put(self, item: Any) -> None:
        if item.message.epoch == self._app.consumer.epoch:
            super()._put(item)


class SafeTableManager(TableManager):
    """The table manager of an app that uses the cure."""

    _recovery: Recovery | None
    _changelog_queue: ThrowableQueue[Any] | None

    @property
    def changelog_queue(self) -> ThrowableQueue[Any]:
        if self._changelog_queue is None:
            self._changelog_queue = ChangelogQueue(self.app)
        return self._changelog_queue

    @property
    def recovery(self) -> Recovery:
        if self._recovery is None:
            self._recovery = SafeRecovery(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery
