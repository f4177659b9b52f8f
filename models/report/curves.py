"""Curves of confidence: how risk falls with coverage, whether confidence is honest, precision against recall."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_curve

from models.crossval import Flags
from models.pipeline import Floats

COVERAGES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5)
_BINS = 15


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """Answering only the surest share of texts (`coverage`), how many of these answers are right (`accuracy`)."""

    coverage: Floats
    accuracy: Floats

    def at(self, coverage: float) -> float:
        """Accuracy over that share of the texts."""
        return float(self.accuracy[max(0, round(coverage * len(self.accuracy)) - 1)])


@dataclass(frozen=True, slots=True)
class Calibration:
    """Texts in bins of like confidence: mean confidence, share that is right, number; and the error over all."""

    confidence: Sequence[float]
    right: Sequence[float]
    counts: Sequence[int]

    @property
    def error(self) -> float:
        """Expected calibration error (Naeini et al. 2015): the mean gap, each bin by its number of texts."""
        gaps = np.abs(np.array(self.confidence) - np.array(self.right))
        return float(np.average(gaps, weights=self.counts))


@dataclass(frozen=True, slots=True)
class PrecisionRecall:
    """One label against the rest, over all thresholds."""

    precision: Floats
    recall: Floats
    average: float

    def precision_at(self, recall: float) -> float:
        """The best precision with at least that recall."""
        return float(self.precision[self.recall >= recall].max())


def risk_coverage(confidence: Floats, hit: Flags) -> RiskCoverage:
    """From the surest answer to the least sure."""
    order = np.argsort(-confidence, kind="stable")
    number = np.arange(1, len(order) + 1)
    return RiskCoverage(number / len(order), np.cumsum(hit[order]) / number)


def calibration(confidence: Floats, hit: Flags) -> Calibration:
    """Bins of equal width that hold a text."""
    place = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    inside = [place == each for each in sorted(set(place.tolist()))]
    return Calibration(
        [float(confidence[one].mean()) for one in inside],
        [float(hit[one].mean()) for one in inside],
        [int(one.sum()) for one in inside],
    )


def precision_recall(chance: Floats, truth: Flags) -> PrecisionRecall:
    """From probabilities of a label and whether it is the right one."""
    precision, recall, _ = precision_recall_curve(truth, chance)
    return PrecisionRecall(precision, recall, float(average_precision_score(truth, chance)))
