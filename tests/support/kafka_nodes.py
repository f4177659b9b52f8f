"""Kafka as containers start it, run natively: deploy/kafka/start.sh, one process for each node."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.settings import HERE, find_java
from tests.support.kafka import free_port

DEPLOY = HERE / "deploy" / "kafka"


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
            "KAFKA_CONTROLLER_PORT": str(controller), "KAFKA_LISTEN": "127.0.0.1",
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
