"""Explicit signs of lane and urgency, which the model weighs, and the choice. In doubt the stricter one is proposed."""

from dataclasses import dataclass

from models import cues


@dataclass(frozen=True, slots=True)
class Signs:
    """Phrases found in a text, by what they are signs of."""

    wrongdoing: tuple[str, ...]
    accused: tuple[str, ...]
    denouncing: tuple[str, ...]
    contesting: tuple[str, ...]
    danger: tuple[str, ...]

    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many phrases there are of each sign."""
        return (
            ("wrongdoing", len(self.wrongdoing)),
            ("accused", len(self.accused)),
            ("denouncing", len(self.denouncing)),
            ("contesting", len(self.contesting)),
            ("danger", len(self.danger)),
        )

    def readable(self) -> tuple[str, ...]:
        """The signs of a lane, for the person who confirms it."""
        return (
            *cues.named(self.wrongdoing, "Hành vi"),
            *(cues.named(self.accused, "Người, đơn vị bị nêu") if self.wrongdoing or self.denouncing else ()),
            *cues.named(self.denouncing, "Dấu hiệu tố cáo"),
            *cues.named(self.contesting, "Không đồng ý quyết định, hành vi"),
        )


def read_signs(usual: str) -> Signs:
    """All signs in the usual words of a text, joined by blanks."""
    return Signs(*cues.SIGNS.found(usual))


def choose_lane(learnt: dict[str, float], threshold: float) -> str:
    """The lane proposed; at `threshold` of suspicion it is the restricted one (Law 25/2018 Art. 8.3)."""
    if learnt["to_cao"] >= threshold:
        return "to_cao"
    return "khieu_nai" if learnt["khieu_nai"] > learnt["phan_anh_kien_nghi"] else "phan_anh_kien_nghi"


def choose_urgency(learnt: dict[str, float], threshold: float) -> str:
    """The urgency proposed; at `threshold` it is urgent, even where another is likelier."""
    if learnt["urgent"] >= threshold:
        return "urgent"
    return "complex" if learnt["complex"] > learnt["normal"] else "normal"
