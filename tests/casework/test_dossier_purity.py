"""A state is a fold of distinct transitions: order, repeats and splits of their arrival leave no trace."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.calendar import VIETNAM
from casework.dossiers import DossierState, ListedSupplement, Transition, apply, refold, rewatched, tick, timeline
from tests.support.dossiers import CODE, small_rules

START = datetime(2026, 3, 2, 9, tzinfo=VIETNAM)
ZONES = [UTC, VIETNAM, timezone(timedelta(hours=-5))]

hours = st.integers(min_value=-48, max_value=24 * 30).map(lambda n: START + timedelta(hours=n))
moments = st.builds(lambda moment, zone: moment.astimezone(zone), hours, st.sampled_from(ZONES))
maybe = st.none() | moments
transitions = st.builds(
    Transition,
    at=moments,
    status=st.integers(min_value=1, max_value=10),
    received_at=maybe,
    due_at=maybe,
    finished_at=maybe,
    rescheduled_to=maybe,
    apologised_at=maybe,
    step_due_at=maybe,
    channel=st.sampled_from([None, "1", "2"]),
    listed=st.sampled_from([(), (ListedSupplement(asked_at="2026-03-04T09:00:00+07:00"),)]),
    procedure_code=st.sampled_from([None, "9.000010", "9.000024", "9.000007", "1.999999"]),
    agency=st.sampled_from([None, "LG", "LG.VP", "NOWHERE"]),
    odd=st.sampled_from([(), ("future_moment",)]),
)
dossiers = st.lists(transitions, min_size=1, max_size=9)


def folded(parts: Sequence[Sequence[Transition]], *, ticking: bool = False) -> DossierState:
    state: DossierState | None = None
    for part in parts:
        state = apply(state, CODE, part, small_rules()).state
        if ticking and state.watch:
            state = tick(state, state.watch[-1].alert_id).state
    assert state is not None
    return replace(state, alert=None, alert_id=None, duty=None, duty_id=None, counts={})


@settings(max_examples=300, deadline=None)
@given(dossiers, st.randoms(use_true_random=False))
def test_order_repeats_splits_and_ticks_change_nothing_in_the_end(steps: list[Transition], chance: object) -> None:
    shuffled = [*steps, *steps[: len(steps) // 2]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert folded([[step] for step in shuffled], ticking=True) == folded([steps])


@settings(max_examples=300, deadline=None)
@given(dossiers)
def test_every_state_keeps_its_word(steps: list[Transition]) -> None:
    state = folded([steps])
    assert (
        (state.standing is None) == (state.standing_766 is None) == (state.ended_at is None) == (state.clock != "ended")
    )
    assert (state.started_at is not None) == (state.clock == "running")
    alerts = [point for point in state.watch if point.track == "alert"]
    duties = [point for point in state.watch if point.track == "duty"]
    assert not alerts or state.clock in ("running", "stopped")
    assert not duties or state.clock in ("none", "running", "stopped")
    assert len({point.alert for point in alerts}) == len(alerts) and len(duties) <= 1
    assert [point.moment for point in alerts] == sorted(point.moment for point in alerts)
    assert all(one.until == two.since for one, two in pairwise(state.holders))
    assert state.clock in {"running", "stopped"} or all(one.until for one in state.holders)
    assert (state.due is None) == (state.due_at is None) == (state.first_due is None)
    assert state.ended_at is None or state.received_at is None or state.ended_at >= state.received_at
    assert timeline(state, small_rules())[-1]["clock"] == state.clock


@settings(max_examples=100, deadline=None)
@given(dossiers)
def test_a_refold_under_the_same_rules_is_the_same_state(steps: list[Transition]) -> None:
    state = apply(None, CODE, steps, small_rules()).state
    told = refold(state, small_rules())
    assert (told.state, told.outcomes) == (state, ())


@settings(max_examples=300, deadline=None)
@given(dossiers)
def test_clock_and_watch_alone_are_those_of_the_whole_state(steps: list[Transition]) -> None:
    state = apply(None, CODE, steps, small_rules()).state
    assert rewatched(CODE, state.transitions, small_rules()) == (state.clock, state.watch)


@settings(max_examples=100, deadline=None)
@given(dossiers)
def test_what_was_told_adds_up_to_what_stands(steps: list[Transition]) -> None:
    state, standing = None, set[str]()
    for step in steps:
        told = apply(state, CODE, [step], small_rules())
        state = told.state
        standing |= {str(outcome.rule) for outcome in told.outcomes if outcome.outcome == "violation"}
        standing -= {str(outcome.rule) for outcome in told.outcomes if outcome.outcome == "violation_retracted"}
    assert state is not None and tuple(sorted(standing)) == state.violations
