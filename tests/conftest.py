"""What slow tests share: one broker, and one whole system for the tests that only add cases of their own to it."""

from collections.abc import Iterator

import pytest

from streams.broker import Broker
from tests.support.kafka import running_broker
from tests.support.system import System, running_system


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with running_broker(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Started once; a test finds cases of others in it and leaves its processes as they were."""
    with running_system(tmp_path_factory.mktemp("system") / "data") as system:
        yield system
