"""The table of states: told before kept, and never written by a worker that slept through its successor's start."""

import asyncio
from collections.abc import Mapping
from itertools import islice
from typing import Any

from rocksdict import WriteBatch

from streams.chunks import ChunkApp
from streams.records import send_batched


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


class StateTable:
    """A RocksDB table of raw states whose changelog is a topic of its own, read and written by partition."""

    def __init__(self, app: ChunkApp, table: Any) -> None:
        self.app = app
        self.table = table

    @property
    def topic(self) -> str:
        return str(self.table.changelog_topic_name)

    def get(self, partition: int, key: bytes) -> bytes | None:
        value: bytes | None = self._db(partition).get(key)
        return value

    def rows_after(self, partition: int, key: bytes, count: int) -> list[tuple[bytes, bytes]]:
        """Up to `count` keys and states behind a key, in the order of keys; no iterator stays open afterwards."""
        offset_key = self.table.data.offset_key
        rows = self._db(partition).items(from_key=key) if key else self._db(partition).items()
        return list(islice(((found, value) for found, value in rows if found not in (key, offset_key)), count))

    async def put(self, partition: int, states: Mapping[bytes, bytes | None], generation: int) -> None:
        """Changelog acknowledged by the broker first, then store and its offset in one write; None drops a case.

        Raises Fenced also where the partition was handed on meanwhile: its recovery reads the changelog.
        """
        if not states:
            return
        await still_ours(self.app, generation)
        offset = await send_batched(self.app, self.topic, partition, states.items())
        if self.app.rebalancing or self.app.consumer_generation_id != generation:
            raise Fenced
        batch = WriteBatch(raw_mode=True)
        for key, value in states.items():
            if value is None:
                batch.delete(key)
            else:
                batch.put(key, value)
        batch.put(self.table.data.offset_key, str(offset).encode())
        self._db(partition).write(batch)

    def _db(self, partition: int) -> Any:
        return self.table.data._db_for_partition(partition)
