"""What was erased stays erased and what has left a lane stays out of it, whenever its text comes."""

from datetime import datetime

import pytest

from casework.feedback import FeedbackEvent
from casework.feedback_texts import decided, is_erased, is_released, left_at
from tests.support.feedback import after, at, event, opened

OPENED = opened("2026-09-03 09:00")
NOTE = event("answered", "2026-09-04 10:00")
ERASED = event("erased", "2026-09-05 09:00")
MOVED, RELEASED = event("moved", "2026-09-06 09:00"), event("released", "2026-09-07 09:00")
MOVED_AGAIN = event("moved", "2026-09-08 09:00")


@pytest.mark.parametrize(
    ("history", "of", "moment", "erased"),
    [
        pytest.param([OPENED], OPENED, OPENED.at, False, id="no erasure"),
        pytest.param([OPENED, ERASED], OPENED, OPENED.at, True, id="what the citizen sent"),
        pytest.param([OPENED, ERASED], OPENED, at("2027-01-01"), True, id="what the citizen sent, by a wrong clock"),
        pytest.param([OPENED, NOTE, ERASED], NOTE, NOTE.at, True, id="an answer before the erasure"),
        pytest.param([OPENED, ERASED], NOTE, NOTE.at, True, id="one before it, whose event never came"),
        pytest.param([OPENED, ERASED], NOTE, ERASED.at, True, id="one of the same moment"),
        pytest.param([OPENED, ERASED], NOTE, None, True, id="one of no moment"),
        pytest.param([OPENED, ERASED], NOTE, at("2026-09-06"), False, id="an answer after the erasure"),
        pytest.param([ERASED], OPENED, OPENED.at, True, id="a case of which nothing else is known"),
    ],
)
def test_an_erasure_takes_away_what_the_citizen_sent_and_what_was_written_before_it(
    history: list[FeedbackEvent], of: FeedbackEvent, moment: datetime | None, erased: bool
) -> None:
    assert is_erased(after(*history), of.id, moment) is erased


@pytest.mark.parametrize(
    ("history", "left", "released"),
    [
        pytest.param([OPENED], None, False, id="never moved"),
        pytest.param([OPENED, MOVED], MOVED.at, False, id="moved"),
        pytest.param([MOVED], MOVED.at, False, id="moved before anything else came"),
        pytest.param([OPENED, MOVED, RELEASED], None, True, id="moved and given back"),
        pytest.param([OPENED, RELEASED, MOVED], None, True, id="the same in another order"),
        pytest.param([OPENED, MOVED, RELEASED, MOVED_AGAIN], MOVED_AGAIN.at, False, id="moved again"),
        pytest.param([OPENED, RELEASED, MOVED_AGAIN, event("brought", "2026-09-09")], None, False, id="brought again"),
    ],
)
def test_a_case_has_left_a_lane_since_its_last_move_unless_it_was_given_back(
    history: list[FeedbackEvent], left: datetime | None, released: bool
) -> None:
    state = after(*history)
    assert (left_at(state), is_released(state)) == (left, released)


@pytest.mark.parametrize(
    ("history", "left"),
    [
        pytest.param([OPENED, NOTE], [], id="it is there"),
        pytest.param([OPENED, NOTE, ERASED, event("escalated", "2026-09-04"), MOVED], [NOTE], id="it has left"),
        pytest.param([OPENED, NOTE, MOVED, RELEASED], [], id="it came back"),
    ],
)
def test_what_people_decided_is_left_over_where_the_case_has_left(
    history: list[FeedbackEvent], left: list[FeedbackEvent]
) -> None:
    assert decided(after(*history), history) == left
