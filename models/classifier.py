"""Texts of citizens to domain, kind, lane and urgency, each with what speaks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from models import cues
from models.lanes import Signs, choose_lane, choose_urgency, read_signs
from models.marks import document, is_said
from models.pipeline import Floats, Pipeline
from models.reasons import Reason, find_reasons, heaviest_terms
from models.redact import redact
from models.text import PLAIN, Reading, read

_ALTERNATIVES = 3
_SHORT = 12
_VIETNAMESE = "nội dung bằng tiếng Việt"
_FEWEST_KNOWN = 0.5
"""Of the distinct words of a text, the share that the model must know: below it the text is hardly Vietnamese."""


class Alternative(msgspec.Struct, frozen=True):
    """A domain and its probability."""

    domain: str
    confidence: float


_NOTHING_KNOWN = tuple(Alternative(domain, 0.0) for domain in ("other", "admin_procedure", "security_order"))


class Classification(msgspec.Struct, frozen=True):
    """What is proposed for a text; `text` is redacted, in NFC, and offsets of `reasons` are its code points."""

    text: str
    domain: str
    confidence: float
    alternatives: tuple[Alternative, ...]
    abstained: bool
    missing: tuple[str, ...]
    kind: str
    lane: str
    urgency: str
    reasons: tuple[Reason, ...]
    lane_signals: tuple[str, ...]
    model_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Chosen by cross-validation: below `abstain` a person chooses; at `restrict` a tố cáo is suspected.

    At `alarm` a text is proposed as urgent.
    """

    abstain: float
    restrict: float
    alarm: float


@dataclass(frozen=True, slots=True)
class Metadata:
    """Where a model comes from: `versions` of libraries, hash of its corpus, scores and date of training.

    `base` is the hash of our own corpus without the `corrections` that people in service made.
    """

    version: str
    trained_on: str
    corpus: str
    versions: Mapping[str, str]
    scores: Mapping[str, Any] = field(default_factory=dict)
    base: str = ""
    corrections: int = 0


@dataclass(frozen=True, slots=True)
class _Batch:
    """Row by row: reading, signs, bounds in `terms` and `weights`, probabilities by head, best domains, known words."""

    readings: Sequence[Reading]
    signs: Sequence[Signs]
    bounds: Sequence[int]
    terms: NDArray[np.int32]
    weights: Floats
    learnt: Mapping[str, Sequence[Sequence[float]]]
    best: Sequence[Sequence[int]]
    known: Sequence[int]


class Classifier:
    """A fitted pipeline with its thresholds; safe to share between threads."""

    def __init__(self, pipeline: Pipeline, thresholds: Thresholds, metadata: Metadata) -> None:
        self.pipeline = pipeline
        self.thresholds = thresholds
        self.metadata = metadata
        self._plain_word = np.array([_is_plain_word(term) for term in pipeline.weights.terms])
        self._said = np.array([is_said(term) for term in pipeline.weights.terms])

    def classify(self, texts: Sequence[str]) -> list[Classification]:
        """One classification per text, in order; never raises for what a text holds."""
        if not texts:
            return []
        readings = [read(redact(text)) for text in texts]
        batch = self._score(readings)
        return [self._judge(batch, row) for row in range(len(readings))]

    def _score(self, readings: Sequence[Reading]) -> _Batch:
        """All that is counted, for all rows at once."""
        signs = [read_signs(reading.usual) for reading in readings]
        matrix = self.pipeline.weights.matrix(list(map(document, readings, signs)))
        scores = self.pipeline.probabilities(matrix)
        best = np.argsort(-scores["domain"], axis=1, kind="stable")[:, :_ALTERNATIVES]
        domain_of_term = np.repeat(best[:, 0], np.diff(matrix.indptr))
        return _Batch(
            readings,
            signs,
            bounds=matrix.indptr.tolist(),
            terms=matrix.indices,
            weights=matrix.data * self._said[matrix.indices] * self.pipeline.for_domain(matrix.indices, domain_of_term),
            learnt={head: table.tolist() for head, table in scores.items()},
            best=best.tolist(),
            known=self._known(matrix),
        )

    def _known(self, matrix: csr_matrix) -> Sequence[int]:
        """How many distinct words of each text the model knows."""
        counts = np.concatenate([[0], np.cumsum(self._plain_word[matrix.indices])])
        return list((counts[matrix.indptr[1:]] - counts[matrix.indptr[:-1]]).tolist())

    def _judge(self, batch: _Batch, row: int) -> Classification:
        reading = batch.readings[row]
        readable = _readable(reading, batch.known[row])
        alternatives = self._alternatives(batch, row) if readable else _NOTHING_KNOWN
        signs, kinds = batch.signs[row], self._learnt("kind", batch, row)
        kind = max(kinds, key=kinds.__getitem__)
        abstained = not readable or alternatives[0].confidence < self.thresholds.abstain
        return Classification(
            text=reading.text,
            domain=alternatives[0].domain,
            confidence=alternatives[0].confidence,
            alternatives=alternatives,
            abstained=abstained,
            missing=_missing(reading.usual, kind, abstained=abstained) if readable else (_VIETNAMESE,),
            kind=kind,
            lane=self._lane(batch, row) if readable else "phan_anh_kien_nghi",
            urgency=self._urgency(batch, row) if readable else _urgency_unread(signs),
            reasons=self._reasons(batch, row) if readable else (),
            lane_signals=signs.readable(),
            model_version=self.metadata.version,
        )

    def _lane(self, batch: _Batch, row: int) -> str:
        return choose_lane(self._learnt("lane", batch, row), self.thresholds.restrict)

    def _urgency(self, batch: _Batch, row: int) -> str:
        return choose_urgency(self._learnt("urgency", batch, row), self.thresholds.alarm)

    def _learnt(self, head: str, batch: _Batch, row: int) -> dict[str, float]:
        return dict(zip(self.pipeline.tables[head].labels, batch.learnt[head][row], strict=True))

    def _alternatives(self, batch: _Batch, row: int) -> tuple[Alternative, ...]:
        labels, scores = self.pipeline.tables["domain"].labels, batch.learnt["domain"][row]
        return tuple(Alternative(labels[place], round(scores[place], 4)) for place in batch.best[row])

    def _reasons(self, batch: _Batch, row: int) -> tuple[Reason, ...]:
        part = slice(batch.bounds[row], batch.bounds[row + 1])
        names = self.pipeline.weights.terms
        heaviest = heaviest_terms(batch.terms[part], batch.weights[part])
        return find_reasons(batch.readings[row], {names[term]: weight for term, weight in heaviest})


def _is_plain_word(term: str) -> bool:
    return term.startswith(PLAIN) and " " not in term and "#" not in term


def _urgency_unread(signs: Signs) -> str:
    """Any sign of danger makes an unreadable text urgent."""
    return "urgent" if signs.danger else "normal"


def _readable(reading: Reading, known: int) -> bool:
    return known > 0 and known >= _FEWEST_KNOWN * len(set(reading.plain.split(" ")))


def _missing(usual: str, kind: str, *, abstained: bool) -> tuple[str, ...]:
    """What would have helped, in the words of the form."""
    place = kind == "incident" and not cues.PLACES.any_in(usual)
    short = usual.count(" ") + 1 < _SHORT
    hints = {"sự việc cụ thể": abstained and short, "địa điểm": place, "yêu cầu cụ thể": abstained and not short}
    return tuple(hint for hint, needed in hints.items() if needed)
