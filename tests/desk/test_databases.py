"""What only a database server can do wrong: several at once, and a connection that goes away."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from desk.lock import only_one
from desk.store.project import ReadModelReplacedError, project, stored_offsets, targets
from desk.store.queries import is_known, read_progress
from desk.store.tables import create_tables, open_engine, rebuild
from tests.support.desk import TOPICS, Feed, opened, table_rows
from tests.support.postgres import Postgres

AT_ONCE = 8
SECONDS = 30.0


@pytest.mark.databases
def test_processes_that_start_at_once_on_an_empty_database_all_find_their_tables(database_url: str) -> None:
    engines = [open_engine(database_url) for _ in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(create_tables, engines))
    with engines[0].connect() as connection:
        assert read_progress(connection).changes == 0
    for engine in engines:
        engine.dispose()


@pytest.mark.databases
def test_a_read_model_that_is_emptied_while_a_batch_is_written_keeps_no_row_of_it(engine: Engine) -> None:
    """The batch is written before the read model is emptied, or refused: never half of each."""
    feed = Feed(engine)
    feed.feedback("a", opened("a"))
    with engine.connect() as connection:
        generation = connection.execute(text("select generation from progress")).scalar_one()
    writing = engine.connect()
    writing.begin()
    project(writing, targets(TOPICS), feed.records, generation)
    emptying = threading.Thread(target=rebuild, args=(engine,))
    emptying.start()
    emptying.join(0.3)
    assert emptying.is_alive(), "it waits for the batch"
    writing.commit()
    writing.close()
    emptying.join(SECONDS)
    with engine.connect() as connection:
        assert stored_offsets(connection) == {}
    assert not any(table_rows(engine).values())
    with pytest.raises(ReadModelReplacedError), engine.begin() as connection:
        project(connection, targets(TOPICS), feed.records, generation)


@pytest.mark.databases
def test_a_record_with_nul_is_kept_and_a_search_with_it_finds_nothing(engine: Engine) -> None:
    """PostgreSQL takes none: the projector would fail at that record for ever."""
    Feed(engine).feedback("a", opened("a", source="/so-tnmt\0"))
    with engine.connect() as connection:
        assert is_known(connection, "a")
        assert not is_known(connection, "\0b")


def test_a_projector_whose_lock_the_database_has_let_go_of_writes_no_more(postgres: Postgres, tmp_path: Path) -> None:
    with postgres.database() as url:
        engine = open_engine(url)
        with only_one(engine, tmp_path / "lock") as hold:
            hold()
            with engine.connect() as connection:
                connection.execute(text("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"))
            with pytest.raises(OperationalError):
                hold()
        engine.dispose()
