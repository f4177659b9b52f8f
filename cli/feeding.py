"""Sending to Kafka, with progress, and waiting until it has all arrived."""

import time
from collections.abc import Iterable
from contextlib import closing
from typing import Any

from kafka import KafkaProducer

from cli.arrival import NotArrivedError, Offsets, Place, new_arrival
from cli.log import kafka_of
from cli.outgoing import Outgoing
from cli.progress import progress
from cli.say import refused
from cli.settings import Settings
from streams.codec import BACKFILL_HEADER

FLUSH_SECONDS = 120.0


class Feeder:
    """A producer that waits for all acknowledgements and remembers how far each partition goes."""

    def __init__(self, settings: Settings, *, backfill: bool) -> None:
        self._headers = [BACKFILL_HEADER] if backfill else []
        self._sent: dict[Place, int] = {}
        self._failed: list[BaseException] = []
        self._producer: Any = KafkaProducer(
            **settings.kafka, acks="all", linger_ms=20, batch_size=1 << 18, max_request_size=4 << 20,
            allow_auto_create_topics=False,
        )  # fmt: skip

    def send(self, message: Outgoing) -> None:
        """Hands the message over; whether it arrived shows in `finish`."""
        future = self._producer.send(
            message.topic, message.value, key=message.key, partition=message.partition, headers=self._headers
        )
        future.add_callback(self._note)
        future.add_errback(self._failed.append)

    def finish(self) -> Offsets:
        """The offset after the last message of each topic and partition, all acknowledged. Raises KafkaError."""
        self._producer.flush(timeout=FLUSH_SECONDS)
        if self._failed:
            raise self._failed[0]
        return self._sent

    def close(self) -> None:
        self._producer.close(timeout=5)

    def _note(self, sent: Any) -> None:
        place = (sent.topic, sent.partition)
        self._sent[place] = max(self._sent.get(place, 0), sent.offset + 1)


def feed(
    settings: Settings, messages: Iterable[Outgoing], total: int, *, rate: float = 0, backfill: bool = True
) -> Offsets:
    """Sends everything, at most `rate` a second where that is not 0. Ends the command where Kafka does not answer."""
    with kafka_of(settings), closing(Feeder(settings, backfill=backfill)) as feeder:
        began = time.monotonic()
        with progress("Gửi", total) as advance:
            for number, message in enumerate(messages):
                if rate:
                    time.sleep(max(0.0, began + number / rate - time.monotonic()))
                feeder.send(message)
                advance(1)
        return feeder.finish()


def wait_until_seen(settings: Settings, sent: Offsets, total: int) -> None:
    """Returns when all that was sent can be seen on the pages; ends the command where it does not get there."""
    shown = 0

    def remaining(left: int) -> None:
        nonlocal shown
        before, shown = shown, max(shown, total - left)
        advance(shown - before)

    with kafka_of(settings), closing(new_arrival(settings)) as arrival, progress("Xử lý", total) as advance:
        try:
            arrival.wait(sent, remaining)
            remaining(0)
        except NotArrivedError as error:
            raise refused(str(error)) from None
