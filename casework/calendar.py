"""The working calendar: Monday to Friday, and the days that differ from it, each with its legal source."""

import csv
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache

from casework.errors import InvalidField

VIETNAM = timezone(timedelta(hours=7))
OFF_KINDS = frozenset({"holiday", "compensatory_off", "swapped_off", "local_closure"})
WORKING_KINDS = frozenset({"make_up_working", "local_working"})
_TABLE_YEARS = (1950, 2100)


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One day that differs from Monday-Friday, for all or for one agency. Without a legal source it is not counted."""

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
    """Answers which days are working days; immutable, and quick enough to be asked for every event.

    An agency's own row takes the place of the common one of that day; one that is not counted is only shown beside it.
    """

    def __init__(self, rows: Iterable[CalendarRow], agency: str = "") -> None:
        everything = tuple(rows)
        # The agency's own rows come last, so that they stand.
        heard = sorted((row for row in everything if row.agency in {"", agency}), key=lambda row: row.agency)
        self._counted = {row.date.toordinal(): row for row in heard if row.counted}
        self._doubtful = {row.date: row for row in heard if not row.counted}
        years = [row.date.year for row in self._counted.values() if not row.agency]
        self.first_year, self.last_year = min(years, default=0), max(years, default=0)
        self._table = self._working_days()
        self._own: Mapping[str, Calendar] = {} if agency else self._own_calendars(everything)

    @property
    def agencies(self) -> tuple[str, ...]:
        """The agencies that have rows of their own."""
        return tuple(sorted(self._own))

    def is_working(self, day: date) -> bool:
        """Whether offices work on `day`."""
        return self._works(day.toordinal())

    def row(self, day: date) -> CalendarRow | None:
        """The counted row of `day`."""
        return self._counted.get(day.toordinal())

    def doubtful(self, day: date) -> CalendarRow | None:
        """The row of `day` that is shown but not counted."""
        return self._doubtful.get(day)

    def rows(self) -> tuple[CalendarRow, ...]:
        """All rows in order of date, of two of a day the counted one first."""
        return tuple(sorted([*self._counted.values(), *self._doubtful.values()], key=lambda row: row.date))

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

    def days_between(self, since: datetime, until: datetime) -> int:
        """Working days from one aware moment to another by their dates in Vietnam; none backwards."""
        return max(self.working_between(since.astimezone(VIETNAM).date(), until.astimezone(VIETNAM).date()), 0)

    def _works(self, ordinal: int) -> bool:
        row = self._counted.get(ordinal)
        return _is_weekday(ordinal) if row is None else row.works

    def _walk(self, ordinal: int, n: int) -> date:
        step, left = (1, n) if n > 0 else (-1, -n)
        while left:
            ordinal += step
            left -= self._works(ordinal)
        return date.fromordinal(ordinal)

    def _working_days(self) -> "array[int]":
        table = _weekdays()[:]
        for ordinal, row in self._counted.items():
            if table[0] <= ordinal <= table[-1] and row.works != _is_weekday(ordinal):
                _turn(table, ordinal)
        return table

    def _own_calendars(self, rows: tuple[CalendarRow, ...]) -> Mapping[str, "Calendar"]:
        return {agency: Calendar(rows, agency) for agency in {row.agency for row in rows if row.agency}}


def _is_weekday(ordinal: int) -> bool:
    # Ordinal 1 is a Monday, so Saturdays leave 6 and Sundays 0.
    return 0 < ordinal % 7 < 6


@cache
def _weekdays() -> "array[int]":
    first, last = _TABLE_YEARS
    days = range(date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal() + 1)
    return array("l", filter(_is_weekday, days))


def _turn(table: "array[int]", ordinal: int) -> None:
    """Puts a day into a sorted table, or takes it out where it is there."""
    place = bisect_left(table, ordinal)
    if table[place] == ordinal:
        del table[place]
    else:
        table.insert(place, ordinal)


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
    if fields.get("counted") not in {"yes", "no"}:
        raise InvalidField("counted", "not_yes_or_no", f"Lịch, dòng {line}: cột counted phải là yes hoặc no.")
    counted = fields["counted"] == "yes" and bool(source)
    name, agency = fields.get("name") or "", (fields.get("agency") or "").strip()
    return CalendarRow(_date(fields.get("date"), line), kind, name, source, counted, agency)


def _date(text: str | None, line: int) -> date:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise InvalidField("date", "impossible_date", f"Lịch, dòng {line}: ngày “{text}” phải viết dạng 2026-09-02.")
    return day
