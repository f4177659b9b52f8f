"""The one pipeline: words to TF-IDF weights, and a logistic regression per question asked of a text."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from models.text import Word, read_words
from models.vectorizer import BREAK, WordWeights

HEADS = ("domain", "kind", "lane", "urgency")
Floats = NDArray[np.float64]

_STRENGTH = {"domain": 20.0, "kind": 10.0, "lane": 10.0, "urgency": 10.0}
"""Inverse regularisation of each head, the best of 1 to 50 by cross-validation on the corpus."""
_MIN_DOCUMENTS = 1


class Pipeline:
    """`heads` share the columns of `weights`; all are fitted or none is."""

    def __init__(self, heads: Mapping[str, LogisticRegression], min_df: int) -> None:
        self.heads = dict(heads)
        self._min_df = min_df
        self.weights = WordWeights([], [])

    def fit(self, documents: Sequence[str], targets: Mapping[str, Sequence[str]]) -> "Pipeline":
        """Learn words and heads; `targets` holds a label per document for each head."""
        self.weights = WordWeights.fit(documents, self._min_df)
        matrix = self.weights.matrix(documents)
        for name, head in self.heads.items():
            head.fit(matrix, list(targets[name]))
        return self._stack()

    def restore(self, weights: WordWeights) -> "Pipeline":
        """Use heads that were fitted before on these weights."""
        self.weights = weights
        return self._stack()

    def _stack(self) -> "Pipeline":
        tables = {name: _coefficients(head) for name, head in self.heads.items()}
        self.coefficients = {name: coefficients for name, (coefficients, _) in tables.items()}
        self.labels = {name: tuple(map(str, head.classes_)) for name, head in self.heads.items()}
        self._columns = np.ascontiguousarray(np.vstack([coefficients for coefficients, _ in tables.values()]).T)
        self._offsets = np.concatenate([offset for _, offset in tables.values()])
        return self

    def probabilities(self, matrix: csr_matrix) -> dict[str, Floats]:
        """For each head a row per document and a column per label; one product serves all heads."""
        scores = matrix @ self._columns + self._offsets
        ends = np.cumsum([len(self.labels[name]) for name in self.heads])[:-1]
        return {name: _softmax(part) for name, part in zip(self.heads, np.split(scores, ends, axis=1), strict=True)}


def build_pipeline() -> Pipeline:
    """The pipeline as it is trained, not fitted yet."""
    heads = {name: LogisticRegression(C=_STRENGTH[name], max_iter=400, tol=1e-3) for name in HEADS}
    return Pipeline(heads, _MIN_DOCUMENTS)


def document(words: Sequence[Word]) -> str:
    """What the vectoriser reads: the words, then the same without diacritics, which serves unaccented writing."""
    return " ".join([*(word.usual for word in words), BREAK, *(word.plain for word in words)])


def documents(texts: Sequence[str]) -> list[str]:
    """`document` of each cleaned and redacted text."""
    return [document(read_words(text)) for text in texts]


def _coefficients(head: LogisticRegression) -> tuple[Floats, Floats]:
    """Of two labels scikit-learn keeps one row, which is the second label against the first."""
    table, offset = head.coef_, head.intercept_
    if len(table) > 1:
        return table, offset
    return np.vstack([np.zeros_like(table), table]), np.concatenate([[0.0], offset])


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
