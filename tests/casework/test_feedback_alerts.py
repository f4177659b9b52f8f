"""Alerts of feedback come from ticks, and go when the case no longer has their moment."""

from datetime import timedelta

import pytest

from casework.feedback import apply, refold, tick
from casework.rules import Settings, build_rules
from casework.watchpoints import standing
from tests.support.feedback import CASE, after, at, event, opened, step, told
from tests.support.rules import files, rules

SOON = f"{CASE}:accept:2026-09-07:due_soon"
OVER = f"{CASE}:accept:2026-09-07:overdue"
ANSWER_SOON = f"{CASE}:answer:2026-09-24:due_soon"


def test_a_stage_is_due_soon_from_seven_on_the_working_day_before_and_overdue_from_midnight():
    moments = {point.alert_id: point.moment for point in after(opened()).watch}
    assert moments[SOON] == at("2026-09-04 07:00")
    assert moments[OVER] == at("2026-09-08 00:00")
    assert moments[ANSWER_SOON] == at("2026-09-23 07:00")


def test_a_limit_in_hours_is_only_ever_overdue():
    state = after(opened("2026-09-03 10:00", kind="incident"))
    points = [point for point in state.watch if point.stage == "accept"]
    assert [(point.alert, point.moment) for point in points] == [("overdue", at("2026-09-04 10:00"))]


def test_no_event_raises_an_alert():
    done = step(opened("2024-03-04"), event("accepted", "2024-03-05"))
    assert done.state.alert is None
    assert "alert_raised" not in dict(told(done.outcomes))


def test_a_tick_raises_the_alert_at_its_business_moment():
    done = tick(after(opened()), SOON)
    raised = done.outcomes[0]
    assert (done.state.alert, done.state.alert_stage, done.state.alert_id) == ("due_soon", "accept", SOON)
    assert (raised.outcome, raised.at, raised.due_at) == (
        "alert_raised",
        at("2026-09-04 07:00"),
        at("2026-09-07 23:59:59"),
    )


def test_the_same_tick_twice_raises_once():
    state = tick(after(opened()), SOON).state
    again = tick(state, SOON)
    assert (again.state, again.outcomes) == (state, ())


def test_a_higher_alert_replaces_the_lower_without_a_retraction_and_not_the_other_way_round():
    state = tick(tick(after(opened()), SOON).state, OVER).state
    assert state.alert_id == OVER
    assert tick(state, SOON).outcomes == ()


def test_of_two_equally_high_the_nearest_due_stands():
    state = after(opened())
    over_answer = f"{CASE}:answer:2026-09-24:overdue"
    assert tick(tick(state, over_answer).state, OVER).state.alert_id == OVER
    assert tick(tick(state, OVER).state, over_answer).state.alert_id == OVER
    assert standing(state.watch, at("2026-10-30")).alert_id == OVER


def test_a_tick_for_a_moment_that_the_case_no_longer_has_does_nothing():
    state = after(opened(), event("accepted", "2026-09-04"))
    assert tick(state, SOON).outcomes == ()


def test_ending_a_stage_retracts_its_alert():
    alerted = tick(after(opened()), OVER).state
    done = step(event("accepted", "2026-09-08 10:00"), state=alerted)
    assert done.state.alert is done.state.alert_id is done.state.alert_stage is None
    assert told(done.outcomes) == [("alert_retracted", OVER), ("closed", "accept")]
    assert done.outcomes[0].at == at("2026-09-08 10:00")


def test_an_alert_of_another_stage_outlives_an_event():
    alerted = tick(after(opened(), event("accepted", "2026-09-04")), ANSWER_SOON).state
    done = step(event("info_requested", "2026-09-23"), state=alerted)
    assert (done.state.alert_id, done.state.alert_stage) == (ANSWER_SOON, "answer")


def test_a_late_arriving_acceptance_gives_equal_ids_after_a_crash():
    alerted = tick(after(opened()), OVER).state
    first, again = (step(event("accepted", "2026-09-04"), state=alerted) for _ in range(2))
    assert first.outcomes == again.outcomes
    assert first.state.counts == {f"alert_raised/{OVER}": 1, f"alert_retracted/{OVER}": 1, "closed/accept": 1}


def test_an_alert_that_is_raised_again_has_another_id():
    first = tick(after(opened()), SOON)
    praised = step(event("corrected", "2026-09-04 08:00", kind="praise"), state=first.state).state
    assert praised.alert is None
    blamed = step(event("corrected", "2026-09-04 10:00", kind="conduct"), state=praised).state
    again = tick(blamed, SOON)
    assert told(again.outcomes) == told(first.outcomes) == [("alert_raised", SOON)]
    assert again.outcomes[0].id != first.outcomes[0].id


def test_an_answer_in_business_order_after_a_reopening_stands():
    state = after(opened(), event("answered", "2026-09-23"), event("reopened", "2026-09-23 08:00"))
    assert (state.stage, tick(state, ANSWER_SOON).outcomes) == ("answered", ())


def test_a_violation_that_no_longer_follows_is_retracted():
    late = after(opened(), event("info_requested", "2026-09-11"))
    done = step(event("corrected", "2026-09-03 09:30", kind="question"), state=late)
    assert ("violation_retracted", "late_info_request") in told(done.outcomes)
    assert done.state.violations == ()


def test_an_answer_that_arrives_late_closes_again_with_its_true_standing():
    late = after(opened(), event("answered", "2026-09-25"))
    done = step(event("answered", "2026-09-24"), state=late)
    assert [(o.outcome, o.stage, o.standing) for o in done.outcomes] == [
        ("closed", "accept", "late"),
        ("closed", "answer", "on_time"),
    ]


def test_a_new_day_off_refolds_every_case_and_names_the_cause():
    longer = files()["calendar.csv"] + "2026-09-07,local_closure,Bão,Công điện 1,yes\n"
    stormy = build_rules({**files(), "calendar.csv": longer})
    alerted = tick(after(opened()), OVER).state
    done = refold(alerted, stormy)
    assert done.state.rules == stormy.hash
    assert done.state.due.accept == at("2026-09-08 23:59:59")
    assert told(done.outcomes) == [("alert_retracted", OVER), ("recalculated", "accept"), ("recalculated", "answer")]
    assert {outcome.cause for outcome in done.outcomes} == {"calendar"}
    assert done.outcomes[1].from_ == "2026-09-07T23:59:59+07:00"


def test_a_closed_case_is_judged_again_under_a_new_calendar():
    longer = files()["calendar.csv"] + "2026-09-07,local_closure,Bão,Công điện 1,yes\n"
    state = after(opened(), event("accepted", "2026-09-08"))
    done = refold(state, build_rules({**files(), "calendar.csv": longer}))
    assert [(o.stage, o.standing) for o in done.outcomes if o.outcome == "closed"] == [("accept", "on_time")]


def test_rules_that_change_nothing_are_only_noted():
    other = build_rules({**files(), "calendar.csv": files()["calendar.csv"] + "2030-01-01,holiday,Tết,Điều 112,yes\n"})
    state = after(opened())
    done = refold(state, other)
    assert (done.outcomes, done.state.due, done.state.rules) == ((), state.due, other.hash)
    assert refold(apply(None, CASE, [], rules()).state, other).state.rules == other.hash


def test_alert_moments_follow_the_due_date_by_one_second():
    for point in after(opened()).watch:
        if point.alert == "overdue":
            assert point.moment == point.due_at + timedelta(seconds=1)


STORM = "2026-09-07,local_closure,Bão,Công điện 1,yes\n"
CHANGED = [
    # which file, what becomes of it, the settings, the cause that is named
    ({"calendar.csv": files()["calendar.csv"] + STORM}, Settings(), "calendar"),
    ({"feedback_limits.csv": files()["feedback_limits.csv"].replace(",,,accept,2,", ",,,accept,3,")}, None, "limits"),
    ({}, Settings(style="moment"), "settings"),
    ({"calendar.csv": files()["calendar.csv"] + STORM}, Settings(style="moment"), "calendar,settings"),
]


@pytest.mark.parametrize(("changed", "settings", "cause"), CHANGED, ids=[case[2] for case in CHANGED])
def test_each_part_of_the_rules_that_moves_a_date_names_itself(changed, settings, cause):
    done = refold(after(opened()), build_rules({**files(), **changed}, settings))
    moved = [outcome for outcome in done.outcomes if outcome.outcome == "recalculated"]
    assert moved
    assert {outcome.cause for outcome in moved} == {cause}
    assert all(outcome.from_ != outcome.to for outcome in moved)


def test_a_regulation_that_is_chosen_moves_dates_and_names_limits_and_settings():
    done = refold(after(opened(kind="incident")), rules(Settings(feedback_profile="da_nang")))
    assert {(outcome.cause, outcome.to) for outcome in done.outcomes} == {("limits,settings", None)}


@pytest.mark.parametrize(
    ("name", "line", "cause"),
    [
        ("agencies.csv", "LG.MOI,Đơn vị mới,province,,,,,,\n", "agencies"),
        ("procedures.csv", "", "procedures"),
        ("escalation.csv", "", "limits"),
    ],
)
def test_a_part_that_moves_no_date_is_named_all_the_same_and_tells_nothing(name, line, cause):
    text = files()[name]
    other = build_rules({**files(), name: text + line if line else "".join(text.splitlines(keepends=True)[:-1])})
    done = refold(after(opened()), other)
    assert (other.cause_since(rules().hash), done.outcomes, done.state.rules) == (cause, (), other.hash)


def test_a_case_that_comes_back_from_the_restricted_lane_tells_nothing_under_an_old_id():
    history = [opened(), event("info_requested", "2026-09-14"), event("assigned", "2026-09-15", agency="H09.12")]
    first = step(*history)
    alerted = tick(first.state, f"{CASE}:answer:2026-09-24:overdue")
    left = step(event("moved", "2026-09-25"), state=alerted.state)
    back = step(event("released", "2026-09-26"), *history, state=left.state)
    again = tick(back.state, f"{CASE}:answer:2026-09-24:overdue")
    told_before = [outcome.id for done in (first, alerted, left) for outcome in done.outcomes]
    told_after = [outcome.id for done in (back, again) for outcome in done.outcomes]
    assert len(told_after) == 4
    assert len({*told_before, *told_after}) == len(told_before) + len(told_after)


def test_the_counts_that_a_moved_case_keeps_hold_codes_and_dates_only():
    state = tick(after(opened(), event("assigned", "2026-09-04", agency="LG.SXD")), ANSWER_SOON).state
    stub = step(event("moved", "2026-09-05"), state=state).state
    assert stub.counts == {"closed/accept": 1, f"alert_raised/{ANSWER_SOON}": 1, f"alert_retracted/{ANSWER_SOON}": 1}
