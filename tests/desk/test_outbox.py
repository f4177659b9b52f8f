"""Readiness asks Kafka itself, soon gives up, and not for every probe; which errors a producer does not survive."""

import socket
from collections.abc import Iterator
from time import monotonic

import pytest
from kafka import errors

from desk.outbox import KafkaOutbox, ends_producer
from desk.web.broker_check import CHECK_SECONDS, BrokerCheck


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


@pytest.mark.parametrize(("error", "ends"), [
    (errors.NotLeaderForPartitionError(), False),
    (errors.KafkaTimeoutError(), False),
    (errors.KafkaConnectionError(), False),
    (errors.UnknownError(), True),
    (errors.TopicAuthorizationFailedError(), True),
    (errors.ClusterAuthorizationFailedError(), True),
    (errors.OutOfOrderSequenceNumberError(), True),
    (errors.KafkaError("its own request for an id was not answered"), True),
])  # fmt: skip
def test_a_producer_is_given_up_after_an_error_that_no_repeat_mends(error: errors.KafkaError, ends: bool) -> None:
    assert ends_producer(error) is ends
