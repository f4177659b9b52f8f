"""The state of a case is the same in whatever order, pieces and repetition its events arrive."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.feedback import FeedbackEvent, apply, refold, tick
from casework.feedback_state import CLOSED_STAGES
from tests.support.feedback import CASE, after, at, event, opened
from tests.support.rules import rules

START = at("2026-08-20")
TYPES = (
    "opened",
    "assigned",
    "corrected",
    "info_requested",
    "info_received",
    "extended",
    "answered",
    "published",
    "rejected",
    "rated",
    "reopened",
    "merged",
    "erased",
    "accepted",
    "returned",
    "lane_confirmed",
    "withdrawn",
    "urged",
    "directed",
    "released",
    "escalated",
)


@st.composite
def events(draw: st.DrawFn, types: tuple[str, ...] = TYPES) -> FeedbackEvent:
    moment = START + timedelta(hours=draw(st.integers(0, 24 * 60)))
    return FeedbackEvent(
        id=f"e{draw(st.integers(0, 40))}",
        type=draw(st.sampled_from(types)),
        at=moment,
        source="/test",
        agency=draw(st.sampled_from([None, "LG.SXD", "LG.CA", "H09.12"])),
        kind=draw(st.sampled_from([None, "conduct", "incident", "question"])),
        lane=draw(st.sampled_from([None, "phan_anh_kien_nghi", "khieu_nai"])),
        urgency=draw(st.sampled_from([None, "urgent", "normal"])),
        until=moment + timedelta(days=draw(st.integers(0, 40))),
        document_number=draw(st.sampled_from([None, "1/CV"])),
        rating=draw(st.sampled_from([None, "like", "dislike", "neutral"])),
        to=draw(st.sampled_from([None, "coordinator", "ioc"])),
    )


def pure(state):
    """What of a state must not depend on the way it came about."""
    return replace(state, counts={}, alert=None, alert_id=None, alert_stage=None)


def folded(pieces):
    state = None
    for piece in pieces:
        state = apply(state, CASE, piece, rules()).state
    return state


@settings(max_examples=150, deadline=None)
@given(st.lists(events(), min_size=1, max_size=12), st.randoms(), st.integers(1, 5))
def test_order_repetition_and_splitting_change_nothing(history, random, size):
    shuffled = [*history, *random.sample(history, len(history) // 2)]
    random.shuffle(shuffled)
    pieces = [shuffled[n : n + size] for n in range(0, len(shuffled), size)]
    assert pure(folded(pieces)) == pure(folded([history]))


@settings(max_examples=80, deadline=None)
@given(st.lists(events((*TYPES, "moved")), min_size=1, max_size=8, unique_by=lambda one: one.id), st.randoms())
def test_a_case_that_moved_is_the_same_stub_whatever_comes_after(history, random):
    moved = event("moved", "2026-12-01")
    shuffled = [*history, moved]
    random.shuffle(shuffled)
    state = folded([[each] for each in shuffled])
    assert state.stage == "moved"
    assert pure(state) == pure(folded([[*history, moved]]))


@settings(max_examples=100, deadline=None)
@given(st.lists(events(), min_size=1, max_size=10))
def test_agencies_hold_a_case_one_after_the_other_without_a_gap_while_it_is_open(history):
    state = after(opened(), *history)
    for one, next_ in pairwise(state.holders):
        assert one.since < one.until <= next_.since
    open_ = [holding for holding in state.holders if holding.until is None]
    over = state.stage in CLOSED_STAGES
    assert [holding.agency for holding in open_] == ([] if over else [state.agency])


@settings(max_examples=80, deadline=None)
@given(st.lists(events(), min_size=1, max_size=8))
def test_told_again_from_the_same_state_everything_has_equal_ids(history):
    before = after(opened())
    assert apply(before, CASE, history, rules()) == apply(before, CASE, history, rules())


@settings(max_examples=80, deadline=None)
@given(st.lists(events(), min_size=1, max_size=8), st.data())
def test_an_alert_that_stands_is_always_one_that_the_case_has(history, data):
    state = after(opened())
    for each in history:
        if state.watch:
            state = tick(state, data.draw(st.sampled_from(state.watch)).alert_id).state
        state = apply(state, CASE, [each], rules()).state
        assert state.alert_id is None or state.alert_id in {point.alert_id for point in state.watch}


@settings(max_examples=60, deadline=None)
@given(st.lists(events(), min_size=1, max_size=8))
def test_a_refold_under_the_same_rules_tells_nothing(history):
    state = after(*history)
    done = refold(state, rules())
    assert (pure(done.state), done.outcomes) == (pure(state), ())


@settings(max_examples=60, deadline=None)
@given(st.lists(events(), min_size=1, max_size=8))
def test_every_outcome_of_a_case_has_an_id_of_its_own(history):
    state, ids = None, []
    for each in history:
        done = apply(state, CASE, [each], rules())
        state = done.state
        ids += [outcome.id for outcome in done.outcomes]
    assert len(ids) == len(set(ids))
