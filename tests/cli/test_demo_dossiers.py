"""Invented dossiers end as their stories say, under the real rules."""

from collections import Counter
from datetime import date

import pytest

from casework.codes import parse_code
from casework.dossiers import apply
from cli.demo_dossiers import STORIES, histories
from tests.support.rules import rules

SUNDAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def told():
    return [(history, apply(None, history.code, history.transitions, rules()).state)
            for history in histories(rules(), SUNDAY, seed=7, count=600)]  # fmt: skip


def test_every_story_is_told(told):
    assert {history.story for history, _ in told} == set(STORIES)


def test_a_dossier_folds_to_the_standing_that_its_story_intends(told):
    wrong = [(history.story, state.clock, state.standing) for history, state in told
             if (state.clock, state.standing) != (history.clock, history.standing)]  # fmt: skip
    assert wrong == []


def test_an_invented_dossier_breaks_no_rule_and_has_no_odd_data(told):
    assert Counter(code for _, state in told for code in (*state.violations, *state.flags)) == {}


def test_a_reschedule_with_an_apology_keeps_the_dossier_on_time_but_late_by_decision_766(told):
    rescheduled = [state for history, state in told if history.story == "rescheduled"]
    judged = {(state.rescheduled, state.standing, state.standing_766) for state in rescheduled}
    assert judged == {(True, "on_time", "late")}


def test_nothing_happens_after_today(told):
    assert max(step.at.date() for history, _ in told for step in history.transitions) <= SUNDAY


def test_nothing_happens_on_a_day_off(told):
    days = {step.at.date() for history, _ in told for step in history.transitions}
    assert [day for day in days if not rules().calendar.is_working(day)] == []


def test_codes_are_of_the_generation_of_2025_and_unlike_those_of_another_seed(told):
    codes = {history.code for history, _ in told}
    others = {history.code for history in histories(rules(), SUNDAY, seed=8, count=600)}
    assert {parse_code(code).generation for code in codes} == {"tt_04_2025"}
    assert len(codes) == 600
    assert not codes & others


def test_the_same_seed_tells_the_same_histories(told):
    assert [history for history, _ in told] == list(histories(rules(), SUNDAY, seed=7, count=600))
