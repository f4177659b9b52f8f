"""What the steps of a dossier tell: alerts by ticks only, retractions, closings, and equal ids after a repeat."""

from dataclasses import replace
from datetime import timedelta

from casework.dossiers import DossierState, apply, refold, tick
from casework.outcomes import Outcome, Step
from casework.procedures import parse_procedures
from casework.watchpoints import standing, upcoming
from tests.support.dossiers import CODE, PROCEDURES, dossier, moment, small_rules, step

RECEIVED = step("03-02 09:00", 2, due_at="03-16", agency="LG.VP", source="/test")
DUE_SOON, APOLOGY_DUE, OVERDUE = (f"{CODE}:2026-03-16:{alert}" for alert in ("due_soon", "apology_due", "overdue"))


def kinds(outcomes: tuple[Outcome, ...]) -> list[tuple[str, str | None]]:
    return [(outcome.outcome, outcome.alert or outcome.rule) for outcome in outcomes]


def overdue() -> DossierState:
    return tick(dossier(RECEIVED), OVERDUE).state


def test_apply_never_raises_an_alert() -> None:
    assert apply(None, CODE, [RECEIVED, step("03-03 09:00", 4)], small_rules()).outcomes == ()


def test_a_tick_raises_the_alert_at_its_own_moment() -> None:
    told = tick(dossier(RECEIVED), APOLOGY_DUE)
    assert (told.state.alert, told.state.alert_id) == ("apology_due", APOLOGY_DUE)
    (outcome,) = told.outcomes
    assert (outcome.outcome, outcome.at, outcome.agency) == ("alert_raised", moment("03-13 07:00"), "LG.VP")
    assert outcome.due_at == moment("03-16 23:59:59")


def test_a_higher_alert_replaces_the_lower_without_a_retraction() -> None:
    told = tick(tick(dossier(RECEIVED), DUE_SOON).state, OVERDUE)
    assert kinds(told.outcomes) == [("alert_raised", "overdue")]


def test_a_lower_or_equal_alert_of_the_same_date_is_not_raised() -> None:
    state = overdue()
    assert tick(state, DUE_SOON) == tick(state, OVERDUE) == Step(state)


def test_a_tick_for_a_watchpoint_that_is_gone_does_nothing() -> None:
    closed = dossier(RECEIVED, step("03-10 09:00", 9))
    assert tick(closed, DUE_SOON) == Step(closed)


def test_what_should_stand_follows_from_the_watchpoints_alone() -> None:
    watch = dossier(RECEIVED).watch
    assert standing(watch, moment("03-11 06:59")) is None
    stands = standing(watch, moment("03-20 00:00"))
    assert stands is not None and stands.alert_id == OVERDUE
    coming = upcoming(watch, moment("03-11 07:00"))
    assert coming is not None and coming.alert_id == APOLOGY_DUE


def test_a_late_end_that_arrives_late_retracts_the_alert_and_closes() -> None:
    told = apply(overdue(), CODE, [step("03-12 09:00", 9)], small_rules())
    assert kinds(told.outcomes) == [("alert_retracted", "overdue"), ("closed", None)]
    assert (told.state.alert, told.outcomes[0].alert_id, told.outcomes[1].standing) == (None, OVERDUE, "early")


def test_a_moved_date_retracts_the_alert_of_the_old_one() -> None:
    told = apply(overdue(), CODE, [step("03-10 09:00", 4, rescheduled_to="03-20")], small_rules())
    assert kinds(told.outcomes) == [("alert_retracted", "overdue")]


def test_a_stop_before_the_date_retracts_and_one_after_it_does_not() -> None:
    assert kinds(apply(overdue(), CODE, [step("03-16 09:00", 6)], small_rules()).outcomes) == [
        ("alert_retracted", "overdue")
    ]
    assert apply(overdue(), CODE, [step("03-17 09:00", 6)], small_rules()).state.alert == "overdue"


def test_an_alert_of_a_new_date_may_be_lower() -> None:
    state = apply(overdue(), CODE, [step("03-10 09:00", 4, rescheduled_to="03-20")], small_rules()).state
    assert tick(state, f"{CODE}:2026-03-20:due_soon").state.alert == "due_soon"


def test_art_15_3_a_second_request_is_a_violation_and_is_retracted_when_a_7_came_before_it() -> None:
    first, again = step("03-03 09:00", 5), step("03-05 09:00", 5)
    told = apply(dossier(RECEIVED, first), CODE, [again], small_rules())
    assert kinds(told.outcomes) == [("violation", "second_supplement")]
    assert told.outcomes[0].at == again.at
    told = apply(told.state, CODE, [step("03-04 09:00", 7)], small_rules())
    assert kinds(told.outcomes) == [
        ("closed", None),
        ("violation", "status_after_end"),
        ("violation_retracted", "second_supplement"),
    ]


def test_a_flag_is_told_once() -> None:
    told = apply(dossier(RECEIVED), CODE, [step("03-04 09:00", 4, due_at="03-18")], small_rules())
    assert kinds(told.outcomes) == [("flagged", "due_moved")]
    assert apply(told.state, CODE, [step("03-05 09:00", 4, due_at="03-19")], small_rules()).outcomes == ()


def test_an_end_that_changes_is_closed_again_with_another_id() -> None:
    once = apply(None, CODE, [RECEIVED, step("03-20 09:00", 10)], small_rules())
    again = apply(once.state, CODE, [step("03-12 09:00", 9)], small_rules())
    assert [outcome.standing for outcome in (*once.outcomes, *again.outcomes)] == ["late", "early"]
    assert once.outcomes[0].id != again.outcomes[0].id


def test_ids_are_equal_when_a_step_is_repeated_after_a_crash() -> None:
    before = overdue()
    end = [step("03-12 09:00", 9), step("03-13 09:00", 2)]
    assert apply(before, CODE, end, small_rules()) == apply(before, CODE, end, small_rules())
    assert tick(dossier(RECEIVED), OVERDUE) == tick(dossier(RECEIVED), OVERDUE)


def test_a_repeat_of_what_is_known_tells_nothing() -> None:
    state = overdue()
    assert apply(state, CODE, state.transitions, small_rules()) == Step(state)


def test_the_same_alert_raised_a_second_time_has_another_id() -> None:
    rescheduled = apply(overdue(), CODE, [step("03-10 09:00", 4, rescheduled_to="03-20")], small_rules()).state
    restarted = [step("03-11 09:00", 5), step("03-12 09:00", 4, due_at="03-16")]
    again = tick(apply(rescheduled, CODE, restarted, small_rules()).state, OVERDUE)
    assert again.outcomes[0].alert_id == OVERDUE
    assert again.outcomes[0].id != tick(dossier(RECEIVED), OVERDUE).outcomes[0].id


def test_a_changed_limit_recalculates_and_names_cause_and_dates() -> None:
    state = dossier(step("03-02 09:00", 2, procedure_code="9.000010"))
    shorter = parse_procedures(PROCEDURES.replace(",10,working", ",5,working").splitlines(keepends=True))
    told = refold(state, replace(small_rules(), procedures=shorter, hash="another"))
    (outcome,) = told.outcomes
    assert (outcome.outcome, outcome.from_, outcome.to) == ("recalculated", "2026-03-16", "2026-03-09")
    assert (outcome.cause, told.state.rules) == ("rules", "another")


def test_changed_rules_that_change_nothing_tell_nothing() -> None:
    state = overdue()
    told = refold(state, replace(small_rules(), hash="another"))
    assert told == Step(replace(state, rules="another"))


def test_a_refold_closes_again_where_the_standing_changes() -> None:
    state = dossier(step("03-02 09:00", 2, procedure_code="9.000010"), step("03-12 09:00", 9))
    shorter = parse_procedures(PROCEDURES.replace(",10,working", ",5,working").splitlines(keepends=True))
    told = refold(state, replace(small_rules(), procedures=shorter))
    assert [outcome.outcome for outcome in told.outcomes] == ["recalculated", "closed"]
    assert told.outcomes[1].standing == "late"


def test_a_state_past_500_kb_drops_repeats_and_says_so() -> None:
    noise = [step("03-03 09:00", 4, agency="LG.VP", field="x" * 300) for _ in range(2000)]
    noise = [replace(same, at=same.at + timedelta(minutes=n)) for n, same in enumerate(noise)]
    whole = apply(None, CODE, [RECEIVED, *noise, step("03-12 09:00", 9)], small_rules()).state
    assert len(whole.transitions) == 4
    assert (whole.flags, whole.standing) == (("repeats_dropped",), "early")
    assert "repeats_dropped" in apply(whole, CODE, [step("03-13 09:00", 10)], small_rules()).state.flags


def test_no_transitions_make_an_empty_state() -> None:
    assert apply(None, CODE, [], small_rules()) == Step(DossierState(dossier_code=CODE))


def test_of_two_transitions_that_agree_in_moment_and_status_each_field_takes_its_greater_value() -> None:
    one = step("03-02 09:00", 2, due_at="03-16", agency="LG.VP", odd=("future_moment",))
    other = step("03-02 09:00", 2, due_at="03-18", agency="LG", channel="1")
    (merged,) = dossier(one, other).transitions
    assert (merged.due_at, merged.agency, merged.channel) == (moment("03-18"), "LG.VP", "1")
    assert merged.odd == ("future_moment",)
    assert dossier(other, one) == dossier(one, other)
