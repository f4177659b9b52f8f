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


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure; `limit` is null where none was published, and then gives no due date."""

    code: str
    name: str
    field: str
    domain: str
    level: str
    limit: Limit | None

    def styled(self, style: Style) -> "Procedure":
        """The same procedure, its working days counted in `style`."""
        if self.limit is None or self.limit.unit != "working_days" or self.limit.style == style:
            return self
        return replace(self, limit=replace(self.limit, style=style))


def parse_procedures(lines: Iterable[str]) -> Mapping[str, Procedure]:
    """Procedures by code, of CSV lines with a header; rows without a code are left out.

    Raises InvalidField, naming the line, on a limit that is no positive number or has an unknown unit.
    """
    reader = csv.DictReader(lines)
    return {row["code"]: _procedure(row, reader.line_num) for row in reader if row["code"]}


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
