"""The small server of the projector: alive, ready, measured."""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from desk import metrics
from desk.probes import SILENT_SECONDS, Probe
from streams.probe import ProbeServer


@dataclass
class Served:
    """A running server; `ready` is what the process would say."""

    port: int
    ready: bool = False

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code


@pytest.fixture
def served() -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found = Served(free.getsockname()[1])
    server = ProbeServer(
        "127.0.0.1", found.port, Probe().healthy, lambda: None if found.ready else "not yet", metrics.new_registry()
    )
    server.start()
    yield found
    server.stop()


def test_it_is_ready_only_when_the_process_says_so(served: Served) -> None:
    before = served.status("/readyz")
    served.ready = True
    assert (before, served.status("/readyz")) == (503, 200)


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/metrics", 200), ("/other", 404)])
def test_its_paths(served: Served, path: str, status: int) -> None:
    assert served.status(path) == status


def test_a_loop_that_stands_still_is_not_alive() -> None:
    probe = Probe()
    probe.beat(100.0)
    assert probe.alive(100.0 + SILENT_SECONDS - 1)
    assert not probe.alive(100.0 + SILENT_SECONDS)


def test_the_catalogue_declares_what_is_registered_and_no_more_than_two_labels() -> None:
    registry = metrics.new_registry()
    makers = {"counter": metrics.counter, "gauge": metrics.gauge, "histogram": metrics.histogram}
    for spec in metrics.CATALOGUE:
        makers[spec.type](registry, spec.name)
    assert all(len(spec.labels) <= 2 and spec.meaning for spec in metrics.CATALOGUE)
