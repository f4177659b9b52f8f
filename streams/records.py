"""What agents hand to Kafka: records sent in order, and acknowledged before anything else happens."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from streams.chunks import ChunkApp
from streams.fence import Headers


class Row(NamedTuple):
    """A record of a batch; `value` None is a tombstone."""

    key: bytes
    value: bytes | None
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Send:
    """One record to be sent; `value` None is a tombstone."""

    topic: str
    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    partition: int | None = None


async def send_all(app: ChunkApp, sends: Iterable[Send]) -> list[Any]:
    """Sends in order and returns when the broker has acknowledged every record."""
    producer = (await app.maybe_start_producer())._producer
    sent = [
        await producer.send(send.topic, send.value, key=send.key, partition=send.partition, headers=list(send.headers))
        for send in sends
    ]
    return [await future for future in sent]


async def send_batched(app: ChunkApp, topic: str, partition: int, records: Iterable[Row]) -> list[tuple[int, int]]:
    """Sends records to a partition in whole batches; of each its first offset and number of records.

    Much cheaper than one by one.
    """
    producer = (await app.maybe_start_producer())._producer
    sent = []
    for batch in batches(producer.create_batch, records):
        count = batch.record_count()
        sent.append((await producer.send_batch(batch, topic, partition=partition), count))
    return [((await future).offset, count) for future, count in sent]


def batches(create: Callable[[], Any], records: Iterable[Row]) -> Iterator[Any]:
    """The records in as few producer batches as they fit in, in order. The first of a batch is always taken."""
    batch = create()
    for row in records:
        if not _fits(batch, row):
            yield batch
            batch = create()
            _fits(batch, row)
    if batch.record_count():
        yield batch


def _fits(batch: Any, row: Row) -> bool:
    """Whether it went into the batch."""
    return batch.append(key=row.key, value=row.value, timestamp=None, headers=list(row.headers)) is not None
