"""Where a piece of feedback has been and for how long, what was done about it, and what comes next."""

import pytest

from casework.feedback import explain_feedback
from casework.feedback_course import Course
from casework.feedback_fold import fold
from casework.feedback_state import Holding
from casework.feedback_times import held, timeline_feedback, waited_for_citizen
from casework.upcoming import upcoming_lines
from tests.support.dossiers import dossier
from tests.support.dossiers import step as dossier_step
from tests.support.feedback import after, at, event, opened
from tests.support.rules import rules

SXD = event("assigned", "2026-09-04 10:00", agency="LG.SXD")
CA = event("assigned", "2026-09-08", agency="LG.CA")
BACK = event("returned", "2026-09-10", reason="not_ours")


def holders(*events):
    """Who held the case, from and to."""
    shown = [(one.agency, one.since, one.until) for one in after(*events).holders]
    return [(agency, f"{since:%d %H}", until and f"{until:%d %H}") for agency, since, until in shown]


HELD = [
    ([opened()], [("LG.HCC", "03 09", None)], "who_took_it_in"),
    ([opened(), SXD, CA], [("LG.HCC", "03 09", "04 10"), ("LG.SXD", "04 10", "08 09"), ("LG.CA", "08 09", None)],
     "transfers"),
    ([opened(), SXD, BACK], [("LG.HCC", "03 09", "04 10"), ("LG.SXD", "04 10", "10 09"), ("LG.HCC", "10 09", None)],
     "a_returned_case_is_with_who_took_it_in"),
    ([opened(), SXD, event("assigned", "2026-09-09", agency="LG.SXD")],
     [("LG.HCC", "03 09", "04 10"), ("LG.SXD", "04 10", None)], "the_same_agency_again"),
    ([opened(agency=None), SXD], [(None, "03 09", "04 10"), ("LG.SXD", "04 10", None)], "nobody_at_first"),
    ([opened(), event("assigned", "2026-09-03 08:00", agency="LG.SXD")], [("LG.SXD", "03 09", None)],
     "given_on_before_it_was_received"),
    ([opened(), SXD, event("answered", "2026-09-10"), event("rated", "2026-09-12", rating="like")],
     [("LG.HCC", "03 09", "04 10"), ("LG.SXD", "04 10", "10 09")], "nobody_after_the_answer"),
    ([opened(), SXD, event("answered", "2026-09-10"), event("reopened", "2026-09-14")],
     [("LG.HCC", "03 09", "04 10"), ("LG.SXD", "04 10", "10 09"), ("LG.SXD", "14 09", None)], "reopened"),
    ([opened(), event("rejected", "2026-09-03 09:00", door="LG.TCD")], [], "ended_as_it_came"),
    ([opened(), event("assigned", "2026-09-04", agency="LG.CA", id="a"),
      event("assigned", "2026-09-04", agency="LG.HCC", id="b")], [("LG.HCC", "03 09", None)],
     "given_on_and_back_at_one_moment"),
]  # fmt: skip


@pytest.mark.parametrize(("events", "expected"), [case[:2] for case in HELD], ids=[case[2] for case in HELD])
def test_agencies_hold_a_case_one_after_the_other(events, expected):
    assert holders(*events) == expected


def test_the_days_at_each_agency_stand_beside_the_days_of_the_citizen():
    lines = explain_feedback(after(opened(), SXD, CA), rules(), at("2026-09-14"))
    place = lines.index("Đã chờ 7 ngày làm việc kể từ khi gửi, qua 2 đơn vị")
    assert lines[place + 1] == (
        "Thời gian tại từng đơn vị: Trung tâm Phục vụ hành chính công tỉnh 1 ngày làm việc; "
        "Sở Xây dựng 2 ngày làm việc; Công an tỉnh Lam Giang đang giữ từ 8/9/2026, 4 ngày làm việc"
    )


def test_the_days_at_the_agencies_add_up_over_2_9_and_a_make_up_saturday():
    state = after(
        opened("2026-08-21"),
        event("assigned", "2026-08-22", agency="LG.SXD"),
        event("assigned", "2026-09-03", agency="LG.CA"),
    )
    (line,) = held(state, rules(), at("2026-09-08"))
    assert [part.rsplit(" ", 4)[1] for part in line.split("; ")] == ["1", "6", "3"]
    assert rules().calendar.working_between(at("2026-08-21").date(), at("2026-09-08").date()) == 10


def test_an_agency_that_is_not_listed_is_named_by_its_code():
    assert (
        "H09.12 đang giữ từ 4/9/2026"
        in held(after(opened(), event("assigned", "2026-09-04", agency="H09.12")), rules(), at("2026-09-04"))[0]
    )


@pytest.mark.parametrize(
    ("events", "line"),
    [
        pytest.param([opened(agency=None)], [], id="nobody_has_it_yet"),
        pytest.param(
            [opened(agency=None), SXD],
            ["Thời gian tại từng đơn vị: chưa có đơn vị 1 ngày làm việc; "
             "Sở Xây dựng đang giữ từ 4/9/2026, 6 ngày làm việc"],
            id="nobody_had_it_at_first",
        ),
        pytest.param(
            [opened(), event("answered", "2026-09-08")],
            ["Thời gian tại từng đơn vị: Trung tâm Phục vụ hành chính công tỉnh 3 ngày làm việc"],
            id="over",
        ),
    ],
)  # fmt: skip
def test_who_held_it_is_told_where_anybody_did(events, line):
    assert held(after(*events), rules(), at("2026-09-14")) == line


def citizen(*events, now="2026-09-14"):
    course = fold(after(*events).history, rules())
    assert isinstance(course, Course)
    return list(waited_for_citizen(course, at(now)))


def test_waiting_for_the_citizen_is_counted_apart_and_taken_off_nothing():
    asked, told = event("info_requested", "2026-09-04"), event("info_received", "2026-09-09")
    again = event("info_requested", "2026-09-10")
    assert citizen(opened()) == []
    assert citizen(opened(), asked, told) == ["Trong đó chờ người gửi làm rõ 3 ngày làm việc, không trừ vào thời hạn"]
    assert citizen(opened(), asked, told, again) == [
        "Trong đó chờ người gửi làm rõ 5 ngày làm việc, không trừ vào thời hạn"
    ]
    assert after(opened(), asked, told).due == after(opened()).due


@pytest.mark.parametrize("ending", ["assigned", "answered", "rejected"])
def test_what_goes_on_no_longer_waits_for_the_citizen(ending):
    asked, next_ = event("info_requested", "2026-09-04"), event(ending, "2026-09-07", agency="LG.SXD")
    assert citizen(opened(), asked, next_) == ["Trong đó chờ người gửi làm rõ 1 ngày làm việc, không trừ vào thời hạn"]


def test_what_was_done_about_a_case_is_said():
    events = [
        event("rated", "2026-09-09", rating="like"),
        event("rated", "2026-09-10", rating="dislike"),
        event("rated", "2026-09-11", rating="dislike"),
        event("answered", "2026-09-08"),
        event("reopened", "2026-09-12"),
        event("urged", "2026-09-13"),
        event("urged", "2026-09-14", document_number="15/CV"),
        event("directed", "2026-09-14", until=at("2026-09-18 23:59:59"), document_number="7/TB"),
    ]
    lines = explain_feedback(after(opened(), *events), rules(), at("2026-09-15"))
    assert "Đã mở lại 1 lần" in lines
    assert "Người gửi đánh giá: 1 hài lòng, 2 không hài lòng" in lines
    assert "Đã đôn đốc 2 lần, lần cuối 14/9/2026 (văn bản số 15/CV)" in lines
    told = "Chỉ đạo hoàn thành trước thứ Sáu 18/9/2026 (văn bản số 7/TB); thời hạn theo quy định không đổi"
    assert told in lines
    answered = explain_feedback(after(opened(), *events, event("answered", "2026-09-16")), rules(), at("2026-09-17"))
    assert told not in answered


def test_the_timeline_names_each_event_with_the_working_days_since_the_sending():
    events = [
        SXD,
        event("corrected", "2026-09-04 11:00", kind="incident", domain="traffic"),
        event("extended", "2026-09-07", until=at("2026-09-30"), document_number="12"),
        event("directed", "2026-09-08", until=at("2026-09-15 23:59:59")),
        event("rated", "2026-09-14", rating="neutral"),
        event("escalated", "2026-09-14 10:00", to="leader"),
    ]
    told = timeline_feedback(after(opened(), *events), rules())
    assert [(one["type"], one["text"], one["days"]) for one in told] == [
        ("opened", "Mở phản ánh: Trung tâm Phục vụ hành chính công tỉnh", 0),
        ("assigned", "Giao đơn vị: Sở Xây dựng", 1),
        ("corrected", "Sửa phân loại: Hiện trường, Giao thông", 1),
        ("extended", "Gia hạn: đến 09:00 thứ Tư 30/9/2026 (văn bản số 12)", 2),
        ("directed", "Chỉ đạo: trước thứ Ba 15/9/2026", 3),
        ("rated", "Người dân đánh giá: bình thường", 7),
        ("escalated", "Đã báo lãnh đạo trực", 7),
    ]
    assert told[1]["at"] == SXD.at


def test_the_timeline_of_a_moved_case_counts_no_days():
    (moved,) = timeline_feedback(after(opened(), event("moved", "2026-09-05")), rules())
    assert (moved["text"], moved["days"]) == ("Chuyển bộ phận có thẩm quyền", None)


def test_what_comes_next_is_said_in_order():
    state = after(opened("2026-09-03 09:00"))
    assert upcoming_lines(state.watch, at("2026-09-07 08:00")) == [
        "Mốc tiếp theo: 09:00 thứ Hai 7/9/2026, báo lãnh đạo trực nếu chưa có đơn vị nhận",
        "Sau đó: 00:00 thứ Ba 8/9/2026, quá hạn tiếp nhận (hạn thứ Hai 7/9/2026)",
        "Sau đó: 09:00 thứ Ba 8/9/2026, báo Trung tâm Giám sát và Điều hành (IOC) nếu chưa có đơn vị nhận",
        "Sau đó: 07:00 thứ Tư 23/9/2026, sắp đến hạn trả lời (hạn thứ Năm 24/9/2026)",
        "Sau đó: 00:00 thứ Sáu 25/9/2026, quá hạn trả lời (hạn thứ Năm 24/9/2026)",
    ]


def test_a_closed_case_has_nothing_to_come():
    assert upcoming_lines(after(opened(kind="incident"), event("answered", "2026-09-04")).watch, at("2026-09-04")) == []


def test_the_moments_of_a_dossier_are_said_in_the_same_way():
    state = dossier(dossier_step("03-02 09:00", 2, procedure_code="9.000010"))
    assert upcoming_lines(state.watch, at("2026-03-16"))[0] == (
        "Mốc tiếp theo: 00:00 thứ Ba 17/3/2026, quá hạn (hạn thứ Hai 16/3/2026)"
    )


def test_holdings_compare_by_value():
    assert after(opened()).holders == (Holding("LG.HCC", at("2026-09-03")),)
