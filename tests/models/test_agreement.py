"""Agreement of two labellers is counted as Cohen did, on what they said before anything was settled."""

import pytest

from casework.labels import LANES
from models.agreement import agreements, kappa, overlapping, read_second_labels
from models.corpus_rows import Row, read_exam
from tests.models.conftest import CORPUS


def row(id_: str, domain: str, lane: str = "phan_anh_kien_nghi") -> Row:
    return Row(id=id_, text="x", domain=domain, kind="question", lane=lane, urgency="normal")


def said(domain: str, lane: str = "phan_anh_kien_nghi", **others: object) -> dict[str, object]:
    return {"domain": domain, "domain_alt": None, "lane": lane, "kind": "question", "urgency": "normal"} | others


def test_kappa_of_the_textbook_example() -> None:
    """Two raters of 50 grants (20 both yes, 15 both no, 5 and 10 differing): observed 0.70, by chance 0.50."""
    pairs = [("y", "y")] * 20 + [("n", "n")] * 15 + [("y", "n")] * 5 + [("n", "y")] * 10
    assert kappa(pairs) == pytest.approx(0.4)


def test_kappa_is_one_where_both_always_say_the_same() -> None:
    assert kappa([("a", "a"), ("b", "b")]) == 1.0
    assert kappa([("a", "a")] * 3) == 1.0


def test_the_first_label_is_the_one_before_settling() -> None:
    rows = [row("1", "land"), row("2", "traffic"), row("3", "health")]
    second = {"1": said("land", first={"domain": "construction"}), "2": said("traffic"), "3": said("health")}
    (domain, *others) = agreements(rows, second)
    assert (domain.head, domain.differing, domain.count) == ("domain", 1, 3)
    assert [one.differing for one in others] == [0, 0, 0]


def test_second_acceptable_domains_may_meet() -> None:
    rows = [row("1", "land"), row("2", "traffic")]
    second = {"1": said("construction", domain_alt="land"), "2": said("urban_infra")}
    assert overlapping(rows, second) == 0.5


def test_every_row_of_the_corpus_and_of_the_exam_was_labelled_twice(rows: list[Row]) -> None:
    second = read_second_labels(CORPUS)
    assert {row.id for row in [*rows, *read_exam(CORPUS)]} == set(second)
    assert {record["lane"] for record in second.values()} == set(LANES)


def test_the_labellers_of_the_corpus_agree_far_beyond_chance(rows: list[Row]) -> None:
    by_head = {one.head: one for one in agreements(rows, read_second_labels(CORPUS))}
    assert by_head["domain"].kappa > 0.8
    assert by_head["kind"].kappa > 0.8
    assert by_head["lane"].kappa > 0.9
