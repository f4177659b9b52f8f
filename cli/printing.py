"""A report on standard output: as a table for people, JSON, CSV that Excel reads, or XLSX."""

import csv
import io
import json
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import typer

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
# A spreadsheet takes a cell of CSV that begins so for a formula.
_FORMULA = ("=", "+", "-", "@")


class Format(StrEnum):
    """How a report is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


def write(rows: Sequence[Mapping[str, Any]], format_: Format) -> None:
    """Rows of equal keys on standard output; at least one row."""
    if format_ is Format.JSON:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    elif format_ is Format.XLSX:
        sys.stdout.buffer.write(_workbook(rows))
    elif format_ is Format.CSV:
        written = io.StringIO()
        writer = csv.DictWriter(written, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: _text(value) for name, value in row.items()} for row in rows)
        typer.echo("\ufeff" + written.getvalue(), nl=False)
    else:
        typer.echo("\n".join(_lines(rows)))


def alphabetical(name: str) -> tuple[tuple[int, ...], str]:
    """A key that sorts names by the Vietnamese alphabet (d before đ, o before ô before ơ), tones last."""
    letters = unicodedata.normalize("NFD", name.casefold())
    toneless = unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in _TONES))
    # Signs and digits go before letters.
    return tuple(_ALPHABET.find(letter) + 0x110000 if letter in _ALPHABET else ord(letter) for letter in toneless), name


def _text(value: object) -> object:
    """What a cell of CSV holds: a text that looks like a formula with an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _workbook(rows: Sequence[Mapping[str, Any]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - takes a while to import, the others do without

    book = Workbook()
    sheet = book.active
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Columns apart by two spaces, numbers to the right, with a comma as decimal mark."""
    cells = [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    first = widths[0]
    return [
        "  ".join(
            [line[0].ljust(first), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        )
        for line in cells
    ]


def _cell(value: object) -> str:
    if value is None:
        return "—"
    return f"{value:.2f}".replace(".", ",") if isinstance(value, float) else str(value)
