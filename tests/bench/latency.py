"""From the scheduled send to the record on the states: measured by a reader that waits beside the sender."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from casework.calendar import VIETNAM
from streams.topics import Topics
from tests.bench.arithmetic import delays, percentile, schedule
from tests.bench.figures import Figure, Sizes
from tests.bench.load import feedback, fresh, national, texts

SETTLE_SECONDS = 30.0
STATUSES = 4
EXPECTED_P99_MS = 300
Place = tuple[str, int]


class _Length(msgspec.Struct):
    transitions: tuple[msgspec.Raw, ...] = ()


_length = msgspec.json.Decoder(_Length).decode


@dataclass(slots=True)
class Seen:
    """Records of states topics as they came: time, key, value."""

    records: list[tuple[float, str, bytes]] = field(default_factory=list)

    def first(self) -> dict[Place, float]:
        """When each case was first seen with that many transitions or more; feedback counts as 1."""
        found: dict[Place, float] = {}
        for at, key, value in self.records:
            for length in range(1, max(1, len(_length(value).transitions)) + 1):
                found.setdefault((key, length), at)
        return found


@contextmanager
def watching(bootstrap: str, partitions: int, *topics: str) -> Iterator[Seen]:
    """Notes everything that is written to the topics from now on."""
    seen, stop, ready = Seen(), threading.Event(), threading.Event()
    places = [TopicPartition(topic, partition) for topic in topics for partition in range(partitions)]

    def watch() -> None:
        consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=None, enable_auto_commit=False)
        with closing(consumer):
            consumer.assign(places)
            consumer.seek_to_end(*places)
            for place in places:
                consumer.position(place)
            ready.set()
            while not stop.is_set():
                for records in consumer.poll(timeout_ms=100).values():
                    now = time.monotonic()
                    seen.records += [(now, record.key.decode(), record.value) for record in records if record.value]

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    ready.wait(30)
    try:
        yield seen
    finally:
        stop.set()
        thread.join(10)


@dataclass(frozen=True, slots=True)
class Planned:
    """One send: what of the states will show it, and what goes to the intake topic."""

    place: Place
    make: Callable[[datetime], tuple[bytes, bytes]]


def send_on_time(bootstrap: str, topic: str, rate: float, planned: Sequence[Planned]) -> dict[Place, float]:
    """Sends each at its scheduled time, or at once where that has passed; returns the scheduled times."""
    with closing(KafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=0)) as producer:
        producer.partitions_for(topic)
        due = schedule(time.monotonic() + 0.2, rate, len(planned))
        for at, one in zip(due, planned, strict=True):
            time.sleep(max(0.0, at - time.monotonic()))
            key, value = one.make(datetime.now(VIETNAM))
            producer.send(topic, value, key=key)
        producer.flush(timeout=30)
    return {one.place: at for at, one in zip(due, planned, strict=True)}


def dossier_plan(count: int, prefix: str) -> list[Planned]:
    """Events on a quarter as many dossiers, so that three of four meet a state."""
    pool = max(1, -(-count // STATUSES))
    return [_dossier(pool, number, prefix) for number in range(count)]


def _dossier(pool: int, number: int, prefix: str) -> Planned:
    at = datetime.now(VIETNAM)
    code, length, _ = fresh(pool, number, at, prefix)
    return Planned((code, length), lambda now: national(fresh(pool, number, now, prefix)[2]))


def feedback_plan(count: int, prefix: str) -> list[Planned]:
    """One text after the other, all different."""
    return [_feedback(number, text, prefix) for number, text in enumerate(texts(count))]


def _feedback(number: int, text: str, prefix: str) -> Planned:
    case = feedback(number, text, datetime.now(VIETNAM), prefix)[0].decode()
    return Planned((case, 1), lambda now: feedback(number, text, now, prefix))


def latencies(bootstrap: str, topics: Topics, sizes: Sizes) -> list[Figure]:
    """Dossier events at 50 and 200 a second, feedback at 50, each from its intake topic to its states topic."""
    states = (topics.feedback.states, topics.restricted.states)
    figures: list[Figure] = []
    for rate, expected in ((50, None), (200, EXPECTED_P99_MS)):
        plan = dossier_plan(int(rate * _seconds(sizes)), f"L{rate}")
        found = _measure(bootstrap, topics, topics.dossier_intake, (topics.dossier.states,), rate, plan)
        figures += _figures(f"{rate} dossier events/s", found, plan, int(rate * sizes.warm_up_seconds), expected)
    plan = feedback_plan(int(50 * _seconds(sizes)), "lat")
    found = _measure(bootstrap, topics, topics.feedback_intake, states, 50, plan)
    return [*figures, *_figures("50 texts/s", found, plan, int(50 * sizes.warm_up_seconds), None)]


def _seconds(sizes: Sizes) -> float:
    return sizes.latency_seconds + sizes.warm_up_seconds


Found = tuple[dict[Place, float], dict[Place, float]]


def _measure(
    bootstrap: str, topics: Topics, intake: str, states: Iterable[str], rate: float, plan: Sequence[Planned]
) -> Found:
    with watching(bootstrap, topics.partitions, *states) as seen:
        scheduled = send_on_time(bootstrap, intake, rate, plan)
        deadline = time.monotonic() + SETTLE_SECONDS
        while scheduled.keys() - seen.first().keys() and time.monotonic() < deadline:
            time.sleep(0.5)
    return scheduled, seen.first()


def _figures(name: str, found: Found, plan: Sequence[Planned], warm_up: int, expected: float | None) -> list[Figure]:
    scheduled, seen = found
    counted = {one.place: scheduled[one.place] for one in plan[warm_up:]}
    waits = [delay * 1000 for delay in delays(counted, seen)]
    lost = len(scheduled.keys() - seen.keys())
    return [
        Figure(f"{name}, p50", percentile(waits, 0.5), "ms", note=f"{len(waits):,} events"),
        Figure(f"{name}, p99", percentile(waits, 0.99), "ms", high=expected),
        Figure(f"{name}, slowest", max(waits), "ms"),
        Figure(f"{name}, lost", lost, "events", high=0, note=f"of {len(plan):,}"),
    ]
