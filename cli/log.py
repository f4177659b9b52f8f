"""Reading a whole topic, from its beginning to where it ends now."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, TypeVar

from kafka import KafkaConsumer
from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    KafkaConnectionError,
    KafkaError,
    NotCoordinatorError,
)

from cli.access import why_refused
from cli.say import refused
from cli.settings import CONNECT_MS, Settings
from streams.offsets import places

COORDINATOR_SECONDS = 30.0
Answer = TypeVar("Answer")


@contextmanager
def kafka_of(settings: Settings) -> Iterator[None]:
    """Ends the command with a sentence where Kafka does not answer, at once where nothing listens there."""
    if settings.security and (refusal := why_refused(settings)):
        raise refused(refusal)
    try:
        if not any(map(_listens, settings.bootstrap.split(","))):
            raise KafkaConnectionError
        yield
    except KafkaError as error:
        if refusal := why_refused(settings):
            raise refused(refusal) from None
        problem = type(error).__name__
        raise refused(
            f"Kafka tại {settings.bootstrap} không trả lời ({problem}); hãy chạy langnghe up, hoặc xem KAFKA_BOOTSTRAP."
        ) from None


# while a new Kafka makes the topic of the groups' commits, and its node takes it over
_COMING = (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError)


def of_groups(ask: Callable[[], Answer]) -> Answer:
    """What Kafka answers about groups; a new Kafka makes the topic of their commits first. Raises KafkaError."""
    deadline = time.monotonic() + COORDINATOR_SECONDS
    while True:
        try:
            return ask()
        except _COMING:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _listens(address: str) -> bool:
    host, _, port = address.strip().rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=CONNECT_MS / 1000):
            return True
    except (OSError, ValueError):
        return False


def new_consumer(settings: Settings) -> Any:
    """A consumer without a group, for reading by hand and asking for ends. Raises KafkaError."""
    return KafkaConsumer(
        **settings.kafka, group_id=None, enable_auto_commit=False, allow_auto_create_topics=False,
        max_poll_records=5000, max_partition_fetch_bytes=4 << 20,
    )  # fmt: skip


def read_all(settings: Settings, topic: str) -> Iterator[Any]:
    """Every record that the topic holds now; in order within a partition. Raises KafkaError."""
    with closing(new_consumer(settings)) as consumer:
        every = places(topic, settings.topics.partitions)
        consumer.assign(every)
        consumer.seek_to_beginning(*every)
        ends = consumer.end_offsets(every)
        while any(consumer.position(place) < ends[place] for place in every):
            for place, records in consumer.poll(timeout_ms=500).items():
                yield from (record for record in records if record.offset < ends[place])
