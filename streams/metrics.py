"""Every metric of the workers: name, type, labels and meaning in one list; the docs page is made from it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)
END_TO_END = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0)
HOUR, DAY = 3_600.0, 86_400.0
WAITING = (0.25 * HOUR, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, DAY, 2 * DAY, 3 * DAY, 5 * DAY, 10 * DAY, 15 * DAY)


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """One metric as the docs show it."""

    name: str
    kind: str
    labels: tuple[str, ...]
    meaning: str


CATALOGUE = (
    MetricSpec("langnghe_records_total", "counter", ("agent", "result"),
               "Records read by an agent: ok, or dead (sent to dead.letters)."),
    MetricSpec("langnghe_classified_total", "counter", ("domain", "urgency"),
               "Pieces of feedback classified, by proposed domain and urgency; none of the restricted lane."),
    MetricSpec("langnghe_outcomes_total", "counter", ("kind", "outcome"),
               "Outcomes told, but for a crashed worker's last ones; none of the restricted lane."),
    MetricSpec("langnghe_alerts_total", "counter", ("kind", "alert"),
               "Alerts and duties raised, but for a crashed worker's last ones; none of the restricted lane."),
    MetricSpec("langnghe_flagged_total", "counter", ("source", "flag"),
               "Odd but readable data by the case's source, the first 50 by name; none of the restricted lane."),
    MetricSpec("langnghe_refused_total", "counter", ("source", "reason"),
               "Records of an intake topic that could not be read, by the envelope's source and by code and field."),
    MetricSpec("langnghe_dead_letters_total", "counter", ("agent", "reason"),
               "Records sent to dead.letters by the agent that could not use them, by code and field."),
    MetricSpec("langnghe_violations_total", "counter", ("rule", "change"),
               "Signs of wrong procedure, raised or retracted, but for a crashed worker's last ones; none of the "
               "restricted lane."),
    MetricSpec("langnghe_processing_seconds", "histogram", ("kind",),
               "From the broker's receipt of a message on an intake topic to the state that is kept; backfill, the "
               "heartbeat and the restricted lane left out."),
    MetricSpec("langnghe_first_action_seconds", "histogram", ("urgency",),
               "From the receipt of feedback to its first acceptance, assignment or refusal, by the moments of the "
               "events; none of the restricted lane."),
    MetricSpec("langnghe_last_event_timestamp_seconds", "gauge", ("source",),
               "When a source was last heard of by this process, the first 50 by name; none of the restricted lane."),
    MetricSpec("langnghe_alert_delay_seconds", "histogram", ("kind",),
               "From the moment of a watched alert or duty to the moment it stood; none of the restricted lane."),
    MetricSpec("langnghe_chunk_seconds", "histogram", ("agent",), "Work on one chunk, acknowledgements included."),
    MetricSpec("langnghe_open_cases", "gauge", ("kind", "alert", "partition"),
               "Open cases of each partition this worker owns now, by standing alert; none of the restricted lane. "
               "Take the greatest of a partition before adding up: two may show it in the scrapes around its move."),
    MetricSpec("langnghe_cases_to_refold", "gauge", ("kind",),
               "Cases on partitions this worker owns now, folded under other rules; none of the restricted lane."),
    MetricSpec("langnghe_partitions_to_look_through", "gauge", ("kind",),
               "Partitions this worker owns now whose cases are not all watched under its rules yet; none of the "
               "restricted lane."),
    MetricSpec("langnghe_partition_owned", "gauge", ("kind", "partition"),
               "1 for each partition whose cases this worker follows now."),
    MetricSpec("langnghe_recovering", "gauge", (),
               "1 while this case worker reads its tables again or waits for its partitions, else 0."),
    MetricSpec("langnghe_recovery_records", "gauge", (),
               "Records of its tables that this case worker has still to read again; none of the restricted lane."),
    MetricSpec("langnghe_watch_timestamp_seconds", "gauge", (), "When the deadline watch last finished a round."),
    MetricSpec("langnghe_watched_moments", "gauge", (), "Moments that the deadline watch of this worker holds."),
    MetricSpec("langnghe_rules_info", "gauge", ("hash",), "1 for the hash of the rule files this process runs with."),
    MetricSpec("langnghe_model_info", "gauge", ("version",), "1 for the model that this process classifies with."),
    MetricSpec("langnghe_working_day", "gauge", (),
               "1 where today is a working day by the province's calendar, else 0."),
    MetricSpec("langnghe_calendar_days_left", "gauge", (), "Days until the working calendar ends."),
)  # fmt: skip
_PLACE = ("group", "topic", "partition")
LAG_CATALOGUE = (
    MetricSpec("langnghe_lag_records", "gauge", _PLACE, "Records not yet read by a group."),
    MetricSpec("langnghe_oldest_unread_timestamp_seconds", "gauge", _PLACE,
               "When the oldest unread record was sent; 0 when none is unread."),
    MetricSpec("langnghe_partitions", "gauge", (), "Partitions of each topic, as this installation is set."),
    MetricSpec("langnghe_kafka_answer_timestamp_seconds", "gauge", (), "When Kafka last answered the lag exporter."),
    MetricSpec("langnghe_dead_letters_end", "gauge", (), "End offsets of dead.letters, added up."),
)  # fmt: skip
_SPECS = {spec.name: spec for spec in CATALOGUE}


class Metrics:
    """The workers' metrics on a registry of their own."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self.records = self._counter("langnghe_records_total")
        self.classified = self._counter("langnghe_classified_total")
        self.outcomes = self._counter("langnghe_outcomes_total")
        self.alerts = self._counter("langnghe_alerts_total")
        self.flagged = self._counter("langnghe_flagged_total")
        self.refused = self._counter("langnghe_refused_total")
        self.dead_letters = self._counter("langnghe_dead_letters_total")
        self.violations = self._counter("langnghe_violations_total")
        self.processing = self._histogram("langnghe_processing_seconds", END_TO_END)
        self.first_action = self._histogram("langnghe_first_action_seconds", WAITING)
        self.last_event = self._gauge("langnghe_last_event_timestamp_seconds")
        self.alert_delay = self._histogram("langnghe_alert_delay_seconds")
        self.chunk = self._histogram("langnghe_chunk_seconds")
        self.watch_round = self._gauge("langnghe_watch_timestamp_seconds")

    def counted(self, name: str, count: "Counts") -> None:
        """Exports what `count` says at scrape time: values of the labels, in their order → number.

        A gauge that not every worker has is exported so: from the others its 0 would be a calendar at its end.
        """
        self.registry.register(_Counted(_SPECS[name], count))

    def _counter(self, name: str) -> Counter:
        return Counter(name, _SPECS[name].meaning, _SPECS[name].labels, registry=self.registry)

    def _gauge(self, name: str) -> Gauge:
        return Gauge(name, _SPECS[name].meaning, _SPECS[name].labels, registry=self.registry)

    def _histogram(self, name: str, buckets: tuple[float, ...] = SECONDS) -> Histogram:
        return Histogram(name, _SPECS[name].meaning, _SPECS[name].labels, registry=self.registry, buckets=buckets)


Counts = Callable[[], Mapping[tuple[str, ...], int]]


class _Counted(Collector):
    """Gauges from the source of truth: set gauges would keep what a partition that left had said."""

    def __init__(self, spec: MetricSpec, count: Counts) -> None:
        self._spec = spec
        self._count = count

    def describe(self) -> Iterable[Any]:
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily(self._spec.name, self._spec.meaning, labels=self._spec.labels)
        for labels, value in self._count().items():
            family.add_metric(labels, value)
        yield family


def rules_info(registry: CollectorRegistry, rules: str) -> None:
    """Exports which rules a process runs with, given their hash."""
    spec = _SPECS["langnghe_rules_info"]
    Gauge(spec.name, spec.meaning, spec.labels, registry=registry).labels(rules).set(1)


class ModelInfo:
    """Exports which model a process classifies with, which may change while it runs."""

    def __init__(self, registry: CollectorRegistry) -> None:
        spec = _SPECS["langnghe_model_info"]
        self._gauge = Gauge(spec.name, spec.meaning, spec.labels, registry=registry)

    def runs_with(self, version: str) -> None:
        """From now on it is this one alone."""
        self._gauge.clear()
        self._gauge.labels(version).set(1)
