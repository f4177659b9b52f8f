"""A real Apache Kafka for tests, and plain readers and writers of its topics."""

import socket
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from cli.settings import HERE, find_java
from streams.broker import Broker, BrokerSettings
from streams.provision import create_topics
from streams.topics import Topics

PARTITIONS = 4
HIGHEST_BASE = 60_000


def free_port() -> int:
    """A port that nobody listens on now, and that may be a port base of `langnghe`."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port <= HIGHEST_BASE:
            return port


def new_broker(data: Path, port: int | None = None) -> Broker:
    """A broker, not started, with the configuration file that also `langnghe up` and docker-compose.yml use."""
    deploy = HERE / "deploy" / "kafka"
    ports = (port or free_port(), free_port())
    return Broker(BrokerSettings(find_java(), deploy / "libs", deploy / "server.properties", data, *ports))


@contextmanager
def running_broker(data: Path) -> Iterator[Broker]:
    """A new broker that answers, stopped afterwards."""
    with answering(new_broker(data)) as broker:
        yield broker


@contextmanager
def answering(broker: Broker) -> Iterator[Broker]:
    """The same broker, started, stopped afterwards."""
    broker.launch()
    try:
        broker.wait_ready()
        yield broker
    finally:
        broker.stop()


def fresh_topics(broker: Broker, prefix: str, partitions: int = PARTITIONS) -> Topics:
    """All topics under a prefix of a test's own."""
    topics = Topics(prefix, partitions)
    create_topics(broker.settings.bootstrap, topics)
    return topics


def send(bootstrap: str, topic: str, values: Iterable[bytes], key: bytes | None = None) -> None:
    """Sends and waits for every acknowledgement."""
    with closing(KafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=5)) as producer:
        for future in [producer.send(topic, value, key=key) for value in values]:
            future.get(30)


def read_all(bootstrap: str, topic: str, partitions: int = PARTITIONS) -> list[Any]:
    """Every record that stands on a topic now, in the order of partitions."""
    places = [TopicPartition(topic, partition) for partition in range(partitions)]
    with closing(KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, group_id=None)) as consumer:
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        ends = consumer.end_offsets(places)
        records: list[Any] = []
        while any(consumer.position(place) < ends[place] for place in places):
            for found in consumer.poll(timeout_ms=500).values():
                records += found
        return records


def latest(bootstrap: str, topic: str, partitions: int = PARTITIONS) -> dict[str, bytes]:
    """The last value of every key: what a compacted topic comes to."""
    found = {record.key.decode(): record.value for record in read_all(bootstrap, topic, partitions)}
    return {key: value for key, value in found.items() if value is not None}
