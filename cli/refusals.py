"""Rows and lines that were refused: a table beside the file, with line, field and fix, and never a value."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from casework.errors import InvalidField

HEADER = ("dòng", "trường", "cách sửa")


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that is wrong with one line (counted from 1, as an editor or Excel shows it)."""

    line: int
    field: str
    fix: str


def refusals_of(line: int, errors: Sequence[InvalidField]) -> list[Refusal]:
    """A refusal for each error of a line."""
    return [Refusal(line, error.field, error.message) for error in errors]


def write_refusals(source: Path, refusals: Sequence[Refusal]) -> str:
    """Writes `SOURCE.refused.csv` (with a BOM, for Excel) and returns the sentence about it; empty when there are none.

    A table left by an earlier run is removed where nothing is refused any more.
    """
    target = source.with_name(source.name + ".refused.csv")
    if not refusals:
        target.unlink(missing_ok=True)
        return ""
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADER)
        table.writerows((refusal.line, refusal.field, refusal.fix) for refusal in refusals)
    lines = len({refusal.line for refusal in refusals})
    return f"{lines} dòng bị từ chối; cách sửa từng dòng ghi trong {target}"


def finish(sent: int, refusals: int, done: str) -> None:
    """Says what was done; exit status 1 where something was refused."""
    if sent:
        typer.echo(done)
    if refusals:
        raise typer.Exit(1)
