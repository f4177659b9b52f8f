"""Readers of single fields: text, moment, number; each says what is wrong in the user's language."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, time
from typing import Any, TypeVar

from casework.calendar import VIETNAM
from casework.errors import InvalidField
from streams.codec.errors import InvalidInput

Value = TypeVar("Value")
FIRST_YEAR, LAST_YEAR = 1950, 2200
END_OF_DAY = time(23, 59, 59)
_COMPACT = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_VIETNAMESE = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$")


def moment(field: str, value: object, *, day_means: time = time.min) -> datetime:
    """A moment in any accepted spelling: RFC 3339, `yyyyMMdd[HHmm[ss]]`, `d/m/yyyy [h:mm[:ss]]`.

    Without an offset it is Vietnam time; `day_means` is the time of a bare date.
    """
    text = value.isoformat() if isinstance(value, datetime) else str(value).strip()
    try:
        found, has_time = _read(text)
    except ValueError:
        message = "không phải ngày giờ có thật; ghi dạng 2026-09-14T08:30:00+07:00 hoặc 20260914083000"
        raise InvalidField(field, "bad_date", message) from None
    if not has_time:
        found = datetime.combine(found.date(), day_means)
    found = found if found.tzinfo else found.replace(tzinfo=VIETNAM)
    if not is_usable(found):
        raise InvalidField(field, "bad_date", f"năm phải từ {FIRST_YEAR} đến {LAST_YEAR}")
    return found


def _read(text: str) -> tuple[datetime, bool]:
    if text.isascii() and text.isdigit():
        if len(text) not in _COMPACT:
            raise ValueError(text)
        return datetime.strptime(text, _COMPACT[len(text)]), len(text) > 8  # noqa: DTZ007 - Vietnam time is set by the caller
    if match := _VIETNAMESE.match(text):
        day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
        return datetime(year, month, day, hour, minute, second), match[4] is not None  # noqa: DTZ001 - likewise
    return datetime.fromisoformat(text), len(text) > 10


def rfc3339(at: datetime) -> str:
    """How moments are written: with an offset, never without."""
    return at.isoformat()


def is_usable(at: datetime) -> bool:
    """True for a moment with an offset in a year that calendars and clocks can count with."""
    return at.tzinfo is not None and FIRST_YEAR <= at.year <= LAST_YEAR


def utc_of_millis(millis: int) -> datetime:
    """A Kafka timestamp (milliseconds since 1970) as a moment."""
    return datetime.fromtimestamp(millis / 1000, UTC)


def word(field: str, value: object, longest: int) -> str:
    """A short string without control characters."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise InvalidField(field, "bad_type", "phải là chuỗi ký tự")
    text = str(value).strip()
    if not text or len(text) > longest or not text.isprintable():
        raise InvalidField(field, "bad_value", f"phải có từ 1 đến {longest} ký tự in được, không xuống dòng")
    return text


def one_of(field: str, value: object, allowed: Collection[str]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise InvalidField(field, "bad_value", f"phải là một trong: {', '.join(allowed)}")
    return value


def number(field: str, value: object, low: float, high: float) -> float:
    """A finite number within bounds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124 - NaN
        raise InvalidField(field, "bad_type", "phải là số")
    if not low <= value <= high:
        raise InvalidField(field, "bad_value", f"phải nằm trong khoảng {low:g} đến {high:g}")
    return float(value)


class Reader:
    """Reads fields of one object and gathers what is wrong, so that the user learns all of it at once."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.errors: list[InvalidField] = []

    def optional(self, field: str, read: Callable[[str, Any], Value]) -> Value | None:
        value = self.data.get(field)
        if value is None or value == "":
            return None
        return self.attempt(lambda: read(field, value))

    def attempt(self, read: Callable[[], Value]) -> Value | None:
        """What `read` returns, or None with the error kept."""
        try:
            return read()
        except InvalidField as error:
            self.errors.append(error)
            return None

    def required(self, field: str, read: Callable[[str, Any], Value]) -> Value | None:
        if self.data.get(field) in (None, ""):
            self.errors.append(InvalidField(field, "missing", f"thiếu trường bắt buộc “{field}”"))
            return None
        return self.optional(field, read)

    def finish(self) -> None:
        """Raises InvalidInput where anything was wrong."""
        if self.errors:
            raise InvalidInput(self.errors)
