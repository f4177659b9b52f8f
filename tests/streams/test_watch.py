"""The deadline watch on plain values: what ticks, when, and how often."""

import pytest

from streams.watch import TICKS_A_ROUND, missing
from tests.support.watching import KEY, Cases, at, ids, point, watched


@pytest.fixture
def cases():
    return Cases()


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
    assert missing(state, at(0)) == []


def test_an_alert_of_another_stage_that_is_due_sooner_replaces_the_one_that_stands():
    nearer, further = point(-1, due=10, stage="accept"), point(-5, due=20, stage="answer")
    state = watched(nearer, further, alert="overdue", alert_id=further.alert_id)
    assert missing(state, at(0)) == [nearer]


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


def intake_duty(seconds):
    return point(seconds, "intake_overdue", due=800, track="duty")


def step_up(seconds, step):
    return point(seconds, step, due=seconds, track="escalation")


def test_each_track_has_its_own_missing_point():
    points = point(-3, "due_soon"), point(-2), intake_duty(-1), step_up(-9, "coordinator"), step_up(-5, "leader")
    found = missing(watched(*points), at(0))
    assert [(one.track, one.alert) for one in found] == [
        ("alert", "overdue"), ("duty", "intake_overdue"), ("escalation", "leader"),
    ]  # fmt: skip


@pytest.mark.parametrize(("stands", "alerts"), [
    ({"duty": "intake_overdue", "duty_id": "800:None:intake_overdue"}, ["overdue", "coordinator"]),
    ({"alert": "overdue", "alert_id": "1000:None:overdue"}, ["intake_overdue", "coordinator"]),
    ({"escalation": "coordinator", "escalation_id": "-5:None:coordinator"}, ["overdue", "intake_overdue"]),
    ({"escalation": "leader", "escalation_id": "-1:None:leader"}, ["overdue", "intake_overdue"]),
], ids=["duty", "alert", "escalation", "a higher step"])  # fmt: skip
def test_what_stands_on_one_track_hides_nothing_of_the_others(stands, alerts):
    points = point(-2), intake_duty(-1), step_up(-5, "coordinator")
    assert [one.alert for one in missing(watched(*points, **stands), at(0))] == alerts


def test_points_of_two_tracks_at_one_moment_both_tick(cases):
    cases.put(0, point(10), intake_duty(10))
    assert ids(cases.due(10)) == ["1000:None:overdue", "800:None:intake_overdue"]
    assert cases.due(10.25) == []


def test_a_duty_ticks_at_its_moment_beside_an_alert_that_stands(cases):
    cases.put(0, point(-5), intake_duty(10), alert="overdue", alert_id="1000:None:overdue")
    assert ids(cases.due(10)) == ["800:None:intake_overdue"]


def test_both_ticks_of_a_case_that_could_not_be_sent_are_due_again(cases):
    cases.put(0, point(10), intake_duty(10))
    for lost in cases.watch.due(0, at(10), None):
        cases.watch.again(lost)
    assert len(cases.due(10.25)) == 2
    assert cases.due(10.5) == []


def test_an_escalation_climbs_step_by_step(cases):
    steps = [step_up(10, "coordinator"), step_up(20, "leader"), step_up(30, "ioc")]
    cases.put(0, *steps)
    for one in steps:
        assert ids(cases.due((one.due_at - at(0)).total_seconds())) == [one.alert_id]
        cases.put((one.due_at - at(0)).total_seconds(), *steps, escalation=one.alert, escalation_id=one.alert_id)
    assert cases.due(99) == []
