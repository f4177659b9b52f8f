"""Hears a topic from now on and notes by the wall clock when each record arrived."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from casework.calendar import VIETNAM
from casework.outcomes import Outcome
from streams.codec import decode_outcome
from tests.support.kafka import PARTITIONS
from tests.support.waiting import eventually


@dataclass(frozen=True, slots=True)
class Heard:
    """An outcome and when it was seen (aware, by this machine's clock)."""

    outcome: Outcome
    at: datetime

    @property
    def delay(self) -> float:
        """Seconds from the business moment to its being seen; negative when told too early."""
        return (self.at - self.outcome.at).total_seconds()


@dataclass
class Outcomes:
    """What a topic of outcomes has told so far."""

    heard: list[Heard] = field(default_factory=list)

    def of(self, case_id: str, name: str) -> list[Heard]:
        """Outcomes of one name about one case, in the order of arrival."""
        return [one for one in self.heard if (one.outcome.case_id, one.outcome.outcome) == (case_id, name)]

    def wait_for(self, case_id: str, name: str, within: float) -> Heard:
        return eventually(lambda: self.of(case_id, name), within=within, what=f"{name} of {case_id}")[0]


@contextmanager
def hearing_outcomes(bootstrap: str, topic: str) -> Iterator[Outcomes]:
    """Listens in a thread to what is written to a topic of outcomes from now on."""
    outcomes = Outcomes()

    def note(record: Any) -> None:
        outcomes.heard.append(Heard(decode_outcome(record.value), datetime.now(VIETNAM)))

    stop, listening = threading.Event(), threading.Event()
    thread = threading.Thread(target=_listen, args=(bootstrap, topic, note, listening, stop))
    thread.start()
    try:
        assert listening.wait(30), f"no answer from Kafka at {bootstrap}"
        yield outcomes
    finally:
        stop.set()
        thread.join()


def _listen(
    bootstrap: str, topic: str, note: Callable[[Any], None], listening: threading.Event, stop: threading.Event
) -> None:
    places = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
    with closing(KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, group_id=None)) as consumer:
        consumer.assign(places)
        consumer.seek_to_end(*places)
        for place in places:
            consumer.position(place)
        listening.set()
        while not stop.is_set():
            for records in consumer.poll(timeout_ms=50).values():
                for record in records:
                    note(record)
            time.sleep(0.005)
