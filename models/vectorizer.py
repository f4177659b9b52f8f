"""TF-IDF of word documents by underthesea_core (Rust), with its vocabulary and idf as plain data."""

import struct
import tempfile
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from underthesea_core import TfIdfVectorizer

from models.marks import is_useful

_LONGEST_TERM = 3
_RARITY = 1.5
"""Power of the idf: common words say little of the matter (cross-validation by author, unaccented: 0.814 to 0.822)."""
_SETTINGS = {
    "ngram_range": (1, _LONGEST_TERM), "sublinear_tf": True, "min_token_length": 1, "lowercase": False, "norm": False
}  # fmt: skip


class WordWeights:
    """Words, pairs and triples of words with their weights; rows of `matrix` have length one."""

    def __init__(self, terms: Sequence[str], idf: Sequence[float]) -> None:
        if len(terms) != len(idf):
            raise ValueError("terms and idf differ in length")
        self.terms = tuple(terms)
        self.idf = tuple(idf)
        self._rust = _restore(self.terms, self.idf)

    @classmethod
    def fit(cls, documents: Sequence[str], min_df: int) -> "WordWeights":
        """Those useful terms that at least `min_df` documents have."""
        rust = TfIdfVectorizer(min_df=min_df, **_SETTINGS)
        rust.fit(list(documents))
        pairs = zip(rust.get_feature_names(), rust.get_idf(), strict=True)
        kept = sorted((term, idf**_RARITY) for term, idf in pairs if is_useful(term))
        return cls([term for term, _ in kept], [idf for _, idf in kept])

    def matrix(self, documents: Sequence[str]) -> csr_matrix:
        """One row per document, columns as in `terms`; a document without a known word is a row of zeros."""
        rows = [self._rust.transform(document) for document in documents]
        starts = np.cumsum([0, *map(len, rows)])
        flat = np.fromiter(chain.from_iterable(chain.from_iterable(rows)), np.float64, 2 * int(starts[-1]))
        columns, weights = flat[::2].astype(np.int32), flat[1::2].copy()
        matrix = csr_matrix((weights, columns, starts.astype(np.int32)), shape=(len(rows), len(self.terms)))
        matrix.sort_indices()
        matrix.data /= np.repeat(_lengths(matrix), np.diff(matrix.indptr))
        return matrix.astype(np.float32)


def _lengths(matrix: csr_matrix) -> NDArray[np.float64]:
    squares = np.bincount(
        np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), matrix.data**2, minlength=matrix.shape[0]
    )
    return np.sqrt(squares)


def _restore(terms: Sequence[str], idf: Sequence[float]) -> TfIdfVectorizer:
    """The Rust object can only be read from a file of its own format, which is written here in a fixed order."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "weights")
        path.write_bytes(_rust_format(terms, idf))
        return TfIdfVectorizer.load(str(path))


def _rust_format(terms: Sequence[str], idf: Sequence[float]) -> bytes:
    number = struct.Struct("<Q").pack
    count = number(len(terms))
    names = [number(len(raw)) + raw for raw in (term.encode() for term in terms)]
    index = b"".join(name + struct.pack("<I", place) for place, name in enumerate(names))
    weights = struct.pack(f"<{len(idf)}d", *idf)
    document_counts = count + number(1) * len(terms) + number(1)
    settings = struct.pack("<Qd???QQQQ?", 1, 1.0, True, False, False, 0, 1, _LONGEST_TERM, 1, True)
    return count + index + count + b"".join(names) + count + weights + document_counts + settings
