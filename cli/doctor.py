"""Looks at everything that `langnghe up` needs on this machine, one finding each, and at what is running."""

import re
import subprocess
import urllib.request
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from http.client import HTTPException
from pathlib import Path

from casework.errors import CaseworkError
from cli.calendar_commands import ENOUGH_DAYS, days_left, remaining
from cli.doctor_kafka import examine_kafka, reached
from cli.doctor_place import alert_path, database, disk, keys
from cli.finding import Finding
from cli.ports import is_free, wanted
from cli.rules import load_rules
from cli.settings import HERE, Settings, SettingsError, find_java
from models.artifact import ArtifactError, load
from streams.broker import answers

JAVA_SECONDS = 20
ANSWER_SECONDS = 3
MOST_CASE_WORKERS = 20
_RULES_INFO = re.compile(r'^langnghe_rules_info\{hash="([^"]*)"\} 1', re.MULTILINE)


def examine(settings: Settings) -> list[Finding]:
    """All findings, in the order in which `langnghe up` would meet them."""
    running = answers(settings.bootstrap, settings.security)
    return [
        *([_java(), _jars()] if settings.own_kafka else []),
        reached(settings, answering=running),
        *(examine_kafka(settings) if running else []),
        _ports(settings, running=running),
        _model(settings.model),
        examine_calendar(settings.rules_directory, datetime.now(UTC).date()),
        disk(settings.data),
        keys(settings.keys),
        database(settings.database_url),
        *([alert_path(settings)] if running else []),
        same_rules(running_rules(metrics_urls(settings)), _rules_here(settings.rules_directory)),
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


def examine_calendar(directory: Path | None, today: date) -> Finding:
    """Whether the rule files can be read, and their calendar lasts."""
    try:
        calendar = load_rules(directory).calendar
    except CaseworkError as error:
        return Finding("Lịch", False, str(error))
    return Finding("Lịch", days_left(calendar, today) >= ENOUGH_DAYS, remaining(calendar, today))


def metrics_urls(settings: Settings) -> dict[str, str]:
    """Where each process shows its metrics: those of LANGNGHE_PROBES, else all that may run on this machine."""
    ports = settings.ports
    if settings.probes:
        told = {"web": f"http://127.0.0.1:{ports.web}/readyz", **settings.probes}
        return {name: url.rpartition("/")[0] + "/metrics" for name, url in told.items()}
    named = {"web": ports.web, "admit": ports.admit, "intake": ports.intake, "projector": ports.projector}
    named |= {"lag": ports.lag} | {f"cases-{number}": ports.cases(number) for number in range(MOST_CASE_WORKERS)}
    return {name: f"http://127.0.0.1:{port}/metrics" for name, port in named.items() if not is_free(port)}


def running_rules(urls: Mapping[str, str]) -> dict[str, str]:
    """The hash of the rules of each process that answers and shows one."""
    shown = {name: _RULES_INFO.search(_metrics(url)) for name, url in urls.items()}
    return {name: found[1] for name, found in shown.items() if found}


def _metrics(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - settings let only http:// in
            return str(answer.read(), "utf-8", errors="replace")
    except (OSError, HTTPException):
        return ""


def _rules_here(directory: Path | None) -> str:
    try:
        return load_rules(directory).hash
    except CaseworkError:
        return ""  # the calendar's finding says what is wrong


def same_rules(running: Mapping[str, str], here: str) -> Finding:
    """Whether all processes run with the same rules; `here` is the hash of the rule files as they are now."""
    by_hash: dict[str, list[str]] = defaultdict(list)
    for name, rules in running.items():
        by_hash[rules].append(name)
    if not by_hash:
        return Finding("Bộ quy tắc", True, "chưa có tiến trình nào đang chạy")
    if len(by_hash) == 1:
        later = "" if here in by_hash else "; tệp quy tắc đã đổi, khởi động lại các tiến trình để áp dụng"
        return Finding("Bộ quy tắc", True, f"{len(running)} tiến trình cùng bộ {next(iter(by_hash))}{later}")
    sets = "; ".join(f"{', '.join(names)}: {rules}" for rules, names in by_hash.items())
    old = ", ".join(name for name, rules in running.items() if rules != here)
    return Finding(
        "Bộ quy tắc", False, f"Các tiến trình chạy với bộ quy tắc khác nhau: {sets}; hãy khởi động lại {old}"
    )
