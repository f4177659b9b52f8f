"""The whole run: everything that docs/model.md tells, as one value."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from models.agreement import Agreement
from models.classifier import Classifier
from models.corpus_rows import Row
from models.crossval import service_like
from models.domain_scores import accepts
from models.evaluate import Report, Share, evaluate
from models.report.ablation import Ablated, ablate
from models.report.baselines import Guess, baselines
from models.report.growth import Point, grow
from models.report.unseen import Unseen, measure
from models.text import without_diacritics
from models.train import learnable

_BATCH = 64
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a simpler method gets right of the exam, of the exam without diacritics, and of other texts by tier."""

    name: str
    exam: Share
    unaccented: Share
    tiers: dict[str, Share]


@dataclass(frozen=True, slots=True)
class Findings:
    """All figures of a run; `others` is None where no file of other people's texts was given, so are parts left out."""

    model: Classifier
    unseen: Unseen
    exam: Report
    others: Report | None
    baselines: Sequence[Baseline]
    ablation: Sequence[Ablated]
    growth: Sequence[Point]
    agreement: Sequence[Agreement]
    overlapping: float
    texts_per_second: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Material:
    """What is measured on: our own rows, the exam, other people's texts, and the agreement of the labellers."""

    rows: Sequence[Row]
    exam: Sequence[Row]
    others: Sequence[Row]
    agreement: Sequence[Agreement]
    overlapping: float


def run(model: Classifier, material: Material, say: Say, *, quick: bool = False) -> Findings:
    """Measures `model` and others beside it on one core; `quick` leaves out the ablation and the learning curve."""
    start, rows = time.perf_counter(), material.rows
    with threadpool_limits(1):
        data = learnable(rows)
        say("cross-validation by writer")
        unseen = measure(data)
        say("exam and other texts")
        exam, others = evaluate(model, material.exam), evaluate(model, material.others) if material.others else None
        say("baselines")
        simpler = [_baseline(name, fit(rows), material) for name, fit in baselines().items()]
        say("ablation")
        ablation = [] if quick else ablate(data, service_like(data))
        say("learning curve")
        growth = [] if quick else grow(rows, material.exam, material.others)
        speed = _speed(model, [row.text for row in rows])
    return Findings(
        model, unseen, exam, others, simpler, ablation, growth, material.agreement, material.overlapping, speed,
        time.perf_counter() - start,
    )  # fmt: skip


def _baseline(name: str, guess: Guess, material: Material) -> Baseline:
    tiers = sorted({row.tier for row in material.others})
    return Baseline(
        name,
        _share(guess, material.exam),
        _share(guess, material.exam, unaccented=True),
        {tier: _share(guess, [row for row in material.others if row.tier == tier]) for tier in tiers},
    )


def _share(guess: Guess, rows: Sequence[Row], *, unaccented: bool = False) -> Share:
    texts = [without_diacritics(row.text) if unaccented else row.text for row in rows]
    return Share(sum(accepts(row, one) for row, one in zip(rows, guess(texts), strict=True)), len(rows))


def _speed(model: Classifier, texts: Sequence[str]) -> float:
    """Texts a second in batches, with redaction, reasons and all heads."""
    start = time.perf_counter()
    for first in range(0, len(texts), _BATCH):
        model.classify(texts[first : first + _BATCH])
    return len(texts) / (time.perf_counter() - start)
