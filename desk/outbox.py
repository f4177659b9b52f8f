"""What the web sends to Kafka, and the one place that waits for its acknowledgement."""

import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from kafka import KafkaProducer
from kafka.errors import KafkaError

from desk.web.broker_check import BrokerCheck


@dataclass(frozen=True, slots=True)
class Message:
    """One record to send; a value of None is a tombstone."""

    topic: str
    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


class OutboxError(Exception):
    """Kafka did not acknowledge everything in time; whatever did arrive is safe to send again."""


def ends_producer(error: KafkaError) -> bool:
    """Whether a producer may be of no use after this: kafka-python's idempotent one refuses everything, for ever, once
    one batch or its own request for an id met an error that a repeat does not mend (`TransactionManager`)."""
    return not error.retriable


class Outbox(Protocol):
    """Sends and returns when all is acknowledged; raises OutboxError."""

    def send(self, messages: Sequence[Message]) -> None: ...
    def ready(self) -> bool: ...
    def close(self) -> None: ...


class KafkaOutbox:
    """An idempotent producer with acks=all and Kafka's own partitioner (murmur2); connects at the first send."""

    def __init__(
        self, bootstrap: str, ack_seconds: float, topic: str, security: Mapping[str, Any] | None = None
    ) -> None:
        self._bootstrap, self._seconds, self._security = bootstrap, ack_seconds, dict(security or {})
        self._broker = BrokerCheck(bootstrap, topic, self._security)
        self._producer: KafkaProducer | None = None
        self._connecting = threading.Lock()

    def send(self, messages: Sequence[Message]) -> None:
        ends = time.monotonic() + self._seconds
        try:
            producer = self._connected()
        except KafkaError as error:
            raise OutboxError(type(error).__name__) from error
        try:
            _send(producer, messages, ends)
        except KafkaError as error:
            if ends_producer(error):
                self._give_up(producer)
            raise OutboxError(type(error).__name__) from error

    def ready(self) -> bool:
        """Whether a broker answers now; a cached answer is at most a second old."""
        return self._broker.answers()

    def close(self) -> None:
        self._broker.close()
        if self._producer is not None:
            self._producer.close(timeout=self._seconds)

    def _give_up(self, producer: KafkaProducer) -> None:
        """The next send makes another producer; what others have in this one fails or is acknowledged meanwhile."""
        with self._connecting:
            if self._producer != producer:
                return
            self._producer = None
        with suppress(KafkaError):
            producer.close(timeout=self._seconds)

    def _connected(self) -> KafkaProducer:
        with self._connecting:
            if self._producer is None:
                self._producer = self._connect()
            return self._producer

    def _connect(self) -> KafkaProducer:
        milliseconds = int(self._seconds * 1000)
        return KafkaProducer(
            bootstrap_servers=self._bootstrap,
            **self._security,
            acks="all",
            linger_ms=5,
            max_request_size=4 << 20,
            max_block_ms=milliseconds,
            request_timeout_ms=milliseconds,
            delivery_timeout_ms=milliseconds + 100,
            bootstrap_timeout_ms=milliseconds,
            allow_auto_create_topics=False,
        )


def _send(producer: KafkaProducer, messages: Sequence[Message], ends: float) -> None:
    """Returns when all is acknowledged; raises KafkaError, at `ends` of the monotonic clock at the latest."""
    sent = [producer.send(m.topic, key=m.key, value=m.value, headers=list(m.headers)) for m in messages]
    for future in sent:
        future.get(timeout=max(ends - time.monotonic(), 0.01))
