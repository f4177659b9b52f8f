"""The words of a text as names of places are compared, and which of them say the kind of a unit."""

from collections.abc import Collection, Mapping

from models.place_units import KINDS, WORD, fold


def fold_all(words: str, view: int) -> str:
    """Every word folded: `view` 0 without diacritics, 1 with them."""
    return " ".join([fold(word)[view] for word in words.split()])


_LONGEST_NAME = 5
_LONGEST_TEXT = 100_000
_JOINS = frozenset(" \u00a0\t-–'’`")
_STOPS = frozenset(".!?;\n")
_UNITS_OF_MEASURE = frozenset(
    fold_all(
        "giờ gio h g giây phút ngày ngay tháng thang năm tuần lần lan người nguoi hộ triệu tr nghìn tuổi tuoi km m", 1
    ).split()
)
_SHORT: Mapping[str, str] = {
    "p": "phường", "f": "phường", "ph": "phường", "x": "xã", "tt": "thị trấn", "q": "quận", "h": "huyện",
    "tx": "thị xã", "tp": "thành phố", "t": "tỉnh",
    "phừơng": "phường", "phưòng": "phường", "phuờng": "phường", "phừong": "phường", "huỵên": "huyện",
}  # fmt: skip
_ALSO_OTHER_WORDS = frozenset({"x", "h", "t", "tt"})
"""Short for other things too (8h, T. of tổ, TT of trung tâm): a kind only in capitals and before a capital."""


def _kinds() -> dict[str, str]:
    written = {spelling: kind for kind in KINDS for spelling in (fold_all(kind, 0), fold_all(kind, 1))}
    return {
        **written,
        fold_all("huyện đảo", 1): "huyện",
        "huien dao": "huyện",
        **{fold_all(spelling, 1): kind for spelling, kind in _SHORT.items()},
    }


_KINDS_WRITTEN: Mapping[str, str] = _kinds()
_LONG_KINDS = frozenset(spelling for spelling in _KINDS_WRITTEN if " " in spelling)
KIND_STARTS = frozenset(spelling.split()[0] for spelling in _KINDS_WRITTEN)


class Words:
    """The words of a text, plain and marked (see `Name`), with what stands between them."""

    def __init__(self, text: str) -> None:
        found = list(WORD.finditer(text, 0, _LONGEST_TEXT))
        self.text = text
        self.spans = [match.span() for match in found]
        self.typed = [match.group() for match in found]
        folded = [fold(word) for word in self.typed]
        self.plain = [plain for plain, _ in folded]
        self.marked = [marked for _, marked in folded]

    def __len__(self) -> int:
        return len(self.typed)

    def gap(self, place: int) -> str:
        """What stands before a word; a line break at either end of the text."""
        if not 0 < place < len(self.typed):
            return "\n"
        return self.text[self.spans[place - 1][1] : self.spans[place][0]]

    def joined(self, place: int) -> bool:
        """Whether a word follows the one before it within one name."""
        return _JOINS.issuperset(self.gap(place))

    def stopped(self, place: int) -> bool:
        """Whether a sentence or line ends before a word."""
        return not _STOPS.isdisjoint(self.gap(place))

    def written(self, start: int, end: int) -> str:
        """The text of words [start, end)."""
        return self.text[self.spans[start][0] : self.spans[end - 1][1]]

    def name_end(self, start: int) -> int:
        """How far a name that starts here can reach at most."""
        end = min(start + 1, len(self.typed))
        while end < start + _LONGEST_NAME and self.joined(end) and not self._is_long_kind(end):
            end += 1
        return end

    def _is_long_kind(self, place: int) -> bool:
        """Whether "thành phố" and the like begin here; "thành" alone may belong to a name."""
        return " ".join(self.marked[place : place + 2]) in _LONG_KINDS

    def longest(self, start: int, names: Collection[str]) -> int:
        """The end of the longest of the plain names that starts here, or `start`."""
        end = self.name_end(start)
        while end > start and " ".join(self.plain[start:end]) not in names:
            end -= 1
        return end

    def kind(self, place: int) -> tuple[str, int]:
        """The kind of unit that is written here and the word after it; ("", place) where there is none."""
        for end in (place + 2, place + 1):
            kind = _KINDS_WRITTEN.get(" ".join(self.marked[place:end]), "")
            if kind and end < len(self.typed) and self._is_kind(place, end):
                return kind, end
        return "", place

    def _is_kind(self, place: int, end: int) -> bool:
        """Whether the words [place, end) mean a kind: a name must follow, in capitals where the writer uses them."""
        short = self.marked[place] in _SHORT
        if not all(self.joined(one) for one in range(place + 1, end)):
            return False
        if not self.joined(end) and not (short and self.gap(end).strip(" \u00a0") == "."):
            return False
        if short and self.marked[place] in _ALSO_OTHER_WORDS:
            return self.typed[place].isupper() and self.in_capitals(end, end + 1)
        far = self.marked[place] == "xa" and not self.typed[end].isascii()
        return not far and (self.in_capitals(end, end + 1) or self._without_capitals(end))

    def in_capitals(self, start: int, end: int) -> bool:
        """Whether every word begins with a capital or is a number."""
        return all(word[0].isupper() or word.isdecimal() for word in self.typed[start:end])

    def goes_on(self, name: int, end: int) -> bool:
        """Whether what stands in [name, end) is only the beginning of a name or of a time: "Tam Kỳ" of "Tam Kỳ Hạ"."""
        if self.typed[name].isdecimal():
            return self.counts(end)
        if end >= len(self.typed) or not self.gap(end).isspace() or self.stopped(end):
            return False
        follower = self.typed[end]
        return follower.istitle() and self.marked[end] not in KIND_STARTS and not follower.isdecimal()

    def counts(self, end: int) -> bool:
        """Whether the number before `end` counts something: "7 giờ", "12/5"."""
        if end >= len(self.typed):
            return False
        return self.gap(end) in {"/", ":", "%"} or (self.joined(end) and self.marked[end] in _UNITS_OF_MEASURE)

    def _without_capitals(self, place: int) -> bool:
        """Whether the writer uses no capitals around here, but for the first words of sentences."""
        near = range(max(1, place - 8), min(len(self), place + 8))
        return not any(
            self.typed[one][0].isupper() and len(self.typed[one]) > 1 and not self.stopped(one) for one in near
        )
