"""Where the projector reads: Kafka, from the positions that the read model keeps."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from kafka import KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata

from desk.settings import ProjectorSettings
from desk.store.project import Record
from streams.codec import since_of

Place = tuple[str, int]


class Source(Protocol):
    """Where records come from: batches from a position on, where each partition ends, and how far it was read."""

    def seek(self, positions: Mapping[Place, int]) -> None: ...
    def poll(self) -> list[Record]: ...
    def ends(self) -> dict[Place, int]: ...
    def positions(self) -> dict[Place, int]: ...
    def commit(self, positions: Mapping[Place, int]) -> None: ...


class KafkaSource:
    """All partitions of the given topics, assigned by hand; nothing is read from the group's offsets."""

    def __init__(self, settings: ProjectorSettings, topics: Iterable[str]) -> None:
        self._settings = settings
        self._consumer = KafkaConsumer(
            bootstrap_servers=settings.bootstrap,
            **settings.security,
            group_id=settings.topics.projector_group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_records=settings.poll_records,
            fetch_max_wait_ms=100,
            max_partition_fetch_bytes=4 << 20,
            allow_auto_create_topics=False,
            check_crcs=False,  # Kafka checks them on append; in pure Python it takes half of the time of catching up
        )
        self._places = [TopicPartition(t, p) for t in topics for p in range(settings.topics.partitions)]
        self._consumer.assign(self._places)
        self._unacknowledged: dict[TopicPartition, OffsetAndMetadata] = {}

    def seek(self, positions: Mapping[Place, int]) -> None:
        """Each partition to its position; one never read before to its beginning."""
        beginnings = self._consumer.beginning_offsets(self._places)
        for place in self._places:
            self._consumer.seek(place, positions.get(tuple(place), beginnings[place]))

    def poll(self) -> list[Record]:
        found = self._consumer.poll(timeout_ms=int(self._settings.poll_seconds * 1000))
        return [_record(message) for messages in found.values() for message in messages]

    def ends(self) -> dict[Place, int]:
        return {tuple(place): end for place, end in self._consumer.end_offsets(self._places).items()}

    def positions(self) -> dict[Place, int]:
        """The consumer's own, which pass over what compaction took away."""
        return {tuple(place): self._consumer.position(place) for place in self._places}

    def commit(self, positions: Mapping[Place, int]) -> None:
        """For information only: the read model keeps its own offsets. What Kafka refused goes with the next commit."""
        new = {TopicPartition(*place): OffsetAndMetadata(end, "", -1) for place, end in positions.items()}
        self._unacknowledged |= new
        if self._unacknowledged:
            self._consumer.commit_async(dict(self._unacknowledged), callback=self._answered)

    def close(self) -> None:
        self._consumer.close()

    def _answered(self, sent: Mapping[TopicPartition, OffsetAndMetadata], answer: object) -> None:
        if not isinstance(answer, Exception):
            waiting = self._unacknowledged.items()
            self._unacknowledged = {place: end for place, end in waiting if sent.get(place) != end}


def _record(message: Any) -> Record:
    key, since = (message.key or b"").decode(), since_of(message.headers)
    return Record(message.topic, message.partition, message.offset, message.timestamp, key, message.value, since)
