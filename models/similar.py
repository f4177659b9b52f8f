"""The open items nearest to a text, by words and by place, so that what two people tell in other words is found.

Texts are vectors of TF-IDF over words and pairs of words, with and without diacritics; names and numbers of places
weigh more. The cosine of two vectors is moved by whether domain, commune and distance agree.
"""

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix
from sklearn.feature_extraction import FeatureHasher

from casework.wording import spoken
from models.similar_words import Told, place_pairs, tell

Features = tuple[NDArray[np.int32], NDArray[np.float32]]

_COLUMNS = 1 << 20
_WORD, _PAIR, _PLACE, _ACCENTED = 1.0, 0.4, 0.8, 0.3
_SMOOTHING = 20
_SAME_DOMAIN, _SAME_AREA, _SAME_PLACE = 0.05, 0.06, 0.10
_NEAR_METRES, _FAR_METRES = 300.0, 3_000.0
_METRES_PER_DEGREE = 111_195.0
LEAST_ALIKE, LEAST_SCORE = 0.07, 0.15
"""Less than this, of the cosine and of the whole, is not near: 1 in 150 of the written pairs, and 14 in 15 of any two
items of one domain and commune."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What is known of an item beside its text: `place` is latitude and longitude in degrees, `area` a commune."""

    id: str = ""
    domain: str | None = None
    area: str | None = None
    place: tuple[float, float] | None = None
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """An item that is near; `metres` is the distance where both places are known."""

    item: Item
    score: float
    metres: int | None


class SimilarItems:
    """The items that may be near, their texts as numbers only. `hold` replaces them whole, `nearest` only reads."""

    def __init__(self) -> None:
        self._hasher = FeatureHasher(_COLUMNS, input_type="pair", alternate_sign=False, dtype=np.float32)
        self._features: dict[str, Features] = {}
        self._table = _Table((), ())

    def hold(self, items: Sequence[Item], read_texts: Callable[[list[str]], Mapping[str, str]]) -> None:
        """From now on these items and no others; `read_texts` is asked for the texts of those that are new.

        An item whose text is not found is near to nothing and asked for again the next time.
        """
        new = [item.id for item in items if item.id not in self._features]
        kept = {item.id: self._features[item.id] for item in items if item.id in self._features}
        self._features = kept | self._read(read_texts(new) if new else {})
        held = [item for item in items if item.id in self._features]
        self._table = _Table(held, [self._features[item.id] for item in held])

    def nearest(self, text: str, asked: Item, most: int, among: Collection[str] | None = None) -> list[Match]:
        """The `most` nearest items, best first, of equals the newest; with `among`, only of these ids."""
        [features] = self._read({asked.id: text}).values()
        return self._table.nearest(features, asked, most, among)

    def _read(self, texts: Mapping[str, str]) -> dict[str, Features]:
        if not texts:
            return {}
        matrix = self._hasher.transform(_weighted(tell(text)) for text in texts.values())
        matrix.sum_duplicates()
        rows = zip(matrix.indptr, matrix.indptr[1:], strict=False)
        return {
            id_: (matrix.indices[start:end].astype(np.int32), matrix.data[start:end])
            for id_, (start, end) in zip(texts, rows, strict=True)
        }


def _weighted(told: Told) -> Iterator[tuple[str, float]]:
    """Each feature once, by what kind it is; how often a text says a thing does not matter."""
    named = place_pairs(told)
    said = [word for word in told.words if not word.common]
    yield from dict.fromkeys((word.plain, _WORD) for word in said)
    yield from dict.fromkeys((f"^{word.usual}", _ACCENTED) for word in said if not word.usual.isascii())
    yield from dict.fromkeys((pair, _PLACE if pair in named else _PAIR) for pair in told.telling_pairs())


class _Table:
    """Items and their vectors at one moment, by column, so that only the columns of a question are read."""

    def __init__(self, items: Sequence[Item], features: Sequence[Features]) -> None:
        self._items = tuple(items)
        self._idf, self._columns = _index(features)
        self._domains = np.array([item.domain or "" for item in items], dtype=str)
        self._areas = np.array([spoken(item.area or "") for item in items], dtype=str)
        self._places = np.array([item.place or (np.nan, np.nan) for item in items], dtype=float).reshape(-1, 2)

    def nearest(self, features: Features, asked: Item, most: int, among: Collection[str] | None) -> list[Match]:
        if not self._items:
            return []
        metres = self._metres(asked)
        alike = self._alike(features)
        scores = alike + self._agreement(asked, metres)
        near = (int(row) for row in np.flatnonzero((alike >= LEAST_ALIKE) & (scores >= LEAST_SCORE)))
        found = [row for row in near if self._items[row].id != asked.id and self._may_be_named(row, among)]
        found.sort(key=lambda row: (-scores[row], *_newest_first(self._items[row])))
        return [Match(self._items[row], float(scores[row]), _whole(metres[row])) for row in found[:most]]

    def _may_be_named(self, row: int, among: Collection[str] | None) -> bool:
        return among is None or self._items[row].id in among

    def _alike(self, features: Features) -> NDArray[np.float32]:
        """The cosine of each item's vector and that of a text."""
        columns, weights = features
        asked = weights * self._idf[columns]
        length = float(np.linalg.norm(asked)) or 1.0
        found: NDArray[np.float32] = self._columns[:, columns] @ (asked / length)
        return found

    def _agreement(self, asked: Item, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        """What is unknown of one of the two neither raises nor lowers."""
        area = spoken(asked.area or "")
        same_domain = (self._domains == asked.domain) * _SAME_DOMAIN
        same_area = np.where(self._areas == area, _SAME_AREA, -_SAME_AREA) * ((self._areas != "") & (area != ""))
        nearness = np.interp(metres, (_NEAR_METRES, _FAR_METRES), (_SAME_PLACE, -_SAME_PLACE))
        agreement: NDArray[np.float64] = same_domain + same_area + np.nan_to_num(nearness)
        return agreement

    def _metres(self, asked: Item) -> NDArray[np.float64]:
        """Distances as the crow flies, good to a per cent within a province; NaN where a place is unknown."""
        latitude, longitude = asked.place or (math.nan, math.nan)
        north = self._places[:, 0] - latitude
        east = (self._places[:, 1] - longitude) * math.cos(math.radians(latitude))
        return np.hypot(north, east) * _METRES_PER_DEGREE


def _index(features: Sequence[Features]) -> tuple[NDArray[np.float32], csc_matrix]:
    """Inverse document frequencies of all columns, and the items' vectors of length one."""
    columns = np.concatenate([np.empty(0, np.int32), *(one[0] for one in features)])
    weights = np.concatenate([np.empty(0, np.float32), *(one[1] for one in features)])
    starts = np.cumsum([0, *(len(one[0]) for one in features)])
    known = np.bincount(columns, minlength=_COLUMNS)
    idf = np.log((len(features) + _SMOOTHING) / (known + 1)).clip(min=0).astype(np.float32)
    weights *= idf[columns]
    rows = np.repeat(np.arange(len(features)), np.diff(starts))
    lengths = np.sqrt(np.bincount(rows, weights**2, minlength=len(features)))
    weights /= np.maximum(lengths, 1e-9)[rows]
    return idf, csr_matrix((weights, columns, starts), shape=(len(features), _COLUMNS)).tocsc()


def _newest_first(item: Item) -> tuple[float, str]:
    return (-item.received_at.timestamp() if item.received_at else math.inf, item.id)


def _whole(metres: float) -> int | None:
    return None if math.isnan(metres) else round(metres)
