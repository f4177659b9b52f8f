"""A case that stands in both lanes stays in the restricted one, unless the inspector has just given it back.

What was erased in one lane is erased in both, in whatever order the lanes learn of the move and of the erasure.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import permutations

import pytest

from casework.feedback import FeedbackEvent, apply
from streams.advance import Left
from streams.codec import decode_feedback_event, encode_state
from streams.crossing import Crossing
from streams.records import Send
from streams.topics import Lane, Topics
from tests.support.feedback import CASE, at, event
from tests.support.rules import rules

TOPICS = Topics()
OPENED = event("opened", "2026-09-03 09:00", kind="incident", lane="phan_anh_kien_nghi", domain="environment")
SUSPECTED = event("opened", "2026-09-03 09:00", kind="conduct", lane="to_cao", domain="environment")
MOVED = event("moved", "2026-09-04 09:00")
RELEASED = event("released", "2026-09-05 09:00")
ERASED = event("erased", "2026-09-05 09:00")
ERASED_LATER = event("erased", "2026-09-08 09:00")
NOW = at("2026-09-10 09:00")
PUBLIC, HIDDEN = TOPICS.feedback.events, TOPICS.restricted.events


@dataclass
class Table:
    """What a crossing asks of a table."""

    states: dict[bytes, bytes] = field(default_factory=dict)

    def get(self, partition: int, key: bytes) -> bytes | None:
        return self.states.get(key)


def sends(public: list[FeedbackEvent], restricted: list[FeedbackEvent], now: datetime = NOW) -> list[Send]:
    """What is sent because the case was opened or erased, both lanes being as their events say."""
    tables = [Table(), Table()]
    for table, events in zip(tables, (public, restricted), strict=True):
        if events:
            table.states[CASE.encode()] = encode_state(apply(None, CASE, events, rules()).state)
    return Crossing(*tables, TOPICS).sends(0, [CASE], now)  # type: ignore[arg-type]


def passed_on(lane: Lane, here: list[FeedbackEvent], there: list[FeedbackEvent]) -> list[tuple[str, FeedbackEvent]]:
    """What goes over of the events TAKEN and ASKED that a lane does not keep, both being as their events say."""
    tables = {"feedback": Table(), "restricted": Table()}
    other = "restricted" if lane.name == "feedback" else "feedback"
    if there:
        tables[other].states[CASE.encode()] = encode_state(apply(None, CASE, there, rules()).state)
    crossing = Crossing(*tables.values(), TOPICS)  # type: ignore[arg-type]
    left = Left(apply(None, CASE, here, rules()).state, [TAKEN, ASKED])
    return [(send.topic, decode_feedback_event(send.value or b"")[2])
            for send in crossing.passed_on(lane, 0, {CASE: left})]  # fmt: skip


def sent(public: list[FeedbackEvent], restricted: list[FeedbackEvent]) -> list[tuple[str, FeedbackEvent]]:
    """Topic and event of each."""
    return [(send.topic, decode_feedback_event(send.value or b"")[2]) for send in sends(public, restricted)]


def test_a_case_opened_in_both_lanes_leaves_the_public_one() -> None:
    assert [(topic, event.type) for topic, event in sent([OPENED], [SUSPECTED])] == [(PUBLIC, "moved")]


@pytest.mark.parametrize(
    ("public", "now", "moment"),
    [
        ([OPENED], NOW, OPENED.at),
        ([OPENED, event("accepted", "2026-09-04 10:00")], NOW, at("2026-09-04 10:00")),
        ([OPENED, event("accepted", "2026-12-31 10:00")], NOW, OPENED.at),
        ([replace(OPENED, at=at("2026-12-31 10:00"))], NOW, NOW),
    ],
    ids=["opened", "the last event", "one by a wrong clock", "all by a wrong clock"],
)
def test_the_leave_is_dated_by_the_last_event_that_has_happened_so_that_a_release_comes_after_it(
    public: list[FeedbackEvent], now: datetime, moment: datetime
) -> None:
    (found,) = sends(public, [SUSPECTED], now)
    left = decode_feedback_event(found.value or b"")[2]
    assert left.at == moment
    back = apply(None, CASE, [*public, left, replace(RELEASED, at=now)], rules()).state
    assert back.stage != "moved"


@pytest.mark.parametrize(
    "restricted", [[SUSPECTED, RELEASED], [SUSPECTED]], ids=["told there, too", "not told there yet"]
)
def test_a_case_that_was_released_stays_while_the_web_is_not_through(restricted: list[FeedbackEvent]) -> None:
    assert sent([OPENED, MOVED, RELEASED], restricted) == []


@pytest.mark.parametrize(
    ("public", "restricted"),
    [([OPENED, MOVED], [SUSPECTED]), ([OPENED], [SUSPECTED, MOVED]), ([OPENED, ERASED], [SUSPECTED, ERASED]),
     ([OPENED], []), ([], [SUSPECTED]), ([OPENED, ERASED], []), ([], [SUSPECTED, ERASED])],
    ids=["has left", "has left there", "erased", "only here", "only there", "erased here", "erased there"],
)  # fmt: skip
def test_a_case_that_does_not_stand_in_both_lanes_leaves_none(
    public: list[FeedbackEvent], restricted: list[FeedbackEvent]
) -> None:
    assert sent(public, restricted) == []


@pytest.mark.parametrize(
    ("public", "restricted", "carried"),
    [
        pytest.param([OPENED, ERASED], [SUSPECTED], [(HIDDEN, ERASED)], id="opened there after the erasure"),
        pytest.param([OPENED, MOVED, ERASED], [SUSPECTED], [(HIDDEN, ERASED)], id="erased where it has left"),
        pytest.param([ERASED, MOVED], [SUSPECTED], [(HIDDEN, ERASED)], id="erased where nothing else is known"),
        pytest.param([RELEASED, OPENED], [SUSPECTED, ERASED], [(PUBLIC, ERASED)], id="being given back"),
        pytest.param([OPENED], [SUSPECTED, RELEASED, MOVED, ERASED], [(PUBLIC, ERASED)], id="erased where it was"),
        pytest.param([OPENED, ERASED, ERASED_LATER], [SUSPECTED, ERASED], [(HIDDEN, ERASED_LATER)], id="once more"),
        pytest.param([OPENED, ERASED], [SUSPECTED, ERASED_LATER], [(PUBLIC, ERASED_LATER)], id="once more there"),
    ],
)
def test_an_erasure_is_carried_to_the_lane_that_does_not_know_it(
    public: list[FeedbackEvent], restricted: list[FeedbackEvent], carried: list[tuple[str, FeedbackEvent]]
) -> None:
    assert sent(public, restricted) == carried
    here, there = [OPENED, *public], [SUSPECTED, *restricted]
    for topic, erased in carried:
        (here if topic == PUBLIC else there).append(erased)
    assert sent(here, there) == []


MOVE = [("restricted", SUSPECTED), ("public", MOVED)]
RELEASE = [("public", RELEASED), ("public", OPENED), ("restricted", RELEASED),
           ("restricted", replace(MOVED, id="left", at=at("2026-09-05 09:01")))]  # fmt: skip


@pytest.mark.parametrize(
    ("begun", "moves", "erased_in"),
    [
        pytest.param([("public", OPENED)], MOVE, "public", id="a move"),
        pytest.param([("restricted", SUSPECTED)], RELEASE, "restricted", id="a release"),
        pytest.param([("public", OPENED)], [*MOVE, *RELEASE[:1], *RELEASE[2:]], "public", id="there and back"),
    ],
)
def test_whatever_the_order_of_the_moves_steps_and_the_erasure_each_lane_says_erased(
    begun: list[tuple[str, FeedbackEvent]], moves: list[tuple[str, FeedbackEvent]], erased_in: str
) -> None:
    steps = [*moves, (erased_in, ERASED)]
    orders = list(permutations(steps))
    for order in orders:
        lanes: dict[str, list[FeedbackEvent]] = {"public": [], "restricted": []}
        for lane, happened in [*begun, *order]:
            lanes[lane].append(happened)
            for topic, carried in sent(**lanes) if happened.type in ("opened", "erased") else []:
                lanes["public" if topic == PUBLIC else "restricted"].append(carried)
        states = [apply(None, CASE, events, rules()).state for events in lanes.values()]
        assert all("erased" in [event.type for event in state.history] for state in states), order
        assert sent(**lanes) == []


LEFT, MOVED_AGAIN = [OPENED, MOVED], event("moved", "2026-09-06 09:00", id="moved-again")
GIVEN_BACK = [SUSPECTED, RELEASED, event("moved", "2026-09-05 09:01", id="moved-after-release")]
BROUGHT = event("brought", "2026-09-04 09:00")
TAKEN, ASKED = event("accepted", "2026-09-03 10:00"), event("info_requested", "2026-09-04 10:00")


@pytest.mark.parametrize(
    ("lane", "here", "there", "goes"),
    [
        pytest.param(TOPICS.feedback, LEFT, [SUSPECTED, TAKEN], [(HIDDEN, ASKED)], id="what the move did not know"),
        pytest.param(TOPICS.feedback, LEFT, [SUSPECTED, TAKEN, ASKED], [], id="the move took all along"),
        pytest.param(TOPICS.feedback, LEFT, [], [(HIDDEN, TAKEN), (HIDDEN, ASKED)], id="not opened there yet"),
        pytest.param(
            TOPICS.feedback,
            LEFT,
            [SUSPECTED, BROUGHT, *GIVEN_BACK[1:]],
            [(PUBLIC, TAKEN), (PUBLIC, ASKED)],
            id="on its way back",
        ),
        pytest.param(
            TOPICS.feedback,
            [*LEFT, RELEASED, MOVED_AGAIN],
            [SUSPECTED, BROUGHT, *GIVEN_BACK[1:]],
            [(HIDDEN, TAKEN), (HIDDEN, ASKED)],
            id="not brought there again yet",
        ),
        pytest.param(TOPICS.restricted, GIVEN_BACK, [OPENED, TAKEN], [(PUBLIC, ASKED)], id="of a release"),
        pytest.param(TOPICS.restricted, GIVEN_BACK, LEFT, [(PUBLIC, TAKEN), (PUBLIC, ASKED)], id="not given back yet"),
        pytest.param(
            TOPICS.restricted,
            GIVEN_BACK,
            [*LEFT, RELEASED, MOVED_AGAIN],
            [(HIDDEN, TAKEN), (HIDDEN, ASKED)],
            id="on its way here again",
        ),
    ],
)
def test_a_decision_goes_after_the_case_that_has_left(
    lane: Lane, here: list[FeedbackEvent], there: list[FeedbackEvent], goes: list[tuple[str, FeedbackEvent]]
) -> None:
    assert passed_on(lane, here, there) == goes


def test_a_decision_read_between_a_move_and_a_release_is_kept_where_the_case_comes_back() -> None:
    """The restricted lane is ahead: it has given the case back before the public one has read that."""
    ahead = [SUSPECTED, BROUGHT, *GIVEN_BACK[1:]]
    behind = [OPENED, TAKEN, MOVED]
    returned = [event for topic, event in passed_on(TOPICS.feedback, [OPENED, MOVED], ahead) if topic == PUBLIC]
    left = apply(None, CASE, behind, rules()).state
    back = apply(left, CASE, [RELEASED, OPENED, *returned], rules()).state
    assert {TAKEN.id, ASKED.id} <= {event.id for event in back.history}


def test_a_decision_on_a_case_that_stands_in_neither_lane_goes_round_three_times_only() -> None:
    tables = {"feedback": Table(), "restricted": Table()}
    tables["restricted"].states[CASE.encode()] = encode_state(
        apply(None, CASE, [SUSPECTED, BROUGHT, *GIVEN_BACK[1:]], rules()).state
    )
    crossing = Crossing(*tables.values(), TOPICS)  # type: ignore[arg-type]
    left = {CASE: Left(apply(None, CASE, LEFT, rules()).state, [TAKEN])}
    assert [len(crossing.passed_on(TOPICS.feedback, 0, left)) for _ in range(5)] == [1, 1, 1, 0, 0]
