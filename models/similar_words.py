"""What is compared of two texts: their words without diacritics, pairs of words, numbers and names of places."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from models.text import PLAIN, read, without_diacritics

LONGEST = 2_000
"""Code points of a text that are compared."""
MOST_REASONS = 4

_COMMON = """
là và của có cho bị được các những này kia đó ấy rất ra vào thì mà ở tại với trên dưới trong ngoài đến tới từ khi đã
đang sẽ cũng còn không chưa chẳng nào ai tôi em con cháu người dân chúng mình ông bà anh chị nhà đi lại về xin đề nghị
mong nhờ quá lắm một hai ba mấy cả cái chỗ hay như vì do nên để phải bảo nói gì ngay luôn thôi rồi hết mới cứ gần trước
sau bên qua lên xuống làm việc phản ánh nhiều ít thấy biết giờ ngày tháng năm nay hôm đây bao đều theo cùng nhau thế vậy
nếu bằng đường phường xã
"""
_CUE_WORDS = """
đường phố ngõ ngách hẻm kiệt thôn xóm ấp bản tổ buôn sóc khu khối làng chợ trường cầu cống sông suối kênh hồ đập đê đèo
dốc chùa đình đền viện quán tiệm lộ km số ty cư tư bến bãi đồng tuyến lô trại mương rạch vòng xoay
"""
_PLAIN_CUE_WORDS = "duong pho ngo ngach hem kiet thon xom ap khu truong cau song suoi kenh chua dinh km so lo"
_ONE_NAME = {"hem": "ngo", "kiet": "ngo", "ngach": "ngo", "pho": "duong"}
_CUES, _PLAIN_CUES = frozenset(_CUE_WORDS.split()), frozenset(_PLAIN_CUE_WORDS.split())
_STOPS = frozenset(_COMMON.split())
_PLAIN_STOPS = frozenset(without_diacritics(word) for word in _STOPS)
_MOST_BLANKS = 3
_END = frozenset('.!?:;\n"“”(')


class Word(NamedTuple):
    """A word of a text: as spelled usually, without diacritics (one name for a lane: ngõ), and where it stands."""

    usual: str
    plain: str
    start: int
    end: int

    @property
    def common(self) -> bool:
        """Whether it says nothing of the matter; of a word without diacritics, whether it may be such a one."""
        return self.plain in _PLAIN_STOPS if self.usual.isascii() else self.usual in _STOPS


@dataclass(frozen=True, slots=True)
class Told:
    """A text as it is compared. `named` are spans [first, last) of `words` that name a place or give its number."""

    text: str
    words: tuple[Word, ...]
    named: tuple[tuple[int, int], ...]

    def pairs(self) -> list[str]:
        """Each word with the next one."""
        return _pairs(self.words)

    def telling_pairs(self) -> list[str]:
        """Those pairs of which at least one word is not common."""
        return [f"{one.plain} {two.plain}" for one, two in pairwise(self.words) if not (one.common and two.common)]

    def written(self, first: int, last: int) -> str:
        """The words [first, last) as the text has them."""
        return " ".join(self.text[self.words[first].start : self.words[last - 1].end].split())


@dataclass(frozen=True, slots=True)
class Shared:
    """What two texts have in common, as one of them writes it: names of places and runs of words."""

    places: tuple[str, ...]
    words: tuple[str, ...]


def tell(text: str) -> Told:
    """Reads a redacted text; only its first LONGEST code points, and no placeholders."""
    reading = read(text[:LONGEST])
    spans = reading.spans
    found = zip(reading.usual.split(" "), reading.plain.split(" "), spans, strict=False)
    words = tuple(
        _word(reading.text, usual, plain, *span) for usual, plain, span in found if _is_said(reading.text, usual, span)
    )
    return Told(reading.text, words, tuple(_named(reading.text, words)))


def _is_said(text: str, usual: str, span: tuple[int, int]) -> bool:
    return bool(usual) and text[span[0]] != "["


def _word(text: str, usual: str, plain: str, start: int, end: int) -> Word:
    """Numbers as written, for they tell places apart that differ in nothing else."""
    if "#" in usual:
        usual = text[start:end].casefold()
        plain = without_diacritics(usual)
    bare = plain.removeprefix(PLAIN)
    return Word(usual, _ONE_NAME.get(bare, bare), start, end)


def _named(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Names by their capitals and after words such as "đường"; where nothing has capitals, two words after those."""
    cased = _tells_names(text)
    at = 0
    while at < len(words):
        cue, first = _is_cue(words[at]), at + _is_cue(words[at])
        last = _end_of_name(text, words, first, cased, cue)
        if last > first and (cue or last - first > 1):
            yield at, last
        at = max(last, at + 1)


def _tells_names(text: str) -> bool:
    """Whether capitals mean something: a text in both cases and with diacritics."""
    return not text.isascii() and not text.islower() and not text.isupper()


def _is_cue(word: Word) -> bool:
    return word.plain in _PLAIN_CUES if word.usual.isascii() else word.usual in _CUES


def _end_of_name(text: str, words: Sequence[Word], first: int, cased: bool, cue: bool) -> int:
    if cue and first < len(words) and words[first].plain[0].isdigit():
        return first + 1
    if not cased:
        return min(first + 2, len(words)) if cue else first
    last = first
    while last < len(words) and _is_name(text, words[last]) and (cue or not _opens(text, words[last])):
        last += 1
    return last


def _is_name(text: str, word: Word) -> bool:
    """A capital letter, but no abbreviation such as CCCD."""
    return text[word.start].isupper() and not text[word.start : word.start + 2].isupper()


def _opens(text: str, word: Word) -> bool:
    """Whether the word begins a sentence, where a capital says nothing."""
    before = text[max(0, word.start - _MOST_BLANKS) : word.start].rstrip()
    return not before or before[-1] in _END


def place_pairs(told: Told) -> set[str]:
    """The pairs of words that name a place or give its number, without the cue where the name has two words."""
    names = (told.words[first + (last - first > 2 and _is_cue(told.words[first])) : last] for first, last in told.named)
    return {pair for name in names for pair in _pairs(name)}


def shared(one: str, other: str) -> Shared:
    """What two texts have in common, told in the words of the one that has more diacritics."""
    mine, theirs = sorted((tell(one), tell(other)), key=_accents, reverse=True)
    runs = _runs(mine, theirs)
    pairs, names = set(theirs.pairs()), place_pairs(theirs)
    named = [span for span in mine.named if pairs.intersection(_pairs(mine.words[slice(*span)]))]
    named += [span for span in runs if names.intersection(_pairs(mine.words[slice(*span)])) and not _meets(span, named)]
    rest = sorted((span for span in runs if not _meets(span, named)), key=lambda span: span[0] - span[1])
    words = _distinct(mine, [span for span in rest if span[1] - span[0] > 1] or rest)
    return Shared(_distinct(mine, named), tuple(run.lower() for run in words))


def _accents(told: Told) -> int:
    return sum(not letter.isascii() for letter in told.text)


def _pairs(words: Sequence[Word]) -> list[str]:
    return [f"{one.plain} {two.plain}" for one, two in pairwise(words)]


def _runs(mine: Told, theirs: Told) -> list[tuple[int, int]]:
    """Longest spans of words that the other text has in the same order, without common words at their ends."""
    words, pairs = {word.plain for word in theirs.words}, set(theirs.pairs())
    found, first = [], 0
    while first < len(mine.words):
        last = first + 1
        while last < len(mine.words) and _goes_on(mine, last, pairs):
            last += 1
        if mine.words[first].plain in words:
            found.append(_trimmed(mine.words, first, last))
        first = last
    return [(start, end) for start, end in found if end > start]


def _goes_on(told: Told, at: int, pairs: set[str]) -> bool:
    """Whether a run reaches the word `at`: the pair is shared, and nothing but blanks stands between."""
    one, two = told.words[at - 1 : at + 1]
    return f"{one.plain} {two.plain}" in pairs and not told.text[one.end : two.start].strip()


def _trimmed(words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    while first < last and words[first].common:
        first += 1
    while last > first and words[last - 1].common:
        last -= 1
    return first, last


def _meets(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < last and first < span[1] for first, last in others)


def _distinct(told: Told, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """The spans as written, each once, however it is capitalised; at most MOST_REASONS."""
    found: dict[str, str] = {}
    for span in spans:
        found.setdefault(told.written(*span).casefold(), told.written(*span))
    return tuple(found.values())[:MOST_REASONS]
