"""Learning from a labelled corpus: the same rows give the same model."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from casework.labels import LANES, URGENCIES
from models.classifier import Classifier, Metadata, Thresholds
from models.corpus_rows import CorpusError, Row, corpus_hash, parts, read_corpus
from models.crossval import Flags, HeldOut, choose_sharpness, hits, hold_out, service_like
from models.domain_scores import confusions, domain_scores
from models.hints import domain_hints
from models.lanes import choose_lane, choose_urgency, read_signs
from models.learning import Learnable, View, fit
from models.libraries import library_versions
from models.marks import document
from models.pipeline import Floats
from models.redact import redact
from models.text import read, without_diacritics
from models.thresholds import choose_abstention, choose_alarm, choose_restriction

__all__ = ["CorpusError", "Row", "learnable", "read_corpus", "train", "train_from"]

_MOST_CONFUSED = 15


def train_from(directory: Path, trained_on: str = "") -> Classifier:
    """Train on the parts of the corpus in a directory; `trained_on` is the date to note in the model."""
    return train(read_corpus(parts(directory)), trained_on)


def train(rows: Sequence[Row], trained_on: str = "", corrections: Sequence[Row] = ()) -> Classifier:
    """A classifier with thresholds and scores from cross-validation on the same rows; `corrections` are more rows."""
    if not rows:
        raise CorpusError("Tập huấn luyện không có dòng nào.")
    with threadpool_limits(1):
        model = _train(learnable([*rows, *corrections]), trained_on)
    origin = replace(model.metadata, base=corpus_hash(rows), corrections=len(corrections))
    return Classifier(model.pipeline, model.thresholds, origin)


def learnable(rows: Sequence[Row]) -> Learnable:
    """The rows in order of their ids, and all hints, as documents."""
    ordered, hints = sorted(rows, key=lambda row: row.id), domain_hints()
    texts, terms = [row.text for row in ordered], [hint.text for hint in hints]
    usual = View(documents(texts), documents(terms))
    plain = View(*(documents([without_diacritics(text) for text in written]) for written in (texts, terms)))
    return Learnable(ordered, hints, usual, plain)


def documents(texts: Sequence[str]) -> list[str]:
    """What the vectoriser reads of each text."""
    readings = (read(redact(text)) for text in texts)
    return [document(reading, read_signs(reading.usual)) for reading in readings]


def _train(data: Learnable, trained_on: str) -> Classifier:
    held_out = hold_out(data, service_like(data))
    sharpness = choose_sharpness(data, held_out)
    thresholds = _thresholds(data, held_out, sharpness)
    corpus = corpus_hash(data.rows)
    scores = _scores(data, held_out, sharpness, thresholds)
    metadata = Metadata(f"svm-{corpus}", trained_on, corpus, library_versions(), scores)
    return Classifier(fit(data, range(len(data.rows))).sharpened(sharpness), thresholds, metadata)


def _thresholds(data: Learnable, held_out: HeldOut, sharpness: Mapping[str, float]) -> Thresholds:
    confidence = held_out.given("domain", sharpness).max(axis=1)
    suspicion, danger = (_chance(held_out, sharpness, *label) for label in (("lane", "to_cao"), ("urgency", "urgent")))
    return Thresholds(
        abstain=choose_abstention(confidence, hits(data.rows, held_out)),
        restrict=choose_restriction(suspicion, np.array(data.targets("lane")) == "to_cao"),
        alarm=choose_alarm(danger, np.array(data.targets("urgency")) == "urgent"),
    )


def _chance(held_out: HeldOut, sharpness: Mapping[str, float], head: str, label: str) -> Floats:
    """The probability of one label, row by row."""
    given, labels = held_out.given(head, sharpness), held_out.labels[head]
    return given[:, labels.index(label)] if label in labels else np.zeros(len(given))


def _scores(
    data: Learnable, held_out: HeldOut, sharpness: Mapping[str, float], thresholds: Thresholds
) -> dict[str, Any]:
    """Shares between 0 and 1 on rows of writers that were held out, the number of rows, and where it is weak."""
    hit = hits(data.rows, held_out)
    sure = held_out.given("domain", sharpness).max(axis=1) >= thresholds.abstain
    proposed = {
        "kind": held_out.best("kind"),
        "lane": [choose_lane(each, thresholds.restrict) for each in _learnt(held_out, sharpness, "lane")],
        "urgency": [choose_urgency(each, thresholds.alarm) for each in _learnt(held_out, sharpness, "urgency")],
    }
    right = {head: np.array(proposed[head]) == np.array(data.targets(head)) for head in proposed}
    accused, urgent = np.array(data.targets("lane")) == "to_cao", np.array(data.targets("urgency")) == "urgent"
    return {
        "rows": float(len(data.rows)),
        "domain": _share(hit),
        "answered": _share(sure),
        "domain_when_answered": _share(hit[sure]),
        **{head: _share(flags) for head, flags in right.items()},
        "to_cao_found": _share(right["lane"][accused]),
        "restricted_wrongly": _share(np.array(proposed["lane"])[~accused] == "to_cao"),
        "urgent_found": _share(right["urgency"][urgent]),
        "alarms_right": _share(urgent[np.array(proposed["urgency"]) == "urgent"]),
        **_weaknesses(data, held_out),
    }


def _weaknesses(data: Learnable, held_out: HeldOut) -> dict[str, list[dict[str, Any]]]:
    """Scores of every domain, and the pairs of domains that were confused most."""
    best = held_out.best("domain")
    return {
        "domains": [asdict(score) for score in domain_scores(best, data.rows)],
        "confused": [asdict(pair) for pair in confusions(best, data.rows)[:_MOST_CONFUSED]],
    }


def _learnt(held_out: HeldOut, sharpness: Mapping[str, float], head: str) -> list[dict[str, float]]:
    """Probability by label for each row; a label that the corpus lacks has none."""
    nothing = dict.fromkeys({"lane": LANES, "urgency": URGENCIES}[head], 0.0)
    return [
        nothing | dict(zip(held_out.labels[head], given, strict=True))
        for given in held_out.given(head, sharpness).tolist()
    ]


def _share(flags: Flags) -> float:
    return round(float(flags.mean()), 4) if len(flags) else 0.0
