"""What slow tests share: one broker, and one whole system for the tests that only add cases of their own to it."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from streams.broker import Broker
from tests.support.kafka import running_broker
from tests.support.postgres import Postgres, running_postgres
from tests.support.system import System, running_system

SYSTEM = pytest.StashKey[ExitStack]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Crews that are hurt come last: by then the system has stopped, which takes a quarter of a core even at rest."""
    items.sort(key=lambda item: asks(item, "shared_ground"))


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Stops the system after the last test that asks for it."""
    if asks(item, "system") and item is next(one for one in reversed(item.session.items) if asks(one, "system")):
        item.config.stash.get(SYSTEM, ExitStack()).close()


def asks(item: pytest.Item, fixture: str) -> bool:
    return fixture in getattr(item, "fixturenames", ())


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
def system(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Started once; a test finds cases of others in it and leaves its processes as they were."""
    with ExitStack() as stack:
        request.config.stash[SYSTEM] = stack
        yield stack.enter_context(running_system(tmp_path_factory.mktemp("system") / "data"))
