"""Figures of an evaluation are counted as a person would count them."""

import json
from pathlib import Path

import pytest

from models.classifier import Classifier
from models.corpus_rows import Row
from models.evaluate import Share, evaluate, read_evaluation

ROWS = [
    Row(
        id="1",
        text="Mặt đường đầy ổ gà, xe máy ngã",
        domain="traffic",
        tier="A",
        lane="phan_anh_kien_nghi",
        urgency="normal",
    ),
    Row(id="2", text="Bãi rác bốc mùi hôi thối cả khu phố", domain="health", domain_alt="environment", tier="A"),
    Row(id="3", text="Nhà trường lạm thu quỹ lớp đầu năm học", domain="land", tier="B"),
]


def test_a_second_label_is_a_hit_too(classifier: Classifier) -> None:
    report = evaluate(classifier, ROWS)
    assert report.top1 == Share(2, 3)
    assert {tier: first for tier, (first, _) in report.tiers.items()} == {"A": Share(2, 2), "B": Share(0, 1)}


def test_heads_without_labels_are_not_counted(classifier: Classifier) -> None:
    report = evaluate(classifier, ROWS)
    assert report.lane == Share(1, 1)
    assert report.urgency.count == 1
    assert report.kind == Share(0, 0)
    assert report.to_cao_found == Share(0, 0)


def test_precision_and_recall_are_of_the_domain_that_was_given(classifier: Classifier) -> None:
    scores = {score.domain: score for score in evaluate(classifier, ROWS).domains}
    assert (scores["environment"].precision, scores["environment"].recall, scores["environment"].f1) == (1.0, 1.0, 1.0)
    assert (scores["education"].precision, scores["land"].recall, scores["land"].f1) == (0.0, 0.0, 0.0)


def test_the_mean_f1_is_over_the_domains_that_the_rows_have(classifier: Classifier) -> None:
    report = evaluate(classifier, ROWS)
    assert report.macro_f1 == pytest.approx((1.0 + 1.0 + 0.0) / 3)  # traffic, environment; land was missed
    assert evaluate(classifier, []).macro_f1 == 0.0


def test_no_rows_give_a_table_of_dashes(classifier: Classifier) -> None:
    lines = evaluate(classifier, []).lines()
    assert lines[0].endswith("–")
    assert len(lines) > 25


def test_the_table_names_domains_in_vietnamese(classifier: Classifier) -> None:
    assert any(line.startswith("Giao thông ") and "100%" in line for line in evaluate(classifier, ROWS).lines())


def test_words_of_a_publisher_are_not_taken_for_kinds(tmp_path: Path) -> None:
    path = tmp_path / "dev.jsonl"
    path.write_text(
        json.dumps({"id": "x", "tier": "C", "text": "Hỏi", "domain": "land", "kind": "faq"}), encoding="utf-8"
    )
    (row,) = read_evaluation(path)
    assert (row.kind, row.lane, row.tier) == (None, None, "C")
