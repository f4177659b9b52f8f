"""The communes of 7/2025 and the units that they were made of, by name: the table that underthesea 9.5.0 brings
(from vietnamadminunits 1.0.4), with what it leaves out in `places.txt`.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, NamedTuple

from models.text import place_tone, without_diacritics

Level = Literal["commune", "district", "province"]
KINDS: Mapping[str, Level] = {
    "phường": "commune", "xã": "commune", "thị trấn": "commune", "đặc khu": "commune",
    "quận": "district", "huyện": "district", "thị xã": "district", "thành phố": "district", "tỉnh": "province",
}  # fmt: skip
WORD = re.compile(r"\d+|[^\W\d_]+")
_KIND = re.compile(rf"(?:{'|'.join(KINDS)}) ", re.IGNORECASE)
_SHORTEST_MENDED = 5
_ONE_LETTER = str.maketrans("yýỳỷỹỵ", "iíìỉĩị")


class TablesMissingError(RuntimeError):
    """underthesea is not installed, or in a version without the table of addresses."""


class Target(NamedTuple):
    """A commune of today and its province, as they are officially written."""

    commune: str
    province: str


@lru_cache(maxsize=32_768)
def fold(word: str) -> tuple[str, str]:
    """A word as names are compared: without diacritics, and with them; i for y, one tone placement, "08" as "8"."""
    if word.isdecimal():
        number = str(int(word))
        return number, number
    marked = place_tone(word.casefold()).translate(_ONE_LETTER)
    return without_diacritics(marked), marked


class Name(NamedTuple):
    """A name without its kind: `plain` and `marked` are folded words joined by blanks."""

    kind: str
    plain: str
    marked: str


@lru_cache(maxsize=16_384)
def read_name(official: str) -> Name:
    """From "Phường Hà Tu"; a name without a kind has the kind ""; blanks, hyphens and apostrophes part its words."""
    kind = (_KIND.match(official) or [""])[0]
    words = [fold(word) for word in WORD.findall(official, len(kind))]
    return Name(kind.casefold().strip(), " ".join(plain for plain, _ in words), " ".join(marked for _, marked in words))


@dataclass(frozen=True, slots=True)
class Unit:
    """A commune, of today or before 7/2025 (`is_new` false); provinces and districts are plain names.

    `targets` are the communes of today that its area belongs to, the main one first. `districts` and `old_provinces`
    are those that a commune of today was made of.
    """

    name: Name
    is_new: bool
    new_province: str
    old_provinces: frozenset[str]
    districts: frozenset[tuple[str, str]]
    targets: tuple[Target, ...]


@dataclass(slots=True)
class Units:
    """All units by plain name; `provinces` gives the plain name that a written province stands for."""

    communes: dict[str, list[Unit]] = field(default_factory=lambda: defaultdict(list))
    districts: dict[str, str] = field(default_factory=dict)
    marks: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    provinces: dict[str, str] = field(default_factory=dict)
    province_starts: set[str] = field(default_factory=set)
    official: dict[str, str] = field(default_factory=dict)
    by_district: dict[str, list[Unit]] = field(default_factory=lambda: defaultdict(list))
    by_province: dict[str, list[Unit]] = field(default_factory=lambda: defaultdict(list))

    def names(self, level: Level) -> Mapping[str, object]:
        """What units of a level are called, plain; aliases included."""
        tables: dict[Level, Mapping[str, object]] = {"commune": self.communes, "district": self.districts}
        return tables.get(level, self.provinces)

    def meant(self, level: Level, plain: str) -> str:
        """The name that an alias of a district or province stands for; any other as it is."""
        aliases: dict[Level, Mapping[str, str]] = {"district": self.districts, "province": self.provinces}
        return aliases.get(level, {}).get(plain, plain)

    def province_today(self, written: str) -> str | None:
        """The official name of today's province for any name of a province, old or new."""
        return self.official.get(self.provinces.get(read_name(written).plain, ""))


def load_units() -> Units:
    """Read both tables; about a quarter of a second. TablesMissingError where underthesea has none."""
    notes = [line.split(" ", 1) for line in files("models").joinpath("places.txt").read_text("utf-8").splitlines()]
    spelled = {_squeezed(name): name for kind, name in notes if kind == "name"}
    records = [_spelled_out(record, spelled) for record in _table()]
    units = Units()
    for record in records:
        _add_names(units, record)
    for unit in (*_old(records), *_new(records)):
        _add(units, unit)
    for kind, note in notes:
        if kind in {"province", "district"}:
            _add_alias(units, kind, *note.split(" = "))
    units.province_starts |= {plain.split(" ")[0] for plain in units.provinces}
    return units


def spelled_alike(plain: str, names: Iterable[str]) -> list[str]:
    """Those names that one letter added, left out, changed or swapped with its neighbour turns it into.

    Numbers and names of fewer than five letters are too close to each other to be mended.
    """
    if len(plain) < _SHORTEST_MENDED:
        return []
    return sorted({name for name in names if abs(len(name) - len(plain)) <= 1 and _one_slip(plain, name)})


def _one_slip(one: str, other: str) -> bool:
    """Whether nothing but a letter or two swapped ones is left between a common beginning and a common end."""
    start = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    if len(longer) > len(shorter):
        return longer[start + 1 :] == shorter[start:]
    swapped = one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]
    return swapped or one[start + 1 :] == other[start + 1 :]


def _table() -> list[dict[str, Any]]:
    """Read as a file: importing underthesea takes half a second."""
    found = find_spec("underthesea")
    folders = (found.submodule_search_locations if found else None) or []
    paths = [path for folder in folders if (path := Path(folder, "address", "data", "mapping.json")).is_file()]
    if not paths:
        raise TablesMissingError("underthesea 9.5.0 with address/data/mapping.json is needed")
    return list(json.loads(paths[0].read_text("utf-8"))["ward_mapping"])


def _squeezed(name: str) -> str:
    return name.casefold().replace(" ", "")


def _spelled_out(record: dict[str, Any], spelled: Mapping[str, str]) -> dict[str, Any]:
    for side in ("old", "new"):
        name = f"{side}_ward"
        record[name] = record[name] or spelled.get(record[f"{name}_key"], "")
    return record


def _add_names(units: Units, record: Mapping[str, Any]) -> None:
    old, new = read_name(record["old_province"]), read_name(record["new_province"])
    district = read_name(record["old_district"])
    units.official[old.plain] = units.official[new.plain] = record["new_province"]
    units.provinces[old.plain] = old.plain
    units.districts[district.plain] = district.plain
    for name in (old, district):
        units.marks[name.plain].add(name.marked)


def _add_alias(units: Units, kind: str, written: str, meant: str) -> None:
    alias, name = read_name(written), read_name(meant)
    (units.provinces if kind == "province" else units.districts)[alias.plain] = name.plain
    units.marks[alias.plain].add(alias.marked)


def _add(units: Units, unit: Unit) -> None:
    units.communes[unit.name.plain].append(unit)
    for district in {plain for _, plain in unit.districts}:
        units.by_district[district].append(unit)
    for province in {unit.new_province, *unit.old_provinces}:
        units.by_province[province].append(unit)


def _old(records: Iterable[Mapping[str, Any]]) -> Iterator[Unit]:
    """One per commune before 7/2025; islands that were districts without communes have none."""
    parts = _grouped(records, "old_province", "old_district", "old_ward")
    for (province, district, ward), options in parts.items():
        main_first = sorted(options, key=lambda option: not option.get("is_default"))
        if ward:
            yield _unit(ward, (), [(province, district)], main_first)


def _new(records: Iterable[Mapping[str, Any]]) -> Iterator[Unit]:
    for (_, ward), parts in _grouped(records, "new_province", "new_ward").items():
        yield _unit(ward, ("new",), {(part["old_province"], part["old_district"]) for part in parts}, parts[:1])


def _grouped(records: Iterable[Mapping[str, Any]], *fields: str) -> dict[tuple[str, ...], list[Mapping[str, Any]]]:
    groups = defaultdict(list)
    for record in records:
        groups[tuple(record[name] for name in fields)].append(record)
    return groups


def _unit(ward: str, new: tuple[str, ...], places: Iterable[tuple[str, str]], options: list[Mapping[str, Any]]) -> Unit:
    districts = [(read_name(province).plain, read_name(district)) for province, district in places]
    return Unit(
        read_name(ward),
        is_new=bool(new),
        new_province=read_name(options[0]["new_province"]).plain,
        old_provinces=frozenset(province for province, _ in districts),
        districts=frozenset((district.kind, district.plain) for _, district in districts),
        targets=tuple(Target(option["new_ward"], option["new_province"]) for option in options),
    )
