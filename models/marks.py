"""What a text shows beside its words: where it begins and ends, how long it is, what it asks, signs of a lane."""

import re

from models.lanes import Signs
from models.text import PLACEHOLDERS, PLAIN, Reading

BREAK = "|"
"""Stands between the parts of a document: no pair of words reaches across it."""
START, END = "^", "$"
MARK = "§"
_LONGEST = 6
_PLACEHOLDER = re.compile("|".join(map(re.escape, PLACEHOLDERS.values())))


def document(reading: Reading, signs: Signs) -> str:
    """What the vectoriser reads: the words, the same without diacritics between `START` and `END`, and the marks.

    Of unaccented writing only the second view is read; how a text opens and closes tells what kind it is. What stands
    for personal data is left out: who writes must not change the domain.
    """
    usual, plain = _unnamed(reading.usual), _unnamed(reading.plain)
    first = "" if usual.isascii() else f"{usual} {BREAK} "
    return f"{first}{START} {plain} {END} {BREAK} {' '.join(_marks(reading, signs))}"


def is_said(term: str) -> bool:
    """Whether a term of a document can be pointed at in the text."""
    return not (MARK in term or START in term or END in term)


def is_useful(term: str) -> bool:
    """Whether a term of one to three words is worth a column: three words help only without diacritics."""
    words = term.split(" ")
    if len(words) == 1:
        return term not in (BREAK, START, END)
    return BREAK not in words and MARK not in term and (len(words) == 2 or words[1].startswith(PLAIN))


def _unnamed(words: str) -> str:
    return _PLACEHOLDER.sub(BREAK, words) if "[" in words else words


def _marks(reading: Reading, signs: Signs) -> list[str]:
    length = min(_LONGEST, (reading.usual.count(" ") + 1).bit_length() - 1)
    asked = [mark for mark in "?!" if mark in reading.text]
    last = ["asks"] if reading.text.rstrip().endswith("?") else []
    several = [f"{name}s" for name, count in signs.counts() if count > 1]
    both = ["accusation"] if signs.wrongdoing and signs.accused else []
    named = [name for name, count in signs.counts() if count]
    return [MARK + mark for mark in (f"length{length}", *asked, *last, *named, *several, *both)]
