"""Labelled rows that the model learns from, read from JSON lines and checked."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casework.labels import DOMAINS, KINDS, LANES, URGENCIES
from models.hints import domain_hints
from models.recipe import recipe_hash

_ALLOWED: Mapping[str, Mapping[str, str]] = {"domain": DOMAINS, "kind": KINDS, "lane": LANES, "urgency": URGENCIES}


_LEARNT = ("id", "text", "domain", "domain_alt", "kind", "lane", "urgency")


class CorpusError(ValueError):
    """A row that cannot be learnt from; the message names file, line and field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A text with its labels; kind, lane and urgency are None where nobody gave them."""

    id: str
    text: str
    domain: str
    domain_alt: str | None = None
    kind: str | None = None
    lane: str | None = None
    urgency: str | None = None
    author: str = ""
    tier: str = ""


def parts(directory: Path) -> list[Path]:
    """The files to learn from, in order; the exam and the second labels lie beside them and are none."""
    return sorted(directory.glob("part*.jsonl"))


def read_exam(directory: Path) -> list[Row]:
    """The frozen rows that no model is ever trained on; every one of them has every label."""
    return read_corpus([directory / "exam.jsonl"])


def read_corpus(paths: Iterable[Path]) -> list[Row]:
    """All rows of the files in order of file name; a row without every label raises CorpusError."""
    return [
        _checked(json.loads(line), f"{path.name}, dòng {number}")
        for path in sorted(paths)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if line.strip()
    ]


def read_evaluation(path: Path) -> list[Row]:
    """Rows to measure on: domain is needed, and what is not a label of ours is left out."""
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [_row(record | {name: None for name in _unknown(record) if name != "domain"}) for record in records]


def corpus_hash(rows: Iterable[Row]) -> str:
    """First 12 hex digits of sha256 over texts and labels in whatever order, over the hints, and over the code."""
    lines = sorted("\t".join(str(getattr(row, name)) for name in _LEARNT) for row in rows)
    hints = ["\t".join(map(str, hint)) for hint in domain_hints()]
    return hashlib.sha256("\n".join([*lines, *hints, recipe_hash()]).encode()).hexdigest()[:12]


def _checked(record: Mapping[str, Any], where: str) -> Row:
    wrong = _unknown(record)
    if wrong or not str(record.get("text") or "").strip():
        raise CorpusError(f"{where}: trường {', '.join(wrong) or 'text'} thiếu hoặc có giá trị không dùng được.")
    return _row(record)


def _unknown(record: Mapping[str, Any]) -> list[str]:
    return [name for name, allowed in _ALLOWED.items() if record.get(name) not in allowed]


def _row(record: Mapping[str, Any]) -> Row:
    return Row(**{name: record[name] for name in Row.__slots__ if record.get(name) is not None})
