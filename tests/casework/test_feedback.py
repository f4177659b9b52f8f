"""The clock of a piece of feedback: dated cases counted by hand (QĐ 766, khiếu nại, tố cáo, incidents)."""

from dataclasses import replace
from itertools import permutations

import pytest

from casework.feedback import apply, tick
from casework.feedback_state import Ratings
from casework.rules import Settings
from tests.support.feedback import CASE, after, at, event, opened, step, told
from tests.support.rules import rules

END = "23:59:59"

FIRST_DUE = [
    # what was opened, when, due to accept, due to answer
    ({}, "2026-09-03", f"2026-09-07 {END}", f"2026-09-24 {END}", "conduct_2_and_15_working_days"),
    ({"kind": "regulation"}, "2026-02-09", f"2026-02-11 {END}", f"2026-03-09 {END}", "regulation_over_tet"),
    ({}, "2026-08-20", f"2026-08-22 {END}", f"2026-09-14 {END}", "conduct_into_a_make_up_saturday"),
    ({"kind": "incident"}, "2026-09-03 10:00", "2026-09-04 10:00", f"2026-09-17 {END}", "incident_8_working_hours"),
    (
        {"kind": "incident", "domain": "traffic"},
        "2026-09-03",
        "2026-09-04 09:00",
        f"2026-09-08 {END}",
        "traffic_3_days",
    ),
    (
        {"kind": "incident", "domain": "urban_infra"},
        "2026-09-03",
        "2026-09-04 09:00",
        f"2026-09-08 {END}",
        "infra_3_days",
    ),
    (
        {"kind": "incident", "domain": "environment"},
        "2026-08-28",
        "2026-09-03 09:00",
        f"2026-09-07 {END}",
        "noise_3_days",
    ),
    (
        {"kind": "incident", "urgency": "urgent", "domain": "security_order"},
        "2026-09-05 22:00",
        "2026-09-05 23:00",
        f"2026-09-07 {END}",
        "urgent_an_hour_by_the_clock_and_1_working_day_whatever_the_domain",
    ),
    (
        {"kind": "incident", "urgency": "complex"},
        "2026-09-03",
        "2026-09-04 09:00",
        f"2026-09-17 {END}",
        "complex_10_days",
    ),
    ({"kind": "proposal"}, "2026-09-03", None, f"2026-09-24 {END}", "proposal_answer_only"),
    ({"kind": "question"}, "2026-09-03", None, f"2026-09-24 {END}", "question_answer_only"),
    ({"kind": "praise"}, "2026-09-03", None, None, "praise_has_no_limit"),
    ({"kind": None}, "2026-09-03", f"2026-09-07 {END}", f"2026-09-24 {END}", "no_kind_counts_as_qd_766"),
    ({"lane": "khieu_nai"}, "2026-07-01", f"2026-07-10 {END}", None, "khieu_nai_7_working_days_from_july_2026"),
    ({"lane": "khieu_nai"}, "2026-06-30", f"2026-07-10 {END}", None, "khieu_nai_10_days_before_july_2026"),
    ({"lane": "to_cao"}, "2026-09-03", f"2026-09-14 {END}", None, "to_cao_7_working_days"),
    ({"lane": "to_cao"}, "2026-06-01", f"2026-06-11 {END}", None, "to_cao_10_days_before_july_2026"),
]


def due_text(moment):
    return moment and f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(":00")


@pytest.mark.parametrize(
    ("fields", "when", "accept", "answer"), [case[:4] for case in FIRST_DUE], ids=[case[4] for case in FIRST_DUE]
)
def test_lane_kind_urgency_and_domain_choose_the_limits(fields, when, accept, answer):
    state = after(opened(when, **fields))
    assert (due_text(state.due.accept), due_text(state.due.answer), state.due.publish) == (accept, answer, None)
    assert state.stage == "opened"


def test_a_case_that_was_not_opened_yet_has_no_clock():
    state = after(event("assigned", "2026-09-04", agency="LG.SXD", source="/langnghe/web"))
    assert (state.stage, state.due.accept, state.due.answer, state.watch) == ("received", None, None, ())
    assert state.source == "/langnghe/web"


def test_what_came_before_the_opening_counts_once_it_is_there():
    early = event("assigned", "2026-09-03 08:00", agency="LG.SXD")
    state = after(early, opened("2026-09-03 09:00"))
    assert (state.stage, state.agency) == ("assigned", "LG.SXD")


def test_the_clock_starts_at_the_receipt_not_at_the_classification():
    state = after(opened("2026-09-07", received_at=at("2026-09-03")))
    assert due_text(state.due.accept) == f"2026-09-07 {END}"
    assert state.received_at == state.first_sent_at == at("2026-09-03")


def test_the_first_opening_stands_against_a_newer_model():
    again = opened("2026-09-04", lane="khieu_nai", kind="incident", agency="LG.SXD")
    state = after(opened("2026-09-03"), again)
    assert (state.lane, state.kind, state.agency, due_text(state.due.accept)) == (
        "phan_anh_kien_nghi",
        "conduct",
        "LG.HCC",
        f"2026-09-07 {END}",
    )


@pytest.mark.parametrize(
    ("ending", "stage"),
    [("accepted", "accepted"), ("assigned", "assigned"), ("rejected", "rejected"), ("answered", "answered")],
)
def test_the_stage_of_acceptance_ends_with(ending, stage):
    done = step(opened(), event(ending, "2026-09-07 16:00", agency="LG.SXD"))
    assert done.state.stage == stage
    assert not [point for point in done.state.watch if point.stage == "accept"]
    assert ("closed", "accept") in told(done.outcomes)


@pytest.mark.parametrize(("when", "standing"), [("2026-09-07 23:59", "on_time"), ("2026-09-08 00:00", "late")])
def test_an_acceptance_is_judged_by_its_date(when, standing):
    closed = step(opened(), event("accepted", when)).outcomes[0]
    assert (closed.stage, closed.standing, closed.at) == ("accept", standing, at(when))


@pytest.mark.parametrize(("when", "standing"), [("2026-09-04 10:00", "on_time"), ("2026-09-04 10:01", "late")])
def test_an_incident_is_accepted_by_the_moment(when, standing):
    closed = step(opened("2026-09-03 10:00", kind="incident"), event("accepted", when)).outcomes[0]
    assert (closed.stage, closed.standing) == ("accept", standing)


def test_the_answer_counts_anew_from_a_transfer_but_not_from_the_first_assignment():
    first = event("assigned", "2026-09-04", agency="LG.SXD")
    assert due_text(after(opened(), first).due.answer) == f"2026-09-24 {END}"
    moved = after(opened(), first, event("assigned", "2026-09-10", agency="LG.SNNMT"))
    assert (due_text(moved.due.answer), moved.transfers, moved.agency) == (f"2026-10-01 {END}", 1, "LG.SNNMT")
    assert moved.first_sent_at == at("2026-09-03")


def test_assigning_the_same_agency_again_is_no_transfer():
    events = [event("assigned", "2026-09-04", agency="LG.SXD"), event("assigned", "2026-09-10", agency="LG.SXD")]
    state = after(opened(), *events)
    assert (state.transfers, due_text(state.due.answer)) == (0, f"2026-09-24 {END}")


def test_an_incident_does_not_gain_time_by_a_transfer():
    events = [event("assigned", "2026-09-04", agency="LG.SXD"), event("assigned", "2026-09-08", agency="LG.CA")]
    state = after(opened(kind="incident", domain="traffic"), *events)
    assert (state.transfers, due_text(state.due.answer)) == (1, f"2026-09-08 {END}")


def test_a_returned_case_is_back_at_the_coordinator_and_its_clock_runs_on():
    state = after(
        opened(), event("assigned", "2026-09-04", agency="LG.SXD"), event("returned", "2026-09-05", reason="not_ours")
    )
    assert (state.stage, state.agency, due_text(state.due.answer)) == ("returned", "LG.HCC", f"2026-09-24 {END}")


def test_a_correction_changes_the_profile_and_an_empty_field_keeps_its_value():
    state = after(opened(), event("corrected", "2026-09-03 10:00", kind="incident", domain="traffic"))
    assert (state.kind, state.domain, state.urgency, state.lane) == (
        "incident",
        "traffic",
        "normal",
        "phan_anh_kien_nghi",
    )
    assert due_text(state.due.answer) == f"2026-09-08 {END}"


@pytest.mark.parametrize(
    ("when", "violations"), [("2026-09-10 23:59", ()), ("2026-09-11 00:00", ("late_info_request",))]
)
def test_more_may_be_asked_within_5_working_days(when, violations):
    done = step(opened(), event("info_requested", when))
    assert (done.state.violations, done.state.stage) == (violations, "info_requested")
    assert told(done.outcomes) == [("violation", "late_info_request")] * len(violations)


def test_waiting_for_the_citizen_does_not_stop_the_clock():
    events = [
        event("accepted", "2026-09-04"),
        event("info_requested", "2026-09-08"),
        event("info_received", "2026-09-15"),
    ]
    asked, answered = after(opened(), *events[:2]), after(opened(), *events)
    assert (asked.stage, answered.stage) == ("info_requested", "accepted")
    assert due_text(asked.due.answer) == due_text(answered.due.answer) == f"2026-09-24 {END}"


def test_an_extension_moves_the_answer_once():
    first = event("extended", "2026-09-20", until=at("2026-09-30"))
    second = event("extended", "2026-09-29", until=at("2026-10-30"))
    assert due_text(after(opened(), first, second).due.answer) == f"2026-09-30 {END}"


def test_an_extension_after_the_due_date_moves_nothing_and_is_flagged():
    state = after(opened(), event("extended", "2026-09-25", until=at("2026-09-30")))
    assert (due_text(state.due.answer), state.flags) == (f"2026-09-24 {END}", ("due_moved_late",))


def test_an_extension_to_an_earlier_day_changes_nothing():
    assert (
        due_text(after(opened(), event("extended", "2026-09-10", until=at("2026-09-15"))).due.answer)
        == f"2026-09-24 {END}"
    )


@pytest.mark.parametrize(("number", "expected"), [(None, f"2026-10-14 {END}"), ("12/QĐ-UBND", f"2026-10-28 {END}")])
def test_a_decision_on_a_khieu_nai_is_extended_only_by_a_document(number, expected):
    confirmed = event("lane_confirmed", "2026-09-15", accepted_at=at("2026-09-14"))
    extended = event("extended", "2026-10-01", until=at("2026-10-28"), document_number=number)
    assert due_text(after(opened(lane="khieu_nai"), confirmed, extended).due.answer) == expected


@pytest.mark.parametrize(("lane", "expected"), [("khieu_nai", f"2026-10-14 {END}"), ("to_cao", f"2026-10-14 {END}")])
def test_a_confirmed_lane_is_decided_within_30_calendar_days_of_its_acceptance(lane, expected):
    state = after(opened(lane=lane), event("lane_confirmed", "2026-09-15", accepted_at=at("2026-09-14")))
    assert (due_text(state.due.answer), state.stage) == (expected, "accepted")
    assert {point.stage for point in state.watch} == {"answer"}


def test_a_refused_khieu_nai_that_becomes_a_don_runs_again():
    state = after(
        opened(lane="khieu_nai"), event("rejected", "2026-09-04", door="LG.TCD"), event("lane_confirmed", "2026-09-14")
    )
    assert (state.stage, due_text(state.due.answer)) == ("accepted", f"2026-10-14 {END}")


@pytest.mark.parametrize("lane", ["khieu_nai", "to_cao"])
@pytest.mark.parametrize("ending", ["rejected", "withdrawn", "answered"])
def test_law_02_2011_art_28_a_don_is_decided_within_30_days_of_its_acceptance_though_it_was_over(lane, ending):
    over = event(ending, "2026-09-04", door="LG.TCD")
    state = after(opened(lane=lane), over, event("lane_confirmed", "2026-09-16", accepted_at=at("2026-09-14")))
    assert (state.stage, due_text(state.due.answer)) == ("accepted", f"2026-10-14 {END}")
    reopened = [event("answered", "2026-09-20"), event("reopened", "2026-09-21")]
    assert due_text(step(*reopened, state=state).state.due.answer) == f"2026-10-21 {END}"


def test_confirming_the_lane_of_a_plain_feedback_starts_no_other_clock():
    state = after(opened(), event("answered", "2026-09-08"), event("lane_confirmed", "2026-09-09"))
    assert (state.stage, due_text(state.due.answer)) == ("answered", f"2026-09-24 {END}")


def test_an_answer_on_conduct_is_published_within_2_working_days():
    state = after(opened(), event("answered", "2026-09-18"))
    assert (state.stage, due_text(state.due.publish)) == ("answered", f"2026-09-22 {END}")
    assert {point.stage for point in state.watch} == {"publish"}
    done = step(opened(), event("answered", "2026-09-18"), event("published", "2026-09-23"))
    assert done.state.stage == "published"
    assert [(o.stage, o.standing) for o in done.outcomes] == [
        ("accept", "late"),
        ("answer", "on_time"),
        ("publish", "late"),
    ]


def test_an_answer_on_an_incident_need_not_be_published():
    state = after(opened(kind="incident"), event("answered", "2026-09-04"))
    assert (state.due.publish, state.watch) == (None, ())


def test_a_reopened_case_is_answered_anew():
    events = [
        event("assigned", "2026-09-04", agency="LG.SXD"),
        event("answered", "2026-09-10"),
        event("reopened", "2026-09-14"),
    ]
    state = after(opened(), *events)
    assert (state.stage, due_text(state.due.answer), state.due.publish) == ("assigned", f"2026-10-05 {END}", None)
    again = after(
        opened(), *events, event("extended", "2026-09-20", until=at("2026-10-20")), event("answered", "2026-10-19")
    )
    assert (again.stage, due_text(again.due.answer)) == ("answered", f"2026-10-20 {END}")


@pytest.mark.parametrize("ending", ["rejected", "merged", "withdrawn"])
def test_a_case_that_ended_has_no_alerts_and_takes_nothing_more(ending):
    late_events = [
        event("assigned", "2026-09-08", agency="LG.SXD"),
        event("answered", "2026-09-09"),
        event("published", "2026-09-10"),
    ]
    state = after(opened(), event(ending, "2026-09-04", into="PA-0"), *late_events)
    assert (state.stage, state.watch, state.agency, state.transfers) == (ending, (), "LG.HCC", 0)


@pytest.mark.parametrize("kind", ["rated", "urged", "directed"])
def test_some_events_are_remembered_and_move_no_clock(kind):
    done = step(opened(), event(kind, "2026-09-04", rating="like", document_number="1", until=at("2026-09-08")))
    state, plain = done.state, after(opened())
    assert (state.due, state.watch, state.stage, done.outcomes) == (plain.due, plain.watch, plain.stage, ())
    assert len(state.history) == 2


def test_opinions_of_the_sender_are_counted_also_after_the_end():
    rated = [("2026-09-10", "like"), ("2026-09-11", "dislike"), ("2026-09-12", "dislike"), ("2026-09-13", "neutral")]
    ratings = [event("rated", when, rating=rating) for when, rating in rated]
    assert after(opened(), event("answered", "2026-09-08"), *ratings).ratings == Ratings(like=1, dislike=2, neutral=1)


def test_reopenings_are_counted_and_reopening_what_is_open_is_none():
    ends = [event("answered", "2026-09-08"), event("reopened", "2026-09-09"), event("reopened", "2026-09-10")]
    assert after(opened(), *ends).reopened == 1
    assert after(opened(), *ends, event("answered", "2026-09-11"), event("reopened", "2026-09-12")).reopened == 2


def test_a_don_that_is_confirmed_after_a_refusal_was_not_reopened_by_the_sender():
    refused = event("rejected", "2026-09-04", door="LG.TCD")
    assert after(opened(lane="khieu_nai"), refused, event("lane_confirmed", "2026-09-14")).reopened == 0


def test_a_leaders_date_is_kept_until_the_case_is_opened_anew_and_the_last_one_stands():
    directed = [event("directed", f"2026-09-0{day}", until=at(f"2026-09-1{day}")) for day in (4, 7)]
    state = after(opened(), event("urged", "2026-09-04"), event("urged", "2026-09-08"), *directed)
    assert (state.urged, state.directed, due_text(state.due.answer)) == (2, at("2026-09-17"), f"2026-09-24 {END}")
    again = [event("answered", "2026-09-09"), event("reopened", "2026-09-10")]
    assert after(opened(), *directed, *again).directed is None
    assert after(opened(), event("answered", "2026-09-09"), event("urged", "2026-09-10")).urged == 0


def test_an_erased_case_keeps_its_stage_and_raises_no_alert():
    erased = step(event("erased", "2026-09-08"), state=tick(after(opened()), f"{CASE}:accept:2026-09-07:overdue").state)
    assert (erased.state.stage, erased.state.alert, erased.state.watch) == ("opened", None, ())
    assert told(erased.outcomes) == [("alert_retracted", f"{CASE}:accept:2026-09-07:overdue")]


def test_a_case_that_moved_keeps_a_stub():
    state = after(opened(), event("assigned", "2026-09-04", agency="LG.SXD"), event("moved", "2026-09-05"))
    stub = replace(state, history=(), rules="", counts={})
    assert stub == replace(type(state)(feedback_id=CASE), stage="moved")
    assert [kept.type for kept in state.history] == ["moved"]


def test_a_stub_says_that_the_case_was_erased_whatever_came_first():
    erased, moved = event("erased", "2026-09-05"), event("moved", "2026-09-06")
    for order in permutations([opened(), erased, moved]):
        state = after(*order)
        assert (state.stage, [kept.type for kept in state.history]) == ("moved", ["erased", "moved"])


def test_a_late_opening_of_a_moved_case_changes_nothing():
    moved = after(opened(), event("moved", "2026-09-05"))
    late = step(opened("2026-09-04"), state=moved)
    assert (late.state, late.outcomes) == (moved, ())


def test_a_released_case_runs_again_when_its_history_is_sent_again():
    moved = after(opened(lane="to_cao"), event("moved", "2026-09-05"))
    state = step(event("released", "2026-09-10"), opened(lane="to_cao"), state=moved).state
    assert (state.stage, state.lane, due_text(state.due.answer)) == (
        "opened",
        "phan_anh_kien_nghi",
        f"2026-09-24 {END}",
    )


def test_an_agency_that_is_not_listed_is_kept_and_flagged():
    done = step(opened(), event("assigned", "2026-09-04", agency="H09.12"))
    assert (done.state.agency, done.state.flags) == ("H09.12", ("unknown_agency",))
    assert ("flagged", "unknown_agency") in told(done.outcomes)


def test_a_case_that_another_source_opens_under_the_same_id_is_flagged_and_runs_by_the_first():
    other = opened("2026-09-04", source="/cong", domain="traffic")
    done = step(other, opened())
    assert (done.state.source, done.state.domain, done.state.flags) == ("/langnghe/web", "land", ("id_reused",))
    assert [one.at for one in done.outcomes if one.rule == "id_reused"] == [other.at]


def test_a_case_that_its_source_sends_again_is_not_flagged():
    assert after(opened(), opened("2026-09-04")).flags == ()


def test_an_end_before_the_receipt_is_flagged():
    assert after(opened(), event("answered", "2026-09-02")).flags == ("receipt_after_end",)


def test_a_moment_outside_all_calendars_starts_no_clock():
    state = after(opened(received_at=at("2026-09-03").replace(year=9990)))
    assert (state.due.accept, state.watch, state.stage) == (None, (), "opened")


def test_the_style_of_a_province_turns_days_into_working_hours():
    by_moment = rules(Settings(style="moment"))
    state = apply(None, CASE, [opened("2026-09-03 10:00")], by_moment).state
    assert due_text(state.due.accept) == "2026-09-07 10:00"
    assert [point.alert for point in state.watch if point.track == "alert"] == ["overdue", "overdue"]
    assert state.watch[0].alert_id == f"{CASE}:accept:2026-09-07T10:00:00+07:00:overdue"


def test_a_history_beyond_all_measure_drops_what_says_nothing_new():
    likes = [replace(event("rated", "2026-09-04", rating="like"), id=f"r{n}") for n in range(1100)]
    state = after(opened(), *likes, event("answered", "2026-09-08"))
    assert ([kept.type for kept in state.history], state.stage) == (["opened", "rated", "answered"], "answered")
    assert state.flags == ("repeats_dropped",)
    more = step(event("rated", "2026-09-09", rating="like"), state=state).state
    assert (more.flags, more.ratings.like) == (("repeats_dropped",), state.ratings.like + 1)
