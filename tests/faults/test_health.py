"""A worker that stands still says so, for each way to stand still, and the supervisor starts it again.

Real faults in real processes on a real broker; the bounds of health are a tenth of the product's.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from kafka.admin import ACL, ACLFilter, ACLOperation, ACLPermissionType, KafkaAdminClient, ResourcePattern, ResourceType

from cli import supervise
from cli.settings import HERE
from cli.supervise import Child, Supervisor
from streams.broker import Broker
from streams.topics import Topics
from tests.support.chunks import A, told
from tests.support.dossiers import step
from tests.support.kafka import PARTITIONS, answering, free_port, fresh_topics, new_broker, send
from tests.support.offsets import unread
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka

READY, ILL, AGAIN = 60.0, 40.0, 90.0
BLOCKED, FROZEN, SILENT = signal.SIGRTMIN, signal.SIGRTMIN + 1, signal.SIGRTMIN + 2
AUTHORIZER = """
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=true
"""


@dataclass
class Kept:
    """A worker under a supervisor, and what the supervisor said of it."""

    child: Child
    said: list[str] = field(default_factory=list)
    supervisor: Supervisor = field(init=False)

    def __post_init__(self) -> None:
        self.supervisor = Supervisor(self.said.append)

    @property
    def pid(self) -> int:
        assert self.child.process is not None
        return self.child.process.pid

    def wait_ready(self) -> None:
        eventually(self._ready, within=AGAIN, what=f"{self.child.name} ready; see {self.child.log}", every=0.3)

    def _ready(self) -> bool:
        self.supervisor.look()
        return self.child.ask("/readyz") is None

    def wait_restarted(self, pid: int) -> str:
        """What the supervisor said of this process's end; another one is ready afterwards."""

        def restarted() -> bool:
            self.supervisor.look()
            return self.child.running and self.pid != pid

        eventually(restarted, within=ILL + AGAIN, what=f"restart; said: {self.said}", every=0.2)
        self.wait_ready()
        told, self.said[:] = list(self.said), []
        return told[0]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker that can be told to refuse; until then it refuses nothing."""
    broker = new_broker(tmp_path_factory.mktemp("guarded") / "kafka")
    properties = broker.settings.data.parent / "guarded.properties"
    properties.write_text(broker.settings.properties.read_text() + AUTHORIZER)
    with answering(Broker(replace(broker.settings, properties=properties))) as broker:
        yield broker


@pytest.fixture(scope="module", autouse=True)
def impatient() -> Iterator[None]:
    """The supervisor looks ten times as often as it does for people."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(supervise, "CHECK_SECONDS", 0.5)
        yield


@pytest.fixture(scope="module")
def topics(guarded: Broker) -> Topics:
    return fresh_topics(guarded, "health.")


@pytest.fixture(scope="module")
def cases(guarded: Broker, topics: Topics, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    yield from running("cases", 1, guarded, topics, tmp_path_factory.mktemp("cases"))


@pytest.fixture(scope="module")
def admit(guarded: Broker, topics: Topics, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    yield from running("admit", 31, guarded, topics, tmp_path_factory.mktemp("admit"))


def running(kind: str, place: int, broker: Broker, topics: Topics, folder: Path) -> Iterator[Kept]:
    """A worker of that kind, whose probe is `place` ports above a base, ready under its supervisor."""
    port = free_port()
    arguments = ["worker", kind, "--data", str(folder / "data"), "--port-base", str(port - place)]
    environment = {
        "KAFKA_BOOTSTRAP": broker.settings.bootstrap, "LANGNGHE_TOPIC_PREFIX": topics.prefix,
        "LANGNGHE_PARTITIONS": str(PARTITIONS), "PYTHONPATH": str(HERE),
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.support.ill_worker", *arguments]
    worker = Kept(Child(kind, command, folder / "log", port, environment))
    worker.supervisor.start(worker.child)
    try:
        worker.wait_ready()
        yield worker
    finally:
        worker.supervisor.stop([([kind], 5.0)])


def give(broker: Broker, topics: Topics, hour: int) -> None:
    value = told(A, step(f"03-02 {hour:02}:00", 2)).value or b""
    send(broker.settings.bootstrap, topics.dossier.events, [value], key=A.encode())


def test_a_blocked_event_loop_is_seen_and_the_worker_started_again(admit: Kept) -> None:
    pid = admit.pid
    os.kill(pid, BLOCKED)
    assert "the event loop stands still" in admit.wait_restarted(pid)


def test_a_deadline_watch_that_hangs_is_seen_and_the_worker_started_again(cases: Kept) -> None:
    pid = cases.pid
    os.kill(pid, SILENT)
    assert "the deadline watch stands still" in cases.wait_restarted(pid)


def test_a_consumer_that_reads_no_more_is_seen_and_what_waited_is_read(
    cases: Kept, guarded: Broker, topics: Topics
) -> None:
    give(guarded, topics, 9)
    group, events = topics.cases_app, topics.dossier.events
    bootstrap = guarded.settings.bootstrap
    eventually(lambda: not unread(bootstrap, group, events), within=READY, what="the first event is read", every=0.3)
    pid = cases.pid
    os.kill(pid, FROZEN)
    give(guarded, topics, 10)
    assert "a partition with unread records stands still" in cases.wait_restarted(pid)
    eventually(lambda: not unread(bootstrap, group, events), within=READY, what="what waited is read", every=0.3)


@contextmanager
def refused(broker: Broker, group: str) -> Iterator[None]:
    """While this lasts the broker refuses the group to everybody."""
    pattern = ResourcePattern(ResourceType.GROUP, group)
    with closing(KafkaAdminClient(bootstrap_servers=broker.settings.bootstrap)) as admin:
        admin.create_acls([ACL("User:ANONYMOUS", "*", ACLOperation.ALL, ACLPermissionType.DENY, pattern)])
        try:
            yield
        finally:
            admin.delete_acls([ACLFilter("User:ANONYMOUS", "*", ACLOperation.ALL, ACLPermissionType.DENY, pattern)])


def test_a_worker_whom_its_group_refuses_does_not_live_on_without_partitions(
    cases: Kept, guarded: Broker, topics: Topics
) -> None:
    pid = cases.pid
    with refused(guarded, topics.cases_app):
        eventually(lambda: cases.supervisor.look() or cases.said, within=ILL, what="the worker is ill or ends")
    cases.wait_restarted(pid)
