"""The partitions of a topic, and how far a group has read them."""

from typing import Any

from kafka import TopicPartition


def places(topic: str, partitions: int) -> list[TopicPartition]:
    """All partitions of a topic."""
    return [TopicPartition(topic, partition) for partition in range(partitions)]


def committed(admin: Any, group: str) -> dict[TopicPartition, int]:
    """What a group has committed, by partition; those where it has committed nothing are missing. Raises KafkaError."""
    found = admin.list_group_offsets(group)
    return {place: meta.offset for place, meta in found.get(group, found).items()}
