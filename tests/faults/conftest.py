"""One broker behind proxies for the whole suite; a scenario has topics and processes of its own, or shares a crew."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from streams.apps import new_app
from streams.chunks import ChunkConsumer
from tests.support.consumer import CHUNK, PLACE
from tests.support.faults import Field, new_field
from tests.support.faults_crew import Crew
from tests.support.faults_ground import Ground, ground
from tests.support.recovery_worker import settings


@pytest.fixture(scope="session")
def shared_ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("ground") / "kafka") as found:
        yield found


@pytest.fixture
def field(shared_ground: Ground, tmp_path: Path) -> Iterator[Field]:
    with new_field(shared_ground, tmp_path / "data") as found:
        yield found


@pytest.fixture(scope="session")
def _crew(shared_ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    with new_field(shared_ground, tmp_path_factory.mktemp("crew") / "data") as found:
        yield Crew(found)


@pytest.fixture
def crew(_crew: Crew) -> Iterator[Crew]:
    """The ways of a dossier with two case workers, each process behind a proxy; healed before each scenario."""
    _crew.heal()
    yield _crew
    _crew.leave()


@pytest.fixture(scope="module")
def office(shared_ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    """Everything that feedback needs, the web and the worker that classifies behind their proxies."""
    with new_field(shared_ground, tmp_path_factory.mktemp("office") / "data") as found:
        for name in ("web", "intake", "cases-0", "projector"):
            found.worker(name, proxied=name in {"web", "intake"})
        for worker in found.workers:
            worker.wait_ready()
        yield found


@pytest.fixture
async def consumer(tmp_path: Path) -> AsyncIterator[ChunkConsumer]:
    app = new_app("commits", settings("127.0.0.1:1", "", tmp_path / "worker"), chunk_size=CHUNK)
    app.rebalancing = False
    app.topics._acking_topics.add(PLACE.topic)
    app.flow_control.resume()
    yield app.consumer
    app.consumer._thread.thread_loop.close()
