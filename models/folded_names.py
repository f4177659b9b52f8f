"""Names in a text whose letters tell nothing: all small or all capital; only a cue and a surname make them sure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from models import name_words as known
from models.name_cues import Cue, cue_of, words_before


def _any_of(words: Iterable[str]) -> str:
    """A pattern of the words by first letters: tried at every blank, a flat list of them takes twice the time."""
    groups = groupby(sorted(words), key=lambda word: word[0])
    return "|".join(f"{first}(?:{'|'.join(word[1:] for word in group)})" for first, group in groups)


_SURNAME = re.compile(rf"[ \n]({_any_of(known.LOWER_SURNAMES | known.PLAIN_SURNAMES)})(?= \w)(?=((?: \w+){{1,3}}))")
_MIDDLES, _PLAIN_MIDDLES = {"văn", "thị"}, {"van", "thi"}
_NEXT = re.compile(r"\s?[,;&]\s(?:và |va )?|\s(?:và|va|với|voi|cùng|cung)\s")


def find_folded(text: str, low: str) -> Iterator[tuple[int, int]]:
    """Code points [start, end) of names; `low` is the text in lower case, letter by letter."""
    last_end = 0
    for match in _SURNAME.finditer(low):
        start, surname = match.start(1), match[1]
        if start < last_end or (text[start].isupper() and not text[start + 1].isupper()):
            continue
        words = match[2].split(" ")[1:]
        length = _length(surname, words)
        listed = last_end > 0 and _NEXT.fullmatch(low, last_end, start) is not None
        if length and (listed or _is_cued(surname, words, words_before(low, start))):
            last_end = match.end(1) + sum(map(len, words[:length])) + length
            yield start, last_end


def _is_cued(surname: str, words: Sequence[str], before: Sequence[str]) -> bool:
    cue = cue_of(before)
    if cue in (Cue.STRICT, Cue.LISTED) and surname not in known.WEAK_SURNAMES:
        return words[0] in known.SURE_MIDDLES
    if surname in known.WEAK_SURNAMES and (before[-1:] == [] or before[-1] in known.AMBIGUOUS_CUES):
        return False
    return cue > Cue.LISTED


def _length(surname: str, words: Sequence[str]) -> int:
    """How many of the words after a surname are of the name."""
    plain = surname in known.PLAIN_SURNAMES
    if words[0] in (_PLAIN_MIDDLES if plain else _MIDDLES) and len(words) > 1:
        if words[1] in known.FUNCTION_WORDS or f"{surname} {words[0]} {words[1]}" in known.NO_FOLDED:
            return 0
        return 3 if words[0] in {"thị", "thi"} and words[2:] and _is_last_of_four(*words[1:]) else 2
    if surname in known.WEAK_SURNAMES or words[0] not in known.GIVEN_OR_MIDDLE:
        return 0
    if len(words) > 1 and words[1] in known.GIVEN:
        return 2
    return int(surname in known.SURE_SURNAMES and words[0] in known.SURE_GIVEN)


def _is_last_of_four(third: str, fourth: str) -> bool:
    """Whether a fourth word still belongs to a name such as "nguyễn thị thu …"."""
    return fourth in known.LAST_OF_FOUR or (third in known.MIDDLES and fourth in known.GIVEN)
