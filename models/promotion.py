"""Whether a newly trained model may take the place of the one at work: the exam decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from models.classifier import Classifier
from models.corpus_rows import Row
from models.evaluate import evaluate
from models.figures import FIGURES

_HALF_A_TEXT = 0.001
"""A change of F1 smaller than what half a text of the exam's 480 brings is none."""
_DECIDING = ("domain", "macro_f1", "to_cao_found", "restricted_wrongly", "urgent_found", "alarms_right")
_TARGET_IS_ENOUGH = ("restricted_wrongly", "alarms_right")
"""Good enough where their target is met, however good the old model was."""


@dataclass(frozen=True, slots=True)
class Compared:
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


def compare(old: Mapping[str, float], new: Mapping[str, float]) -> list[Compared]:
    """The figures that decide, from two summaries of the exam; a new model with a worse one is refused."""
    return [
        Compared(FIGURES[name].words, old[name], new[name], _worse(name, old[name], new[name])) for name in _DECIDING
    ]


def percent(share: float) -> str:
    """`91,2%`."""
    return f"{share:.1%}".replace(".", ",")


def _worse(name: str, old: float, new: float) -> bool:
    if name in _TARGET_IS_ENOUGH and FIGURES[name].met(new):
        return False
    sign = -1 if FIGURES[name].less else 1
    return sign * new < sign * old - _HALF_A_TEXT
