"""The curves of docs/model.md are counted as a person would, and its page says what was measured."""

from pathlib import Path

import numpy as np
import pytest

from models.agreement import Agreement
from models.classifier import Classifier
from models.corpus_rows import Row, read_exam
from models.domain_scores import confusions, domain_scores
from models.evaluate import Share, evaluate
from models.report.ablation import Ablated
from models.report.baselines import baselines
from models.report.curves import calibration, precision_recall, risk_coverage
from models.report.growth import Point
from models.report.page import page
from models.report.plots import draw_all
from models.report.run import Baseline, Findings
from models.report.unseen import Unseen
from tests.models.conftest import CORPUS

CONFIDENCE = np.array([0.9, 0.8, 0.7, 0.6])
HIT = np.array([True, True, False, True])


def test_risk_falls_as_only_the_surest_are_answered() -> None:
    curve = risk_coverage(CONFIDENCE, HIT)
    assert [curve.at(coverage) for coverage in (0.25, 0.5, 0.75, 1.0)] == pytest.approx([1, 1, 2 / 3, 3 / 4])


def test_the_calibration_error_is_the_mean_gap_between_confidence_and_truth() -> None:
    """Two bins of two: sure 0.95 and right in one of two; sure 0.55 and right in both."""
    found = calibration(np.array([0.95, 0.95, 0.55, 0.55]), np.array([True, False, True, True]))
    assert sorted(found.counts) == [2, 2]
    assert found.error == pytest.approx((0.45 + 0.45) / 2)


def test_certainty_itself_falls_into_the_last_bin() -> None:
    assert calibration(np.array([1.0]), np.array([True])).error == 0.0


def test_precision_is_the_best_that_has_the_recall() -> None:
    """In order of chance: right, wrong, right. All are found with one false alarm, the half with none."""
    curve = precision_recall(np.array([0.9, 0.8, 0.7, 0.1]), np.array([True, False, True, False]))
    assert curve.precision_at(0.5) == 1.0
    assert curve.precision_at(1.0) == pytest.approx(2 / 3)


def row(id_: str, text: str, domain: str, domain_alt: str | None = None) -> Row:
    return Row(id=id_, text=text, domain=domain, domain_alt=domain_alt)


def test_a_second_label_is_no_confusion() -> None:
    rows = [row("1", "", "land", "construction"), row("2", "", "land"), row("3", "", "land")]
    found = confusions(["construction", "construction", "land"], rows)
    assert [(pair.wanted, pair.given, pair.count) for pair in found] == [("land", "construction", 1)]


LEARNT = [
    row("1", "đường có ổ gà sâu", "traffic"),
    row("2", "đường đầy ổ gà", "traffic"),
    row("3", "ổ gà trên đường", "traffic"),
    row("4", "bãi rác hôi thối", "environment"),
    row("5", "rác thải hôi thối", "environment"),
]
ASKED = ["ổ gà giữa đường", "bãi rác thải bốc mùi hôi thối"]


@pytest.mark.parametrize("name", sorted(baselines()))
def test_every_baseline_learns_what_is_plain_and_majority_does_not(name: str) -> None:
    guesses = baselines()[name](LEARNT)(ASKED)
    assert guesses == ["traffic", "traffic" if name == "majority" else "environment"]


@pytest.fixture(scope="module")
def findings(classifier: Classifier) -> Findings:
    exam = evaluate(classifier, read_exam(CORPUS)[:40])
    others = evaluate(classifier, [Row(id="o", text="Ổ gà giữa đường", domain="traffic", tier="A")])
    guesses, rows = ["land", "traffic"], [row("1", "", "land"), row("2", "", "land")]
    curve = precision_recall(CONFIDENCE, HIT)
    unseen = Unseen(
        rows=2, writers=2, domain=0.861, first_label=0.8, in_three=0.9, unaccented=0.8, macro_f1=0.8, kind=0.8,
        lane=0.9, urgency=0.9, domains=domain_scores(guesses, rows), confused=confusions(guesses, rows),
        coverage=risk_coverage(CONFIDENCE, HIT), calibration=calibration(CONFIDENCE, HIT), to_cao=curve, urgent=curve,
    )  # fmt: skip
    return Findings(
        classifier, unseen, exam, others, [Baseline("majority", Share(1, 10), Share(1, 10), {"A": Share(0, 1)})],
        [Ablated("syllables", 0.77, 9000.0)], [Point(250, exam, others), Point(500, exam, others)],
        [Agreement("lane", 0.9987, 0.9957, 8, 6109)], 0.95, 1800.0, 600.0,
    )  # fmt: skip


def test_the_page_tells_every_part_and_its_plots_exist(findings: Findings, tmp_path: Path) -> None:
    plots = draw_all(findings, tmp_path)
    text = page(findings, plots)
    for heading in (
        "The exam",
        "Real texts",
        "Most confused",
        "Confidence",
        "What each step is worth",
        "Two labellers",
    ):
        assert f"\n## {heading}\n" in text
    assert "| 0.861 |" in text
    assert "never learnt from" in text
    assert "of one kind" in text
    assert all(f"(model/{name}.svg)" in text and (tmp_path / f"{name}.svg").exists() for name in plots)


def test_the_same_figures_give_the_same_plots(findings: Findings, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        draw_all(findings, tmp_path / folder)
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / each).iterdir()} for each in ("one", "two"))
    assert one == two
