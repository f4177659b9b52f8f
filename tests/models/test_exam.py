"""The exam: texts of a writer whom no model has read. Floors lie a little below what was reached."""

from collections import Counter
from collections.abc import Sequence

import pytest

from casework.labels import DOMAINS
from models.classifier import Classifier
from models.corpus_rows import Row, read_exam
from models.evaluate import Report, evaluate
from tests.models.conftest import CORPUS


@pytest.fixture(scope="module")
def exam() -> list[Row]:
    return read_exam(CORPUS)


@pytest.fixture(scope="module")
def report(classifier: Classifier, exam: Sequence[Row]) -> Report:
    return evaluate(classifier, exam)


def test_no_text_and_no_writer_of_the_exam_is_learnt_from(exam: Sequence[Row], rows: Sequence[Row]) -> None:
    assert {row.text for row in exam} & {row.text for row in rows} == set()
    assert {row.author for row in exam} & {row.author for row in rows} == set()


def test_the_exam_asks_for_every_domain_lane_and_urgency(exam: Sequence[Row]) -> None:
    assert set(Counter(row.domain for row in exam)) == set(DOMAINS)
    assert min(Counter(row.lane for row in exam).values()) >= 40
    assert min(Counter(row.urgency for row in exam).values()) >= 20


def test_the_domain_is_right_at_once_nine_times_in_ten(report: Report) -> None:
    assert report.top1.value >= 0.90
    assert report.macro_f1 >= 0.90


def test_it_is_among_three_nearly_always_and_without_diacritics_hardly_less_often(report: Report) -> None:
    assert report.top3.value >= 0.97
    assert report.top1_plain.value >= report.top1.value - 0.03


def test_what_is_answered_without_a_person_is_mostly_right(report: Report) -> None:
    assert report.sure.value >= 0.92


def test_kind_and_lane_are_mostly_right(report: Report) -> None:
    assert report.kind.value >= 0.86
    assert report.lane.value >= 0.97


def test_hardly_a_denunciation_is_missed_and_few_others_are_held_back(report: Report) -> None:
    assert report.to_cao_found.value >= 0.98
    assert report.to_cao_wrong.value <= 0.03


def test_urgent_matters_are_found_and_alarms_are_mostly_right(report: Report) -> None:
    assert report.urgent_found.value >= 0.93
    assert report.alarms_right.value >= 0.70
