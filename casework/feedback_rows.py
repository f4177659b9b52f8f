"""Reading the rows of the limit files of feedback: each complaint names the file, the line and the column."""

from collections.abc import Iterable, Iterator, Mapping
from csv import DictReader
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import cast

from casework.counting import UNITS, Limit, Style, Unit
from casework.errors import InvalidField


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file that people call `title`; blank where a column is missing."""

    title: str
    line: int
    fields: Mapping[str, str]

    def text(self, name: str) -> str:
        return self.fields.get(name, "")

    def known(self, name: str, words: Iterable[str]) -> str:
        """The value of a column that must be one of `words`."""
        value = self.text(name)
        if value not in words:
            raise self.invalid(name, "unknown_value", f"{name} “{value}” không có trong danh mục")
        return value

    def limit(self, style: Style = "date") -> Limit | None:
        """The limit of the columns `amount`, `unit` and `source`; null where the amount is blank."""
        text = self.text("amount")
        if not text:
            return None
        unit = cast("Unit", self.known("unit", UNITS))
        try:
            amount = Decimal(text)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or amount < 0:
            raise self.invalid("amount", "bad_amount", f"thời hạn “{text}” phải là số không âm")
        return Limit(amount, unit, self.text("source"), style)

    def day(self, name: str, default: date) -> date:
        """The date of a column, `default` where it is blank."""
        text = self.text(name)
        try:
            return date.fromisoformat(text) if text else default
        except ValueError:
            raise self.invalid(name, "impossible_date", f"ngày “{text}” phải viết dạng 2026-07-01") from None

    def invalid(self, field: str, code: str, message: str) -> InvalidField:
        return InvalidField(field, code, f"{self.title}, dòng {self.line}: {message}.")


def read_rows(title: str, lines: Iterable[str]) -> Iterator[Row]:
    """The rows of a file of CSV with a head line, without blanks around the values."""
    reader = DictReader(lines)
    for fields in reader:
        yield Row(title, reader.line_num, {name: (value or "").strip() for name, value in fields.items() if name})
