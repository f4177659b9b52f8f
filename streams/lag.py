"""The lag exporter: how far each group is behind, how old its oldest unread record is, and the heartbeat."""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError
from prometheus_client import CollectorRegistry, Gauge, disable_created_metrics

from casework.dossiers import Transition
from casework.feedback import FeedbackEvent
from streams import codec
from streams.beats import case_of
from streams.codec import Received, StatusChanged
from streams.codec.sources import HEARTBEAT
from streams.metrics import LAG_CATALOGUE, rules_info
from streams.offsets import committed, places
from streams.probe import ProbeServer
from streams.topics import Topics

POLL_SECONDS = 5.0
BEAT_SECONDS = 60.0
TEXTS_BEAT_SECONDS = 3600.0
OVERDUE_POLLS = 60.0
ACKNOWLEDGED_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class LagSettings:
    """`rules` is the hash of the rule files as this process finds them."""

    bootstrap: str
    topics: Topics
    host: str
    port: int
    rules: str
    security: Mapping[str, Any] = field(default_factory=dict, repr=False)


def read_by(topics: Topics) -> dict[str, tuple[str, ...]]:
    """Which group reads which topics. The restricted lane shows on no metric, so it is not here."""
    return {
        topics.admit_app: (topics.dossier_intake,),
        topics.intake_app: (topics.feedback_intake,),
        topics.cases_app: (topics.dossier.events, topics.feedback.events),
        topics.projector_group: (topics.dossier.states, topics.feedback.states),
    }


class LagExporter:
    """Asks Kafka every few seconds; sends a beat a minute, and hourly one to each partition of the texts."""

    def __init__(self, settings: LagSettings) -> None:
        self.settings = settings
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self.lag, self.oldest, partitions, self.answer, self.dead = (
            Gauge(spec.name, spec.meaning, spec.labels, registry=self.registry) for spec in LAG_CATALOGUE
        )
        partitions.set(settings.topics.partitions)
        rules_info(self.registry, settings.rules)
        kafka = {"bootstrap_servers": settings.bootstrap, **settings.security}
        self._admin = KafkaAdminClient(**kafka)
        self._consumer = KafkaConsumer(**kafka, enable_auto_commit=False, group_id=None)
        # a beat that comes twice changes nothing; an idempotent producer sends nothing any more after one refusal
        self._producer = KafkaProducer(**kafka, acks="all", enable_idempotence=False)
        self._polled = time.monotonic()
        self._beaten = 0.0
        self._texts_beaten = float("-inf")

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set."""
        while not stop.is_set():
            try:
                self._round()
            except KafkaError:
                stop.wait(1.0)  # the broker may be restarting; /healthz tells when this lasts
            stop.wait(POLL_SECONDS)
        self._producer.close(timeout=2)
        self._consumer.close()
        self._admin.close()

    def _round(self) -> None:
        for group, topics in read_by(self.settings.topics).items():
            for topic in topics:
                self._measure(group, topic)
        letters = self._places(self.settings.topics.dead_letters)
        self.dead.set(sum(self._consumer.end_offsets(letters).values()))
        now = self._polled = time.monotonic()
        self.answer.set_to_current_time()
        if now - self._beaten >= BEAT_SECONDS:
            self._beat(datetime.now(UTC))
            self._beaten = now
        if now - self._texts_beaten >= TEXTS_BEAT_SECONDS:
            self._beat_texts()
            self._texts_beaten = now

    def _places(self, topic: str) -> list[TopicPartition]:
        return places(topic, self.settings.topics.partitions)

    def _measure(self, group: str, topic: str) -> None:
        every, read = self._places(topic), committed(self._admin, group)
        first, ends = self._consumer.beginning_offsets(every), self._consumer.end_offsets(every)
        for place in every:
            start = max(read.get(place, 0), first[place])
            labels = (group, topic, str(place.partition))
            self.lag.labels(*labels).set(ends[place] - start)
            self.oldest.labels(*labels).set(self._sent_at(place, start) if ends[place] > start else 0)

    def _sent_at(self, place: TopicPartition, offset: int) -> float:
        """Seconds since 1970 of the record at an offset; now where it does not come in time."""
        self._consumer.assign([place])
        self._consumer.seek(place, offset)
        for records in self._consumer.poll(timeout_ms=500, max_records=1).values():
            return float(records[0].timestamp) / 1000
        return time.time()

    def _beat(self, now: datetime) -> None:
        beats = heartbeat(self.settings.topics, now)
        self._acknowledged([self._producer.send(topic, value, key=key) for topic, key, value in beats])

    def _beat_texts(self) -> None:
        """Without an append Kafka never compacts a quiet partition, and an erased text would stay in its files."""
        texts = [lane.texts for lane in (self.settings.topics.feedback, self.settings.topics.restricted) if lane.texts]
        every = [place for topic in texts for place in self._places(topic)]
        self._acknowledged([self._producer.send(topic, None, b"HB/beat", None, number) for topic, number in every])

    def _acknowledged(self, sent: Iterable[Any]) -> None:
        """Raises KafkaError: what was refused is sent again in the next round."""
        self._producer.flush(timeout=ACKNOWLEDGED_SECONDS)
        for future in sent:
            future.get(timeout=0)

    def healthy(self) -> str | None:
        """None, or what is wrong."""
        return "no answer from Kafka" if time.monotonic() - self._polled > OVERDUE_POLLS else None

    def ready(self) -> str | None:
        return self.healthy() or (None if self._beaten else "no heartbeat sent yet")


def heartbeat(topics: Topics, now: datetime) -> Iterator[tuple[str, bytes, bytes]]:
    """Topic, key and value of the beat of a minute: one dossier and one feedback, new every hour, in no figure.

    Sent again, a feedback changes no state: that its events are followed is seen by a rating a minute.
    """
    case = case_of(now)
    id_ = codec.stable_id(HEARTBEAT, now.isoformat())
    event = StatusChanged(id_, HEARTBEAT, case, Transition(at=now, status=4))
    yield topics.dossier_intake, case.encode(), codec.encode_event(event)
    received = Received(text="Nhịp kiểm tra của hệ thống", channel="portal", feedback_id=case, received_at=now)
    yield (
        topics.feedback_intake,
        case.encode(),
        codec.encode_received(received, id=id_, source=HEARTBEAT, at=now),
    )
    rated = FeedbackEvent(id=id_, type="rated", at=now, by="system/lag", source=HEARTBEAT, rating="neutral")
    yield topics.feedback.events, case.encode(), codec.encode_feedback_event(case, rated, HEARTBEAT)


def run_lag(settings: LagSettings, stop: threading.Event) -> None:
    exporter = LagExporter(settings)
    probe = ProbeServer(settings.host, settings.port, exporter.healthy, exporter.ready, exporter.registry)
    probe.start()
    exporter.run(stop)
    probe.stop()
