"""The wall clock of a case worker jumps."""

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.faults import Field, now
from tests.support.faults_load import Load
from tests.support.faults_worker import Worker
from tests.support.kafka import read_all
from tests.support.waiting import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.long_fault]
JUMP_SECONDS = 20


@contextmanager
def faked(field: Field) -> Iterator[tuple[Worker, Path]]:
    """A case worker under libfaketime, and the file by which its wall clock is set while it runs."""
    assert shutil.which("faketime"), "sh deploy/install-system.sh faketime"
    clock = field.data / "clock"
    clock.write_text("+0\n")
    library = next(Path("/usr/lib").rglob("libfaketimeMT.so.1"))
    environment = {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
                   "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}  # fmt: skip
    worker = field.worker("cases-0", environment=environment)
    worker.wait_ready()
    yield worker, clock


def early(field: Field) -> list[str]:
    """Alerts raised whose moment has not come by the clock of this machine."""
    records = read_all(field.place.bootstrap, field.topics.dossier.outcomes)
    told = [json.loads(record.value)["data"] for record in records]
    return [one["alert_id"] for one in told if one["outcome"].endswith("raised") and one["at"] > now().isoformat()]


def test_a_clock_that_jumps_ahead_for_a_while_raises_nothing_before_its_moment(field: Field) -> None:
    field.crew("admit", "projector")
    with faked(field) as (worker, clock):
        field.send("dossier.intake", field.storm("H99.1-260907-", 200))
        field.settle()
        clock.write_text("+40d\n")
        time.sleep(JUMP_SECONDS)  # the fault itself
        clock.write_text("+0\n")
        field.send("dossier.intake", field.storm("H99.2-260907-", 100))
        assert early(field) == []
        field.settle()
        assert worker.runs()


def test_a_clock_that_jumps_back_for_a_while_loses_nothing(field: Field) -> None:
    field.crew("admit", "projector")
    with faked(field) as (_, clock):
        field.send("dossier.intake", field.storm("H99.1-260907-", 200))
        clock.write_text("-2d\n")
        time.sleep(JUMP_SECONDS)  # the fault itself
        clock.write_text("+0\n")
        field.send("dossier.intake", field.storm("H99.2-260907-", 100))
        field.settle()


def test_a_worker_that_wakes_after_its_alerts_were_due_raises_them(field: Field) -> None:
    """As on a machine that was suspended: nothing ran while the moments passed."""
    _, worker, _ = field.crew("admit", "cases-0", "projector")
    load = Load(1, now() + timedelta(seconds=20))
    field.send("dossier.intake", [message for case in load.dossiers("H99.1-260907-", 240)[11::12] for message in case])
    eventually(lambda: read_all(field.place.bootstrap, field.topics.dossier.states), within=60, what="states")
    os.kill(worker.pid, signal.SIGSTOP)
    time.sleep(90)  # the fault itself
    os.kill(worker.pid, signal.SIGCONT)
    field.settle(300)  # once it never came out of its rebalance: its health says so after two minutes
