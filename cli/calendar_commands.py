"""`langnghe calendar check|show`: is the working calendar complete, and what does it say of a month or a year."""

import csv
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from casework.calendar import VIETNAM, Calendar, parse_calendar
from casework.errors import InvalidField
from casework.wording import day_words, weekday_words
from cli.processes import DATA, PORT_BASE, DataOption, PortBase
from cli.say import refused, settings_of

NAME = "calendar.csv"
ENOUGH_DAYS = 60
PeriodArgument = Annotated[str, typer.Argument(help="Năm (2026) hoặc tháng (2026-09); bỏ trống là tháng này")]


def calendar_commands() -> typer.Typer:
    """The group of commands `calendar`."""
    group = typer.Typer(help="Lịch làm việc: kiểm tra, xem", no_args_is_help=True)
    group.command("check")(check)
    group.command("show")(show)
    return group


def check(data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Kiểm tra lịch: dòng chưa có căn cứ pháp lý, thứ tự ngày, còn dùng được bao lâu."""
    lines = _lines(settings_of(data, port_base).rules_directory)
    calendar = _parsed(lines)
    wrong = misordered(lines)
    for line in [*wrong, *unfounded(calendar), remaining(calendar, _today())]:
        typer.echo(line)
    if wrong or _today().year > calendar.last_year:
        raise typer.Exit(1)


def show(period: PeriodArgument = "", data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """In lịch của một tháng hay một năm: * ngày nghỉ, + ngày làm bù, ? dòng chưa có căn cứ."""
    calendar = _parsed(_lines(settings_of(data, port_base).rules_directory))
    for year, month in months_of(period or f"{_today():%Y-%m}"):
        typer.echo("\n".join(month_lines(calendar, year, month)) + "\n")


def _today() -> date:
    return datetime.now(UTC).astimezone(VIETNAM).date()


def _lines(directory: Path | None) -> list[str]:
    """The lines of the province's own calendar, else of the package's."""
    own = directory / NAME if directory else None
    found = own if own and own.is_file() else files("casework") / "data" / NAME
    return found.read_text(encoding="utf-8-sig").splitlines(keepends=True)


def _parsed(lines: Sequence[str]) -> Calendar:
    try:
        return parse_calendar(lines)
    except InvalidField as error:
        raise refused(error.message) from None


def misordered(lines: Sequence[str]) -> list[str]:
    """A line for every row whose date is before that of the row above."""
    rows = [(row.get("agency") or "", row["date"]) for row in csv.DictReader(lines)]
    return [
        f"Sai thứ tự: {later[1]} đứng sau {earlier[1]}."
        for earlier, later in pairwise(rows)
        if earlier[0] == later[0] and later[1] < earlier[1]
    ]


def unfounded(calendar: Calendar) -> list[str]:
    """A line for every row that is shown but not counted."""
    return [
        f"Chưa có căn cứ pháp lý, không tính: {weekday_words(row.date)} {row.name}."
        for row in calendar.rows()
        if not row.counted
    ]


def remaining(calendar: Calendar, today: date) -> str:
    """How long the calendar lasts, with a warning when that is less than two months."""
    days = (date(calendar.last_year, 12, 31) - today).days
    if days < 0:
        return f"Lịch đã hết từ năm {calendar.last_year}: ngày nghỉ lễ sau đó không được tính; hãy bổ sung {NAME}."
    warning = f" Hãy bổ sung ngày nghỉ năm {calendar.last_year + 1}." if days < ENOUGH_DAYS else ""
    return f"Lịch có đến hết năm {calendar.last_year}, còn {days} ngày.{warning}"


def months_of(period: str) -> list[tuple[int, int]]:
    """Year and month of `2026-09`, or of all months of `2026`."""
    year, dash, month = period.partition("-")
    numbers = [int(part) for part in (year, month) if part.isascii() and part.isdigit()]
    if len(year) != 4 or len(numbers) != 1 + bool(dash) or not 1900 <= numbers[0] <= 2999:
        raise refused(f"“{period}” không phải tháng hay năm; ghi 2026-09 hoặc 2026.")
    if len(numbers) == 2 and not 1 <= numbers[1] <= 12:
        raise refused(f"“{period}” không có tháng {numbers[1]}; ghi từ 01 đến 12.")
    return [(numbers[0], one) for one in (numbers[1:] or range(1, 13))]


def month_lines(calendar: Calendar, year: int, month: int) -> list[str]:
    """The month as a grid from Monday to Sunday, then its special days with their sources."""
    first, length = date(year, month, 1), monthrange(year, month)[1]
    days = [first + timedelta(days=n) for n in range(length)]
    cells = ["    "] * first.weekday() + [f"{day.day:>3}{_mark(calendar, day)}" for day in days]
    weeks = ["".join(cells[start : start + 7]).rstrip() for start in range(0, len(cells), 7)]
    working = sum(map(calendar.is_working, days))
    title = f"Tháng {month}/{year}: {working} ngày làm việc"
    return [title, " T2  T3  T4  T5  T6  T7  CN", *weeks, *_special(calendar, days)]


def _mark(calendar: Calendar, day: date) -> str:
    row = calendar.row(day)
    if row is not None and not row.counted:
        return "?"
    if not calendar.is_working(day):
        return "*"
    return "+" if row is not None and row.works else " "


def _special(calendar: Calendar, days: Sequence[date]) -> Iterator[str]:
    for row in filter(None, map(calendar.row, days)):
        mark, source = _mark(calendar, row.date), row.source or "chưa có căn cứ pháp lý, không tính"
        yield f"  {mark} {day_words(row.date)} {row.name} ({source})"
