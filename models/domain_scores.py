"""How good the proposed domains are, domain by domain, and which are taken for which."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from casework.labels import DOMAINS
from models.corpus_rows import Row


@dataclass(frozen=True, slots=True)
class DomainScore:
    """Precision, recall and F1 of one domain over `count` rows that have it; between 0 and 1."""

    domain: str
    precision: float
    recall: float
    f1: float
    count: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """`count` rows of domain `wanted` were taken for `given`."""

    wanted: str
    given: str
    count: int


def accepts(row: Row, guess: str) -> bool:
    """Whether a domain is one of the two acceptable ones of a row."""
    return guess in (row.domain, row.domain_alt)


def domain_scores(guesses: Sequence[str], rows: Sequence[Row]) -> tuple[DomainScore, ...]:
    """A score for every domain; a hit on the second label counts for the domain that was given."""
    pairs = list(zip(guesses, rows, strict=True))
    wanted = Counter(guess if accepts(row, guess) else row.domain for guess, row in pairs)
    right = Counter(guess for guess, row in pairs if accepts(row, guess))
    given = Counter(guesses)
    return tuple(_score(domain, right[domain], given[domain], wanted[domain]) for domain in DOMAINS)


def macro_f1(scores: Sequence[DomainScore]) -> float:
    """The mean F1 of the domains that the rows have; 0 without any."""
    present = [score.f1 for score in scores if score.count]
    return sum(present) / len(present) if present else 0.0


def confusions(guesses: Sequence[str], rows: Sequence[Row]) -> list[Confusion]:
    """Every pair of domains that were confused, the commonest first; a second label is no confusion."""
    wrong = Counter((row.domain, guess) for guess, row in zip(guesses, rows, strict=True) if not accepts(row, guess))
    ordered = sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
    return [Confusion(wanted, guess, count) for (wanted, guess), count in ordered]


def _score(domain: str, right: int, given: int, wanted: int) -> DomainScore:
    f1 = 2 * right / (given + wanted) if right else 0.0
    return DomainScore(domain, right / given if given else 0.0, right / wanted if wanted else 0.0, f1, wanted)
