"""The clock of a piece of feedback read a second time, sentence by sentence: each date was counted by hand first."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.feedback import FeedbackEvent, FeedbackState, apply, tick
from casework.rules import build_rules
from casework.watchpoints import standing
from tests.support.feedback import CASE, after, at, event, opened, step, told
from tests.support.rules import files, rules

END = "23:59:59"
ASSIGNED = event("assigned", "2026-09-04", agency="LG.SXD")
MOVE = event("moved", "2026-09-05", by="web")


def text(moment: datetime | None) -> str | None:
    return moment and f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def dues(state: FeedbackState) -> list[str | None]:
    """When acceptance, answer and publication are due."""
    return [text(state.due.accept), text(state.due.answer), text(state.due.publish)]


LIMITS = [
    # what was opened, when, due to accept, due to answer
    ({}, "2026-08-27", f"2026-09-03 {END}", f"2026-09-22 {END}", "qd_766_accept_over_2_9_2026"),
    ({"kind": "regulation"}, "2026-02-05", f"2026-02-09 {END}", f"2026-03-05 {END}", "qd_766_answer_over_tet_2026"),
    ({"kind": "regulation"}, "2025-04-24", f"2025-04-26 {END}", f"2025-05-19 {END}", "qd_766_swap_of_2025"),
    (
        {"kind": "incident", "urgency": "urgent"},
        "2026-02-13 16:30",
        "2026-02-13 17:30",
        f"2026-02-23 {END}",
        "qd_960_urgent_on_the_last_evening_before_tet",
    ),
    (
        {"kind": "incident", "urgency": "urgent", "domain": "traffic"},
        "2026-03-02 09:00",
        "2026-03-02 10:00",
        f"2026-03-03 {END}",
        "qd_960_urgent_goes_before_the_domain",
    ),
    (
        {"kind": "incident", "domain": "traffic"},
        "2026-04-24 16:00",
        "2026-04-28 16:00",
        f"2026-05-04 {END}",
        "qd_960_three_days_over_gio_to_and_30_4",
    ),
    (
        {"kind": "incident", "domain": "health"},
        "2026-08-18 09:00",
        "2026-08-19 09:00",
        f"2026-09-03 {END}",
        "qd_960_ten_days_for_any_other_domain",
    ),
    (
        {"kind": "incident", "domain": "environment"},
        "2026-08-21 13:30",
        "2026-08-22 11:30",
        f"2026-08-25 {END}",
        "qd_1207_eight_working_hours_into_a_make_up_saturday",
    ),
    ({"lane": "khieu_nai"}, "2026-06-20", f"2026-06-30 {END}", None, "law_02_2011_ten_days_in_june_2026"),
    ({"lane": "khieu_nai"}, "2025-01-20", f"2025-02-03 {END}", None, "law_02_2011_ten_days_end_in_tet_2025"),
    ({"lane": "khieu_nai", "kind": "incident", "urgency": "urgent"}, "2026-07-01", f"2026-07-10 {END}", None,
     "nd_155_2026_the_lane_goes_before_kind_and_urgency"),
    ({"lane": "to_cao"}, "2026-07-01", f"2026-07-10 {END}", None, "law_25_2018_seven_working_days_from_july_2026"),
    ({"kind": "question"}, "2026-08-27", None, f"2026-09-22 {END}", "a_question_is_only_to_be_answered"),
    ({"kind": "praise", "urgency": "urgent"}, "2026-08-27", None, None, "praise_has_no_clock_even_if_urgent"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "when", "accept", "answer"), [case[:4] for case in LIMITS], ids=[case[4] for case in LIMITS]
)
def test_what_a_case_is_decides_when_it_is_due(fields, when, accept, answer):
    assert dues(after(opened(when, **fields))) == [accept, answer, None]


@pytest.mark.parametrize(
    ("received", "due"),
    [
        pytest.param(
            datetime(2026, 6, 30, 16, 30, tzinfo=UTC), "2026-07-10", id="law_02_2011_on_the_last_evening_of_june"
        ),
        pytest.param(datetime(2026, 6, 30, 17, 30, tzinfo=UTC), "2026-07-13", id="nd_155_2026_half_an_hour_into_july"),
    ],
)
def test_the_law_of_the_day_of_receipt_in_vietnam_holds(received, due):
    closed = build_rules(
        {**files(), "calendar.csv": files()["calendar.csv"] + "2026-07-09,local_closure,Bão,CĐ 1,yes\n"}
    )
    state = apply(None, CASE, [opened("2026-07-02", lane="khieu_nai", received_at=received)], closed).state
    assert text(state.due.accept) == f"{due} {END}"


def test_qd_766_the_answer_counts_from_the_last_of_two_transfers():
    moves = [event("assigned", "2026-09-10", agency="LG.SNNMT"), event("assigned", "2026-09-22", agency="LG.CA")]
    state = after(opened(), ASSIGNED, *moves)
    assert (dues(state)[1], state.transfers, state.first_sent_at) == (f"2026-10-13 {END}", 2, at("2026-09-03"))


def test_qd_766_to_another_agency_after_a_return_is_a_transfer():
    state = after(opened(), ASSIGNED, event("returned", "2026-09-07"), event("assigned", "2026-09-08", agency="LG.CA"))
    assert (state.stage, state.transfers, dues(state)[1]) == ("assigned", 1, f"2026-09-29 {END}")


def test_back_to_the_same_agency_after_a_return_is_none():
    state = after(opened(), ASSIGNED, event("returned", "2026-09-07"), event("assigned", "2026-09-08", agency="LG.SXD"))
    assert (state.agency, state.transfers, dues(state)[1]) == ("LG.SXD", 0, f"2026-09-24 {END}")


def test_qd_766_a_case_that_was_sent_back_is_nobodys_assignment_when_it_is_reopened():
    sent_back = [ASSIGNED, event("returned", "2026-09-07"), event("answered", "2026-09-08")]
    state = after(opened(), *sent_back, event("reopened", "2026-09-10"))
    assert (state.stage, state.agency, dues(state)[1]) == ("accepted", "LG.HCC", f"2026-10-01 {END}")
    again = step(event("assigned", "2026-09-11", agency="LG.CA"), state=state).state
    assert (again.stage, again.transfers) == ("assigned", 1)


@pytest.mark.parametrize("kind", ["proposal", "question", "incident"])
def test_only_qd_766_counts_anew_from_a_transfer(kind):
    before = after(opened(kind=kind), ASSIGNED)
    moved = after(opened(kind=kind), ASSIGNED, event("assigned", "2026-09-08", agency="LG.CA"))
    assert (moved.transfers, moved.due.answer) == (1, before.due.answer)


@pytest.mark.parametrize(
    ("when", "violations"), [("2026-09-09 23:59", ()), ("2026-09-10 00:00", ("late_info_request",))]
)
def test_qd_766_more_is_asked_within_five_working_days_over_2_9(when, violations):
    assert after(opened("2026-08-28"), event("info_requested", when)).violations == violations


def test_qd_766_a_second_question_after_the_five_days_is_late_too():
    asked = [event("info_requested", "2026-09-04"), event("info_received", "2026-09-08")]
    assert after(opened(), *asked, event("info_requested", "2026-09-14")).violations == ("late_info_request",)


@pytest.mark.parametrize("fields", [{"kind": "incident"}, {"kind": "proposal"}, {"lane": "khieu_nai"}])
def test_where_no_limit_to_ask_is_set_no_question_is_late(fields):
    assert after(opened(**fields), event("info_requested", "2026-11-04")).violations == ()


def test_a_violation_is_told_at_the_moment_of_the_late_question_whatever_came_with_it():
    done = step(opened(), event("info_requested", "2026-09-14"), event("answered", "2026-09-20"))
    assert [outcome.at for outcome in done.outcomes if outcome.rule == "late_info_request"] == [at("2026-09-14")]


def test_a_flag_is_told_at_the_moment_when_it_arose():
    done = step(opened(), event("assigned", "2026-09-04", agency="H09.12"), event("answered", "2026-09-20"))
    assert [outcome.at for outcome in done.outcomes if outcome.rule == "unknown_agency"] == [at("2026-09-04")]


@pytest.mark.parametrize("kind", ["regulation", "conduct"])
def test_qd_766_published_within_two_working_days_over_30_4(kind):
    state = after(opened("2026-04-20", kind=kind), event("answered", "2026-04-29"))
    assert dues(state)[2] == f"2026-05-05 {END}"
    assert [(point.alert, text(point.moment)) for point in state.watch] == [
        ("due_soon", "2026-05-04 07:00"),
        ("overdue", "2026-05-06 00:00"),
    ]


@pytest.mark.parametrize("ending", ["rejected", "merged", "withdrawn"])
def test_what_was_never_answered_is_not_to_be_published(ending):
    state = after(opened(), event(ending, "2026-09-04"))
    assert (state.due.publish, state.watch) == (None, ())


def test_the_first_acceptance_counts_however_often_it_is_repeated():
    done = step(opened(), event("accepted", "2026-09-07"), ASSIGNED, event("accepted", "2026-09-20"))
    (closed,) = [outcome for outcome in done.outcomes if outcome.stage == "accept"]
    assert (closed.at, closed.standing) == (ASSIGNED.at, "on_time")


def test_an_extension_at_the_last_second_moves_the_answer():
    last = event("extended", f"2026-09-24 {END}", until=datetime(2026, 9, 29, 18, tzinfo=UTC))
    assert dues(after(opened(), last))[1] == f"2026-09-30 {END}"


def test_an_extension_is_for_once_also_with_a_document():
    first = event("extended", "2026-02-01", until=at("2026-03-20"), document_number="1/QĐ")
    second = event("extended", "2026-03-01", until=at("2026-04-20"), document_number="2/QĐ")
    confirmed = event("lane_confirmed", "2026-01-19", accepted_at=at("2026-01-17"))
    case = opened("2026-01-15", lane="to_cao")
    assert dues(after(case, confirmed))[1] == f"2026-02-23 {END}"
    assert dues(after(case, confirmed, first, second))[1] == f"2026-03-20 {END}"


def test_an_extension_without_a_document_does_not_use_up_the_one_of_a_khieu_nai():
    confirmed = event("lane_confirmed", "2026-09-15", accepted_at=at("2026-09-14"))
    said = event("extended", "2026-10-01", until=at("2026-10-20"))
    written = event("extended", "2026-10-02", until=at("2026-10-28"), document_number="3/QĐ")
    assert dues(after(opened(lane="khieu_nai"), confirmed, said, written))[1] == f"2026-10-28 {END}"


def test_before_the_lane_is_confirmed_a_don_has_nothing_to_extend():
    extended = event("extended", "2026-09-10", until=at("2026-10-28"), document_number="3/QĐ")
    assert dues(after(opened(lane="to_cao"), extended)) == [f"2026-09-14 {END}", None, None]


LANES = ["khieu_nai", "to_cao"]


@pytest.mark.parametrize("lane", LANES)
@pytest.mark.parametrize("kind", ["regulation", "conduct", "incident", "proposal", "question", "praise", None])
def test_what_is_not_yet_a_don_has_only_the_clock_of_its_acceptance(lane, kind):
    events = [event("info_requested", "2026-11-04"), event("info_received", "2026-11-05")]
    state = after(opened(lane=lane, kind=kind, urgency="urgent", domain="traffic"), *events)
    assert (dues(state), state.violations) == ([f"2026-09-14 {END}", None, None], ())
    assert {point.stage for point in state.watch} == {"accept"}


@pytest.mark.parametrize("lane", LANES)
@pytest.mark.parametrize("way", ["rejected", "assigned", "accepted"])
def test_guiding_or_handing_over_ends_all_that_runs_before_the_lane_is_confirmed(lane, way):
    state = after(opened(lane=lane), event(way, "2026-09-10", agency="LG.SXD", door="LG.TCD"))
    assert (dues(state)[1], state.watch) == (None, ())


@pytest.mark.parametrize("lane", LANES)
def test_a_don_is_counted_in_calendar_days_whoever_has_it_and_is_not_published(lane):
    confirmed = event("lane_confirmed", "2026-09-15", accepted_at=at("2026-09-14"))
    moves = [ASSIGNED, event("assigned", "2026-09-22", agency="LG.CA"), event("info_requested", "2026-09-23")]
    state = after(opened(lane=lane, kind="conduct"), confirmed, *moves)
    assert dues(state) == [f"2026-09-14 {END}", f"2026-10-14 {END}", None]
    assert dues(step(event("answered", "2026-10-01"), state=state).state)[2] is None


def test_a_don_is_counted_from_its_confirmation_where_no_acceptance_is_named():
    state = after(opened(lane="khieu_nai"), event("lane_confirmed", "2026-09-15"))
    assert dues(state)[1] == f"2026-10-15 {END}"


def test_only_the_confirmation_starts_the_clock_of_the_decision():
    corrected = event("corrected", "2026-09-04", lane="khieu_nai")
    assert dues(after(opened(), ASSIGNED, corrected))[1] is None
    named = event("lane_confirmed", "2026-09-14", lane="khieu_nai")
    state = after(opened(), ASSIGNED, named)
    assert (state.lane, dues(state)[1]) == ("khieu_nai", f"2026-10-14 {END}")


def test_a_reopened_case_counts_its_answer_anew_and_its_publication_from_the_new_answer():
    events = [ASSIGNED, event("answered", "2026-09-14"), event("reopened", "2026-09-16")]
    assert dues(after(opened(), *events))[1:] == [f"2026-10-07 {END}", None]
    again = after(opened(), *events, event("answered", "2026-09-25"))
    assert dues(again)[2] == f"2026-09-29 {END}"


def test_reopening_retracts_the_alert_of_the_publication():
    state = after(opened(), ASSIGNED, event("answered", "2026-09-14"))
    alerted = tick(state, f"{CASE}:publish:2026-09-16:overdue").state
    done = step(event("reopened", "2026-09-17"), state=alerted)
    assert told(done.outcomes) == [("alert_retracted", f"{CASE}:publish:2026-09-16:overdue")]
    assert done.state.alert is done.state.alert_stage is None


def test_the_working_day_before_is_counted_over_2_9():
    moments = {(point.stage, point.alert): text(point.moment) for point in after(opened("2026-08-27")).watch}
    assert moments["accept", "due_soon"] == "2026-08-28 07:00"
    assert moments["accept", "overdue"] == "2026-09-04 00:00"
    assert moments["answer", "due_soon"] == "2026-09-21 07:00"


def test_a_correction_to_a_khieu_nai_leaves_only_its_acceptance():
    state = after(opened("2026-09-03"), event("corrected", "2026-09-04", lane="khieu_nai"))
    assert (dues(state), {point.stage for point in state.watch}) == ([f"2026-09-14 {END}", None, None], {"accept"})


def test_equal_values_confirm_and_change_nothing():
    confirmed = after(opened(), event("corrected", "2026-09-04", kind="conduct", domain="land", urgency="normal"))
    assert replace(confirmed, history=()) == replace(after(opened()), history=())


def test_at_one_moment_the_greater_id_comes_last():
    one = event("assigned", "2026-09-04", id="a", agency="LG.SXD")
    other = event("assigned", "2026-09-04", id="b", agency="LG.CA")
    assert [after(opened(), *pair).agency for pair in ((one, other), (other, one))] == ["LG.CA", "LG.CA"]


def test_of_two_openings_at_one_moment_the_smaller_id_stands():
    one, other = opened(id="a", lane="to_cao"), opened(id="b")
    assert [after(*pair).lane for pair in ((one, other), (other, one))] == ["to_cao", "to_cao"]


def test_an_earlier_opening_that_arrives_late_is_the_first():
    state = step(opened("2026-09-02 08:00", kind="question"), state=after(opened("2026-09-03"))).state
    assert (state.kind, state.received_at) == ("question", at("2026-09-02 08:00"))


def test_two_contents_under_one_id_give_one_state_in_both_orders():
    one = event("assigned", "2026-09-04", id="same", agency="LG.SXD")
    other = event("assigned", "2026-09-05", id="same", agency="LG.CA")
    assert after(opened(), one, other) == after(opened(), other, one)


def test_a_released_case_comes_back_whole_when_the_release_goes_before_its_history():
    history = [opened(lane="to_cao"), ASSIGNED]
    state = after(*history, MOVE)
    for each in [event("released", "2026-09-10"), *history]:
        state = step(each, state=state).state
    together = after(*history, MOVE, event("released", "2026-09-10"))
    assert (state.stage, state.lane, dues(state)) == (together.stage, together.lane, dues(together))
    assert (state.stage, state.lane, dues(state)[1]) == ("assigned", "phan_anh_kien_nghi", f"2026-09-24 {END}")


def test_what_a_moved_case_leaves_says_nothing_of_it():
    state = tick(after(opened(), ASSIGNED), f"{CASE}:answer:2026-09-24:overdue").state
    stub = step(MOVE, state=state).state
    assert replace(stub, history=(), rules="", counts={}) == FeedbackState(feedback_id=CASE, stage="moved")
    assert step(event("urged", "2026-09-06"), state=stub).state == stub


def test_a_case_under_changed_rules_tells_the_change_before_the_event():
    stormy = build_rules(
        {**files(), "calendar.csv": files()["calendar.csv"] + "2026-09-07,local_closure,Bão,CĐ 1,yes\n"}
    )
    done = apply(after(opened()), CASE, [event("accepted", "2026-09-08")], stormy)
    assert [(outcome.outcome, outcome.stage, outcome.standing, outcome.cause) for outcome in done.outcomes] == [
        ("recalculated", "accept", None, "calendar"),
        ("recalculated", "answer", None, "calendar"),
        ("closed", "accept", "on_time", None),
    ]


def test_a_warning_that_another_calendar_puts_off_is_retracted():
    state = tick(after(opened("2026-09-08")), f"{CASE}:accept:2026-09-10:due_soon").state
    lines = "2026-09-09,local_closure,Bão,CĐ 1,yes\n2026-09-12,make_up_working,Bù,CĐ 1,yes\n"
    stormy = build_rules({**files(), "calendar.csv": files()["calendar.csv"] + lines})
    done = apply(state, CASE, [event("urged", "2026-09-09")], stormy)
    assert (dues(done.state)[0], done.state.alert) == (f"2026-09-11 {END}", None)
    assert told(done.outcomes)[0] == ("alert_retracted", f"{CASE}:accept:2026-09-10:due_soon")


NOW = at("2026-09-25 12:00")
moments = st.sampled_from(
    [at(f"2026-09-{day:02} {hour}") for day in (3, 4, 8, 14, 24, 25) for hour in ("08:00", "16:00")]
)
types = [
    "opened",
    "accepted",
    "assigned",
    "returned",
    "corrected",
    "extended",
    "answered",
    "reopened",
    "rejected",
    "published",
]
histories = st.lists(
    st.builds(
        FeedbackEvent,
        id=st.sampled_from("abcdefghij"),
        type=st.sampled_from(types),
        at=moments,
        agency=st.sampled_from(["LG.SXD", "LG.CA"]),
        kind=st.sampled_from([None, "conduct", "incident", "question"]),
        until=st.sampled_from([None, at("2026-09-30")]),
    ),
    max_size=7,
)


def watched(pieces: list[list[FeedbackEvent]]) -> FeedbackState:
    """The case after all pieces at `NOW`, with a deadline watch that ticks after each."""
    state: FeedbackState | None = None
    for piece in pieces:
        state = apply(state, CASE, piece, rules()).state
        point = standing(state.watch, NOW)
        state = tick(state, point.alert_id).state if point else state
    assert state is not None
    return state


@settings(max_examples=120, deadline=None)
@given(histories)
def test_the_highest_alert_whose_moment_has_come_stands_whichever_way_the_case_arrived(events):
    events = [opened(), *events]
    together, apart = watched([events]), watched([[each] for each in reversed(events)])
    point = standing(together.watch, NOW)
    assert together.alert_id == apart.alert_id == (point.alert_id if point else None)
