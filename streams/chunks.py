"""Agents and tables that receive lists of records: one Faust event per chunk of a partition.

Faust's cost per event is paid once a chunk; chunks form from whatever has arrived, so latency does not suffer.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, NamedTuple

import faust
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from faust.types.tuples import ConsumerMessage

from streams.coordinator import (
    note_with_commits,
    notes_of_commits,
    refuse_offsets_of_failed_answers,
    tell_heartbeats,
)
from streams.fence import KEY, Fence
from streams.recovery import SafeTableManager

PAST_ALL = b"\xff"  # behind every key: keys are UTF-8


class ChunkSchema(faust.Schema):
    """Passes a chunk through undecoded: each record is decoded by the agent, inside its own `try`."""

    def loads_key(self, app: Any, message: Any, **_: Any) -> Any:  # noqa: ARG002 - Faust's signature
        return message.key

    def loads_value(self, app: Any, message: Any, **_: Any) -> Any:  # noqa: ARG002 - Faust's signature
        return message.value


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The consumer's thread, which also remembers when the broker last confirmed this member."""

    last_heartbeat = 0.0

    async def on_start(self) -> None:
        await super().on_start()
        self.last_heartbeat = time.monotonic()
        tell_heartbeats(self._consumer._coordinator, self._confirmed)
        refuse_offsets_of_failed_answers(self._consumer._coordinator)
        note_with_commits(self._consumer, self.app.kept_beside)

    def _confirmed(self, moment: float) -> None:
        self.last_heartbeat = moment


class Chunk(ConsumerMessage):
    """Records of one partition, fetched in an epoch; `done` once its agent has asked for more, not merely stopped."""

    __slots__ = ("done", "epoch")

    def __init__(self, *args: Any, epoch: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.epoch = epoch
        self.done = False


class ChunkConsumer(driver.Consumer):
    """A consumer whose unit of work is a chunk; commits never pass a record in flight.

    `epoch` counts the rebalances that came over it. Kafka's generations do not: a follower that joins a stable group
    again is given the same one.
    """

    epoch = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._commit_every = None  # Faust would commit between two chunks, and note the second after what was sought
        # not Faust's weak set, which forgets a chunk whose agent was cancelled
        self._unacked_messages: set[Chunk] = set()
        self.asking = asyncio.Lock()  # held while the consumer's thread is asked for records

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    @property
    def heartbeat_age(self) -> float:
        """Seconds since the broker last confirmed this member; runs on while the process is stopped."""
        return time.monotonic() - self._thread.last_heartbeat

    async def kept_beside_commits(self, tps: Collection[TP]) -> dict[TP, int]:
        """By source, the last record of its changelog when its offset was committed; none of a partition without."""
        notes = await self._thread.call_thread(notes_of_commits, self._thread._consumer._coordinator, tps)
        return {tp: int(note) for tp, note in notes.items()}

    def join_again(self) -> None:
        """Asks for a rebalance, and with it for a recovery of the tables."""
        thread = self._thread
        thread.thread_loop.call_soon_threadsafe(thread._consumer._coordinator.request_rejoin)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Told before anything is taken away: what is at work or in a queue belongs to an epoch that is over."""
        self.epoch += 1
        self.app.rebalancing = True  # again, where the end of the recovery before came between
        self._buffered_partitions.clear()
        await super().on_partitions_revoked(revoked)

    def on_buffer_full(self, tp: TP) -> None:
        """Not during a rebalance: a queue with room again would open a partition that waits for its recovery."""
        if not self.app.rebalancing:
            super().on_buffer_full(tp)

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Mapping[TP, Sequence[Any]] | None:
        # the set changes under the consumer's thread, and an empty one means "all" to aiokafka: pass a frozen copy
        frozen = None if active_partitions is None else frozenset(active_partitions)
        # shielded: the thread goes on with what it was asked, also when a rebalance has cancelled who asked
        return await asyncio.shield(self._ask(frozen, timeout, self.epoch))

    async def _ask(self, partitions: frozenset[TP] | None, timeout: float, epoch: int) -> Mapping[TP, Any] | None:
        """None where a rebalance came over it: it seeks, and all is read again. During one only changelogs are read,
        for nothing may be folded into a table that is not recovered.
        """
        records: Mapping[TP, Sequence[Any]] = {}
        async with self.asking:
            if epoch == self.epoch:
                records = await super()._getmany(active_partitions=partitions, timeout=timeout)
            if epoch != self.epoch:
                return None
            opened = not self.app.rebalancing
        return {tp: self._chunked(found) for tp, found in records.items() if opened or self._is_changelog_tp(tp)}

    def _chunked(self, records: Sequence[Any]) -> Sequence[Any]:
        size = self.app.chunk_size
        return [records[start : start + size] for start in range(0, len(records), size)]

    def _to_message(self, tp: TP, chunk: Sequence[Any]) -> Chunk:
        last = chunk[-1]
        return Chunk(
            last.topic, last.partition, last.offset, last.timestamp / 1000, last.timestamp_type, (), None, chunk,
            None, 0, 0, tp, generation_id=self.app.consumer_generation_id, epoch=self.epoch,
        )  # fmt: skip

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Offsets inside a chunk are no gap: what may be committed follows from `_new_offset` alone."""

    def ack(self, message: Any) -> bool:
        """Counts a chunk that is done, unless a rebalance came over it: then it is read again.

        Faust acknowledges also what the stop of the worker cancelled at work or kept from its agent: that is not done.
        """
        current = self._current(message)
        if current and not message.done:
            return False
        self._unacked_messages.discard(message)
        return current and bool(super().ack(message))

    def _current(self, message: Any) -> bool:
        return not self.app.rebalancing and bool(message.epoch == self.epoch)

    def _new_offset(self, tp: TP) -> int | None:
        """One past the last chunk done before the lowest chunk in flight, or None: always during a rebalance, for it
        comes over chunks in flight, and Kafka would take what is committed past them until it is through.
        """
        if self.app.rebalancing:
            return None
        acked = self._acked[tp]
        flying = [_first_offset(one) for one in self._unacked_messages if one.tp == tp and self._current(one)]
        done = [offset for offset in acked if not flying or offset < min(flying)]
        if not done:
            return None
        self._acked_index[tp].difference_update(done)
        acked[:] = [offset for offset in acked if offset > max(done)]
        return max(done) + 1


def _first_offset(message: Any) -> int:
    return int(message.value[0].offset)


class ChangelogRecord(NamedTuple):
    """What a table's store reads of a message of its changelog."""

    tp: TP
    partition: int
    offset: int
    key: bytes
    value: bytes | None

    @property
    def message(self) -> "ChangelogRecord":
        """Itself: the store asks an event for its message."""
        return self


class ChunkTable(faust.Table):
    """A table that is recovered by chunks of its changelog: ten times as quick as record by record."""

    def apply_changelog_batch(self, batch: Iterable[Any]) -> None:
        """Writes the records of chunks to the store, in order, but for those of an owner before the last."""
        read: defaultdict[TP, list[Any]] = defaultdict(list)
        for event in batch:
            read[event.message.tp] += event.message.value
        super().apply_changelog_batch(row for tp, records in read.items() for row in self._rows(tp, records))

    def empty(self, partition: int) -> None:
        """Forgets all that the store holds of a partition."""
        self.data._db_for_partition(partition).delete_range(b"", PAST_ALL)

    def _rows(self, tp: TP, records: Sequence[Any]) -> Iterator[ChangelogRecord]:
        """The records that count, then the fence as they leave it."""
        fence = Fence.read(self.data._db_for_partition(tp.partition).get(KEY))
        for record in records:
            if fence.lets_in(record.key, record.headers):
                yield ChangelogRecord(tp, record.partition, record.offset, record.key, record.value)
        yield ChangelogRecord(tp, tp.partition, records[-1].offset, KEY, fence.row())


class ChunkStream(faust.Stream):
    """A stream on Faust's Python iterator: the compiled one counts chunks as done itself, past the consumer's `ack`."""

    def __aiter__(self) -> Any:
        iterator = self._each()
        self._active_agens.add(iterator)
        return iterator

    async def _each(self) -> AsyncIterator[Any]:
        async with aclosing(self._py_aiter()) as chunks:
            async for value in chunks:
                message = self.current_event.message
                yield value
                message.done = True


class ChunkTransport(driver.Transport):
    """aiokafka transport with the chunked consumer."""

    Consumer = ChunkConsumer


class ChunkApp(faust.App):
    """A Faust app on chunks of at most `chunk_size` records, with the cured recovery."""

    def __init__(self, *args: Any, chunk_size: int, **kwargs: Any) -> None:
        self.chunk_size = chunk_size
        self.changelogs: dict[str, str] = {}  # of each topic of events, that of the states it is folded into
        self.kept: dict[TP, int] = {}  # of each partition of a changelog, the last record that is in the store
        super().__init__(*args, Stream=ChunkStream, Table=ChunkTable, TableManager=SafeTableManager, **kwargs)

    def changelog_of(self, source: TP) -> TP | None:
        """The partition of the states that a source is folded into."""
        topic = self.changelogs.get(source.topic)
        return TP(topic, source.partition) if topic else None

    def kept_beside(self, source: TP) -> str:
        """What to commit with an offset, so that it is seen when Kafka has lost states of events that were read."""
        return str(self.kept.get(self.changelog_of(source), ""))

    def _new_transport(self) -> ChunkTransport:
        return ChunkTransport(self.conf.broker_consumer, self)
