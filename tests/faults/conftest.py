"""One broker behind proxies for the whole suite; each scenario has topics and processes of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.faults import Field, new_field
from tests.support.faults_ground import Ground, ground


@pytest.fixture(scope="session")
def shared_ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("ground") / "kafka") as found:
        yield found


@pytest.fixture
def field(shared_ground: Ground, tmp_path: Path) -> Iterator[Field]:
    with new_field(shared_ground, tmp_path / "data") as found:
        yield found
