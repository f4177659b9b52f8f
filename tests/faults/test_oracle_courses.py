"""Thousands of random courses come to the same in the product and in the oracle, field by field."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from casework import feedback
from casework.dossiers import Transition, apply, tick
from casework.procedures import parse_agency_limits, parse_procedures, promised
from casework.rules import Rules
from casework.watchpoints import standing
from streams.codec import decode_feedback_event, encode_feedback_event, encode_state, parse_status_changed
from tests.support.dossiers import CODE, PROCEDURES
from tests.support.faults_courses import course
from tests.support.faults_load import event
from tests.support.faults_reports import decided, opened
from tests.support.feedback import CASE
from tests.support.oracle_calendar import VIETNAM
from tests.support.oracle_dossiers import Limits
from tests.support.oracle_logs import event_of, step_of
from tests.support.oracle_states import State, of_dossier, of_feedback
from tests.support.rules import rules

PARTS, COURSES = 3, 800
BEGIN = datetime(2026, 8, 17, tzinfo=VIETNAM)  # a make-up Saturday, a swap and a holiday lie in the weeks that follow
W10, H24, C7, M1 = "9.000010", "9.000024", "9.000007", "9.000031"
DESKS = {W10: {"LG.SXD": (3.0, "working"), "LG.STP": (24.0, "hours"), "LG.VP": (2.0, "calendar_as_labelled")},
         C7: {"LG.SXD": (0.0, "working"), "H09.12": (1.0, "working")},
         M1: {"LG.STP": (0.5, "months")}}  # fmt: skip
PROMISED = {W10: (7.0, "working"), H24: (12.0, "hours")}
LEGAL = {W10: (10.0, "working"), "9.000001": (0.0, "working"), H24: (24.0, "hours"), C7: (7.0, "calendar_as_labelled"),
         M1: (1.0, "months")}  # fmt: skip
Fold = Callable[[Random], tuple[State, list[str]]]
LIMITS = Limits(LEGAL, PROMISED, DESKS, dict.fromkeys((*LEGAL, "9.000000"), "Lĩnh vực thử"))


def under() -> Rules:
    """The packaged rules with invented procedures, promises and desks: those of LIMITS."""
    desks = [f"{code},{agency},{days},{unit},QĐ thử\n" for code, own in DESKS.items()
             for agency, (days, unit) in own.items()]  # fmt: skip
    quick = [f"{code},{days},{unit},QĐ thử\n" for code, (days, unit) in PROMISED.items()]
    procedures = parse_procedures(PROCEDURES.splitlines(keepends=True))
    return replace(rules(), procedures=promised(procedures, ["code,days,day_type,source\n", *quick], 0),
                   agency_limits=parse_agency_limits(["procedure,agency,days,day_type,source\n", *desks]))  # fmt: skip


RULES = under()


def begins(random: Random) -> datetime:
    return BEGIN + timedelta(days=random.randrange(30), hours=random.choice((6, 8, 12, 16, 20)))


def dossier(random: Random) -> tuple[State, list[str]]:
    """The state of one dossier, which arrived in pieces with the watch's ticks in between, and what differs of it."""
    steps = [
        {"dossier_code": CODE, **data} for data in course(random, begins(random), (W10, W10, H24, C7, M1, "9.000000"))
    ]
    now = datetime.fromisoformat(steps[-1]["occurred_at"]) + timedelta(days=random.choice((-3, 0, 1, 3, 12, 40)))
    state = None
    for piece in pieces([admitted(data) for data in steps], random):
        state = apply(state, CODE, piece, RULES).state
        for track in ("alert", "duty"):
            if point := standing(state.watch, now, track):
                state = tick(state, point.alert_id).state
    assert state is not None
    read = [step_of(json.dumps(data).encode()) for data in steps]
    stands = json.loads(encode_state(state))
    return stands, list(of_dossier(CODE, [found[1] for found in read if found], stands, now, LIMITS))


def admitted(data: dict[str, Any]) -> Transition:
    """The step as `streams/admit.py` passes it on: with the code of its agency."""
    step = parse_status_changed(data)[1]
    return replace(step, agency=RULES.agencies.match(step.agency)) if step.agency else step


def report(random: Random) -> tuple[State, list[str]]:
    """The same of a piece of feedback, which climbed where nobody accepted it."""
    received = begins(random)
    story = [("opened", received, opened(random, received)), *decided(random, received)]
    messages = [event(CASE, f"{number}", *told)[1] for number, told in enumerate(story)]
    now = story[-1][1] + timedelta(hours=random.choice((-50, 0, 1, 9, 40, 400)))
    state = None
    for piece in pieces([decode_feedback_event(message)[2] for message in messages], random):
        state = feedback.apply(state, CASE, piece, rules()).state
        for track in ("alert", "escalation"):
            if point := standing(state.watch, now, track):
                ticked = feedback.tick(state, point.alert_id)
                state = feedback.apply(ticked.state, CASE, ticked.events, rules()).state
                messages += [encode_feedback_event(CASE, sent, "/test") for sent in ticked.events]
    assert state is not None
    stands = json.loads(encode_state(state))
    return stands, list(of_feedback(CASE, [event_of(message)[1] for message in messages], stands, now))


def pieces(arriving: list[Any], random: Random) -> tuple[list[Any], list[Any]]:
    """All of it in any order, in two parts."""
    random.shuffle(arriving)
    half = random.randrange(len(arriving))
    return arriving[:half], arriving[half:]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("one", [dossier, report])
def test_a_random_course_comes_to_what_the_oracle_says(one: Fold, part: int) -> None:
    for number in range(COURSES):
        assert one(Random(f"{part}/{number}"))[1] == [], f"course {part}/{number}"


def test_the_courses_go_by_what_they_are_there_for() -> None:
    dossiers, reports = ([one(Random(f"0/{number}"))[0] for number in range(300)] for one in (dossier, report))
    assert any(len(state["holders"]) > 2 for state in dossiers)
    assert any(held["late"] for state in dossiers for held in state["holders"])
    assert {state["intake_standing"] for state in dossiers} == {None, "on_time", "late"}
    assert {state["duty"] for state in dossiers} == {None, "intake_overdue", "step_overdue", "closing_due"}
    assert {state["clock"] for state in dossiers} == {"none", "running", "stopped", "ended", "refused"}
    assert {state["escalation"] for state in reports} == {None, "coordinator", "leader", "ioc"}
    assert {state["lane"] for state in reports} == {"phan_anh_kien_nghi", "khieu_nai", "to_cao"}
    assert {state["stage"] for state in reports} > {"returned", "accepted", "assigned", "withdrawn", "published"}
