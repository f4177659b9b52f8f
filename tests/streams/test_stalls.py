"""How long a partition has stood still: only what was looked at, and only while nothing moves, counts."""

from streams.stalls import Stalls


def test_a_partition_that_does_not_move_stands_still_for_longer_and_longer() -> None:
    stalls = Stalls()
    for now in (0.0, 5.0, 10.0):
        stalls.look(now, {"a": 7})
    assert stalls.longest(12.0) == 12.0


def test_a_partition_that_moves_slowly_does_not_stand_still() -> None:
    stalls = Stalls()
    for now in range(0, 100, 5):
        stalls.look(now, {"a": now})
    assert stalls.longest(97) == 2


def test_a_partition_that_has_caught_up_or_left_is_forgotten() -> None:
    stalls = Stalls()
    stalls.look(0.0, {"a": 7})
    stalls.look(50.0, {})
    stalls.look(55.0, {"a": 7})
    assert stalls.longest(60.0) == 5.0


def test_the_slowest_partition_counts() -> None:
    stalls = Stalls()
    stalls.look(0.0, {"a": 7})
    stalls.look(30.0, {"a": 7, "b": 1})
    assert stalls.longest(40.0) == 40.0


def test_after_clearing_the_count_begins_anew() -> None:
    stalls = Stalls()
    stalls.look(0.0, {"a": 7})
    stalls.clear()
    assert stalls.longest(99.0) == 0.0
