"""The workers export what the catalogue says, and nothing of the restricted lane."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from faust.types import TP
from prometheus_client import generate_latest

from streams.lag import heartbeat, read_by
from streams.metrics import CATALOGUE, LAG_CATALOGUE, Metrics, ModelInfo, rules_info
from streams.recovery import SafeRecovery
from streams.topics import Topics


def touched():
    """Metrics of which each has a value, for every combination of labels that matters here."""
    metrics = Metrics()
    metrics.records.labels("follow_dossier", "ok").inc()
    metrics.classified.labels("land", "urgent").inc()
    metrics.outcomes.labels("dossier", "closed").inc(2)
    metrics.alerts.labels("feedback", "overdue").inc()
    metrics.alert_delay.labels("dossier").observe(0.3)
    metrics.chunk.labels("follow_dossier").observe(0.01)
    metrics.watch_round.set(1.0)
    metrics.counted("langnghe_watched_moments", lambda: {(): 7})
    metrics.flagged.labels("/mot-cua", "due_moved").inc()
    metrics.refused.labels("unknown", "not_json $").inc()
    metrics.dead_letters.labels("admit_dossiers", "not_json $").inc()
    metrics.violations.labels("late_supplement", "raised").inc()
    metrics.processing.labels("dossier").observe(0.4)
    metrics.first_action.labels("urgent").observe(1_800)
    metrics.last_event.labels("/mot-cua").set(1.0)
    metrics.counted("langnghe_recovering", lambda: {(): True})
    metrics.counted("langnghe_recovery_records", lambda: {(): 8})
    metrics.counted("langnghe_partition_owned", lambda: {("dossier", "0"): 1})
    rules_info(metrics.registry, "abc")
    ModelInfo(metrics.registry).runs_with("svm-abc")
    metrics.counted("langnghe_calendar_days_left", lambda: {(): 39})
    metrics.counted("langnghe_working_day", lambda: {(): True})
    metrics.counted("langnghe_open_cases", lambda: {("dossier", "none", "0"): 3, ("feedback", "overdue", "3"): 1})
    metrics.counted("langnghe_cases_to_refold", lambda: {("dossier",): 12})
    metrics.counted("langnghe_partitions_to_look_through", lambda: {("dossier",): 2})
    return metrics


def exported(metrics):
    """Name, type and help of every exported family, counters under the name of their sample."""
    families = list(metrics.registry.collect())
    return {f"{found.name}_total" if found.type == "counter" else found.name: found for found in families}


def test_the_catalogue_is_exactly_what_is_exported():
    found = exported(touched())
    assert set(found) == {spec.name for spec in CATALOGUE}
    for spec in CATALOGUE:
        assert (found[spec.name].type, found[spec.name].documentation) == (spec.kind, spec.meaning)


@pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.name)
def test_samples_carry_exactly_the_labels_of_the_catalogue(spec):
    samples = exported(touched())[spec.name].samples
    assert samples
    assert {frozenset(sample.labels) - {"le"} for sample in samples} == {frozenset(spec.labels)}


def test_values_are_read_back():
    registry = touched().registry
    assert registry.get_sample_value("langnghe_outcomes_total", {"kind": "dossier", "outcome": "closed"}) == 2
    assert registry.get_sample_value("langnghe_open_cases", {"kind": "dossier", "alert": "none", "partition": "0"}) == 3
    assert registry.get_sample_value("langnghe_watched_moments") == 7


def test_open_cases_follow_their_source_and_keep_nothing_that_left():
    counts = {("dossier", "none", "0"): 3}
    metrics = Metrics()
    metrics.counted("langnghe_open_cases", lambda: counts)
    counts.clear()
    labels = {"kind": "dossier", "alert": "none", "partition": "0"}
    assert metrics.registry.get_sample_value("langnghe_open_cases", labels) is None


def test_no_time_of_creation_is_exported():
    assert b"_created" not in generate_latest(touched().registry)


def test_two_workers_in_one_process_do_not_share_a_registry():
    one, other = Metrics(), Metrics()
    one.watch_round.set(5)
    assert other.registry.get_sample_value("langnghe_watch_timestamp_seconds") == 0


def test_a_worker_that_follows_no_cases_has_no_calendar_at_its_end_and_recovers_nothing():
    assert not exported(Metrics()).keys() & {
        "langnghe_calendar_days_left",
        "langnghe_working_day",
        "langnghe_recovering",
    }


def test_what_is_left_to_recover_is_counted_of_the_public_tables_only():
    ends = {TP("dossier.states", 0): 9, TP("dossier.states", 1): None, TP("restricted.states", 0): 50}
    read = {TP("dossier.states", 0): 4, TP("dossier.states", 1): 0, TP("restricted.states", 0): 0}
    recovery = SimpleNamespace(active_highwaters=ends, active_offsets=read)
    assert SafeRecovery.left_to_read(recovery, {"dossier.states", "feedback.states"}) == 5


def test_names_are_of_one_family_and_none_is_said_twice():
    names = [spec.name for spec in (*CATALOGUE, *LAG_CATALOGUE)]
    assert len(set(names)) == len(names)
    assert all(name.startswith("langnghe_") for name in names)
    assert all(spec.name.endswith("_total") == (spec.kind == "counter") for spec in CATALOGUE)
    assert all(spec.meaning.endswith(".") for spec in (*CATALOGUE, *LAG_CATALOGUE))


def test_no_metric_has_a_label_for_a_case_a_text_or_an_account():
    labels = {label for spec in (*CATALOGUE, *LAG_CATALOGUE) for label in spec.labels}
    assert labels <= {"agent", "result", "domain", "urgency", "kind", "outcome", "alert", "hash", "group", "topic",
                      "partition", "source", "flag", "reason", "version", "rule", "change"}  # fmt: skip


def test_lag_is_measured_on_no_topic_of_the_restricted_lane():
    topics = {topic for read in read_by(Topics()).values() for topic in read}
    assert topics
    assert not [topic for topic in topics if "restricted" in topic]


def test_lag_knows_every_group_that_reads():
    topics = Topics(prefix="thu.")
    assert set(read_by(topics)) == {topics.admit_app, topics.intake_app, topics.cases_app, topics.projector_group}


def test_the_heartbeat_is_one_dossier_and_one_feedback_with_a_rating_new_each_hour():
    topics = Topics()

    def beat(hour, minute):
        return list(heartbeat(topics, datetime(2026, 9, 14, hour, minute, tzinfo=UTC)))

    assert [topic for topic, _, _ in beat(1, 0)] == ["dossier.intake", "feedback.intake", "feedback.events"]
    assert {key for _, key, _ in beat(1, 59)} == {b"HB-2026091408"}
    assert {key for _, key, _ in beat(2, 0)} == {b"HB-2026091409"}


def test_only_the_model_at_work_is_exported_after_another_was_taken_up():
    metrics = Metrics()
    info = ModelInfo(metrics.registry)
    info.runs_with("svm-old")
    info.runs_with("svm-new")
    assert [sample.labels for sample in exported(metrics)["langnghe_model_info"].samples] == [{"version": "svm-new"}]
