"""What agents hand to Kafka: records sent in order, and acknowledged before anything else happens."""

from collections.abc import Iterable
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
