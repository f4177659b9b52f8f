"""One batch of Kafka records into the read model, with its offsets, in one transaction."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, select, update

from desk.store import rows, tables, texts
from streams.codec.fields import rfc3339, utc_of_millis
from streams.topics import Topics


@dataclass(frozen=True, slots=True)
class Record:
    """What the projector needs of a Kafka record: `timestamp` in milliseconds since 1970, `since` of a moved text."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: str
    value: bytes | None
    since: str | None = None


WAYS = {  # ways of the heartbeat, by the table that would take what comes out at their end
    tables.dossiers.name: "dossier",
    tables.feedback.name: "feedback",
    tables.feedback_texts.name: "classify",
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where the records of one topic go: the table, and how a record becomes its row and its key."""

    table: Table
    row: Callable[[str, bytes], dict[str, Any]]
    restricted: bool = False


class ReadModelReplacedError(Exception):
    """The read model was emptied by someone else: read again from its offsets."""


def targets(topics: Topics) -> dict[str, Target]:
    """Every topic that the projector reads, in no particular order, and its target."""
    found = {
        topics.dossier.states: Target(tables.dossiers, rows.dossier_row),
        topics.dossier.outcomes: Target(tables.outcomes, lambda _, value: rows.outcome_row("dossier", value)),
    }
    for lane, state, text, outcome in (
        (topics.feedback, tables.feedback, tables.feedback_texts, tables.outcomes),
        (topics.restricted, tables.restricted, tables.restricted_texts, tables.restricted_outcomes),
    ):
        hidden = lane.name == "restricted"
        found[lane.states] = Target(state, rows.feedback_row, hidden)
        found[str(lane.texts)] = Target(text, rows.text_row, hidden)
        found[lane.outcomes] = Target(outcome, lambda _, value: rows.outcome_row("feedback", value), hidden)
    return found


def project(connection: Connection, where: Mapping[str, Target], batch: Sequence[Record], generation: str) -> None:
    """Writes a batch; doing it twice changes nothing more.

    Raises ReadModelReplacedError where the read model is not the one that the batch was read for.
    """
    _claim(connection, generation)
    for topic, records in _by_topic(batch).items():
        target = where[topic]
        if target.table in texts.TABLES:
            _write_texts(connection, target, records)
        else:
            _write(connection, target, _last_of_each_key(records))
    _upsert(connection, tables.offsets, _next_offsets(batch))
    _note_progress(connection, where, batch)


def _claim(connection: Connection, generation: str) -> None:
    """Holds the row of progress until the transaction ends, so that nobody empties the read model meanwhile."""
    ours = update(tables.progress).where(tables.progress.c.generation == generation).values(generation=generation)
    if connection.execute(ours).rowcount == 0:
        raise ReadModelReplacedError


def current_generation(connection: Connection) -> str | None:
    return connection.execute(select(tables.progress.c.generation)).scalar()


def stored_offsets(connection: Connection) -> dict[tuple[str, int], int]:
    """The next offset of each topic and partition that was ever read."""
    query = select(tables.offsets.c.topic, tables.offsets.c.partition, tables.offsets.c.next_offset)
    return {(topic, partition): offset for topic, partition, offset in connection.execute(query)}


def note_as_of(connection: Connection, moment: datetime) -> None:
    """At `moment` the read model held everything that Kafka had."""
    connection.execute(update(tables.progress).values(as_of=rfc3339(moment)))


def _by_topic(batch: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in batch:
        if not rows.is_heartbeat(record.key):
            found.setdefault(record.topic, []).append(record)
    return found


def _last_of_each_key(records: Iterable[Record]) -> list[Record]:
    """The newest record of each key; an outcome is its own key, for none replaces another."""
    return list({
        f"{record.partition}/{record.offset}" if record.topic.endswith(".outcomes") else record.key: record
        for record in records
    }.values())  # fmt: skip


def _write(connection: Connection, target: Target, records: Sequence[Record]) -> None:
    kept = [target.row(record.key, record.value) for record in records if record.value is not None]
    _upsert(connection, target.table, _distinct(target.table, kept))
    _delete(connection, target.table, [record.key for record in records if record.value is None])


def _write_texts(connection: Connection, target: Target, records: Sequence[Record]) -> None:
    """One after another where they are of the same key: which of them counts is not said by their order alone."""
    for round_ in _rounds(records):
        kept = [target.row(one.key, one.value) | {"mark": one.since or ""} for one in round_ if one.value is not None]
        gone = [(*rows.text_key(one.key), one.since) for one in round_ if one.value is None]
        texts.keep(connection, target.table, kept)
        texts.take_away(connection, target.table, gone)


def _rounds(records: Iterable[Record]) -> list[list[Record]]:
    """In each round at most one record of a key, those of one key in their order."""
    seen: Counter[str] = Counter()
    found: list[list[Record]] = []
    for record in records:
        if seen[record.key] == len(found):
            found.append([])
        found[seen[record.key]].append(record)
        seen[record.key] += 1
    return found


def _distinct(table: Table, values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """PostgreSQL refuses a statement that touches one row twice."""
    names = [column.name for column in table.primary_key]
    return list({tuple(row[name] for name in names): row for row in values}.values())


def _upsert(connection: Connection, table: Table, values: list[dict[str, Any]]) -> None:
    if not values:
        return
    statement = tables.insert_into(connection, table)
    changed = {c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key}
    connection.execute(statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed), values)


def _delete(connection: Connection, table: Table, keys: Sequence[str]) -> None:
    """Tombstones: a row per key."""
    if keys:
        (column,) = table.primary_key
        connection.execute(delete(table).where(column == bindparam("gone")), [{"gone": key} for key in keys])


def _next_offsets(batch: Iterable[Record]) -> list[dict[str, Any]]:
    ends: dict[tuple[str, int], int] = {}
    for record in batch:
        place = (record.topic, record.partition)
        ends[place] = max(ends.get(place, 0), record.offset + 1)
    return [{"topic": topic, "partition": partition, "next_offset": end} for (topic, partition), end in ends.items()]


def _note_progress(connection: Connection, where: Mapping[str, Target], batch: Sequence[Record]) -> None:
    """Counts what changed, the restricted lane apart, so that its traffic shows nowhere else."""
    shown = [record for record in batch if not rows.is_heartbeat(record.key)]
    hidden = sum(where[record.topic].restricted for record in shown)
    values: dict[str, Any] = {
        "changes": tables.progress.c.changes + (len(shown) - hidden),
        "restricted_changes": tables.progress.c.restricted_changes + hidden,
    }
    connection.execute(update(tables.progress).values(**values))
    _upsert(connection, tables.heartbeats, _beats(where, batch))


def _beats(where: Mapping[str, Target], batch: Iterable[Record]) -> list[dict[str, Any]]:
    """When the heartbeat came through: dossiers and feedback by their states, classification by its texts."""
    found: dict[str, int] = {}
    for record in batch:
        way = WAYS.get(where[record.topic].table.name)
        if way and rows.is_heartbeat(record.key):
            found[way] = max(found.get(way, 0), record.timestamp)
    return [{"way": way, "at": rfc3339(utc_of_millis(at))} for way, at in found.items()]
