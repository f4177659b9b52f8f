"""The one pipeline: words to TF-IDF weights, and a linear head per question asked of a text."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB

from models.text import Reading, read
from models.vectorizer import BREAK, WordWeights

HEADS = ("domain", "kind", "lane", "urgency")
Floats = NDArray[np.float64]

_STRENGTH = {"domain": 5.0, "kind": 20.0, "lane": 50.0, "urgency": 20.0}
"""Inverse regularisation of each logistic regression, the best of 3 to 50 by cross-validation on the corpus."""
_TOLERANCE = {"domain": 2e-3, "kind": 1e-3, "lane": 1e-3, "urgency": 1e-3}
_BAYES = 2.0
"""What the complement naive Bayes (Rennie et al. 2003) adds to the domain, which has rare words: 0.70 to 0.73."""
_MIN_DOCUMENTS = 2

Estimators = dict[str, LogisticRegression | ComplementNB]


class Pipeline:
    """Logistic regressions over shared columns, one per head, and a naive Bayes that helps with the domain.

    All of them are linear, so a fitted pipeline is one table of coefficients per head.
    """

    def __init__(self, estimators: Estimators, min_df: int) -> None:
        self.estimators = estimators
        self._min_df = min_df

    def fit(
        self, documents: Sequence[str], targets: Mapping[str, Sequence[str]], hints: Sequence[tuple[str, str]] = ()
    ) -> "Pipeline":
        """Learn words and heads; `targets` holds a label per document for each head, `hints` (document, domain)."""
        everything = [*documents, *(hint for hint, _ in hints)]
        weights = WordWeights.fit(everything, self._min_df)
        matrix = weights.matrix(everything)
        domains = [*targets["domain"], *(domain for _, domain in hints)]
        for name, estimator in self.estimators.items():
            if name in ("domain", "bayes"):
                estimator.fit(matrix, domains)
            else:
                estimator.fit(matrix[: len(documents)], list(targets[name]))
        return self.restore(weights)

    def restore(self, weights: WordWeights) -> "Pipeline":
        """Use estimators that were fitted on these weights."""
        self.weights = weights
        self.labels = {head: tuple(map(str, self.estimators[head].classes_)) for head in HEADS}
        tables = {head: self._table(head) for head in HEADS}
        self.coefficients = {head: coefficients for head, (coefficients, _) in tables.items()}
        self._columns = np.ascontiguousarray(np.vstack(list(self.coefficients.values())).T)
        self._offsets = np.concatenate([offset for _, offset in tables.values()])
        return self

    def _table(self, head: str) -> tuple[Floats, Floats]:
        """Coefficients (a row per label, centred, so that a positive one speaks for its label) and offsets."""
        table, offset = _both_labels(self.estimators[head])
        if head == "domain":
            table = table + _BAYES * self.estimators["bayes"].feature_log_prob_
        return table - table.mean(axis=0), offset

    def probabilities(self, matrix: csr_matrix) -> dict[str, Floats]:
        """For each head a row per document and a column per label; one product serves all heads."""
        scores = matrix @ self._columns + self._offsets
        ends = np.cumsum([len(self.labels[head]) for head in HEADS])[:-1]
        return {head: _softmax(part) for head, part in zip(HEADS, np.split(scores, ends, axis=1), strict=True)}


def build_pipeline() -> Pipeline:
    """The pipeline as it is trained, not fitted yet."""
    regressions: Estimators = {head: _regression(head) for head in HEADS}
    return Pipeline(regressions | {"bayes": ComplementNB(alpha=0.3)}, _MIN_DOCUMENTS)


def _regression(head: str) -> LogisticRegression:
    """Rare lanes, kinds and urgencies count as much as the common ones; the hints even out the domains."""
    weight = None if head == "domain" else "balanced"
    return LogisticRegression(C=_STRENGTH[head], class_weight=weight, max_iter=400, tol=_TOLERANCE[head])


def document(reading: Reading) -> str:
    """What the vectoriser reads: the words, then the same without diacritics, which serves unaccented writing."""
    return f"{reading.usual} {BREAK} {reading.plain}"


def documents(texts: Iterable[str]) -> list[str]:
    """`document` of each cleaned and redacted text."""
    return [document(read(text)) for text in texts]


def _both_labels(head: LogisticRegression) -> tuple[Floats, Floats]:
    """Of two labels scikit-learn keeps one row, which is the second label against the first."""
    table, offset = head.coef_, head.intercept_
    if len(table) > 1:
        return table, offset
    return np.vstack([np.zeros_like(table), table]), np.concatenate([[0.0], offset])


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
