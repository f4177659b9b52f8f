"""`langnghe restore`: a backup into an empty place, from which the processes go on as if they had been killed.

In topics that are not compacted every record gets its old offset again: ids of bare messages are made from it.
"""

import shutil
from collections.abc import Iterable
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from kafka import KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import NoError
from kafka.structs import OffsetAndMetadata

from cli.archive import ArchiveError, Kept, Manifest, Part, open_archive, read_records
from cli.backup import ACCOUNTS, MODEL, secrets_in
from cli.log import new_consumer, of_groups
from cli.settings import Settings
from streams.offsets import places
from streams.provision import create_topics
from streams.topics import LARGEST_LETTER, SPECS

FLUSH_SECONDS = 600.0
TIMESTAMPS = "message.timestamp.type"
COMPACTED = frozenset(spec.name for spec in SPECS if spec.config["cleanup.policy"] == "compact")
STAMPED = {spec.name: spec.config[TIMESTAMPS] for spec in SPECS if TIMESTAMPS in spec.config}


class NotEmptyError(RuntimeError):
    """There is something in the place already; the message says what."""


def restore_backup(settings: Settings, folder: Path, replication: int = 1) -> Manifest:
    """Raises ArchiveError, NotEmptyError before anything was written; TopicsError, KafkaError."""
    manifest = open_archive(folder)
    if manifest.partitions != settings.topics.partitions:
        raise ArchiveError(f"bản sao lưu có {manifest.partitions} phân vùng; hãy đặt LANGNGHE_PARTITIONS như vậy")
    _refuse_where_files_are(settings)
    create_topics(settings.bootstrap, settings.topics, replication, settings.security)
    _refuse_where_records_are(settings)
    with closing(KafkaAdminClient(**settings.kafka)) as admin:
        _stamp(settings, admin, dict.fromkeys(STAMPED, "CreateTime"))
        options = {"acks": "all", "linger_ms": 20, "max_request_size": LARGEST_LETTER}
        with closing(KafkaProducer(**settings.kafka, **options)) as producer:
            for part in manifest.parts:
                _put(settings, admin, producer, folder, part)
        _stamp(settings, admin, STAMPED)
        _commit(settings, admin, manifest)
    _put_files(settings, folder)
    return manifest


def _refuse_where_files_are(settings: Settings) -> None:
    accounts = [ACCOUNTS] if (settings.data / ACCOUNTS).exists() else []
    found = secrets_in(settings.data) + accounts
    if found:
        raise NotEmptyError(f"thư mục {settings.data} đã có {', '.join(found)}; hãy chọn --data trống")


def _refuse_where_records_are(settings: Settings) -> None:
    topics = settings.topics
    every = [place for spec in SPECS for place in places(topics.named(spec.name), topics.partitions)]
    with closing(new_consumer(settings)) as consumer:
        found = sorted({place.topic for place, end in consumer.end_offsets(every).items() if end})
    if found:
        listed = ", ".join(found[:3])
        raise NotEmptyError(f"Kafka tại {settings.bootstrap} đã có dữ liệu ({listed}); chỉ phục hồi vào Kafka trống")


def _stamp(settings: Settings, admin: Any, wanted: dict[str, str]) -> None:
    """Who gives records their time: the copy keeps the old ones, so that what must go after 30 days goes then."""
    topics = {settings.topics.named(name): value for name, value in wanted.items()}
    changes = [
        ConfigResource(ConfigResourceType.TOPIC, name, configs={TIMESTAMPS: value}) for name, value in topics.items()
    ]
    admin.alter_configs(changes, incremental=True)


def _put(settings: Settings, admin: Any, producer: Any, folder: Path, part: Part) -> None:
    """The records of a partition, from their old offset on where offsets mean something."""
    place = TopicPartition(settings.topics.named(part.topic), part.partition)
    records = read_records(folder / part.file)
    if part.topic in COMPACTED:
        _send(producer, place, records)
        return
    kept = list(islice(records, 1))
    _send(producer, place, _fillers(part.end - part.records, kept[0].timestamp if kept else 0))
    if part.end > part.records:
        admin.delete_records({place: part.end - part.records})
    _send(producer, place, kept)
    _send(producer, place, records)


def _fillers(count: int, timestamp: int) -> Iterable[Kept]:
    return (Kept(timestamp, None, b"", ()) for _ in range(count))


def _send(producer: Any, place: TopicPartition, records: Iterable[Kept]) -> None:
    """Returns when all is acknowledged. Raises KafkaError."""
    failed: list[BaseException] = []
    for record in records:
        future = producer.send(
            place.topic, record.value, key=record.key, headers=list(record.headers), partition=place.partition,
            timestamp_ms=record.timestamp or None,
        )  # fmt: skip
        future.add_errback(failed.append)
    producer.flush(timeout=FLUSH_SECONDS)
    if failed:
        raise failed[0]


def _commit(settings: Settings, admin: Any, manifest: Manifest) -> None:
    for group, topics in manifest.committed.items():
        offsets = {
            TopicPartition(settings.topics.named(name), partition): OffsetAndMetadata(offset, "", -1)
            for name, by_partition in topics.items()
            for partition, offset in enumerate(by_partition)
            if offset >= 0
        }
        if offsets:
            commit_of(admin, settings.topics.named(group), offsets)


def commit_of(admin: Any, group: str, offsets: dict[Any, Any]) -> None:
    """Commits in the name of a group that nobody is in. Raises KafkaError where Kafka refuses one of them."""

    def commit() -> None:
        for error in admin.alter_group_offsets(group, offsets).values():
            if error is not NoError:
                raise error

    of_groups(commit)


def _put_files(settings: Settings, folder: Path) -> None:
    for name in (*secrets_in(folder), ACCOUNTS):
        if (folder / name).exists():
            target = settings.data / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(folder / name, target)
            target.chmod(0o600)
    if (folder / MODEL).exists() and not settings.model.exists():
        settings.model.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / MODEL, settings.model)
