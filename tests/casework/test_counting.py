"""Time limits counted by hand on the calendars of 2024-2026."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from casework.calendar import VIETNAM, parse_calendar
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
    ("2026-09-03 11:30", "0", "working_hours", "date", "2026-09-03 13:30", "no_time_as_the_morning_ends"),
    ("2026-09-03 17:00", "0", "working_hours", "date", "2026-09-04 07:00", "no_time_at_closing"),
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


DAY_LAW = "Cách tính: không tính ngày đầu tiên, hạn là hết ngày cuối cùng (Bộ luật Dân sự 2015, Điều 147, 148)"
ALL_DAYS_LAW = DAY_LAW.replace("không tính ngày", "tính cả ngày nghỉ; không tính ngày")
NEXT = "hạn chuyển sang ngày làm việc tiếp theo (Bộ luật Dân sự 2015, Điều 148.5)"
OWN_HOURS = OfficeHours(((time(7, 30), time(11, 30)), (time(13), time(17))))


def explained(start, amount, unit, style="date", *, calendar=CALENDAR, **more):
    return explain(moment(start), Limit(Decimal(amount), unit, style=style), calendar, **more)


def test_the_headline_names_due_date_amount_start_and_what_was_not_counted():
    assert explained("2026-09-03 09:00", "7", "working_days") == [
        "Hạn thứ Hai 14/9/2026: 7 ngày làm việc từ 3/9/2026; không tính 5-6/9, 12-13/9 cuối tuần",
        DAY_LAW,
    ]


def test_the_explanation_names_each_day_off_with_its_legal_source():
    lines = explain(moment("2026-08-20 09:00"), Limit(Decimal(15), "working_days", "Điều 1"), CALENDAR)
    swap = "Công văn 9859/VPCP-KGVX; Thông báo 9441/TB-BNV"
    assert lines == [
        "Hạn thứ Hai 14/9/2026: 15 ngày làm việc từ 20/8/2026; không tính 23/8, 29-30/8, 5-6/9, 12-13/9 cuối tuần; "
        f"31/8 Hoán đổi dịp Quốc khánh ({swap}); 1-2/9 Quốc khánh (Bộ luật Lao động 2019, Điều 112)",
        f"Tính là ngày làm việc: 22/8/2026 Làm bù ngày 31/8/2026 ({swap})",
        DAY_LAW,
        "Thời hạn theo: Điều 1",
    ]


def test_receipt_on_a_day_off_says_which_day_is_counted_first():
    assert explained("2026-09-06 09:00", "3", "working_days")[1] == (
        "Nhận ngày Chủ nhật 6/9/2026, ngày cuối tuần: ngày đầu tiên được tính là thứ Hai 7/9/2026"
    )
    assert explained("2026-09-02 09:00", "3", "working_days")[1] == (
        "Nhận ngày thứ Tư 2/9/2026, ngày nghỉ Quốc khánh (Bộ luật Lao động 2019, Điều 112): "
        "ngày đầu tiên được tính là thứ Năm 3/9/2026"
    )
    assert explained("2026-09-05 09:00", "5", "calendar_days", begun="Mở lại")[1] == (
        "Mở lại ngày thứ Bảy 5/9/2026, ngày cuối tuần: ngày đầu tiên được tính là Chủ nhật 6/9/2026"
    )


def test_calendar_days_explain_only_the_days_that_the_end_was_rolled_over():
    assert explained("2026-08-25 09:00", "10", "calendar_days") == [
        "Hạn thứ Sáu 4/9/2026: 10 ngày từ 25/8/2026",
        ALL_DAYS_LAW,
    ]
    assert explained("2026-09-03 09:00", "10", "calendar_days")[:2] == [
        "Hạn thứ Hai 14/9/2026: 10 ngày từ 3/9/2026; không tính 13/9 cuối tuần",
        f"Ngày cuối cùng Chủ nhật 13/9/2026 là ngày cuối tuần: {NEXT}",
    ]


def test_a_month_without_such_a_day_is_explained_as_ending_with_its_last():
    assert explained("2026-01-30 09:00", "1", "months") == [
        "Hạn thứ Hai 2/3/2026: 1 tháng từ 30/1/2026; không tính 28/2-1/3 cuối tuần",
        "Tháng 2/2026 không có ngày 30: thời hạn kết thúc vào ngày cuối tháng, 28/2/2026 "
        "(Bộ luật Dân sự 2015, Điều 148.3)",
        f"Ngày cuối cùng thứ Bảy 28/2/2026 là ngày cuối tuần: {NEXT}",
        ALL_DAYS_LAW,
    ]


def test_parts_of_days_and_months_are_explained():
    assert "0,5 ngày được làm tròn lên 1 ngày" in explained("2026-09-03 09:00", "0.5", "working_days")
    half = "Phần lẻ 0,5 tháng tính là 15 ngày, mỗi tháng 30 ngày (Bộ luật Dân sự 2015, Điều 146)"
    assert half in explained("2026-10-15 09:00", "1.5", "months")


def test_a_limit_of_nothing_ends_with_the_day_itself_or_the_next_working_day():
    assert explained("2026-09-06 09:00", "0", "working_days") == [
        "Hạn thứ Hai 7/9/2026: 0 ngày làm việc từ 6/9/2026; không tính 6/9 cuối tuần",
        f"Ngày cuối cùng Chủ nhật 6/9/2026 là ngày cuối tuần: {NEXT}",
        "Cách tính: hạn là hết ngày bắt đầu, nếu là ngày nghỉ thì hết ngày làm việc tiếp theo "
        "(Bộ luật Dân sự 2015, Điều 147, 148)",
    ]


def test_hours_run_over_night_and_days_off_and_say_so():
    assert explained("2026-09-05 20:00", "24", "hours") == [
        "Hạn 20:00 Chủ nhật 6/9/2026: 24 giờ từ 20:00 thứ Bảy 5/9/2026",
        "Cách tính: liên tục từ thời điểm bắt đầu, cả ban đêm và ngày nghỉ (Bộ luật Dân sự 2015, Điều 147, 148)",
    ]


def test_working_hours_say_from_when_they_run_where_something_comes_after_closing_or_on_a_day_off():
    evening = explained("2026-09-03 20:00", "8", "working_hours")
    assert evening[0] == "Hạn 17:00 thứ Sáu 4/9/2026: 8 giờ làm việc từ 20:00 thứ Năm 3/9/2026"
    assert evening[1] == "Nhận lúc 20:00 thứ Năm 3/9/2026, ngoài giờ làm việc: tính từ 07:00 thứ Sáu 4/9/2026"
    sunday = explained("2026-09-06 10:00", "1", "working_days", "moment")
    assert sunday[1] == "Nhận lúc 10:00 Chủ nhật 6/9/2026, ngày cuối tuần: tính từ 07:00 thứ Hai 7/9/2026"
    assert sunday[-1].startswith("Cách tính: mỗi ngày làm việc là 8 giờ làm việc, từ thời điểm bắt đầu")


def test_office_hours_are_named_where_they_were_used_and_are_not_the_usual_ones():
    own = {"hours": OWN_HOURS, "whose": "Sở Xây dựng"}
    words = "Giờ làm việc của Sở Xây dựng: 07:30-11:30, 13:00-17:00"
    assert words in explained("2026-09-03 10:00", "2", "working_days", "moment", **own)
    assert words in explained("2026-09-03 10:00", "2", "working_hours", **own)
    assert words not in explained("2026-09-03 10:00", "2", "working_days", **own)
    assert not any("Giờ làm việc" in line for line in explained("2026-09-03 10:00", "2", "working_hours"))
    assert "Giờ làm việc: 07:30-11:30, 13:00-17:00" in explained(
        "2026-09-03 10:00", "2", "working_hours", hours=OWN_HOURS
    )


def test_an_agencys_own_rows_are_named_with_their_source():
    head = "date,kind,name,source,counted,agency\n"
    rows = [
        "2026-03-07,local_working,Trực sáng thứ Bảy,QĐ 7/QĐ-UBND,yes,LG.X17\n",
        "2026-03-09,local_closure,Dời trụ sở,QĐ 9/QĐ-UBND,yes,LG.X17\n",
    ]
    calendar = parse_calendar([head, *rows]).for_agency("LG.X17")
    lines = explained("2026-03-06 09:00", "2", "working_days", calendar=calendar)
    assert lines[:2] == [
        "Hạn thứ Ba 10/3/2026: 2 ngày làm việc từ 6/3/2026; không tính 8/3 cuối tuần; "
        "9/3 Dời trụ sở (lịch riêng của đơn vị: QĐ 9/QĐ-UBND)",
        "Tính là ngày làm việc: 7/3/2026 Trực sáng thứ Bảy (lịch riêng của đơn vị: QĐ 7/QĐ-UBND)",
    ]


def test_a_row_without_a_legal_source_is_explained_as_not_counted():
    lines = explained("2026-11-20 09:00", "2", "working_days")
    proposal = "Đề xuất hoán đổi dịp Ngày Văn hóa (chưa có văn bản)"
    assert lines[1] == f"Chưa tính 23/11/2026 {proposal}: chưa có căn cứ pháp lý"
    ends_there = explained("2026-11-13 09:00", "10", "calendar_days")
    assert ends_there[1] == lines[1]


def test_a_deadline_beyond_the_calendar_says_so():
    lines = explained("2027-12-20 09:00", "15", "working_days")
    assert "Lịch nghỉ mới có đến hết năm 2027: ngày nghỉ lễ sau đó chưa được tính" in lines


def test_a_start_before_the_calendar_says_so():
    lines = explained("2023-12-28 09:00", "5", "working_days")
    assert "Lịch nghỉ chỉ có từ năm 2024: ngày nghỉ lễ trước đó chưa được tính" in lines


def test_a_moment_is_explained_with_its_time():
    lines = explained("2026-09-03 09:00", "2.5", "hours")
    assert lines[0] == "Hạn 11:30 thứ Năm 3/9/2026: 2,5 giờ từ 09:00 thứ Năm 3/9/2026"


def test_a_long_limit_counts_its_weekends_and_one_of_years_dates_its_holidays():
    assert "ngày cuối tuần;" in explained("2024-03-01 09:00", "60", "working_days")[0]
    years = explained("2024-12-20 09:00", "300", "working_days")[0]
    assert "; 1/1/2025 Tết Dương lịch (" in years
    assert "; 1/1/2026 Tết Dương lịch (" in years
