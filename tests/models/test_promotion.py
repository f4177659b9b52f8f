"""A model that is worse in the exam does not take the place of the one at work."""

from collections.abc import Mapping

import pytest

from models.promotion import compare

OLD = {
    "domain": 0.90,
    "macro_f1": 0.90,
    "to_cao_found": 0.98,
    "restricted_wrongly": 0.02,
    "urgent_found": 0.95,
    "alarms_right": 0.80,
}


def worse(changes: Mapping[str, float]) -> list[str]:
    return [figure.words for figure in compare(OLD, OLD | changes) if figure.worse]


def test_the_same_figures_are_not_worse() -> None:
    assert worse({}) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"domain": 430 / 480}, "Lĩnh vực, đúng ngay", id="two texts of 480 less"),
        pytest.param({"macro_f1": 0.89}, "Lĩnh vực, F1 bình quân", id="domains worse on average"),
        pytest.param({"to_cao_found": 0.96}, "Tố cáo được tách riêng", id="a denunciation missed"),
        pytest.param({"restricted_wrongly": 0.04}, "Tách nhầm là tố cáo", id="too much held back"),
        pytest.param({"urgent_found": 0.93}, "Việc khẩn được nhận ra", id="an emergency missed"),
        pytest.param({"alarms_right": 0.65}, "Báo khẩn đúng", id="too many false alarms"),
    ],
)
def test_one_worse_figure_is_enough(changes: Mapping[str, float], words: str) -> None:
    assert worse(changes | {"alarms_right": 0.99} if "alarms_right" not in changes else changes) == [words]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"restricted_wrongly": 0.03}, id="3 % held back are allowed"),
        pytest.param({"alarms_right": 0.70}, id="7 of 10 alarms right are enough"),
        pytest.param({"macro_f1": 0.8995}, id="less than half a text"),
    ],
)
def test_what_stays_within_the_targets_is_no_reason(changes: Mapping[str, float]) -> None:
    assert worse(changes) == []


def test_the_comparison_reads_as_people_write_figures() -> None:
    (line,) = [figure.line() for figure in compare(OLD, OLD | {"domain": 0.895}) if figure.worse]
    assert line == "Lĩnh vực, đúng ngay: 90,0% → 89,5%  (kém hơn)"
