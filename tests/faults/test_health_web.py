"""The web says that it lives also while every one of its threads waits for a broker that does not answer."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from cli.settings import HERE
from streams.broker import Broker
from tests.support.kafka import PARTITIONS, free_port, fresh_topics, running_broker
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka

POSTERS, SECONDS = 90, 12.0
LONGEST_ANSWER = 3.0  # what the supervisor waits for


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[Broker]:
    with running_broker(tmp_path / "kafka") as broker:
        yield broker


@contextmanager
def web(broker: Broker, folder: Path) -> Iterator[int]:
    topics, port = fresh_topics(broker, "web."), free_port()
    environment = os.environ | {
        "KAFKA_BOOTSTRAP": broker.settings.bootstrap, "LANGNGHE_TOPIC_PREFIX": topics.prefix,
        "LANGNGHE_PARTITIONS": str(PARTITIONS), "PYTHONPATH": str(HERE),
    }  # fmt: skip
    command = [sys.executable, "-m", "cli.main", "web", "--data", str(folder), "--port-base", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        eventually(lambda: seconds_to_live(port) < LONGEST_ANSWER, within=60, what="the web answers", every=0.3)
        yield port
    finally:
        process.kill()
        process.wait()


def seconds_to_live(port: int) -> float:
    began = time.monotonic()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
            assert answer.status == 200
    except OSError:
        return float("inf")
    return time.monotonic() - began


def post(port: int, token: str) -> None:
    body = json.dumps({"text": "Cống bị tắc", "channel": "portal"}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/feedback", body)
    request.add_header("Authorization", f"Bearer {token}")
    with suppress(urllib.error.HTTPError, OSError):
        urllib.request.urlopen(request, timeout=60).close()


def test_posts_that_wait_for_a_silent_broker_do_not_make_the_web_look_dead(own_broker: Broker, tmp_path: Path) -> None:
    folder = tmp_path / "web"
    folder.mkdir()
    assert own_broker.process is not None
    with web(own_broker, folder) as port:
        token = json.loads((folder / "tokens.json").read_text())["source"]
        post(port, token)
        os.kill(own_broker.process.pid, signal.SIGSTOP)
        posters = [threading.Thread(target=post, args=(port, token)) for _ in range(POSTERS)]
        try:
            for poster in posters:
                poster.start()
            ends = time.monotonic() + SECONDS
            answered = []
            while time.monotonic() < ends:
                answered.append(seconds_to_live(port))
        finally:
            os.kill(own_broker.process.pid, signal.SIGCONT)
            for poster in posters:
                poster.join()
    assert max(answered) < LONGEST_ANSWER
