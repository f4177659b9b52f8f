"""Every service of docker-compose.yml, run natively: its command, settings and order, with names turned into places."""

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.settings import HERE
from tests.support.kafka import PARTITIONS
from tests.support.kafka_nodes import nodes
from tests.support.postgres import Postgres
from tests.support.processes import end
from tests.support.prometheus import ask, every_second
from tests.support.system import free_base
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.skipif(shutil.which("prometheus") is None, reason="sh deploy/install-system.sh prometheus"),
]
SECONDS = 150.0
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "docker-compose.yml").read_text())["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("langnghe:")}
ONCE = ("keys", "topics", "model")
WATCHERS = {"alertmanager": ("prometheus-alertmanager", "9093"), "prometheus": ("prometheus", "9090")}


class Native:
    """What stands here for the network, the volumes and the secrets of the containers."""

    def __init__(self, folder: Path, base: int, kafka: str, database: str) -> None:
        self.folder, self.base, self.kafka, self.database = folder, base, kafka, database

    def place(self, service: dict[str, Any], text: str) -> str:
        """A setting or an argument with its containers' paths, hosts and ports as they are here."""
        filled = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text).replace("kafka:9092", self.kafka)
        if filled.startswith("postgresql://"):
            return self.database
        for volume in service.get("volumes", []):
            name, path = volume.split(":")[:2]
            root = HERE if name.startswith("./") else self.folder
            filled = re.sub(rf"^{path}(?=/|$)", str(root / name), filled)
        filled = re.sub(r"^/tmp$", str(self.folder / "tmp"), filled)
        filled = re.sub(r"http://[\w-]+:(80\d\d)", lambda port: f"http://127.0.0.1:{self.port(port[1])}", filled)
        return filled.replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - bound to nothing here

    def port(self, number: str) -> int:
        return self.base + int(number) - 8000

    def start(self, name: str) -> subprocess.Popen[bytes]:
        service = OURS[name]
        settings = {key: self.place(service, value) for key, value in service["environment"].items()}
        settings.pop("LANGNGHE_DATABASE_PASSWORD_FILE", None)  # the server of tests lets everybody in
        arguments = [self.place(service, word) for word in service["command"]]
        command = [sys.executable, "-m", "cli.main", *arguments, "--port-base", str(self.base)]
        own = {"PYTHONPATH": str(HERE), "LANGNGHE_PARTITIONS": str(PARTITIONS)}
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(command, cwd=HERE, env=os.environ | settings | own, stdout=log, stderr=log)

    def start_watcher(self, name: str) -> subprocess.Popen[bytes]:
        """Prometheus or Alertmanager on the files that its container finds, at the paths that it knows."""
        root = self.folder / name
        for source, path in (volume.split(":")[:2] for volume in SERVICES[name]["volumes"] if volume[0] == "."):
            target = root / path.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (HERE / source).is_dir() else shutil.copy
            copy(HERE / source, target)
        for file in root.rglob("*.json"):
            local = re.sub(r'"[\w-]+:(\d{4})"', lambda found: f'"127.0.0.1:{self.port(found[1])}"', file.read_text())
            file.write_text(local)
        arguments = [word.replace("=/", f"={root}/", 1) for word in SERVICES[name]["command"]]
        arguments.append(f"--web.listen-address=127.0.0.1:{self.port(WATCHERS[name][1])}")
        arguments += [every_second(config) for config in root.rglob("prometheus.yml")]
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen([WATCHERS[name][0], *arguments], stdout=log, stderr=log)


@contextmanager
def running(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    try:
        yield process
    finally:
        end(process, 20)


def healthy(native: Native, name: str) -> bool:
    """By the health check of the file."""
    *_, module, port = OURS[name]["healthcheck"]["test"]
    asked = subprocess.run([sys.executable, "-m", module, str(native.port(port))], cwd=HERE, check=False)
    return asked.returncode == 0


def ready(native: Native) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{native.base}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def watched(native: Native) -> set[str]:
    """The services of whose processes Prometheus has figures."""
    ports = {f"127.0.0.1:{native.port(OURS[name]['healthcheck']['test'][-1])}": name for name in set(OURS) - set(ONCE)}
    found = ask(native.port(WATCHERS["prometheus"][1]), 'up{job="langnghe"} == 1')
    return {ports[one["metric"]["instance"]] for one in found}


def told(native: Native) -> bool:
    """Whether the watchdog, which always fires, has come to Alertmanager."""
    url = f"http://127.0.0.1:{native.port(WATCHERS['alertmanager'][1])}/api/v2/alerts"
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return "LangNgheWatchdog" in answer.read().decode()
    except OSError:
        return False


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_all_services_become_healthy_and_the_web_ready(postgres: Postgres, tmp_path: Path) -> None:
    (tmp_path / "kafka").mkdir()
    with ExitStack() as stack:
        [address], _ = stack.enter_context(nodes(tmp_path / "kafka", 1))
        database = stack.enter_context(postgres.database())
        native = Native(tmp_path, free_base(), address, database)
        (tmp_path / "model").mkdir()
        (tmp_path / "model" / "model").write_bytes((HERE / "build" / "model").read_bytes())  # trained by `make test`
        eventually(lambda: native.start("topics").wait(60) == 0, within=SECONDS, what="topics made", every=1.0)
        for name in set(ONCE) - {"topics"}:
            assert native.start(name).wait(SECONDS) == 0, (tmp_path / f"{name}.log").read_text()
        for name in WATCHERS:
            stack.enter_context(running(native.start_watcher(name)))
        staying = [name for name in OURS if name not in ONCE]
        for name in staying:
            stack.enter_context(running(native.start(name)))
        for name in staying:
            eventually(lambda name=name: healthy(native, name), within=SECONDS, what=f"{name} healthy", every=0.5)
        eventually(lambda: ready(native), within=SECONDS, what="the web is ready", every=0.5)
        eventually(lambda: watched(native) == set(staying), within=SECONDS, what="all are watched", every=1.0)
        eventually(lambda: told(native), within=SECONDS, what="Alertmanager is told that the way is open", every=1.0)
        assert [path.parents[1].name for path in tmp_path.glob("*/keys/desk.key")] == ["desk"]
