"""Lane and urgency: what was learnt, put together with explicit signs. When in doubt the stricter one is proposed."""

from dataclasses import dataclass

from models import cues

_WRONGDOING, _WITH_ACCUSED, _DENOUNCING, _CONTESTING, _DANGER = 0.25, 0.15, 0.1, 0.3, 0.2
"""What a sign adds to a learnt probability."""
_MOST_DANGER = 3


@dataclass(frozen=True, slots=True)
class Signs:
    """Phrases found in a text, by what they are signs of."""

    wrongdoing: tuple[str, ...]
    accused: tuple[str, ...]
    denouncing: tuple[str, ...]
    contesting: tuple[str, ...]
    danger: tuple[str, ...]

    @property
    def accusation(self) -> float:
        """What the signs add to the probability of a tố cáo (Law 25/2018 Art. 2.1): an act, and somebody who did it."""
        act = _WRONGDOING * bool(self.wrongdoing)
        actor = _WITH_ACCUSED * bool(self.wrongdoing and self.accused)
        return act + actor + _DENOUNCING * bool(self.denouncing)

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
    words = set(usual.split(" "))
    tables = (cues.WRONGDOING, cues.ACCUSED, cues.DENOUNCING, cues.CONTESTING, cues.DANGER)
    return Signs(*(table.found(usual, words) for table in tables))


def choose_lane(learnt: dict[str, float], signs: Signs, threshold: float) -> str:
    """The lane proposed; at `threshold` of suspicion it is the restricted one (Law 25/2018 Art. 8.3)."""
    if learnt["to_cao"] + signs.accusation >= threshold:
        return "to_cao"
    contested = learnt["khieu_nai"] + _CONTESTING * bool(signs.contesting)
    return "khieu_nai" if contested > learnt["phan_anh_kien_nghi"] else "phan_anh_kien_nghi"


def choose_urgency(learnt: dict[str, float], signs: Signs) -> str:
    """The urgency proposed; each sign of danger, up to three, makes it more urgent."""
    danger = _DANGER * min(len(signs.danger), _MOST_DANGER)
    raised = {**learnt, "urgent": learnt["urgent"] + danger}
    return max(raised, key=raised.__getitem__)
