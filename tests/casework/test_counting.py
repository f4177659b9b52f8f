"""Time limits counted by hand on the calendars of 2024-2026."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from casework.calendar import VIETNAM
from casework.counting import Limit, OfficeHours, due, explain
from casework.errors import InvalidField
from tests.support.rules import rules

CALENDAR = rules().calendar

BY_DATE = [
    # start, amount, unit, due date
    ("2023-12-29", "1", "working_days", "2024-01-02", "tet_duong_lich_2024_is_a_monday"),
    ("2024-02-07", "1", "working_days", "2024-02-15", "tet_2024_over_one_day"),
    ("2024-02-07", "3", "working_days", "2024-02-19", "tet_2024_and_a_weekend"),
    ("2024-02-05", "5", "working_days", "2024-02-19", "tet_2024_in_the_middle"),
    ("2024-04-17", "1", "working_days", "2024-04-19", "gio_to_2024"),
    ("2024-04-26", "1", "working_days", "2024-05-02", "swap_of_29_april_2024"),
    ("2024-04-26", "3", "working_days", "2024-05-04", "make_up_saturday_4_may_2024"),
    ("2024-04-26", "4", "working_days", "2024-05-06", "after_the_make_up_saturday_2024"),
    ("2024-08-30", "2", "working_days", "2024-09-05", "quoc_khanh_2024"),
    ("2024-12-31", "1", "working_days", "2025-01-02", "tet_duong_lich_2025"),
    ("2025-01-24", "1", "working_days", "2025-02-03", "tet_2025_over_one_day"),
    ("2025-01-24", "5", "working_days", "2025-02-07", "tet_2025_then_a_week"),
    ("2025-01-20", "7", "working_days", "2025-02-05", "tet_2025_in_the_middle"),
    ("2025-04-04", "1", "working_days", "2025-04-08", "gio_to_2025"),
    ("2025-04-25", "1", "working_days", "2025-04-26", "make_up_saturday_26_april_2025"),
    ("2025-04-25", "3", "working_days", "2025-04-29", "after_the_make_up_saturday_2025"),
    ("2025-04-29", "1", "working_days", "2025-05-05", "30_april_2025_with_swap"),
    ("2025-04-21", "10", "working_days", "2025-05-07", "swap_weeks_2025"),
    ("2025-08-29", "1", "working_days", "2025-09-03", "quoc_khanh_2025"),
    ("2025-08-29", "15", "working_days", "2025-09-23", "qd_766_answer_over_quoc_khanh_2025"),
    ("2025-12-31", "1", "working_days", "2026-01-05", "swap_of_2_january_2026"),
    ("2025-12-31", "6", "working_days", "2026-01-10", "make_up_saturday_10_january_2026"),
    ("2025-12-31", "7", "working_days", "2026-01-12", "after_the_make_up_saturday_of_january_2026"),
    ("2026-02-13", "1", "working_days", "2026-02-23", "tet_2026_over_one_day"),
    ("2026-02-09", "15", "working_days", "2026-03-09", "qd_766_answer_over_tet_2026"),
    ("2026-04-24", "1", "working_days", "2026-04-28", "gio_to_2026_on_a_sunday_is_made_up"),
    ("2026-04-24", "3", "working_days", "2026-05-04", "both_spring_holidays_2026"),
    ("2026-04-29", "1", "working_days", "2026-05-04", "30_april_2026"),
    ("2026-08-21", "1", "working_days", "2026-08-22", "make_up_saturday_22_august_2026"),
    ("2026-08-28", "1", "working_days", "2026-09-03", "quoc_khanh_2026_with_swap"),
    ("2026-08-20", "15", "working_days", "2026-09-14", "qd_766_answer_over_quoc_khanh_2026"),
    ("2026-09-03", "7", "working_days", "2026-09-14", "two_plain_weekends"),
    ("2026-11-20", "1", "working_days", "2026-11-23", "a_proposed_swap_without_decision_is_not_counted"),
    ("2026-11-23", "1", "working_days", "2026-11-25", "ngay_van_hoa_2026"),
    ("2026-11-27", "1", "working_days", "2026-11-30", "a_proposed_make_up_day_is_not_counted"),
    ("2026-09-06", "1", "working_days", "2026-09-07", "received_on_a_sunday"),
    ("2026-09-03", "2.5", "working_days", "2026-09-08", "a_fraction_of_a_day_is_rounded_up"),
    ("2026-09-03", "0.1", "working_days", "2026-09-04", "the_smallest_fraction_is_a_day"),
    ("2026-09-09", "0", "working_days", "2026-09-09", "zero_ends_the_day_of_receipt"),
    ("2026-02-14", "0", "working_days", "2026-02-23", "zero_on_a_day_off_is_rolled"),
    ("2026-09-05", "0", "calendar_days", "2026-09-07", "zero_calendar_days_are_rolled_too"),
    ("2026-09-03", "10", "calendar_days", "2026-09-14", "ends_on_a_sunday"),
    ("2026-02-06", "10", "calendar_days", "2026-02-23", "ends_in_tet_2026"),
    ("2024-01-30", "10", "calendar_days", "2024-02-15", "ends_in_tet_2024"),
    ("2026-08-12", "10", "calendar_days", "2026-08-22", "ends_on_a_make_up_saturday_2026"),
    ("2024-04-24", "10", "calendar_days", "2024-05-04", "ends_on_a_make_up_saturday_2024"),
    ("2026-04-01", "30", "calendar_days", "2026-05-04", "khieu_nai_ends_on_1_may"),
    ("2024-02-25", "5", "calendar_days", "2024-03-01", "over_29_february"),
    ("2024-01-31", "1", "months", "2024-02-29", "month_end_in_a_leap_year"),
    ("2026-01-31", "1", "months", "2026-03-02", "month_end_on_a_saturday"),
    ("2024-02-29", "12", "months", "2025-02-28", "a_year_after_29_february"),
    ("2025-08-31", "1", "months", "2025-09-30", "31_becomes_30"),
    ("2025-11-30", "3", "months", "2026-03-02", "over_the_turn_of_the_year"),
    ("2026-08-02", "1", "months", "2026-09-03", "a_month_ends_on_quoc_khanh"),
    ("2026-10-15", "0.5", "months", "2026-10-30", "half_a_month_is_15_days_by_art_146"),
]

BY_MOMENT = [
    ("2026-09-05 20:00", "24", "hours", "date", "2026-09-06 20:00", "hours_run_on_days_off"),
    ("2026-09-03 09:00", "1.5", "hours", "date", "2026-09-03 10:30", "hours_and_a_half"),
    ("2026-09-03 09:00", "2.5", "working_hours", "date", "2026-09-03 11:30", "ends_at_noon_not_after_it"),
    ("2026-09-03 09:00", "3", "working_hours", "date", "2026-09-03 14:00", "over_noon"),
    ("2026-09-03 09:00", "8", "working_hours", "date", "2026-09-04 09:00", "a_working_day_later"),
    ("2026-09-04 16:00", "8", "working_hours", "date", "2026-09-07 16:00", "over_a_weekend"),
    ("2026-09-03 20:00", "8", "working_hours", "date", "2026-09-04 17:00", "received_in_the_evening"),
    ("2026-09-03 06:00", "8", "working_hours", "date", "2026-09-03 17:00", "received_before_opening"),
    ("2026-09-05 10:00", "8", "working_hours", "date", "2026-09-07 17:00", "received_on_a_saturday"),
    ("2026-09-03 12:00", "1", "working_hours", "date", "2026-09-03 14:30", "received_at_noon"),
    ("2026-02-13 16:30", "1", "working_hours", "date", "2026-02-23 07:30", "over_tet_2026"),
    ("2026-08-21 16:30", "1", "working_hours", "date", "2026-08-22 07:30", "into_a_make_up_saturday"),
    ("2026-09-03 09:00", "0", "working_hours", "date", "2026-09-03 09:00", "no_time_in_office_hours"),
    ("2026-09-03 12:00", "0", "working_hours", "date", "2026-09-03 13:30", "no_time_at_noon"),
    ("2026-09-04 18:00", "0", "working_hours", "date", "2026-09-07 07:00", "no_time_after_closing"),
    ("2026-09-03 10:00", "2", "working_days", "moment", "2026-09-07 10:00", "days_as_eight_working_hours"),
    ("2026-11-20 10:00", "2", "working_days", "moment", "2026-11-25 10:00", "days_as_hours_over_a_holiday"),
    ("2026-09-03 07:00", "0.5", "working_days", "moment", "2026-09-03 11:00", "half_a_day_is_four_hours"),
    ("2026-09-03 07:00", "1", "working_days", "moment", "2026-09-03 17:00", "a_whole_day_ends_at_closing"),
]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"), [case[:4] for case in BY_DATE], ids=[c[4] for c in BY_DATE]
)
def test_a_limit_in_days_or_months_ends_with_the_last_second_of_its_last_day(start, amount, unit, expected):
    deadline = due(moment(f"{start} 15:45"), Limit(Decimal(amount), unit), CALENDAR)
    assert (deadline.date, deadline.by_moment) == (date.fromisoformat(expected), False)
    assert deadline.at == moment(f"{expected} 23:59:59")


@pytest.mark.parametrize(
    ("start", "amount", "unit", "style", "expected"), [case[:5] for case in BY_MOMENT], ids=[c[5] for c in BY_MOMENT]
)
def test_a_limit_in_hours_ends_at_its_moment(start, amount, unit, style, expected):
    deadline = due(moment(start), Limit(Decimal(amount), unit, style=style), CALENDAR)
    assert (deadline.at, deadline.by_moment) == (moment(expected), True)


def test_the_first_day_is_the_day_in_vietnam():
    late_evening = datetime(2026, 9, 3, 18, tzinfo=UTC)
    assert due(late_evening, Limit(Decimal(1), "working_days"), CALENDAR).date == date(2026, 9, 7)


def test_other_office_hours_give_other_moments():
    hours = OfficeHours(((time(8), time(12)), (time(13), time(17))))
    assert due(moment("2026-09-03 11:00"), Limit(Decimal(2), "working_hours"), CALENDAR, hours).at.hour == 14


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("-1", "negative"),
        ("-0.01", "negative"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("1e9", "too_large"),
    ],
)
def test_an_impossible_amount_is_an_error_that_names_its_field(amount, code):
    with pytest.raises(InvalidField) as caught:
        due(moment("2026-09-03 09:00"), Limit(Decimal(amount), "working_days"), CALENDAR)
    assert (caught.value.field, caught.value.code) == ("amount", code)


@pytest.mark.parametrize("limit", [Limit(Decimal(1), "weeks"), Limit(Decimal(1), "months", style="clock")])
def test_an_unknown_unit_or_style_is_an_error(limit):
    with pytest.raises(InvalidField):
        due(moment("2026-09-03 09:00"), limit, CALENDAR)


@pytest.mark.parametrize("start", [datetime(2026, 9, 3), datetime(1, 1, 1, tzinfo=VIETNAM)])  # noqa: DTZ001
def test_a_start_without_offset_or_outside_all_calendars_is_an_error(start):
    with pytest.raises(InvalidField, match="Thời điểm"):
        due(start, Limit(Decimal(1), "working_days"), CALENDAR)


def test_office_hours_that_overlap_are_refused():
    with pytest.raises(InvalidField):
        OfficeHours(((time(7), time(12)), (time(11), time(17))))


def test_the_explanation_names_each_day_off_with_its_legal_source():
    lines = explain(moment("2026-08-20 09:00"), Limit(Decimal(15), "working_days", "Điều 1"), CALENDAR)
    assert lines[0] == (
        "Hạn thứ Hai 14/9/2026: 15 ngày làm việc từ 20/8/2026; không tính 23/8, 29-30/8, 5-6/9, 12-13/9 cuối tuần; "
        "31/8 Hoán đổi dịp Quốc khánh (Công văn 9859/VPCP-KGVX; Thông báo 9441/TB-BNV); "
        "1-2/9 Quốc khánh (Bộ luật Lao động 2019, Điều 112)"
    )
    assert "Tính là ngày làm việc: 22/8/2026 Làm bù ngày 31/8/2026" in lines[1]
    assert lines[-1] == "Thời hạn theo: Điều 1"


def test_calendar_days_explain_only_the_days_that_the_end_was_rolled_over():
    lines = explain(moment("2026-08-25 09:00"), Limit(Decimal(10), "calendar_days"), CALENDAR)
    assert lines[0] == "Hạn thứ Sáu 4/9/2026: 10 ngày từ 25/8/2026"
    rolled = explain(moment("2026-09-03 09:00"), Limit(Decimal(10), "calendar_days"), CALENDAR)
    assert rolled[0].endswith("; không tính 13/9 cuối tuần")


def test_a_row_without_a_legal_source_is_explained_as_not_counted():
    lines = explain(moment("2026-11-20 09:00"), Limit(Decimal(2), "working_days"), CALENDAR)
    assert any(line.startswith("Chưa tính 23/11/2026") for line in lines)


def test_a_deadline_beyond_the_calendar_says_so():
    lines = explain(moment("2026-12-20 09:00"), Limit(Decimal(15), "working_days"), CALENDAR)
    assert "Lịch nghỉ mới có đến hết năm 2026: ngày nghỉ lễ sau đó chưa được tính" in lines


def test_a_moment_is_explained_with_its_time():
    lines = explain(moment("2026-09-03 09:00"), Limit(Decimal("2.5"), "hours"), CALENDAR)
    assert lines[0] == "Hạn 11:30 thứ Năm 3/9/2026: 2,5 giờ từ 09:00 thứ Năm 3/9/2026"


def test_a_long_limit_counts_its_weekends_instead_of_listing_them():
    lines = explain(moment("2024-03-01 09:00"), Limit(Decimal(60), "working_days"), CALENDAR)
    assert "ngày cuối tuần;" in lines[0]
