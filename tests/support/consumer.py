"""The worker's consumer on Faust's own objects, without a broker: records that it has taken in."""

from dataclasses import dataclass
from typing import Any

from faust.types import TP

from streams.chunks import ChunkConsumer

PLACE = TP("in", 0)
CHUNK = 3


@dataclass(frozen=True)
class Record:
    """The parts of aiokafka's record that the consumer reads."""

    offset: int
    topic: str = PLACE.topic
    partition: int = PLACE.partition
    timestamp: int = 0
    timestamp_type: int = 0


@dataclass
class Reading:
    """A consumer that has taken records in; `chunks` are its messages in order."""

    consumer: ChunkConsumer
    chunks: list[Any]

    def done(self, *numbers: int) -> int | None:
        """Acknowledges chunks by their number, then asks what may be committed."""
        for number in numbers:
            self.chunks[number].done = True
            self.consumer.ack(self.chunks[number])
        offset: int | None = self.consumer._new_offset(PLACE)
        return offset


def read(consumer: ChunkConsumer, offsets: range) -> Reading:
    chunks = [consumer._to_message(PLACE, chunk) for chunk in consumer._chunked([*map(Record, offsets)])]
    for chunk in chunks:
        consumer.track_message(chunk)
    return Reading(consumer, chunks)
