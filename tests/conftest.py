"""What slow tests share: one broker, and one whole system for the tests that only add cases of their own to it."""

from collections.abc import Iterator

import pytest

from streams.broker import Broker
from tests.support.kafka import running_broker
from tests.support.postgres import Postgres, running_postgres
from tests.support.system import System, running_system


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with running_broker(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server; a test has a database of its own on it."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Started once; a test finds cases of others in it and leaves its processes as they were."""
    with running_system(tmp_path_factory.mktemp("system") / "data") as system:
        yield system
