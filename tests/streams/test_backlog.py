"""What the watch may conclude from silence: how far intake and events have been read."""

import pytest

from streams.backlog import Backlog, Positions, passed

NOTHING = {0: 0, 1: 0}


def polled(backlog, at, intake_ends=NOTHING, intake_read=NOTHING, events_ends=NOTHING, events_read=NOTHING):
    backlog.poll(Positions(at, intake_ends, intake_read, events_ends, events_read))
    return backlog.opened, backlog.read_until


@pytest.mark.parametrize(("marks", "committed", "good"), [
    ({}, {}, True),
    ({0: 0}, {}, True),
    ({0: 5}, {}, False),
    ({0: 5}, {0: 4}, False),
    ({0: 5}, {0: 5}, True),
    ({0: 5}, {0: 9}, True),
    ({0: 5, 1: 2}, {0: 5}, False),
    ({0: 5, 1: 2}, {0: 5, 1: 2}, True),
    ({0: 5}, {0: 5, 7: 0}, True),
])  # fmt: skip
def test_a_mark_is_passed_when_every_partition_was_read_up_to_it(marks, committed, good):
    assert passed(marks, committed) is good


def test_before_the_first_look_nothing_may_fire():
    assert (Backlog().opened, Backlog().read_until) == (False, None)


def test_on_empty_topics_everything_is_read_at_once():
    assert polled(Backlog(), 100.0) == (True, 100.0)


def test_the_watch_opens_when_the_events_that_were_there_at_assignment_are_read():
    backlog = Backlog()
    assert polled(backlog, 1.0, events_ends={0: 10}, events_read={0: 4})[0] is False
    assert polled(backlog, 2.0, events_ends={0: 50}, events_read={0: 9})[0] is False
    assert polled(backlog, 3.0, events_ends={0: 90}, events_read={0: 10})[0] is True


def test_once_open_it_stays_open_however_much_arrives():
    backlog = Backlog()
    polled(backlog, 1.0)
    assert polled(backlog, 2.0, events_ends={0: 99}, events_read={0: 0})[0] is True


def test_what_was_on_the_intake_must_pass_the_events_too_before_its_time_counts():
    backlog = Backlog()
    assert polled(backlog, 1.0, {0: 10}, {0: 0}, {0: 0}, {0: 0}) == (True, None)
    assert polled(backlog, 2.0, {0: 10}, {0: 10}, {0: 10}, {0: 3}) == (True, None)
    assert polled(backlog, 3.0, {0: 10}, {0: 10}, {0: 10}, {0: 9}) == (True, None)
    assert polled(backlog, 4.0, {0: 10}, {0: 10}, {0: 10}, {0: 10}) == (True, 1.0)


def test_the_events_that_count_are_those_there_after_the_intake_was_read():
    backlog = Backlog()
    polled(backlog, 1.0, {0: 10}, {0: 0}, {0: 0}, {0: 0})
    polled(backlog, 2.0, {0: 10}, {0: 10}, {0: 10}, {0: 0})
    assert polled(backlog, 3.0, {0: 99}, {0: 10}, {0: 70}, {0: 10})[1] == 1.0


def test_a_steady_stream_does_not_keep_the_time_from_moving_on():
    backlog = Backlog()
    seen = []
    for n in range(1, 9):
        read, folded = {0: 10 * n - 5}, {0: 10 * n - 9}
        seen.append(polled(backlog, float(n), {0: 10 * n}, read, events_ends=read, events_read=folded)[1])
    assert seen == [None, None, 1.0, 1.0, 1.0, 4.0, 4.0, 4.0]


def test_time_never_runs_back_and_never_ahead_of_the_poll():
    backlog, before = Backlog(), 0.0
    for n in range(1, 30):
        _, read = polled(backlog, float(n), {0: 7 * n}, {0: 7 * n - n % 5}, {0: 7 * n - n % 5}, {0: 7 * n - n % 3 - 5})
        assert before <= (read or 0.0) <= n
        before = read or 0.0
    assert before > 0


def test_one_partition_of_the_intake_that_lags_holds_the_time_back():
    backlog = Backlog()
    for n in range(1, 9):
        assert polled(backlog, float(n), {0: 5, 1: 5}, {0: 5, 1: 4})[1] is None
    assert polled(backlog, 9.0, {0: 5, 1: 5}, {0: 5, 1: 5})[1] == 1.0


def test_partitions_of_the_events_topic_that_others_own_do_not_count():
    assert polled(Backlog(), 1.0, {0: 0}, {}, {3: 8}, {3: 8, 4: 0}) == (True, 1.0)
