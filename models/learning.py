"""From labelled documents to a pipeline: which rows teach which head, with what weight."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from models.corpus_rows import Row
from models.hints import Hint
from models.pipeline import HEADS, Floats, Pipeline, Table
from models.text import PLAIN
from models.vectorizer import WordWeights

_STRENGTH = {"domain": 1.0, "kind": 0.6, "lane": 1.0, "urgency": 0.6}
"""Inverse regularisation of each linear SVM; between 0.3 and 2 little changes (cross-validation by author)."""
_BAYES, _SMOOTHING = 2 / 3, 0.3
"""What a complement naive Bayes (Rennie et al. 2003) adds to the domain, which has rare words: 0.821 to 0.833."""
_UNACCENTED = 0.5
"""Weight of a second copy of each row without diacritics: on such writing 0.757 to 0.790."""
_UNACCENTED_HINT = 0.3
_SECOND_LABEL = 0.4
"""Share of a row's weight that teaches its second acceptable domain: 0.818 to 0.827."""
_USUAL_LENGTH, _LIGHTEST, _HEAVIEST = 25, 0.5, 1.5
_MIN_DOCUMENTS = 2


@dataclass(frozen=True, slots=True)
class View:
    """Documents of rows and of hints, written in one way."""

    rows: Sequence[str]
    hints: Sequence[str]


@dataclass(frozen=True, slots=True)
class Learnable:
    """Rows and hints with their documents: `usual` as written, `plain` without diacritics."""

    rows: Sequence[Row]
    hints: Sequence[Hint]
    usual: View
    plain: View

    def targets(self, head: str) -> list[str]:
        """The label of each row."""
        return [str(getattr(row, head)) for row in self.rows]


def fit(data: Learnable, learn: Sequence[int], *, min_documents: int = _MIN_DOCUMENTS) -> Pipeline:
    """A pipeline from the rows with the given numbers and all hints; its confidence is not set right yet."""
    usual, plain = ([view.rows[row] for row in learn] for view in (data.usual, data.plain))
    weights = WordWeights.fit([*usual, *data.usual.hints], min_documents)
    rows = [data.rows[row] for row in learn]
    as_written, unaccented = weights.matrix(usual), weights.matrix(plain)
    both = vstack([as_written, unaccented]).tocsr()
    twice = np.concatenate([np.ones(len(rows)), np.full(len(rows), _UNACCENTED)])
    tables = {head: _table(head, both, [str(getattr(row, head)) for row in rows] * 2, twice) for head in HEADS[1:]}
    hints = (weights.matrix(data.usual.hints), weights.matrix(data.plain.hints))
    domain = _domain_table(rows, data.hints, (as_written, unaccented), hints, _length_weights(usual))
    return Pipeline(weights, {"domain": domain, **tables})


def _domain_table(
    rows: Sequence[Row],
    hints: Sequence[Hint],
    matrices: tuple[csr_matrix, csr_matrix],
    hint_matrices: tuple[csr_matrix, csr_matrix],
    lengths: Floats,
) -> Table:
    """The rows, their second labels, the rows without diacritics and the hints, each with its weight."""
    second = np.array([number for number, row in enumerate(rows) if row.domain_alt], dtype=np.int64)
    first_share = np.ones(len(rows))
    first_share[second] -= _SECOND_LABEL
    hint_weights = np.array([hint.weight for hint in hints])
    domains, hint_domains = [row.domain for row in rows], [hint.domain for hint in hints]
    labels = [*domains, *(str(rows[number].domain_alt) for number in second), *domains, *hint_domains, *hint_domains]
    weight = [
        lengths * first_share, lengths[second] * _SECOND_LABEL, np.full(len(rows), _UNACCENTED),
        hint_weights, hint_weights * _UNACCENTED_HINT,
    ]  # fmt: skip
    matrix = vstack([matrices[0], matrices[0][second], matrices[1], *hint_matrices]).tocsr()
    return _table("domain", matrix, labels, np.concatenate(weight))


def _length_weights(documents: Sequence[str]) -> Floats:
    """A long text shows more of its matter than a short one; a text of `_USUAL_LENGTH` words counts as one."""
    words = np.array([document.count(PLAIN) for document in documents])
    return np.clip(np.sqrt(words / _USUAL_LENGTH), _LIGHTEST, _HEAVIEST)


def _table(head: str, matrix: csr_matrix, labels: Sequence[str], weight: Floats) -> Table:
    """Rows of coefficients are centred, so that a positive one speaks for its label; the rare lanes weigh more."""
    balance = None if head == "domain" else "balanced"
    machine = LinearSVC(C=_STRENGTH[head], class_weight=balance, random_state=0, tol=1e-3)
    machine.fit(matrix, labels, sample_weight=weight)
    coefficients, offsets = _both_labels(machine)
    if head == "domain":
        bayes = ComplementNB(alpha=_SMOOTHING).fit(matrix, labels, sample_weight=weight)
        coefficients = coefficients + _BAYES * bayes.feature_log_prob_
    centred = coefficients - coefficients.mean(axis=0)
    return Table(tuple(map(str, machine.classes_)), centred.astype(np.float32), offsets.astype(np.float32))


def _both_labels(machine: LinearSVC) -> tuple[Floats, Floats]:
    """Of two labels scikit-learn keeps one row, which is the second label against the first."""
    table, offset = machine.coef_, machine.intercept_
    if len(table) > 1:
        return table, offset
    return np.vstack([-table, table]), np.concatenate([-offset, offset])
