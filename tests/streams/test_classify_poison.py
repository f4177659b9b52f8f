"""A text at which the classifier raises is a dead letter; a classifier that raises at every text is no text's fault."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from casework.feedback_state import Alternative
from models.classifier import Classification
from models.places import AreaFinder
from streams.classify import Intake
from streams.codec import Sealer
from streams.codec.sealing import new_private_key, public_key
from streams.dead_letters import DeadLetters
from streams.topics import Topics
from tests.support.rules import rules

TOPICS = Topics()
BAD = "văn bản hỏng"


class IllError(RuntimeError):
    """What the classifier of these tests raises."""


@dataclass
class Raising:
    """Classifies as always the same, but raises at texts that hold the word."""

    word: str

    def classify(self, texts: list[str]) -> list[Classification]:
        if any(self.word in text for text in texts):
            raise IllError
        return [_found(text) for text in texts]


def _found(text: str) -> Classification:
    return Classification(
        domain="urban_infra", confidence=0.9, alternatives=(Alternative("urban_infra", 0.9),), abstained=False,
        missing=(), kind="incident", lane="phan_anh_kien_nghi", urgency="normal", text=text, reasons=(),
        lane_signals=(), model_version="test",
    )  # fmt: skip


@dataclass(frozen=True)
class Record:
    value: bytes
    offset: int
    topic: str = "feedback.intake"
    partition: int = 0
    timestamp: int = 1_790_000_000_000
    key: bytes | None = None
    headers: tuple[Any, ...] = ()


def intake(word: str) -> Intake:
    sealer = Sealer(public_key(new_private_key()))
    return Intake(TOPICS, Raising(word), AreaFinder(""), rules().agencies, sealer, DeadLetters(TOPICS, sealer))  # type: ignore[arg-type]


def records(*texts: str) -> list[Record]:
    data = [{"feedback_id": f"PA-{number}", "text": text, "channel": "portal"} for number, text in enumerate(texts)]
    return [Record(json.dumps(one).encode(), number) for number, one in enumerate(data)]


async def test_one_bad_text_is_a_dead_letter_and_the_others_are_opened() -> None:
    sends, found, refused = await intake(BAD).take(records("Đèn hỏng", f"Đây là {BAD}", "Cống tắc"))
    assert len(found) == 2
    assert [send.key for send in sends if send.topic == TOPICS.feedback.events] == [b"PA-0", b"PA-2"]
    assert [send.key for send in sends if send.topic == TOPICS.dead_letters] == [b"feedback.intake/0/1"]
    assert refused == [(None, "unclassifiable text")]


async def test_a_classifier_that_raises_at_everything_ends_the_process_and_nothing_is_refused() -> None:
    with pytest.raises(IllError):
        await intake("").take(records("Đèn hỏng"))
