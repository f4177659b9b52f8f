"""Learning from a labelled corpus: the same rows give the same model."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from models.classifier import Classifier, Metadata, Thresholds
from models.corpus_rows import CorpusError, Row, corpus_hash, parts, read_corpus
from models.crossval import (
    Flags,
    HeldOut,
    Learnable,
    by_author,
    by_domain,
    choose_abstention,
    choose_restriction,
    decided,
    hits,
    hold_out,
    signs_of,
    suspicion_of,
)
from models.hints import Hint, domain_hints
from models.libraries import library_versions
from models.pipeline import HEADS, build_pipeline, documents
from models.redact import redact

__all__ = ["CorpusError", "Row", "read_corpus", "train", "train_from"]


def train_from(directory: Path, trained_on: str = "") -> Classifier:
    """Train on the parts of the corpus in a directory; `trained_on` is the date to note in the model."""
    return train(read_corpus(parts(directory)), trained_on)


def train(rows: Sequence[Row], trained_on: str = "") -> Classifier:
    """A classifier with thresholds and scores from cross-validation on the same rows."""
    if not rows:
        raise CorpusError("Tập huấn luyện không có dòng nào.")
    with threadpool_limits(1):
        return _train(_learnable(sorted(rows, key=lambda row: row.id)), trained_on)


def _learnable(rows: Sequence[Row]) -> Learnable:
    texts = [redact(row.text) for row in rows]
    targets = {head: [str(getattr(row, head)) for row in rows] for head in HEADS}
    return Learnable(rows, texts, documents(texts), targets, _read_hints())


def _read_hints() -> list[Hint]:
    texts, domains = zip(*domain_hints(), strict=True)
    return list(zip(documents([redact(text) for text in texts]), domains, strict=True))


def _train(data: Learnable, trained_on: str) -> Classifier:
    known, new_writer = hold_out(data, by_domain(data)), hold_out(data, by_author(data))
    thresholds = _thresholds(data, (known, new_writer))
    scores = _scores(data, known, thresholds) | {"domain_new_writer": _share(hits(data.rows, new_writer))}
    corpus = corpus_hash(data.rows)
    metadata = Metadata(f"lr-{corpus}", trained_on, corpus, library_versions(), scores)
    return Classifier(build_pipeline().fit(data.documents, data.targets, data.hints), thresholds, metadata)


def _thresholds(data: Learnable, views: Sequence[HeldOut]) -> Thresholds:
    """Both views count alike: known writers are easier than service, new ones with missing domains are harder."""
    confidence = np.concatenate([view.given["domain"].max(axis=1) for view in views])
    hit = np.concatenate([hits(data.rows, view) for view in views])
    suspicion = np.concatenate([suspicion_of(view, signs_of(data.texts)) for view in views])
    accused = np.array([lane == "to_cao" for lane in data.targets["lane"]] * len(views))
    return Thresholds(
        abstain=choose_abstention(confidence[confidence > 0], hit[confidence > 0]),
        restrict=choose_restriction(suspicion, accused),
    )


def _scores(data: Learnable, held_out: HeldOut, thresholds: Thresholds) -> dict[str, float]:
    """Shares between 0 and 1 on rows that were held out, and the number of rows."""
    hit = hits(data.rows, held_out)
    sure = held_out.given["domain"].max(axis=1) >= thresholds.abstain
    proposed = decided(held_out, signs_of(data.texts), thresholds.restrict)
    right = {head: np.array(proposed[head]) == np.array(data.targets[head]) for head in proposed}
    accused = np.array(data.targets["lane"]) == "to_cao"
    return {
        "rows": float(len(data.rows)),
        "domain": _share(hit),
        "answered": _share(sure),
        "domain_when_answered": _share(hit[sure]),
        **{head: _share(flags) for head, flags in right.items()},
        "to_cao_found": _share(right["lane"][accused]),
        "restricted_wrongly": _share(np.array(proposed["lane"])[~accused] == "to_cao"),
        "urgent_found": _share(right["urgency"][np.array(data.targets["urgency"]) == "urgent"]),
    }


def _share(flags: Flags) -> float:
    return round(float(flags.mean()), 4) if len(flags) else 0.0
