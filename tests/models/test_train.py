"""Thresholds follow from what held-out rows say, and bad rows are named."""

import json
from pathlib import Path

import numpy as np
import pytest

from models.classifier import Classifier
from models.corpus_rows import Row, corpus_hash
from models.recipe import modules
from models.thresholds import choose_abstention, choose_alarm, choose_restriction
from models.train import CorpusError, read_corpus, train
from models.vectorizer import WordWeights

ROW = {
    "id": "a",
    "text": "Đường hỏng",
    "domain": "traffic",
    "domain_alt": None,
    "kind": "incident",
    "lane": "phan_anh_kien_nghi",
    "urgency": "normal",
    "author": "w1",
}


def written(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "part.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_rows_are_read_with_their_labels(tmp_path: Path) -> None:
    (row,) = read_corpus([written(tmp_path, ROW)])
    assert (row.text, row.domain, row.domain_alt, row.author) == ("Đường hỏng", "traffic", None, "w1")


@pytest.mark.parametrize(
    ("field", "value"), [("domain", "roads"), ("lane", None), ("kind", ""), ("urgency", "high"), ("text", " ")]
)
def test_a_row_without_a_usable_field_is_named(tmp_path: Path, field: str, value: object) -> None:
    with pytest.raises(CorpusError, match=rf"part\.jsonl, dòng 2.*{field}"):
        read_corpus([written(tmp_path, ROW, ROW | {field: value})])


def test_nothing_can_be_learnt_from_nothing() -> None:
    with pytest.raises(CorpusError, match="không có dòng nào"):
        train([])


def test_abstention_is_the_lowest_confidence_with_the_wanted_accuracy() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    hit = np.array([True, True, False, True, False])
    assert choose_abstention(confidence, hit, wanted=0.75) == 0.6
    assert choose_abstention(confidence, hit, wanted=1.0) == 0.8


def test_a_model_that_is_never_right_always_abstains() -> None:
    assert choose_abstention(np.array([0.9, 0.8]), np.array([False, False])) == 1.0


def test_restriction_finds_the_wanted_share_of_accusations() -> None:
    suspicion = np.array([0.5, 0.4, 0.3, 0.1])
    assert choose_restriction(suspicion, np.array([True, True, True, False]), wanted=1.0, allowed=0.0) == 0.3


def test_restriction_never_holds_back_more_ordinary_reports_than_allowed() -> None:
    suspicion, accused = np.array([0.5, 0.1, 0.4, 0.3, 0.05, 0.02]), np.array([True, True, *[False] * 4])
    threshold = choose_restriction(suspicion, accused, wanted=1.0, allowed=0.25)
    assert (suspicion[~accused] >= threshold).mean() <= 0.25
    assert threshold > 0.1


def test_thresholds_stay_within_bounds_where_little_is_known() -> None:
    assert choose_restriction(np.array([0.99]), np.array([True])) == 0.6
    assert choose_restriction(np.array([0.001]), np.array([False])) == 0.02


def test_an_alarm_is_raised_for_the_wanted_share_of_urgent_reports() -> None:
    danger = np.array([0.5, 0.4, 0.3, 0.1])
    assert choose_alarm(danger, np.array([True, True, True, False]), wanted=1.0) == 0.3


def test_alarms_stay_precise_even_where_some_urgent_reports_are_missed() -> None:
    danger = np.array([0.5, 0.4, 0.3, 0.25, 0.2, 0.1])
    urgent = np.array([True, True, False, False, False, True])
    assert choose_alarm(danger, urgent, wanted=1.0, precision=0.9) == 0.4


def test_weights_are_rebuilt_from_plain_data() -> None:
    weights = WordWeights.fit(["đường hỏng | ~duong ~hong", "đường ngập nước"], min_df=1)
    again = WordWeights(weights.terms, weights.idf)
    texts = ["đường hỏng đường", "nước", "chưa gặp", ""]
    assert (again.matrix(texts) != weights.matrix(texts)).nnz == 0


def test_three_words_are_a_term_only_without_diacritics() -> None:
    terms = WordWeights.fit(["đường hỏng nặng | ^ ~duong ~hong ~nang $ | §length1"] * 2, min_df=1).terms
    assert "~duong ~hong ~nang" in terms
    assert "^ ~duong ~hong" in terms
    assert "đường hỏng nặng" not in terms


def test_rows_of_weights_have_length_one_or_none() -> None:
    weights = WordWeights.fit(["đường hỏng", "đường ngập nước"], min_df=1)
    lengths = np.sqrt(weights.matrix(["đường hỏng", "chưa gặp"]).power(2).sum(axis=1))
    assert np.asarray(lengths).ravel().tolist() == pytest.approx([1.0, 0.0])


def test_no_pair_of_words_reaches_from_the_text_into_its_plain_view() -> None:
    assert "hỏng |" not in WordWeights.fit(["đường hỏng | ~duong ~hong"] * 2, min_df=1).terms


def test_terms_and_idf_belong_together() -> None:
    with pytest.raises(ValueError, match="differ"):
        WordWeights(["a", "b"], [1.0])


def test_scores_of_the_corpus_are_not_lost(classifier: Classifier) -> None:
    scores = classifier.metadata.scores
    assert scores["domain"] > 0.85
    assert scores["domain_when_answered"] > 0.89
    assert scores["kind"] > 0.82
    assert scores["to_cao_found"] > 0.95
    assert scores["restricted_wrongly"] < 0.035
    assert scores["urgent_found"] > 0.94
    assert scores["alarms_right"] > 0.70


def test_a_version_stands_for_texts_and_code_together(rows: list[Row]) -> None:
    assert {"train", "learning", "text", "cues", "redact", "thresholds", "vectorizer"} <= set(modules())
    assert {"places", "similar", "evaluate", "promotion"} & set(modules()) == set()
    assert corpus_hash(rows) == corpus_hash(rows[::-1]) != corpus_hash(rows[1:])
