"""Single processes of the product on a broker of a test's own, and how much memory they have taken."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.settings import HERE, Ports
from streams.broker import Broker
from streams.topics import Topics
from tests.support.kafka import PARTITIONS, free_port
from tests.support.waiting import eventually

READY_SECONDS = 90.0
MALLOC = {"MALLOC_ARENA_MAX": "2"}  # as `langnghe up` starts its processes


@dataclass(frozen=True)
class Process:
    """A running process that serves its probes on a port."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def peak(self) -> float:
        """The most memory that it ever held, in MB."""
        return self._memory("VmHWM")

    @property
    def memory(self) -> float:
        """The memory that it holds now, in MB."""
        return self._memory("VmRSS")

    def _memory(self, name: str) -> float:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))

    def wait_up(self) -> None:
        is_up = self.is_alive if self.log.stem == "web" else self.is_ready  # the web's readiness is that of all
        eventually(is_up, within=READY_SECONDS, what=f"{self.log.stem} ready; see {self.log}", every=0.2)

    def is_ready(self) -> bool:
        return self._says_ok("/readyz")

    def is_alive(self) -> bool:
        return self._says_ok("/healthz")

    def _says_ok(self, path: str) -> bool:
        assert self.process.poll() is None, self.log.read_text()[-2000:]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@contextmanager
def running(
    arguments: Sequence[str], broker: Broker, topics: Topics, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Process]:
    """`langnghe` with these arguments, ready; its data stay in `folder` for the next one."""
    with started(arguments, broker, topics, folder, environment) as process:
        process.wait_up()
        yield process


@contextmanager
def started(
    arguments: Sequence[str], broker: Broker, topics: Topics, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Process]:
    """The same, which need not be ready yet: several get ready beside each other."""
    kind = arguments[-1]
    places = {"cases": Ports(0).cases(0), "admit": Ports(0).admit, "intake": Ports(0).intake, "web": 0,
              "projector": Ports(0).projector, "lag": Ports(0).lag}  # fmt: skip
    port = free_port()
    own = {
        "KAFKA_BOOTSTRAP": broker.settings.bootstrap, "LANGNGHE_TOPIC_PREFIX": topics.prefix, "PYTHONPATH": str(HERE),
        "LANGNGHE_PARTITIONS": str(PARTITIONS),
    }  # fmt: skip
    options = ["--data", str(folder), "--port-base", str(port - places[kind])]
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"{kind}.log"
    with log.open("ab") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "cli.main", *arguments, *options],
            env=os.environ | MALLOC | own | dict(environment or {}), stdout=output, stderr=output,
        )  # fmt: skip
    try:
        yield Process(child, port, log)
    finally:
        end(child)


def end_all(processes: Iterable[Process]) -> None:
    """Beside each other."""
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda process: end(process.process), processes))


def end(process: subprocess.Popen[bytes], seconds: float = 15.0) -> None:
    """SIGTERM, as a rolling restart does; SIGKILL where that is not obeyed in time."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
