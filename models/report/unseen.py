"""Cross-validation by writer: what a model says of texts of people it has never read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.crossval import Flags, HeldOut, choose_sharpness, hits, hold_out, service_like
from models.domain_scores import Confusion, DomainScore, confusions, domain_scores, macro_f1
from models.learning import Learnable
from models.report.curves import (
    Calibration,
    PrecisionRecall,
    RiskCoverage,
    calibration,
    precision_recall,
    risk_coverage,
)

_MOST_CONFUSED = 15


@dataclass(frozen=True, slots=True)
class Unseen:
    """Shares between 0 and 1 over `rows` texts; `first_label` counts no second acceptable domain."""

    rows: int
    writers: int
    domain: float
    first_label: float
    in_three: float
    unaccented: float
    macro_f1: float
    kind: float
    lane: float
    urgency: float
    domains: Sequence[DomainScore]
    confused: Sequence[Confusion]
    coverage: RiskCoverage
    calibration: Calibration
    to_cao: PrecisionRecall
    urgent: PrecisionRecall


def measure(data: Learnable) -> Unseen:
    """Two rounds of folds: texts as they were written, and without their diacritics."""
    held_out = hold_out(data, service_like(data))
    plain = hold_out(data, service_like(data), unaccented=True)
    sharpness = choose_sharpness(data, held_out)
    given, hit = held_out.given("domain", sharpness), hits(data.rows, held_out)
    best, scores = held_out.best("domain"), domain_scores(held_out.best("domain"), data.rows)
    return Unseen(
        rows=len(data.rows),
        writers=len({row.author for row in data.rows}),
        domain=float(hit.mean()),
        first_label=_same(best, data.targets("domain")),
        in_three=_in_three(data, held_out),
        unaccented=float(hits(data.rows, plain).mean()),
        macro_f1=macro_f1(scores),
        kind=_same(held_out.best("kind"), data.targets("kind")),
        lane=_same(held_out.best("lane"), data.targets("lane")),
        urgency=_same(held_out.best("urgency"), data.targets("urgency")),
        domains=scores,
        confused=confusions(best, data.rows)[:_MOST_CONFUSED],
        coverage=risk_coverage(given.max(axis=1), hit),
        calibration=calibration(given.max(axis=1), hit),
        to_cao=_one_label(data, held_out, "lane", "to_cao"),
        urgent=_one_label(data, held_out, "urgency", "urgent"),
    )


def _same(guesses: Sequence[str], wanted: Sequence[str]) -> float:
    return sum(guess == right for guess, right in zip(guesses, wanted, strict=True)) / len(wanted)


def _in_three(data: Learnable, held_out: HeldOut) -> float:
    labels = held_out.labels["domain"]
    best = np.argsort(-held_out.scores["domain"], axis=1, kind="stable")[:, :3]
    found = [
        not {row.domain, row.domain_alt}.isdisjoint(labels[place] for place in places)
        for row, places in zip(data.rows, best.tolist(), strict=True)
    ]
    return sum(found) / len(found)


def _one_label(data: Learnable, held_out: HeldOut, head: str, label: str) -> PrecisionRecall:
    """Sharpness changes no order, so it is left at one."""
    chance = held_out.given(head, {head: 1.0})[:, held_out.labels[head].index(label)]
    truth: Flags = np.array(data.targets(head)) == label
    return precision_recall(chance, truth)
