"""How far logs go and how far groups have read them."""

from contextlib import closing

from kafka import KafkaConsumer, TopicPartition

from tests.support.kafka import PARTITIONS
from tests.support.oracle_commits import committed


def ends(bootstrap: str, *topics: str, partitions: int = PARTITIONS) -> dict[TopicPartition, int]:
    """One past the last record of every partition."""
    places = [TopicPartition(topic, partition) for topic in topics for partition in range(partitions)]
    with closing(KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, group_id=None)) as consumer:
        found: dict[TopicPartition, int] = consumer.end_offsets(places)
        return found


def count(bootstrap: str, topic: str) -> int:
    """Records ever written to a topic."""
    return sum(ends(bootstrap, topic).values())


def unread(bootstrap: str, group: str, *topics: str) -> dict[TopicPartition, int]:
    """Partitions in which the group's commits have not reached the end, with what is missing."""
    done = committed(bootstrap, group)
    behind = {place: end - done.get(place, 0) for place, end in ends(bootstrap, *topics).items()}
    return {place: number for place, number in behind.items() if number > 0}
