"""A matter that comes back: same domain, same place, within thirty days after it was said to be done."""

from datetime import UTC, datetime
from typing import Any

import pytest

from casework.recurrence import Report, Settled, recurrence_of
from casework.rules import Settings
from tests.support.feedback import at

LAMP = (10.778, 106.695)
DAYS = Settings().recurrence_days


def report(received: str = "2026-09-20", feedback_id: str = "PA-2", **fields: Any) -> Report:
    usual = {"domain": "urban_infra", "place": LAMP, "area": "Phường 1"}
    return Report(feedback_id=feedback_id, received_at=at(received), **{**usual, **fields})


def settled(closed: str = "2026-09-01", feedback_id: str = "PA-1", **fields: Any) -> Settled:
    return Settled(report=report("2026-08-20", feedback_id, **fields), closed_at=at(closed))


CASES = [
    # the new one, the closed one, whether it is repeated
    (report(), settled(), True, "same_domain_and_place"),
    (report(), settled(domain="environment"), False, "another_domain"),
    (report(domain=None), settled(domain=None), False, "no_domain_is_no_matter"),
    (report(), settled(place=(10.779, 106.695)), False, "a_place_a_hundred_metres_on"),
    (report(area="Phường 9"), settled(), True, "the_place_goes_before_the_area"),
    (report(), settled(place=None), False, "one_with_and_one_without_a_place"),
    (report(place=None), settled(), False, "the_other_way_round"),
    (report(place=None), settled(place=None), True, "same_area_where_neither_has_a_place"),
    (report(place=None, area=" phường  1"), settled(place=None), True, "an_area_is_read_as_it_is_spoken"),
    (report(place=None, area="Phường 2"), settled(place=None), False, "another_area"),
    (report(place=None, area=None), settled(place=None, area=None), False, "nowhere_is_no_place"),
    (report(place=None, area=""), settled(place=None, area=""), False, "a_blank_area_is_no_place"),
    (report("2026-10-01 23:59"), settled("2026-09-01"), True, "thirty_days_after_by_dates"),
    (report("2026-10-02 00:00"), settled("2026-09-01"), False, "thirty_one_days_after"),
    (report("2026-09-01 09:01"), settled("2026-09-01 09:00"), True, "a_minute_after_the_answer"),
    (report("2026-09-01 09:00"), settled("2026-09-01 09:00"), False, "at_the_very_moment_it_is_the_same_matter"),
    (report("2026-08-31"), settled("2026-09-01"), False, "received_before_the_answer_it_is_a_duplicate"),
    (report(feedback_id="PA-1"), settled(), False, "a_case_does_not_repeat_itself"),
]


@pytest.mark.parametrize(("new", "closed", "repeats"), [case[:3] for case in CASES], ids=[case[3] for case in CASES])
def test_what_comes_back_repeats_the_closed_case(new, closed, repeats):
    assert recurrence_of(new, [closed], DAYS) == (closed if repeats else None)


def test_the_days_are_those_of_vietnam():
    late = Report(feedback_id="PA-2", domain="traffic", place=LAMP, area=None,
                  received_at=datetime(2026, 10, 1, 17, 0, tzinfo=UTC))  # fmt: skip
    assert recurrence_of(late, [settled(domain="traffic")], DAYS) is None


def test_of_several_the_one_closed_last_is_repeated_whatever_their_order():
    older, newer, other = settled("2026-09-01"), settled("2026-09-05", "PA-0"), settled("2026-09-10", domain="land")
    assert recurrence_of(report(), [older, newer, other], DAYS) == newer
    assert recurrence_of(report(), [other, newer, older], DAYS) == newer


@pytest.mark.parametrize(("days", "repeats"), [(18, False), (19, True), (0, False)])
def test_how_long_a_matter_counts_as_come_back_is_a_setting(days, repeats):
    assert (recurrence_of(report("2026-09-20"), [settled("2026-09-01")], days) is not None) is repeats
