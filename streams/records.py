"""What agents hand to Kafka: records sent in order, and acknowledged before anything else happens."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from streams.chunks import ChunkApp


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


async def send_batched(app: ChunkApp, topic: str, partition: int, records: Iterable[tuple[bytes, bytes | None]]) -> int:
    """Sends keys and values (None: a tombstone), one at least, to a partition in whole batches; the last one's offset.

    Much cheaper than one by one. Raises ValueError for a record that fits in no batch.
    """
    producer = (await app.maybe_start_producer())._producer
    sent = []
    for batch in batches(producer.create_batch, records):
        count = batch.record_count()
        sent.append((await producer.send_batch(batch, topic, partition=partition), count))
    first_offsets = [((await future).offset, count) for future, count in sent]
    last, count = first_offsets[-1]
    return int(last) + int(count) - 1


def batches(create: Callable[[], Any], records: Iterable[tuple[bytes, bytes | None]]) -> Iterator[Any]:
    """The records in as few producer batches as they fit in, in order. Raises ValueError for one that fits in none."""
    batch = create()
    for key, value in records:
        if batch.append(key=key, value=value, timestamp=None) is not None:
            continue
        if not batch.record_count():
            raise ValueError(f"a record of {len(value or b'')} bytes fits in no batch")
        yield batch
        batch = create()
        if batch.append(key=key, value=value, timestamp=None) is None:
            raise ValueError(f"a record of {len(value or b'')} bytes fits in no batch")
    if batch.record_count():
        yield batch
