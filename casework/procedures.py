"""Administrative procedures and the time limits that they promise."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from casework.counting import Limit, Style, Unit
from casework.errors import InvalidField

UNITS: dict[str, Unit] = {
    "working": "working_days",
    "calendar_as_labelled": "calendar_days",
    "hours": "hours",
    "months": "months",
}


AgencyLimits = Mapping[tuple[str, str], Limit]


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure; `limit` is null where none was published, and then gives no due date.

    `committed` is the shorter limit that the province promised, null where it promised none.
    """

    code: str
    name: str
    field: str
    domain: str
    level: str
    limit: Limit | None
    committed: Limit | None = None

    def styled(self, style: Style) -> "Procedure":
        """The same procedure, its working days counted in `style`."""
        limit, committed = _styled(self.limit, style), _styled(self.committed, style)
        unchanged = limit is self.limit and committed is self.committed
        return self if unchanged else replace(self, limit=limit, committed=committed)

    def cut(self, percent: int) -> Limit | None:
        """The limit shortened by `percent`; what is left of a day counts as a whole one."""
        return None if self.limit is None else replace(self.limit, amount=self.limit.amount * (100 - percent) / 100)


def parse_procedures(lines: Iterable[str]) -> Mapping[str, Procedure]:
    """Procedures by code, of CSV lines with a header; rows without a code are left out.

    Raises InvalidField, naming the line, on a limit that is no positive number or has an unknown unit.
    """
    reader = csv.DictReader(lines)
    return {row["code"]: _procedure(row, reader.line_num) for row in reader if row["code"]}


def promised(procedures: Mapping[str, Procedure], lines: Iterable[str], percent: int) -> Mapping[str, Procedure]:
    """The procedures with their committed limits: those of CSV lines (`code,days,day_type,source`), else the cut.

    Raises InvalidField on a row whose procedure is unknown or whose limit cannot be used.
    """
    reader = csv.DictReader(lines)
    own = {row["code"]: _sourced(row, reader.line_num) for row in reader}
    if unknown := sorted(own.keys() - procedures.keys()):
        raise InvalidField("code", "unknown_procedure", f"committed.csv: không có thủ tục {', '.join(unknown)}.")
    cut = {code: procedure.cut(percent) for code, procedure in procedures.items()} if percent else {}
    limits = cut | own
    return {
        code: replace(procedure, committed=limits[code]) if code in limits else procedure
        for code, procedure in procedures.items()
    }


def parse_agency_limits(lines: Iterable[str], style: Style = "date") -> AgencyLimits:
    """Limits of single agencies in a procedure that passes through several (NĐ 61/2018 Art. 19.5-19.7).

    CSV lines `procedure,agency,days,day_type,source`. Raises InvalidField, naming the line, on a limit that is none.
    """
    reader = csv.DictReader(lines)
    found = {(row["procedure"], row["agency"]): _sourced(row, reader.line_num) for row in reader}
    return {key: _styled(limit, style) or limit for key, limit in found.items()}


def _styled(limit: Limit | None, style: Style) -> Limit | None:
    if limit is None or limit.unit != "working_days" or limit.style == style:
        return limit
    return replace(limit, style=style)


def _sourced(row: Mapping[str, str], line: int) -> Limit:
    return replace(_limit(row["days"], row["day_type"], line), source=row.get("source") or "")


def _procedure(row: Mapping[str, str], line: int) -> Procedure:
    limit = _limit(row["days"], row["day_type"], line) if row["days"] else None
    return Procedure(row["code"], row["name"], row["field"], row["domain"], row["level"], limit)


def _limit(days: str, day_type: str, line: int) -> Limit:
    try:
        amount = Decimal(days)
    except InvalidOperation:
        raise InvalidField("days", "not_a_number", f"Dòng {line}: thời hạn “{days}” không phải là số.") from None
    if not amount.is_finite() or amount < 0:
        raise InvalidField("days", "negative", f"Dòng {line}: thời hạn “{days}” phải từ 0 trở lên.")
    if day_type not in UNITS:
        raise InvalidField("day_type", "unknown_unit", f"Dòng {line}: không có đơn vị thời hạn “{day_type}”.")
    return Limit(amount, UNITS[day_type])
