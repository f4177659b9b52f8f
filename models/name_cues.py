"""What the words before a word say of it: that a person is named, that a place is, or nothing."""

import re
from collections.abc import Sequence
from enum import IntEnum

from models import name_words as known
from models.text import PLACEHOLDERS

_WORD = re.compile(r"[\w/.'’]*[\w'’]|[,;:!?()\n]|\.(?=\s)")
_LEFT = 32
_MOST_WORDS = 4
_BREAKS = frozenset(",\n")
_MARKS = " ,.:;!?()\n"


class Cue(IntEnum):
    """How surely the next word names a person, from not at all to whatever it may be."""

    PLACE = 0
    NONE = 1
    STRICT = 2
    LISTED = 3
    SOFT = 4
    SURE = 5


_PHRASES = (
    dict.fromkeys(known.PLACE, Cue.PLACE)
    | dict.fromkeys(known.DEEDS, Cue.STRICT)
    | dict.fromkeys(known.SOFT, Cue.SOFT)
    | dict.fromkeys(known.GROUPS, Cue.LISTED)
    | dict.fromkeys(known.SURE, Cue.SURE)
)


def lower(text: str) -> str:
    """The text in lower case with every code point in its place."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(one if len(one.lower()) > 1 else one.lower() for one in text)


def words_before(low: str, start: int) -> list[str]:
    """Up to four words and marks before a place, none where a sentence ends there; a new line or comma is the last."""
    before = low[max(0, start - _LEFT) : start]
    head = before.rstrip()
    broken = "\n" if "\n" in before[len(head) :] else head[-1:]
    if broken in _BREAKS:
        return [*_WORD.findall(head.rstrip(_MARKS))[1 - _MOST_WORDS :], broken]
    if head.rstrip(" (-–").endswith(PLACEHOLDERS["phone"]):
        return ["liên hệ"]
    words = _WORD.findall(head.rstrip(":"))[-_MOST_WORDS:]
    titled = broken == "." and words[-1:] and words[-1] in known.TITLES_WITH_DOT
    return words if broken.isalnum() or broken == ":" or titled else []


def cue_of(words: Sequence[str]) -> Cue:
    """The cue that the last of the given words are."""
    if not words:
        return Cue.NONE
    last = words[-1]
    if last in _BREAKS:
        return Cue.SOFT if _ends_in(words[:-1], known.SIGNED) else Cue.NONE
    if last in {"là", "la"} and len(words) > 1 and words[-2] not in {"tên", "ten"}:
        return _cue_of_being(words[:-1])
    for length in range(min(len(words), _MOST_WORDS), 0, -1):
        cue = _PHRASES.get(" ".join(words[-length:]))
        if cue is not None:
            return _beside(cue, words, length)
    if last not in known.SELF:
        return Cue.NONE
    return Cue.SOFT if len(words) > 1 and words[-2] in known.KIN else Cue.STRICT


def _beside(cue: Cue, words: Sequence[str], length: int) -> Cue:
    """A cue seen with what stands before it ("chợ bà") and how it ends ("trưởng thôn", before the name of a thôn)."""
    before = words[-length - 1] if len(words) > length else ""
    if cue > Cue.STRICT and length == 1 and before in known.NOT_BEFORE_PERSON:
        return Cue.PLACE
    if before in known.SEVERAL:
        return min(cue, Cue.LISTED)
    return Cue.STRICT if cue is Cue.SOFT and length > 1 and words[-1] in known.PLACE else cue


def _cue_of_being(words: Sequence[str]) -> Cue:
    """What the words before "là" make of the word after it."""
    nouns = known.SELF | known.KIN | known.PERSON_NOUNS
    if words[-1] in nouns or cue_of(words) >= Cue.LISTED:
        return Cue.SOFT
    return Cue.STRICT if known.PLACE.isdisjoint(words) else Cue.NONE


def _ends_in(words: Sequence[str], phrases: frozenset[str]) -> bool:
    return any(" ".join(words[-length:]) in phrases for length in range(1, _MOST_WORDS))
