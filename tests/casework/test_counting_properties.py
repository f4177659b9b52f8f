"""What holds of every limit on every day."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.calendar import VIETNAM
from casework.counting import HOURS_A_DAY, OFFICE_HOURS, Limit, due
from tests.support.rules import rules

CALENDAR = rules().calendar
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
STARTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)).map(lambda at: at.replace(tzinfo=VIETNAM))  # noqa: DTZ001
DATE_UNITS = st.sampled_from(["working_days", "calendar_days", "months"])
UNITS = st.sampled_from(["working_days", "calendar_days", "months", "hours", "working_hours"])
AMOUNTS = st.integers(0, 60).map(Decimal)


def walked(day: date, n: int) -> date:
    """The n-th working day after or before a day, one day at a time."""
    step = timedelta(days=1 if n > 0 else -1)
    left = abs(n)
    while left:
        day += step
        left -= CALENDAR.is_working(day)
    return day


@given(DAYS, st.integers(-80, 80))
def test_adding_working_days_equals_walking_day_by_day(day, n):
    assert CALENDAR.add_working(day, n) == walked(day, n)


@given(
    st.sampled_from([date(1949, 12, 20), date(2100, 12, 20), date(1800, 1, 1), date(2500, 6, 1)]), st.integers(-30, 30)
)
def test_days_far_from_the_calendar_are_counted_too(day, n):
    assert CALENDAR.add_working(day, n) == walked(day, n)


@given(DAYS, DAYS)
def test_working_days_between_two_days_are_those_after_the_first_up_to_the_second(a, b):
    first, last = sorted((a, b))
    days = [first + timedelta(days=n + 1) for n in range((last - first).days)]
    count = sum(map(CALENDAR.is_working, days))
    assert CALENDAR.working_between(a, b) == (count if a <= b else -count)


@given(STARTS, AMOUNTS, DATE_UNITS)
def test_a_limit_in_days_never_ends_on_a_day_off(start, amount, unit):
    assert CALENDAR.is_working(due(start, Limit(amount, unit), CALENDAR).date)


@given(STARTS, AMOUNTS, UNITS, st.sampled_from(["date", "moment"]))
def test_more_time_never_ends_earlier(start, amount, unit, style):
    shorter, longer = (due(start, Limit(amount + more, unit, style=style), CALENDAR) for more in (0, 1))
    assert start <= shorter.at + timedelta(seconds=1)
    assert shorter.at <= longer.at


@given(STARTS, st.timedeltas(timedelta(0), timedelta(days=40)), AMOUNTS, UNITS)
def test_a_later_start_never_ends_earlier(start, wait, amount, unit):
    limit = Limit(amount, unit)
    assert due(start, limit, CALENDAR).at <= due(start + wait, limit, CALENDAR).at


@settings(max_examples=60)
@given(STARTS.map(lambda at: at.replace(second=0, microsecond=0)), st.integers(1, 40))
def test_working_hours_equal_walking_minute_by_minute(start, hours):
    minutes, at = hours * 60, start
    while minutes:
        worked = CALENDAR.is_working(at.date()) and any(a <= at.time() < b for a, b in OFFICE_HOURS.spans)
        minutes -= worked
        at += timedelta(minutes=1)
    assert due(start, Limit(Decimal(hours), "working_hours"), CALENDAR).at == at


@given(STARTS, st.integers(0, 30))
def test_a_working_day_by_the_moment_is_eight_working_hours(start, days):
    by_days = due(start, Limit(Decimal(days), "working_days", style="moment"), CALENDAR)
    assert by_days == due(start, Limit(Decimal(days * HOURS_A_DAY), "working_hours"), CALENDAR)
