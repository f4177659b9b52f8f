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
    MetricSpec(
        "langnghe_heartbeat_timestamp_seconds", "gauge", ("way",), "When the heartbeat last came through, by way"
    ),
    MetricSpec(
        "langnghe_open_dossiers",
        "gauge",
        ("level", "alert"),
        "Dossiers whose clock runs or is stopped, by level and standing alert",
    ),
    MetricSpec(
        "langnghe_agency_open_dossiers",
        "gauge",
        ("agency", "alert"),
        "Dossiers whose clock runs or is stopped, by agency of agencies.csv (else unknown) and standing alert",
    ),
    MetricSpec(
        "langnghe_violating_cases",
        "gauge",
        ("kind", "rule"),
        "Dossiers and feedback with a sign of wrong procedure, open or ended (feedback: answered) since the 1st of the "
        "month, by kind and rule",
    ),
    MetricSpec("langnghe_dossier_duties", "gauge", ("duty",), "Dossiers that somebody owes a step, by duty"),
    MetricSpec(
        "langnghe_month_received_dossiers",
        "gauge",
        ("level",),
        "Dossiers received since the 1st of the month, by level",
    ),
    MetricSpec(
        "langnghe_month_ended_dossiers",
        "gauge",
        ("level", "standing"),
        "Dossiers ended since the 1st of the month, by level and standing",
    ),
    MetricSpec("langnghe_open_feedback", "gauge", ("domain", "alert"), "Open feedback by domain and standing alert"),
    MetricSpec(
        "langnghe_open_feedback_by_channel", "gauge", ("channel", "urgency"), "Open feedback by channel and urgency"
    ),
    MetricSpec(
        "langnghe_agency_open_feedback",
        "gauge",
        ("agency", "alert"),
        "Open feedback by agency of agencies.csv (else unknown) and standing alert",
    ),
    MetricSpec(
        "langnghe_untaken_feedback", "gauge", ("urgency",), "Open feedback that nobody has accepted yet, by urgency"
    ),
    MetricSpec(
        "langnghe_oldest_untaken_timestamp_seconds",
        "gauge",
        ("urgency",),
        "Receipt of the oldest feedback that nobody has accepted yet, by urgency; absent where there is none",
    ),
    MetricSpec(
        "langnghe_month_received_feedback",
        "gauge",
        ("domain", "channel"),
        "Feedback received since the 1st of the month, by domain and channel",
    ),
    MetricSpec(
        "langnghe_proposals",
        "gauge",
        ("domain", "fate"),
        "Proposals of the classifier for feedback of the last 30 days: made, abstained (a person must choose), checked "
        "(a person confirmed or changed), changed (the domain was wrong)",
    ),
    MetricSpec(
        "langnghe_read_model_cases",
        "gauge",
        ("kind",),
        "Open cases in the read model, counted as langnghe_open_cases counts them: a lasting difference is an error",
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


def spec(name: str) -> MetricSpec:
    """A metric of the catalogue by its name."""
    return _BY_NAME[name]


def counter(registry: CollectorRegistry, name: str) -> Counter:
    found = _BY_NAME[name]
    return Counter(found.name, found.meaning, found.labels, registry=registry)


def gauge(registry: CollectorRegistry, name: str) -> Gauge:
    found = _BY_NAME[name]
    return Gauge(found.name, found.meaning, found.labels, registry=registry)


def histogram(registry: CollectorRegistry, name: str, buckets: Sequence[float] = BUCKETS) -> Histogram:
    found = _BY_NAME[name]
    return Histogram(found.name, found.meaning, found.labels, registry=registry, buckets=buckets)


def rules_info(registry: CollectorRegistry, rules: str) -> None:
    """Exports which rules a process runs with, given their hash."""
    gauge(registry, "langnghe_rules_info").labels(rules).set(1)
