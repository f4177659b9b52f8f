"""What models say of rows that they have not seen."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.model_selection import GroupKFold, StratifiedKFold

from models.corpus_rows import Row
from models.learning import Learnable, fit
from models.pipeline import HEADS, Floats, softmax

_FOLDS = 3
_SHARPEST = 8.0
_NEVER = -30.0
"""Score of a label that the model of a fold has never met."""

Flags = NDArray[np.bool_]
Split = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """For each head its labels and, row by row, the scores given by a model that had not seen the row."""

    labels: Mapping[str, Sequence[str]]
    scores: Mapping[str, Floats]

    def given(self, head: str, sharpness: Mapping[str, float]) -> Floats:
        """Probabilities, a row for each that was judged and a column per label."""
        return softmax(self.scores[head] * sharpness[head])

    def best(self, head: str) -> list[str]:
        """The likeliest label of each row."""
        return [self.labels[head][place] for place in self.scores[head].argmax(axis=1)]


def hold_out(data: Learnable, splits: Iterable[Split], *, unaccented: bool = False) -> HeldOut:
    """Train on one side of each split and judge the other, as written or without its diacritics."""
    labels = {head: sorted(set(data.targets(head))) for head in HEADS}
    scores = {head: np.full((len(data.rows), len(labels[head])), _NEVER) for head in HEADS}
    documents = (data.plain if unaccented else data.usual).rows
    for learn, judge in splits:
        pipeline = fit(data, learn.tolist())
        judged = pipeline.scores(pipeline.weights.matrix([documents[row] for row in judge]))
        for head in HEADS:
            columns = np.array([labels[head].index(label) for label in pipeline.tables[head].labels])
            scores[head][np.ix_(judge, columns)] = judged[head]
    return HeldOut(labels, scores)


def service_like(data: Learnable) -> Iterator[Split]:
    """Folds that never divide a writer, since the way people write in service is new; any folds of a single writer."""
    authors = [row.author for row in data.rows]
    several = len(set(authors))
    if several > 1:
        yield from GroupKFold(min(_FOLDS, several)).split(authors, groups=authors)
    else:
        yield from _by_domain(data)


def _by_domain(data: Learnable) -> Iterator[Split]:
    """Random folds with every domain in each."""
    domains = data.targets("domain")
    fewest = min(domains.count(domain) for domain in set(domains))
    folds = StratifiedKFold(max(2, min(_FOLDS, fewest)), shuffle=True, random_state=0)
    yield from folds.split(domains, domains)


def hits(rows: Sequence[Row], held_out: HeldOut) -> Flags:
    """Where the domain is one of the two acceptable ones."""
    best = held_out.best("domain")
    return np.array([guess in (row.domain, row.domain_alt) for guess, row in zip(best, rows, strict=True)])


def choose_sharpness(data: Learnable, held_out: HeldOut) -> dict[str, float]:
    """For each head the power of the odds under which the held-out labels are likeliest (temperature scaling)."""
    return {head: _sharpness(held_out.scores[head], _accepted(data, held_out, head)) for head in HEADS}


def _accepted(data: Learnable, held_out: HeldOut, head: str) -> Flags:
    """Row by row, which labels are right."""
    right = [[str(getattr(row, head)), row.domain_alt if head == "domain" else None] for row in data.rows]
    return np.array([[label in pair for label in held_out.labels[head]] for pair in right])


def _sharpness(scores: Floats, accepted: Flags) -> float:
    def unlikelihood(power: float) -> float:
        return -float(np.log((softmax(scores * power) * accepted).sum(axis=1) + 1e-12).mean())

    return round(float(minimize_scalar(unlikelihood, bounds=(0.1, _SHARPEST), method="bounded").x), 3)
