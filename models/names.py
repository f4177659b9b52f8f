"""Where a text names persons: after words such as "ông", "tên tôi là", "cán bộ", in lists, and again further on."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import pairwise

from models import name_words as known
from models.folded_names import find_folded
from models.name_cues import Cue, cue_of, lower, words_before
from models.text import PLACEHOLDERS

Span = tuple[int, int]

_UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_MORE = rf"(?:(?:\. ?[{_UPPER}])+(?!\w)|[\w'’]*)"
_RUN = re.compile(rf"[{_UPPER}](?<![\w\[@.#][{_UPPER}]){_MORE}(?:(?:[ \u00a0]{{1,2}}|-)[{_UPPER}]{_MORE})*")
_TOKEN = re.compile(r"\w(?:\. ?\w(?!\w))+|[^ \u00a0\-]+")
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_FINAL_DOT = re.compile(rf"\.(?=[,;)\"”]|\s+[^{_UPPER}\W])")
_NEXT = re.compile(r"\s?[,;&]\s(?:và |va )?|\s(?:và|va|với|voi|cùng|cung|-|–)\s")
_NAME = re.compile(r"[^\W\d_]+(?:(?:\. ?|['’])[^\W\d_]+)*")
_PHONE = re.compile(r"[ :,;(\-–]{1,3}(?:sđt|sdt|đt|dt|số|tel)?[ :.]{0,2}" + re.escape(PLACEHOLDERS["phone"]))
_YESTERDAY = ["hôm", "qua"]
_LONGEST_RUN = 7
_AFTER_SURNAME = 2
_LONGEST_NAME = 5
_LONGEST_CUE_END = 10


def find_names(text: str) -> list[Span]:
    """Code points [start, end) of every name of a person in a cleaned text, in order, none within another."""
    low = lower(text)
    found = [*_capitalised(text, low), *find_folded(text, low)]
    if found:
        found += _again(text, low, found)
    return _apart(found)


def _capitalised(text: str, low: str) -> Iterator[Span]:
    """Names written with capitals; one in a list is judged as the item before it was."""
    end, listed = 0, Cue.NONE
    has_phone = PLACEHOLDERS["phone"] in low
    for run in _RUN.finditer(text):
        start = run.start()
        going_on = listed if listed is not Cue.NONE and _NEXT.fullmatch(low, end, start) else Cue.NONE
        listed, end = Cue.NONE, run.end()
        if has_phone and going_on is Cue.NONE and _PHONE.match(low, end):
            going_on = Cue.LISTED
        if going_on is not Cue.NONE or _is_worth_judging(low, run):
            listed, span = _judge(text, low, run, going_on)
            if span:
                end = span[1]
                yield span


def _is_worth_judging(low: str, run: re.Match[str]) -> bool:
    """Quick: most capitals begin a sentence or a place, with neither a cue before nor a surname within."""
    start, end = run.span()
    before = low[max(0, start - _LONGEST_CUE_END) : start].rstrip(" :(-–").split()
    if before and before[-1].strip('("“') in known.CUE_ENDS:
        return True
    words = low[start:end].split(" ")
    return len(words) > 1 and (words[0] in known.LEADING or not known.SURNAMES_AND_MIDDLES.isdisjoint(words))


def _judge(text: str, low: str, run: re.Match[str], listed: Cue) -> tuple[Cue, Span | None]:
    """What a run of capitalised words says of the next item in a list, and where in it a name stands."""
    places = [token.span() for token in _TOKEN.finditer(low, *run.span())]
    words = [low[start:end] for start, end in places]
    if len(words) > _LONGEST_RUN and run.group().isupper():
        return Cue.NONE, None
    first = _after_titles(words)
    before = [*words_before(low, run.start()), *words[:first]]
    name = _name_at(words[first:])
    cue = _cue_in_list(before, listed)
    if len(name) == 1 and _goes_on(low, words[first], run.end()):
        return Cue.NONE, None
    fitting = name and not _is_fixed(before, words[first:], titles=first) and _fits(cue, name, run.group())
    if not fitting:
        return (Cue.PLACE if cue is Cue.PLACE or words[first] in known.PLACE else Cue.NONE), None
    end = places[first + len(name) - 1][1]
    if cue is Cue.NONE and low.startswith(known.AFTER_ROAD, end + 1):
        return Cue.PLACE, None
    dot = _FINAL_DOT.match(text, end) if end == run.end() and _is_initial(name[-1]) else None
    return Cue.LISTED, (places[first][0], end + (dot is not None))


def _goes_on(low: str, word: str, end: int) -> bool:
    """A word that with the small one after it is another: "Thanh tra", "Trung tâm"."""
    after = _WORD.match(low, end + 1)
    return after is not None and f"{word} {after.group()}" in known.COMPOUNDS


def _is_fixed(before: Sequence[str], words: Sequence[str], titles: int) -> bool:
    """Part of the name of a place, a firm or a legend: "Bà Rịa", "quán ốc Bà Tám", but not "bà Triệu Thị Hoa"."""
    if not before or (words[0] in known.ALL_SURNAMES and len(words) > 1):
        return False
    of_shop = titles > 0 and not known.PLACE.isdisjoint(before[-titles - 3 : -titles]) and "của" not in before
    of_nation = before[-1] in known.BY_NATION and words[0] in known.NATIONS
    legend = f"{before[-1]} {words[0]}" in known.FIXED or " ".join(words[:2]) in known.KNOWN_PLACES
    return of_shop or of_nation or legend


def _after_titles(words: Sequence[str]) -> int:
    """Where a name may begin in a run that begins with titles: 1 in "Ông Nguyễn Văn A"."""
    first = 0
    while first < len(words) - 1 and words[first] in known.LEADING and words[first + 1] not in known.SURE_MIDDLES:
        first += 1
    return first


def _name_at(words: Sequence[str]) -> Sequence[str]:
    """The words up to the first that belongs to no name; after a surname two may look like other words."""
    sure = len(words) > 1 and words[1] in known.SURE_MIDDLES
    safe = _AFTER_SURNAME if sure or words[0] in known.ALL_SURNAMES else 0
    for place, word in enumerate(words[:_LONGEST_NAME]):
        other = word in known.NO_NAME and ((place == 0 and not sure) or (place > safe and word not in known.GIVEN))
        if other or not _NAME.fullmatch(word):
            return words[:place]
    return words[:_LONGEST_NAME]


def _cue_in_list(before: Sequence[str], listed: Cue) -> Cue:
    cue = cue_of(before)
    if cue is not Cue.NONE or not before:
        return cue
    if (before[-1] in known.WHERE and before[-2:] != _YESTERDAY) or before[-1].isdigit():
        return Cue.PLACE
    return listed


def _fits(cue: Cue, name: Sequence[str], first: str) -> bool:
    """A name by what the cue asks for; `first` is the run of words as written."""
    joined = " ".join(name)
    if len(name) == 1 and name[0] in known.LEADING and name[0] not in known.GIVEN:
        return False
    if cue is Cue.SURE:
        return _is_sure(joined, name, first)
    if cue is Cue.PLACE or joined in known.KNOWN_PLACES or joined in known.FAMOUS:
        return False
    if len(name) > 2 and (name[0] in known.ALL_SURNAMES or name[1] in known.SURE_MIDDLES):
        return cue is not Cue.NONE or _speaks_for_itself(name)
    return cue > Cue.STRICT and _is_short_name(cue, name)


def _is_short_name(cue: Cue, name: Sequence[str]) -> bool:
    """A given name or an initial alone, a common surname with a given name, or after a good cue two given names."""
    if len(name) == 1:
        return name[0] in known.GIVEN_OR_SURNAME or _is_initial(name[0])
    return name[0] in known.COMMON_SURNAMES or (cue is Cue.SOFT and all(word in known.GIVEN for word in name))


def _is_sure(joined: str, name: Sequence[str], first: str) -> bool:
    if joined in known.KNOWN_PLACES:
        return name[0] in known.ALL_SURNAMES
    acronym = len(name) == 1 and len(first) > 1 and first.isupper() and "." not in first
    return not acronym or name[0] in known.GIVEN_OR_SURNAME


def _speaks_for_itself(name: Sequence[str]) -> bool:
    """A full name that no cue is needed for: "Trần Thị" and a word, or a common surname and a usual given name."""
    if " ".join(name[:2]) in known.KNOWN_PLACES or " ".join(name[:3]) in known.FAMOUS:
        return False
    usual = name[-1] in known.GIVEN or name[1] in known.MIDDLES or _is_initial(name[-1])
    return name[1] in known.SURE_MIDDLES or (name[0] in known.COMMON_SURNAMES and usual)


def _is_initial(word: str) -> bool:
    return len(word) == 1 or "." in word or word in known.SHORTENED


def _again(text: str, low: str, found: Iterable[Span]) -> Iterator[Span]:
    """Further places of the names found: whole in any case, or the given name alone with a capital or after a cue."""
    parts = [[token.span() for token in _WORD.finditer(low, *span)] for span in found]
    seen = {start for tokens in parts for start, _ in tokens}
    names = {tuple(low[start:end] for start, end in tokens) for tokens in parts}
    long = {name for name in names if len(name) > 1}
    whole = long | {name[first:] for name in long for first in range(1, len(name) - 1) if len(name[-2]) > 1}
    firsts = {name[0] for name in whole}
    given = {text[start:end] for (*_, (start, end)) in parts if end - start > 1}
    given |= {word.capitalize() for word in given}
    tokens = [token.span() for token in _WORD.finditer(low)]
    for place, (start, end) in enumerate(tokens):
        if start in seen:
            continue
        length = _whole_at(low, tokens[place : place + _LONGEST_NAME], whole) if low[start:end] in firsts else 0
        length = length or (text[start:end] in given and _is_alone(text, low, tokens, place))
        if length and cue_of(words_before(low, start)) is not Cue.PLACE:
            yield start, tokens[place + length - 1][1]


def _whole_at(low: str, tokens: Sequence[Span], whole: Set[tuple[str, ...]]) -> int:
    """How many of the words given are one of the names, parted by nothing but single blanks or dots."""
    words = [low[start:end] for start, end in tokens]
    for length in range(len(words), 1, -1):
        if tuple(words[:length]) in whole:
            return length if all(after[0] - before[1] == 1 for before, after in pairwise(tokens[:length])) else 0
    return 0


def _is_alone(text: str, low: str, tokens: Sequence[Span], place: int) -> bool:
    """A given name that is no part of a longer one, and at the beginning of a sentence no common word."""
    start, end = tokens[place]
    before = words_before(low, start)
    if not text[start].isupper():
        return cue_of(before) >= Cue.SOFT
    if text[end : end + 1] == " " and text[end + 1 : end + 2].isupper():
        return False
    follows = place > 0 and tokens[place - 1][1] == start - 1 and text[tokens[place - 1][0]].isupper()
    if follows:
        return before[-1:] != [] and before[-1] in known.LEADING
    return bool(before) or low[start:end] not in known.AMBIGUOUS_FIRST


def _apart(found: Iterable[Span]) -> list[Span]:
    """The spans in order without those that overlap an earlier or, from the same place, longer one."""
    apart: list[Span] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart
