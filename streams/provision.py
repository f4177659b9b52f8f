"""Creates the topics and checks that those that exist are as they should be."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic
from kafka.errors import for_code

from streams.topics import SPECS, Topics

FIXED = "số này không sửa tại chỗ được"
SHOWN_SECONDS = 30.0
_OK, _EXISTS = 0, 36


class TopicsError(RuntimeError):
    """Topics could not be created or are not as they should be."""


def create_topics(
    bootstrap: str, topics: Topics, replication: int = 1, security: Mapping[str, Any] | None = None
) -> list[str]:
    """Creates what is missing and returns the names that were created. Raises TopicsError.

    Topics of an earlier version get the settings that they do not have yet; what somebody has set otherwise stays.
    """
    wanted = [
        NewTopic(topics.named(spec.name), topics.partitions, replication, topic_configs=dict(spec.config))
        for spec in SPECS
    ]
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap, **(security or {}))) as admin:
        answered = admin.create_topics(wanted, raise_errors=False)["topics"]
        admin.wait_for_topics([topic.name for topic in wanted])
        _complete(admin, [topic["name"] for topic in answered if topic["error_code"] == _EXISTS], topics)
    bad = [
        f"{topic['name']}: {for_code(topic['error_code']).__name__}"
        for topic in answered
        if topic["error_code"] not in (_OK, _EXISTS)
    ]
    if bad:
        raise TopicsError(f"không tạo được topic: {', '.join(bad)}")
    return [topic["name"] for topic in answered if topic["error_code"] == _OK]


def _complete(admin: KafkaAdminClient, existing: list[str], topics: Topics) -> None:
    """Returns when the broker also shows the settings: who checks next must not find the old ones."""
    lacking = _lacking(admin, existing, topics)
    if lacking:
        changes = [ConfigResource(ConfigResourceType.TOPIC, name, configs=own) for name, own in lacking.items()]
        admin.alter_configs(changes, incremental=True)
    deadline = time.monotonic() + SHOWN_SECONDS
    while lacking and (lacking := _lacking(admin, list(lacking), topics)):
        if time.monotonic() > deadline:
            raise TopicsError(f"Kafka chưa nhận thiết lập mới của topic: {', '.join(lacking)}; hãy chạy lại")
        time.sleep(0.1)


def _lacking(admin: KafkaAdminClient, existing: list[str], topics: Topics) -> dict[str, dict[str, str]]:
    """By topic the settings that nobody has set on it yet."""
    found = _configs(admin, existing)
    lacking = {
        name: {
            setting: value
            for setting, value in spec.config.items()
            if setting in found[name] and found[name][setting]["config_source"] != "DYNAMIC_TOPIC_CONFIG"
        }
        for spec in SPECS
        if (name := topics.named(spec.name)) in found
    }
    return {name: own for name, own in lacking.items() if own}


def _configs(admin: KafkaAdminClient, names: list[str]) -> dict[str, Any]:
    """All settings of these topics, by name, with value and where it comes from."""
    if not names:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    found: dict[str, Any] = admin.describe_configs(resources, config_filter="all")["topic"]
    return found


def check_topics(bootstrap: str, topics: Topics, security: Mapping[str, Any] | None = None) -> list[str]:
    """One Vietnamese line for every difference between the topics on the broker and the contract; empty when none."""
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap, **(security or {}))) as admin:
        names = [topics.named(spec.name) for spec in SPECS]
        existing = set(admin.list_topics())
        present = [name for name in names if name in existing]
        missing = [f"{name}: chưa có (chạy: langnghe topics create)" for name in names if name not in existing]
        return missing + list(_differences(admin, present, topics))


def wrong_partitions(described: Iterable[Mapping[str, Any]], wanted: int) -> list[str]:
    """What is wrong with the number of partitions of topics that an admin client described; FIXED goes with it."""
    counts = {topic["name"]: len(topic["partitions"]) for topic in described}
    return [f"{name}: có {count} phân vùng, cần {wanted}" for name, count in counts.items() if count != wanted]


def _differences(admin: KafkaAdminClient, present: list[str], topics: Topics) -> Iterator[str]:
    if not present:
        return
    yield from (f"{line}; {FIXED}" for line in wrong_partitions(admin.describe_topics(present), topics.partitions))
    found = _configs(admin, present)
    for spec in SPECS:
        actual = found.get(topics.named(spec.name), {})
        for setting, value in spec.config.items():
            if setting in actual and actual[setting]["value"] != value:
                yield f"{topics.named(spec.name)}: {setting} là {actual[setting]['value']}, cần {value}"
