"""One process of the product in the hands of a scenario."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from cli.settings import HERE
from tests.support.faults_ground import READY_SECONDS
from tests.support.processes import end
from tests.support.waiting import eventually

ILL_SECONDS = 15.0


@dataclass
class Worker:
    """One process of the product, started and hurt at will."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    port: int
    log: Path
    under: Sequence[str] = ()
    module: Sequence[str] = ("cli.main",)
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    _well_at: float | None = None

    def start(self) -> None:
        self._well_at = None
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.under, sys.executable, "-m", *self.module, *self.arguments],
                cwd=HERE, env=os.environ | dict(self.environment), stdout=log, stderr=log,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL; returns when it is gone."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Also of one that is held."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)
        end(self.process)

    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def says(self, path: str) -> int:
        """The status of a probe; 0 where nobody answers."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as answer:
                return int(answer.status)
        except URLError as problem:
            return int(getattr(problem, "code", 0))
        except OSError:
            return 0

    def is_well(self) -> bool:
        """False once it has ended, or for fifteen seconds does not say that it is healthy, after it once answered."""
        if not self.runs():
            return False
        answer = self.says("/healthz")
        if answer == 200 or (answer and self._well_at is None):
            self._well_at = time.monotonic()
        return self._well_at is None or time.monotonic() - self._well_at < ILL_SECONDS

    def wait_ready(self, within: float = READY_SECONDS) -> None:
        eventually(self._ready, within=within, what=f"{self.name} ready; see {self.log}", every=0.2)

    def tend(self) -> bool:
        """What the supervisor of `langnghe up` does: a process that ended, or says that it is ill, is started again."""
        if self.is_well():
            return False
        self.restarts += 1
        self.kill()
        self.start()
        return True

    def _ready(self) -> bool:
        self.tend()
        return self.says("/readyz") == 200
