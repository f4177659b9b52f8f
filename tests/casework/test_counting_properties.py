"""What holds of every limit on every day, under any calendar and any office hours; the walks here are naive."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.calendar import OFF_KINDS, VIETNAM, WORKING_KINDS, Calendar, CalendarRow
from casework.counting import HOURS_A_DAY, Limit, OfficeHours, due
from tests.support.rules import rules

CALENDAR = rules().calendar
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
AGENCY = "LG.X17"
SOME = settings(max_examples=60, deadline=None)
FEW = settings(max_examples=30, deadline=None)

DAYS = st.dates(date(2023, 12, 15), date(2024, 4, 15))
MOMENTS = st.datetimes(datetime(2023, 12, 15), datetime(2024, 4, 15)).map(lambda at: at.replace(tzinfo=VIETNAM))  # noqa: DTZ001
QUARTERS = MOMENTS.map(lambda at: at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0))
MINUTES = QUARTERS | MOMENTS.map(lambda at: at.replace(second=0, microsecond=0))
DATE_UNITS = st.sampled_from(["working_days", "calendar_days", "months"])
UNITS = st.sampled_from(["working_days", "calendar_days", "months", "hours", "working_hours"])
STYLES = st.sampled_from(["date", "moment"])
AMOUNTS = st.integers(0, 60).map(Decimal)


@st.composite
def all_rows(draw):
    """Days off and days worked, common and of one agency, counted or only shown."""
    row = st.builds(
        CalendarRow,
        DAYS,
        st.sampled_from(sorted(OFF_KINDS | WORKING_KINDS)),
        st.just("Ngày"),
        st.just("Văn bản"),
        st.booleans(),
        st.sampled_from(["", AGENCY]),
    )
    return draw(st.lists(row, max_size=25, unique_by=lambda row: (row.date, row.agency)))


@st.composite
def office_hours(draw):
    """One to three spans that begin and end at quarters of an hour."""
    edges = sorted(draw(st.lists(st.integers(0, 95), min_size=2, max_size=6, unique=True)))
    clocks = [time(quarter // 4, quarter % 4 * 15) for quarter in edges]
    return OfficeHours(tuple(zip(clocks[::2], clocks[1::2], strict=False)))


ROWS, HOURS, WHOSE = all_rows(), office_hours(), st.sampled_from([None, AGENCY])


def offices_work(rows, agency, day):
    """The agency's own counted row, else the common one, else Monday to Friday."""
    for whose in (agency, ""):
        for row in rows:
            if row.counted and (row.date, row.agency) == (day, whose):
                return row.kind in WORKING_KINDS
    return day.weekday() < 5


def same_or_next_working(rows, agency, day):
    while not offices_work(rows, agency, day):
        day += DAY
    return day


def nth_working(rows, agency, day, n):
    while n:
        day += DAY
        n -= offices_work(rows, agency, day)
    return day


def same_day_months_later(day, n):
    """Walks to the last day of the n-th month on that is not beyond the day's own number."""
    month, found, at = 0, day, day
    while month <= n:
        if month == n and at.day <= day.day:
            found = at
        at += DAY
        month += at.day == 1
    return found


def worked_minutes_later(rows, agency, hours, at, minutes):
    """Minute by minute: after so many minutes in office hours; without any, the first moment that lies in them."""
    open_at = {n for n in range(1440) if any(a <= time(n // 60, n % 60) < b for a, b in hours.spans)}
    left = minutes
    while True:
        inside = at.hour * 60 + at.minute in open_at and offices_work(rows, agency, at.date())
        if inside and not left:
            return at
        left -= inside
        at += MINUTE
        if not left and minutes:
            return at
        if not offices_work(rows, agency, at.date()):
            at = at.replace(hour=0, minute=0) + DAY


@SOME
@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(-80, 80))
def test_adding_working_days_equals_walking_day_by_day(day, n):
    at, left = day, abs(n)
    while left:
        at += DAY if n > 0 else -DAY
        left -= CALENDAR.is_working(at)
    assert CALENDAR.add_working(day, n) == at


@FEW
@given(
    st.sampled_from([date(1949, 12, 20), date(2100, 12, 20), date(1800, 1, 1), date(2500, 6, 1)]), st.integers(-30, 30)
)
def test_days_far_from_the_calendar_are_counted_too(day, n):
    at, left = day, abs(n)
    while left:
        at += DAY if n > 0 else -DAY
        left -= at.weekday() < 5
    assert CALENDAR.add_working(day, n) == at


@SOME
@given(ROWS, WHOSE, DAYS)
def test_a_day_works_as_its_rows_say_and_an_agencys_own_row_goes_first(rows, agency, day):
    assert Calendar(rows).for_agency(agency).is_working(day) == offices_work(rows, agency, day)


@SOME
@given(ROWS, WHOSE, DAYS, DAYS)
def test_working_days_between_two_days_are_those_after_the_first_up_to_the_second(rows, agency, a, b):
    first, last = sorted((a, b))
    count = sum(offices_work(rows, agency, first + n * DAY) for n in range(1, (last - first).days + 1))
    assert Calendar(rows).for_agency(agency).working_between(a, b) == (count if a <= b else -count)


@SOME
@given(ROWS, WHOSE, MOMENTS, st.integers(0, 40))
def test_working_days_equal_walking_day_by_day(rows, agency, start, n):
    deadline = due(start, Limit(Decimal(n), "working_days"), Calendar(rows).for_agency(agency))
    last = nth_working(rows, agency, start.date(), n)
    assert deadline.at == datetime.combine(same_or_next_working(rows, agency, last), time(23, 59, 59), VIETNAM)


@SOME
@given(ROWS, WHOSE, MOMENTS, st.integers(0, 90))
def test_calendar_days_equal_walking_day_by_day_and_then_to_a_working_day(rows, agency, start, n):
    last = start.date()
    for _ in range(n):
        last += DAY
    deadline = due(start, Limit(Decimal(n), "calendar_days"), Calendar(rows).for_agency(agency))
    assert (deadline.date, deadline.at.time()) == (same_or_next_working(rows, agency, last), time(23, 59, 59))


@SOME
@given(ROWS, st.dates(date(2023, 1, 1), date(2028, 12, 31)), st.integers(0, 26))
def test_months_equal_walking_to_the_same_day_of_a_later_month_or_its_last(rows, day, n):
    deadline = due(datetime.combine(day, time(9), VIETNAM), Limit(Decimal(n), "months"), Calendar(rows))
    assert deadline.date == same_or_next_working(rows, "", same_day_months_later(day, n))


@SOME
@given(MOMENTS, st.integers(0, 500))
def test_hours_run_day_and_night(start, n):
    assert due(start, Limit(Decimal(n), "hours"), CALENDAR).at - start == n * timedelta(hours=1)


@SOME
@given(ROWS, WHOSE, HOURS, MINUTES, st.integers(0, 10))
def test_working_hours_equal_walking_minute_by_minute(rows, agency, hours, start, quarters):
    limit = Limit(Decimal(quarters) / 4, "working_hours")
    walked = worked_minutes_later(rows, agency, hours, start, quarters * 15)
    assert due(start, limit, Calendar(rows).for_agency(agency), hours).at == walked


@FEW
@given(ROWS, MINUTES, st.integers(0, 3))
def test_working_days_by_the_moment_equal_walking_eight_office_hours_a_day(rows, start, days):
    hours = OfficeHours(((time(7, 30), time(11, 30)), (time(13), time(17))))
    limit = Limit(Decimal(days), "working_days", style="moment")
    walked = worked_minutes_later(rows, "", hours, start, days * HOURS_A_DAY * 60)
    assert due(start, limit, Calendar(rows), hours).at == walked


@SOME
@given(ROWS, WHOSE, MOMENTS, AMOUNTS, DATE_UNITS)
def test_a_limit_in_days_never_ends_on_a_day_off(rows, agency, start, amount, unit):
    deadline = due(start, Limit(amount, unit), Calendar(rows).for_agency(agency))
    assert offices_work(rows, agency, deadline.date)


@SOME
@given(ROWS, WHOSE, HOURS, MOMENTS, AMOUNTS, UNITS, STYLES)
def test_more_time_never_ends_earlier(rows, agency, hours, start, amount, unit, style):
    calendar = Calendar(rows).for_agency(agency)
    ends = [
        due(start, Limit(amount + more, unit, style=style), calendar, hours).at
        for more in (0, Decimal("0.25"), Decimal(1))
    ]
    assert start <= ends[0] + timedelta(seconds=1)
    assert ends == sorted(ends)


@SOME
@given(ROWS, WHOSE, HOURS, MOMENTS, st.timedeltas(timedelta(0), timedelta(days=40)), AMOUNTS, UNITS, STYLES)
def test_a_later_start_never_ends_earlier(rows, agency, hours, start, wait, amount, unit, style):
    limit, calendar = Limit(amount, unit, style=style), Calendar(rows).for_agency(agency)
    assert due(start, limit, calendar, hours).at <= due(start + wait, limit, calendar, hours).at
