"""Rows for the domain alone beside the corpus: the usual words of each domain, and names of procedures."""

import csv
import hashlib
import io
from importlib.resources import files

_TERM_COPIES = 2
_PROCEDURES_PER_DOMAIN = 40
"""More of them drown the words of citizens in those of offices (measured by cross-validation on the corpus)."""

Hint = tuple[str, str]


def domain_hints() -> list[Hint]:
    """(text, domain) pairs in a fixed order."""
    return _terms() * _TERM_COPIES + _procedures()


def _terms() -> list[Hint]:
    lines = files("models").joinpath("terms.txt").read_text(encoding="utf-8").splitlines()
    parted = (line.partition(":") for line in lines if line.strip())
    return [(term.strip(), domain) for domain, _, terms in parted for term in terms.split(";")]


def _procedures() -> list[Hint]:
    """As many of each domain, chosen by hash so that an added procedure changes little."""
    table = files("casework").joinpath("data/procedures.csv").read_text(encoding="utf-8")
    named = {(row["name"], row["domain"]) for row in csv.DictReader(io.StringIO(table))}
    by_domain: dict[str, list[Hint]] = {}
    for hint in sorted(named, key=lambda pair: hashlib.sha256(pair[0].encode()).hexdigest()):
        by_domain.setdefault(hint[1], []).append(hint)
    return [hint for domain in sorted(by_domain) for hint in by_domain[domain][:_PROCEDURES_PER_DOMAIN]]
