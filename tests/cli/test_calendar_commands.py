"""`langnghe calendar`: what is doubtful in the calendar, and a month as people read it."""

from datetime import date

import pytest

from casework.calendar import parse_calendar
from cli.calendar_commands import misordered, month_lines, months_of, remaining, unfounded
from tests.support.cli import at, run
from tests.support.rules import files

HEADER = "date,kind,name,source,counted\n"
HOLIDAY = "2026-09-02,holiday,Quốc khánh,Bộ luật Lao động 2019,yes\n"
PROPOSED = "2026-11-23,swapped_off,Đề xuất,,no\n"
MADE_UP = "2026-08-22,make_up_working,Làm bù,Văn bản số 1,yes\n"
CALENDAR = parse_calendar([HEADER, MADE_UP, HOLIDAY, PROPOSED])


def test_rows_without_a_legal_source_are_named():
    assert unfounded(CALENDAR) == ["Chưa có căn cứ pháp lý, không tính: thứ Hai 23/11/2026 Đề xuất."]


def test_a_row_before_the_one_above_it_is_named():
    assert misordered([HEADER, HOLIDAY, MADE_UP]) == ["Sai thứ tự: 2026-08-22 đứng sau 2026-09-02."]
    assert misordered(files()["calendar.csv"].splitlines(keepends=True)) == []


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 9, 1), "còn 121 ngày."),
        (date(2026, 11, 22), "còn 39 ngày. Hãy bổ sung ngày nghỉ năm 2027."),
        (date(2027, 1, 1), "Lịch đã hết từ năm 2026"),
    ],
)
def test_how_long_the_calendar_lasts_is_told_in_days(today, words):
    assert words in remaining(CALENDAR, today)


def test_a_month_shows_days_off_made_up_days_and_doubtful_ones():
    september, august, november = (month_lines(CALENDAR, 2026, month) for month in (9, 8, 11))
    assert september[0] == "Tháng 9/2026: 21 ngày làm việc"
    assert september[2] == "      1   2*  3   4   5*  6*"
    assert any("22+" in line for line in august)
    assert any("23?" in line for line in november)
    assert november[-1] == "  ? 23/11/2026 Đề xuất (chưa có căn cứ pháp lý, không tính)"


def test_a_year_is_twelve_months():
    assert months_of("2026-09") == [(2026, 9)]
    assert months_of("2026") == [(2026, month) for month in range(1, 13)]


@pytest.mark.parametrize("period", ["2026-13", "tháng 9", "26", "2026-", "2026-09-01", "0000"])
def test_a_period_that_is_none_is_refused_in_one_sentence(period):
    status, out, error = run(["calendar", "show", period])
    assert (status, out, len(error.splitlines())) == (1, "", 1)


def test_a_province_checks_its_own_calendar(tmp_path):
    (tmp_path / "calendar.csv").write_text(HEADER + HOLIDAY + MADE_UP, encoding="utf-8")
    status, out, _ = run(["calendar", "check", *at(tmp_path)], LANGNGHE_RULES=str(tmp_path))
    assert status == 1
    assert "Sai thứ tự" in out


def test_a_row_that_cannot_be_read_is_named_by_its_line(tmp_path):
    (tmp_path / "calendar.csv").write_text(HEADER + "2026-02-30,holiday,x,y,yes\n", encoding="utf-8")
    status, _, error = run(["calendar", "check", *at(tmp_path)], LANGNGHE_RULES=str(tmp_path))
    assert (status, "dòng 2" in error) == (1, True)
