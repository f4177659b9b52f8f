"""Dossier codes of three generations: TT 01/2018 with QCVN 102/2016, QĐ 20/2020, TT 04/2025."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

Generation = Literal["tt_01_2018", "qd_20_2020", "tt_04_2025"]

_DAY_AND_NUMBER = r"-(?P<day>\d{{6}})-{owner}(?P<number>\d{{4,12}})"
_FIRST = r"(?P<unit>\d{3}\.[0-9A-Z]{2}\.[0-9A-Z]{2}\.[A-Z]\d{2})" + _DAY_AND_NUMBER.format(owner="")
_OWNED = r"(?P<unit>[A-Z]\d{2}\.\d{3}\.\d{2})" + _DAY_AND_NUMBER.format(owner="(?P<owner>[0-9A-Z]{2})")
_SECOND = r"(?P<unit>[A-Z]\d{2}(?:\.\d{1,3}){0,3})" + _DAY_AND_NUMBER.format(owner="")
_PATTERNS: tuple[tuple[Generation, re.Pattern[str]], ...] = (
    ("tt_01_2018", re.compile(_FIRST, re.ASCII)),
    ("tt_04_2025", re.compile(_OWNED, re.ASCII)),
    ("qd_20_2020", re.compile(_SECOND, re.ASCII)),
)


@dataclass(frozen=True, slots=True)
class DossierCode:
    """A code taken apart. `unit` names the agency of that time, perhaps abolished since, so it decides nothing."""

    generation: Generation
    unit: str
    day: date
    owner: str | None
    number: int


def day_of(text: str) -> date | None:
    """The day that a code names, as `parse_code` has it: much cheaper, for every fold asks."""
    found = _match(text)
    return _day(found[1]["day"]) if found else None


def parse_code(text: str) -> DossierCode | None:
    """The parts of a code, or null where it is of no known generation or its day is not in the calendar.

    YYMMDD is the date of receipt; the sequence may exceed four digits; `owner` is AA of TT 04/2025, Art. 13.3.
    """
    found = _match(text)
    return _taken_apart(found[0], found[1].groupdict()) if found else None


def _match(text: str) -> tuple[Generation, re.Match[str]] | None:
    for generation, pattern in _PATTERNS:
        match = pattern.fullmatch(text)
        if match is not None:
            return generation, match
    return None


def _taken_apart(generation: Generation, parts: dict[str, str]) -> DossierCode | None:
    day = _day(parts["day"])
    if day is None:
        return None
    return DossierCode(generation, parts["unit"], day, parts.get("owner"), int(parts["number"]))


def _day(text: str) -> date | None:
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return None
