"""Compares the working calendar with the package `holidays`, which guesses from the law what notices decide."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Protocol

from casework.calendar import Calendar
from casework.wording import weekday_words


class Other(Protocol):
    """What is asked of another calendar: `holidays.VN` has it."""

    def is_working_day(self, key: date) -> bool:
        """Whether that calendar lets offices work."""

    def get(self, key: date) -> str | None:
        """The name of a day off."""


def package_calendar(years: Iterable[int]) -> Other:
    """The days of Vietnam that the package knows, with their Vietnamese names."""
    from holidays import country_holidays  # noqa: PLC0415 - takes a while, and only this comparison needs it

    found: Other = country_holidays("VN", years=years, language="vi")
    return found


def differences(calendar: Calendar, other: Other) -> Iterator[str]:
    """A line for each day, in the years of the calendar's rows, that only one of the two lets offices work on."""
    for day in _days(calendar):
        works = calendar.is_working(day)
        if works != other.is_working_day(day):
            yield f"Khác gói holidays: {weekday_words(day)} {_theirs(day, other, works=works)}, {_ours(day, calendar)}."


def years_of(calendar: Calendar) -> range:
    """From the first year that has a row to the last that has a counted one."""
    return range(min((row.date.year for row in calendar.rows()), default=1), calendar.last_year + 1)


def _days(calendar: Calendar) -> Iterator[date]:
    years = years_of(calendar)
    if not years:
        return
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def _theirs(day: date, other: Other, *, works: bool) -> str:
    if works and day.weekday() < 5:
        return f"gói nghỉ ({other.get(day) or 'ngày nghỉ'})"
    if works:
        return "gói không biết ngày làm bù"
    return "gói làm việc" if day.weekday() < 5 else "gói làm bù"


def _ours(day: date, calendar: Calendar) -> str:
    row, doubt = calendar.row(day), calendar.doubtful(day)
    what = "lịch này làm việc" if calendar.is_working(day) else "lịch này nghỉ"
    if row is not None:
        return f"{what}: {row.name} ({row.source})"
    if doubt is not None:
        return f"{what}: {doubt.name}; dòng này không tính"
    return f"{what}: không có dòng nào cho ngày này"
