"""Numbers that a province may set, and the reading of settings.toml."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, cast

from casework.counting import OFFICE_HOURS, STYLES, OfficeHours, Style
from casework.errors import InvalidField


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Numbers that a province may set; the defaults are those of NĐ 61/2018, NĐ 118/2025 and of common practice.

    `supplement_days`: working days after receipt in which the first request for a supplement may come (Art. 19.4);
    `supplement_days_of`: the same for single procedures. `apology_days`: days before the due date by which the apology
    must have been made (Art. 19.9; 0 where the local rule says at expiry). `due_soon_days`: working days before the
    due date of a dossier; `feedback_due_soon_days`: of a stage of feedback. `alert_time`: Vietnam time of day.
    `intake_hours`: working hours in which an online dossier is taken in or sent back; `closing_days`: working days
    after which a dossier whose supplement did not come is closed (both NĐ 118/2025). `committed_cut`: percent by which
    the province promises to be quicker than the law; `feedback_profile`: whose limits for incidents are used;
    `recurrence_days`: days in which the same thing at the same place counts as come back; `province`: whose communes a
    place named without a province is looked for in. `hours_of`: office hours of single agencies.
    """

    supplement_days: int = 3
    supplement_days_of: tuple[tuple[str, int], ...] = ()
    apology_days: int = 1
    due_soon_days: int = 3
    feedback_due_soon_days: int = 1
    alert_time: time = time(7)
    style: Style = "date"
    hours: OfficeHours = OFFICE_HOURS
    hours_of: tuple[tuple[str, OfficeHours], ...] = ()
    intake_hours: int = 8
    closing_days: int = 15
    committed_cut: int = 0
    feedback_profile: str = ""
    recurrence_days: int = 30
    province: str = ""


def parse_settings(text: str) -> Settings:
    """Settings of the text of settings.toml; what it leaves out keeps its default.

    Raises InvalidField naming the setting that is unknown or cannot be used.
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidField("settings", "bad_toml", f"settings.toml không đúng cú pháp TOML: {error}.") from None
    hours = found.pop("office_hours", {})
    values = {name: _value(name, value) for name, value in found.items()}
    own = {name: _hours(f"office_hours.{name}", spans) for name, spans in _table("office_hours", hours).items()}
    default = own.pop("default", OFFICE_HOURS)
    return Settings(**values, hours=default, hours_of=tuple(sorted(own.items(), key=lambda pair: pair[0])))


def _value(name: str, value: object) -> Any:
    if name not in _READERS:
        known = ", ".join([*_READERS, "office_hours"])
        raise InvalidField(name, "unknown_setting", f"settings.toml: không có mục “{name}”; các mục có: {known}.")
    return _READERS[name](name, value)


def _refused(name: str, code: str, wanted: str) -> InvalidField:
    return InvalidField(name, code, f"settings.toml: {name} {wanted}.")


def _whole(name: str, value: object, most: int = 366) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise _refused(name, "bad_number", f"phải là số nguyên từ 0 đến {most}{_quoted(value)}")
    return value


def _clock(name: str, value: object) -> time:
    try:
        clock = value if isinstance(value, time) else time.fromisoformat(str(value).strip())
    except ValueError:
        clock = None
    if clock is None or clock.tzinfo is not None:
        raise _refused(name, "bad_time", 'phải là giờ Việt Nam dạng "07:00"')
    return clock


def _style(name: str, value: object) -> Style:
    if value not in STYLES:
        raise _refused(name, "unknown_style", f"phải là một trong: {', '.join(STYLES)}")
    return cast("Style", value)


def _word(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _refused(name, "bad_type", "phải là chữ trong ngoặc kép")
    return value


def _table(name: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _refused(name, "bad_type", f"phải là một bảng, mở đầu bằng dòng [{name}]")
    return value


def _days_of(name: str, value: object) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((code, _whole(f"{name}.{code}", days)) for code, days in _table(name, value).items()))


def _hours(name: str, spans: object) -> OfficeHours:
    """`["07:00-11:30", "13:30-17:00"]`."""
    if not isinstance(spans, list) or not all(isinstance(span, str) and "-" in span for span in spans):
        raise _refused(name, "bad_type", f'phải ghi dạng ["07:00-11:30", "13:30-17:00"]{_quoted(spans)}')
    edges = [span.partition("-") for span in spans]
    try:
        return OfficeHours(tuple((_clock(name, start), _clock(name, end)) for start, _, end in edges))
    except InvalidField as error:
        if error.code != "bad_spans":
            raise
        raise _refused(name, error.code, "phải gồm các khoảng nối tiếp, không chồng nhau") from None


def _quoted(value: object) -> str:
    """TOML reads a code with a dot that is not quoted as a table within a table."""
    return "; mã có dấu chấm phải đặt trong ngoặc kép" if isinstance(value, dict) else ""


_READERS: Mapping[str, Callable[[str, object], Any]] = {
    "supplement_days": _whole,
    "supplement_days_of": _days_of,
    "apology_days": _whole,
    "due_soon_days": _whole,
    "feedback_due_soon_days": _whole,
    "alert_time": _clock,
    "style": _style,
    "intake_hours": _whole,
    "closing_days": _whole,
    "committed_cut": lambda name, value: _whole(name, value, 90),
    "feedback_profile": _word,
    "recurrence_days": _whole,
    "province": _word,
}
