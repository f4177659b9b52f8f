"""Creates the topics and checks that those that exist are as they should be."""

from collections.abc import Iterator
from contextlib import closing

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic
from kafka.errors import for_code

from streams.topics import SPECS, Topics

_OK, _EXISTS = 0, 36


class TopicsError(RuntimeError):
    """Topics could not be created or are not as they should be."""


def create_topics(bootstrap: str, topics: Topics, replication: int = 1) -> list[str]:
    """Creates what is missing and returns the names that were created. Raises TopicsError."""
    wanted = [
        NewTopic(topics.named(spec.name), topics.partitions, replication, topic_configs=dict(spec.config))
        for spec in SPECS
    ]
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        answered = admin.create_topics(wanted, raise_errors=False)["topics"]
        admin.wait_for_topics([topic.name for topic in wanted])
    bad = [
        f"{topic['name']}: {for_code(topic['error_code']).__name__}"
        for topic in answered
        if topic["error_code"] not in (_OK, _EXISTS)
    ]
    if bad:
        raise TopicsError(f"không tạo được topic: {', '.join(bad)}")
    return [topic["name"] for topic in answered if topic["error_code"] == _OK]


def check_topics(bootstrap: str, topics: Topics) -> list[str]:
    """One Vietnamese line for every difference between the topics on the broker and the contract; empty when none."""
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        names = [topics.named(spec.name) for spec in SPECS]
        existing = set(admin.list_topics())
        present = [name for name in names if name in existing]
        missing = [f"{name}: chưa có (chạy: langnghe topics create)" for name in names if name not in existing]
        return missing + list(_differences(admin, present, topics))


def _differences(admin: KafkaAdminClient, present: list[str], topics: Topics) -> Iterator[str]:
    if not present:
        return
    for described in admin.describe_topics(present):
        if len(described["partitions"]) != topics.partitions:
            name, count = described["name"], len(described["partitions"])
            yield f"{name}: có {count} phân vùng, cần {topics.partitions}; số này không sửa tại chỗ được"
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in present]
    found = admin.describe_configs(resources, config_filter="all")["topic"]
    for spec in SPECS:
        actual = found.get(topics.named(spec.name), {})
        for setting, value in spec.config.items():
            if setting in actual and actual[setting]["value"] != value:
                yield f"{topics.named(spec.name)}: {setting} là {actual[setting]['value']}, cần {value}"
