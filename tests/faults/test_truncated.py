"""Kafka has lost the end of what it had acknowledged: a power cut, and one copy only."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.faults import Field, new_field
from tests.support.faults_ground import Ground, ground

pytestmark = pytest.mark.kafka
HEAD = 12  # bytes of a record batch before what its length counts


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Ground]:
    """A broker whose files may be hurt."""
    with ground(tmp_path / "kafka") as found:
        yield found


@pytest.fixture
def field(own: Ground, tmp_path: Path) -> Iterator[Field]:
    with new_field(own, tmp_path / "data") as found:
        yield found


def batches(log: bytes) -> list[int]:
    """Where each record batch of a segment ends (Kafka's message format 2)."""
    ends = [0]
    while len(log) - ends[-1] > HEAD:
        ends.append(ends[-1] + HEAD + int.from_bytes(log[ends[-1] + 8 : ends[-1] + HEAD]))
    return ends[1:]


def cut(own: Ground, topic: str) -> None:
    """Takes the later half of the batches from every partition of a topic while the broker is dead."""
    for segment in own.settings.data.rglob(f"{topic}-*/*.log"):
        ends = batches(segment.read_bytes())
        with segment.open("r+b") as file:
            file.truncate(ends[len(ends) // 2 - 1] if len(ends) > 1 else 0)
        for index in segment.parent.glob("*.*index"):
            index.unlink()


@pytest.mark.parametrize("worker", [
    "stays",
    pytest.param("loses its store", marks=pytest.mark.long_fault),
    pytest.param("runs on", marks=pytest.mark.long_fault),
])  # fmt: skip
def test_states_whose_latest_records_kafka_has_lost_are_folded_again(own: Ground, field: Field, worker: str) -> None:
    _, cases, _ = field.crew("admit", "cases-0", "projector")
    field.send("dossier.intake", field.storm("H99.1-260907-", 200, 1))
    field.settle()
    if worker != "runs on":
        cases.stop()
    own.end(signal.SIGKILL)
    cut(own, field.topics.dossier.states)
    if worker == "loses its store":
        shutil.rmtree(field.data / "workers" / "cases-0")
    own.start()
    if worker != "runs on":
        cases.start()
    field.send("dossier.intake", field.storm("H99.2-260907-", 100, 2))
    field.settle()
