"""The steps of a case as people see them: what ran, what waited, what was violated, told by words and not by colour."""

from datetime import datetime
from typing import Any

import pytest

from casework.calendar import VIETNAM
from casework.counting import end_of
from casework.dossiers import DossierState, Transition, apply, tick
from casework.feedback import FeedbackEvent
from casework.feedback import apply as apply_feedback
from desk.web.timelines import Row, desks, dossier_rows, feedback_rows, notes_of
from tests.support.desk import opened
from tests.support.rules import rules

CODE = "H99.11-260901-0001"


def at(day: int, hour: int = 9) -> datetime:
    """In September 2026: the 1st and 2nd are days off, the 7th and the 14th Mondays."""
    return datetime(2026, 9, day, hour, tzinfo=VIETNAM)


def step(day: int, status: int, **given: Any) -> Transition:
    return Transition(at=at(day), status=status, **given)


def dossier(*steps: Transition, stands: tuple[str, ...] = ()) -> DossierState:
    state = apply(None, CODE, steps, rules()).state
    for point in [point for point in state.watch if point.alert in stands]:
        state = tick(state, point.alert_id).state
    return state


def told(rows: list[Row]) -> list[tuple[str, str, str]]:
    return [(row.title, row.state, row.span) for row in rows]


RECEIVED = step(3, 2, due_at=end_of(at(10).date()), agency="LG.SYT")


def test_each_step_says_how_long_the_clock_then_ran_or_waited_and_the_last_one_until_now() -> None:
    rows = dossier_rows(dossier(RECEIVED, step(7, 5), step(9, 4)), rules(), at(10))
    assert told(rows) == [
        ("Được tiếp nhận", "running", "đang tính 2 ngày làm việc"),
        ("Yêu cầu bổ sung giấy tờ", "stopped", "chờ công dân 2 ngày làm việc"),
        ("Đang xử lý", "running", "đang tính 1 ngày làm việc đến nay"),
    ]


def test_a_due_date_that_passed_stands_as_a_step_of_its_own() -> None:
    rows = dossier_rows(dossier(RECEIVED, step(11, 4)), rules(), at(14))
    assert told(rows)[1] == ("Hết hạn trả kết quả", "passed", "quá hạn 2 ngày làm việc")
    assert [row.violated for row in rows] == [False, True, False]


@pytest.mark.parametrize(
    ("end", "passed"),
    [
        pytest.param(step(10, 9), False, id="done on the due date"),
        pytest.param(step(11, 9), True, id="done a day late"),
        pytest.param(step(9, 7), False, id="withdrawn before it"),
    ],
)
def test_an_ended_dossier_shows_whether_its_due_date_passed_before_the_end(end: Transition, passed: bool) -> None:
    rows = dossier_rows(dossier(RECEIVED, end), rules(), at(30))
    assert ("passed" in [row.state for row in rows]) is passed
    assert told(rows)[-1][1:] == ("ended", "đã kết thúc")


def test_a_clock_that_stopped_in_time_passes_no_date() -> None:
    rows = dossier_rows(dossier(RECEIVED, step(9, 5)), rules(), at(30))
    assert [row.state for row in rows] == ["running", "stopped"]


def test_the_agency_that_had_the_dossier_when_its_time_ran_out_is_named() -> None:
    rows = dossier_rows(dossier(RECEIVED, step(9, 4, agency="LG.SXD"), step(14, 4, agency="LG.SYT")), rules(), at(15))
    assert "Hết hạn trả kết quả, khi hồ sơ ở Sở Xây dựng" in [row.title for row in rows]


def test_a_sign_of_breach_stands_under_the_step_that_brought_it() -> None:
    rows = dossier_rows(dossier(RECEIVED, step(4, 5), step(7, 4), step(8, 5)), rules(), at(8))
    assert [row.violated for row in rows] == [False, False, False, True]
    assert rows[-1].notes[-1].text == "Dấu hiệu sai quy trình: Yêu cầu bổ sung quá 01 lần."


def test_an_apology_is_told_with_its_moment() -> None:
    rows = dossier_rows(dossier(RECEIVED, step(8, 4, apologised_at=at(8, 10))), rules(), at(8))
    assert rows[-1].notes[-1].text == "Đã xin lỗi lúc 10:00 thứ Ba 8/9/2026."


def test_the_moment_of_a_step_is_not_said_twice() -> None:
    rows = dossier_rows(dossier(RECEIVED), rules(), at(3))
    assert rows[0].notes[0].text.startswith("Hạn là 10/9/2026")


def test_how_a_date_was_counted_is_kept_apart_from_what_it_became() -> None:
    notes = notes_of(["Hạn là 17/9/2026.", "– 10 ngày làm việc", "– không tính 5-6/9", "Lưu ý dữ liệu: x."])
    assert [(note.text, note.why) for note in notes] == [
        ("Hạn là 17/9/2026.", ("10 ngày làm việc", "không tính 5-6/9")),
        ("Lưu ý dữ liệu: x.", ()),
    ]


def test_desks_are_shown_where_a_dossier_passed_through_several() -> None:
    passed = dossier(RECEIVED, step(7, 4, agency="LG.SXD", step_due_at=end_of(at(8).date())), stands=("step_overdue",))
    found = desks(passed, rules())
    assert [one.state for one in found] == ["done", "overdue"]
    assert found[1].words.startswith("Đang giữ: Sở Xây dựng, từ 09:00 thứ Hai 7/9/2026")
    assert desks(dossier(RECEIVED), rules()) == []


def test_a_desk_that_was_too_slow_stays_marked() -> None:
    slow = dossier(RECEIVED, step(4, 4, agency="LG.SXD", step_due_at=end_of(at(7).date())), step(9, 4, agency="LG.SYT"))
    assert [one.state for one in desks(slow, rules())] == ["done", "overdue", "running"]


def test_feedback_tells_waiting_and_escalation_in_words() -> None:
    events = (
        FeedbackEvent(id="e", type="escalated", at=at(8), to="leader", by="system"),
        FeedbackEvent(id="i", type="info_requested", at=at(9), by="handler:h1"),
        FeedbackEvent(id="r", type="returned", at=at(10), reason="not_ours"),
    )
    rows = feedback_rows(apply_feedback(None, "p", [opened("p", at(7)), *events], rules()).state, rules())
    assert told(rows)[1:3] == [
        ("Đã báo lãnh đạo trực", "climbed", "chưa có đơn vị nhận"),
        ("Yêu cầu làm rõ", "stopped", "chờ người gửi làm rõ"),
    ]
    assert [row.after for row in rows] == [
        "", "sau 1 ngày làm việc", "sau 2 ngày làm việc", "sau 3 ngày làm việc",
    ]  # fmt: skip
    assert rows[-1].notes[0].text == "Không thuộc thẩm quyền của đơn vị"


def test_what_the_citizen_said_first_is_not_repeated_in_the_timeline() -> None:
    rows = feedback_rows(apply_feedback(None, "p", [opened("p", at(7))], rules()).state, rules())
    assert rows[0].event_id == ""
