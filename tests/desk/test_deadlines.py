"""Deadlines in words: the line that matters first, and why under its own stage."""

from datetime import datetime, timedelta

import pytest

from casework.calendar import VIETNAM
from casework.feedback import FeedbackEvent, FeedbackState, apply
from casework.feedback_explaining import waited
from casework.rules import Settings
from desk.web.deadlines import left, span_words, stage_deadlines, tone_of
from tests.support.desk import NOON, opened
from tests.support.rules import rules


def at(day: int, hour: int = 23, minute: int = 59, second: int = 59) -> datetime:
    return datetime(2026, 9, day, hour, minute, second, tzinfo=VIETNAM)


def case(*events: FeedbackEvent, **fields: str) -> FeedbackState:
    return apply(None, "p", [opened("p", **fields), *events], rules()).state


@pytest.mark.parametrize(
    ("due_at", "words", "tone"),
    [
        (at(16), "còn 2 ngày làm việc", "running"),
        (at(14), "đến hạn hôm nay", "today"),
        (at(14, 12, 35, 0), "còn 35 phút", "today"),
        (at(14, 16, 5, 0), "còn 4 giờ 05 phút", "today"),
        (at(14, 11, 25, 0), "quá hạn 35 phút", "overdue"),
        (at(13), "quá hạn 1 ngày làm việc", "overdue"),
        (at(10), "quá hạn 2 ngày làm việc", "overdue"),
    ],
)
def test_what_is_left_is_told_in_days_of_work_and_on_the_last_day_in_minutes(
    due_at: datetime, words: str, tone: str
) -> None:
    """NOON is Monday 14/9/2026, 12:00."""
    assert (left(due_at, NOON, rules().calendar), tone_of(due_at, NOON)) == (words, tone)


def test_on_a_day_off_nothing_is_counted_as_a_day_of_work() -> None:
    saturday = at(12, 9, 0, 0)
    assert left(at(11), saturday, rules().calendar) == "quá hạn"
    assert left(at(13), saturday, rules().calendar) == "còn 1 ngày"


def test_minutes_become_hours_from_two_hours_on() -> None:
    assert [span_words(119), span_words(120)] == ["119 phút", "2 giờ 00 phút"]


def test_each_stage_has_its_deadline_once_and_its_own_reasons() -> None:
    found = stage_deadlines(case(), rules(), NOON)
    assert [(one.title, one.line) for one in found] == [
        ("Tiếp nhận", "hạn 11:30 thứ Ba 15/9/2026, còn 1 ngày làm việc"),
        ("Trả lời", "hạn thứ Năm 17/9/2026, còn 3 ngày làm việc"),
    ]
    assert found[0].why[0] == "8 giờ làm việc từ 12:00 thứ Hai 14/9/2026"
    assert found[1].why[0] == "3 ngày làm việc từ 14/9/2026"


def test_the_days_off_stand_under_the_stage_that_they_moved() -> None:
    found = stage_deadlines(case(kind="conduct", domain="health"), rules(), NOON)
    weekends = "không tính 19-20/9, 26-27/9, 3-4/10 cuối tuần"
    assert [weekends in " ".join(one.why) for one in found] == [False, True]


def test_a_stage_that_ended_says_so_and_needs_no_reasons() -> None:
    accepted = FeedbackEvent(id="a", type="accepted", at=NOON + timedelta(days=3))
    first = stage_deadlines(case(accepted), rules(), NOON)[0]
    assert first.line == "xong, quá hạn, 12:00 thứ Năm 17/9/2026 (hạn 11:30 thứ Ba 15/9/2026)"
    assert (first.tone, first.why) == ("overdue", ())


def test_an_extension_is_named_with_its_day() -> None:
    extended = FeedbackEvent(id="e", type="extended", at=NOON, until=at(21))
    answer = stage_deadlines(case(extended), rules(), NOON)[1]
    assert "hạn thứ Hai 21/9/2026" in answer.line
    assert answer.why[-1] == "Đã gia hạn trả lời đến thứ Hai 21/9/2026"


def test_waiting_is_counted_until_the_case_is_over() -> None:
    later = NOON + timedelta(days=2)
    answered = FeedbackEvent(id="a", type="answered", at=NOON)
    assert waited(case(), rules(), later) == ["Đã chờ 2 ngày làm việc kể từ khi gửi, chưa giao đơn vị nào"]
    assert waited(case(answered), rules(), later) == []


def test_a_stage_without_a_date_says_why_where_people_wait_for_it() -> None:
    under = rules(Settings(feedback_profile="ha_noi"))
    state = apply(None, "p", [opened("p", urgency="urgent")], under).state
    answer = stage_deadlines(state, under, NOON)[1]
    assert (answer.line, answer.tone) == ("4 giờ làm việc kể từ khi tiếp nhận", "paused")
