"""Clean-up of Vietnamese text as small pure functions, and the words with the places they were read from."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from models.teencode import MEANINGS

PLACEHOLDERS = {
    "phone": "[số điện thoại]",
    "email": "[email]",
    "paper": "[số giấy tờ]",
    "plate": "[biển số]",
    "account": "[số tài khoản]",
    "name": "[họ tên]",
    "address": "[địa chỉ]",
}
PLAIN = "~"
"""Marks a word of the view without diacritics, so that it never meets a word that was typed so."""

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TOKEN = re.compile(rf"(\w+|{'|'.join(map(re.escape, PLACEHOLDERS.values()))})")
_DIGITS = re.compile(r"\d+")
_LONG_RUN = re.compile(r"(.)\1{2,}")
_TONE_PLACES = "oà>òa oá>óa oả>ỏa oã>õa oạ>ọa oè>òe oé>óe oẻ>ỏe oẽ>õe oẹ>ọe uỳ>ùy uý>úy uỷ>ủy uỹ>ũy uỵ>ụy"
_TONE_ON_LAST: dict[str, str] = dict(re.findall(r"(\S+)>(\S+)", _TONE_PLACES))
_TONE_BEFORE_LAST = {new: old for old, new in _TONE_ON_LAST.items()}
_LONGEST_WORD = 40
_LONGEST_TEXT = 100_000


class Reading(NamedTuple):
    """A text as the model reads it: its words in their usual spelling and without diacritics, joined by blanks.

    Both hold the same number of words; those of `plain` carry the mark `PLAIN`. For each word `spans` has the code
    points [start, end) of the text that it was read from.
    """

    text: str
    usual: str
    plain: str
    spans: Sequence[tuple[int, int]]


def clean(text: str) -> str:
    """The text in NFC without what cannot be stored or seen: control characters become spaces, broken ones U+FFFD."""
    if text.isascii():
        return _CONTROL.sub(" ", text)
    whole = _SURROGATE.sub("\ufffd", text)
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", _CONTROL.sub(" ", whole)))


def without_diacritics(text: str) -> str:
    """Vietnamese as typed on a keyboard without marks: "Đường hỏng" gives "Duong hong"."""
    if text.isascii():
        return text
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return bare.replace("đ", "d").replace("Đ", "D")


def place_tone(word: str) -> str:
    """One spelling for both customs of tone placement: "hoà" and "hòa" give "hòa", "qúy" gives "quý" (lower case)."""
    head, tail = word[:-2], word[-2:]
    table = _TONE_BEFORE_LAST if head.endswith("q") else _TONE_ON_LAST
    return head + table.get(tail, tail)


def shorten(word: str) -> str:
    """A drawn-out word at its usual length: "quáaaa" gives "quá", "trờiiii" gives "trời"."""
    if not _LONG_RUN.search(without_diacritics(word)):
        return word
    kept = ""
    for letter in word:
        if not kept or without_diacritics(letter) != without_diacritics(kept[-1]):
            kept += letter
    return kept


def mask_digits(word: str) -> str:
    """Any number reads alike: "12" and "2025" give "#", "km5" gives "km#"."""
    return _DIGITS.sub("#", word)


@lru_cache(maxsize=65_536)
def usual_spelling(word: str) -> tuple[str, str]:
    """What one written word means, and its plain view: abbreviations and teencode give several words."""
    if word.startswith("["):
        return word, word
    folded = place_tone(unicodedata.normalize("NFC", word.casefold())[:_LONGEST_WORD])
    usual = MEANINGS.get(folded) or mask_digits(place_tone(shorten(folded)))
    meant = MEANINGS.get(usual, usual)
    return meant, " ".join(PLAIN + without_diacritics(one) for one in meant.split(" "))


def read(text: str) -> Reading:
    """The words of a cleaned and redacted text; what lies beyond the first 100,000 characters is not read."""
    pieces = _TOKEN.split(text[:_LONGEST_TEXT])
    bounds = list(accumulate(map(len, pieces)))
    spans = list(zip(bounds[::2], bounds[1::2], strict=False))
    meanings = list(map(usual_spelling, pieces[1::2]))
    usual, plain = " ".join(map(itemgetter(0), meanings)), " ".join(map(itemgetter(1), meanings))
    if usual.count(" ") >= len(spans):
        for place in [place for place, (meant, _) in enumerate(meanings) if " " in meant][::-1]:
            spans[place:place] = [spans[place]] * meanings[place][0].count(" ")
    return Reading(text, usual, plain, spans)
