"""The plots of docs/model.md as SVG files; the same figures give the same files."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from models.report.curves import PrecisionRecall
from models.report.growth import Point
from models.report.run import Findings

_STYLE = {
    "svg.hashsalt": "langnghe",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.alpha": 0.3,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_INK, _SECOND, _THIRD = "#0b4f8a", "#d55e00", "#009e73"
_WIDE = (6.4, 3.6)
_ENOUGH = 20
"""Texts in a bin of confidence that is worth a point."""
Draw = Callable[[Any, Findings], None]


def draw_all(findings: Findings, directory: Path) -> list[str]:
    """Writes the plots that there are figures for; their names without `.svg`."""
    wanted: Mapping[str, Draw] = {
        "risk-coverage": _risk_coverage, "calibration": _calibration, "lane": _lane, "urgency": _urgency,
        "domains": _domains,
    }  # fmt: skip
    if findings.growth:
        wanted = {**wanted, "learning-curve": _growth}
    directory.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(_STYLE):
        for name, draw in wanted.items():
            figure = Figure(figsize=(6.4, 5.6) if draw is _domains else _WIDE, layout="constrained")
            draw(figure.subplots(), findings)
            figure.savefig(directory / f"{name}.svg", metadata={"Date": None})
    return list(wanted)


def _risk_coverage(axes: Any, findings: Findings) -> None:
    curve = findings.unseen.coverage
    axes.plot(curve.coverage, 1 - curve.accuracy, color=_INK)
    axes.set(xlabel="coverage: share of texts answered without a person", ylabel="risk: share of these wrong")
    axes.set_ylim(bottom=0)


def _calibration(axes: Any, findings: Findings) -> None:
    found = findings.unseen.calibration
    axes.plot([0, 1], [0, 1], color="#52606d", linestyle=":", label="honest")
    kept = [place for place, count in enumerate(found.counts) if count >= _ENOUGH]
    axes.plot(
        [found.confidence[place] for place in kept], [found.right[place] for place in kept], color=_INK, marker="o",
        label=f"error {found.error:.3f}",
    )  # fmt: skip
    axes.set(xlabel="confidence", ylabel="share right")
    axes.legend(frameon=False)


def _lane(axes: Any, findings: Findings) -> None:
    _precision_recall(axes, findings.unseen.to_cao, "tố cáo")


def _urgency(axes: Any, findings: Findings) -> None:
    _precision_recall(axes, findings.unseen.urgent, "urgent")


def _precision_recall(axes: Any, curve: PrecisionRecall, name: str) -> None:
    axes.plot(curve.recall, curve.precision, color=_INK, label=f"{name}, average precision {curve.average:.3f}")
    axes.set(xlabel="recall", ylabel="precision", xlim=(0.5, 1.01), ylim=(0.4, 1.02))
    axes.legend(frameon=False, loc="lower left")


def _domains(axes: Any, findings: Findings) -> None:
    ordered = sorted(findings.unseen.domains, key=lambda score: -score.f1)
    axes.barh([score.domain for score in ordered], [score.f1 for score in ordered], color=_INK)
    axes.set(xlabel="F1 on unseen writers", xlim=(0.5, 1))


def _growth(axes: Any, findings: Findings) -> None:
    sizes = [point.rows for point in findings.growth]
    axes.plot(sizes, [point.exam.top1.value for point in findings.growth], color=_INK, marker="o", label="exam")
    axes.plot(
        sizes, [point.exam.top1_plain.value for point in findings.growth], color=_SECOND, marker="s",
        label="exam without diacritics",
    )  # fmt: skip
    if any(map(_tier_a, findings.growth)):
        axes.plot(sizes, list(map(_tier_a, findings.growth)), color=_THIRD, marker="^", label="pakn_dev, tier A")
    axes.set(xscale="log", xlabel="rows learnt from", ylabel="domain right at once")
    axes.set_xticks(sizes, labels=[f"{size:,}" for size in sizes])
    axes.set_xticks([], minor=True)
    axes.legend(frameon=False)


def _tier_a(point: Point) -> float | None:
    return point.others.tiers["A"][0].value if point.others and "A" in point.others.tiers else None
