"""A source whose hours are never above 12 nor 0 over two hundred events has, it seems, a clock without an afternoon."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.calendar import VIETNAM
from casework.clocks_of_sources import ENOUGH_EVENTS, ClocksOfSources

SOURCE = "/mot-cua/xa-1"
DAY = datetime(2026, 9, 14, tzinfo=VIETNAM)


def at(hour, day=0):
    return DAY.replace(hour=hour, minute=30) + timedelta(days=day)


def hear(clocks, hours, source=SOURCE, day=0):
    """What is said of each event, one an hour of `hours`."""
    return [clocks.has_twelve_hours(source, [at(hour, day)]) for hour in hours]


def twelve_hours(count):
    return [1 + number % 12 for number in range(count)]


def test_the_two_hundredth_event_within_twelve_hours_makes_the_clock_odd_and_those_before_do_not():
    said = hear(ClocksOfSources(), twelve_hours(ENOUGH_EVENTS + 2))
    assert said == [False] * (ENOUGH_EVENTS - 1) + [True] * 3


@pytest.mark.parametrize("hour", [0, 13, 17, 23])
def test_one_hour_of_a_24_hour_clock_ends_the_suspicion_for_good(hour):
    clocks = ClocksOfSources()
    hear(clocks, twelve_hours(ENOUGH_EVENTS))
    assert not any(hear(clocks, [hour, *twelve_hours(2 * ENOUGH_EVENTS)]))


def test_the_mornings_of_one_day_say_nothing_yet_for_every_source_begins_with_one():
    clocks = ClocksOfSources()
    assert not any(hear(clocks, [7, 8, 9, 10, 11, 12] * ENOUGH_EVENTS))
    assert not any(hear(clocks, [13, 8, 3]))


@pytest.mark.parametrize("hour", [1, 2, 5])
def test_an_hour_from_one_to_five_is_an_afternoon_of_a_12_hour_clock(hour):
    clocks = ClocksOfSources()
    assert not any(hear(clocks, [8] * ENOUGH_EVENTS))
    assert hear(clocks, [hour]) == [True]


@pytest.mark.parametrize("hour", [6, 9, 12])
def test_mornings_of_a_second_day_without_an_afternoon_between_make_the_clock_odd(hour):
    clocks = ClocksOfSources()
    assert not any(hear(clocks, [hour] * ENOUGH_EVENTS))
    assert hear(clocks, [hour], day=1) == [True]


def test_hours_are_those_of_vietnam():
    clocks = ClocksOfSources(enough=2)
    afternoon = datetime(2026, 9, 14, 7, 0, tzinfo=UTC)  # 14:00 in Vietnam
    assert [clocks.has_twelve_hours(SOURCE, [afternoon]) for _ in range(3)] == [False] * 3
    night = datetime(2026, 9, 13, 20, 0, tzinfo=UTC)  # 03:00 in Vietnam
    assert [clocks.has_twelve_hours("/x", [night]) for _ in range(2)] == [False, True]


def test_a_date_without_a_time_neither_counts_nor_is_flagged():
    clocks = ClocksOfSources(enough=2)
    assert [clocks.has_twelve_hours(SOURCE, [DAY]) for _ in range(5)] == [False] * 5
    assert hear(clocks, [3, 10]) == [False, True]
    assert clocks.has_twelve_hours(SOURCE, [DAY]) is False


def test_a_second_after_midnight_is_an_hour_of_a_24_hour_clock():
    clocks = ClocksOfSources(enough=1)
    assert not clocks.has_twelve_hours(SOURCE, [DAY + timedelta(seconds=1)])
    assert not any(hear(clocks, twelve_hours(5)))


def test_every_moment_of_an_event_is_looked_at_and_the_event_counts_once():
    clocks = ClocksOfSources(enough=2)
    assert [clocks.has_twelve_hours(SOURCE, [at(3), at(10), DAY]) for _ in range(2)] == [False, True]
    assert not clocks.has_twelve_hours(SOURCE, [at(3), at(15)])


def test_sources_do_not_touch_each_other():
    clocks = ClocksOfSources(enough=2)
    hear(clocks, [3], "/a")
    hear(clocks, [14], "/b")
    assert hear(clocks, [9], "/a") == [True]
    assert hear(clocks, [3, 3, 3], "/b") == [False] * 3


def test_memory_is_bounded_and_the_source_heard_of_longest_ago_is_forgotten():
    clocks = ClocksOfSources(enough=2, most=3)
    for number in range(3):
        hear(clocks, [3], f"/{number}")
    hear(clocks, [14], "/0")
    hear(clocks, [3], "/new")
    assert hear(clocks, [3], "/1") == [False]
    assert hear(clocks, [3], "/new") == [True]
    assert len(clocks._clocks) == 3
