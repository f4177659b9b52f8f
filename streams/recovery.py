"""Cure for messages that stock Faust loses or freezes after a table is recovered (faust-streaming #596, #606).

Stock recovery resumes the source partitions first and seeks and clears the queues afterwards, so records that arrived
in between are dropped while their offsets count as read. Here the sources stay paused until that is done.
"""

import asyncio
from typing import Any

from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery


class SafeRecovery(Recovery):
    """Recovery that opens the source partitions last, in one go."""

    async def _resume_streams(self, generation_id: int = 0) -> None:
        await self.app.on_rebalance_complete.send()
        await self._open_sources(generation_id)

    async def on_recovery_completed(self, generation_id: int = 0) -> None:
        await self.app.on_rebalance_complete.send()
        self._set_recovery_ended()
        # gathered, so that an error in a table's callback surfaces here and not in a task that nobody awaits
        await asyncio.gather(
            *(
                table.on_recovery_completed(self.actives_for_table[table], self.standbys_for_table[table])
                for table in self.tables.values()
            )
        )
        await self._open_sources(generation_id)

    async def _open_sources(self, generation_id: int) -> None:
        consumer = self.app.consumer
        assignment = set(consumer.assignment())
        sources = {tp for tp in assignment if not self._is_changelog_tp(tp)}
        consumer.pause_partitions(sources)
        self.app.flow_control.resume()
        if assignment:
            await self._seek(sources)
        if self.app.consumer_generation_id != generation_id:
            return  # a new rebalance starts its own recovery
        # no await from here to the resume: a record let in between would be cleared away
        self.app.flow_control.clear()
        consumer.resume_partitions(sources)
        consumer.resume_flow()
        self.completed.set()
        await self.app._fetcher.maybe_start()
        self.tables.on_actives_ready()
        self.tables.on_standbys_ready()
        self.app.on_rebalance_end()

    async def _seek(self, sources: set[Any]) -> None:
        """Every source to its committed offset; where none is committed, explicitly to the first record."""
        consumer = self.app.consumer
        await self._wait(consumer.perform_seek(), timeout=self.app.conf.broker_request_timeout)
        fresh = {tp for tp in sources if not consumer._committed_offset[tp]}
        if not fresh:
            return
        for tp, offset in (await consumer.earliest_offsets(*fresh)).items():
            if offset is not None:
                await consumer._seek(tp, offset)
                consumer._read_offset[tp] = None


class SafeTableManager(TableManager):
    """The table manager of an app that uses the cure."""

    _recovery: Recovery | None

    @property
    def recovery(self) -> Recovery:
        if self._recovery is None:
            self._recovery = SafeRecovery(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery
