"""`langnghe backup`: the topics, how far groups have read them, accounts, keys and the model, while all runs.

The read model is left out: it is made anew from Kafka, to the same figures.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient

from cli.archive import FORMAT, Kept, Manifest, Part, seal, write_records
from cli.log import new_consumer, of_groups
from cli.settings import Settings
from streams.offsets import committed, places
from streams.topics import SPECS, Topics

# what follows from a topic is read before it: whatever is in a copy, that from which it came is there too, and texts
# come after the events of people, which the web sends last
ORDER = ("states", "outcomes", "letters", "events", "texts", "intake")
COPIED = tuple(
    sorted((s.name for s in SPECS if s.name.split(".")[1] in ORDER), key=lambda n: ORDER.index(n.split(".")[1]))
)
TOKENS, KEYS = "tokens.json", "keys"
ACCOUNTS = "accounts.db"
MODEL = "model"
PLAIN = Topics()  # names without prefix
# by group the topics that a restored system goes on in from where it was
GROUPS = {
    PLAIN.admit_app: (PLAIN.dossier_intake,),
    PLAIN.intake_app: (PLAIN.feedback_intake,),
    PLAIN.cases_app: (PLAIN.dossier.events, PLAIN.feedback.events, PLAIN.restricted.events),
}


def make_backup(settings: Settings, folder: Path) -> Manifest:
    """Writes the backup into a new directory that only its owner can read. Raises FileExistsError, KafkaError."""
    folder.mkdir(mode=0o700, parents=True)
    committed = _committed(settings)  # first: what was read since is read again, which changes nothing
    with closing(new_consumer(settings)) as consumer:
        parts = [
            _copy(settings, consumer, folder, name, partition)
            for name in COPIED
            for partition in range(settings.topics.partitions)
        ]
    _copy_files(settings, folder)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = Manifest(FORMAT, now, settings.topics.partitions, tuple(parts), committed, {})
    seal(folder, manifest)
    return manifest


def _committed(settings: Settings) -> dict[str, dict[str, list[int]]]:
    with closing(KafkaAdminClient(**settings.kafka)) as admin:
        return {
            group: {name: _offsets(admin, settings.topics, group, name) for name in names}
            for group, names in GROUPS.items()
        }


def _offsets(admin: Any, topics: Topics, group: str, name: str) -> list[int]:
    """By partition; -1 where nothing was committed yet."""
    offsets = of_groups(lambda: committed(admin, topics.named(group)))
    return [offsets.get(place, -1) for place in places(topics.named(name), topics.partitions)]


def _copy(settings: Settings, consumer: Any, folder: Path, name: str, partition: int) -> Part:
    place = TopicPartition(settings.topics.named(name), partition)
    first, end = consumer.beginning_offsets([place])[place], consumer.end_offsets([place])[place]
    file = f"topics/{name}/{partition}.gz"
    count = write_records(folder / file, _records(consumer, place, end))
    return Part(name, partition, first, end, count, file)


def _records(consumer: Any, place: TopicPartition, end: int) -> Iterator[Kept]:
    consumer.assign([place])
    consumer.seek_to_beginning(place)
    while consumer.position(place) < end:
        for record in consumer.poll(timeout_ms=500).get(place, ()):
            if record.offset < end:
                yield Kept(record.timestamp, record.key, record.value, tuple(record.headers))


def secrets_in(folder: Path) -> list[str]:
    """The files of tokens and keys, retired ones too, that a data directory or a backup has."""
    keys = sorted(path for path in (folder / KEYS).glob("*") if path.suffix in {".key", ".pub"})
    found = [folder / TOKENS, *keys]
    return [str(path.relative_to(folder)) for path in found if path.exists()]


def _copy_files(settings: Settings, folder: Path) -> None:
    for name in secrets_in(settings.data):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(settings.data / name, folder / name)
    if settings.model.exists():
        shutil.copy(settings.model, folder / MODEL)
    if (settings.data / ACCOUNTS).exists():
        _copy_database(settings.data / ACCOUNTS, folder / ACCOUNTS)


def _copy_database(source: Path, target: Path) -> None:
    """What was committed, whoever is writing meanwhile."""
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)
