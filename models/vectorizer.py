"""TF-IDF over words, pairs and triples of words: terms are looked up as numbers, those of a whole batch at once."""

from collections.abc import Iterable, Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from models.marks import is_useful

_WORD_BITS = 21
"""Of one word in the number of a term: three words fill 63 bits."""
_WORD_MASK = (1 << _WORD_BITS) - 1
_RARITY = 1.5
"""Power of the idf: common words say little of the matter (cross-validation by author, unaccented: 0.814 to 0.822)."""
_BETWEEN = "\n"
"""Stands between two documents; no document holds it as a word."""

Numbers = NDArray[np.int64]


class WordWeights:
    """Words, pairs and triples of words with their weights; rows of `matrix` have length one."""

    def __init__(self, terms: Sequence[str], idf: Sequence[float]) -> None:
        if len(terms) != len(idf):
            raise ValueError("terms and idf differ in length")
        self.terms = tuple(terms)
        self.idf = tuple(idf)
        self._idf = np.array(idf, dtype=np.float64)
        self._words = _Words(word for term in self.terms for word in term.split(" "))
        numbers = self._words.numbers(self.terms)
        self._columns = np.argsort(numbers)
        self._numbers = numbers[self._columns]

    @classmethod
    def fit(cls, documents: Sequence[str], min_df: int) -> "WordWeights":
        """Those useful terms that at least `min_df` documents have; the idf is smoothed (as if one more had all)."""
        words = _Words(word for document in documents for word in document.split(" "))
        rows, numbers = words.read(documents)
        order = np.lexsort((rows, numbers))
        rows, numbers = rows[order], numbers[order]
        first_in_row = np.append(True, (np.diff(numbers) != 0) | (np.diff(rows) != 0))
        found, counts = np.unique(numbers[first_in_row], return_counts=True)
        frequent = counts >= min_df
        idf = (np.log((1 + len(documents)) / (1 + counts[frequent])) + 1) ** _RARITY
        named = zip(words.terms(found[frequent]), idf.tolist(), strict=True)
        kept = sorted((term, weight) for term, weight in named if is_useful(term))
        return cls([term for term, _ in kept], [weight for _, weight in kept])

    def matrix(self, documents: Sequence[str]) -> csr_matrix:
        """One row per document, columns as in `terms`; a document without a known word is a row of zeros."""
        rows, columns = self._known(*self._words.read(documents))
        size = len(self.terms)
        cells, counts = np.unique(rows * size + columns, return_counts=True)
        starts = np.searchsorted(cells, np.arange(len(documents) + 1) * size).astype(np.int32)
        columns = (cells - np.repeat(np.arange(len(documents)) * size, np.diff(starts))).astype(np.int32)
        weights = (1 + np.log(counts)) * self._idf[columns]
        weights /= np.repeat(_lengths(weights, starts), np.diff(starts))
        return csr_matrix((weights.astype(np.float32), columns, starts), shape=(len(documents), size))

    def _known(self, rows: Numbers, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """Row and column of each number that is a term of ours; in order of numbers they are found in half the time."""
        order = np.argsort(numbers)
        rows, numbers = rows[order], numbers[order]
        places = np.searchsorted(self._numbers, numbers)
        inside = places < len(self._numbers)
        rows, numbers, places = rows[inside], numbers[inside], places[inside]
        same = self._numbers[places] == numbers
        return rows[same], self._columns[places[same]]


class _Words:
    """Words numbered from one, and terms as numbers made of those of their words."""

    def __init__(self, words: Iterable[str]) -> None:
        self._number = {word: number for number, word in enumerate(sorted({*words, _BETWEEN}), 1)}
        self._unknown = len(self._number) + 1

    def numbers(self, terms: Sequence[str]) -> Numbers:
        """The number of each term of up to three words that we know."""
        split = [[self._number[word] for word in term.split(" ")] for term in terms]
        padded = np.array([(0, 0, 0, *one)[-3:] for one in split], dtype=np.int64).reshape(-1, 3)
        return (padded[:, 0] << 2 * _WORD_BITS) | (padded[:, 1] << _WORD_BITS) | padded[:, 2]

    def terms(self, numbers: Numbers) -> list[str]:
        """The terms that have the numbers."""
        words = ["", *self._number]
        parts = [(numbers >> shift) & _WORD_MASK for shift in (2 * _WORD_BITS, _WORD_BITS, 0)]
        triples = zip(*(part.tolist() for part in parts), strict=True)
        return [" ".join(words[word] for word in triple if word) for triple in triples]

    def read(self, documents: Sequence[str]) -> tuple[Numbers, Numbers]:
        """Row and number of every word, pair and triple of the documents, in no order; unknown words make no term."""
        joined = f" {_BETWEEN} ".join(documents).split(" ")
        words = np.fromiter(map(self._number.get, joined, repeat(self._unknown)), np.int64, len(joined))
        known = (words != self._unknown) & (words != self._number[_BETWEEN])
        rows = np.cumsum(words == self._number[_BETWEEN])
        pairs, known_pairs = (words[:-1] << _WORD_BITS) | words[1:], known[:-1] & known[1:]
        triples, known_triples = (pairs[:-1] << _WORD_BITS) | words[2:], known_pairs[:-1] & known[2:]
        chosen = ((words, known), (pairs, known_pairs), (triples, known_triples))
        return (
            np.concatenate([rows[: len(kept)][kept] for _, kept in chosen]),
            np.concatenate([numbers[kept] for numbers, kept in chosen]),
        )


def _lengths(weights: NDArray[np.float64], starts: NDArray[np.int32]) -> NDArray[np.float64]:
    """The length of each row of weights; rows begin at `starts`."""
    rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    return np.sqrt(np.bincount(rows, weights**2, minlength=len(starts) - 1))
