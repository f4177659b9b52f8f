"""Kafka under measurement: pinned broker, filling of topics, commits of a group, what stands in the end."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from streams.broker import Broker
from tests.bench.arithmetic import Sample
from tests.bench.machine import on_core
from tests.support.kafka import new_broker, read_all
from tests.support.offsets import ends

POLL_SECONDS = 0.1
STALLED_SECONDS = 60.0
Pair = tuple[bytes, bytes]


class Stalled(RuntimeError):
    """The group under measurement no longer commits."""


@contextmanager
def broker_on(core: int | None, data: Path) -> Iterator[Broker]:
    """A new broker that answers."""
    broker = new_broker(data)
    with on_core(core):
        broker.launch()
    try:
        broker.wait_ready()
        yield broker
    finally:
        broker.stop()


def fill(bootstrap: str, topic: str, pairs: Iterable[Pair]) -> int:
    """Sends everything, waits for every acknowledgement, and returns how much it was."""
    count = 0
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=20, batch_size=1 << 18)
    with closing(producer):
        for key, value in pairs:
            sent = producer.send(topic, value, key=key)
            count += 1
            if count % 20_000 == 0:
                sent.get(60)
        producer.flush(timeout=60)
    return count


def follow_commits(bootstrap: str, group: str, topic: str, total: int, cpu: Callable[[], float]) -> list[Sample]:
    """Samples until the group has committed `total` records of a topic. Raises Stalled."""
    samples: list[Sample] = []
    moved = time.monotonic()
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        while not samples or samples[-1].count < total:
            time.sleep(POLL_SECONDS)
            before = samples[-1].count if samples else 0
            samples.append(Sample(time.monotonic(), max(before, _committed(admin, group, topic)), cpu()))
            if len(samples) < 2 or samples[-1].count > samples[-2].count:
                moved = samples[-1].at
            elif samples[-1].at - moved > STALLED_SECONDS:
                raise Stalled(f"{group} stands at {samples[-1].count} of {total} records of {topic}")
    return samples


def _committed(admin: KafkaAdminClient, group: str, topic: str) -> int:
    try:
        found = admin.list_group_offsets(group)
    except KafkaError:
        return 0  # a new broker is just making its topic of offsets; where this lasts, the caller notices
    offsets = found.get(group, found)
    return sum(max(0, meta.offset) for place, meta in offsets.items() if place.topic == topic)


def behind(bootstrap: str, group: str, topic: str, partitions: int) -> int:
    """Records of a topic that a group has not committed."""
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        return sum(ends(bootstrap, topic, partitions=partitions).values()) - _committed(admin, group, topic)


def each(bootstrap: str, topic: str, partitions: int) -> Iterator[Any]:
    """Every record that stands on a topic now, one by one: a big topic need not fit into memory."""
    places = [TopicPartition(topic, partition) for partition in range(partitions)]
    reader = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, group_id=None, check_crcs=False)
    with closing(reader) as consumer:
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        last = consumer.end_offsets(places)
        while any(consumer.position(place) < last[place] for place in places):
            for found in consumer.poll(timeout_ms=500, max_records=5_000).values():
                yield from found


class _Kept(msgspec.Struct):
    transitions: list[msgspec.Raw]


class _Told(msgspec.Struct):
    outcome: str
    case_id: str


class _Outcome(msgspec.Struct):
    data: _Told


def kept(bootstrap: str, topic: str, partitions: int, expected: Mapping[str, int]) -> tuple[int, int]:
    """How many states were written, and how many of the `expected` transitions by dossier stand in none of the last."""
    read = msgspec.json.Decoder(_Kept).decode
    records = read_all(bootstrap, topic, partitions)
    stand = {record.key.decode(): record.value for record in records}
    lengths = {code: len(read(value).transitions) for code, value in stand.items() if value}
    return len(records), sum(max(0, count - lengths.get(code, 0)) for code, count in expected.items())


def told_closed(bootstrap: str, topic: str, partitions: int) -> set[str]:
    """Dossiers of which an outcome `closed` was told."""
    read = msgspec.json.Decoder(_Outcome).decode
    told = (read(record.value).data for record in read_all(bootstrap, topic, partitions))
    return {outcome.case_id for outcome in told if outcome.outcome == "closed"}
