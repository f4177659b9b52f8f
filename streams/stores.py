"""The store of a case worker belongs to the topics that it was filled from; before others it is forgotten."""

import json
import logging
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

from kafka.admin import KafkaAdminClient
from kafka.errors import UnknownTopicOrPartitionError, for_code

from streams.provision import FIXED, TopicsError, wrong_partitions
from streams.settings import WorkerSettings

log = logging.getLogger("langnghe")
NOTE = "topics.json"
FORMAT = "2"  # of what a store notes beside the states; another one is read anew from the changelog


def adopt(settings: WorkerSettings) -> None:
    """To be called before the store is opened: what was filled from other topics of these names is deleted.

    A table's store knows how far it has read its changelog, not which: after Kafka was lost and made anew it would mix
    old cases into the new ones. One of another format lacks what its release has left untold. Raises TopicsError for a
    topic that is missing, that Kafka does not tell about (now, or to this user), or with another number of partitions.
    """
    topics = settings.topics
    names = [name for lane in (topics.dossier, topics.feedback, topics.restricted)
             for name in (lane.events, lane.ticks, lane.states)]  # fmt: skip
    with closing(KafkaAdminClient(bootstrap_servers=settings.bootstrap, **settings.security)) as admin:
        described = admin.describe_topics(names)
    _check(described, topics.partitions)
    ids = {topic["name"]: str(topic["topic_id"]) for topic in described} | {"format": FORMAT}
    settings.data.mkdir(parents=True, exist_ok=True)
    note = settings.data / NOTE
    if not _says(note, ids):
        _empty(settings.data)
        note.write_text(json.dumps(ids))


def _check(described: list[dict[str, Any]], partitions: int) -> None:
    errors = {topic["name"]: for_code(topic["error_code"]) for topic in described if topic["error_code"]}
    untold = {name: error.__name__ for name, error in errors.items() if error is not UnknownTopicOrPartitionError}
    if untold:
        told = ", ".join(f"{name} ({error})" for name, error in untold.items())
        raise TopicsError(f"Kafka chưa cho biết về topic {told}")
    if missing := list(errors):
        raise TopicsError(f"chưa có topic {', '.join(missing)}; hãy chạy: langnghe topics create")
    if wrong := wrong_partitions(described, partitions):
        raise TopicsError("; ".join([*wrong, FIXED]))


def _says(note: Path, ids: dict[str, str]) -> bool:
    try:
        return bool(json.loads(note.read_text()) == ids)
    except (OSError, ValueError):
        return False


def _empty(folder: Path) -> None:
    """The folder itself stays: it may be where a volume is mounted."""
    for entry in folder.iterdir():
        log.warning("store %s was filled from other topics or by another release, and is deleted", entry.name)
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
