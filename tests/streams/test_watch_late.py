"""Moments that were past when their event arrived: how long they wait, and for what."""

import pytest

from streams.watch import LONGEST_WAIT_SECONDS, QUIET_SECONDS
from tests.support.watching import Cases, at, ids, point, stamp


@pytest.fixture
def cases():
    return Cases()


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


def test_a_tick_says_whether_its_moment_was_past_on_arrival(cases):
    cases.put(0, point(-100), key=b"late")
    cases.put(0, point(6), key=b"timely")
    found = {due.key: due.tick.late for due in cases.watch.due(0, at(6), stamp(1))}
    assert found == {b"late": True, b"timely": False}


def test_a_late_tick_put_back_is_still_late(cases):
    cases.put(0, point(-100))
    [lost] = cases.watch.due(0, at(6), stamp(1))
    cases.watch.again(lost)
    [again] = cases.watch.due(0, at(6.25), stamp(1))
    assert again.tick.late


def test_a_case_that_never_rests_does_not_hold_up_the_others(cases):
    fired = []
    for seconds in range(80):
        cases.put(seconds, point(-100))
        if seconds == 62:
            cases.put(seconds, point(-100), key=b"quiet")
        fired += cases.due(seconds + 0.5, read_until=seconds - 1)
    assert (b"quiet", "1000:None:overdue") in fired


def test_a_case_that_never_rests_ticks_after_sixty_seconds_though_reading_lags_by_one(cases):
    fired = []
    for seconds in range(70):
        cases.put(seconds, point(-100))
        fired += cases.due(seconds + 0.5, read_until=seconds - 1)
    assert fired


def test_a_past_moment_still_waits_when_a_lower_one_comes(cases):
    cases.put(0, point(-100, due=-100, stage="accept"), point(3, "due_soon", stage="answer"))
    assert "-100:accept:overdue" not in ids(cases.due(3, read_until=None))


def test_a_duty_past_on_arrival_waits_though_an_alert_comes_meanwhile(cases):
    cases.put(0, point(-100, "intake_overdue", due=-100, track="duty"), point(3))
    assert ids(cases.due(3, read_until=None)) == ["1000:None:overdue"]
    cases.put(3, point(-100, "intake_overdue", due=-100, track="duty"), point(3), alert="overdue",
              alert_id="1000:None:overdue")  # fmt: skip
    assert ids(cases.due(9, read_until=8)) == ["-100:None:intake_overdue"]
