"""Duties of a dossier stand beside its alert: raised by ticks only, retracted when their ground is gone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.dossiers import DossierState, Transition, apply, refold, tick
from casework.outcomes import Outcome, Step
from casework.procedures import parse_agency_limits
from casework.rules import Rules
from casework.settings import Settings
from casework.watchpoints import standing
from tests.support.dossiers import CODE, dossier, moment, small_rules, step

W10 = "9.000010"
LIMITS = ["procedure,agency,days,day_type,source\n", "9.000010,LG.SXD,3,working,QĐ thử\n"]


def desks() -> Rules:
    """The small rules with a limit of three working days for one agency."""
    return replace(small_rules(), agency_limits=parse_agency_limits(LIMITS))


def online() -> Transition:
    """Registered on the portal on Monday 2 March at 09:00: to be taken in until Tuesday 09:00."""
    return step("03-02 09:00", 1, channel="2", source="/test")


def received(**given: Any) -> Transition:
    """Accepted by an agency whose own limit ends on Thursday 5 March; the dossier is due on the 16th."""
    return step("03-02 09:00", 2, **{"agency": "LG.SXD", "procedure_code": W10, "due_at": "03-16", **given})


def duty_id(state: DossierState) -> str:
    (point,) = [point for point in state.watch if point.track == "duty"]
    return point.alert_id


def raised(state: DossierState) -> Step[DossierState]:
    """The duty that is watched, raised."""
    return tick(state, duty_id(state))


def after(state: DossierState, *steps: Transition) -> Step[DossierState]:
    return apply(state, CODE, steps, desks())


def kinds(outcomes: Sequence[Outcome]) -> list[tuple[str, str | None]]:
    return [(outcome.outcome, outcome.alert or outcome.rule) for outcome in outcomes]


def waiting() -> DossierState:
    """Stopped on Wednesday 4 March for a supplement: to be closed after Wednesday 25 March."""
    return dossier(received(), step("03-04 09:00", 5), under=desks())


GROUNDS = {
    "intake_overdue": (dossier(online()), "03-03 09:00", "03-03 09:00:00"),
    "step_overdue": (dossier(received(), under=desks()), "03-06 00:00", "03-05 23:59:59"),
    "closing_due": (waiting(), "03-26 00:00", "03-25 23:59:59"),
}


@pytest.mark.parametrize("name", GROUNDS)
def test_a_tick_raises_a_duty_beside_the_alert(name: str) -> None:
    state, at, due_at = GROUNDS[name]
    told = raised(state)
    (outcome,) = told.outcomes
    assert (outcome.outcome, outcome.alert, outcome.alert_id) == ("duty_raised", name, duty_id(state))
    assert (outcome.at, outcome.due_at, outcome.case_id) == (moment(at), moment(due_at), CODE)
    assert (told.state.duty, told.state.duty_id) == (name, duty_id(state))
    assert (told.state.alert, told.state.alert_id) == (state.alert, state.alert_id)


@pytest.mark.parametrize("name", GROUNDS)
def test_applying_events_raises_no_duty(name: str) -> None:
    state = GROUNDS[name][0]
    assert (state.duty, state.duty_id) == (None, None)
    assert not [kind for kind, _ in kinds(apply(None, CODE, state.transitions, desks()).outcomes) if "duty" in kind]


@pytest.mark.parametrize("name", GROUNDS)
def test_a_second_tick_of_a_duty_tells_nothing(name: str) -> None:
    state = raised(GROUNDS[name][0]).state
    assert tick(state, duty_id(state)) == Step(state)


@pytest.mark.parametrize("name", GROUNDS)
def test_a_repeat_of_what_is_known_keeps_the_duty_and_tells_nothing(name: str) -> None:
    state = raised(GROUNDS[name][0]).state
    assert after(state, *state.transitions) == Step(state)


@pytest.mark.parametrize("name", GROUNDS)
def test_a_tick_repeated_after_a_crash_has_the_same_outcome(name: str) -> None:
    assert raised(GROUNDS[name][0]) == raised(GROUNDS[name][0])


def test_the_ids_of_duties_differ_from_those_of_alerts() -> None:
    state = dossier(received(), under=desks())
    ids = [point.alert_id for point in state.watch]
    assert len(set(ids)) == len(ids) == 4


RETRACTED = [
    pytest.param("intake_overdue", [step("03-02 15:00", 2)], id="taken-in-in-time-as-is-learned-late"),
    pytest.param("intake_overdue", [step("03-04 15:00", 2)], id="taken-in-late"),
    pytest.param("intake_overdue", [step("03-04 15:00", 3)], id="refused"),
    pytest.param("intake_overdue", [step("03-01 15:00", 4)], id="received-before-it-was-registered"),
    pytest.param("step_overdue", [step("03-09 09:00", 4, agency="LG.VP")], id="passed-on"),
    pytest.param("step_overdue", [step("03-09 09:00", 9)], id="ended"),
    pytest.param("step_overdue", [step("03-04 09:00", 6)], id="stopped-in-time-as-is-learned-late"),
    pytest.param("step_overdue", [step("03-04 09:00", 4, step_due_at="03-20")], id="given-more-time"),
    pytest.param("closing_due", [step("03-20 09:00", 4)], id="restarted"),
    pytest.param("closing_due", [step("03-27 09:00", 8)], id="closed"),
    pytest.param("closing_due", [step("03-03 09:00", 9)], id="done-before-it-was-asked"),
]


@pytest.mark.parametrize("name, steps", RETRACTED)
def test_a_duty_is_retracted_when_its_ground_is_gone(name: str, steps: list[Transition]) -> None:
    before = raised(GROUNDS[name][0]).state
    told = after(before, *steps)
    gone = [outcome for outcome in told.outcomes if outcome.outcome == "duty_retracted"]
    assert [(outcome.alert, outcome.alert_id) for outcome in gone] == [(name, before.duty_id)]
    assert (told.state.duty, told.state.duty_id) == (None, None)


@pytest.mark.parametrize("name", GROUNDS)
def test_a_retraction_tells_the_moment_that_the_duty_was_due(name: str) -> None:
    state, _, due_at = GROUNDS[name]
    (gone,) = [told for told in after(raised(state).state, step("03-03 08:00", 7)).outcomes if "duty" in told.outcome]
    assert (gone.outcome, gone.due_at) == ("duty_retracted", moment(due_at))


@pytest.mark.parametrize("name", GROUNDS)
def test_a_tick_of_a_duty_that_is_gone_does_nothing(name: str) -> None:
    state = GROUNDS[name][0]
    over = after(state, step("03-03 08:00", 7)).state
    assert tick(over, duty_id(state)) == Step(over)


def test_alert_and_duty_stand_together_and_go_apart() -> None:
    state = raised(dossier(received(), under=desks())).state
    both = tick(state, f"{CODE}:2026-03-16:overdue").state
    assert (both.alert, both.duty) == ("overdue", "step_overdue")
    passed = after(both, step("03-17 09:00", 4, agency="LG.VP"))
    assert kinds(passed.outcomes) == [("duty_retracted", "step_overdue")]
    assert (passed.state.alert, passed.state.duty) == ("overdue", None)
    moved = after(both, step("03-10 09:00", 4, rescheduled_to="03-20"))
    assert kinds(moved.outcomes) == [("alert_retracted", "overdue")]
    assert (moved.state.alert, moved.state.duty) == (None, "step_overdue")


def test_a_raised_alert_leaves_the_duty_alone() -> None:
    state = raised(dossier(received(), under=desks())).state
    told = tick(state, f"{CODE}:2026-03-16:due_soon")
    assert kinds(told.outcomes) == [("alert_raised", "due_soon")]
    assert told.state.duty_id == state.duty_id


def test_a_higher_duty_gives_way_to_a_lower_one_when_the_papers_come() -> None:
    closing = raised(waiting()).state
    told = after(closing, step("03-27 09:00", 4))
    assert ("duty_retracted", "closing_due") in kinds(told.outcomes)
    step_late = raised(told.state)
    assert kinds(step_late.outcomes) == [("duty_raised", "step_overdue")]
    assert step_late.outcomes[0].due_at == moment("04-01 23:59:59")


def test_the_next_agency_has_a_duty_of_its_own() -> None:
    late = raised(dossier(received(), under=desks())).state
    passed = after(late, step("03-09 09:00", 4, agency="LG.VP", step_due_at="03-11 23:59:59"))
    again = raised(passed.state)
    assert kinds(again.outcomes) == [("duty_raised", "step_overdue")]
    assert again.outcomes[0].agency == "LG.VP"
    assert again.state.duty_id != late.duty_id


def test_two_agencies_that_are_due_on_one_day_are_reminded_each() -> None:
    late = raised(dossier(received(), under=desks())).state
    passed = after(late, step("03-06 09:00", 4, agency="LG.VP", step_due_at="03-05 23:59:59"))
    assert ("duty_retracted", "step_overdue") in kinds(passed.outcomes)
    again = raised(passed.state)
    assert [outcome.agency for outcome in again.outcomes] == ["LG.VP"]


def test_a_duty_raised_a_second_time_has_another_outcome_id() -> None:
    first = raised(dossier(received(), under=desks()))
    away = after(first.state, step("03-03 09:00", 6))
    back = after(away.state, step("03-03 15:00", 4))
    second = raised(back.state)
    ids = [outcome.id for told in (first, away, back, second) for outcome in told.outcomes]
    assert kinds([*first.outcomes, *second.outcomes]) == [("duty_raised", "step_overdue")] * 2
    assert len(set(ids)) == len(ids)


def test_a_setting_that_changes_takes_the_duty_back() -> None:
    late = raised(dossier(online())).state
    patient = replace(small_rules(), settings=Settings(intake_hours=16), hash="another")
    told = refold(late, patient)
    assert ("duty_retracted", "intake_overdue") in kinds(told.outcomes)
    assert [told.state.intake_due_at, told.state.duty] == [moment("03-04 09:00"), None]


def test_an_earlier_registration_is_another_duty() -> None:
    late = raised(dossier(online())).state
    told = after(late, step("03-02 08:00", 1, channel="2"))
    assert kinds(told.outcomes) == [("duty_retracted", "intake_overdue")]
    assert told.state.duty is None
    assert raised(told.state).outcomes[0].due_at == moment("03-03 08:00")


NOW = moment("03-30 12:00")
MOMENTS = [moment(text) for text in ("03-02 09:00", "03-03 15:00", "03-04 09:00", "03-06 09:00", "03-10 09:00")]
histories = st.lists(
    st.builds(
        Transition,
        at=st.sampled_from(MOMENTS),
        status=st.sampled_from([1, 1, 2, 4, 4, 5, 5, 6, 9]),
        channel=st.sampled_from([None, "2"]),
        agency=st.sampled_from([None, "LG.SXD", "LG.VP"]),
        step_due_at=st.sampled_from([None, None, moment("03-05 23:59:59")]),
        due_at=st.sampled_from([None, moment("03-16")]),
        procedure_code=st.sampled_from([None, W10]),
    ),
    min_size=1,
    max_size=6,
)


def watched(pieces: Sequence[Sequence[Transition]], now: datetime) -> tuple[DossierState, list[Outcome]]:
    """The dossier after all pieces at `now`, with a deadline watch that ticks both tracks after each; what it told."""
    state: DossierState | None = None
    told: list[Outcome] = []
    for piece in pieces:
        taken = apply(state, CODE, piece, desks())
        state, told = taken.state, [*told, *taken.outcomes]
        for track in ("alert", "duty"):
            point = standing(state.watch, now, track)
            if point:
                taken = tick(state, point.alert_id)
                state, told = taken.state, [*told, *taken.outcomes]
    assert state is not None
    return state, told


@settings(max_examples=300, deadline=None)
@given(histories, st.sampled_from([moment("03-03 12:00"), moment("03-07 12:00"), NOW]))
def test_the_duty_whose_moment_has_come_stands_whichever_way_the_case_arrived(
    steps: list[Transition], now: datetime
) -> None:
    (together, _), (apart, _) = watched([steps], now), watched([[step] for step in reversed(steps)], now)
    point = standing(together.watch, now, "duty")
    assert together.duty_id == apart.duty_id == (point.alert_id if point else None)
    assert together.duty == apart.duty == (point.alert if point else None)


@settings(max_examples=300, deadline=None)
@given(histories)
def test_no_outcome_id_is_told_twice_and_what_was_told_of_duties_adds_up(steps: list[Transition]) -> None:
    state, told = watched([[step] for step in steps], NOW)
    assert len({outcome.id for outcome in told}) == len(told)
    open_: list[str | None] = []
    for outcome in told:
        if outcome.outcome == "duty_raised":
            open_.append(outcome.alert_id)
        elif outcome.outcome == "duty_retracted":
            assert open_ == [outcome.alert_id]
            open_.clear()
        assert len(open_) <= 1
    assert open_ == ([state.duty_id] if state.duty_id else [])


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_transitions_end_with_the_same_duty_in_every_order(order: tuple[int, ...]) -> None:
    steps = [received(), step("03-06 09:00", 5), step("03-06 15:00", 4, agency="LG.VP")]
    state, _ = watched([[steps[place]] for place in order], NOW)
    assert (state.duty, state.duty_id) == (None, None)
