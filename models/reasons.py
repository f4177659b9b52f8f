"""Which words of the text weighed most for its domain."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from models.pipeline import Floats
from models.text import PLAIN, Reading

_MOST_TERMS = 10
_MOST_REASONS = 5


class Reason(msgspec.Struct, frozen=True):
    """Code points [start, end) of the redacted text, and what they added to the score of the domain (log odds)."""

    text: str
    start: int
    end: int
    weight: float


def heaviest_terms(terms: NDArray[np.int32], weights: Floats) -> list[tuple[int, float]]:
    """The terms that spoke most for the domain, with their positive contributions."""
    order = np.argsort(-weights, kind="stable")[:_MOST_TERMS]
    pairs = zip(terms[order].tolist(), weights[order].tolist(), strict=True)
    return [(term, weight) for term, weight in pairs if weight > 0]


def find_reasons(reading: Reading, contributions: Mapping[str, float]) -> tuple[Reason, ...]:
    """The places of the terms, joined where they share a word, heaviest first, at most five."""
    usual, plain = f" {reading.usual} ", f" {reading.plain} "
    found = [_first_place(term, plain if PLAIN in term else usual, weight) for term, weight in contributions.items()]
    spans, text = reading.spans, reading.text
    joined = [(spans[first][0], spans[last][1], weight) for first, last, weight in _joined(sorted(found))]
    # what stands for a redacted number is no reason
    said = [span for span in joined if "[" not in text[span[0] : span[1]]]
    heaviest = sorted(said, key=lambda span: (-span[2], span[0]))[:_MOST_REASONS]
    return tuple(Reason(text[start:end], start, end, round(weight, 4)) for start, end, weight in heaviest)


def _first_place(term: str, words: str, weight: float) -> tuple[int, int, float]:
    """First and last word of a term where it stands first."""
    first = words.count(" ", 0, words.index(f" {term} "))
    return first, first + term.count(" "), weight


def _joined(places: Sequence[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """Overlapping places, given in order, made one; their weights add up."""
    joined: list[tuple[int, int, float]] = []
    for first, last, weight in places:
        if joined and first <= joined[-1][1]:
            start, end, sum_so_far = joined.pop()
            joined.append((start, max(end, last), sum_so_far + weight))
        else:
            joined.append((first, last, weight))
    return joined
