"""However much arrives at once, every process holds no more than so much memory: it reads on when it has done its work.

Each process is started on a topic that holds the whole flood already; its highest memory is compared with what it
needs on an empty topic. The short form takes a tenth of the flood that `make faults` takes, under the same bounds.
"""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from streams.broker import Broker
from streams.topics import Topics
from tests.support.kafka import fresh_topics, read_all, send
from tests.support.mutants import FEEDBACK, STATUS
from tests.support.offsets import count, unread
from tests.support.processes import Process, running, started
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka

FLOODS = [pytest.param(10_000, id="10000"), pytest.param(100_000, id="100000", marks=pytest.mark.long_fault)]
TEXTS = [pytest.param(2_000, id="2000"), pytest.param(100_000, id="100000", marks=pytest.mark.long_fault)]
LARGE_EVERY, LARGE = 1_000, 900_000
WITHIN = 600.0
MOST_MB = {"admit": 300.0, "cases": 200.0, "projector": 300.0, "intake": 150.0, "web": 300.0}
"""What a flood may take beyond what the process needs when it is idle."""


def dossiers(number: int, *, code: str | None = None) -> Iterator[bytes]:
    """Events of two for each dossier, or all of one; every thousandth large, by turns admitted and refused."""
    for n in range(number):
        event = STATUS | {"dossier_code": code or f"H99.1-26-{n // 2:07}", "status": 2 + 2 * (n % 2)}
        event["occurred_at"] = (
            f"2026-09-{1 + n % 28:02}T{n // 28 % 24:02}:{n // 672 % 60:02}:{n // 40_320 % 60:02}+07:00"
        )
        if n % LARGE_EVERY == LARGE_EVERY - 1:
            event |= {"x": "ữ" * (LARGE // 3)} | ({} if n // LARGE_EVERY % 2 else {"status": 77})
        yield json.dumps(event, ensure_ascii=False).encode()


def texts(number: int) -> Iterator[bytes]:
    for n in range(number):
        piece = FEEDBACK | {"feedback_id": f"PA-{n}", "text": f"Cống trước số nhà {n} bị tắc, nước tràn ra đường"}
        if n % LARGE_EVERY == LARGE_EVERY - 1:
            piece |= {"text": "Cống bị tắc, nước tràn. " * 4_000, "x": "y" * (LARGE - 130_000)}
        yield json.dumps(piece, ensure_ascii=False).encode()


def peak_over_idle(
    kind: str, broker: Broker, folder: Path, flood: Topics, group: str, *topics: str
) -> tuple[float, float]:
    """MB beyond an idle process that it took at most, and that it holds at the end, when all is read."""
    arguments = ["projector"] if kind == "projector" else ["worker", kind]
    unused = fresh_topics(broker, f"idle.{flood.prefix}")
    with (
        started(arguments, broker, unused, folder / "idle") as resting,
        started(arguments, broker, flood, folder / "flood") as process,
    ):
        resting.wait_up()
        idle = resting.memory
        process.wait_up()
        wait_read(broker, process, group, *topics)
        return process.peak - idle, process.memory - idle


def wait_read(broker: Broker, process: Process, group: str, *topics: str) -> None:
    def read() -> bool:
        assert process.process.poll() is None, process.log.read_text()[-2000:]
        return not unread(broker.settings.bootstrap, group, *topics)

    eventually(read, within=WITHIN, what="the flood is read", every=1.0)


@pytest.mark.parametrize("number", FLOODS)
def test_dossier_events_flood_every_process_of_their_way(number: int, broker: Broker, tmp_path: Path) -> None:
    """Admit worker, case worker and projector, one after the other, each on what the one before has left."""
    topics, bootstrap = fresh_topics(broker, f"flood-{number}."), broker.settings.bootstrap
    send(bootstrap, topics.dossier_intake, dossiers(number))
    steps = (
        ("admit", topics.admit_app, topics.dossier_intake),
        ("cases", topics.cases_app, topics.dossier.events),
        ("projector", topics.projector_group, topics.dossier.states),
    )
    taken = {kind: peak_over_idle(kind, broker, tmp_path / kind, topics, group, topic) for kind, group, topic in steps}
    assert {kind: mb for kind, (mb, _) in taken.items() if mb > MOST_MB[kind]} == {}
    refused = number // LARGE_EVERY // 2
    assert count(bootstrap, topics.dossier.events) == number - refused
    assert len(read_all(bootstrap, topics.dead_letters)) == refused


@pytest.mark.long_fault
@pytest.mark.parametrize("number", FLOODS)
def test_one_partition_with_all_keys_takes_no_more(number: int, broker: Broker, tmp_path: Path) -> None:
    topics, bootstrap = fresh_topics(broker, f"one-{number}."), broker.settings.bootstrap
    send(bootstrap, topics.dossier_intake, dossiers(number), key=b"one key")
    for kind, group, topic in (
        ("admit", topics.admit_app, topics.dossier_intake), ("cases", topics.cases_app, topics.dossier.events),
    ):  # fmt: skip
        peak, _ = peak_over_idle(kind, broker, tmp_path / kind, topics, group, topic)
        assert peak < MOST_MB[kind]


@pytest.mark.parametrize("number", TEXTS)
def test_a_flood_of_texts_waits_in_kafka_and_not_in_the_intake_worker(
    number: int, broker: Broker, tmp_path: Path
) -> None:
    topics, bootstrap = fresh_topics(broker, f"texts-{number}."), broker.settings.bootstrap
    send(bootstrap, topics.feedback_intake, texts(number))
    peak, _ = peak_over_idle("intake", broker, tmp_path, topics, topics.intake_app, topics.feedback_intake)
    assert peak < MOST_MB["intake"]
    assert count(bootstrap, topics.feedback.texts) + count(bootstrap, topics.restricted.texts) == number


def test_many_senders_who_have_no_account_fill_no_memory_of_the_web(broker: Broker, tmp_path: Path) -> None:
    """Four hundred bodies of almost a MiB that never end; those who are too many are told so."""
    topics = fresh_topics(broker, "bodies.")
    head = b"POST /api/v1/feedback HTTP/1.1\r\nHost: x\r\nContent-Length: 1048000\r\n\r\n"
    with running(["web"], broker, topics, tmp_path, {"LANGNGHE_PROBES": ""}) as web, ExitStack() as stack:
        idle, refused = web.memory, 0
        for _ in range(400):
            sender = stack.enter_context(socket.create_connection(("127.0.0.1", web.port), timeout=10))
            refused += not _pushed(sender, head + b"x" * 1_000_000)
        time.sleep(1.0)  # what stands in buffers of sockets is read meanwhile
        assert web.peak - idle < MOST_MB["web"]
        stack.close()
        eventually(web.is_alive, within=30, what="the web answers others again")
    assert refused > 0


def _pushed(sender: socket.socket, content: bytes) -> bool:
    """False where the other side has refused before it had all."""
    try:
        sender.sendall(content)
        sender.settimeout(0.05)
        return not sender.recv(100)
    except TimeoutError:
        return True
    except OSError:
        return False
