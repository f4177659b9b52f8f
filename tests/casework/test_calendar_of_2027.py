"""The rows of 2027, prepared from the law before any notice: off only where every usual choice agrees.

The lunar dates are computed here from the moon itself (Meeus, Astronomical Algorithms, chapter 49), so that the file
is not compared with where it may have been taken from.
"""

from datetime import date, datetime, timedelta
from math import radians, sin

import pytest

from casework.calendar import VIETNAM
from tests.support.rules import rules

CALENDAR = rules().calendar
J2000 = datetime(2000, 1, 1, 19, tzinfo=VIETNAM)
NO_NOTICE = "chưa có văn bản chọn phương án"


def new_moon(k: int) -> date:
    """The day in Vietnam of the k-th new moon after January 2000; right within minutes."""
    t = k / 1236.85
    days = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t - 2451545
    sun = radians(2.5534 + 29.10535670 * k - 0.0000014 * t * t)
    moon = radians(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    node = radians(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    e = 1 - 0.002516 * t - 0.0000074 * t * t
    days += -0.40720 * sin(moon) + 0.17241 * e * sin(sun) + 0.01608 * sin(2 * moon) + 0.01039 * sin(2 * node)
    days += 0.00739 * e * sin(moon - sun) - 0.00514 * e * sin(moon + sun) + 0.00208 * e * e * sin(2 * sun)
    return (J2000 + timedelta(days=days)).date()


def eleventh_month(year: int) -> int:
    """The k of the month that holds the winter solstice (22 December in Vietnam in these years)."""
    k = round((year - 2000) * 12.3685) + 13
    while new_moon(k) > date(year, 12, 22):
        k -= 1
    return k


@pytest.mark.parametrize(
    ("year", "new_year", "ancestors"),
    [
        (2024, "2024-02-10", "2024-04-18"),
        (2025, "2025-01-29", "2025-04-07"),
        (2026, "2026-02-17", "2026-04-26"),
        (2027, "2027-02-06", "2027-04-16"),
    ],
)
def test_the_first_of_the_first_and_the_tenth_of_the_third_month_follow_the_moon(year, new_year, ancestors):
    eleventh = eleventh_month(year - 1)
    assert new_moon(eleventh + 2) == date.fromisoformat(new_year)
    assert new_moon(eleventh + 4) + timedelta(days=9) == date.fromisoformat(ancestors)


def test_2027_has_no_leap_month_that_would_move_them():
    assert eleventh_month(2027) - eleventh_month(2026) == 12


def tet_days_off(before: int) -> set[date]:
    """Weekdays off where `before` of the five days lie before the first of the year (Điều 112.1.b, bù by 111.3)."""
    holidays = [date(2027, 2, 6) + timedelta(days=n - before) for n in range(5)]
    off = {day for day in holidays if day.weekday() < 5}
    following = holidays[-1]
    while len(off) < 5:
        following += timedelta(days=1)
        off |= {following} if following.weekday() < 5 else set()
    return off


FEBRUARY = [date(2027, 2, 1) + timedelta(days=n) for n in range(28)]


def test_tet_counts_the_days_off_of_both_plans_and_only_shows_those_of_one():
    one_four, two_three = tet_days_off(1), tet_days_off(2)
    assert {day for day in FEBRUARY if CALENDAR.row(day)} == one_four & two_three
    assert {day for day in FEBRUARY if CALENDAR.doubtful(day)} == one_four ^ two_three
    assert all(CALENDAR.is_working(day) for day in one_four ^ two_three)


@pytest.mark.parametrize(
    ("day", "weekday", "law"),
    [
        ("2027-01-01", 4, "Điều 112"),
        ("2027-02-05", 4, "Điều 111.3, 112.1.b"),
        ("2027-02-08", 0, "Điều 111.3, 112.1.b"),
        ("2027-02-09", 1, "Điều 111.3, 112.1.b"),
        ("2027-02-10", 2, "Điều 111.3, 112.1.b"),
        ("2027-04-16", 4, "Điều 112"),
        ("2027-04-30", 4, "Điều 112"),
        ("2027-05-03", 0, "Điều 111.3"),  # 1/5 is a Saturday
        ("2027-09-02", 3, "Điều 112"),
        ("2027-11-24", 2, "Nghị quyết 28/2026/QH16"),
    ],
)
def test_a_day_off_of_2027_has_its_legal_source(day, weekday, law):
    row = CALENDAR.row(date.fromisoformat(day))
    assert row is not None
    assert (row.date.weekday(), law in row.source, CALENDAR.is_working(row.date)) == (weekday, True, False)


def test_nothing_else_of_2027_is_counted():
    counted = [row.date for row in CALENDAR.rows() if row.counted and row.date.year == 2027]
    assert len(counted) == 10


@pytest.mark.parametrize("day", ["2027-02-04", "2027-02-11", "2027-09-01", "2027-09-03"])
def test_a_day_that_one_choice_only_would_give_is_shown_as_waiting_for_its_notice(day):
    row = CALENDAR.doubtful(date.fromisoformat(day))
    assert row is not None
    assert (NO_NOTICE in row.name, row.source, CALENDAR.is_working(row.date)) == (True, "", True)
