"""The whole of `langnghe up` as real processes, for end-to-end tests."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.ports import is_free, wanted
from cli.settings import HERE, Ports
from tests.support.kafka import PARTITIONS
from tests.support.waiting import eventually

START_SECONDS = 150.0
STOP_SECONDS = 15.0


@dataclass
class System:
    """One `langnghe up` with data and ports of its own."""

    data: Path
    base: int
    workers: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def ports(self) -> Ports:
        return Ports(self.base)

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.ports.kafka}"

    @property
    def output(self) -> Path:
        return self.data.parent / f"{self.data.name}.out"

    def start(self) -> None:
        command = [sys.executable, "-m", "cli.main", "up", "--data", str(self.data), "--port-base", str(self.base)]
        environment = (
            os.environ | {"LANGNGHE_PARTITIONS": str(PARTITIONS), "PYTHONPATH": str(HERE)} | dict(self.environment)
        )
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, "--workers", str(self.workers)], stdout=output, stderr=output, env=environment, cwd=HERE
            )
        eventually(self._ready, within=START_SECONDS, what=f"langnghe up ready; see {self.output}", every=0.2)

    def _ready(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise AssertionError(f"langnghe up ended: {self.output.read_text()[-2000:]}")
        try:
            return self.get("/readyz").status == 200
        except OSError:
            return False

    def stop(self, signal_number: int = signal.SIGTERM) -> int:
        """Exit status; fails when it takes longer than what is promised."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"langnghe up did not stop within {STOP_SECONDS} s") from None

    def token(self, role: str) -> str:
        return str(json.loads((self.data / "tokens.json").read_text())[role])

    def get(self, path: str, role: str | None = None) -> "Answer":
        return self._ask("GET", path, None, role, {})

    def post(self, path: str, body: object, role: str = "source", headers: Mapping[str, str] | None = None) -> "Answer":
        return self._ask("POST", path, body, role, headers or {})

    def _ask(self, method: str, path: str, body: object, role: str | None, headers: Mapping[str, str]) -> "Answer":
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.base}{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Content-Type": "application/json", **headers},
        )
        if role is not None:
            request.add_header("Authorization", f"Bearer {self.token(role)}")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return Answer(answer.status, answer.read().decode())
        except urllib.error.HTTPError as problem:
            return Answer(problem.code, problem.read().decode())

    def pids(self, command: str) -> list[int]:
        """Processes of this system whose command line holds `command`."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    if command in line and str(self.data) in line:
                        found.append(int(entry.name))
        return found


@dataclass(frozen=True)
class Answer:
    """Status and body of an HTTP answer."""

    status: int
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


def free_base() -> int:
    """A port base whose web, worker and Kafka ports are free; two runs of the tests begin to look at other places."""
    for number in range(80):
        base = 21000 + (os.getpid() + number) % 80 * 100
        if all(map(is_free, wanted(Ports(base), 2, own_kafka=True))):
            return base
    raise AssertionError("no free ports")


@contextmanager
def running_system(data: Path, workers: int = 1, environment: Mapping[str, str] | None = None) -> Iterator[System]:
    """A system that is ready, stopped afterwards."""
    system = System(data, free_base(), workers, environment or {})
    try:
        system.start()
        yield system
    finally:
        system.stop()
