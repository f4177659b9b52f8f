"""Looks at everything that `langnghe up` needs on this machine, one finding each."""

import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from casework.errors import CaseworkError
from cli.calendar_commands import remaining
from cli.ports import is_free, wanted
from cli.rules import load_rules
from cli.settings import HERE, Settings, SettingsError, find_java
from models.artifact import ArtifactError, load
from streams.broker import answers

JAVA_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `words` say what was found, or how to mend it."""

    what: str
    good: bool
    words: str


def examine(settings: Settings) -> list[Finding]:
    """All findings, in the order in which `langnghe up` would meet them."""
    reachable = answers(settings.bootstrap)
    return [
        *([_java(), _jars()] if settings.own_kafka else []),
        _kafka(settings, reachable),
        _ports(settings, running=reachable),
        _model(settings.model),
        _calendar(settings.rules_directory, datetime.now(UTC).date()),
    ]


def _java() -> Finding:
    try:
        java = find_java()
        done = subprocess.run([java, "-version"], capture_output=True, text=True, check=False, timeout=JAVA_SECONDS)
    except (SettingsError, OSError, subprocess.TimeoutExpired) as error:
        return Finding("Java", False, str(error))
    version = next(iter(done.stderr.splitlines()), "")
    return Finding("Java", done.returncode == 0, f"{java} ({version})")


def _jars() -> Finding:
    found = sorted((HERE / "deploy" / "kafka" / "libs").glob("kafka_*.jar"))
    return Finding("Kafka (tệp)", bool(found), found[-1].name if found else "chưa có; hãy chạy: make kafka")


def _kafka(settings: Settings, reachable: bool) -> Finding:
    """A Kafka of our own is started by `langnghe up`, so that silence is no fault."""
    if reachable:
        return Finding("Kafka", True, f"trả lời tại {settings.bootstrap}")
    words = "chưa chạy; langnghe up sẽ khởi động" if settings.own_kafka else "không trả lời; hãy xem KAFKA_BOOTSTRAP"
    return Finding("Kafka", settings.own_kafka, f"{settings.bootstrap} {words}")


def _ports(settings: Settings, *, running: bool) -> Finding:
    busy = [port for port in wanted(settings.ports, 1, own_kafka=settings.own_kafka) if not is_free(port)]
    if not busy:
        return Finding("Cổng", True, f"từ {settings.ports.base} đều trống")
    listed = ", ".join(map(str, busy))
    if running:
        return Finding("Cổng", True, f"đang dùng: {listed} (hệ thống đang chạy)")
    return Finding("Cổng", False, f"chương trình khác đang dùng {listed}; dừng nó hoặc chọn --port-base khác")


def _model(path: Path) -> Finding:
    if not path.exists():
        return Finding("Mô hình", True, f"chưa có tại {path}; lần chạy đầu sẽ tự huấn luyện (langnghe train)")
    try:
        return Finding("Mô hình", True, f"{load(path).metadata.version} tại {path}")
    except ArtifactError as error:
        return Finding("Mô hình", False, f"{error} (langnghe train --force)")


def _calendar(directory: Path | None, today: date) -> Finding:
    try:
        calendar = load_rules(directory).calendar
    except CaseworkError as error:
        return Finding("Lịch", False, str(error))
    return Finding("Lịch", today.year <= calendar.last_year, remaining(calendar, today))
