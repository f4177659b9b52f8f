"""Reading a whole topic, from its beginning to where it ends now."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaConnectionError, KafkaError

from cli.say import refused
from cli.settings import Settings

CONNECT_MS = 5000


@contextmanager
def kafka_of(settings: Settings) -> Iterator[None]:
    """Ends the command with a sentence where Kafka does not answer, at once where nothing listens there."""
    try:
        if not any(map(_listens, settings.bootstrap.split(","))):
            raise KafkaConnectionError
        yield
    except KafkaError as error:
        problem = type(error).__name__
        raise refused(
            f"Kafka tại {settings.bootstrap} không trả lời ({problem}); hãy chạy langnghe up, hoặc xem KAFKA_BOOTSTRAP."
        ) from None


def _listens(address: str) -> bool:
    host, _, port = address.strip().rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=CONNECT_MS / 1000):
            return True
    except (OSError, ValueError):
        return False


def new_consumer(bootstrap: str) -> Any:
    """A consumer without a group, for reading by hand and asking for ends. Raises KafkaError."""
    return KafkaConsumer(
        bootstrap_servers=bootstrap, group_id=None, enable_auto_commit=False, bootstrap_timeout_ms=CONNECT_MS,
        allow_auto_create_topics=False, max_poll_records=5000, max_partition_fetch_bytes=4 << 20,
    )  # fmt: skip


def places(topic: str, partitions: int) -> list[TopicPartition]:
    """All partitions of a topic."""
    return [TopicPartition(topic, partition) for partition in range(partitions)]


def read_all(settings: Settings, topic: str) -> Iterator[Any]:
    """Every record that the topic holds now; in order within a partition. Raises KafkaError."""
    with closing(new_consumer(settings.bootstrap)) as consumer:
        every = places(topic, settings.topics.partitions)
        consumer.assign(every)
        consumer.seek_to_beginning(*every)
        ends = consumer.end_offsets(every)
        while any(consumer.position(place) < ends[place] for place in every):
            for place, records in consumer.poll(timeout_ms=500).items():
                yield from (record for record in records if record.offset < ends[place])
