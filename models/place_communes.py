"""What each commune that a text names can be today, given the district and province that it is named with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from models.place_mentions import LEVELS, Mention, mend
from models.place_units import Level, Target, Unit, Units
from models.place_words import Words, fold_all

Certainty = Literal["certain", "likely", "ambiguous"]
_NEAR = 2
_ALSO_PHRASES = frozenset(fold_all(one, 1) for one in ("hợp nhất", "thống nhất", "đoàn kết", "tự do", "độc lập"))
"""Names of communes that are common phrases in small letters."""
_OLD, _NEW, _NOW = frozenset({"cũ", "cu"}), frozenset({"mới", "moi"}), frozenset({"là", "la", "thuộc", "thuoc"})


@dataclass(frozen=True, slots=True)
class Context:
    """The district and province that a commune is named with; `loose` where they only stand elsewhere in the text."""

    district: Mention | None
    province: Mention | None
    loose: frozenset[Level]
    end: int

    @property
    def named(self) -> bool:
        """Whether a district or province is named together with the commune."""
        return any(self.given(level) and level not in self.loose for level in LEVELS[1:])

    def given(self, level: Level) -> Mention | None:
        """What is known of a level above the commune."""
        return self.district if level == "district" else self.province


@dataclass(frozen=True, slots=True)
class Answer:
    """What one mention of a commune can be."""

    targets: tuple[Target, ...]
    certainty: Certainty
    old: str
    decides: bool
    elsewhere: bool
    """Named with a district or province that has no such commune today or before 7/2025."""


class Communes:
    """The communes of one text; `home` is the official province where it arrived, "" for one that is not known."""

    def __init__(self, words: Words, mentions: Sequence[Mention], units: Units, home: str | None) -> None:
        self._words, self._mentions, self._units = words, mentions, units
        self._home = home

    def answers(self) -> list[Answer]:
        """One for each commune that is named and known to the tables, or that its district should have."""
        places = [place for place, one in enumerate(self._mentions) if one.level == "commune"]
        return [answer for answer in map(self._commune, places) if answer.targets or answer.elsewhere]

    def _commune(self, place: int) -> Answer:
        mention, context = self._mentions[place], self._context(place)
        fitting = self._fitting(mention, context) if self._meant(mention, context) else []
        if not fitting and (context.district or context.province):
            mention = mend(self._words, mention, self._pool(context), self._units)
            fitting = self._fitting(mention, context) if mention.mended else []
        kept, exact = self._preferred(fitting, mention, context)
        placed = context.district or context.province or self._home is not None
        targets = _targets(kept if exact or placed else [], by_district=context.district is not None)
        whole = {target for unit in kept for target in unit.targets}
        certainty = self._certainty(targets, mention, context, exact=exact and len(whole) == 1)
        old = self._words.written(mention.start, max(context.end, mention.end))
        elsewhere = bool(mention.plain and not targets and context.named)
        return Answer(targets, certainty, old, self._follows_now(mention), elsewhere)

    def _meant(self, mention: Mention, context: Context) -> bool:
        """In small letters, of one letter or a number a name may be anything, unless a higher unit backs it."""
        if mention.plain.isdecimal():
            return bool(context.named or context.district or self._home)
        capitals = len(mention.plain) > 1 and self._words.in_capitals(mention.name_start, mention.end)
        usual = " " in mention.plain and mention.marked not in _ALSO_PHRASES
        return context.named or capitals or (usual and self._home is not None)

    def _context(self, place: int) -> Context:
        chain = self._chain(place, 1) or self._chain(place, -1)
        found = {level: next((one for one in chain if one.level == level), None) for level in LEVELS[1:]}
        loose = {level: self._only(level) for level in LEVELS[1:] if found[level] is None}
        whole = found | loose
        end = max([one.end for one in chain if one.level == "district"], default=0)
        return Context(whole["district"], whole["province"], frozenset(loose), end)

    def _chain(self, place: int, step: int) -> list[Mention]:
        """The higher units that are named right after a mention, or right before it."""
        chain, current = [], self._mentions[place]
        following = self._mentions[place + 1 :] if step > 0 else self._mentions[:place][::-1]
        for other in following:
            first, second = sorted((current, other), key=lambda one: one.start)
            higher = LEVELS.index(other.level) > LEVELS.index(current.level)
            if not higher or second.start - first.end > _NEAR or not other.plain:
                break
            chain.append(other)
            current = other
        return chain

    def _only(self, level: Level) -> Mention | None:
        """The district or province of the text where it names no second one."""
        named = [one for one in self._mentions if one.level == level and one.plain]
        return named[0] if len({one.plain for one in named}) == 1 else None

    def _fitting(self, mention: Mention, context: Context) -> list[Unit]:
        units = [unit for unit in self._units.communes.get(mention.plain, ()) if self._at_home(unit, context)]
        for level in LEVELS[1:]:
            given = context.given(level)
            inside = [unit for unit in units if given and _lies_in(unit, given)]
            if given and (inside or level not in context.loose):
                units = inside
        return units

    def _at_home(self, unit: Unit, context: Context) -> bool:
        elsewhere = context.district or context.province
        return self._home is None or bool(elsewhere) or unit.targets[0].province == self._home

    def _pool(self, context: Context) -> set[str]:
        """The names that a misspelt commune can have."""
        inside = self._units.by_district.get(context.district.plain, []) if context.district else None
        if inside is None and context.province:
            inside = self._units.by_province.get(context.province.plain, [])
        return {unit.name.plain for unit in inside or ()}

    def _preferred(self, units: list[Unit], mention: Mention, context: Context) -> tuple[list[Unit], bool]:
        """Those that fit best, and whether their name and kind are just what is written."""
        for test in self._tests(mention, context):
            units = [unit for unit in units if test(unit)] or units
        named = all(unit.name.kind == mention.kind and _spelled(unit, mention) for unit in units)
        return units, named and not mention.mended

    def _tests(self, mention: Mention, context: Context) -> list[Callable[[Unit], bool]]:
        district, province = context.district, context.province
        tests: list[Callable[[Unit], bool]] = [
            lambda unit: self._home is None or unit.targets[0].province == self._home,
            lambda unit: _spelled(unit, mention),
            lambda unit: unit.name.marked == mention.marked or self._words.text.isascii(),
            lambda unit: unit.name.kind == mention.kind,
            lambda unit: district is None or (district.kind, district.plain) in unit.districts,
            lambda unit: district is None or not unit.is_new,
            lambda unit: province is None or _as_written_then_or_now(unit, province),
        ]
        age = self._age(mention)
        return tests if age is None else [lambda unit: unit.is_new == age, *tests]

    def _age(self, mention: Mention) -> bool | None:
        """True where the name is said to be of today, False where of before, None where neither is said."""
        after = set(self._words.marked[mention.end : mention.end + 1])
        if self._follows_now(mention) or after & _NEW:
            return True
        return False if after & _OLD else None

    def _follows_now(self, mention: Mention) -> bool:
        """Whether "nay là" or "nay thuộc" stands before; "hôm nay" and the like do not count."""
        before = self._words.marked[max(0, mention.start - 2) : mention.start]
        return before[:1] == ["nay"] and _NOW.issuperset(before[1:])

    def _certainty(self, targets: Sequence[Target], mention: Mention, context: Context, *, exact: bool) -> Certainty:
        if len(targets) != 1:
            return "ambiguous"
        if not mention.kind and not context.district:
            return "ambiguous"
        given = [one for one in (context.district, context.province) if one]
        placed = context.named or self._home is not None
        return "certain" if exact and placed and not any(one.mended for one in given) else "likely"


def _spelled(unit: Unit, mention: Mention) -> bool:
    return mention.marked in {unit.name.marked, unit.name.plain}


def _lies_in(unit: Unit, given: Mention) -> bool:
    if given.level == "district":
        return any(name == given.plain for _, name in unit.districts)
    return given.plain == unit.new_province or given.plain in unit.old_provinces


def _as_written_then_or_now(unit: Unit, province: Mention) -> bool:
    """Commune and province of one time, not an old commune with its new province."""
    return province.plain == unit.new_province if unit.is_new else province.plain in unit.old_provinces


def _targets(units: Sequence[Unit], *, by_district: bool) -> tuple[Target, ...]:
    """The communes of today that units can mean, those that bear the name first.

    Without a district the writer speaks of today; what bears the name today and took the main part of what bore it
    before is then the only one that can be meant.
    """
    ordered = sorted(units, key=lambda unit: not unit.is_new)
    targets = dict.fromkeys(target for unit in ordered for target in unit.targets)
    main = dict.fromkeys(unit.targets[0] for unit in ordered)
    today = not by_district and any(unit.is_new for unit in units)
    return tuple(main) if today and len(main) == 1 else tuple(targets)
