"""Dates, moments and runs of days in the words of a Vietnamese reader."""

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal

from casework.calendar import VIETNAM
from casework.labels import CAUSES, UNITS

MICROSECONDS_AN_HOUR = 3_600_000_000
MICROSECONDS_A_MINUTE = 60_000_000
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def day_words(day: date) -> str:
    """14/9/2026."""
    return f"{day.day}/{day.month}/{day.year}"


def weekday_words(day: date) -> str:
    """thứ Hai 14/9/2026."""
    return f"{WEEKDAYS[day.weekday()]} {day_words(day)}"


def moment_words(moment: datetime) -> str:
    """15:30 thứ Hai 14/9/2026, in Vietnam time."""
    local = moment.astimezone(VIETNAM)
    return f"{local:%H:%M} {weekday_words(local.date())}"


def due_words(due_at: datetime) -> str:
    """thứ Hai 14/9/2026 where something is due with the end of that day, else its moment."""
    local = due_at.astimezone(VIETNAM)
    return weekday_words(local.date()) if local.time() == time(23, 59, 59) else moment_words(due_at)


def amount_words(amount: Decimal) -> str:
    """7 or 0,5: no trailing zeros, a comma as the decimal mark."""
    text = f"{amount:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def limit_words(amount: Decimal, unit: str) -> str:
    """7 ngày làm việc; of less than an hour whole minutes, where the amount means them to the microsecond: 5 phút."""
    parts = (amount * MICROSECONDS_AN_HOUR).to_integral_value(ROUND_CEILING)
    if unit == "hours" and 0 < amount < 1 and parts % MICROSECONDS_A_MINUTE == 0:
        return f"{parts // MICROSECONDS_A_MINUTE} phút"
    return f"{amount_words(amount)} {UNITS[unit]}"


def spoken(name: str) -> str:
    """A name as it is compared: whatever its capitals, its blanks and the coding of its letters."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def cause_words(parts: str) -> str:
    """`lịch làm việc, thông số của tỉnh`, of the parts of the rules that changed (`Rules.cause_since`)."""
    return ", ".join(CAUSES[part] for part in parts.split(","))


def runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Consecutive days, given in order, as first and last."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def run_words(first: date, last: date) -> str:
    """2/9, 5-6/9 or 31/10-1/11."""
    end = f"{last.day}/{last.month}"
    if first == last:
        return end
    return f"{first.day}-{end}" if first.month == last.month else f"{first.day}/{first.month}-{end}"
