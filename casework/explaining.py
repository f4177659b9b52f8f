"""Why a deadline is what it is, in lines of Vietnamese that name each day off with its legal source."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING
from itertools import groupby
from typing import TYPE_CHECKING

from casework.calendar import Calendar, CalendarRow
from casework.wording import amount_words, day_words, limit_words, moment_words, run_words, runs, weekday_words

if TYPE_CHECKING:
    from casework.counting import Deadline, Limit, OfficeHours

CIVIL_CODE = "Bộ luật Dân sự 2015"
MOST_WEEKENDS = 12
A_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A limit as it was counted: all that the words need.

    `start` is in Vietnam time; `opened` is where the time began to run, later than `start` where that lay outside
    office hours; `unrolled` the last day before it was rolled to a working day; `begun` the verb of what happened at
    the start; `own_hours` the office hours used where they are not the usual ones, of `whose` office.
    """

    start: datetime
    limit: "Limit"
    deadline: "Deadline"
    opened: datetime
    unrolled: date
    calendar: Calendar
    begun: str
    own_hours: "OfficeHours | None"
    whose: str


def lines(count: Count) -> list[str]:
    """The deadline and what was left out, how start and end were set, the rows that count otherwise, the law."""
    judged = _judged(count)
    off = [day for day in judged if not count.calendar.is_working(day)]
    return [
        "; ".join([_headline(count), *_left_out(off, count)]),
        *_start(count),
        *_end(count),
        *_own_hours(count),
        *(_made_up(row) for day in judged if (row := count.calendar.row(day)) and row.works),
        *(_doubtful(row) for day in judged if (row := count.calendar.doubtful(day))),
        *_uncertain(count),
        *_law(count.limit),
    ]


def _headline(count: Count) -> str:
    amount = limit_words(count.limit.amount, count.limit.unit)
    if count.deadline.by_moment:
        return f"Hạn {moment_words(count.deadline.at)}: {amount} từ {moment_words(count.start)}"
    return f"Hạn {weekday_words(count.deadline.date)}: {amount} từ {day_words(count.start.date())}"


def _judged(count: Count) -> list[date]:
    """The days that were asked whether offices work: all on the way, or those that the end was rolled over."""
    limit, first = count.limit, count.unrolled
    if limit.unit == "hours":
        return []
    if limit.unit in {"working_days", "working_hours"}:
        first_counts = limit.by_moment or limit.amount == 0
        first = count.start.date() + timedelta(days=0 if first_counts else 1)
    return [first + timedelta(days=n) for n in range((count.deadline.date - first).days + 1)]


def _left_out(off: list[date], count: Count) -> list[str]:
    dated = count.deadline.at - count.start > A_YEAR
    weekends = [day for day in off if not count.calendar.row(day)]
    named = groupby(
        (row for day in off if (row := count.calendar.row(day))), key=lambda row: f"{row.name} ({_source(row)})"
    )
    words = [
        *_weekend_words(weekends, dated=dated),
        *(f"{_days([row.date for row in rows], dated=dated)} {reason}" for reason, rows in named),
    ]
    return [f"không tính {words[0]}", *words[1:]] if words else []


def _weekend_words(days: list[date], *, dated: bool) -> list[str]:
    if not days:
        return []
    many = len(days) > MOST_WEEKENDS
    return [f"{len(days)} ngày cuối tuần" if many else f"{_days(days, dated=dated)} cuối tuần"]


def _days(days: list[date], *, dated: bool) -> str:
    return ", ".join(run_words(*run) + (f"/{run[1].year}" if dated else "") for run in runs(days))


def _source(row: CalendarRow) -> str:
    return f"lịch riêng của đơn vị: {row.source}" if row.agency else row.source


def _start(count: Count) -> Iterator[str]:
    """What became of a start outside working time."""
    first = count.start.date()
    if count.opened != count.start:
        at = _why_off(first, count.calendar) or "ngoài giờ làm việc"
        yield f"{count.begun} lúc {moment_words(count.start)}, {at}: tính từ {moment_words(count.opened)}"
    elif not count.limit.by_moment and count.limit.amount and (off := _why_off(first, count.calendar)):
        working = count.limit.unit == "working_days"
        counted = count.calendar.next_working(first) if working else first + timedelta(days=1)
        yield f"{count.begun} ngày {weekday_words(first)}, {off}: ngày đầu tiên được tính là {weekday_words(counted)}"


def _why_off(day: date, calendar: Calendar) -> str:
    """Empty for a working day."""
    if calendar.is_working(day):
        return ""
    row = calendar.row(day)
    return f"ngày nghỉ {row.name} ({_source(row)})" if row else "ngày cuối tuần"


def _end(count: Count) -> Iterator[str]:
    """What became of an end that no calendar has, or that offices do not work on."""
    limit, last = count.limit, count.unrolled
    if limit.by_moment:
        return
    yield from _rounded(limit)
    if limit.unit == "months" and limit.amount == int(limit.amount) and last.day < count.start.day:
        no_such = f"Tháng {last.month}/{last.year} không có ngày {count.start.day}"
        yield f"{no_such}: thời hạn kết thúc vào ngày cuối tháng, {day_words(last)} ({CIVIL_CODE}, Điều 148.3)"
    if last != count.deadline.date:
        off = f"Ngày cuối cùng {weekday_words(last)} là {_why_off(last, count.calendar)}"
        yield f"{off}: hạn chuyển sang ngày làm việc tiếp theo ({CIVIL_CODE}, Điều 148.5)"


def _rounded(limit: "Limit") -> Iterator[str]:
    part = limit.amount % 1
    if part and limit.unit == "months":
        days = (part * 30).to_integral_value(ROUND_CEILING)
        yield f"Phần lẻ {amount_words(part)} tháng tính là {days} ngày, mỗi tháng 30 ngày ({CIVIL_CODE}, Điều 146)"
    elif part:
        whole = limit.amount.to_integral_value(ROUND_CEILING)
        yield f"{amount_words(limit.amount)} ngày được làm tròn lên {whole} ngày"


def _own_hours(count: Count) -> Iterator[str]:
    if count.own_hours is not None:
        spans = ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in count.own_hours.spans)
        yield f"Giờ làm việc{f' của {count.whose}' if count.whose else ''}: {spans}"


def _made_up(row: CalendarRow) -> str:
    return f"Tính là ngày làm việc: {day_words(row.date)} {row.name} ({_source(row)})"


def _doubtful(row: CalendarRow) -> str:
    return f"Chưa tính {day_words(row.date)} {row.name}: {row.source or 'chưa có căn cứ pháp lý'}"


def _uncertain(count: Count) -> Iterator[str]:
    calendar = count.calendar
    if count.start.year < calendar.first_year:
        yield f"Lịch nghỉ chỉ có từ năm {calendar.first_year}: ngày nghỉ lễ trước đó chưa được tính"
    if count.deadline.date.year > calendar.last_year:
        yield f"Lịch nghỉ mới có đến hết năm {calendar.last_year}: ngày nghỉ lễ sau đó chưa được tính"


def _law(limit: "Limit") -> Iterator[str]:
    yield f"Cách tính: {_rule(limit)} ({CIVIL_CODE}, Điều 147, 148)"
    if limit.source:
        yield f"Thời hạn theo: {limit.source}"


def _rule(limit: "Limit") -> str:
    if limit.unit == "hours":
        return "liên tục từ thời điểm bắt đầu, cả ban đêm và ngày nghỉ"
    if limit.unit == "working_hours":
        return "trong giờ làm việc, từ thời điểm bắt đầu"
    if limit.by_moment:
        return "mỗi ngày làm việc là 8 giờ làm việc, từ thời điểm bắt đầu"
    if not limit.amount:
        return "hạn là hết ngày bắt đầu, nếu là ngày nghỉ thì hết ngày làm việc tiếp theo"
    first_and_last = "không tính ngày đầu tiên, hạn là hết ngày cuối cùng"
    return first_and_last if limit.unit == "working_days" else f"tính cả ngày nghỉ; {first_and_last}"
