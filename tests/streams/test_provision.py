"""Topics are created as the contract has them, and those of an earlier version are brought up to it."""

from collections.abc import Mapping
from contextlib import closing

import pytest
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic

from streams.broker import Broker
from streams.provision import check_topics, create_topics
from streams.topics import LARGEST_INTAKE, SPECS, Topics

pytestmark = pytest.mark.kafka


def older(broker: Broker, topics: Topics, without: str, **changed: str) -> None:
    """The topics as a version had made them that did not know a setting yet."""
    made = [
        NewTopic(topics.named(spec.name), topics.partitions, 1, topic_configs={
            name: changed.get(name.replace(".", "_"), value) for name, value in spec.config.items() if name != without
        })
        for spec in SPECS
    ]  # fmt: skip
    with closing(KafkaAdminClient(bootstrap_servers=broker.settings.bootstrap)) as admin:
        admin.create_topics(made)
        admin.wait_for_topics([topic.name for topic in made])


def settings_of(broker: Broker, name: str) -> Mapping[str, str]:
    with closing(KafkaAdminClient(bootstrap_servers=broker.settings.bootstrap)) as admin:
        resource = ConfigResource(ConfigResourceType.TOPIC, name)
        found = admin.describe_configs([resource], config_filter="all")["topic"][name]
        return {setting: told["value"] for setting, told in found.items()}


def test_topics_of_an_earlier_version_get_the_settings_that_they_lack(broker: Broker) -> None:
    topics = Topics("older.", 2)
    older(broker, topics, without="max.message.bytes")
    assert check_topics(broker.settings.bootstrap, topics)
    assert create_topics(broker.settings.bootstrap, topics) == []
    assert check_topics(broker.settings.bootstrap, topics) == []
    assert settings_of(broker, topics.feedback_intake)["max.message.bytes"] == str(LARGEST_INTAKE)


def test_what_an_administrator_has_set_otherwise_is_told_and_not_overwritten(broker: Broker) -> None:
    topics = Topics("set-otherwise.", 2)
    older(broker, topics, without="", max_message_bytes="3000000")
    create_topics(broker.settings.bootstrap, topics)
    assert settings_of(broker, topics.feedback_intake)["max.message.bytes"] == "3000000"
    assert any("max.message.bytes là 3000000" in line for line in check_topics(broker.settings.bootstrap, topics))
