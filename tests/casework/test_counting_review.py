"""Time limits counted by hand a second time, over Tết, 30/4, 2/9 and the swap weeks of 2024-2026.

Ids name the rule: art_147 (the first day is excluded), art_148 (the last day is whole, and rolled), art_112 (the days
off of the labour code), swap (a day off worked on a Saturday), qd_766, nd_61.
"""

from datetime import datetime
from decimal import Decimal

import pytest

from casework.calendar import VIETNAM
from casework.counting import Limit, Style, Unit, due
from tests.support.rules import rules

WORKING_DAYS = [
    # start, working days, due date
    ("2024-02-02", "3", "2024-02-07", "art_112_tet_2024_the_last_day_before"),
    ("2024-02-02", "4", "2024-02-15", "art_112_tet_2024_the_first_day_after"),
    ("2024-02-06", "2", "2024-02-15", "art_112_tet_2024_one_day_on_each_side"),
    ("2024-02-10", "1", "2024-02-15", "art_147_received_on_the_first_day_of_the_year_giap_thin"),
    ("2024-02-14", "2", "2024-02-16", "art_147_received_on_the_last_day_off_of_tet_2024"),
    ("2024-02-01", "10", "2024-02-22", "art_112_tet_2024_ten_days_across"),
    ("2024-01-31", "15", "2024-02-28", "qd_766_answer_over_tet_2024"),
    ("2023-12-31", "1", "2024-01-02", "art_112_new_year_2024"),
    ("2024-12-30", "2", "2025-01-02", "art_112_new_year_2025"),
    ("2024-04-16", "2", "2024-04-19", "art_112_gio_to_2024_in_between"),
    ("2024-04-12", "5", "2024-04-22", "art_112_gio_to_2024_makes_the_week_four_days"),
    ("2024-04-18", "1", "2024-04-19", "art_147_received_on_gio_to_2024"),
    ("2024-04-25", "2", "2024-05-02", "swap_2024_over_30_4"),
    ("2024-04-26", "2", "2024-05-03", "swap_2024_second_day_after_1_5"),
    ("2024-04-26", "5", "2024-05-07", "swap_2024_the_saturday_is_the_third"),
    ("2024-04-22", "10", "2024-05-08", "swap_2024_ten_days_over_30_4"),
    ("2024-04-15", "15", "2024-05-09", "qd_766_answer_over_gio_to_and_30_4_2024"),
    ("2024-05-04", "1", "2024-05-06", "swap_2024_received_on_the_saturday"),
    ("2024-05-03", "1", "2024-05-04", "swap_2024_due_on_the_saturday"),
    ("2024-04-29", "1", "2024-05-02", "swap_2024_received_on_the_day_swapped_off"),
    ("2024-08-30", "1", "2024-09-04", "art_112_2_9_2024_two_days"),
    ("2024-08-29", "3", "2024-09-05", "art_112_2_9_2024_one_before_two_after"),
    ("2024-08-26", "10", "2024-09-11", "art_112_2_9_2024_ten_days_across"),
    ("2024-08-31", "1", "2024-09-04", "art_147_received_on_a_saturday_before_2_9_2024"),
    ("2024-12-31", "5", "2025-01-08", "art_112_a_week_into_2025"),
    ("2025-01-22", "3", "2025-02-03", "art_112_tet_2025_the_first_day_after"),
    ("2025-01-23", "5", "2025-02-06", "art_112_tet_2025_one_before_four_after"),
    ("2025-01-25", "2", "2025-02-04", "art_147_received_on_the_saturday_before_tet_2025"),
    ("2025-01-29", "1", "2025-02-03", "art_147_received_on_the_first_day_of_the_year_at_ty"),
    ("2025-01-13", "15", "2025-02-10", "qd_766_answer_over_tet_2025"),
    ("2025-04-03", "2", "2025-04-08", "art_112_gio_to_2025_is_a_monday"),
    ("2025-04-05", "3", "2025-04-10", "art_147_received_on_a_saturday_before_gio_to_2025"),
    ("2025-04-24", "2", "2025-04-26", "swap_2025_due_on_the_saturday"),
    ("2025-04-24", "3", "2025-04-28", "swap_2025_the_day_after_the_saturday"),
    ("2025-04-26", "3", "2025-05-05", "swap_2025_received_on_the_saturday"),
    ("2025-04-28", "2", "2025-05-05", "swap_2025_over_five_days_off"),
    ("2025-05-02", "1", "2025-05-05", "swap_2025_received_on_the_day_swapped_off"),
    ("2025-04-22", "7", "2025-05-05", "swap_2025_six_before_one_after"),
    ("2025-04-14", "15", "2025-05-07", "qd_766_answer_over_the_swap_of_2025"),
    ("2025-08-28", "2", "2025-09-03", "art_112_2_9_2025_with_1_9"),
    ("2025-08-25", "7", "2025-09-05", "art_112_2_9_2025_four_before_three_after"),
    ("2025-08-30", "2", "2025-09-04", "art_147_received_on_the_saturday_before_2_9_2025"),
    ("2025-09-02", "5", "2025-09-09", "art_147_received_on_2_9_2025"),
    ("2025-12-30", "2", "2026-01-05", "swap_2026_new_year_and_the_friday_after"),
    ("2026-01-05", "5", "2026-01-10", "swap_2026_january_due_on_the_saturday"),
    ("2026-01-09", "2", "2026-01-12", "swap_2026_january_after_the_saturday"),
    ("2026-01-10", "1", "2026-01-12", "swap_2026_january_received_on_the_saturday"),
    ("2026-01-02", "1", "2026-01-05", "swap_2026_received_on_the_day_swapped_off"),
    ("2025-12-29", "10", "2026-01-13", "swap_2026_ten_days_over_the_year"),
    ("2026-02-11", "3", "2026-02-23", "nd_61_art_19_4_three_days_over_tet_2026"),
    ("2026-02-12", "5", "2026-02-26", "art_112_tet_2026_one_before_four_after"),
    ("2026-02-14", "1", "2026-02-23", "art_147_received_on_the_saturday_before_tet_2026"),
    ("2026-02-22", "2", "2026-02-24", "art_147_received_on_the_last_sunday_of_tet_2026"),
    ("2026-02-02", "15", "2026-03-02", "qd_766_answer_over_tet_2026_from_2_february"),
    ("2026-04-23", "2", "2026-04-28", "art_111_3_monday_for_gio_to_2026_on_a_sunday"),
    ("2026-04-25", "2", "2026-04-29", "art_111_3_received_on_the_saturday_before_gio_to_2026"),
    ("2026-04-24", "4", "2026-05-05", "art_112_gio_to_and_30_4_2026"),
    ("2026-04-20", "7", "2026-05-04", "art_112_spring_2026_the_seventh_is_after_both"),
    ("2026-04-13", "15", "2026-05-07", "qd_766_answer_over_spring_2026"),
    ("2026-08-20", "2", "2026-08-22", "qd_766_accept_due_on_a_make_up_saturday"),
    ("2026-08-20", "3", "2026-08-24", "swap_2026_august_after_the_saturday"),
    ("2026-08-22", "5", "2026-08-28", "swap_2026_august_received_on_the_saturday"),
    ("2026-08-27", "2", "2026-09-03", "swap_2026_over_2_9"),
    ("2026-08-24", "7", "2026-09-07", "swap_2026_four_before_2_9_three_after"),
    ("2026-08-17", "10", "2026-08-28", "swap_2026_ten_days_that_end_before_2_9"),
    ("2026-08-18", "10", "2026-09-03", "swap_2026_ten_days_that_end_after_2_9"),
    ("2026-09-01", "1", "2026-09-03", "art_147_received_on_1_9_2026"),
    ("2026-11-20", "2", "2026-11-25", "res_28_2026_culture_day_and_no_swap_without_a_document"),
    ("2026-11-18", "7", "2026-11-30", "res_28_2026_the_proposed_saturday_does_not_count"),
    ("2026-02-13", "0.5", "2026-02-23", "half_a_day_is_a_day_over_tet_2026"),
    ("2024-05-04", "0", "2024-05-04", "nothing_on_a_make_up_saturday_ends_that_day"),
    ("2024-05-01", "0", "2024-05-02", "art_148_5_nothing_on_a_day_off_is_rolled"),
]

OTHER_DAYS = [
    # start, amount, unit, due date
    ("2024-02-01", "7", "calendar_days", "2024-02-15", "art_148_5_ends_on_the_first_day_of_tet_2024"),
    ("2024-04-19", "10", "calendar_days", "2024-05-02", "art_148_5_ends_on_a_day_swapped_off"),
    ("2024-04-24", "10", "calendar_days", "2024-05-04", "art_148_5_ends_on_a_make_up_saturday_and_stays_2024"),
    ("2025-04-16", "10", "calendar_days", "2025-04-26", "art_148_5_ends_on_a_make_up_saturday_and_stays_2025"),
    ("2025-04-20", "10", "calendar_days", "2025-05-05", "art_148_5_ends_on_30_4_2025"),
    ("2026-08-12", "10", "calendar_days", "2026-08-22", "art_148_5_ends_on_a_make_up_saturday_and_stays_2026"),
    ("2026-08-21", "10", "calendar_days", "2026-09-03", "art_148_5_ends_on_31_8_2026_swapped_off"),
    ("2025-12-23", "10", "calendar_days", "2026-01-05", "art_148_5_ends_on_2_1_2026_swapped_off"),
    ("2025-12-31", "10", "calendar_days", "2026-01-10", "art_148_5_ends_on_10_1_2026_a_working_saturday"),
    ("2026-01-17", "30", "calendar_days", "2026-02-23", "law_02_2011_art_28_thirty_days_end_in_tet_2026"),
    ("2025-12-28", "30", "calendar_days", "2026-01-27", "law_25_2018_art_30_thirty_days_over_the_year"),
    ("2026-06-30", "10", "calendar_days", "2026-07-10", "law_02_2011_art_27_ten_days"),
    ("2024-12-31", "1", "calendar_days", "2025-01-02", "art_148_5_ends_on_new_year_2025"),
    ("2025-01-13", "15", "calendar_days", "2025-02-03", "art_148_5_ends_in_tet_2025"),
    ("2026-08-28", "2.5", "calendar_days", "2026-09-03", "two_and_a_half_days_are_three"),
    ("2026-02-16", "0", "calendar_days", "2026-02-23", "art_148_5_nothing_on_the_first_day_of_tet_2026"),
    ("2024-01-31", "1", "months", "2024-02-29", "art_148_3_february_of_a_leap_year"),
    ("2025-01-29", "1", "months", "2025-02-28", "art_148_3_february_has_no_29th"),
    ("2025-11-30", "3", "months", "2026-03-02", "art_148_3_february_ends_on_a_saturday"),
    ("2024-02-29", "12", "months", "2025-02-28", "art_148_3_a_year_from_a_leap_day"),
    ("2024-12-31", "2", "months", "2025-02-28", "art_148_3_two_months_over_the_year"),
    ("2026-07-31", "1", "months", "2026-09-03", "art_148_5_a_month_ends_on_a_day_swapped_off"),
    ("2024-03-30", "1", "months", "2024-05-02", "art_148_5_a_month_ends_on_30_4_2024"),
    ("2026-01-17", "1", "months", "2026-02-23", "art_148_5_a_month_ends_on_tet_2026"),
    ("2025-07-10", "6", "months", "2026-01-10", "art_148_3_half_a_year_ends_on_a_working_saturday"),
]

BY_MOMENT = [
    # start, amount, unit, style, due moment
    ("2026-02-15 23:00", "24", "hours", "date", "2026-02-16 23:00", "art_147_1_hours_run_through_tet"),
    ("2025-12-31 22:00", "4", "hours", "date", "2026-01-01 02:00", "art_147_1_hours_run_over_the_year"),
    ("2026-08-30 00:00", "0.5", "hours", "date", "2026-08-30 00:30", "art_147_1_half_an_hour_on_a_sunday"),
    ("2026-02-13 10:00", "8", "working_hours", "date", "2026-02-23 10:00", "nd_118_eight_hours_over_tet_2026"),
    ("2024-04-26 16:00", "2", "working_hours", "date", "2024-05-02 08:00", "nd_118_two_hours_over_30_4_2024"),
    ("2024-05-03 17:00", "1", "working_hours", "date", "2024-05-04 08:00", "swap_2024_hours_on_the_saturday"),
    ("2025-04-26 07:00", "4.5", "working_hours", "date", "2025-04-26 11:30", "swap_2025_a_whole_morning_of_saturday"),
    ("2025-04-26 07:00", "5", "working_hours", "date", "2025-04-26 14:00", "swap_2025_over_noon_of_saturday"),
    ("2025-04-29 07:00", "8", "working_hours", "date", "2025-04-29 17:00", "a_whole_day_ends_at_closing_time"),
    ("2025-04-29 07:00", "9", "working_hours", "date", "2025-05-05 08:00", "swap_2025_the_ninth_hour_is_after_30_4"),
    ("2026-08-21 13:30", "8", "working_hours", "date", "2026-08-22 11:30", "swap_2026_friday_afternoon_and_saturday"),
    ("2026-08-28 12:00", "8", "working_hours", "date", "2026-09-03 11:30", "swap_2026_friday_noon_over_2_9"),
    ("2026-11-23 16:30", "1", "working_hours", "date", "2026-11-25 07:30", "res_28_2026_half_an_hour_on_each_side"),
    ("2026-03-02 12:00", "1", "working_hours", "date", "2026-03-02 14:30", "received_at_noon"),
    ("2026-03-02 05:00", "1", "working_hours", "date", "2026-03-02 08:00", "received_before_the_office_opens"),
    ("2026-02-13 10:00", "1", "working_days", "moment", "2026-02-23 10:00", "style_moment_over_tet_2026"),
    ("2024-04-26 14:00", "2", "working_days", "moment", "2024-05-03 14:00", "style_moment_over_30_4_2024"),
    ("2025-04-25 09:00", "5", "working_days", "moment", "2025-05-06 09:00", "style_moment_over_the_swap_of_2025"),
    ("2026-08-20 15:00", "10", "working_days", "moment", "2026-09-07 15:00", "style_moment_over_the_swap_of_2026"),
    ("2026-08-29 10:00", "1", "working_days", "moment", "2026-09-03 17:00", "style_moment_received_on_a_saturday"),
]

OTHER_ZONES = [
    # start as given, working days, due date
    ("2026-02-12T17:30:00+00:00", "1", "2026-02-23", "half_past_midnight_in_vietnam_is_13_february"),
    ("2026-02-12T16:59:59+00:00", "1", "2026-02-13", "a_second_before_midnight_in_vietnam_is_12_february"),
    ("2024-12-31T12:00:00-05:00", "1", "2025-01-02", "new_year_in_vietnam_is_noon_of_31_december_in_new_york"),
    ("2026-01-10T00:30:00+09:00", "1", "2026-01-10", "a_morning_in_tokyo_is_the_evening_before_in_vietnam"),
]


def _start(text: str) -> datetime:
    """A Vietnam moment; a date alone stands for a quarter past three in the afternoon."""
    return datetime.fromisoformat(text if ":" in text else f"{text} 15:15").replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("start", "days", "expected"), [case[:3] for case in WORKING_DAYS], ids=[case[3] for case in WORKING_DAYS]
)
def test_working_days_end_on(start: str, days: str, expected: str) -> None:
    deadline = due(_start(start), Limit(Decimal(days), "working_days"), rules().calendar)
    assert f"{deadline.at:%Y-%m-%d %H:%M:%S}" == f"{expected} 23:59:59"


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"), [case[:4] for case in OTHER_DAYS], ids=[case[4] for case in OTHER_DAYS]
)
def test_calendar_days_and_months_end_on(start: str, amount: str, unit: Unit, expected: str) -> None:
    deadline = due(_start(start), Limit(Decimal(amount), unit), rules().calendar)
    assert f"{deadline.at:%Y-%m-%d %H:%M:%S}" == f"{expected} 23:59:59"


@pytest.mark.parametrize(
    ("start", "amount", "unit", "style", "expected"),
    [case[:5] for case in BY_MOMENT],
    ids=[case[5] for case in BY_MOMENT],
)
def test_hours_end_at(start: str, amount: str, unit: Unit, style: Style, expected: str) -> None:
    deadline = due(_start(start), Limit(Decimal(amount), unit, style=style), rules().calendar)
    assert (f"{deadline.at:%Y-%m-%d %H:%M}", deadline.by_moment) == (expected, True)


@pytest.mark.parametrize(
    ("start", "days", "expected"), [case[:3] for case in OTHER_ZONES], ids=[case[3] for case in OTHER_ZONES]
)
def test_the_first_day_is_that_of_vietnam(start: str, days: str, expected: str) -> None:
    deadline = due(datetime.fromisoformat(start), Limit(Decimal(days), "working_days"), rules().calendar)
    assert deadline.date.isoformat() == expected
