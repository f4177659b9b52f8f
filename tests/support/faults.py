"""Scenarios of the fault suite: real processes of the product on a ground, started, hurt and judged by the oracle."""

import signal
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from kafka import KafkaProducer

from cli.keys import ensure_keys, ensure_tokens
from cli.settings import HERE, Ports
from streams.provision import create_topics
from streams.topics import Topics
from tests.support import oracle
from tests.support.faults_ground import Ground
from tests.support.faults_load import Load, Message, in_turns, shaken
from tests.support.faults_worker import Worker
from tests.support.oracle_calendar import VIETNAM
from tests.support.oracle_logs import Place
from tests.support.system import free_base
from tests.support.waiting import eventually

PARTITIONS = 4
TRUE_SECONDS = 90.0
QUIET_SECONDS = 5.0
SESSION_SECONDS = 10.0
_numbers = count(1)


@dataclass
class Field:
    """Topics, data and processes of one scenario on a ground."""

    ground: Ground
    data: Path
    topics: Topics
    base: int = field(default_factory=free_base)
    workers: list[Worker] = field(default_factory=list)
    database_folder: Path | None = None

    @property
    def place(self) -> Place:
        return Place(self.ground.bootstrap, self.topics.prefix, self.topics.partitions)

    @property
    def database(self) -> Path:
        return (self.database_folder or self.data) / "read-model.db"

    def worker(self, name: str, *, proxied: bool = False, under: Sequence[str] = (), illness: str = "",
               environment: Mapping[str, str] | None = None) -> Worker:  # fmt: skip
        """A process of the product, started: `admit`, `intake`, `cases-0`…, `projector`, `lag` or `web`;
        `proxied` behind its proxy, `under` a command such as faketime, with an `illness` of faults_sick."""
        kind, _, number = name.partition("-")
        command = [kind] if kind in {"projector", "lag", "web"} else ["worker", kind]
        command += ["--number", number] if number else []
        command += ["--data", str(self.data), "--port-base", str(self.base)]
        own = self.environment(name if proxied else None) | dict(environment or {})
        module = ("tests.support.faults_sick", illness) if illness else ("cli.main",)
        found = Worker(name, command, own, self._port(kind, number), self.data / f"{name}.log", under, module)
        self.workers.append(found)
        found.start()
        return found

    def _port(self, kind: str, number: str) -> int:
        ports = Ports(self.base)
        return {"admit": ports.admit, "intake": ports.intake, "projector": ports.projector, "web": ports.web,
                "lag": ports.lag, "cases": ports.cases(int(number or 0))}[kind]  # fmt: skip

    def environment(self, via: str | None = None) -> dict[str, str]:
        """The environment of a process of this field, `via` the proxy of that name."""
        bootstrap = self.ground.bootstrap if via is None else f"127.0.0.1:{self.ground.proxies[via].port}"
        return {
            "KAFKA_BOOTSTRAP": bootstrap, "LANGNGHE_DATABASE_URL": f"sqlite:///{self.database}",
            "LANGNGHE_TOPIC_PREFIX": self.topics.prefix, "PYTHONPATH": str(HERE),
            "LANGNGHE_PARTITIONS": str(self.topics.partitions), "MALLOC_ARENA_MAX": "2",
        }  # fmt: skip

    def crew(self, *names: str) -> list[Worker]:
        """Several processes, all ready."""
        found = [self.worker(name) for name in names]
        for worker in found:
            worker.wait_ready()
        return found

    def storm(self, prefix: str, count: int, seed: int = 1) -> list[Message]:
        """Messages of so many dossiers: repeated, out of order, with late ends."""
        return shaken(in_turns(Load(seed, now()).cases(prefix, count)), seed)

    def send(self, topic: str, messages: Iterable[Message], seconds: float = 0.0) -> None:
        """Sends by the test's own listener, evenly over `seconds`, and waits for every acknowledgement."""
        messages = list(messages)
        began, futures = time.monotonic(), []
        with closing(KafkaProducer(bootstrap_servers=self.ground.bootstrap, acks="all", linger_ms=5)) as producer:
            for number, (key, value) in enumerate(messages):
                if seconds and number % 20 == 0:
                    time.sleep(max(0.0, began + seconds * number / len(messages) - time.monotonic()))
                futures.append(producer.send(self.topics.named(topic), value, key=key.encode()))
            for future in futures:
                future.get(120)

    def settle(self, within: float = TRUE_SECONDS) -> None:
        """Waits until everything is read and stands as the oracle says; a failure prints what differs, by case."""
        groups = self._groups()
        deadline = time.monotonic() + within
        while wrong := self._wrong(groups):
            self.tend()
            if time.monotonic() > deadline:
                self._fail(within, wrong)
            time.sleep(1.0)

    def tend(self) -> None:
        """Looks after all workers."""
        for worker in self.workers:
            worker.tend()

    def remove(self, worker: Worker) -> None:
        """A worker that is taken away for good."""
        worker.stop()
        self.workers.remove(worker)

    def settle_at_rest(self, within: float = TRUE_SECONDS) -> None:
        """The same where reading all takes minutes, in which alerts would come: the followers stop before it."""
        self.settle_reading(within)
        seen: list[object] = []

        def quiet() -> bool:
            seen.append(oracle.ends(self.place, *oracle.PROJECTED))
            return seen[-2:-1] == seen[-1:]

        eventually(quiet, within=within, what="late alerts are told", every=QUIET_SECONDS)
        before = datetime.now(UTC) - timedelta(seconds=QUIET_SECONDS)
        for worker in [worker for worker in self.workers if worker.name.startswith("cases-")]:
            self.remove(worker)
        after = datetime.now(UTC)
        place, database = self.place, self.database
        eventually(lambda: not oracle.unprojected(place, database), within=within, what="all is shown", every=0.5)
        if wrong := oracle.differences(place, database, (before, after)):
            self._fail(within, wrong)

    def settle_reading(self, within: float = TRUE_SECONDS) -> None:
        """Waits until every group has committed up to the end."""
        eventually(lambda: not oracle.unread(self.place, self._groups()), within=within, what="all read", every=0.5)

    def _wrong(self, groups: Mapping[str, list[str]]) -> list[str]:
        projected = any(worker.name == "projector" for worker in self.workers)
        wrong = oracle.unread(self.place, groups)
        if not wrong and projected:
            wrong = oracle.unprojected(self.place, self.database)
        return wrong or oracle.differences(self.place, self.database if projected else None)

    def _groups(self) -> dict[str, list[str]]:
        return {group: names for group, names in oracle.READ_BY.items() if self._has(group)}

    def _has(self, group: str) -> bool:
        return any(worker.name.startswith(group.removeprefix("langnghe-")) for worker in self.workers)

    def _fail(self, within: float, wrong: list[str]) -> None:
        dead = [f"{worker.name} is not running; see {worker.log}" for worker in self.workers if not worker.runs()]
        lines = "\n".join([*dead, *wrong[:40]])
        raise AssertionError(f"not true after {within:.0f} s, {len(wrong)} differences:\n{lines}")


@contextmanager
def new_field(ground: Ground, data: Path, partitions: int = PARTITIONS) -> Iterator[Field]:
    """A scenario's own topics on a ground; its processes are ended afterwards."""
    data.mkdir(parents=True, exist_ok=True)
    ensure_keys(data / "keys")
    ensure_tokens(data / "tokens.json")
    topics = Topics(f"f{next(_numbers)}.", partitions)
    create_topics(ground.bootstrap, topics)
    found = Field(ground, data, topics)
    try:
        yield found
    finally:
        for worker in found.workers:
            if worker.runs():
                worker.signal(signal.SIGCONT)
                worker.kill()


def now() -> datetime:
    """This moment in Vietnam, to the second."""
    return datetime.now(VIETNAM).replace(microsecond=0)
