"""`langnghe calendar`: what is doubtful in the calendar, and a month as people read it."""

from datetime import date

import pytest

from casework.calendar import parse_calendar
from cli.calendar_commands import findings, misordered, month_lines, months_of, remaining, unfounded
from cli.calendar_compare import differences, package_calendar
from tests.support.cli import at, run
from tests.support.rules import files, rules

HEADER = "date,kind,name,source,counted\n"
WITH_AGENCY = "date,kind,name,source,counted,agency\n"
SATURDAY = "2026-03-07,local_working,Trực sáng thứ Bảy,QĐ 7/QĐ-UBND,yes,LG.X17\n"
CLOSED = "2026-03-09,local_closure,Dời trụ sở,,no,LG.X17\n"
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


@pytest.mark.parametrize("year", [1999, 2025, 2027])
def test_a_month_of_a_year_outside_the_calendar_says_that_holidays_are_not_counted(year):
    title = month_lines(CALENDAR, year, 9)[0]
    assert title.endswith("ngày làm việc; lịch nghỉ chỉ có từ 2026 đến 2026, ngày nghỉ lễ chưa được tính")


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


def given(directory, *rows):
    (directory / "calendar.csv").write_text("".join(rows), encoding="utf-8")
    return {"LANGNGHE_RULES": str(directory)}


def found(*rows):
    return findings(rows, parse_calendar(rows), rules().agencies, date(2026, 11, 22))


def test_the_packaged_calendar_is_good_and_differs_from_the_package_where_notices_came_late_or_not_yet():
    words, good = found(*files()["calendar.csv"].splitlines(keepends=True))
    assert good
    notice = "Văn bản 12729/VPCP-KGVX ngày 25/12/2025"
    differing = [line for line in words if line.startswith("Khác gói holidays")]
    assert differing[:2] == [
        f"Khác gói holidays: thứ Sáu 2/1/2026 gói làm việc, lịch này nghỉ: Hoán đổi dịp Tết Dương lịch ({notice}).",
        "Khác gói holidays: thứ Bảy 10/1/2026 gói không biết ngày làm bù, lịch này làm việc: "
        f"Làm bù ngày 2/1/2026 ({notice}).",
    ]
    assert [line.split()[5] for line in differing[2:]] == ["4/2/2027", "3/9/2027"]
    assert all("chưa có văn bản chọn phương án" in line for line in differing[2:])
    assert run(["calendar", "check"])[1].splitlines()[:-1] == words[:-1]


def test_a_swap_that_only_the_package_knows_is_a_difference_and_no_fault():
    words, good = found(HEADER, "2025-09-02,holiday,Quốc khánh,Điều 112,yes\n", MADE_UP)
    assert good
    assert "Khác gói holidays: thứ Bảy 26/4/2025 gói làm bù, lịch này nghỉ: không có dòng nào cho ngày này." in words
    off = "thứ Sáu 2/5/2025 gói nghỉ (Ngày nghỉ (thay cho ngày 26/04/2025)), lịch này làm việc: không có dòng nào"
    assert any(off in line for line in words)


def test_nothing_is_compared_where_the_calendar_counts_nothing():
    assert list(differences(parse_calendar([HEADER]), package_calendar([2026]))) == []


def test_rows_of_an_agency_are_checked_too():
    words, good = found(WITH_AGENCY, HOLIDAY.replace("yes\n", "yes,\n"), CLOSED)
    assert good
    assert "Chưa có căn cứ pháp lý, không tính: thứ Hai 9/3/2026 Dời trụ sở, LG.X17." in words


def test_rows_of_an_agency_that_is_not_in_the_directory_are_a_fault(tmp_path):
    province = given(tmp_path, WITH_AGENCY, HOLIDAY.replace("yes\n", "yes,\n"), SATURDAY.replace("X17", "X999"))
    status, out, _ = run(["calendar", "check", *at(tmp_path)], **province)
    assert status == 1
    assert "Đơn vị “LG.X999” ở cột agency không có trong agencies.csv; hãy sửa mã." in out.splitlines()


@pytest.mark.parametrize("whose", ["LG.X17", "UBND xã Quế Lộc"])
def test_a_month_of_an_agency_shows_its_own_rows_and_those_not_counted(tmp_path, whose):
    province = given(tmp_path, WITH_AGENCY, SATURDAY, CLOSED)
    status, out, _ = run(["calendar", "show", "2026-03", "--agency", whose, *at(tmp_path)], **province)
    assert status == 0
    assert out.splitlines() == [
        "Lịch của Ủy ban nhân dân xã Quế Lộc (LG.X17): có dòng riêng.",
        "Tháng 3/2026: 23 ngày làm việc; lịch chưa có ngày nghỉ lễ nào",
        " T2  T3  T4  T5  T6  T7  CN",
        "                          1*",
        "  2   3   4   5   6   7+  8*",
        "  9? 10  11  12  13  14* 15*",
        " 16  17  18  19  20  21* 22*",
        " 23  24  25  26  27  28* 29*",
        " 30  31",
        "  + 7/3/2026 Trực sáng thứ Bảy (lịch riêng của LG.X17: QĐ 7/QĐ-UBND)",
        "  ? 9/3/2026 Dời trụ sở (lịch riêng của LG.X17: chưa có căn cứ pháp lý, không tính)",
        "",
    ]


def test_an_agency_without_rows_of_its_own_has_the_common_calendar(tmp_path):
    province = given(tmp_path, WITH_AGENCY, SATURDAY)
    _, out, _ = run(["calendar", "show", "2026-03", "--agency", "LG.X18", *at(tmp_path)], **province)
    assert "không có dòng riêng, theo lịch chung" in out.splitlines()[0]
    assert "7*" in out


def test_an_agency_that_is_in_no_list_is_refused_in_one_sentence(tmp_path):
    status, out, error = run(["calendar", "show", "2026-03", "--agency", "LG.X999", *at(tmp_path)])
    assert (status, out, error) == (
        1,
        "",
        "Không có đơn vị “LG.X999” trong agencies.csv; ghi mã hoặc tên như trong danh mục.\n",
    )
