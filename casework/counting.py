"""Counting of time limits (Bộ luật Dân sự 2015, Điều 147-148): five units, by date or by moment."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Literal, get_args

from casework import explaining
from casework.calendar import VIETNAM, Calendar
from casework.errors import InvalidField

Unit = Literal["working_days", "calendar_days", "months", "hours", "working_hours"]
Style = Literal["date", "moment"]
UNITS: tuple[str, ...] = get_args(Unit)
STYLES: tuple[str, ...] = get_args(Style)
LAST_SECOND = time(23, 59, 59)
HOURS_A_DAY = 8
MOST = 40_000
_YEARS = range(1900, 3000)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The spans of a working day in which working hours count, in order and apart."""

    spans: tuple[tuple[time, time], ...] = ((time(7), time(11, 30)), (time(13, 30), time(17)))

    def __post_init__(self) -> None:
        edges = [edge for span in self.spans for edge in span]
        if not edges or any(a >= b for a, b in pairwise(edges)):
            raise InvalidField("hours", "bad_spans", "Giờ làm việc phải gồm các khoảng nối tiếp, không chồng nhau.")

    @property
    def length(self) -> timedelta:
        """Working time of a day."""
        return sum((_since_midnight(end) - _since_midnight(start) for start, end in self.spans), timedelta())

    def passed(self, clock: time) -> timedelta:
        """Working time of a day that lies before `clock`."""
        at = _since_midnight(clock)
        parts = (min(at, _since_midnight(end)) - _since_midnight(start) for start, end in self.spans)
        return sum((part for part in parts if part > timedelta()), timedelta())

    def after(self, worked: timedelta) -> timedelta:
        """The first moment of a day, since midnight, when `worked` has passed."""
        for start, end in self.spans:
            length = _since_midnight(end) - _since_midnight(start)
            if worked <= length:
                return _since_midnight(start) + worked
            worked -= length
        raise ValueError("more work than a day holds")


OFFICE_HOURS = OfficeHours()


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: an amount of a unit, and the law that sets it."""

    amount: Decimal
    unit: Unit
    source: str = ""
    style: Style = "date"

    @property
    def by_moment(self) -> bool:
        """Whether the limit ends at a moment; else it ends with a day."""
        return self.unit == "hours" or self.in_office_hours

    @property
    def in_office_hours(self) -> bool:
        """Whether only office hours count."""
        return self.unit == "working_hours" or (self.unit == "working_days" and self.style == "moment")


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a limit ends, in Vietnam time: at a moment, or with the last second of a day."""

    at: datetime
    by_moment: bool

    @property
    def date(self) -> date:
        """The day of the deadline in Vietnam."""
        return self.at.astimezone(VIETNAM).date()


def end_of(day: date) -> datetime:
    """The last second of a day in Vietnam."""
    return datetime.combine(day, LAST_SECOND, VIETNAM)


def due(start: datetime, limit: Limit, calendar: Calendar, hours: OfficeHours = OFFICE_HOURS) -> Deadline:
    """The deadline of a limit that starts at `start`, an aware moment.

    The first day is excluded; the end is that of the last day, rolled to a working day; hours run from the moment.
    Raises InvalidField for an amount that is negative, not a number or beyond all limits, and for a start without
    an offset or outside the years 1900-2999.
    """
    _check(start, limit)
    local = start.astimezone(VIETNAM)
    if limit.unit == "hours":
        return Deadline(local + _exact_hours(limit.amount), by_moment=True)
    if limit.by_moment:
        amount = limit.amount * (1 if limit.unit == "working_hours" else HOURS_A_DAY)
        begin = first_office_moment(local, calendar, hours)
        return Deadline(_add_working_hours(begin, _exact_hours(amount), calendar, hours), by_moment=True)
    return Deadline(end_of(calendar.next_working(_last_day(local.date(), limit, calendar))), by_moment=False)


def _check(start: datetime, limit: Limit) -> None:
    if not limit.amount.is_finite():
        raise InvalidField("amount", "not_a_number", "Thời hạn phải là một số.")
    if limit.amount < 0:
        raise InvalidField("amount", "negative", "Thời hạn không được là số âm.")
    if limit.amount > MOST:
        raise InvalidField("amount", "too_large", f"Thời hạn không được lớn hơn {MOST}.")
    if limit.unit not in UNITS:
        raise InvalidField("unit", "unknown_unit", f"Đơn vị thời hạn phải là một trong: {', '.join(UNITS)}.")
    if limit.style not in STYLES:
        raise InvalidField("style", "unknown_style", f"Cách tính phải là một trong: {', '.join(STYLES)}.")
    if start.tzinfo is None or start.year not in _YEARS:
        raise InvalidField("start", "impossible_start", "Thời điểm bắt đầu phải có múi giờ và trong năm 1900-2999.")


def _last_day(first: date, limit: Limit, calendar: Calendar) -> date:
    """The last day of a limit in days or months, before it is rolled."""
    if limit.unit == "months":
        months = int(limit.amount)
        # A month that is not whole counts as 30 days, half a month as 15 (Bộ luật Dân sự 2015, Điều 146).
        return _add_months(first, months) + timedelta(days=_whole((limit.amount - months) * 30))
    days = _whole(limit.amount)
    return first + timedelta(days=days) if limit.unit == "calendar_days" else calendar.add_working(first, days)


def _add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day where it has no such day (Điều 148.3)."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def first_office_moment(start: datetime, calendar: Calendar, hours: OfficeHours = OFFICE_HOURS) -> datetime:
    """`start` itself within office hours, else the next opening: from here working hours run."""
    local = start.astimezone(VIETNAM)
    day = calendar.next_working(local.date())
    since = local.time() if day == local.date() else time()
    opened = next((max(since, opens) for opens, closes in hours.spans if since < closes), None)
    if opened is None:
        day, opened = calendar.add_working(day, 1), hours.spans[0][0]
    return datetime.combine(day, opened, VIETNAM)


def _add_working_hours(begin: datetime, amount: timedelta, calendar: Calendar, hours: OfficeHours) -> datetime:
    """`begin` lies in office hours. Work that fills a day ends at closing time, not at the next opening."""
    if not amount:
        return begin
    days, rest = divmod(hours.passed(begin.time()) + amount, hours.length)
    if not rest:
        days, rest = days - 1, hours.length
    return datetime.combine(calendar.add_working(begin.date(), days), time(), VIETNAM) + hours.after(rest)


def _whole(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_CEILING))


def _exact_hours(amount: Decimal) -> timedelta:
    return timedelta(microseconds=_whole(amount * 3_600_000_000))


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)


def explain(
    start: datetime,
    limit: Limit,
    calendar: Calendar,
    hours: OfficeHours = OFFICE_HOURS,
    *,
    whose: str = "",
    begun: str = "Nhận",
) -> list[str]:
    """Lines in Vietnamese that say why the deadline is what it is, each day off with its legal source.

    `whose` names the agency that `hours` are those of, `begun` what happened at the start, as a verb.
    """
    deadline = due(start, limit, calendar, hours)
    local = start.astimezone(VIETNAM)
    return explaining.lines(
        explaining.Count(
            start=local,
            limit=limit,
            deadline=deadline,
            opened=first_office_moment(local, calendar, hours) if limit.in_office_hours else local,
            unrolled=deadline.date if limit.by_moment else _last_day(local.date(), limit, calendar),
            calendar=calendar,
            begun=begun,
            own_hours=hours if limit.in_office_hours and hours != OFFICE_HOURS else None,
            whose=whose,
        )
    )
