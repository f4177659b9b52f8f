"""Error codes in the place of a broker's answers: each in a well-formed answer of its API and version.

Where the request is to be refused, the broker gets a question for its versions in its place and does nothing; its
answer, which comes in the order that Kafka promises, is then exchanged for the refusal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from kafka.protocol import api_message, consumer, metadata, producer
from kafka.protocol.api_header import RequestHeader

Answer = Callable[[bytes], bytes]
NOBODY = "nobody"
VERSIONS = 18


class Api(IntEnum):
    """Kafka's APIs by their keys."""

    PRODUCE = 0
    FETCH = 1
    LIST_OFFSETS = 2
    METADATA = 3
    OFFSET_COMMIT = 8
    OFFSET_FETCH = 9
    FIND_COORDINATOR = 10
    JOIN_GROUP = 11
    HEARTBEAT = 12
    SYNC_GROUP = 14


ANSWERS: dict[Api, type[api_message.ApiMessage]] = {
    Api.PRODUCE: producer.ProduceResponse,
    Api.FETCH: consumer.FetchResponse,
    Api.LIST_OFFSETS: consumer.ListOffsetsResponse,
    Api.METADATA: metadata.MetadataResponse,
    Api.OFFSET_COMMIT: consumer.OffsetCommitResponse,
    Api.OFFSET_FETCH: consumer.OffsetFetchResponse,
    Api.FIND_COORDINATOR: metadata.FindCoordinatorResponse,
    Api.JOIN_GROUP: consumer.JoinGroupResponse,
    Api.HEARTBEAT: consumer.HeartbeatResponse,
    Api.SYNC_GROUP: consumer.SyncGroupResponse,
}


@dataclass
class Injected:
    """`code` for the next `times` requests of an API, of all or of those that hold `about`.

    `done`: the broker does what it was asked, and only its answer is exchanged.
    """

    api: Api
    code: int
    times: int
    done: bool = True
    about: bytes = b""
    given: int = 0

    def concerns(self, frame: bytes) -> bool:
        """Whether this request is one of those to be answered with the error."""
        return self.given < self.times and int.from_bytes(frame[:2]) == self.api and self.about in frame

    def put_into(self, frame: bytes) -> tuple[bytes, Answer]:
        """What to send to the broker, and what makes the client's answer of the broker's."""
        self.given += 1
        version = int.from_bytes(frame[2:4])
        if self.done:
            return frame, lambda answer: spoilt(self.api, version, answer, self.code)
        refusal = refused(self.api, version, frame, self.code)
        return RequestHeader(VERSIONS, 0, int.from_bytes(frame[4:8]), NOBODY).encode(), lambda _: refusal


def spoilt(api: Api, version: int, frame: bytes, code: int) -> bytes:
    """The broker's answer with an error code in the places where a broker writes it."""
    answer = ANSWERS[api].decode(frame, version=version, header=True)
    SPOIL.get(api, _spoil_whole)(answer, code)
    return bytes(answer.encode(header=True))


def _spoil_whole(answer: Any, code: int) -> None:
    answer.error_code = code


def _spoil_join(answer: Any, code: int) -> None:
    answer.error_code, answer.generation_id, answer.leader, answer.members = code, -1, "", []


def _spoil_sync(answer: Any, code: int) -> None:
    answer.error_code, answer.assignment = code, b""


def _spoil_coordinator(answer: Any, code: int) -> None:
    answer.error_code, answer.node_id, answer.host, answer.port = code, -1, "", -1


def _spoil_topics(answer: Any, code: int) -> None:
    for topic in answer.topics:
        topic.error_code, topic.partitions = code, []


def _spoil_fetch_of_offsets(answer: Any, code: int) -> None:
    """From version 2 on errors of the group stand above, and no partition is told."""
    answer.error_code, answer.topics = code, []


def _spoil_partitions(answer: Any, code: int) -> None:
    topics = answer.responses if answer.name in {"ProduceResponse", "FetchResponse"} else answer.topics
    for topic in topics:
        for partition in topic.partition_responses if answer.name == "ProduceResponse" else topic.partitions:
            partition.error_code = code
            for name, nothing in NOTHING.items():
                if name in partition.fields:
                    setattr(partition, name, nothing)


NOTHING = {"records": b"", "base_offset": -1, "offset": -1, "high_watermark": -1, "last_stable_offset": -1}
SPOIL: dict[Api, Callable[[Any, int], None]] = {
    Api.PRODUCE: _spoil_partitions,
    Api.FETCH: _spoil_partitions,
    Api.LIST_OFFSETS: _spoil_partitions,
    Api.OFFSET_COMMIT: _spoil_partitions,
    Api.OFFSET_FETCH: _spoil_fetch_of_offsets,
    Api.METADATA: _spoil_topics,
    Api.FIND_COORDINATOR: _spoil_coordinator,
    Api.JOIN_GROUP: _spoil_join,
    Api.SYNC_GROUP: _spoil_sync,
}


def refused(api: Api, version: int, frame: bytes, code: int) -> bytes:
    """The answer of a broker that did nothing of a request."""
    request = REQUESTS[api].decode(frame, version=version, header=True)
    answer = REFUSE.get(api, _refuse_member)(request, version, code)
    answer.with_header(correlation_id=request.header.correlation_id)
    return bytes(answer.encode(header=True))


def _refuse_member(request: Any, version: int, code: int) -> Any:
    if request.API_KEY == Api.JOIN_GROUP:
        return consumer.JoinGroupResponse(
            version=version, error_code=code, generation_id=-1, protocol_name="", leader="",
            member_id=request.member_id, members=[],
        )  # fmt: skip
    return consumer.SyncGroupResponse(version=version, error_code=code, assignment=b"")


def _refuse_records(request: Any, version: int, code: int) -> Any:
    kind = producer.ProduceResponse
    topic, partition = kind.TopicProduceResponse, kind.TopicProduceResponse.PartitionProduceResponse
    return kind(version=version, responses=[
        topic(version=version, name=one.name, partition_responses=[
            partition(version=version, index=asked.index, error_code=code, base_offset=-1)
            for asked in one.partition_data
        ])
        for one in request.topic_data
    ])  # fmt: skip


def _refuse_offsets(request: Any, version: int, code: int) -> Any:
    kind = consumer.OffsetCommitResponse
    topic, partition = kind.OffsetCommitResponseTopic, kind.OffsetCommitResponseTopic.OffsetCommitResponsePartition
    return kind(version=version, topics=[
        topic(version=version, name=one.name, partitions=[
            partition(version=version, partition_index=asked.partition_index, error_code=code)
            for asked in one.partitions
        ])
        for one in request.topics
    ])  # fmt: skip


REQUESTS: dict[Api, type[api_message.ApiMessage]] = {
    Api.PRODUCE: producer.ProduceRequest,
    Api.OFFSET_COMMIT: consumer.OffsetCommitRequest,
    Api.JOIN_GROUP: consumer.JoinGroupRequest,
    Api.SYNC_GROUP: consumer.SyncGroupRequest,
}
REFUSE: dict[Api, Callable[[Any, int, int], Any]] = {
    Api.PRODUCE: _refuse_records,
    Api.OFFSET_COMMIT: _refuse_offsets,
}
