"""The table of states: kept with what is to be told of them, and never written by a worker that slept through its
successor's start.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NoReturn

from faust.types import TP
from rocksdict import WriteBatch

from streams import codec
from streams.beats import PREFIX, is_beat
from streams.chunks import ChunkApp
from streams.fence import KEY, Fence, Told, follows
from streams.records import Row, send_batched
from streams.stalls import Stalls

log = logging.getLogger("langnghe")
Written = Sequence[tuple[int, int]]  # of each batch its first offset and number of records
CLAIM = PREFIX + b"claim"  # of the heartbeat's keys, which nobody shows
STRANGE_SECONDS = 2.0
LOST = 1 << 62  # the offset of a store whose changelog has lost what it was made of: further than any reaches


class Fenced(Exception):
    """The partitions were handed to another worker: nothing of this chunk may be written."""


def is_over(app: ChunkApp, epoch: int) -> bool:
    """Whether a rebalance has come over what was begun in this epoch of the consumer."""
    return app.rebalancing or bool(app.consumer.epoch != epoch)


async def still_ours(app: ChunkApp, epoch: int) -> None:
    """Returns when this worker provably owns its partitions in this epoch. Raises Fenced when it does not.

    A worker that slept (SIGSTOP, a paused machine) finds its last heartbeat older than the session time-out and waits
    for the broker's word before it writes.
    """
    while not is_over(app, epoch):
        if app.consumer.heartbeat_age < app.conf.broker_session_timeout:
            return
        await asyncio.sleep(0.05)
    raise Fenced


class StateTable:
    """A RocksDB table of raw states whose changelog is a topic of its own, read and written by partition.

    What is told of the states goes to the topic of outcomes, which has as many partitions: a case's outcomes lie in
    the partition of its events.
    """

    def __init__(self, app: ChunkApp, table: Any, outcomes: str) -> None:
        self.app = app
        self.table = table
        self.outcomes = outcomes
        self._fences: dict[int, Fence] = {}  # of the partitions written to since the last recovery
        self._writing: set[int] = set()
        self._strangers = Stalls()
        table.on_recover(self._begin)

    @property
    def topic(self) -> str:
        return str(self.table.changelog_topic_name)

    def get(self, partition: int, key: bytes) -> bytes | None:
        value: bytes | None = self._db(partition).get(key)
        return value

    def rows_after(self, partition: int, key: bytes, count: int) -> list[tuple[bytes, bytes]]:
        """Up to `count` keys and states behind a key, in the order of keys; no iterator stays open afterwards."""
        others = (key, KEY, self.table.data.offset_key)
        rows = self._db(partition).items(from_key=key) if key else self._db(partition).items()
        return list(islice(((found, value) for found, value in rows if found not in others), count))

    async def put(self, partition: int, states: Mapping[bytes, bytes | None], told: Told, epoch: int) -> None:
        """Changelog acknowledged by the broker first, then store and its offset in one write; None drops a case.

        `told` are outcomes of these cases, for `tell` to send afterwards. Raises Fenced also where the partition was
        handed on meanwhile, or where records lie between that are not in the store (a sleeper's, or these twice because
        an acknowledgement was lost): the recovery that follows reads them. An owner's first record is a claim without
        a state: what a sleeper wrote before it has been read by then, and what it writes later does not count.
        """
        if not states:
            return
        await self.tell(partition, epoch)
        if partition not in self._fences:
            claim = self._kept(partition).taken(self.app.consumer_generation_id)
            await self._send(partition, claim, {CLAIM: None}, {}, epoch)
        await self._send(partition, self._fences[partition], states, told, epoch)

    async def _send(
        self, partition: int, fence: Fence, states: Mapping[bytes, bytes | None], told: Told, epoch: int
    ) -> None:
        await still_ours(self.app, epoch)
        rows = [Row(key, value, fence.headers(told.get(key))) for key, value in states.items()]
        self._writing.add(partition)
        written = await send_batched(self.app, self.topic, partition, rows)
        self._writing.discard(partition)
        if is_over(self.app, epoch):
            raise Fenced
        if not follows(self._last(partition), written):
            await self._recover_again(partition, epoch, written)
        self._fences[partition] = fence.paid(states, told)
        self._write(partition, states, written)

    async def tell(self, partition: int, epoch: int) -> None:
        """Sends the outcomes of the last write, whoever's it was, where nobody has noted that they are told.

        Raises Fenced where the partition was handed on meanwhile: who owns it then tells them.
        """
        fence = self._fences.get(partition) or self._kept(partition)
        if not fence.untold:
            return
        if is_over(self.app, epoch):
            raise Fenced
        rows = [Row(key, one) for key, told in fence.untold for one in codec.decode_told(told)]
        await send_batched(self.app, self.outcomes, partition, rows)
        if is_over(self.app, epoch):
            raise Fenced
        silent = fence.silent()
        if partition in self._fences:
            self._fences[partition] = silent
        self._db(partition).put(KEY, silent.row())

    async def mend(self, partition: int, epoch: int) -> None:
        """Tells what the owner before had still to tell, and writes the states of cases again over which a sleeper has
        written. Raises Fenced as `put` does.
        """
        await self.tell(partition, epoch)
        kept = {key: self.get(partition, key) for key in self._kept(partition).owed}
        # a case that is not in the store is still to be read; only the heartbeat's are dropped
        await self.put(partition, {key: value for key, value in kept.items() if value or is_beat(key)}, {}, epoch)

    def look(self, now: float, ends: Mapping[int, int]) -> None:
        """Recovers again where a changelog goes on holding more than the store: a sleeper's record, which readers of
        the changelog take for the state until its owner writes again. `ends` are those of partitions, `now` is of the
        monotonic clock.
        """
        kept = {partition: self.app.kept.get(TP(self.topic, partition), end) for partition, end in ends.items()}
        behind = {partition: last for partition, last in kept.items() if ends[partition] > last + 1}
        self._strangers.look(now, {one: last for one, last in behind.items() if one not in self._writing})
        if self._strangers.longest(now) > STRANGE_SECONDS:
            self._strangers.clear()
            self._join_again(behind)

    async def _begin(self) -> None:
        self._fences.clear()
        self._writing.clear()
        self._strangers.clear()

    def _kept(self, partition: int) -> Fence:
        return Fence.read(self._db(partition).get(KEY))

    def _last(self, partition: int) -> int:
        return int(self._db(partition).get(self.table.data.offset_key))

    async def _recover_again(self, partition: int, epoch: int, written: Written) -> NoReturn:
        if written[0][0] <= self._last(partition):
            self.table.data.set_persisted_offset(TP(self.topic, partition), LOST)
        self._join_again([partition])
        while not is_over(self.app, epoch):
            await asyncio.sleep(0.05)  # what is raised earlier would count as done
        raise Fenced

    def _join_again(self, partitions: Iterable[int]) -> None:
        log.warning("%s holds records that are not in the store and is recovered again: partitions %s",
                    self.topic, ", ".join(map(str, partitions)))  # fmt: skip
        self.app.consumer.join_again()

    def _write(self, partition: int, states: Mapping[bytes, bytes | None], written: Written) -> None:
        batch = WriteBatch(raw_mode=True)
        for key, value in states.items():
            if value is None:
                batch.delete(key)
            else:
                batch.put(key, value)
        first, count = written[-1]
        last = first + count - 1
        batch.put(self.table.data.offset_key, str(last).encode())
        batch.put(KEY, self._fences[partition].row())
        self._db(partition).write(batch)
        self.app.kept[TP(self.topic, partition)] = last

    def _db(self, partition: int) -> Any:
        return self.table.data._db_for_partition(partition)
