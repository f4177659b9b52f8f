"""What groups have committed."""

from contextlib import closing

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NotCoordinatorError

_NOT_YET = (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError)


def committed(bootstrap: str, group: str) -> dict[TopicPartition, int]:
    """What a group has committed; nothing while a broker that has just come up makes or loads the topic of commits."""
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        try:
            found = admin.list_group_offsets(group)
        except _NOT_YET:
            return {}
    return {place: meta.offset for place, meta in found.get(group, found).items()}
