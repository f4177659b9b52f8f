"""Learning from a labelled corpus: the same rows give the same model, whatever the machine."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import LeaveOneGroupOut, StratifiedKFold
from threadpoolctl import threadpool_limits

from models.artifact import library_versions
from models.classifier import Classifier, Metadata, Thresholds
from models.corpus_rows import CorpusError, Row, corpus_hash, read_corpus
from models.lanes import read_signs
from models.pipeline import HEADS, Floats, build_pipeline, documents
from models.redact import redact
from models.text import read_words

__all__ = ["CorpusError", "Row", "choose_abstention", "choose_restriction", "read_corpus", "train", "train_from"]

_FOLDS = 5
_WANTED_ACCURACY = 0.9
_WANTED_RECALL = 0.95
_RESTRICT_BETWEEN = (0.25, 0.5)

Split = tuple[NDArray[np.int64], NDArray[np.int64]]


def train_from(directory: Path, trained_on: str = "") -> Classifier:
    """Train on every *.jsonl of a directory; `trained_on` is the date to note in the model."""
    return train(read_corpus(directory.glob("*.jsonl")), trained_on)


def train(rows: Sequence[Row], trained_on: str = "") -> Classifier:
    """A classifier with thresholds and scores from cross-validation on the same rows."""
    if not rows:
        raise CorpusError("Tập huấn luyện không có dòng nào.")
    with threadpool_limits(1):
        return _train(sorted(rows, key=lambda row: row.id), trained_on)


def _train(rows: Sequence[Row], trained_on: str) -> Classifier:
    texts = [redact(row.text) for row in rows]
    read = documents(texts)
    targets = {head: [str(getattr(row, head)) for row in rows] for head in HEADS}
    labels, held_out = _cross_validate(read, targets, _folds(targets["domain"]))
    thresholds = Thresholds(
        abstain=choose_abstention(held_out["domain"].max(axis=1), _hits(rows, labels["domain"], held_out["domain"])),
        restrict=_restriction(texts, targets["lane"], labels["lane"], held_out["lane"]),
    )
    pipeline = build_pipeline().fit(read, targets)
    corpus = corpus_hash(rows)
    scores = _scores(rows, labels, held_out, thresholds) | {"rows": len(rows)} | _by_author(rows, read, targets)
    return Classifier(pipeline, thresholds, Metadata(f"lr-{corpus}", trained_on, corpus, library_versions(), scores))


def choose_abstention(confidence: Floats, hit: NDArray[np.bool_], wanted: float = _WANTED_ACCURACY) -> float:
    """The lowest confidence above which `wanted` of the answers are right (a point of the risk-coverage curve)."""
    order = np.argsort(-confidence, kind="stable")
    accuracy = np.cumsum(hit[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(accuracy >= wanted)
    return round(float(confidence[order[enough[-1]]]) if len(enough) else 1.0, 4)


def choose_restriction(suspicion: Floats, is_accusation: NDArray[np.bool_], wanted: float = _WANTED_RECALL) -> float:
    """The highest threshold of suspicion that still finds `wanted` of the tố cáo, kept within sensible bounds."""
    if not is_accusation.any():
        return _RESTRICT_BETWEEN[0]
    found_at = float(np.quantile(suspicion[is_accusation], 1 - wanted))
    return round(float(np.clip(found_at, *_RESTRICT_BETWEEN)), 4)


def _folds(domains: Sequence[str]) -> Iterator[Split]:
    fewest = min(domains.count(domain) for domain in set(domains))
    folds = StratifiedKFold(max(2, min(_FOLDS, fewest)), shuffle=True, random_state=0)
    yield from folds.split(domains, domains)


def _cross_validate(
    read: Sequence[str], targets: Mapping[str, Sequence[str]], splits: Iterator[Split]
) -> tuple[dict[str, tuple[str, ...]], dict[str, Floats]]:
    """Labels of each head, and for every document the probabilities given by a model that had not seen it."""
    labels = {head: tuple(sorted(set(targets[head]))) for head in HEADS}
    held_out = {head: np.zeros((len(read), len(labels[head]))) for head in HEADS}
    for learn, judge in splits:
        pipeline = build_pipeline().fit(
            [read[row] for row in learn], {head: [targets[head][row] for row in learn] for head in HEADS}
        )
        given = pipeline.probabilities(pipeline.weights.matrix([read[row] for row in judge]))
        for head in HEADS:
            columns = [labels[head].index(label) for label in pipeline.labels[head]]
            held_out[head][np.ix_(judge, columns)] = given[head]
    return labels, held_out


def _hits(rows: Sequence[Row], labels: Sequence[str], given: Floats) -> NDArray[np.bool_]:
    best = [labels[place] for place in given.argmax(axis=1)]
    return np.array([guess in (row.domain, row.domain_alt) for guess, row in zip(best, rows, strict=True)])


def _restriction(texts: Sequence[str], lanes: Sequence[str], labels: Sequence[str], given: Floats) -> float:
    signs = [read_signs(" ".join(word.usual for word in read_words(text))).accusation for text in texts]
    suspicion = given[:, labels.index("to_cao")] + np.array(signs)
    return choose_restriction(suspicion, np.array([lane == "to_cao" for lane in lanes]))


def _scores(
    rows: Sequence[Row], labels: Mapping[str, Sequence[str]], held_out: Mapping[str, Floats], thresholds: Thresholds
) -> dict[str, float]:
    hit = _hits(rows, labels["domain"], held_out["domain"])
    sure = held_out["domain"].max(axis=1) >= thresholds.abstain
    scores = {head: _agreement(rows, head, labels[head], held_out[head]) for head in HEADS if head != "domain"}
    return scores | {"domain": _share(hit), "coverage": _share(sure), "domain_when_sure": _share(hit[sure])}


def _agreement(rows: Sequence[Row], head: str, labels: Sequence[str], given: Floats) -> float:
    best = [labels[place] for place in given.argmax(axis=1)]
    return _share(np.array([guess == getattr(row, head) for guess, row in zip(best, rows, strict=True)]))


def _share(hits: NDArray[np.bool_]) -> float:
    return round(float(hits.mean()), 4) if len(hits) else 0.0


def _by_author(rows: Sequence[Row], read: Sequence[str], targets: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """The domain on texts of a writer whom the model has not read: a lower bound, writers having their own domains."""
    authors = [row.author for row in rows]
    if len(set(authors)) < 2:
        return {}
    splits = LeaveOneGroupOut().split(authors, groups=authors)
    labels, held_out = _cross_validate(read, targets, splits)
    return {"domain_by_author": _share(_hits(rows, labels["domain"], held_out["domain"]))}
