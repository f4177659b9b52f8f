"""What a person reads about the deadlines of a piece of feedback."""

from decimal import Decimal

import pytest

from casework.feedback import apply, explain_feedback, tick
from casework.rules import Settings, build_rules
from casework.wording import limit_words
from tests.support.feedback import CASE, after, at, event, opened
from tests.support.rules import files, rules


def explained(*events, now="2026-09-14"):
    return explain_feedback(after(*events), rules(), at(now))


def test_a_running_case_names_its_stages_their_law_and_how_long_the_citizen_has_waited():
    lines = explained(
        opened(),
        event("assigned", "2026-09-04 10:00", agency="LG.SXD"),
        event("assigned", "2026-09-08", agency="LG.SNNMT"),
    )
    assert lines[0] == "Đã giao xử lý · Phản ánh, kiến nghị · Hành vi, thái độ · Thông thường"
    assert lines[1] == "Tiếp nhận: xong 10:00 thứ Sáu 4/9/2026, đúng hạn (hạn thứ Hai 7/9/2026)"
    assert lines[2].startswith("Trả lời: hạn thứ Ba 29/9/2026: 15 ngày làm việc từ 8/9/2026; không tính 12-13/9")
    assert "Thời hạn theo: QĐ 766/QĐ-TTg ngày 23/6/2022, mục 5.2" in lines
    assert "Đã chờ 7 ngày làm việc kể từ khi gửi, qua 2 đơn vị" in lines


def test_a_late_end_in_hours_names_its_moment():
    lines = explained(opened("2026-09-03 10:00", kind="incident"), event("accepted", "2026-09-04 10:30"))
    assert lines[1] == "Tiếp nhận: xong 10:30 thứ Sáu 4/9/2026, quá hạn (hạn 10:00 thứ Sáu 4/9/2026)"


def test_an_end_without_a_limit_is_not_judged():
    assert "Tiếp nhận: xong 09:00 thứ Sáu 4/9/2026" in explained(opened(kind="praise"), event("accepted", "2026-09-04"))


def test_waiting_for_the_citizen_is_shown_apart():
    lines = explained(opened(), event("info_requested", "2026-09-11"))
    assert "Đang chờ người gửi làm rõ; các thời hạn vẫn tính" in lines
    assert "Dấu hiệu sai quy trình: Yêu cầu làm rõ quá thời hạn" in lines


def test_an_extension_is_named():
    lines = explained(opened(), event("extended", "2026-09-20", until=at("2026-09-30")))
    assert "Đã gia hạn trả lời đến thứ Tư 30/9/2026" in lines


def test_a_closed_case_no_longer_waits():
    assert not [line for line in explained(opened(), event("answered", "2026-09-10")) if line.startswith("Đã chờ")]


def test_a_case_that_moved_says_only_so():
    assert explained(opened(), event("moved", "2026-09-05")) == ["Đã chuyển bộ phận có thẩm quyền"]


def test_a_case_that_was_not_opened_has_no_deadline_to_explain():
    assert explained(event("accepted", "2026-09-05")) == ["Chưa phân loại, chưa có thời hạn"]


def test_a_flag_is_shown_in_words():
    assert "Đơn vị không có trong danh mục" in explained(opened(agency="H09.12"))


def test_a_state_of_other_rules_says_so_and_names_what_changed():
    stormy = build_rules({**files(), "calendar.csv": files()["calendar.csv"] + "2026-09-07,local_closure,Bão,CĐ,yes\n"})
    stale = "Trạng thái được tính bằng bộ quy tắc khác (lịch làm việc); chờ tính lại"
    assert explain_feedback(after(opened()), stormy, at("2026-09-04"))[1] == stale
    assert stale in explain_feedback(after(event("accepted", "2026-09-05")), stormy, at("2026-09-04"))
    assert not [line for line in explained(opened()) if "bộ quy tắc" in line]


def test_all_that_changed_in_the_rules_is_named():
    other = build_rules({**files(), "escalation.csv": ""}, Settings(feedback_due_soon_days=2))
    line = explain_feedback(after(opened()), other, at("2026-09-04"))[1]
    assert "(thời hạn phản ánh, thông số của tỉnh)" in line


def test_who_was_told_that_nobody_accepts_a_case_is_named():
    state = after(opened(kind="incident", urgency="urgent"))
    sent = tick(state, f"{CASE}:escalation:2026-09-03T09:00:00+07:00:leader").events
    lines = explain_feedback(apply(state, CASE, sent, rules()).state, rules(), at("2026-09-03 09:40"))
    assert "Đã báo lãnh đạo trực: chưa có đơn vị nhận từ 09:00 thứ Năm 3/9/2026" in lines


def test_office_hours_of_an_agency_are_named_with_it():
    own = build_rules({**files(), "settings.toml": '[office_hours]\n"LG.HCC" = ["08:00-12:00", "13:00-17:00"]\n'})
    state = apply(None, CASE, [opened("2026-09-03 10:00", kind="incident")], own).state
    assert state.due.accept == at("2026-09-04 10:00")
    lines = explain_feedback(state, own, at("2026-09-03"))
    assert "Giờ làm việc của Trung tâm Phục vụ hành chính công tỉnh: 08:00-12:00, 13:00-17:00" in lines


def test_a_count_that_began_anew_says_what_began_it():
    reopened = [event("answered", "2026-09-10"), event("reopened", "2026-09-12")]
    assert any(line.startswith("Mở lại ngày thứ Bảy 12/9/2026") for line in explained(opened(), *reopened))
    moves = [event("assigned", "2026-09-04", agency="LG.SXD"), event("assigned", "2026-09-12", agency="LG.CA")]
    assert any(line.startswith("Chuyển đơn vị ngày thứ Bảy 12/9/2026") for line in explained(opened(), *moves))
    confirmed = event("lane_confirmed", "2026-09-14", accepted_at=at("2026-09-13"))
    assert "Thời hạn theo: Luật Khiếu nại 02/2011/QH13, Điều 28" in explained(opened(lane="khieu_nai"), confirmed)


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        ("0.083333333333", "hours", "5 phút"),
        ("0.25", "hours", "15 phút"),
        ("1", "hours", "1 giờ"),
        ("1.5", "hours", "1,5 giờ"),
        ("0.083", "hours", "0,083 giờ"),
        ("0", "hours", "0 giờ"),
        ("0.5", "working_hours", "0,5 giờ làm việc"),
        ("7", "working_days", "7 ngày làm việc"),
    ],
)
def test_less_than_an_hour_is_said_in_minutes_where_they_are_whole(amount, unit, words):
    assert limit_words(Decimal(amount), unit) == words
