"""How good a classifier is on labelled rows, as a value and as a table for people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from casework.labels import DOMAINS
from models.classifier import Classification, Classifier
from models.corpus_rows import Row, read_evaluation
from models.domain_scores import DomainScore, accepts, domain_scores, macro_f1
from models.text import without_diacritics

__all__ = ["DomainScore", "Report", "Share", "evaluate", "read_evaluation"]

_BATCH = 64
_SUREST = 0.8
"""Of all texts: what a person would leave to the machine."""


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `count`."""

    hits: int
    count: int

    @property
    def value(self) -> float:
        """Between 0 and 1; 0 where there is nothing to count."""
        return self.hits / self.count if self.count else 0.0

    def __str__(self) -> str:
        return f"{self.value:6.1%}  ({self.hits}/{self.count})" if self.count else "     –"


@dataclass(frozen=True, slots=True)
class Report:
    """All shares count a domain right when it is either acceptable label of the row."""

    top1: Share
    top3: Share
    top1_plain: Share
    tiers: dict[str, tuple[Share, Share]]
    sure: Share
    surest: Share
    answered: Share
    kind: Share
    lane: Share
    to_cao_found: Share
    to_cao_wrong: Share
    urgency: Share
    urgent_found: Share
    alarms_right: Share
    domains: tuple[DomainScore, ...]

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the domains that the rows have."""
        return macro_f1(self.domains)

    def summary(self) -> dict[str, float]:
        """The figures that a model is promoted on, as shares between 0 and 1."""
        return {
            "domain": self.top1.value,
            "domain_in_three": self.top3.value,
            "macro_f1": self.macro_f1,
            "domain_unaccented": self.top1_plain.value,
            "to_cao_found": self.to_cao_found.value,
            "restricted_wrongly": self.to_cao_wrong.value,
            "urgent_found": self.urgent_found.value,
            "alarms_right": self.alarms_right.value,
        }

    def lines(self) -> list[str]:
        """A table in Vietnamese."""
        return [
            f"Lĩnh vực, đúng ngay              {self.top1}",
            f"Lĩnh vực, trong 3 gợi ý          {self.top3}",
            f"Lĩnh vực, F1 bình quân           {self.macro_f1:6.3f}",
            f"Lĩnh vực, viết không dấu         {self.top1_plain}",
            *(f"Nhóm {tier}: đúng ngay {first}; trong 3 {third}" for tier, (first, third) in self.tiers.items()),
            f"Máy tự đề xuất (không cần người) {self.answered}",
            f"Đúng khi máy tự đề xuất          {self.sure}",
            f"Đúng trong {_SUREST:.0%} chắc chắn nhất    {self.surest}",
            f"Loại phản ánh                    {self.kind}",
            f"Loại nội dung                    {self.lane}",
            f"Tố cáo được tách riêng           {self.to_cao_found}",
            f"Tách nhầm là tố cáo              {self.to_cao_wrong}",
            f"Mức độ                           {self.urgency}",
            f"Việc khẩn được nhận ra           {self.urgent_found}",
            f"Báo khẩn đúng                    {self.alarms_right}",
            "",
            "Lĩnh vực                                             đúng   đủ     F1    số",
            *(_domain_line(score) for score in self.domains),
        ]


def evaluate(classifier: Classifier, rows: Sequence[Row]) -> Report:
    """Measure on rows; heads without labels in the rows get an empty share."""
    given = _classify(classifier, [row.text for row in rows])
    plain = _classify(classifier, [without_diacritics(row.text) for row in rows])
    pairs = list(zip(given, rows, strict=True))
    return Report(
        top1=_share(_first, pairs),
        top3=_share(_among_three, pairs),
        top1_plain=_share(_first, list(zip(plain, rows, strict=True))),
        tiers={tier: _tier(pairs, tier) for tier in sorted({row.tier for row in rows if row.tier})},
        sure=_share(_first, [pair for pair in pairs if not pair[0].abstained]),
        surest=_share(_first, _surest(pairs)),
        answered=_share(lambda one, _: not one.abstained, pairs),
        kind=_share(lambda one, row: one.kind == row.kind, [pair for pair in pairs if pair[1].kind]),
        lane=_share(lambda one, row: one.lane == row.lane, [pair for pair in pairs if pair[1].lane]),
        to_cao_found=_share(_restricted, [pair for pair in pairs if pair[1].lane == "to_cao"]),
        to_cao_wrong=_share(_restricted, [pair for pair in pairs if pair[1].lane not in ("to_cao", None)]),
        urgency=_share(lambda one, row: one.urgency == row.urgency, [pair for pair in pairs if pair[1].urgency]),
        urgent_found=_share(
            lambda one, _: one.urgency == "urgent", [pair for pair in pairs if pair[1].urgency == "urgent"]
        ),
        alarms_right=_share(
            lambda _, row: row.urgency == "urgent",
            [pair for pair in pairs if pair[1].urgency and pair[0].urgency == "urgent"],
        ),
        domains=domain_scores([one.domain for one in given], rows),
    )


Pair = tuple[Classification, Row]


def _classify(classifier: Classifier, texts: Sequence[str]) -> list[Classification]:
    return [one for start in range(0, len(texts), _BATCH) for one in classifier.classify(texts[start : start + _BATCH])]


def _share(is_hit: Callable[[Classification, Row], bool], pairs: Sequence[Pair]) -> Share:
    return Share(sum(is_hit(one, row) for one, row in pairs), len(pairs))


def _surest(pairs: Sequence[Pair]) -> Sequence[Pair]:
    return sorted(pairs, key=lambda pair: -pair[0].confidence)[: round(_SUREST * len(pairs))]


def _first(one: Classification, row: Row) -> bool:
    return accepts(row, one.domain)


def _among_three(one: Classification, row: Row) -> bool:
    return any(accepts(row, each.domain) for each in one.alternatives)


def _restricted(one: Classification, _: Row) -> bool:
    return one.lane == "to_cao"


def _tier(pairs: Sequence[Pair], tier: str) -> tuple[Share, Share]:
    inside = [pair for pair in pairs if pair[1].tier == tier]
    return _share(_first, inside), _share(_among_three, inside)


def _domain_line(score: DomainScore) -> str:
    name = DOMAINS[score.domain][:50]
    return f"{name:50}  {score.precision:5.0%}  {score.recall:5.0%}  {score.f1:5.2f}  {score.count:4d}"
