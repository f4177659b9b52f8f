"""Texts of the read model, and what Kafka is still to be told of them.

Kafka keeps of each key what comes last, and a writer that slept comes last. So a text bears the mark of the move that
brought it to its lane, a tombstone that of the move which it follows, and nothing is changed here by a lower mark.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, and_, bindparam, case, delete, exists, select, update
from sqlalchemy.sql import ColumnElement

from casework.feedback import FeedbackState
from casework.feedback_texts import is_erased, is_released, left_at
from desk.store.tables import feedback, feedback_texts, insert_into, restricted, restricted_texts
from streams.codec import decode_feedback_state, decode_text, mark, text_key
from streams.topics import Topics

TABLES = (feedback_texts, restricted_texts)
FIRST = mark(datetime.fromtimestamp(0, UTC))  # before every move: takes away only what none brought
LAST = mark(datetime.max.replace(tzinfo=UTC))  # of an erasure: nothing brings back what it took away


@dataclass(frozen=True, slots=True)
class Settling:
    """A record that Kafka is to have after all: a tombstone, or a text that something late has written over."""

    topic: str
    key: bytes
    value: bytes | None
    mark: str


def keep(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Texts as they came, each key once; one of a lower mark leaves the row, which is then owed to Kafka."""
    if not rows:
        return
    statement = insert_into(connection, table)
    new = statement.excluded
    changed = {name: case((new.mark >= table.c.mark, new[name]), else_=table.c[name]) for name in ("value", "mark")}
    changed["owed"] = case((new.mark >= table.c.mark, None), else_="yes")
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed),
        [{**row, "owed": None} for row in rows],
    )


def take_away(connection: Connection, table: Table, gone: Iterable[tuple[str, str, str | None]]) -> None:
    """Tombstones by feedback id, event id and mark; one of a lower mark leaves the row, which is then owed to Kafka."""
    keys = [{"of": case_, "text": event, "until": LAST if until is None else until} for case_, event, until in gone]
    if not keys:
        return
    row = and_(table.c.feedback_id == bindparam("of"), table.c.event_id == bindparam("text"))
    connection.execute(delete(table).where(row, table.c.mark <= bindparam("until")), keys)
    connection.execute(update(table).where(row, table.c.mark > bindparam("until")).values(owed="yes"), keys)


def settling(connection: Connection, topics: Topics) -> list[Settling]:
    """What is to be sent; only where the read model holds everything that Kafka has, for it cannot be taken back."""
    return [
        *_of_lane(connection, str(topics.feedback.texts), feedback, feedback_texts, _shut_out()),
        *_of_lane(connection, str(topics.restricted.texts), restricted, restricted_texts),
    ]


def _of_lane(connection: Connection, topic: str, cases: Table, texts: Table, *more: Select[Any]) -> Iterator[Settling]:
    gone = [_of_cases(texts, cases, one) for one in (cases.c.stage == "moved", cases.c.erased_at.is_not(None))]
    found = [row for query in gone for row in connection.execute(query)]
    ends = {_key(row): until for row in found if (until := taken_away(_state(row), row)) is not None}
    ends |= {_key(row): FIRST for query in more for row in connection.execute(query) if not is_released(_state(row))}
    yield from (Settling(topic, key, None, until) for key, until in ends.items())
    for row in connection.execute(select(texts).where(texts.c.owed.is_not(None))):
        if _key(row) not in ends:
            yield Settling(topic, _key(row), row.value.encode(), row.mark)


def taken_away(state: FeedbackState, text: Row[Any]) -> str | None:
    """The mark of the tombstone that a text of a case is due; null for one that may stand in the case's lane."""
    if is_erased(state, text.event_id, decode_text(text.value.encode()).at):
        return LAST
    left = left_at(state)
    return mark(left) if left and text.mark <= mark(left) else None


def _shut_out() -> Select[Any]:
    """Texts written in the public lane of cases that were opened in the restricted one alone."""
    public = exists().where(feedback.c.feedback_id == restricted.c.feedback_id)
    query = _of_cases(feedback_texts, restricted, and_(restricted.c.stage != "moved", ~public))
    return query.where(feedback_texts.c.mark == "")


def _of_cases(texts: Table, cases: Table, which: ColumnElement[bool]) -> Select[Any]:
    """Texts of some cases, with the states of these; the few cases are looked up first, never all texts."""
    few = select(cases.c.feedback_id).where(which)
    query = select(texts, cases.c.state).join(cases, cases.c.feedback_id == texts.c.feedback_id)
    return query.where(texts.c.feedback_id.in_(few))


def _key(row: Row[Any]) -> bytes:
    return text_key(row.feedback_id, row.event_id)


def _state(row: Row[Any]) -> FeedbackState:
    return decode_feedback_state(row.state.encode())
