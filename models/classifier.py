"""Texts of citizens to domain, kind, lane and urgency, each with what speaks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from models import cues
from models.lanes import choose_lane, choose_urgency, read_signs
from models.pipeline import Floats, Pipeline, document
from models.reasons import Reason, find_reasons, heaviest_terms
from models.redact import redact
from models.text import PLAIN, Reading, read

_ALTERNATIVES = 3
_SHORT = 12
_VIETNAMESE = "nội dung bằng tiếng Việt"
_FEWEST_KNOWN = 0.5
"""Of the distinct words of a text, the share that the model must know: below it the text is hardly Vietnamese."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A domain and its probability."""

    domain: str
    confidence: float


_NO_LANE = {"phan_anh_kien_nghi": 1.0, "khieu_nai": 0.0, "to_cao": 0.0}
_NO_URGENCY = {"normal": 1.0, "complex": 0.0, "urgent": 0.9}
"""What is taken as learnt of an unreadable text, so that any sign of danger in it still makes it urgent."""
_NOTHING_KNOWN = tuple(Alternative(domain, 0.0) for domain in ("other", "admin_procedure", "security_order"))


@dataclass(frozen=True, slots=True)
class Classification:
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
    """Chosen by cross-validation: below `abstain` a person chooses; at `restrict` a tố cáo is suspected."""

    abstain: float
    restrict: float


@dataclass(frozen=True, slots=True)
class Metadata:
    """Where a model comes from: `versions` of libraries, hash of its corpus, scores and date of training."""

    version: str
    trained_on: str
    corpus: str
    versions: Mapping[str, str]
    scores: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Row by row: reading, bounds in `terms` and `weights`, probabilities by head, best domains, known words."""

    readings: Sequence[Reading]
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

    def classify(self, texts: Sequence[str]) -> list[Classification]:
        """One classification per text, in order; never raises for what a text holds."""
        if not texts:
            return []
        readings = [read(redact(text)) for text in texts]
        batch = self._score(readings)
        return [self._judge(batch, row) for row in range(len(readings))]

    def _score(self, readings: Sequence[Reading]) -> _Batch:
        """All that is counted, for all rows at once."""
        matrix = self.pipeline.weights.matrix([document(reading) for reading in readings])
        scores = self.pipeline.probabilities(matrix)
        best = np.argsort(-scores["domain"], axis=1, kind="stable")[:, :_ALTERNATIVES]
        domain_of_term = np.repeat(best[:, 0], np.diff(matrix.indptr))
        return _Batch(
            readings,
            bounds=matrix.indptr.tolist(),
            terms=matrix.indices,
            weights=matrix.data * self.pipeline.coefficients["domain"][domain_of_term, matrix.indices],
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
        signs = read_signs(reading.usual)
        kinds = self._learnt("kind", batch, row)
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
            lane=choose_lane(
                self._learnt("lane", batch, row) if readable else _NO_LANE, signs, self.thresholds.restrict
            ),
            urgency=choose_urgency(self._learnt("urgency", batch, row) if readable else _NO_URGENCY, signs),
            reasons=self._reasons(batch, row) if readable else (),
            lane_signals=signs.readable(),
            model_version=self.metadata.version,
        )

    def _learnt(self, head: str, batch: _Batch, row: int) -> dict[str, float]:
        return dict(zip(self.pipeline.labels[head], batch.learnt[head][row], strict=True))

    def _alternatives(self, batch: _Batch, row: int) -> tuple[Alternative, ...]:
        labels, scores = self.pipeline.labels["domain"], batch.learnt["domain"][row]
        return tuple(Alternative(labels[place], round(scores[place], 4)) for place in batch.best[row])

    def _reasons(self, batch: _Batch, row: int) -> tuple[Reason, ...]:
        part = slice(batch.bounds[row], batch.bounds[row + 1])
        names = self.pipeline.weights.terms
        heaviest = heaviest_terms(batch.terms[part], batch.weights[part])
        return find_reasons(batch.readings[row], {names[term]: weight for term, weight in heaviest})


def _is_plain_word(term: str) -> bool:
    return term.startswith(PLAIN) and " " not in term and "#" not in term


def _readable(reading: Reading, known: int) -> bool:
    return known > 0 and known >= _FEWEST_KNOWN * len(set(reading.plain.split(" ")))


def _missing(usual: str, kind: str, *, abstained: bool) -> tuple[str, ...]:
    """What would have helped, in the words of the form."""
    words = usual.split(" ")
    place, short = kind == "incident" and not cues.PLACE.found(usual, set(words)), len(words) < _SHORT
    hints = {"sự việc cụ thể": abstained and short, "địa điểm": place, "yêu cầu cụ thể": abstained and not short}
    return tuple(hint for hint, needed in hints.items() if needed)
