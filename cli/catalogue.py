"""Every metric of every process, for the docs page and the checks of rules and dashboards."""

from collections.abc import Iterator
from dataclasses import dataclass

from desk import metrics as desk_metrics
from streams import metrics as worker_metrics


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric, and which processes export it."""

    name: str
    kind: str
    labels: tuple[str, ...]
    meaning: str
    by: str


def every_metric() -> Iterator[Metric]:
    """In the order of the docs page; `langnghe_rules_info` comes from all and more than once."""
    for by, catalogue in (("workers", worker_metrics.CATALOGUE), ("lag exporter", worker_metrics.LAG_CATALOGUE)):
        for spec in catalogue:
            yield Metric(spec.name, spec.kind, spec.labels, spec.meaning, by)
    for own in desk_metrics.CATALOGUE:
        yield Metric(own.name, own.type, own.labels, own.meaning + ".", "projector, web")


def series_names() -> dict[str, frozenset[str]]:
    """Each name that a query may ask for, with its labels: those of a histogram by the names of its series."""
    found: dict[str, frozenset[str]] = {}
    for metric in every_metric():
        labels = frozenset(metric.labels)
        if metric.kind == "histogram":
            found[f"{metric.name}_bucket"] = labels | {"le"}
            found |= {f"{metric.name}_{part}": labels for part in ("count", "sum")}
        else:
            found[metric.name] = labels
    return found
