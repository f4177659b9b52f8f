"""Why a deadline is what it is, in lines of Vietnamese that name each day off with its legal source."""

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from casework.calendar import VIETNAM, Calendar, CalendarRow
from casework.labels import UNITS
from casework.wording import amount_words, day_words, moment_words, run_words, runs, weekday_words

if TYPE_CHECKING:
    from casework.counting import Deadline, Limit

CIVIL_CODE = "Bộ luật Dân sự 2015, Điều 147, 148"
MOST_WEEKENDS = 12


def lines(start: datetime, limit: "Limit", deadline: "Deadline", unrolled: date, calendar: Calendar) -> list[str]:
    """The deadline and what was left out, then the rows that changed it, then what is not certain and the law.

    `unrolled` is the last day before it was rolled to a working day.
    """
    judged = _judged(start, limit, deadline, unrolled)
    off = [day for day in judged if not calendar.is_working(day)]
    rows = [row for day in judged if (row := calendar.row(day))]
    return [
        "; ".join([_headline(start, limit, deadline), *_left_out(off, calendar)]),
        *(_row_words(row) for row in rows if row.works or not row.counted),
        *_uncertain(deadline, calendar),
        *_law(limit),
    ]


def _row_words(row: CalendarRow) -> str:
    if row.counted:
        return f"Tính là ngày làm việc: {day_words(row.date)} {row.name} ({row.source})"
    return f"Chưa tính {day_words(row.date)} {row.name}: chưa có căn cứ pháp lý"


def _headline(start: datetime, limit: "Limit", deadline: "Deadline") -> str:
    amount = f"{amount_words(limit.amount)} {UNITS[limit.unit]}"
    if deadline.by_moment:
        return f"Hạn {moment_words(deadline.at)}: {amount} từ {moment_words(start)}"
    return f"Hạn {weekday_words(deadline.date)}: {amount} từ {day_words(start.astimezone(VIETNAM).date())}"


def _judged(start: datetime, limit: "Limit", deadline: "Deadline", unrolled: date) -> list[date]:
    """The days that were asked whether offices work: all on the way, or those that the end was rolled over."""
    if limit.unit == "hours":
        return []
    first = unrolled
    if limit.unit in {"working_days", "working_hours"}:
        first_counts = limit.by_moment or limit.amount == 0
        first = start.astimezone(VIETNAM).date() + timedelta(days=0 if first_counts else 1)
    return [first + timedelta(days=n) for n in range((deadline.date - first).days + 1)]


def _left_out(off: list[date], calendar: Calendar) -> list[str]:
    weekends = [day for day in off if not _reason(day, calendar)]
    named = groupby((day for day in off if _reason(day, calendar)), key=lambda day: _reason(day, calendar))
    words = [*_weekend_words(weekends), *(f"{_days(list(days))} {reason}" for reason, days in named)]
    return [f"không tính {words[0]}", *words[1:]] if words else []


def _reason(day: date, calendar: Calendar) -> str:
    row = calendar.row(day)
    return f"{row.name} ({row.source})" if row and row.counted else ""


def _weekend_words(days: list[date]) -> list[str]:
    if not days:
        return []
    many = len(days) > MOST_WEEKENDS
    return [f"{len(days)} ngày cuối tuần" if many else f"{_days(days)} cuối tuần"]


def _days(days: list[date]) -> str:
    return ", ".join(run_words(*run) for run in runs(days))


def _uncertain(deadline: "Deadline", calendar: Calendar) -> list[str]:
    if deadline.date.year <= calendar.last_year:
        return []
    return [f"Lịch nghỉ mới có đến hết năm {calendar.last_year}: ngày nghỉ lễ sau đó chưa được tính"]


def _law(limit: "Limit") -> list[str]:
    rule = "tính từ thời điểm bắt đầu" if limit.by_moment else "không tính ngày đầu tiên, hạn là hết ngày cuối cùng"
    return [f"Cách tính: {rule} ({CIVIL_CODE})", *([f"Thời hạn theo: {limit.source}"] if limit.source else [])]
