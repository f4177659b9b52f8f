"""Every metric of the projector and the web: name, type, labels, meaning. Nothing of the restricted lane is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """One metric as the catalogue, the docs page and the checks of rules and dashboards read it."""

    name: str
    type: Literal["counter", "gauge", "histogram"]
    labels: tuple[str, ...]
    meaning: str


CATALOGUE = (
    MetricSpec(
        "langnghe_projector_records_total", "counter", ("topic",), "Records copied into the read model, by public topic"
    ),
    MetricSpec("langnghe_projector_batch_seconds", "histogram", (), "Time to write one batch into the read model"),
    MetricSpec("langnghe_projector_lag_records", "gauge", (), "Records of public topics not yet in the read model"),
    MetricSpec(
        "langnghe_projector_asof_timestamp_seconds",
        "gauge",
        (),
        "Moment at which the read model last held everything that Kafka had",
    ),
    MetricSpec("langnghe_rules_info", "gauge", ("hash",), "1 for the hash of the rule files this process runs with"),
    MetricSpec("langnghe_web_requests_total", "counter", ("route", "status"), "HTTP answers by route and status class"),
    MetricSpec("langnghe_web_request_seconds", "histogram", ("route",), "Time to an HTTP answer by route"),
    MetricSpec(
        "langnghe_web_posts_total",
        "counter",
        ("kind", "result"),
        "Posts of feedback, dossier events and decisions: accepted, refused (input), failed (Kafka)",
    ),
    MetricSpec("langnghe_web_live_clients", "gauge", (), "Browsers that listen to server-sent events"),
)
_BY_NAME = {spec.name: spec for spec in CATALOGUE}


def new_registry() -> CollectorRegistry:
    """A registry of one's own, without a `_created` series beside every metric."""
    disable_created_metrics()  # type: ignore[no-untyped-call]
    return CollectorRegistry()


def counter(registry: CollectorRegistry, name: str) -> Counter:
    spec = _BY_NAME[name]
    return Counter(spec.name, spec.meaning, spec.labels, registry=registry)


def gauge(registry: CollectorRegistry, name: str) -> Gauge:
    spec = _BY_NAME[name]
    return Gauge(spec.name, spec.meaning, spec.labels, registry=registry)


def histogram(registry: CollectorRegistry, name: str, buckets: Sequence[float] = BUCKETS) -> Histogram:
    spec = _BY_NAME[name]
    return Histogram(spec.name, spec.meaning, spec.labels, registry=registry, buckets=buckets)


def rules_info(registry: CollectorRegistry, rules: str) -> None:
    """Exports which rules a process runs with, given their hash."""
    gauge(registry, "langnghe_rules_info").labels(rules).set(1)
