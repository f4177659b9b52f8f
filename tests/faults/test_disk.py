"""The disk of a worker, of the broker, of the database fills up, and there is room again later."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.faults import Field, new_field
from tests.support.faults_ground import ground

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.long_fault,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk"),
]
FULL_SECONDS = 30


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of that size; whoever uses it must have ended before it is taken away."""
    folder.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """A file that takes all that is left."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError:
            return ballast


def storm_while_full(field: Field, folder: Path) -> None:
    """Half of the load meets the full disk; then there is room again."""
    field.send("dossier.intake", field.storm("H99.1-260907-", 200, 1))
    field.settle()
    ballast = fill(folder)
    field.send("dossier.intake", field.storm("H99.2-260907-", 2000, 2))
    deadline = time.monotonic() + FULL_SECONDS
    while time.monotonic() < deadline:
        field.tend()
        time.sleep(1)
    ballast.unlink()
    field.settle(240)


def test_a_worker_whose_disk_was_full_loses_nothing(field: Field) -> None:
    with small_disk(field.data / "workers" / "cases-0", 48) as folder:
        field.crew("admit", "cases-0", "projector")
        storm_while_full(field, folder)
        for worker in field.workers:
            worker.kill()


def test_a_read_model_whose_disk_was_full_holds_all_afterwards(field: Field) -> None:
    with small_disk(field.data / "model", 64) as folder:
        field.database_folder = folder
        field.crew("admit", "cases-0", "projector")
        storm_while_full(field, folder)
        for worker in field.workers:
            worker.kill()


def test_a_broker_whose_disk_was_full_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    with (
        small_disk(tmp_path / "disk", 220) as folder,
        ground(folder / "kafka") as own,
        new_field(own, tmp_path / "data") as field,
    ):
        field.crew("admit", "cases-0", "projector")
        field.send("dossier.intake", field.storm("H99.1-260907-", 200, 1))
        ballast = fill(folder)
        time.sleep(FULL_SECONDS)  # the fault itself
        ballast.unlink()
        if own.process is not None and own.process.poll() is None:
            own.end(signal.SIGKILL)
        own.start()
        field.send("dossier.intake", field.storm("H99.2-260907-", 200, 2))
        field.settle(240)
