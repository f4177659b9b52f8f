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

from casework.agencies import Agencies, parse_agencies
from casework.calendar import VIETNAM, Calendar, CalendarRow, parse_calendar
from casework.errors import InvalidField
from casework.wording import day_words, weekday_words
from cli.calendar_compare import differences, package_calendar, years_of
from cli.processes import DATA, PORT_BASE, DataOption, PortBase
from cli.say import refused, settings_of

NAME = "calendar.csv"
ENOUGH_DAYS = 60
DIRECTORY = "agencies.csv"
AgencyOption = Annotated[str, typer.Option("--agency", help="Mã hoặc tên đơn vị có lịch riêng; bỏ trống là lịch chung")]
PeriodArgument = Annotated[str, typer.Argument(help="Năm (2026) hoặc tháng (2026-09); bỏ trống là tháng này")]


def calendar_commands() -> typer.Typer:
    """The group of commands `calendar`."""
    group = typer.Typer(help="Lịch làm việc: kiểm tra, xem", no_args_is_help=True)
    group.command("check")(check)
    group.command("show")(show)
    return group


def check(data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Kiểm tra lịch: thứ tự ngày, đơn vị, dòng chưa có căn cứ, khác gói holidays chỗ nào, còn dùng được bao lâu."""
    directory = settings_of(data, port_base).rules_directory
    lines = _lines(directory, NAME)
    words, good = findings(lines, _parsed(lines), _agencies(directory), _today())
    typer.echo("\n".join(words))
    if not good:
        raise typer.Exit(1)


def show(
    period: PeriodArgument = "", agency: AgencyOption = "", data: DataOption = DATA, port_base: PortBase = PORT_BASE
) -> None:
    """In lịch của một tháng hay một năm: * ngày nghỉ, + ngày làm bù, ? dòng chưa có căn cứ."""
    directory = settings_of(data, port_base).rules_directory
    calendar = _parsed(_lines(directory, NAME))
    months = months_of(period or f"{_today():%Y-%m}")
    if agency:
        code, words = _whose(agency, calendar, _agencies(directory))
        calendar = calendar.for_agency(code)
        typer.echo(words)
    for year, month in months:
        typer.echo("\n".join(month_lines(calendar, year, month)) + "\n")


def _whose(given: str, calendar: Calendar, agencies: Agencies) -> tuple[str, str]:
    """The code of an agency, and a line that says whose calendar is shown."""
    code = agencies.match(given)
    agency = agencies.get(code)
    if agency is None and code not in calendar.agencies:
        raise refused(f"Không có đơn vị “{given}” trong {DIRECTORY}; ghi mã hoặc tên như trong danh mục.")
    own = "có dòng riêng" if code in calendar.agencies else "không có dòng riêng, theo lịch chung"
    return code, f"Lịch của {agency.name if agency else code} ({code}): {own}."


def _today() -> date:
    return datetime.now(UTC).astimezone(VIETNAM).date()


def _lines(directory: Path | None, name: str) -> list[str]:
    """The lines of the province's own file, else of the package's."""
    own = directory / name if directory else None
    found = own if own and own.is_file() else files("casework") / "data" / name
    return found.read_text(encoding="utf-8-sig").splitlines(keepends=True)


def _parsed(lines: Sequence[str]) -> Calendar:
    try:
        return parse_calendar(lines)
    except InvalidField as error:
        raise refused(error.message) from None


def _agencies(directory: Path | None) -> Agencies:
    try:
        return parse_agencies(_lines(directory, DIRECTORY))
    except InvalidField as error:
        raise refused(error.message) from None


def findings(lines: Sequence[str], calendar: Calendar, agencies: Agencies, today: date) -> tuple[list[str], bool]:
    """What is to be said of a calendar, and whether it can be worked with; a difference or a doubt is no fault."""
    wrong = [*misordered(lines), *strangers(calendar, agencies)]
    doubts = [*unfounded(calendar), *differences(calendar, package_calendar(years_of(calendar)))]
    return [*wrong, *doubts, remaining(calendar, today)], not wrong and today.year <= calendar.last_year


def misordered(lines: Sequence[str]) -> list[str]:
    """A line for every row whose date is before that of the row above."""
    rows = [(row.get("agency") or "", row["date"]) for row in csv.DictReader(lines)]
    return [
        f"Sai thứ tự: {later[1]} đứng sau {earlier[1]}."
        for earlier, later in pairwise(rows)
        if earlier[0] == later[0] and later[1] < earlier[1]
    ]


def strangers(calendar: Calendar, agencies: Agencies) -> list[str]:
    """A line for every agency that has rows of its own and is not in the directory, so that nothing asks for them."""
    return [
        f"Đơn vị “{code}” ở cột agency không có trong {DIRECTORY}; hãy sửa mã."
        for code in calendar.agencies
        if agencies.get(code) is None
    ]


def unfounded(calendar: Calendar) -> list[str]:
    """A line for every row, common or of an agency, that is shown but not counted."""
    own = (row for code in calendar.agencies for row in calendar.for_agency(code).rows() if row.agency)
    return [
        f"{_uncounted(row).capitalize()}: {weekday_words(row.date)} {row.name}{f', {row.agency}' * bool(row.agency)}."
        for row in [*calendar.rows(), *own]
        if not row.counted
    ]


def _uncounted(row: CalendarRow) -> str:
    """A row may also be switched off although it has a source."""
    return "không tính" if row.source else "chưa có căn cứ pháp lý, không tính"


def days_left(calendar: Calendar, today: date) -> int:
    """Days until the calendar ends; negative once it has."""
    return (date(calendar.last_year, 12, 31) - today).days


def remaining(calendar: Calendar, today: date) -> str:
    """How long the calendar lasts, with a warning when that is less than two months."""
    days = days_left(calendar, today)
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
    title = f"Tháng {month}/{year}: {working} ngày làm việc{_unknown(calendar, year)}"
    return [title, " T2  T3  T4  T5  T6  T7  CN", *weeks, *_special(calendar, days)]


def _unknown(calendar: Calendar, year: int) -> str:
    if calendar.first_year <= year <= calendar.last_year:
        return ""
    if not calendar.last_year:
        return "; lịch chưa có ngày nghỉ lễ nào"
    return f"; lịch nghỉ chỉ có từ {calendar.first_year} đến {calendar.last_year}, ngày nghỉ lễ chưa được tính"


def _mark(calendar: Calendar, day: date) -> str:
    if row := calendar.row(day) or calendar.doubtful(day):
        return _row_mark(row)
    return " " if calendar.is_working(day) else "*"


def _row_mark(row: CalendarRow) -> str:
    if not row.counted:
        return "?"
    return "+" if row.works else "*"


def _special(calendar: Calendar, days: Sequence[date]) -> Iterator[str]:
    for row in calendar.rows():
        if days[0] <= row.date <= days[-1]:
            own = f"lịch riêng của {row.agency}: " if row.agency else ""
            why = row.source if row.counted else _uncounted(row)
            yield f"  {_row_mark(row)} {day_words(row.date)} {row.name} ({own}{why})"
