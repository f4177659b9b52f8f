"""The working calendar as a file that people edit."""

from datetime import date

import pytest

from casework.calendar import parse_calendar
from casework.errors import InvalidField
from tests.support.rules import rules

HEAD = "date,kind,name,source,counted\n"


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-01-02", False),  # swapped off a week before, missing from holiday libraries
        ("2026-01-10", True),
        ("2026-02-20", False),
        ("2026-04-27", False),
        ("2026-08-22", True),
        ("2026-11-23", True),  # a proposal without a decision
        ("2026-11-24", False),
        ("2026-11-28", False),
        ("2027-01-01", False),
        ("2028-01-03", True),  # not in the calendar yet: a plain Monday
    ],
)
def test_the_packaged_calendar_knows_days_off_and_make_up_days(day, works):
    assert rules().calendar.is_working(date.fromisoformat(day)) is works


def test_the_packaged_calendar_says_how_far_it_goes():
    assert rules().calendar.last_year == 2027


def test_a_row_without_a_legal_source_is_shown_but_not_counted():
    calendar = parse_calendar([HEAD, "2026-03-02,holiday,Ngày lễ địa phương,,yes\n"])
    row = calendar.doubtful(date(2026, 3, 2))
    assert row is not None
    assert not row.counted
    assert calendar.rows() == (row,)
    assert calendar.row(row.date) is None
    assert calendar.is_working(row.date)


@pytest.mark.parametrize("row", ["2028-01-03,holiday,Đề xuất,,no\n", "2028-01-03,local_closure,Nghỉ,QĐ 1,yes,LG.HCC\n"])
def test_neither_a_proposal_nor_a_row_of_one_agency_makes_the_calendar_last_longer(row):
    lines = ["date,kind,name,source,counted,agency\n", "2026-09-02,holiday,Lễ,Điều 1,yes,\n", row]
    calendar = parse_calendar(lines)
    assert (calendar.last_year, calendar.for_agency("LG.HCC").last_year) == (2026, 2026)


def test_an_agencys_row_without_a_legal_source_does_not_take_a_holiday_away():
    lines = [
        "date,kind,name,source,counted,agency\n",
        "2026-03-02,local_working,Trực lễ,,no,LG.HCC\n",
        "2026-03-02,holiday,Lễ,Điều 1,yes,\n",
    ]
    calendar = parse_calendar(lines).for_agency("LG.HCC")
    assert not calendar.is_working(date(2026, 3, 2))
    assert [row.name for row in calendar.rows()] == ["Lễ", "Trực lễ"]


def test_an_agency_may_have_rows_of_its_own():
    lines = [
        "date,kind,name,source,counted,agency\n",
        "2026-03-02,holiday,Lễ,Điều 1,yes,\n",
        "2026-03-07,local_working,Trực sáng thứ Bảy,Quyết định 1,yes,LG.HCC\n",
        "2026-03-02,local_working,Trực lễ,Quyết định 1,yes,LG.HCC\n",
    ]
    calendar = parse_calendar(lines)
    assert calendar.for_agency("LG.HCC").is_working(date(2026, 3, 7))
    assert calendar.for_agency("LG.HCC").is_working(date(2026, 3, 2))
    assert not calendar.for_agency("LG.SXD").is_working(date(2026, 3, 7))
    assert [row.date for row in calendar.rows()] == [date(2026, 3, 2)]
    assert calendar.agencies == ("LG.HCC",)
    assert [row.name for row in calendar.for_agency("LG.HCC").rows()] == ["Trực lễ", "Trực sáng thứ Bảy"]


def test_next_working_is_the_day_itself_where_offices_work():
    calendar = rules().calendar
    assert calendar.next_working(date(2026, 9, 3)) == date(2026, 9, 3)
    assert calendar.next_working(date(2026, 8, 29)) == date(2026, 9, 3)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("2026-02-30,holiday,Lễ,Điều 1,yes\n", "date"),
        ("2/9/2026,holiday,Lễ,Điều 1,yes\n", "date"),
        ("20260902,holiday,Lễ,Điều 1,yes\n", "date"),
        ("2026-09-02,holiday,Lễ,Điều 1,có\n", "counted"),
        ("2026-09-02,holiday,Lễ,Điều 1\n", "counted"),
        ("2026-09-02,feast,Lễ,Điều 1,yes\n", "kind"),
        ("2026-09-02,holiday,Lễ,Điều 1,yes\n2026-09-02,holiday,Lễ,Điều 1,yes\n", "date"),
    ],
)
def test_a_bad_row_is_refused_with_its_line(row, field):
    with pytest.raises(InvalidField, match="dòng") as caught:
        parse_calendar([HEAD, *row.splitlines(keepends=True)])
    assert caught.value.field == field


def test_a_calendar_without_rows_knows_weekends_only():
    calendar = parse_calendar([HEAD])
    assert calendar.last_year == 0
    assert calendar.add_working(date(2026, 9, 4), 1) == date(2026, 9, 7)
