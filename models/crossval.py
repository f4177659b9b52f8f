"""What models say of rows that they have not seen, and the thresholds chosen from that."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold, StratifiedKFold

from models.corpus_rows import Row
from models.hints import Hint
from models.lanes import Signs, choose_lane, choose_urgency, read_signs
from models.pipeline import HEADS, Floats, build_pipeline
from models.text import read

_FOLDS = 3
_WANTED_ACCURACY = 0.9
_WANTED_RECALL = 0.9
"""Of tố cáo; 0.95 would restrict one report in eight that is none, and what everybody ignores protects nobody."""
_RESTRICT_BETWEEN = (0.25, 0.6)

Flags = NDArray[np.bool_]
Split = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Learnable:
    """Rows with their texts (redacted), documents, targets and hints for the domain."""

    rows: Sequence[Row]
    texts: Sequence[str]
    documents: Sequence[str]
    targets: Mapping[str, Sequence[str]]
    hints: Sequence[Hint]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """For each head its labels and, row by row, the probabilities given by a model that had not seen the row."""

    labels: Mapping[str, Sequence[str]]
    given: Mapping[str, Floats]

    def learnt(self, head: str, row: int) -> dict[str, float]:
        """Probability by label."""
        return dict(zip(self.labels[head], self.given[head][row].tolist(), strict=True))


def hold_out(data: Learnable, splits: Iterable[Split]) -> HeldOut:
    """Train on one side of each split and judge the other."""
    labels = {head: sorted(set(data.targets[head])) for head in HEADS}
    given = {head: np.zeros((len(data.rows), len(labels[head]))) for head in HEADS}
    for learn, judge in splits:
        targets = {head: [data.targets[head][row] for row in learn] for head in HEADS}
        pipeline = build_pipeline().fit([data.documents[row] for row in learn], targets, data.hints)
        judged = pipeline.probabilities(pipeline.weights.matrix([data.documents[row] for row in judge]))
        for head in HEADS:
            columns = np.array([labels[head].index(label) for label in pipeline.labels[head]])
            given[head][np.ix_(judge, columns)] = judged[head]
    return HeldOut(labels, given)


def by_domain(data: Learnable) -> Iterator[Split]:
    """Random folds with every domain in each."""
    domains = data.targets["domain"]
    fewest = min(domains.count(domain) for domain in set(domains))
    folds = StratifiedKFold(max(2, min(_FOLDS, fewest)), shuffle=True, random_state=0)
    yield from folds.split(domains, domains)


def by_author(data: Learnable) -> Iterator[Split]:
    """Folds that never divide a writer, none where there is one writer: the way people write is new, as in service."""
    authors = [row.author for row in data.rows]
    if len(set(authors)) > 1:
        yield from GroupKFold(min(_FOLDS, len(set(authors)))).split(authors, groups=authors)


def hits(rows: Sequence[Row], held_out: HeldOut) -> Flags:
    """Where the domain is one of the two acceptable ones."""
    best = [held_out.labels["domain"][place] for place in held_out.given["domain"].argmax(axis=1)]
    return np.array([guess in (row.domain, row.domain_alt) for guess, row in zip(best, rows, strict=True)])


def signs_of(texts: Sequence[str]) -> list[Signs]:
    """Explicit signs of each text."""
    return [read_signs(read(text).usual) for text in texts]


def choose_abstention(confidence: Floats, hit: Flags, wanted: float = _WANTED_ACCURACY) -> float:
    """The lowest confidence above which `wanted` of the answers are right (a point of the risk-coverage curve)."""
    order = np.argsort(-confidence, kind="stable")
    accuracy = np.cumsum(hit[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(accuracy >= wanted)
    return round(float(confidence[order[enough[-1]]]) if len(enough) else 1.0, 4)


def choose_restriction(suspicion: Floats, is_accusation: Flags, wanted: float = _WANTED_RECALL) -> float:
    """The highest threshold of suspicion that still finds `wanted` of the tố cáo, kept within sensible bounds."""
    if not is_accusation.any():
        return _RESTRICT_BETWEEN[0]
    found_at = float(np.quantile(suspicion[is_accusation], 1 - wanted))
    return round(float(np.clip(found_at, *_RESTRICT_BETWEEN)), 4)


def suspicion_of(held_out: HeldOut, signs: Sequence[Signs]) -> Floats:
    """What is held against `choose_restriction`'s threshold."""
    learnt = [held_out.learnt("lane", row).get("to_cao", 0.0) for row in range(len(signs))]
    return np.array(learnt, dtype=np.float64) + np.array([each.accusation for each in signs], dtype=np.float64)


def decided(held_out: HeldOut, signs: Sequence[Signs], restrict: float) -> dict[str, list[str]]:
    """Lane and urgency as the classifier would propose them, and the likeliest kind."""
    rows = range(len(signs))
    kinds = held_out.labels["kind"]
    return {
        "kind": [kinds[place] for place in held_out.given["kind"].argmax(axis=1)],
        "lane": [choose_lane(held_out.learnt("lane", row), signs[row], restrict) for row in rows],
        "urgency": [choose_urgency(held_out.learnt("urgency", row), signs[row]) for row in rows],
    }
