"""Which words of the text weighed most for its domain."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.text import PLAIN, Word

_MOST_TERMS = 10
_MOST_REASONS = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """Code points [start, end) of the redacted text, and what they added to the score of the domain (log odds)."""

    text: str
    start: int
    end: int
    weight: float


def heaviest_terms(terms: NDArray[np.int32], weights: NDArray[np.float64]) -> dict[int, float]:
    """The terms that spoke most for the domain, with their positive contributions."""
    order = np.argsort(-weights, kind="stable")[:_MOST_TERMS]
    return {int(terms[place]): float(weights[place]) for place in order if weights[place] > 0}


def find_reasons(text: str, words: Sequence[Word], contributions: Mapping[str, float]) -> tuple[Reason, ...]:
    """The places of the terms, joined where they share a word, heaviest first, at most five."""
    places = sorted(place for term, weight in contributions.items() for place in _places(term, weight, words))
    spans = [(words[first].start, words[last].end, weight) for first, last, weight in _joined(places)]
    heaviest = sorted(spans, key=lambda span: (-span[2], span[0]))[:_MOST_REASONS]
    return tuple(Reason(text[start:end], start, end, round(weight, 4)) for start, end, weight in heaviest)


def _places(term: str, weight: float, words: Sequence[Word]) -> Iterator[tuple[int, int, float]]:
    """Where a term stands first in the text, as first and last word."""
    wanted = term.split(" ")
    field = 1 if term.startswith(PLAIN) else 0
    for place, word in enumerate(words):
        if word[field] == wanted[0] and _follows(wanted, field, words, place):
            yield place, place + len(wanted) - 1, weight
            return


def _follows(wanted: Sequence[str], field: int, words: Sequence[Word], place: int) -> bool:
    return len(wanted) == 1 or (place + 1 < len(words) and words[place + 1][field] == wanted[1])


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
