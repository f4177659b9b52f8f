"""The working calendar: Monday to Friday, and the days that differ from it, each with its legal source."""

import csv
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta, timezone

from casework.errors import InvalidField

VIETNAM = timezone(timedelta(hours=7))
OFF_KINDS = frozenset({"holiday", "compensatory_off", "swapped_off", "local_closure"})
WORKING_KINDS = frozenset({"make_up_working", "local_working"})
_TABLE_YEARS = (1950, 2100)


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One day that differs from Monday-Friday. A row without a legal source is shown, not counted."""

    date: date
    kind: str
    name: str
    source: str
    counted: bool
    agency: str = ""

    @property
    def works(self) -> bool:
        """Whether the row makes its day a working day."""
        return self.kind in WORKING_KINDS


class Calendar:
    """Answers which days are working days; immutable, and quick enough to be asked for every event."""

    def __init__(self, rows: Iterable[CalendarRow]) -> None:
        everything = tuple(rows)
        self._rows = {row.date: row for row in everything if not row.agency}
        self._counted = {row.date.toordinal(): row.works for row in self._rows.values() if row.counted}
        self.last_year = max((day.year for day in self._rows), default=0)
        self._table = self._working_days()
        self._own = self._own_calendars(everything)

    def is_working(self, day: date) -> bool:
        """Whether offices work on `day`."""
        return self._works(day.toordinal())

    def row(self, day: date) -> CalendarRow | None:
        """The row of `day`, also one that is not counted."""
        return self._rows.get(day)

    def rows(self) -> tuple[CalendarRow, ...]:
        """All rows in order of date."""
        return tuple(self._rows[day] for day in sorted(self._rows))

    def for_agency(self, code: str | None) -> "Calendar":
        """The calendar of an agency that has rows of its own, else this one."""
        return self._own.get(code, self) if code else self

    def next_working(self, day: date) -> date:
        """`day` itself where it is a working day, else the next one (Bộ luật Dân sự 2015, Điều 148.5)."""
        return day if self.is_working(day) else self.add_working(day, 1)

    def add_working(self, day: date, n: int) -> date:
        """The n-th working day after `day`; before it where n is negative; `day` itself where n is 0."""
        if n == 0:
            return day
        table, ordinal = self._table, day.toordinal()
        place = (bisect_right(table, ordinal) + n - 1) if n > 0 else (bisect_left(table, ordinal) + n)
        if table[0] <= ordinal <= table[-1] and 0 <= place < len(table):
            return date.fromordinal(table[place])
        return self._walk(ordinal, n)

    def working_between(self, a: date, b: date) -> int:
        """Working days in (a, b]; negative where b is before a."""
        first, last = sorted((a.toordinal(), b.toordinal()))
        if self._table[0] <= first and last <= self._table[-1]:
            days = bisect_right(self._table, last) - bisect_right(self._table, first)
        else:
            days = sum(map(self._works, range(first + 1, last + 1)))
        return days if a <= b else -days

    def _works(self, ordinal: int) -> bool:
        # Ordinal 1 is a Monday, so Saturdays leave 6 and Sundays 0.
        return self._counted.get(ordinal, 0 < ordinal % 7 < 6)

    def _walk(self, ordinal: int, n: int) -> date:
        step, left = (1, n) if n > 0 else (-1, -n)
        while left:
            ordinal += step
            left -= self._works(ordinal)
        return date.fromordinal(ordinal)

    def _working_days(self) -> "array[int]":
        first, last = _TABLE_YEARS
        days = range(date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal() + 1)
        return array("l", filter(self._works, days))

    def _own_calendars(self, rows: tuple[CalendarRow, ...]) -> Mapping[str, "Calendar"]:
        return {agency: Calendar(_merged(rows, agency)) for agency in {row.agency for row in rows if row.agency}}


def parse_calendar(lines: Iterable[str]) -> Calendar:
    """The calendar in lines of CSV (`date,kind,name,source,counted`, optionally `agency`).

    Raises InvalidField naming the line of a row that cannot be read.
    """
    rows: dict[tuple[date, str], CalendarRow] = {}
    reader = csv.DictReader(lines)
    for fields in reader:
        row = _row(fields, reader.line_num)
        if (row.date, row.agency) in rows:
            raise InvalidField("date", "repeated", f"Lịch, dòng {reader.line_num}: ngày {row.date} đã có ở dòng trên.")
        rows[row.date, row.agency] = row
    return Calendar(rows.values())


def _row(fields: Mapping[str, str | None], line: int) -> CalendarRow:
    kind, source = fields.get("kind") or "", (fields.get("source") or "").strip()
    if kind not in OFF_KINDS | WORKING_KINDS:
        known = ", ".join(sorted(OFF_KINDS | WORKING_KINDS))
        raise InvalidField(
            "kind", "unknown_kind", f"Lịch, dòng {line}: loại “{kind}” không có; dùng một trong: {known}."
        )
    counted = fields.get("counted") == "yes" and bool(source)
    name, agency = fields.get("name") or "", (fields.get("agency") or "").strip()
    return CalendarRow(_date(fields.get("date"), line), kind, name, source, counted, agency)


def _date(text: str | None, line: int) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        message = f"Lịch, dòng {line}: ngày “{text}” phải viết dạng 2026-09-02."
        raise InvalidField("date", "impossible_date", message) from None


def _merged(rows: Iterable[CalendarRow], agency: str) -> Iterable[CalendarRow]:
    own = {row.date: row for row in rows if row.agency == agency}
    common = (row for row in rows if not row.agency and row.date not in own)
    return [*common, *(CalendarRow(r.date, r.kind, r.name, r.source, r.counted) for r in own.values())]
