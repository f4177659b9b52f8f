"""What nobody accepts climbs: coordinator, leader, IOC, at moments counted by hand, each step an event."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from casework.errors import InvalidField
from casework.escalation import parse_escalation
from casework.feedback import FeedbackEvent, FeedbackState, apply, refold, tick
from casework.rules import Settings, build_rules
from casework.watchpoints import standing
from tests.support.feedback import CASE, after, at, event, opened, step, told
from tests.support.rules import files, rules

URGENT = {"kind": "incident", "urgency": "urgent"}
COMPLEX = {"kind": "incident", "urgency": "complex"}
ASSIGNED = event("assigned", "2026-09-03 09:10", agency="LG.SXD")
RETURNED = event("returned", "2026-09-03 14:00", reason="not_ours")


def steps(state: FeedbackState) -> dict[str, str]:
    """When each step hears of the case."""
    return {point.alert: f"{point.moment:%m-%d %H:%M}" for point in state.watch if point.track == "escalation"}


def id_of(name: str, start: str = "2026-09-03T09:00:00+07:00") -> str:
    return f"{CASE}:escalation:{start}:{name}"


def climbed(state: FeedbackState, name: str, start: str = "2026-09-03T09:00:00+07:00") -> FeedbackState:
    """The state after the tick of a step and after its events were read."""
    ticked = tick(state, id_of(name, start))
    return apply(ticked.state, CASE, ticked.events, rules()).state


TIMES = [
    # what was opened, when, coordinator, leader, IOC
    (URGENT, "2026-09-03 09:00", "09-03 09:15", "09-03 09:30", "09-03 10:00", "urgent_15_30_60_minutes"),
    (URGENT, "2026-09-05 23:50", "09-06 00:05", "09-06 00:20", "09-06 00:50", "urgent_also_on_a_saturday_night"),
    (COMPLEX, "2026-09-03 09:00", "09-03 15:00", "09-04 09:00", "09-07 09:00", "complex_half_a_day_one_two"),
    ({"kind": "incident"}, "2026-09-03 09:00", "09-04 09:00", "09-07 09:00", "09-08 09:00", "normal_1_2_3_days"),
    ({"kind": "incident"}, "2026-08-28 16:00", "09-03 16:00", "09-04 16:00", "09-07 16:00", "normal_over_2_9"),
    ({"kind": "question"}, "2026-09-03 09:00", "09-04 09:00", "09-07 09:00", "09-08 09:00", "a_question_climbs_too"),
    ({"kind": None, "urgency": None}, "2026-09-03 09:00", "09-04 09:00", "09-07 09:00", "09-08 09:00",
     "without_urgency_as_normal"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "when", "coordinator", "leader", "ioc"), [case[:5] for case in TIMES], ids=[case[5] for case in TIMES]
)
def test_what_nobody_accepts_climbs_at_set_times(fields, when, coordinator, leader, ioc):
    assert steps(after(opened(when, **fields))) == {"coordinator": coordinator, "leader": leader, "ioc": ioc}


@pytest.mark.parametrize(
    "fields",
    [
        {"lane": "khieu_nai", "urgency": "urgent"},
        {"lane": "to_cao", "urgency": "urgent"},
        {"kind": "praise", "urgency": "urgent"},
    ],
)
def test_khieu_nai_to_cao_and_praise_climb_nowhere(fields):
    assert steps(after(opened(**fields))) == {}


@pytest.mark.parametrize(
    "ending", ["accepted", "assigned", "rejected", "answered", "withdrawn", "merged", "info_requested", "published"]
)
def test_whoever_takes_it_up_ends_the_climb(ending):
    state = climbed(after(opened(**URGENT)), "coordinator")
    assert state.escalation == "coordinator"
    taken = step(event(ending, "2026-09-03 09:20", agency="LG.SXD"), state=state).state
    assert (steps(taken), taken.escalation, taken.escalation_id) == ({}, None, None)
    assert "escalated" in {kept.type for kept in taken.history}


def test_a_case_that_waits_for_the_citizen_climbs_on_when_he_has_answered():
    asked = [event("info_requested", "2026-09-03 09:05"), event("info_received", "2026-09-03 09:10")]
    assert steps(after(opened(**URGENT), *asked))["coordinator"] == "09-03 09:15"


def test_a_returned_case_climbs_from_the_moment_of_its_return():
    state = after(opened(**URGENT), ASSIGNED, RETURNED)
    assert steps(state) == {"coordinator": "09-03 14:15", "leader": "09-03 14:30", "ioc": "09-03 15:00"}
    again = step(event("returned", "2026-09-03 14:20"), state=state).state
    assert steps(again) == steps(state)


def test_a_released_case_climbs_from_its_release():
    state = after(opened(lane="to_cao", **URGENT), event("released", "2026-09-10 08:00"))
    assert steps(state)["coordinator"] == "09-10 08:15"


def test_a_case_that_was_erased_climbs_nowhere():
    assert steps(after(opened(**URGENT), event("erased", "2026-09-03 09:05"))) == {}


def test_office_hours_of_the_agency_hold():
    own = build_rules({**files(), "settings.toml": '[office_hours]\n"LG.HCC" = ["08:00-12:00", "13:00-17:00"]\n'})
    state = apply(None, CASE, [opened("2026-09-03 09:00", **COMPLEX)], own).state
    assert steps(state)["coordinator"] == "09-03 14:00"


def test_a_tick_sends_the_event_of_its_step_and_changes_nothing_yet():
    state = after(opened(**URGENT))
    done = tick(state, id_of("coordinator"))
    (sent,) = done.events
    assert (done.state, done.outcomes) == (state, ())
    assert (sent.type, sent.to, sent.by, sent.source) == ("escalated", "coordinator", "system", "/langnghe/web")
    assert sent.at == at("2026-09-03 09:15")


def test_the_event_read_back_is_what_makes_the_case_climb():
    state = climbed(after(opened(**URGENT)), "coordinator")
    assert (state.escalation, state.escalation_id, state.stage) == ("coordinator", id_of("coordinator"), "opened")
    assert climbed(state, "leader").escalation == "leader"


def test_a_climb_tells_no_outcome_and_touches_no_alert():
    state = tick(after(opened(**URGENT)), f"{CASE}:accept:2026-09-03T10:00:00+07:00:overdue").state
    ticked = tick(state, id_of("ioc"))
    read = apply(ticked.state, CASE, ticked.events, rules())
    assert (read.outcomes, read.state.alert) == ((), "overdue")


def test_a_higher_step_that_comes_first_sends_the_lower_ones_too():
    done = tick(after(opened(**URGENT)), id_of("ioc"))
    assert [(sent.to, f"{sent.at:%H:%M}") for sent in done.events] == [
        ("coordinator", "09:15"),
        ("leader", "09:30"),
        ("ioc", "10:00"),
    ]


def test_a_lower_step_that_comes_after_a_higher_one_sends_nothing():
    state = climbed(after(opened(**URGENT)), "ioc")
    assert [tick(state, id_of(name)).events for name in ("coordinator", "leader", "ioc")] == [(), (), ()]


def test_the_same_tick_twice_sends_the_same_event():
    state = after(opened(**URGENT))
    assert tick(state, id_of("leader")).events == tick(state, id_of("leader")).events


def test_a_tick_that_finds_the_case_accepted_sends_nothing():
    assert tick(after(opened(**URGENT), ASSIGNED), id_of("leader")).events == ()


def test_after_a_return_the_climb_begins_anew_with_events_of_its_own():
    first = climbed(after(opened(**URGENT)), "coordinator")
    state = step(event("assigned", "2026-09-03 09:20", agency="LG.SXD"), RETURNED, state=first).state
    assert state.escalation is None
    again = climbed(state, "coordinator", "2026-09-03T14:00:00+07:00")
    assert [kept.type for kept in again.history].count("escalated") == 2
    assert again.escalation == "coordinator"


def test_an_escalation_read_after_an_earlier_acceptance_stays_in_the_history_and_changes_no_stage():
    sent = tick(after(opened(**URGENT)), id_of("coordinator")).events
    accepted = step(event("accepted", "2026-09-03 09:10"), state=after(opened(**URGENT))).state
    late = step(*sent, state=accepted)
    assert (late.state.stage, late.state.escalation, late.outcomes) == ("accepted", None, ())
    assert replace(late.state, history=()) == replace(accepted, history=())
    assert [kept.type for kept in late.state.history] == ["opened", "accepted", "escalated"]


def test_an_earlier_acceptance_that_arrives_late_takes_the_climb_back():
    state = climbed(after(opened(**URGENT)), "leader")
    late = step(event("accepted", "2026-09-03 09:05"), state=state)
    assert (late.state.escalation, late.state.stage, told(late.outcomes)) == (None, "accepted", [("closed", "accept")])


def test_a_correction_to_khieu_nai_takes_the_climb_back_and_one_back_again_keeps_the_steps_that_were_sent():
    state = climbed(after(opened(**URGENT)), "leader")
    hidden = step(event("corrected", "2026-09-03 09:40", lane="khieu_nai"), state=state).state
    assert hidden.escalation is None
    back = step(event("corrected", "2026-09-03 09:50", lane="phan_anh_kien_nghi"), state=hidden).state
    assert back.escalation == "leader"


def test_an_event_that_no_step_of_the_case_has_is_only_remembered():
    forged = event("escalated", "2026-09-03 09:15", to="ioc")
    state = after(opened(**URGENT), forged)
    assert (state.escalation, len(state.history)) == (None, 2)


def test_a_history_that_is_cut_short_keeps_every_step():
    likes = [event("rated", "2026-09-03 09:01", id=f"r{n}", rating="like") for n in range(1100)]
    first = climbed(after(opened(**URGENT)), "coordinator")
    state = step(*likes, event("returned", "2026-09-03 09:05"), state=first).state
    again = climbed(state, "coordinator", "2026-09-03T09:05:00+07:00")
    assert [kept.type for kept in again.history] == ["opened", "rated", "returned", "escalated", "escalated"]
    assert (again.escalation, again.flags) == ("coordinator", ("repeats_dropped",))
    assert tick(again, again.escalation_id or "").events == ()


def test_other_times_keep_the_steps_that_were_sent():
    state = climbed(after(opened(**URGENT)), "coordinator")
    slower = build_rules({**files(), "escalation.csv": files()["escalation.csv"].replace("0.25,hours", "0.4,hours")})
    done = refold(state, slower)
    assert (steps(done.state)["coordinator"], done.state.escalation) == ("09-03 09:24", "coordinator")
    assert (done.outcomes, slower.cause_since(rules().hash)) == ((), "limits")


def test_a_province_without_steps_climbs_nowhere():
    head = files()["escalation.csv"].splitlines()[0]
    for none in ({**files(), "escalation.csv": head}, {k: v for k, v in files().items() if k != "escalation.csv"}):
        assert steps(apply(None, CASE, [opened(**URGENT)], build_rules(none)).state) == {}


def test_days_in_the_style_of_the_province():
    text = "urgency,step,amount,unit,source\nnormal,leader,1,working_days,thử\n"
    under = [build_rules({**files(), "escalation.csv": text}, Settings(style=style)) for style in ("date", "moment")]
    states = [apply(None, CASE, [opened("2026-09-03 10:00")], each).state for each in under]
    assert [steps(state)["leader"] for state in states] == ["09-04 23:59", "09-04 10:00"]


def test_every_packaged_step_gives_its_reason():
    assert len(rules().escalation) == 9
    assert all(each.limit.source for each in rules().escalation)


HEAD = "urgency,step,amount,unit,source\n"


@pytest.mark.parametrize(
    ("rows", "field", "line"),
    [
        pytest.param("soon,leader,1,hours,x\n", "urgency", 2, id="unknown_urgency"),
        pytest.param("urgent,minister,1,hours,x\n", "step", 2, id="unknown_step"),
        pytest.param("urgent,leader,,hours,x\n", "amount", 2, id="no_amount"),
        pytest.param("urgent,leader,-1,hours,x\n", "amount", 2, id="negative"),
        pytest.param("urgent,leader,1,weeks,x\n", "unit", 2, id="unknown_unit"),
        pytest.param("urgent,leader,1,hours,x\nurgent,leader,2,hours,x\n", "step", 3, id="twice"),
        pytest.param("urgent,ioc,1,hours,x\nurgent,leader,2,hours,x\n", "amount", 2, id="a_higher_step_first"),
    ],
)
def test_a_step_that_cannot_be_used_is_refused_with_its_line(rows, field, line):
    with pytest.raises(InvalidField, match=f"Báo vượt cấp, dòng {line}:") as caught:
        parse_escalation([HEAD, *rows.splitlines(keepends=True)])
    assert caught.value.field == field


NOW = at("2026-09-03 12:00")
MOMENTS = [at(f"2026-09-03 {hour}:{minute}") for hour in ("09", "10", "11") for minute in ("05", "20", "40")]
TYPES = ["accepted", "assigned", "returned", "info_requested", "info_received", "corrected", "reopened"]
taken = st.builds(
    FeedbackEvent,
    id=st.sampled_from("abcdef"),
    type=st.sampled_from(TYPES),
    at=st.sampled_from(MOMENTS),
    agency=st.sampled_from([None, "LG.SXD", "LG.CA"]),
    lane=st.sampled_from([None, None, "khieu_nai", "phan_anh_kien_nghi"]),
)


def watched(pieces: list[list[FeedbackEvent]]) -> FeedbackState:
    """The case after all pieces at `NOW`, with a watch that ticks after each and whose events are read back."""
    state: FeedbackState | None = None
    for piece in pieces:
        state = apply(state, CASE, piece, rules()).state
        point = standing(state.watch, NOW, "escalation")
        if point:
            state = apply(state, CASE, tick(state, point.alert_id).events, rules()).state
    assert state is not None
    return state


@limits(max_examples=120, deadline=None)
@given(st.lists(taken, max_size=6))
def test_the_step_that_stands_is_the_highest_whose_moment_has_come_whichever_way_the_case_arrived(events):
    history = [opened(**URGENT), *events]
    together, apart = watched([history]), watched([[each] for each in reversed(history)])
    point = standing(together.watch, NOW, "escalation")
    assert together.escalation_id == apart.escalation_id == (point.alert_id if point else None)


@limits(max_examples=80, deadline=None)
@given(st.lists(taken, max_size=6), st.randoms())
def test_events_of_the_climb_are_folded_alike_in_any_order(events, random):
    history = list(watched([[opened(**URGENT)], *([each] for each in events)]).history)
    whole = apply(None, CASE, history, rules()).state
    random.shuffle(history)
    state: FeedbackState | None = None
    for each in history:
        state = apply(state, CASE, [each, each], rules()).state
    assert state is not None
    assert replace(state, counts={}) == replace(whole, counts={})
