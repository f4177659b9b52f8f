"""How far two labellers agree beyond chance, label by label."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.corpus_rows import Row
from models.pipeline import HEADS


@dataclass(frozen=True, slots=True)
class Agreement:
    """Share of rows with the same label, and Cohen's kappa (1960): 1 is perfect, 0 is what chance would give."""

    head: str
    same: float
    kappa: float
    differing: int
    count: int


def read_second_labels(directory: Path) -> dict[str, Mapping[str, Any]]:
    """By row id what the second labeller said; `first` holds what the first had said where settling changed it."""
    lines = (directory / "second_labels.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["id"]: record for record in map(json.loads, lines)}


def agreements(rows: Sequence[Row], second: Mapping[str, Mapping[str, Any]]) -> list[Agreement]:
    """For each label, over the rows that were labelled twice, as the two labellers said before anything was settled."""
    twice = [row for row in rows if row.id in second]
    return [
        _agreement(head, [(_first(row, second[row.id], head), second[row.id][head]) for row in twice]) for head in HEADS
    ]


def overlapping(rows: Sequence[Row], second: Mapping[str, Mapping[str, Any]]) -> float:
    """The share of rows where the acceptable domains of the two have one in common."""
    names = ("domain", "domain_alt")
    shared = [
        bool({_first(row, second[row.id], name) for name in names} & {second[row.id][name] for name in names} - {None})
        for row in rows
        if row.id in second
    ]
    return sum(shared) / len(shared) if shared else 0.0


def kappa(pairs: Iterable[tuple[object, object]]) -> float:
    """Cohen's kappa of pairs of labels; 1 where both always say one and the same."""
    found = list(pairs)
    same = sum(one == other for one, other in found) / len(found)
    ones, others = Counter(one for one, _ in found), Counter(other for _, other in found)
    chance = sum(ones[label] * others[label] for label in ones) / len(found) ** 2
    return 1.0 if chance == 1 else (same - chance) / (1 - chance)


def _first(row: Row, second: Mapping[str, Any], name: str) -> object:
    return second.get("first", {}).get(name, getattr(row, name))


def _agreement(head: str, pairs: Sequence[tuple[object, object]]) -> Agreement:
    differing = sum(one != other for one, other in pairs)
    same = 1 - differing / len(pairs) if pairs else 0.0
    return Agreement(head, same, kappa(pairs) if pairs else 0.0, differing, len(pairs))
