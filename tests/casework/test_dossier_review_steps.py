"""The steps of a dossier read a second time: what is retracted, what orders and zones leave behind, changed rules."""

from dataclasses import replace
from datetime import UTC, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.dossiers import DossierState, Transition, apply, tick
from casework.procedures import parse_procedures
from casework.rules import Settings, build_rules
from casework.watchpoints import standing
from tests.support.dossiers import CODE, PROCEDURES, dossier, moment, seen, small_rules, step
from tests.support.rules import files

W10, H24 = "9.000010", "9.000024"


def received(due: str | None = "03-16", at: str = "03-02 09:00", **given: Any) -> Transition:
    """Accepted on Monday 2 March at 09:00; by default due on Monday 16 March."""
    return step(at, 2, **({"due_at": due} if due else {}), **given)


DUE_SOON, APOLOGY_DUE, OVERDUE = (f"{CODE}:2026-03-16:{alert}" for alert in ("due_soon", "apology_due", "overdue"))
STOP, RESTART = step("03-11 12:00", 5), step("03-12 09:00", 4)


def test_a_due_soon_that_a_restart_puts_off_is_retracted_and_not_kept_for_its_equal_id() -> None:
    warned = tick(dossier(received()), DUE_SOON).state
    told = apply(warned, CODE, [STOP, RESTART], small_rules())
    assert [(point.alert, point.moment) for point in told.state.watch if point.alert == "due_soon"] == [
        ("due_soon", moment("03-16 07:00"))
    ]
    assert told.state.alert is told.state.alert_id is None
    assert [outcome.outcome for outcome in told.outcomes] == ["alert_retracted", "violation"]
    assert told.outcomes[0].alert_id == DUE_SOON


def test_what_stands_after_a_stop_and_a_restart_is_the_same_together_and_apart() -> None:
    warned = tick(dossier(received()), DUE_SOON).state
    together = apply(warned, CODE, [STOP, RESTART], small_rules()).state
    stopped = apply(warned, CODE, [STOP], small_rules()).state
    apart = apply(stopped, CODE, [RESTART], small_rules()).state
    assert (together.alert, together.watch, together.violations) == (apart.alert, apart.watch, apart.violations)


def test_an_alert_whose_moment_was_even_earlier_still_stands() -> None:
    short = tick(dossier(received(at="03-11 09:00", received_at="03-02 09:00")), DUE_SOON).state
    told = apply(short, CODE, [received(at="03-02 09:00")], small_rules())
    assert (told.state.alert, told.outcomes) == ("due_soon", ())


RETRACTED = [
    pytest.param(
        [received(), step("03-16 08:00", 4, rescheduled_to="03-20")],
        [step("03-10 08:00", 4, due_at="03-18")],
        "late_reschedule",
        id="art-19.9-not-late-once-the-date-had-moved-before",
    ),
    pytest.param(
        [received(), step("03-06 08:00", 5)],
        [received(received_at="03-03 09:00")],
        "late_supplement",
        id="art-19.4-not-late-once-the-receipt-is-a-day-later",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 10), step("03-11 09:00", 4)],
        [step("03-12 09:00", 9)],
        "status_after_end",
        id="a-10-was-no-end-once-there-is-a-9",
    ),
    pytest.param(
        [received(), step("03-17 09:00", 3)],
        [step("03-13 09:00", 6)],
        "late_refusal",
        id="art-19.8-not-late-once-the-clock-had-stopped-in-time",
    ),
    pytest.param(
        [received(), step("03-04 09:00", 5), step("03-05 09:00", 4), step("03-06 09:00", 5)],
        [step("03-04 10:00", 7)],
        "second_supplement",
        id="art-15.3-no-second-request-once-the-dossier-was-withdrawn-after-the-first",
    ),
    pytest.param(
        [received(), step("03-04 09:00", 4, rescheduled_to="03-20"), step("03-05 09:00", 4, rescheduled_to="03-25")],
        [step("03-04 10:00", 4, due_at="03-25")],
        "second_reschedule",
        id="art-19.9-no-second-one-once-the-date-was-known",
    ),
]


@pytest.mark.parametrize("steps, late, rule", RETRACTED)
def test_a_violation_goes_when_what_arrives_late_takes_its_ground(
    steps: list[Transition], late: list[Transition], rule: str
) -> None:
    state = dossier(*steps)
    assert rule in state.violations
    told = apply(state, CODE, late, small_rules())
    assert rule not in told.state.violations
    assert [outcome.rule for outcome in told.outcomes if outcome.outcome == "violation_retracted"] == [rule]


def test_a_refusal_that_arrives_late_leaves_nothing_to_be_counted() -> None:
    state = dossier(received(), step("03-10 09:00", 9))
    told = apply(state, CODE, [step("03-01 09:00", 3)], small_rules()).state
    assert seen(told, ["clock", "received_at", "due", "ended_at", "standing", "standing_766", "supplements"]) == {
        "clock": "refused",
        "received_at": None,
        "due": None,
        "ended_at": None,
        "standing": None,
        "standing_766": None,
        "supplements": 0,
    }


def test_an_apology_retracts_its_alert_and_leaves_the_others_to_come() -> None:
    state = tick(dossier(received()), APOLOGY_DUE).state
    told = apply(state, CODE, [step("03-13 08:00", 4, apologised_at="03-13 08:00")], small_rules())
    assert [(outcome.outcome, outcome.alert_id) for outcome in told.outcomes] == [("alert_retracted", APOLOGY_DUE)]
    assert tick(told.state, OVERDUE).state.alert == "overdue"


def test_one_moment_in_two_zones_is_one_transition() -> None:
    utc = received().at.astimezone(UTC)
    there = Transition(at=utc, status=2, due_at=moment("03-18").astimezone(UTC))
    state = dossier(received(), there)
    assert (len(state.transitions), state.due) == (1, moment("03-18").date())


def test_a_day_is_that_of_vietnam_also_where_the_source_writes_utc() -> None:
    last_hour = moment("03-16 23:30").astimezone(UTC)
    on_time, late = (
        dossier(received(), Transition(at=at, status=9)) for at in (last_hour, last_hour + timedelta(hours=1))
    )
    assert (on_time.standing, late.standing) == ("on_time", "late")


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_four_transitions_of_one_moment_end_the_same_in_every_order(order: tuple[int, ...]) -> None:
    steps = [received(), step("03-02 09:00", 4, due_at="03-18"), step("03-02 09:00", 5), step("03-02 09:00", 9)]
    state = None
    for place in order:
        state = apply(state, CODE, [steps[place]], small_rules()).state
    assert state is not None
    assert seen(state, ["clock", "due", "first_due", "standing", "supplements", "flags"]) == {
        "clock": "ended",
        "due": "03-18",
        "first_due": "03-16",
        "standing": "on_time",
        "supplements": 1,
        "flags": ["due_moved"],
    }


def test_a_step_under_changed_rules_tells_the_change_before_the_event() -> None:
    state = dossier(step("03-02 09:00", 2, procedure_code=W10))
    shorter = parse_procedures(PROCEDURES.replace(",10,working", ",5,working").splitlines(keepends=True))
    changed = replace(small_rules(), procedures=shorter, hash="another")
    told = apply(state, CODE, [step("03-10 09:00", 9)], changed)
    assert [(outcome.outcome, outcome.cause, outcome.standing) for outcome in told.outcomes] == [
        ("recalculated", "rules", None),
        ("closed", None, "late"),
    ]
    assert (told.outcomes[0].from_, told.outcomes[0].to, told.state.rules) == ("2026-03-16", "2026-03-09", "another")


def test_a_repeat_under_changed_rules_still_tells_the_change() -> None:
    state = dossier(step("03-02 09:00", 2, procedure_code=W10))
    shorter = parse_procedures(PROCEDURES.replace(",10,working", ",5,working").splitlines(keepends=True))
    told = apply(state, CODE, state.transitions, replace(small_rules(), procedures=shorter, hash="another"))
    assert [outcome.outcome for outcome in told.outcomes] == ["recalculated"]


NOW = moment("03-16 12:00")
MOMENTS = [moment(text) for text in ("03-02 09:00", "03-04 09:00", "03-11 12:00", "03-12 09:00", "03-16 08:00")]
DATES = [None, moment("03-12"), moment("03-16"), moment("03-20")]
histories = st.lists(
    st.builds(
        Transition,
        at=st.sampled_from(MOMENTS),
        status=st.sampled_from([2, 4, 4, 5, 6, 9]),
        due_at=st.sampled_from(DATES),
        rescheduled_to=st.sampled_from(DATES),
        apologised_at=st.sampled_from([None, NOW]),
        procedure_code=st.sampled_from([None, W10, H24]),
    ),
    min_size=1,
    max_size=6,
)


def watched(pieces: list[list[Transition]]) -> DossierState:
    """The dossier after all pieces at `NOW`, with a deadline watch that ticks after each."""
    state: DossierState | None = None
    for piece in pieces:
        state = apply(state, CODE, piece, small_rules()).state
        point = standing(state.watch, NOW)
        state = tick(state, point.alert_id).state if point else state
    assert state is not None
    return state


@settings(max_examples=150, deadline=None)
@given(histories)
def test_the_highest_alert_whose_moment_has_come_stands_whichever_way_the_case_arrived(steps: list[Transition]) -> None:
    together, apart = watched([steps]), watched([[step] for step in reversed(steps)])
    point = standing(together.watch, NOW)
    assert together.alert_id == apart.alert_id == (point.alert_id if point else None)


@pytest.mark.parametrize(
    ("days", "due", "expected"),
    [
        pytest.param(0, "03-16", "03-16 07:00", id="nd-118-at-expiry-on-the-date-itself"),
        pytest.param(0, "03-15", "03-13 07:00", id="nd-118-at-expiry-on-a-sunday-is-friday"),
        pytest.param(2, "03-16", "03-13 07:00", id="two-days-before-monday-is-friday"),
        pytest.param(2, "03-18", "03-16 07:00", id="two-days-before-wednesday-is-monday"),
    ],
)
def test_when_the_apology_is_due_is_a_setting(days: int, due: str, expected: str) -> None:
    state = dossier(received(due), under=build_rules(files(), Settings(apology_days=days)))
    assert [point.moment for point in state.watch if point.alert == "apology_due"] == [moment(expected)]


def test_art_19_4_a_procedure_may_have_days_of_its_own_for_the_supplement() -> None:
    under = replace(small_rules(), settings=Settings(supplement_days_of=((W10, 5),)))
    steps = [received(None, procedure_code=W10), step("03-09 09:00", 5)]
    late = [steps[0], step("03-10 09:00", 5)]
    assert (dossier(*steps, under=under).violations, dossier(*steps).violations) == ((), ("late_supplement",))
    assert dossier(*late, under=under).violations == ("late_supplement",)
