"""What a person reads about the deadlines of a piece of feedback."""

from casework.feedback import explain_feedback
from tests.support.feedback import after, at, event, opened
from tests.support.rules import rules


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
    assert lines[-1] == "Đã chờ 7 ngày làm việc kể từ khi gửi, qua 2 đơn vị"


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
