"""The commune and province of today that a text or an address names; old names lead to the communes of 1/7/2025.

Nothing is guessed: where what is written fits two communes, both are offered and none is chosen.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from models.place_communes import Answer, Certainty, Communes
from models.place_mentions import Mention, find_mentions
from models.place_units import Target, Units, load_units
from models.place_words import Words
from models.text import clean

_MOST_OFFERED = 6
_SINCE = "(theo địa giới từ 1/7/2025)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is named: `commune` and `province` by their official names of today, `old` as written, without streets.

    `certainty`: "certain" where names and kinds are right and fit one place only; "likely" where that took a mend
    (diacritics, a slip of one letter, another kind, a missing district or province); "ambiguous" where several places
    fit: those few that do are the `alternatives`. `commune` is None where none is named or several fit.
    """

    commune: str | None
    province: str | None
    old: str
    certainty: Certainty
    alternatives: tuple[str, ...] = ()

    @property
    def ambiguous(self) -> bool:
        """Whether a person has to choose."""
        return self.certainty == "ambiguous"


class AreaFinder:
    """Reads the tables at the first need; safe to share between threads. `province` is where texts arrive, or empty."""

    def __init__(self, province: str) -> None:
        self._province = province or None
        self._lock = threading.Lock()
        self._places: Places | None = None

    def place(self, text: str) -> Place | None:
        """The place that a text names."""
        with self._lock:
            if self._places is None:
                self._places = Places.load()
        return self._places.find_place(text, self._province)

    def area(self, text: str) -> str | None:
        """The commune, where one and only one is surely named."""
        place = self.place(text)
        return place.commune if place is not None and place.certainty == "certain" else None


def area_words(place: Place) -> str:
    """For people: "Phường Hà Tu, tỉnh Quảng Ninh (theo địa giới từ 1/7/2025)", or which of several is open."""
    province = place.province and place.province[0].lower() + place.province[1:]
    if place.commune is None and place.alternatives:
        return f"chưa rõ: {' hay '.join(place.alternatives)} {_SINCE}"
    named = ", ".join(part for part in (place.commune, province) if part)
    if not named:
        return f"chưa rõ: “{place.old}”"
    return f"{named[0].upper()}{named[1:]} {_SINCE}"


class Places:
    """Finds places in texts; immutable once made, safe to share between threads."""

    def __init__(self, units: Units) -> None:
        self._units = units

    @classmethod
    def load(cls) -> "Places":
        """Reads the tables: about half a second, 35 MB. TablesMissingError where underthesea has none."""
        return cls(load_units())

    def find_place(self, text: str, province: str | None = None) -> Place | None:
        """The place that a text of any length names, or None where it names none.

        `province` (any name, old or new) is where the text arrived: it settles what the text leaves open, and counts
        for nothing where the text names another. Of a province that the tables do not know no commune is found.
        """
        words = Words(clean(text))
        mentions = find_mentions(words, self._units)
        home = None if province is None else (self._units.province_today(province) or "")
        answers = Communes(words, mentions, self._units, home).answers()
        answers = [answer for answer in answers if answer.decides] or answers
        if any(answer.targets for answer in answers):
            return _joined(answers)
        return self._above(words, [one for one in mentions if one.plain and one.level != "commune"], home)

    def _above(self, words: Words, named: Sequence[Mention], home: str | None) -> Place | None:
        """What a text names that names no commune: provinces or districts, of which some islands are one commune."""
        parts = [self._parts(one, home) for one in named if one.level == "district"]
        provinces = dict.fromkeys(self._units.official[one.plain] for one in named if one.level == "province")
        provinces = provinces or dict.fromkeys(target.province for part in parts for target in part)
        if not provinces:
            return None
        islands = {target.commune for part in parts for target in part if len(part) == len(parts) == 1}
        sure: Certainty = "likely" if any(one.mended for one in named) else "certain"
        return Place(
            commune=next(iter(islands), None),
            province=next(iter(provinces)) if len(provinces) == 1 else None,
            old=words.written(named[0].start, named[0].end),
            certainty=sure if len(provinces) == 1 else "ambiguous",
            alternatives=tuple(provinces) if 1 < len(provinces) <= _MOST_OFFERED else (),
        )

    def _parts(self, district: Mention, home: str | None) -> list[Target]:
        """The communes of today that a district became, of the home province where it has such a district."""
        units = self._units.by_district.get(district.plain, [])
        units = [unit for unit in units if (district.kind, district.plain) in unit.districts] or units
        targets = dict.fromkeys(target for unit in units for target in unit.targets)
        return [target for target in targets if target.province == home] or list(targets)


def _joined(answers: Sequence[Answer]) -> Place:
    """One place from all communes of a text; several different ones are left open."""
    first = answers[0]
    sure = [answer for answer in answers if answer.certainty != "ambiguous"]
    targets = dict.fromkeys(target for answer in sure or answers for target in answer.targets)
    if len(targets) == 1 and sure and all(set(targets) & set(answer.targets) for answer in answers):
        (only,) = targets
        best = min(sure, key=lambda answer: ("certain", "likely").index(answer.certainty))
        return Place(commune=only.commune, province=only.province, old=best.old, certainty=best.certainty)
    whole = dict.fromkeys(target for answer in answers for target in answer.targets)
    provinces = {target.province for target in whole}
    return Place(
        commune=None,
        province=provinces.pop() if len(provinces) == 1 else None,
        old=first.old,
        certainty="ambiguous",
        alternatives=tuple(_offered(list(whole))) if len(whole) <= _MOST_OFFERED else (),
    )


def _offered(targets: Sequence[Target]) -> list[str]:
    """Communes by name, with their provinces where these differ."""
    one_province = len({target.province for target in targets}) == 1
    return [target.commune if one_province else f"{target.commune} ({target.province})" for target in targets]
