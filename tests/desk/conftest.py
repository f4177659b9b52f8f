"""What tests of the desk stand on: a read model, on SQLite or on a real PostgreSQL, and a web on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from desk.store.tables import create_tables, open_engine
from tests.support.desk import TestDesk


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Modules marked `databases` run on both."""
    if "database_url" in metafunc.fixturenames and metafunc.definition.get_closest_marker("databases"):
        metafunc.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path / 'read.db'}"
        return
    with request.getfixturevalue("postgres").database() as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A read model without rows."""
    engine = open_engine(database_url)
    create_tables(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Iterator[TestDesk]:
    found = TestDesk(tmp_path, url=database_url)
    yield found
    found.close()
