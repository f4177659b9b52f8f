"""What agents hand to Kafka: records sent in order, and acknowledged before anything else happens."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from streams.chunks import ChunkApp
from streams.fence import Headers

Row = tuple[bytes, bytes | None]  # key and value; None is a tombstone


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


async def send_batched(
    app: ChunkApp, topic: str, partition: int, records: Iterable[Row], headers: Headers = ()
) -> list[tuple[int, int]]:
    """Sends keys and values to a partition in whole batches; of each its first offset and number of records.

    Much cheaper than one by one. Raises ValueError for a record that fits in no batch.
    """
    producer = (await app.maybe_start_producer())._producer
    sent = []
    for batch in batches(producer.create_batch, records, headers):
        count = batch.record_count()
        sent.append((await producer.send_batch(batch, topic, partition=partition), count))
    return [((await future).offset, count) for future, count in sent]


def batches(create: Callable[[], Any], records: Iterable[Row], headers: Headers = ()) -> Iterator[Any]:
    """The records in as few producer batches as they fit in, in order. Raises ValueError for one that fits in none."""
    batch, signed = create(), list(headers)
    for key, value in records:
        if batch.append(key=key, value=value, timestamp=None, headers=signed) is not None:
            continue
        if not batch.record_count():
            raise ValueError(f"a record of {len(value or b'')} bytes fits in no batch")
        yield batch
        batch = create()
        if batch.append(key=key, value=value, timestamp=None, headers=signed) is None:
            raise ValueError(f"a record of {len(value or b'')} bytes fits in no batch")
    if batch.record_count():
        yield batch
