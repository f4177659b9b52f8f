"""Tables of the read model. Columns are what pages filter by; `state` and `value` keep the JSON as it came."""

import sqlite3
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Dialect,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.types import TypeDecorator

SCHEMA = 7  # raised with every change of a table
MAKING_KEY = 0x4C414E48  # PostgreSQL's "if not exists" does not hold between two sessions that create at once
WAL_TRIES = 200
metadata = MetaData()


class _WithoutNul(TypeDecorator[str]):
    """PostgreSQL refuses NUL: a record or a search with it would fail each time it comes again."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - its signature
        return value.replace("\0", "") if value else value


WORDS = String().with_variant(_WithoutNul(), "postgresql")


def _text(*names: str) -> list[Column[Any]]:
    return [Column(name, WORDS) for name in names]


dossiers = Table(
    "dossiers",
    metadata,
    Column("dossier_code", WORDS, primary_key=True),
    *_text(
        "source",
        "clock",
        "standing",
        "standing_766",
        "alert",
        "duty",
        "duty_due_at",
        "violations",
        "due",
        "due_at",
        "received_at",
        "ended_at",
        "agency",
        "field",
        "level",
        "channel",
        "procedure_code",
    ),
    Column("state", Text, nullable=False),
    Index("dossiers_alert", "alert", "due_at"),
    Index("dossiers_duty", "duty", "duty_due_at"),
    Index("dossiers_clock", "clock", "due"),
    Index("dossiers_ended", "ended_at"),
    Index("dossiers_received", "received_at", "level"),
)


def _index_where_set(name: str, column: str) -> Index:
    """For what is null in nearly all rows."""
    is_set = text(f"{column} is not null")
    return Index(name, column, sqlite_where=is_set, postgresql_where=is_set)


def _feedback(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("feedback_id", WORDS, primary_key=True),
        *_text(
            "source",
            "stage",
            "alert",
            "alert_stage",
            "escalation",
            "violations",
            "domain",
            "kind",
            "lane",
            "urgency",
            "agency",
            "channel",
            "area",
            "place",
            "opening_id",
            "proposed",
            "abstained",
            "model_version",
            "checked",
            "received_at",
            "due_accept",
            "due_answer",
            "due_publish",
            "closed_at",
            "erased_at",
        ),
        Column("state", Text, nullable=False),
        Index(f"{name}_received", "received_at"),
        Index(f"{name}_alert", "alert"),
        Index(f"{name}_stage", "stage"),
        Index(f"{name}_closed", "domain", "place", "closed_at"),
        _index_where_set(f"{name}_erased", "erased_at"),
    )


def _texts(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("feedback_id", WORDS, primary_key=True),
        Column("event_id", WORDS, primary_key=True),
        Column("value", Text, nullable=False),
        Column("mark", WORDS, nullable=False),  # of the move that brought it; empty: it was written in this lane
        *_text("owed"),  # not null: Kafka's newest record of the key is another
        _index_where_set(f"{name}_owed", "owed"),
    )


def _outcomes(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("id", WORDS, primary_key=True),
        *_text("topic", "case_id", "outcome", "at", "agency", "source"),
        Column("data", Text, nullable=False),
        Index(f"{name}_case", "case_id"),
        Index(f"{name}_at", "at"),
    )


feedback = _feedback("feedback")
restricted = _feedback("restricted")
feedback_texts = _texts("feedback_texts")
restricted_texts = _texts("restricted_texts")
outcomes = _outcomes("outcomes")
restricted_outcomes = _outcomes("restricted_outcomes")

offsets = Table(
    "offsets",
    metadata,
    Column("topic", WORDS, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("next_offset", BigInteger, nullable=False),
)
progress = Table(  # one row
    "progress",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("schema", Integer, nullable=False),
    Column("generation", WORDS, nullable=False),  # another one: the read model was emptied
    Column("changes", BigInteger, nullable=False),
    Column("restricted_changes", BigInteger, nullable=False),
    *_text("as_of"),
)
heartbeats = Table(  # when the heartbeat last came through, by the way that it took
    "heartbeats",
    metadata,
    Column("way", WORDS, primary_key=True),
    Column("at", WORDS, nullable=False),
)


def open_engine(url: str) -> Engine:
    """An engine on the read model; SQLite in WAL mode, so that readers never wait for the projector.

    Its errors do not quote the values of a statement: they would bring texts of citizens into the log.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    if database := make_url(url).database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
        Path(database).touch(mode=0o600)
    engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)
    event.listen(engine, "connect", write_ahead)
    return engine


def write_ahead(connection: Any, _record: object) -> None:
    """For a new SQLite connection: readers and the one writer do not wait for each other."""
    for tries_left in reversed(range(WAL_TRIES)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError:  # another process changes it now: SQLite refuses at once, without its time-out
            if not tries_left:
                raise
            time.sleep(0.05)
    for pragma in ("synchronous=NORMAL", "cache_size=-32000"):
        connection.execute(f"PRAGMA {pragma}")


def create_tables(engine: Engine) -> None:
    """Creates what is missing; safe when two processes do it at once. One of another schema waits for the projector."""
    if _schema(engine) in (None, SCHEMA):
        _create(engine)


def _create(engine: Engine) -> None:
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": MAKING_KEY})
        for table in metadata.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))
    with engine.begin() as connection:
        connection.execute(insert_into(connection, progress).values(**_fresh()).on_conflict_do_nothing())


def insert_into(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An insert of the database's own dialect, which knows what to do with a row that is there."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def ensure(engine: Engine) -> None:
    """For the projector: tables of this schema; a read model of another one is dropped, for Kafka fills it again."""
    if _schema(engine) not in (None, SCHEMA):
        # progress goes last: who dies on the way finds the old schema again
        metadata.drop_all(engine, [table for table in metadata.sorted_tables if table is not progress])
        progress.drop(engine)
    create_tables(engine)


def rebuild(engine: Engine) -> None:
    """Empties the read model in one transaction; a running projector notices and reads every topic from the start."""
    ensure(engine)
    with engine.begin() as connection:
        connection.execute(delete(progress))  # first: whoever writes a batch holds its row until all is written
        for table in metadata.sorted_tables:
            connection.execute(delete(table))
        connection.execute(progress.insert().values(**_fresh()))


def _fresh() -> dict[str, Any]:
    return {"id": 1, "schema": SCHEMA, "generation": uuid4().hex, "changes": 0, "restricted_changes": 0}


def _schema(engine: Engine) -> int | None:
    if not inspect(engine).has_table("progress"):
        return None
    with engine.connect() as connection:
        return connection.execute(select(progress.c.schema)).scalar()
