"""Rows of a CSV or XLSX file as people save them: any usual encoding and delimiter, Excel's dates and numbers."""

import csv
import unicodedata
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

DELIMITERS = ",;\t"
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's days have no zone; the reader of the field sets it
EXCEL_DAYS = (20_000.0, 80_000.0)
_LONGEST_CELL = 1 << 20

Row = Mapping[str, Any]


class TableError(ValueError):
    """A file that is no table we can read; the message names the fix."""


def read_rows(path: Path, columns: Collection[str], dates: Collection[str]) -> Iterator[tuple[int, Row]]:
    """Line number (that of the editor or of Excel) and cells by column; blank lines and blank cells are left out.

    `columns` are the names that are known, whatever their case in the file; `dates` those in which a bare number is a
    day of Excel. Raises TableError.
    """
    numbered = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    header: list[str] = []
    for number, cells in numbered:
        if not header:
            header = _header(cells, columns)
            continue
        row = {name: _cell(value, name in dates) for name, value in zip(header, cells, strict=False) if name}
        kept = {name: value for name, value in row.items() if value not in (None, "")}
        if kept:
            yield number, kept


def _header(cells: Iterable[Any], columns: Collection[str]) -> list[str]:
    """The known name of each column, empty for one that is not known."""
    known = {name.casefold(): name for name in columns}
    header = [known.get(unicodedata.normalize("NFC", str(cell or "")).strip().casefold(), "") for cell in cells]
    if not any(header):
        raise TableError(f"dòng đầu phải ghi tên cột, ví dụ: {', '.join(list(columns)[:4])}")
    return header


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    lines = _text(path).splitlines(keepends=True)
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(lines, delimiter=delimiter)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise TableError(f"dòng {begins} không đọc được ({error}); hãy lưu lại tệp dạng CSV UTF-8") from None


def _text(path: Path) -> str:
    content = _content(path)
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise TableError("tệp không mã hóa UTF-8 hay UTF-16; trong Excel hãy lưu dạng “CSV UTF-8”") from None
    if "\0" in text:
        raise TableError("tệp không phải CSV; hãy lưu dạng “CSV UTF-8” hoặc .xlsx")
    return unicodedata.normalize("NFC", text)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise TableError("không mở được tệp; hãy kiểm tra đường dẫn") from None


def _xlsx(path: Path) -> Iterator[tuple[int, list[Any]]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - takes a while to import, CSV does without
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - likewise

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, InvalidFileException):
        raise TableError("không mở được tệp .xlsx; hãy mở bằng Excel và lưu lại") from None
    with closing(book):
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            if any(cell not in (None, "") for cell in cells):
                yield number, list(cells)


def _cell(value: Any, is_date: bool) -> Any:
    """A cell as the readers of fields expect it: texts trimmed, whole numbers without a fraction, days as dates."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if is_date and isinstance(value, int | float) and EXCEL_DAYS[0] <= value <= EXCEL_DAYS[1]:
        moment = EXCEL_EPOCH + timedelta(seconds=round(value * 86_400))
        return moment.isoformat() if value % 1 else moment.date().isoformat()
    return int(value) if isinstance(value, float) and value.is_integer() else value
