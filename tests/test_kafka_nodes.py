"""The script that starts Kafka in containers, run natively: one node, and three that join and outlive one of them."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient

from cli.settings import HERE, find_java
from streams.broker import answers
from streams.provision import check_topics, create_topics
from streams.topics import Topics
from tests.support.kafka import free_port, read_all
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # kafka-python's sockets to the dead
]
DEPLOY = HERE / "deploy" / "kafka"
SECONDS = 120.0
TOPICS = Topics("", 2)


def programs(folder: Path) -> Path:
    """Kafka's programs as its image has them, on the jars of this repository."""
    folder.mkdir()
    for name, main in (("kafka-storage.sh", "kafka.tools.StorageTool"), ("kafka-server-start.sh", "kafka.Kafka")):
        line = f"exec {find_java()} -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx320m -cp '{DEPLOY / 'libs'}/*' {main}"
        (folder / name).write_text(f'#!/bin/sh\n{line} "$@"\n')
        (folder / name).chmod(0o755)
    return folder


@contextmanager
def nodes(folder: Path, count: int) -> Iterator[tuple[list[str], list[subprocess.Popen[bytes]]]]:
    """Addresses and processes of so many nodes, started at once, stopped afterwards."""
    bin_ = programs(folder / "bin")
    ports = [(free_port(), free_port()) for _ in range(count)]
    names = " ".join(f"127.0.0.1:{controller}" for _, controller in ports)
    running = []
    for number, (port, controller) in enumerate(ports, start=1):
        own = folder / str(number)
        own.mkdir()
        environment = {
            "KAFKA_NODE": str(number), "KAFKA_NAME": "127.0.0.1", "KAFKA_NODES": names, "KAFKA_BIN": str(bin_),
            "KAFKA_CONFIG": str(DEPLOY), "KAFKA_DATA": str(own), "KAFKA_TMP": str(own), "KAFKA_PORT": str(port),
            "KAFKA_CONTROLLER_PORT": str(controller),
        }  # fmt: skip
        with (own / "log.txt").open("wb") as log:
            running.append(subprocess.Popen(
                ["/bin/sh", str(DEPLOY / "start.sh")], env=os.environ | environment, stdout=log, stderr=log
            ))  # fmt: skip
    try:
        yield [f"127.0.0.1:{port}" for port, _ in ports], running
    finally:
        for process in running:
            process.send_signal(signal.SIGKILL)
            process.wait()


def brokers(bootstrap: str) -> int:
    if not answers(bootstrap):
        return 0
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap, bootstrap_timeout_ms=5000)) as admin:
        return len(admin.describe_cluster()["brokers"])


def test_one_node_has_the_topics_as_designed(tmp_path: Path) -> None:
    with nodes(tmp_path, 1) as ([address], _):
        eventually(lambda: answers(address), within=SECONDS, what="the node answers", every=0.3)
        create_topics(address, TOPICS)
        eventually(lambda: check_topics(address, TOPICS) == [], within=SECONDS, what="topics as designed", every=0.3)


def test_three_nodes_keep_three_copies_and_go_on_without_the_first(tmp_path: Path) -> None:
    with nodes(tmp_path, 3) as (addresses, running):
        whole = ",".join(addresses)
        eventually(lambda: brokers(addresses[0]) == 3, within=SECONDS, what="three brokers", every=0.5)
        create_topics(whole, TOPICS, replication=3)
        producer = KafkaProducer(bootstrap_servers=whole, acks="all")
        producer.send(TOPICS.dossier_intake, b"before").get(30)
        eventually(lambda: voters(whole) == 3, within=SECONDS, what="three voters", every=0.5)
        running[0].send_signal(signal.SIGKILL)
        producer.send(TOPICS.dossier_intake, b"after").get(90)
        producer.close()
        rest = ",".join(addresses[1:])
        found = [record.value for record in read_all(rest, TOPICS.dossier_intake, TOPICS.partitions)]
        assert sorted(found) == [b"after", b"before"]


def voters(bootstrap: str) -> int:
    """Controllers that vote: with fewer than three the loss of one ends everything."""
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap, bootstrap_timeout_ms=5000)) as admin:
        return len(admin.describe_metadata_quorum()["topics"][0]["partitions"][0]["current_voters"])
