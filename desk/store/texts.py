"""Texts of the read model, and what Kafka is still to be told of them.

Kafka keeps of each key what comes last, and a writer that slept comes last. So a text bears the mark of the move that
brought it to its lane, a tombstone that of the move which it follows, and nothing is changed here by a lower mark.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, and_, bindparam, case, delete, exists, select, union, update
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


@dataclass(frozen=True, slots=True)
class _Lane:
    topic: str
    cases: Table
    texts: Table


def settling(connection: Connection, topics: Topics) -> list[Settling]:
    """What is to be sent; no tombstone before all texts are acknowledged.

    To be asked only where the read model holds everything that Kafka has: what is sent cannot be taken back.
    """
    public = _Lane(str(topics.feedback.texts), feedback, feedback_texts)
    hidden = _Lane(str(topics.restricted.texts), restricted, restricted_texts)
    found = [*_of_lane(connection, public, hidden), *_of_lane(connection, hidden, public)]
    found += [one for row in _shut_out(connection) for one in _handed_over(connection, public, hidden, row, FIRST)]
    taken = {(one.topic, one.key) for one in found if one.value is None}
    owed = (one for lane in (public, hidden) for one in _owed(connection, lane))
    return [*found, *(one for one in owed if (one.topic, one.key) not in taken)]


def _of_lane(connection: Connection, here: _Lane, there: _Lane) -> Iterator[Settling]:
    """What is due of the texts of cases that were erased here or have left."""
    gone = (here.cases.c.stage == "moved", here.cases.c.erased_at.is_not(None))
    for row in connection.execute(_of_cases(here.texts, here.cases, *gone)).all():
        state = _state(row.state)
        left = left_at(state)
        if is_erased(state, row.event_id, _moment(row)):
            yield Settling(here.topic, _key(row), None, LAST)
        elif left and row.mark <= mark(left):
            yield from _handed_over(connection, here, there, row, mark(left))


def _handed_over(connection: Connection, here: _Lane, there: _Lane, row: Row[Any], until: str) -> list[Settling]:
    """The lane that has the case gets a text that came too late for the move; nothing is taken before one has it."""
    of_case = select(there.cases.c.state).where(there.cases.c.feedback_id == row.feedback_id)
    found = connection.execute(of_case).scalar()
    state = _state(found) if found else None
    if state is None or left_at(state):
        return []
    same = and_(there.texts.c.feedback_id == row.feedback_id, there.texts.c.event_id == row.event_id)
    has_it = connection.execute(select(there.texts.c.event_id).where(same)).first() is not None
    gone = Settling(here.topic, _key(row), None, until)
    if has_it or is_erased(state, row.event_id, _moment(row)):
        return [gone]
    return [Settling(there.topic, _key(row), row.value.encode(), until), gone]


def _shut_out(connection: Connection) -> list[Row[Any]]:
    """Texts written in the public lane of cases that were opened in the restricted one alone."""
    public = exists().where(feedback.c.feedback_id == restricted.c.feedback_id)
    query = _of_cases(feedback_texts, restricted, and_(restricted.c.stage != "moved", ~public))
    rows = connection.execute(query.where(feedback_texts.c.mark == "")).all()
    return [row for row in rows if not is_released(_state(row.state))]


def _owed(connection: Connection, lane: _Lane) -> Iterator[Settling]:
    for row in connection.execute(select(lane.texts).where(lane.texts.c.owed.is_not(None))):
        yield Settling(lane.topic, _key(row), row.value.encode(), row.mark)


def _of_cases(texts: Table, cases: Table, *which: ColumnElement[bool]) -> Select[Any]:
    """Texts of the cases for which any holds, with their states; these few are looked up by index, never all texts."""
    few = union(*(select(cases.c.feedback_id).where(one) for one in which))
    query = select(texts, cases.c.state).join(cases, cases.c.feedback_id == texts.c.feedback_id)
    return query.where(texts.c.feedback_id.in_(few))


def _key(row: Row[Any]) -> bytes:
    return text_key(row.feedback_id, row.event_id)


def _state(written: str) -> FeedbackState:
    return decode_feedback_state(written.encode())


def _moment(row: Row[Any]) -> datetime | None:
    return decode_text(row.value.encode()).at
