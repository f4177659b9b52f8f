"""The deadline watch on plain values: what ticks, when, and how often."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from casework.calendar import VIETNAM
from casework.watchpoints import Watchpoint
from streams.codec.states import Watched
from streams.watch import LONGEST_WAIT_SECONDS, QUIET_SECONDS, TICKS_A_ROUND, DeadlineWatch, missing_alert

START = datetime(2026, 9, 14, 8, 0, tzinfo=VIETNAM)
KEY = b"H99.1-260914-0001"


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def stamp(seconds: float) -> float:
    return at(seconds).timestamp()


def point(seconds, alert="overdue", due=1000, stage=None):
    return Watchpoint(moment=at(seconds), alert=alert, alert_id=f"{due}:{stage}:{alert}", due_at=at(due), stage=stage)


def watched(*points, alert=None, alert_id=None):
    return Watched(watch=points, alert=alert, alert_id=alert_id)


@dataclass
class Cases:
    """A table of states in memory with the watch over it; all on partition 0 unless told otherwise."""

    table: dict = field(default_factory=dict)
    watch: DeadlineWatch = field(init=False)

    def __post_init__(self):
        self.watch = DeadlineWatch(lambda partition, key: self.table.get((partition, key)))

    def put(self, seconds, *points, key=KEY, partition=0, quiet=False, alert=None, alert_id=None):
        """A state is written at `seconds` and noted by the watch."""
        state = self.table[partition, key] = watched(*points, alert=alert, alert_id=alert_id)
        self.watch.index(partition, key, state, at(seconds), quiet=quiet)

    def due(self, seconds, read_until=None, partition=0):
        """Keys that are due, with alert and stage; `read_until` in seconds, too."""
        read = None if read_until is None else stamp(read_until)
        return sorted((due.key, due.tick.alert_id) for due in self.watch.due(partition, at(seconds), read))


@pytest.fixture
def cases():
    return Cases()


def ids(found):
    return [alert_id for _, alert_id in found]


def test_a_moment_to_come_ticks_when_it_comes_and_not_before(cases):
    cases.put(0, point(10))
    assert cases.due(9.999) == []
    assert ids(cases.due(10)) == ["1000:None:overdue"]


def test_it_ticks_once(cases):
    cases.put(0, point(10))
    assert [len(cases.due(seconds)) for seconds in (10, 10.25, 11, 99)] == [1, 0, 0, 0]


def test_a_moment_that_comes_needs_no_backlog_to_be_read(cases):
    cases.put(0, point(10))
    assert cases.due(10, read_until=None)


def test_noting_a_case_again_and_again_does_not_double_its_tick(cases):
    for seconds in range(5):
        cases.put(seconds, point(10))
    assert len(cases.due(10)) == 1
    assert cases.due(10.25) == []


def test_each_moment_of_a_case_ticks_in_its_turn(cases):
    points = point(10, "due_soon"), point(20, "apology_due"), point(30)
    cases.put(0, *points)
    for seconds, alert in ((10, "due_soon"), (20, "apology_due"), (30, "overdue")):
        assert ids(cases.due(seconds)) == [f"1000:None:{alert}"]
        cases.put(seconds, *points, alert=alert, alert_id=f"1000:None:{alert}")


def test_only_the_highest_of_several_moments_that_came_ticks(cases):
    cases.put(0, point(10, "due_soon"), point(20, "apology_due"), point(30))
    assert ids(cases.due(31)) == ["1000:None:overdue"]


def test_a_moment_moved_to_later_ticks_at_the_new_moment_only(cases):
    cases.put(0, point(10))
    cases.put(5, point(50, due=2000))
    assert cases.due(10) == []
    assert ids(cases.due(50)) == ["2000:None:overdue"]


def test_a_moment_moved_to_sooner_ticks_at_the_new_moment_only(cases):
    cases.put(0, point(50))
    cases.put(5, point(10, due=500))
    assert ids(cases.due(10)) == ["500:None:overdue"]
    cases.put(10, point(10, due=500), alert="overdue", alert_id="500:None:overdue")
    assert cases.due(50) == []


def test_a_case_closed_before_its_moment_does_not_tick(cases):
    cases.put(0, point(10))
    cases.put(5)
    assert cases.due(10) == []
    assert len(cases.watch) <= 1


def test_a_case_closed_in_the_table_but_not_yet_noted_does_not_tick(cases):
    cases.put(0, point(10))
    cases.table[0, KEY] = watched()
    assert cases.due(10) == []


def test_a_case_that_left_the_table_does_not_tick(cases):
    cases.put(0, point(10))
    cases.table.clear()
    assert cases.due(10) == []


def test_an_alert_that_stands_already_does_not_tick(cases):
    cases.put(0, point(-10), alert="overdue", alert_id="1000:None:overdue")
    assert cases.due(100, read_until=100) == []


def test_a_lower_alert_does_not_tick_below_a_higher_one_that_stands():
    state = watched(point(-20, "due_soon"), alert="overdue", alert_id="1000:None:overdue")
    assert missing_alert(state, at(0)) is None


def test_an_alert_of_another_stage_that_is_due_sooner_replaces_the_one_that_stands():
    nearer, further = point(-1, due=10, stage="accept"), point(-5, due=20, stage="answer")
    state = watched(nearer, further, alert="overdue", alert_id=further.alert_id)
    assert missing_alert(state, at(0)) == nearer


def test_a_moment_past_on_arrival_waits_until_the_case_is_quiet_for_five_seconds(cases):
    cases.put(0, point(-100))
    assert cases.due(QUIET_SECONDS - 0.25, read_until=4) == []
    assert ids(cases.due(QUIET_SECONDS, read_until=4)) == ["1000:None:overdue"]
    assert cases.due(QUIET_SECONDS + 0.25, read_until=4) == []


def test_each_event_of_the_case_starts_the_quiet_anew(cases):
    cases.put(0, point(-100))
    cases.put(4, point(-100))
    assert cases.due(5, read_until=5) == []
    assert cases.due(8.9, read_until=8) == []
    assert len(cases.due(9, read_until=8)) == 1


def test_events_without_pause_delay_it_sixty_seconds_at_most(cases):
    for seconds in range(60):
        cases.put(seconds, point(-100))
        assert cases.due(seconds + 0.5, read_until=seconds + 0.25) == []
    assert len(cases.due(LONGEST_WAIT_SECONDS, read_until=59.5)) == 1


@pytest.mark.parametrize("read_until", [None, -1, -0.001])
def test_a_past_moment_waits_until_what_was_sent_before_its_event_has_been_read(cases, read_until):
    cases.put(0, point(-100))
    assert cases.due(59, read_until=read_until) == []
    assert cases.due(600, read_until=read_until) == []
    assert len(cases.due(600, read_until=0)) == 1


def test_a_case_that_was_put_right_while_it_waited_never_ticks(cases):
    cases.put(0, point(-100))
    cases.put(2)
    assert cases.due(100, read_until=99) == []


def test_a_past_moment_whose_date_moved_while_it_waited_ticks_for_the_new_date_only(cases):
    cases.put(0, point(-100))
    cases.put(2, point(50, due=2000))
    assert cases.due(20, read_until=19) == []
    assert ids(cases.due(50, read_until=49)) == ["2000:None:overdue"]


def test_a_case_that_waits_still_ticks_for_a_moment_that_comes_meanwhile(cases):
    cases.put(0, point(-100, "due_soon"), point(3))
    assert ids(cases.due(3, read_until=None)) == ["1000:None:overdue"]


def test_after_recovery_a_past_moment_need_not_be_quiet_but_everything_must_be_read(cases):
    cases.put(0, point(-100), quiet=True)
    assert cases.due(0.25, read_until=None) == []
    assert len(cases.due(0.5, read_until=0)) == 1


def test_a_tick_that_could_not_be_sent_is_due_again(cases):
    cases.put(0, point(10))
    [lost] = cases.watch.due(0, at(10), None)
    cases.watch.again(lost)
    assert ids(cases.due(10.25)) == [lost.tick.alert_id]
    assert cases.due(10.5) == []


def test_a_tick_put_back_does_not_lose_the_next_moment_nor_double_it(cases):
    cases.put(0, point(10, "due_soon"), point(20))
    [lost] = cases.watch.due(0, at(10), None)
    cases.watch.again(lost)
    assert ids(cases.due(11)) == ["1000:None:due_soon"]
    cases.put(11, point(10, "due_soon"), point(20), alert="due_soon", alert_id="1000:None:due_soon")
    assert ids(cases.due(20)) == ["1000:None:overdue"]
    assert cases.due(20.25) == []


def test_a_tick_put_back_is_forgotten_where_the_case_was_closed_meanwhile(cases):
    cases.put(0, point(10))
    [lost] = cases.watch.due(0, at(10), None)
    cases.watch.again(lost)
    cases.put(10.1)
    assert cases.due(10.25) == []


def test_an_event_after_a_tick_was_put_back_does_not_lose_it(cases):
    cases.put(0, point(10))
    [lost] = cases.watch.due(0, at(10), None)
    cases.watch.again(lost)
    cases.put(10.1, point(10))
    assert len(cases.due(10.25, read_until=10) + cases.due(16, read_until=15)) == 1


def test_partitions_do_not_touch_each_other(cases):
    cases.put(0, point(10), partition=1)
    cases.put(0, point(10), partition=2, key=b"other")
    assert cases.due(10, partition=0) == []
    assert cases.due(10, partition=1) == [(KEY, "1000:None:overdue")]
    assert cases.due(10, partition=2) == [(b"other", "1000:None:overdue")]


def test_after_partitions_were_revoked_nothing_ticks(cases):
    cases.put(0, point(10))
    cases.put(0, point(-10), key=b"late")
    cases.watch.clear()
    assert cases.due(100, read_until=100) == []
    assert len(cases.watch) == 0


def test_a_flood_of_moments_ticks_in_rounds_and_loses_none(cases):
    many = TICKS_A_ROUND + 5
    for number in range(many):
        cases.put(0, point(10), key=b"%d" % number)
    first, second, third = cases.due(10), cases.due(10.25), cases.due(10.5)
    assert [len(first), len(second), len(third)] == [TICKS_A_ROUND, 5, 0]
    assert len({key for key, _ in first + second}) == many


def test_the_tick_names_the_alert_its_moment_and_the_partition(cases):
    cases.put(0, point(10), partition=3)
    [due] = cases.watch.due(3, at(12), None)
    assert (due.partition, due.key, due.tick.alert_id, due.tick.moment) == (3, KEY, "1000:None:overdue", at(10))


def test_a_tick_says_whether_its_moment_was_past_on_arrival(cases):
    cases.put(0, point(-100), key=b"late")
    cases.put(0, point(6), key=b"timely")
    found = {due.key: due.tick.late for due in cases.watch.due(0, at(6), stamp(1))}
    assert found == {b"late": True, b"timely": False}


@pytest.mark.xfail(strict=True, reason="again() puts a late tick on the heap, from where it comes back as timely")
def test_a_late_tick_put_back_is_still_late(cases):
    cases.put(0, point(-100))
    [lost] = cases.watch.due(0, at(6), stamp(1))
    cases.watch.again(lost)
    [again] = cases.watch.due(0, at(6.25), stamp(1))
    assert again.tick.late


@pytest.mark.xfail(strict=True, reason="the head of the queue of late cases that has to wait on holds up all behind it")
def test_a_case_that_never_rests_does_not_hold_up_the_others(cases):
    fired = []
    for seconds in range(80):
        cases.put(seconds, point(-100))
        if seconds == 62:
            cases.put(seconds, point(-100), key=b"quiet")
        fired += cases.due(seconds + 0.5, read_until=seconds - 1)
    assert (b"quiet", "1000:None:overdue") in fired


@pytest.mark.xfail(strict=True, reason="the newest event, not the wait, is compared with how far the intake was read")
def test_a_case_that_never_rests_ticks_after_sixty_seconds_though_reading_lags_by_one(cases):
    fired = []
    for seconds in range(70):
        cases.put(seconds, point(-100))
        fired += cases.due(seconds + 0.5, read_until=seconds - 1)
    assert fired


@pytest.mark.xfail(strict=True, reason="a lower moment that comes makes a higher one tick that still has to wait")
def test_a_past_moment_still_waits_when_a_lower_one_comes(cases):
    cases.put(0, point(-100, due=-100, stage="accept"), point(3, "due_soon", stage="answer"))
    assert "-100:accept:overdue" not in ids(cases.due(3, read_until=None))
