"""Time limits of feedback as data: the most specific row that fits a case and was in force wins."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import cast

from casework.counting import UNITS, Limit, Unit
from casework.errors import InvalidField
from casework.labels import DOMAINS, KINDS, LANES, URGENCIES

STAGES = ("accept", "answer", "publish")
INFO_REQUEST = "info_request"
STARTS = ("received", "transferred", "answered", "lane_confirmed")
_KEYS: Mapping[str, Iterable[str]] = {"lane": LANES, "kind": KINDS, "urgency": URGENCIES, "domain": DOMAINS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What chooses the limits of a piece of feedback."""

    lane: str | None = None
    kind: str | None = None
    urgency: str | None = None
    domain: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackLimit:
    """One row: blank keys fit everything; a row without an amount says that the stage has no limit.

    `start` is the event from which the limit runs: `received`, `transferred` (receipt or the last transfer),
    `answered` or `lane_confirmed`.
    """

    keys: tuple[str, str, str, str]
    stage: str
    limit: Limit | None
    start: str
    valid_from: date
    valid_to: date

    def fits(self, profile: Profile, on: date) -> bool:
        """Whether the row speaks of such a case, received on that day."""
        values = (profile.lane, profile.kind, profile.urgency, profile.domain)
        return self.valid_from <= on <= self.valid_to and all(
            key in {"", value} for key, value in zip(self.keys, values, strict=True)
        )

    @property
    def rank(self) -> tuple[int, tuple[bool, ...], date]:
        """More keys first; of equally many those of the earlier column, then the later law."""
        named = tuple(map(bool, self.keys))
        return sum(named), named, self.valid_from


class FeedbackLimits:
    """All rows; immutable."""

    def __init__(self, rows: Iterable[FeedbackLimit]) -> None:
        self._by_stage: dict[str, list[FeedbackLimit]] = {}
        for row in sorted(rows, key=lambda row: row.rank, reverse=True):
            self._by_stage.setdefault(row.stage, []).append(row)

    def find(self, stage: str, profile: Profile, on: date) -> FeedbackLimit | None:
        """The row for a stage of a case received on `on`; null where the stage has no limit."""
        row = next((row for row in self._by_stage.get(stage, ()) if row.fits(profile, on)), None)
        return row if row and row.limit else None


def parse_limits(lines: Iterable[str]) -> FeedbackLimits:
    """Limits in lines of CSV: `lane,kind,urgency,domain,stage,amount,unit,start,source,valid_from,valid_to`.

    Raises InvalidField naming the line of a row that cannot be used.
    """
    reader = csv.DictReader(lines)
    rows = [_row({name: (value or "").strip() for name, value in row.items() if name}, reader) for row in reader]
    return FeedbackLimits(rows)


def _row(fields: Mapping[str, str], reader: "csv.DictReader[str]") -> FeedbackLimit:
    line = reader.line_num
    for name, known in _KEYS.items():
        _check(name, fields, ("", *known), line)
    _check("stage", fields, (*STAGES, INFO_REQUEST), line)
    limit = _limit(fields, line)
    if limit:
        _check("start", fields, STARTS, line)
    lane, kind, urgency, domain = (fields.get(name, "") for name in _KEYS)
    return FeedbackLimit(
        keys=(lane, kind, urgency, domain),
        stage=fields["stage"],
        limit=limit,
        start=fields.get("start", ""),
        valid_from=_date("valid_from", fields, date.min, line),
        valid_to=_date("valid_to", fields, date.max, line),
    )


def _limit(fields: Mapping[str, str], line: int) -> Limit | None:
    text = fields.get("amount", "")
    if not text:
        return None
    _check("unit", fields, UNITS, line)
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise _invalid("amount", "bad_amount", line, f"thời hạn “{text}” phải là số không âm")
    return Limit(amount, cast(Unit, fields["unit"]), fields.get("source", ""))


def _check(name: str, fields: Mapping[str, str], known: Iterable[str], line: int) -> None:
    value = fields.get(name, "")
    if value not in known:
        raise _invalid(name, "unknown_value", line, f"{name} “{value}” không có trong danh mục")


def _date(name: str, fields: Mapping[str, str], default: date, line: int) -> date:
    text = fields.get(name)
    try:
        return date.fromisoformat(text) if text else default
    except ValueError:
        raise _invalid(name, "impossible_date", line, f"ngày “{text}” phải viết dạng 2026-07-01") from None


def _invalid(field: str, code: str, line: int, message: str) -> InvalidField:
    return InvalidField(field, code, f"Thời hạn phản ánh, dòng {line}: {message}.")
