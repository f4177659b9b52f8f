"""Whether a newly trained model may take the place of the one at work: the exam decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from models.classifier import Classifier
from models.corpus_rows import Row
from models.evaluate import evaluate

_HALF_A_TEXT = 0.001
"""A change of F1 smaller than what half a text of the exam's 480 brings is none."""
_HELD_BACK, _ALARMS_RIGHT = 0.03, 0.70
"""What is always good enough: ordinary feedback held back as a tố cáo at most, alarms that are right at least."""


class _Rule(NamedTuple):
    """A figure of the exam: its words, whether less is better, and the value that is good enough in any case."""

    words: str
    less: bool = False
    enough: float | None = None


_RULES: Mapping[str, _Rule] = {
    "domain": _Rule("Lĩnh vực, đúng ngay"),
    "macro_f1": _Rule("Lĩnh vực, F1 bình quân"),
    "to_cao_found": _Rule("Tố cáo được tách riêng"),
    "restricted_wrongly": _Rule("Tách nhầm là tố cáo", less=True, enough=_HELD_BACK),
    "urgent_found": _Rule("Việc khẩn được nhận ra"),
    "alarms_right": _Rule("Báo khẩn đúng", enough=_ALARMS_RIGHT),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the exam with both models; shares between 0 and 1."""

    words: str
    old: float
    new: float
    worse: bool

    def line(self) -> str:
        """`Lĩnh vực, đúng ngay: 91,2% → 91,5%`, marked where it is worse."""
        mark = "  (kém hơn)" if self.worse else ""
        return f"{self.words}: {percent(self.old)} → {percent(self.new)}{mark}"


def sit_exam(model: Classifier, exam: Sequence[Row]) -> Classifier:
    """The same model, whose scores also tell how it did in the exam."""
    result = {name: round(value, 4) for name, value in evaluate(model, exam).summary().items()}
    scores = {**model.metadata.scores, "exam": result}
    return Classifier(model.pipeline, model.thresholds, replace(model.metadata, scores=scores))


def compare(old: Mapping[str, float], new: Mapping[str, float]) -> list[Figure]:
    """The figures that decide, from two summaries of the exam; a new model with a worse one is refused."""
    return [
        Figure(rule.words, old[name], new[name], _worse(rule, old[name], new[name])) for name, rule in _RULES.items()
    ]


def percent(share: float) -> str:
    """`91,2%`."""
    return f"{share:.1%}".replace(".", ",")


def _worse(rule: _Rule, old: float, new: float) -> bool:
    sign = -1 if rule.less else 1
    if rule.enough is not None and sign * new >= sign * rule.enough:
        return False
    return sign * new < sign * old - _HALF_A_TEXT
