"""The one pipeline: words to TF-IDF weights, and a linear table per question asked of a text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from models.vectorizer import WordWeights

HEADS = ("domain", "kind", "lane", "urgency")
Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Table:
    """Labels, a row of coefficients for each (a column per term), and an offset for each: log odds, unnormalised."""

    labels: tuple[str, ...]
    coefficients: Floats
    offsets: Floats

    def sharpened(self, by: float) -> "Table":
        """The same decisions with all odds raised to a power."""
        return Table(self.labels, self.coefficients * by, self.offsets * by)


class Pipeline:
    """Words with their weights, and for each head of `HEADS` its table."""

    def __init__(self, weights: WordWeights, tables: Mapping[str, Table]) -> None:
        self.weights = weights
        self.tables = {head: tables[head] for head in HEADS}
        self._columns = np.ascontiguousarray(np.vstack([table.coefficients for table in self.tables.values()]).T)
        self._offsets = np.concatenate([table.offsets for table in self.tables.values()])
        self._ends = np.cumsum([len(table.labels) for table in self.tables.values()])[:-1]

    def for_domain(self, terms: NDArray[np.int32], domains: NDArray[np.intp]) -> Floats:
        """What each term speaks for the domain beside it; domains come first in the rows that `scores` just read."""
        return np.asarray(self._columns[terms, domains])

    def scores(self, matrix: csr_matrix) -> dict[str, Floats]:
        """For each head a row per document and a column per label; one product serves all heads."""
        scores = matrix @ self._columns + self._offsets
        return dict(zip(HEADS, np.split(scores, self._ends, axis=1), strict=True))

    def probabilities(self, matrix: csr_matrix) -> dict[str, Floats]:
        """The same as probabilities."""
        return {head: softmax(scores) for head, scores in self.scores(matrix).items()}

    def sharpened(self, by: Mapping[str, float]) -> "Pipeline":
        """With the confidence that cross-validation found right for each head."""
        return Pipeline(self.weights, {head: table.sharpened(by[head]) for head, table in self.tables.items()})


def softmax(scores: Floats) -> Floats:
    """Scores of each row as probabilities."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
