"""A real Apache Kafka as a child process: one KRaft node on 127.0.0.1 with data in a directory of its own."""

import base64
import os
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

READY_SECONDS = 90.0
STOP_SECONDS = 12.0
JAVA_OPTIONS = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xms64m",
    "-Xmx384m",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
)


class BrokerError(RuntimeError):
    """Kafka could not be started; the message names what to do."""


@dataclass(frozen=True, slots=True)
class BrokerSettings:
    """Where Kafka finds Java, its jars and base configuration, its data, and its two ports."""

    java: str
    libs: Path
    properties: Path
    data: Path
    port: int
    controller_port: int

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def log_file(self) -> Path:
        return self.data / "kafka.log"


class Broker:
    """Starts and stops one Kafka."""

    def __init__(self, settings: BrokerSettings) -> None:
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self) -> subprocess.Popen[bytes]:
        """Starts the process without waiting for it. Raises BrokerError."""
        command = prepare(self.settings)
        with self.settings.log_file.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        return self.process

    def wait_ready(self, timeout: float = READY_SECONDS) -> None:
        """Returns when the broker answers. Raises BrokerError."""
        wait_ready(self.settings, lambda: self.process is not None and self.process.poll() is None, timeout)

    def stop(self) -> None:
        """SIGTERM, and SIGKILL where that is not obeyed in time."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def prepare(settings: BrokerSettings) -> list[str]:
    """Writes the configuration, formats a new data directory, and returns the command that starts Kafka."""
    logs = settings.data / "log"
    settings.data.mkdir(parents=True, exist_ok=True)
    addresses = f"BROKER://127.0.0.1:{settings.port},CONTROLLER://127.0.0.1:{settings.controller_port}"
    own = {
        "listeners": addresses,
        "advertised.listeners": addresses,
        "controller.quorum.bootstrap.servers": f"127.0.0.1:{settings.controller_port}",
        "log.dirs": str(logs.resolve()),
    }
    config = settings.data / "server.properties"
    lines = "\n".join(f"{name}={value}" for name, value in own.items())
    config.write_text(f"{settings.properties.read_text()}\n{lines}\n")
    if not (logs / "meta.properties").exists():
        _format(settings, config)
    return _command(settings, "kafka.Kafka", str(config))


def wait_ready(settings: BrokerSettings, alive: Callable[[], bool], timeout: float = READY_SECONDS) -> None:
    """Returns when the broker answers an admin request. Raises BrokerError when it ended or is late."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if not alive():
            raise BrokerError(f"Kafka dừng ngay khi khởi động; xem {settings.log_file}")
        if answers(settings.bootstrap):
            return
        time.sleep(0.1)
    raise BrokerError(f"Kafka chưa sẵn sàng sau {timeout:.0f} giây; xem {settings.log_file}")


def _format(settings: BrokerSettings, config: Path) -> None:
    # an id that began with "-" would be read as an option
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "_")
    command = _command(settings, "kafka.tools.StorageTool", "format", "--standalone", "-t", cluster, "-c", str(config))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BrokerError(f"không định dạng được thư mục dữ liệu Kafka {settings.data}: {done.stderr.strip()[-500:]}")


def _command(settings: BrokerSettings, main: str, *arguments: str) -> list[str]:
    return [settings.java, *JAVA_OPTIONS, "-cp", f"{settings.libs}{os.sep}*", main, *arguments]


def answers(bootstrap: str, security: Mapping[str, Any] | None = None) -> bool:
    """True when a broker answers a metadata request."""
    host, _, port = bootstrap.split(",", maxsplit=1)[0].rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=0.5):
            pass
        admin = KafkaAdminClient(
            bootstrap_servers=bootstrap, request_timeout_ms=3000, bootstrap_timeout_ms=3000, **(security or {})
        )
    except (OSError, KafkaError):
        return False
    try:
        return bool(admin.describe_cluster().get("brokers"))
    except KafkaError:
        return False
    finally:
        admin.close()
