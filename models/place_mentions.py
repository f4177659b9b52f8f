"""Where a text names a commune, district or province, with its kind ("phường 12", "Q.1") or without ("…, Gò Vấp")."""

from bisect import insort
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from models.place_units import KINDS, Level, Units, spelled_alike
from models.place_words import KIND_STARTS, Words, fold_all

LEVELS: tuple[Level, ...] = ("commune", "district", "province")
_MUNICIPALITIES = frozenset({"ha noi", "ho chi minh", "hai phong", "da nang", "can tho", "hue"})
_NO_PLACE_AFTER = frozenset(
    fold_all(
        "đường phố ngõ ngách hẻm lộ tốc cầu chợ trường chùa hồ sông ga viên kcn nghiệp thị cư ty thôn ấp bản xóm khóm "
        "làng quán sạn hàng ông bà anh chị em cô chú bác duong ngo hem cau truong chua",
        1,
    ).split()
)
"""Before a bare name these make it a street, a building, a hamlet or a person."""
_PLACE_AFTER = frozenset({"ở", "o", "tại", "tai", "về", "ve", "quê", "que", "thuộc", "thuoc", "của", "cua"})
_NO_NUMBERS = frozenset({"huyện", "xã", "thị trấn", "thị xã", "thành phố", "đặc khu", "tỉnh"})
_AND = frozenset({"và", "va"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A named unit: words [start, end), its name from `name_start`; `kind` is "" where none is written.

    `plain` is "" where no unit is called so (such a mention ends where its name starts); `mended` says that a
    misspelt name was read as the only one that it can be.
    """

    level: Level
    kind: str
    plain: str
    marked: str
    start: int
    name_start: int
    end: int
    mended: bool = False


def find_mentions(words: Words, units: Units) -> list[Mention]:
    """All mentions in the order of the text; they do not overlap."""
    found = _Scan(words, units).run()
    whole = list(found)
    for mention in found:
        below: Mention | None = mention
        while below and below.level != "commune":
            below = _segment_before(words, below, whole, units)
            if below:
                insort(whole, below, key=lambda one: one.start)
    return whole


class _Scan:
    """One pass over a text from left to right."""

    def __init__(self, words: Words, units: Units) -> None:
        self._words, self._units = words, units
        self._found: list[Mention] = []

    def run(self) -> list[Mention]:
        place, plain, marked = 0, self._words.plain, self._words.marked
        while place < len(plain):
            mention = self._kinded(place) if marked[place] in KIND_STARTS else None
            if mention is None and self._found:
                mention = self._following(place) or self._more_numbers(place)
            if mention is None and plain[place] in self._units.province_starts:
                mention = self._province(place)
            self._found += [mention] if mention else []
            place = mention.end if mention else place + 1
        return self._found

    def _kinded(self, place: int) -> Mention | None:
        kind, name = self._words.kind(place)
        if not kind:
            return None
        level = self._level(kind, name)
        return self._named(level, kind, place, name) or self._misspelt(level, kind, place, name)

    def _misspelt(self, level: Level, kind: str, start: int, name: int) -> Mention | None:
        """A district or province where it can only be one; what a commune can be depends on those."""
        unknown = Mention(level, kind, "", "", start, name, name)
        if level == "commune":
            return unknown
        mended = mend(self._words, unknown, self._units.names(level), self._units)
        return mended if mended.mended else None

    def _named(self, level: Level, kind: str, start: int, name: int) -> Mention | None:
        end = self._name_end(level, name)
        if end == name or self._goes_on(name, end) or (self._words.typed[name].isdecimal() and kind in _NO_NUMBERS):
            return None
        marked = " ".join(self._words.marked[name:end])
        plain = " ".join(self._words.plain[name:end])
        if not self._words.in_capitals(name, end) and not self._spelled(level, name, end):
            return None
        return Mention(level, kind, self._units.meant(level, plain), marked, start, name, end)

    def _goes_on(self, name: int, end: int) -> bool:
        """Whether the name goes on beyond the end, and not with the unit above it."""
        above = (self._units.provinces, self._units.districts)
        follows = any(self._words.longest(end, names) > end for names in above)
        return self._words.goes_on(name, end) and not follows

    def _name_end(self, level: Level, name: int) -> int:
        """The end of the longest name that starts here, rather one with the right diacritics; `name` for none."""
        names = self._units.names(level)
        reach = range(self._words.name_end(name), name, -1)
        ends = [end for end in reach if " ".join(self._words.plain[name:end]) in names]
        return next((end for end in ends if self._spelled(level, name, end)), ends[0] if ends else name)

    def _spelled(self, level: Level, name: int, end: int) -> bool:
        """Whether the diacritics are right, or none are typed."""
        plain, marked = " ".join(self._words.plain[name:end]), " ".join(self._words.marked[name:end])
        if marked == plain or level != "commune":
            return marked == plain or marked in self._units.marks[plain]
        return any(unit.name.marked == marked for unit in self._units.communes[plain])

    def _level(self, kind: str, name: int) -> Level:
        """A city may be a province or a district: what is called so decides."""
        if kind != "thành phố":
            return KINDS[kind]
        end = self._words.longest(name, self._units.provinces)
        province = self._units.provinces.get(" ".join(self._words.plain[name:end]), "")
        is_district = self._words.longest(name, self._units.districts) > name
        return "province" if province in _MUNICIPALITIES or (province and not is_district) else "district"

    def _bare(self, level: Level, place: int) -> Mention | None:
        """A name without its kind: its diacritics must be right, or none be typed at all."""
        mention = None if self._words.typed[place].isdecimal() else self._named(level, "", place, place)
        return mention if mention and self._spelled(level, place, mention.end) else None

    def _following(self, place: int) -> Mention | None:
        """Right after a commune or district, a bare name is the unit above it."""
        last = self._found[-1]
        if last.end != place or last.level == "province" or self._words.gap(place).strip(" ,-–(\u00a0"):
            return None
        return self._bare("province", place) or (self._bare("district", place) if last.level == "commune" else None)

    def _more_numbers(self, place: int) -> Mention | None:
        """The 7 in "phường 5, 7" or "phường 5 và 7"."""
        words, last = self._words, self._found[-1]
        numbers = words.typed[place].isdecimal() and last.level == "commune" and last.plain.isdecimal()
        if not numbers or place - last.end > 1 or not _AND.issuperset(words.marked[last.end : place]):
            return None
        listed = not words.joined(place + 1) or words.marked[place + 1] in _AND | KIND_STARTS
        return self._named("commune", last.kind, place, place) if listed else None

    def _province(self, place: int) -> Mention | None:
        mention = self._bare("province", place)
        return mention if mention and self._stands_for_itself(mention) else None

    def _stands_for_itself(self, mention: Mention) -> bool:
        words, start = self._words, mention.start
        before = words.marked[start - 1] if words.joined(start) else ""
        if before in _NO_PLACE_AFTER or "-" in words.gap(start):
            return False
        alone = not words.joined(start) and not words.joined(mention.end)
        part_of_name = before and words.typed[start - 1].istitle()
        return before in _PLACE_AFTER or alone or (words.in_capitals(start, mention.end) and not part_of_name)


def mend(words: Words, mention: Mention, names: Collection[str], units: Units) -> Mention:
    """The mention with the only one of `names` that its own is a slip away from; else as it was."""
    start = mention.name_start
    for end in range(min(words.name_end(start), start + 4), start, -1):
        if words.goes_on(start, end) or not words.in_capitals(start, end):
            continue
        near = spelled_alike(" ".join(words.plain[start:end]), names)
        if len(near) == 1:
            return replace(mention, plain=units.meant(mention.level, near[0]), end=end, mended=True)
    return mention


def _segment_before(words: Words, mention: Mention, whole: Sequence[Mention], units: Units) -> Mention | None:
    """The bare name that fills the part of an address before a district or province: "Bến Nghé" in "Bến Nghé, Q1"."""
    end = start = mention.start
    first = max((one.end for one in whole if one.end <= end), default=0)
    while start > first and (start == end or words.joined(start)):
        start -= 1
    if start == end or words.joined(start) or words.stopped(end):
        return None
    start += words.marked[start] in _PLACE_AFTER
    plain, marked = " ".join(words.plain[start:end]), " ".join(words.marked[start:end])
    for level, spellings in _spellings_below(mention, plain, units):
        if plain and (marked == plain or marked in spellings):
            return Mention(level, "", units.meant(level, plain), marked, start, start, end)
    return None


def _spellings_below(mention: Mention, plain: str, units: Units) -> list[tuple[Level, set[str]]]:
    """How units of that plain name below a district or province are spelled, districts first; without the levels
    that have none.
    """
    below = units.by_district if mention.level == "district" else units.by_province
    inside = below.get(mention.plain, [])
    districts = units.marks[plain] if any(plain == name for unit in inside for _, name in unit.districts) else set()
    communes = {unit.name.marked for unit in inside if unit.name.plain == plain}
    found: list[tuple[Level, set[str]]] = [("district", districts), ("commune", communes)]
    return [(level, names) for level, names in found if names and LEVELS.index(level) < LEVELS.index(mention.level)]
