"""Asks Kafka for ends of logs and committed offsets, inside the worker's event loop."""

import time
from collections.abc import Collection

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from streams.backlog import Positions
from streams.settings import WorkerSettings


class PositionReader:
    """One connection for all lanes of a worker."""

    def __init__(self, settings: WorkerSettings) -> None:
        kafka = {"bootstrap_servers": settings.bootstrap, **settings.security}
        self._consumer = AIOKafkaConsumer(**kafka, group_id=None, enable_auto_commit=False)
        self._admin = AIOKafkaAdminClient(**kafka)

    async def start(self) -> None:
        await self._consumer.start()
        await self._admin.start()

    async def stop(self) -> None:
        await self._consumer.stop()
        await self._admin.close()

    async def read(
        self, *, intake: str, intake_group: str, events: str, events_group: str, owned: Collection[int], partitions: int
    ) -> Positions:
        """Positions of all intake partitions and of the owned partitions of the events topic."""
        # ends before commits: a commit that is seen to pass an end can only be younger than it
        at = time.time()
        intake_ends = await self.ends(intake, range(partitions))
        intake_committed = await self._committed(intake_group, intake, range(partitions))
        events_ends = await self.ends(events, owned)
        events_committed = await self._committed(events_group, events, owned)
        return Positions(at, intake_ends, intake_committed, events_ends, events_committed)

    async def behind(self, group: str, places: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Of these partitions those that hold records which the group has not read, with what it has committed."""
        if not places:
            return {}
        ends = await self._consumer.end_offsets(places)
        read = await self._read_by(group, places)
        return {place: offset for place, offset in read.items() if offset < ends[place]}

    async def ends(self, topic: str, partitions: Collection[int]) -> dict[int, int]:
        """The offset of the next record, by partition."""
        found = await self._consumer.end_offsets([TopicPartition(topic, partition) for partition in partitions])
        return {tp.partition: offset for tp, offset in found.items()}

    async def _committed(self, group: str, topic: str, partitions: Collection[int]) -> dict[int, int]:
        read = await self._read_by(group, [TopicPartition(topic, partition) for partition in partitions])
        return {place.partition: offset for place, offset in read.items()}

    async def _read_by(self, group: str, places: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """What a group has read; records that are gone count as read."""
        gone = await self._consumer.beginning_offsets(places)
        found = await self._admin.list_consumer_group_offsets(group)
        return {place: max(gone[place], found[place].offset if place in found else 0) for place in places}
