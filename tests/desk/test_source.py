"""What the projector tells Kafka of its progress."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from kafka.errors import NotCoordinatorError

from desk import source
from desk.settings import ProjectorSettings
from desk.source import KafkaSource
from tests.support.desk import TOPICS

STATES = TOPICS.feedback.states
Answered = Callable[[Mapping[Any, Any], object], None]


@dataclass
class Consumer:
    """Keeps what it is told to commit, and answers when a test lets it."""

    asked: list[tuple[dict[Any, Any], Answered]] = field(default_factory=list)

    def assign(self, _places: object) -> None:
        pass

    def commit_async(self, offsets: dict[Any, Any], callback: Answered) -> None:
        self.asked.append((offsets, callback))

    def sent(self) -> list[dict[tuple[str, int], int]]:
        return [{tuple(place): one.offset for place, one in offsets.items()} for offsets, _ in self.asked]

    def answer(self, answer: object) -> None:
        offsets, answered = self.asked[-1]
        answered(offsets, answer)


@pytest.fixture
def consumer(monkeypatch: pytest.MonkeyPatch) -> Consumer:
    found = Consumer()
    monkeypatch.setattr(source, "KafkaConsumer", lambda **_: found)
    return found


def new_source() -> KafkaSource:
    settings = ProjectorSettings(bootstrap="none:1", database_url="sqlite://", topics=TOPICS, lock_path=Path("none"))
    return KafkaSource(settings, [STATES])


def test_a_commit_that_kafka_refused_goes_again_though_nothing_new_came(consumer: Consumer) -> None:
    found = new_source()
    found.commit({(STATES, 0): 5})
    consumer.answer(NotCoordinatorError())
    found.commit({})
    assert consumer.sent() == [{(STATES, 0): 5}, {(STATES, 0): 5}]


def test_a_commit_that_kafka_took_is_not_sent_again(consumer: Consumer) -> None:
    found = new_source()
    found.commit({(STATES, 0): 5})
    consumer.answer(None)
    found.commit({})
    assert consumer.sent() == [{(STATES, 0): 5}]


def test_a_late_answer_to_an_earlier_commit_does_not_hide_that_a_later_one_is_open(consumer: Consumer) -> None:
    found = new_source()
    found.commit({(STATES, 0): 5})
    first = consumer.asked[0]
    found.commit({(STATES, 0): 7})
    first[1](first[0], None)
    found.commit({})
    assert consumer.sent()[-1] == {(STATES, 0): 7}
