"""Settings come from the environment alone, and a bad one names itself."""

from pathlib import Path

import pytest

from cli.settings import SettingsError, read_settings


def test_without_a_cluster_given_kafka_is_our_own_on_a_port_of_the_base():
    settings = read_settings({}, Path("data"), 9000)
    assert (settings.own_kafka, settings.bootstrap) == (True, "127.0.0.1:10092")


def test_a_given_cluster_is_used_and_none_is_started():
    settings = read_settings({"KAFKA_BOOTSTRAP": "kafka-1:9092,kafka-2:9092"}, Path("data"))
    assert (settings.own_kafka, settings.bootstrap) == (False, "kafka-1:9092,kafka-2:9092")


def test_the_ports_are_those_of_the_contract():
    ports = read_settings({}, Path("data")).ports
    found = (ports.web, ports.cases(0), ports.intake, ports.admit, ports.projector, ports.lag, ports.kafka)
    assert found == (8000, 8001, 8021, 8031, 8041, 8042, 9092)


def test_everything_listens_on_this_machine_only_unless_told():
    assert read_settings({}, Path("data")).host == "127.0.0.1"
    assert read_settings({"LANGNGHE_HOST": "0.0.0.0"}, Path("data")).host == "0.0.0.0"  # noqa: S104 - the case itself


@pytest.mark.parametrize("environment", [
    {"LANGNGHE_PARTITIONS": "0"},
    {"LANGNGHE_PARTITIONS": "mười hai"},
    {"LANGNGHE_RULES": "không/có/thư/mục"},
    {"LANGNGHE_PROBES": "admit=nowhere"},
])  # fmt: skip
def test_a_bad_setting_names_itself(environment):
    with pytest.raises(SettingsError, match=next(iter(environment))):
        read_settings(environment, Path("data"))


def test_the_prefix_goes_before_topics_groups_and_apps():
    topics = read_settings({"LANGNGHE_TOPIC_PREFIX": "thử."}, Path("data")).topics
    assert (topics.dossier.states, topics.cases_app, topics.projector_group) == (
        "thử.dossier.states", "thử.langnghe-cases", "thử.langnghe-projector",
    )  # fmt: skip
