"""docs/model.md as text."""

from collections.abc import Iterable, Sequence

from models.evaluate import Report, Share
from models.figures import FIGURES
from models.report import prose
from models.report.curves import COVERAGES
from models.report.growth import Point
from models.report.run import Findings


def page(findings: Findings, plots: Sequence[str]) -> str:
    """The whole page; `plots` are names of files in `model/` beside it."""
    parts = [
        ["# The text model: how good it is, and where it is weak", "", prose.INTRO, ""],
        _origin(findings),
        _exam(findings.exam),
        _unseen(findings),
        _pakn(findings.others) if findings.others else [],
        _domains(findings, plots),
        _confused(findings),
        _confidence(findings, plots),
        _heads(findings, plots),
        _baselines(findings),
        _ablation(findings) if findings.ablation else [],
        _growth(findings.growth, plots) if findings.growth else [],
        _tried(),
        _agreement(findings),
    ]
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _origin(findings: Findings) -> list[str]:
    origin, unseen = findings.model.metadata, findings.unseen
    libraries = ", ".join(f"{name} {version}" for name, version in origin.versions.items())
    speed, minutes = f"{findings.texts_per_second:,.0f}", f"{findings.seconds / 60:.0f}"
    return [
        f"Model `{origin.version}`, trained {origin.trained_on} on {unseen.rows:,} texts of {unseen.writers} writers "
        f"with {libraries}. It classifies {speed} texts a second in batches of 64 on one core of the machine of this "
        f"run (redaction, reasons and all heads included). The run took {minutes} minutes.",
        "",
    ]


def _exam(report: Report) -> list[str]:
    rows = [
        ("domain right at once", report.top1, _target("domain")),
        ("domain among three", report.top3, _target("domain_in_three")),
        ("macro-F1", f"{report.macro_f1:.3f}", _target("macro_f1")),
        ("domain, diacritics taken away", report.top1_plain, "3 points less at most"),
        ("answered without a person", report.answered, ""),
        ("right where answered", report.sure, ""),
        ("right of the surest 80 %", report.surest, "0.95"),
        ("kind", report.kind, ""),
        ("lane", report.lane, ""),
        ("tố cáo found", report.to_cao_found, _target("to_cao_found")),
        ("others held back as tố cáo", report.to_cao_wrong, _target("restricted_wrongly")),
        ("urgent found", report.urgent_found, _target("urgent_found")),
        ("alarms right", report.alarms_right, _target("alarms_right")),
    ]
    said = [(name, _said(value), target) for name, value, target in rows]
    return _section("The exam", prose.EXAM, _table(("", "reached", "target"), said))


def _target(name: str) -> str:
    figure = FIGURES[name]
    return f"{figure.target:.2f}{' at most' if figure.less else ''}"


def _unseen(findings: Findings) -> list[str]:
    found = findings.unseen
    rows = [
        ("domain right at once", found.domain),
        ("the same, the first label alone", found.first_label),
        ("domain among three", found.in_three),
        ("macro-F1", found.macro_f1),
        ("domain, diacritics taken away", found.unaccented),
        ("kind", found.kind),
        ("lane, likeliest label", found.lane),
        ("urgency, likeliest label", found.urgency),
    ]
    said = [(name, f"{value:.3f}") for name, value in rows]
    return _section("Writers it has never read", prose.UNSEEN, _table(("", "reached"), said))


def _pakn(report: Report) -> list[str]:
    rows = [(tier, first.count, _said(first), _said(third)) for tier, (first, third) in report.tiers.items()]
    everything = ("all", report.top1.count, _said(report.top1), _said(report.top3))
    beside = (
        f"Diacritics taken away: {_said(report.top1_plain)}. Answered without a person {_said(report.answered)}, "
        f"right where answered {_said(report.sure)}; right of the surest 80 % {_said(report.surest)}."
    )
    table = _table(("tier", "texts", "domain right at once", "among three"), [*rows, everything])
    return _section("Real texts", prose.PAKN, [*table, beside, ""])


def _domains(findings: Findings, plots: Sequence[str]) -> list[str]:
    ordered = sorted(findings.unseen.domains, key=lambda score: score.f1)
    exam = {score.domain: score for score in findings.exam.domains}
    rows = [
        (f"`{score.domain}`", score.count, *map(_two, (score.precision, score.recall, score.f1, exam[score.domain].f1)))
        for score in ordered
    ]
    table = _table(("domain", "texts", "precision", "recall", "F1", "F1 in the exam"), rows)
    return _section("By domain, the weakest first", "", table, _plot("domains", plots))


def _confused(findings: Findings) -> list[str]:
    rows = [(f"`{pair.wanted}`", f"`{pair.given}`", pair.count) for pair in findings.unseen.confused]
    return _section("Most confused", "", _table(("is", "taken for", "texts"), rows))


def _confidence(findings: Findings, plots: Sequence[str]) -> list[str]:
    found, threshold = findings.unseen, findings.model.thresholds.abstain
    text = (
        f"Below a confidence of {threshold:.2f} a person chooses. Expected calibration error over unseen writers: "
        f"{found.calibration.error:.3f} (its plot leaves out bins of under 20 texts). Target: 0.95 right at "
        "80 %; below are unseen writers of the corpus, many of them hard on purpose."
    )
    rows = [(f"{coverage:.0%}", f"{found.coverage.at(coverage):.3f}") for coverage in COVERAGES]
    table = _table(("answered, surest first", "right"), rows)
    return _section("Confidence", text, table, _plot("risk-coverage", plots), _plot("calibration", plots))


def _heads(findings: Findings, plots: Sequence[str]) -> list[str]:
    rows = [
        (name, f"{curve.average:.3f}", *(f"{curve.precision_at(recall):.3f}" for recall in (0.90, 0.95, 0.98)))
        for name, curve in (("tố cáo", findings.unseen.to_cao), ("urgent", findings.unseen.urgent))
    ]
    table = _table(("label", "average precision", "precision at recall 0.90", "at 0.95", "at 0.98"), rows)
    return _section("Lane and urgency, unseen writers", "", table, _plot("lane", plots), _plot("urgency", plots))


def _baselines(findings: Findings) -> list[str]:
    others = findings.others.tiers if findings.others else {}
    rows = [
        (one.name, _said(one.exam), _said(one.unaccented), *(_said(one.tiers[tier]) for tier in others))
        for one in findings.baselines
    ]
    exam = findings.exam
    ours = ("**this model**", _said(exam.top1), _said(exam.top1_plain), *(_said(first) for first, _ in others.values()))
    head = ("domain right at once", "exam", "exam without diacritics", *_tiers(others))
    missing = [] if any("fasttext" in one.name for one in findings.baselines) else [prose.FASTTEXT_MISSING, ""]
    return _section("Beside simpler methods", prose.BASELINES, _table(head, [*rows, ours]), missing)


def _ablation(findings: Findings) -> list[str]:
    rows = [(one.name, f"{one.domain:.3f}", f"{one.texts_per_second:,.0f}") for one in findings.ablation]
    ours = (prose.OURS, f"{findings.unseen.domain:.3f}", f"{findings.texts_per_second:,.0f}")
    table = _table(("cut into", "domain right at once", "texts a second"), [*rows, ours])
    return _section("What each step is worth", prose.ABLATION, table)


def _growth(points: Sequence[Point], plots: Sequence[str]) -> list[str]:
    rows = [
        (f"{point.rows:,}", _said(point.exam.top1), _said(point.exam.top1_plain), *_firsts(point.others))
        for point in points
    ]
    tiers = points[0].others.tiers if points[0].others else {}
    table = _table(("rows", "exam", "exam without diacritics", *_tiers(tiers)), rows)
    return _section("More texts", prose.GROWTH, table, _plot("learning-curve", plots))


def _tried() -> list[str]:
    return _section("What did not help", prose.TRIED_INTRO, _table(("tried", "domain right at once"), prose.TRIED))


def _agreement(findings: Findings) -> list[str]:
    rows = [(one.head, one.count, one.differing, f"{one.same:.3f}", f"{one.kappa:.3f}") for one in findings.agreement]
    table = _table(("label", "texts", "differing", "the same", "Cohen's kappa"), rows)
    shared = f"The acceptable domains of the two share one in {findings.overlapping:.1%} of texts."
    return _section("Two labellers", prose.LABELLERS, [*table, shared, ""])


def _firsts(report: Report | None) -> list[str]:
    return [_said(first) for first, _ in report.tiers.values()] if report else []


def _tiers(tiers: Iterable[str]) -> list[str]:
    return [f"tier {tier}" for tier in tiers]


def _two(value: float) -> str:
    return f"{value:.2f}"


def _section(title: str, text: str, *blocks: Sequence[str]) -> list[str]:
    said = [text, ""] if text else []
    return [f"## {title}", "", *said, *(line for block in blocks for line in block)]


def _said(value: object) -> str:
    if not isinstance(value, Share):
        return str(value)
    return f"{value.value:.3f} ({value.hits}/{value.count})" if value.count else "–"


def _plot(name: str, plots: Sequence[str]) -> list[str]:
    return [f"![{name}](model/{name}.svg)", ""] if name in plots else []


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [*(f"| {' | '.join(map(str, line))} |" for line in lines), ""]
