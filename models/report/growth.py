"""The learning curve: what more of the corpus brings."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from models.classifier import Classifier, Metadata, Thresholds
from models.corpus_rows import Row
from models.evaluate import Report, evaluate
from models.learning import fit
from models.train import learnable

_SIZES = (250, 500, 1000, 2000, 4000)
_EVEN = Thresholds(abstain=0.0, restrict=0.5, alarm=0.5)


@dataclass(frozen=True, slots=True)
class Point:
    """What a model of that many rows reaches on the exam, and on each tier of other texts where they are given."""

    rows: int
    exam: Report
    others: Report | None


def grow(rows: Sequence[Row], exam: Sequence[Row], others: Sequence[Row]) -> list[Point]:
    """Six sizes; each smaller set of rows lies within the next, drawn at random once."""
    drawn = random.Random(0).sample(list(rows), len(rows))  # noqa: S311 - a fixed order, no secret
    sizes = [size for size in _SIZES if size < len(rows)]
    return [_point(drawn[:size], exam, others) for size in [*sizes, len(rows)]]


def _point(rows: Sequence[Row], exam: Sequence[Row], others: Sequence[Row]) -> Point:
    data = learnable(rows)
    model = Classifier(fit(data, range(len(rows))), _EVEN, Metadata("", "", "", {}))
    return Point(len(rows), evaluate(model, exam), evaluate(model, others) if others else None)
