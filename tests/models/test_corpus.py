"""The corpus is large, varied, honest and free of personal data."""

import re
from collections import Counter, defaultdict

import pytest

from casework.labels import DOMAINS
from models.corpus_rows import Row
from models.text import clean

GRAM = 5
TOO_ALIKE = 0.5
FAKE_NUMBER = re.compile(r"0900 ?000 ?0\d\d")


def grams(text: str) -> frozenset[str]:
    letters = " ".join(re.findall(r"\w+", clean(text).casefold()))
    return frozenset(letters[start : start + GRAM] for start in range(max(1, len(letters) - GRAM + 1)))


def alike(rows: list[Row]) -> list[tuple[str, str]]:
    """Pairs with a Jaccard index of TOO_ALIKE or more; each such pair shares one of the rarest half of its grams."""
    sets = [grams(row.text) for row in rows]
    frequency = Counter(gram for each in sets for gram in each)
    seen: dict[str, list[int]] = defaultdict(list)
    pairs = set()
    for place, each in enumerate(sets):
        rarest = sorted(each, key=lambda gram: (frequency[gram], gram))[: len(each) // 2 + 1]
        candidates = {other for gram in rarest for other in seen[gram]}
        size = len(each)
        for other in (other for other in candidates if size <= 2 * len(sets[other]) <= 4 * size):
            shared = len(each & sets[other])
            if shared >= TOO_ALIKE * (len(each) + len(sets[other]) - shared):
                pairs.add((rows[other].id, rows[place].id))
        for gram in rarest:
            seen[gram].append(place)
    return sorted(pairs)


def test_there_are_enough_rows_of_every_domain(rows: list[Row]) -> None:
    counts = Counter(row.domain for row in rows)
    assert len(rows) >= 6_000
    assert {domain: count for domain, count in counts.items() if count < 250} == {}
    assert counts["other"] >= 300
    assert set(counts) == set(DOMAINS)


def test_every_lane_kind_and_urgency_can_be_learnt(rows: list[Row]) -> None:
    lanes, kinds = Counter(row.lane for row in rows), Counter(row.kind for row in rows)
    assert min(lanes["khieu_nai"], lanes["to_cao"]) >= 450
    assert min(kinds.values()) >= 400
    assert sum(row.urgency == "urgent" for row in rows) >= 600
    assert sum(row.domain_alt is not None for row in rows) >= 500


def test_no_id_is_used_twice(rows: list[Row]) -> None:
    assert [name for name, count in Counter(row.id for row in rows).items() if count > 1] == []


def test_a_second_label_differs_from_the_first(rows: list[Row]) -> None:
    assert [row.id for row in rows if row.domain_alt == row.domain or row.domain_alt not in (None, *DOMAINS)] == []


def test_no_two_texts_are_nearly_the_same(rows: list[Row]) -> None:
    assert alike(rows) == []


def test_near_duplicates_would_be_found(rows: list[Row]) -> None:
    copy = Row(id="copy", text=rows[0].text + " ạ", domain=rows[0].domain)
    assert alike([rows[0], copy]) == [(rows[0].id, "copy")]


def test_no_opening_is_a_formula(rows: list[Row]) -> None:
    openings = Counter(" ".join(re.findall(r"\w+", row.text.casefold())[:4]) for row in rows)
    assert [opening for opening, count in openings.items() if count > 0.01 * len(rows)] == []


def test_no_number_could_be_a_real_telephone(rows: list[Row]) -> None:
    numbers = [(row.id, run) for row in rows for run in re.findall(r"\d(?:[ .\-]?\d){8,11}", row.text)]
    assert [(name, run) for name, run in numbers if run.startswith("0") and not FAKE_NUMBER.fullmatch(run)] == []


@pytest.mark.parametrize("mark", [True, False], ids=["with marks", "without marks"])
def test_people_write_with_and_without_marks(rows: list[Row], mark: bool) -> None:
    assert sum(row.text.isascii() != mark for row in rows) >= 100
