"""A case that stands in both lanes stays in the restricted one, unless the inspector has just given it back."""

from dataclasses import dataclass, field

import pytest

from casework.feedback import FeedbackEvent, apply
from streams.codec import encode_state
from streams.crossing import Crossing
from streams.topics import Topics
from tests.support.feedback import CASE, event
from tests.support.rules import rules

TOPICS = Topics()
OPENED = event("opened", "2026-09-03 09:00", kind="incident", lane="phan_anh_kien_nghi", domain="environment")
SUSPECTED = event("opened", "2026-09-03 09:00", kind="conduct", lane="to_cao", domain="environment")
MOVED = event("moved", "2026-09-04 09:00")
RELEASED = event("released", "2026-09-05 09:00")
ERASED = event("erased", "2026-09-05 09:00")


@dataclass
class Table:
    """What a crossing asks of a table."""

    states: dict[bytes, bytes] = field(default_factory=dict)

    def get(self, partition: int, key: bytes) -> bytes | None:
        return self.states.get(key)


def sent(public: list[FeedbackEvent], restricted: list[FeedbackEvent]) -> list[str]:
    """Topics of what is sent because the case was opened, both lanes being as their events say."""
    tables = [Table(), Table()]
    for table, events in zip(tables, (public, restricted), strict=True):
        if events:
            table.states[CASE.encode()] = encode_state(apply(None, CASE, events, rules()).state)
    crossing = Crossing(*tables, TOPICS.feedback)  # type: ignore[arg-type]
    return [send.topic for send in crossing.sends(0, [CASE])]


def test_a_case_opened_in_both_lanes_leaves_the_public_one() -> None:
    assert sent([OPENED], [SUSPECTED]) == [TOPICS.feedback.events]


@pytest.mark.parametrize(
    "restricted", [[SUSPECTED, RELEASED], [SUSPECTED]], ids=["told there, too", "not told there yet"]
)
def test_a_case_that_was_released_stays_while_the_web_is_not_through(restricted: list[FeedbackEvent]) -> None:
    assert sent([OPENED, MOVED, RELEASED], restricted) == []


@pytest.mark.parametrize(
    ("public", "restricted"),
    [([OPENED, MOVED], [SUSPECTED]), ([OPENED], [SUSPECTED, MOVED]), ([OPENED, ERASED], [SUSPECTED]),
     ([OPENED], []), ([], [SUSPECTED])],
    ids=["has left", "has left there", "erased", "only here", "only there"],
)  # fmt: skip
def test_a_case_that_does_not_stand_in_both_lanes_leaves_none(
    public: list[FeedbackEvent], restricted: list[FeedbackEvent]
) -> None:
    assert sent(public, restricted) == []
