"""The table of states: told before kept, and never written by a worker that slept through its successor's start."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from faust.types import TP

from streams.chunks import ChunkApp


class Fenced(Exception):
    """The partitions were handed to another worker: nothing of this chunk may be written."""


async def still_ours(app: ChunkApp, generation: int) -> None:
    """Returns when this worker provably owns its partitions in `generation`. Raises Fenced when it does not.

    A worker that slept (SIGSTOP, a paused machine) finds its last heartbeat older than the session time-out and waits
    for the broker's word before it writes.
    """
    while app.consumer_generation_id == generation and not app.rebalancing:
        if app.consumer.heartbeat_age < app.conf.broker_session_timeout:
            return
        await asyncio.sleep(0.05)
    raise Fenced


def batches(create: Callable[[], Any], records: Iterable[tuple[bytes, bytes]]) -> Iterator[Any]:
    """The records in as few producer batches as they fit in, in order. Raises ValueError for one that fits in none."""
    batch = create()
    for key, value in records:
        if batch.append(key=key, value=value, timestamp=None) is not None:
            continue
        if not batch.record_count():
            raise ValueError(f"a state of {len(value)} bytes fits in no batch")
        yield batch
        batch = create()
        if batch.append(key=key, value=value, timestamp=None) is None:
            raise ValueError(f"a state of {len(value)} bytes fits in no batch")
    yield batch


class StateTable:
    """A RocksDB table of raw states whose changelog is a topic of its own, read and written by partition."""

    def __init__(self, app: ChunkApp, table: Any) -> None:
        self.app = app
        self.table = table

    @property
    def topic(self) -> str:
        return str(self.table.changelog_topic_name)

    def get(self, partition: int, key: bytes) -> bytes | None:
        value: bytes | None = self.table.data._db_for_partition(partition).get(key)
        return value

    def items(self, partition: int) -> Iterator[tuple[bytes, bytes]]:
        store = self.table.data
        for key, value in store._db_for_partition(partition).items():
            if key != store.offset_key:
                yield key, value

    async def put(self, partition: int, states: Mapping[bytes, bytes], generation: int) -> None:
        """Changelog acknowledged by the broker first, then the store, then the changelog's offset."""
        if not states:
            return
        await still_ours(self.app, generation)
        offset = await self._tell(partition, states)
        db = self.table.data._db_for_partition(partition)
        for key, value in states.items():
            db.put(key, value)
        self.table.data.set_persisted_offset(TP(self.topic, partition), offset)

    async def _tell(self, partition: int, states: Mapping[bytes, bytes]) -> int:
        """Sends the states to the changelog in whole batches; the offset of the last one, acknowledged."""
        producer = (await self.app.maybe_start_producer())._producer
        topic = self.topic
        sent = []
        for batch in batches(producer.create_batch, states.items()):
            count = batch.record_count()
            sent.append((await producer.send_batch(batch, topic, partition=partition), count))
        first_offsets = [((await future).offset, count) for future, count in sent]
        last, count = first_offsets[-1]
        return int(last) + int(count) - 1
