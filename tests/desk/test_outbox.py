"""Readiness asks Kafka itself, soon gives up, and not for every probe."""

import socket
from collections.abc import Iterator
from time import monotonic

import pytest

from desk.web.broker_check import CHECK_SECONDS, BrokerCheck
from desk.web.outbox import KafkaOutbox


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that accepts connections and never answers, as a broker that hangs."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_broker_that_hangs_is_not_ready_and_holds_nobody_up(silent_port: int) -> None:
    outbox = KafkaOutbox(f"127.0.0.1:{silent_port}", 5.0, "topic")
    started = monotonic()
    assert not outbox.ready()
    assert monotonic() - started < 5
    outbox.close()


def test_within_a_second_the_last_answer_stands(silent_port: int) -> None:
    check = BrokerCheck(f"127.0.0.1:{silent_port}", "topic", {})
    check.answers()
    started = monotonic()
    assert not check.answers()
    assert monotonic() - started < CHECK_SECONDS / 2
    check.close()
