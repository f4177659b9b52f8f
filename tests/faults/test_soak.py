"""Two hours (LANGNGHE_SOAK_MINUTES) at two hundred events a second: nothing lost, memory and descriptors flat."""

import os
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.support.faults import Field
from tests.support.faults_worker import Worker

pytestmark = [pytest.mark.kafka, pytest.mark.long_fault]
MINUTES = float(os.environ.get("LANGNGHE_SOAK_MINUTES", "120"))
RATE = 200
GROWTH = 1.25


@dataclass(frozen=True)
class Size:
    """Resident memory in MB and open descriptors of a process."""

    memory: float
    descriptors: int


def size(worker: Worker) -> Size:
    process = Path(f"/proc/{worker.pid}")
    pages = int((process / "statm").read_text().split()[1])
    return Size(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, len(list((process / "fd").iterdir())))


def test_a_soak_loses_nothing_and_leaves_memory_and_descriptors_flat(field: Field) -> None:
    """The state of each case grows the table, not the process: the second half may use a quarter more at most."""
    workers = field.crew("admit", "cases-0", "cases-1", "projector")
    began, half = time.monotonic(), None
    for number in count():
        field.send("dossier.intake", messages := field.storm(f"H99.{number}-260907-", 60, number), seconds=1.0)
        time.sleep(max(0.0, len(messages) / RATE - 1.0))
        passed = time.monotonic() - began
        if half is None and passed > MINUTES * 30:
            half = {worker.name: size(worker) for worker in workers}
        if passed > MINUTES * 60:
            break
    assert half is not None
    for worker in workers:
        after, before = size(worker), half[worker.name]
        assert after.memory <= before.memory * GROWTH, f"{worker.name}: {before} became {after}"
        assert after.descriptors <= before.descriptors + 20, f"{worker.name}: {before} became {after}"
    field.settle_at_rest(600)
    assert [worker.restarts for worker in workers] == [0] * len(workers)
