"""The lines that say why a dossier stands where it stands, and its timeline."""

from casework.dossiers import Transition, apply, explain_dossier, tick, timeline
from tests.support.dossiers import CODE, dossier, small_rules, step


def explained(*steps: Transition) -> str:
    return "\n".join(explain_dossier(dossier(*steps), small_rules()))


def test_a_counted_date_is_explained_by_its_days() -> None:
    text = explained(step("03-02 09:00", 2, procedure_code="9.000010"))
    assert "Tiếp nhận lúc 09:00 thứ Hai 2/3/2026." in text
    assert "10 ngày làm việc từ 2/3/2026" in text


def test_a_given_date_is_said_to_be_given() -> None:
    assert "16/3/2026, theo ngày cơ quan đã hẹn" in explained(step("03-02 09:00", 2, due_at="03-16"))


def test_a_dossier_without_a_date_says_why() -> None:
    assert "không có thời hạn" in explained(step("03-02 09:00", 2))


def test_reschedule_end_and_signs_of_breach_are_told() -> None:
    text = explained(
        step("03-02 09:00", 2, due_at="03-16"),
        step("03-06 09:00", 5),
        step("03-09 09:00", 4, rescheduled_to="03-20"),
        step("03-23 09:00", 9),
    )
    assert "Ngày hẹn trả đầu tiên là 16/3/2026; đã hẹn lại một lần" in text
    assert "Kết quả: Quá hạn" in text
    assert "Dấu hiệu sai quy trình: Yêu cầu bổ sung quá thời hạn." in text


def test_an_alert_and_a_flag_are_told_in_words() -> None:
    state = dossier(step("03-02 09:00", 2, due_at="03-16", odd=("future_moment",)))
    lines = explain_dossier(tick(state, state.watch[-1].alert_id).state, small_rules())
    assert lines[-2:] == ["Cảnh báo: Quá hạn.", "Lưu ý dữ liệu: Thời điểm xử lý ở tương lai."]


def test_a_refused_dossier_is_explained() -> None:
    assert explained(step("03-02 09:00", 3)) == "Không tiếp nhận; hồ sơ không tính vào số hồ sơ đã nhận."


def test_the_timeline_shows_where_the_clock_ran() -> None:
    steps = [step("03-02 09:00", 2), step("03-03 09:00", 5), step("03-05 09:00", 4), step("03-06 09:00", 9)]
    state = apply(None, CODE, steps, small_rules()).state
    rows = timeline(state, small_rules())
    assert [row["clock"] for row in rows] == ["running", "stopped", "running", "ended"]
    assert rows[1]["text"] == "Yêu cầu bổ sung giấy tờ"
