"""Prometheus and Alertmanager of `langnghe up`, where they are installed, with the files of deploy/."""

import json
import shutil

from cli.settings import HERE, Ports, Settings
from cli.supervise import Child

ALERTMANAGER_PROGRAMS = ("prometheus-alertmanager", "alertmanager")  # Debian's name, and the project's own
KEPT = "90d"


def installed_ports(ports: Ports) -> dict[str, int]:
    """Name and port of each of the two that is installed here."""
    found = {}
    if shutil.which("prometheus"):
        found["prometheus"] = ports.prometheus
    if _alertmanager():
        found["alertmanager"] = ports.alertmanager
    return found


def watchers(settings: Settings, processes: dict[str, int]) -> list[Child]:
    """What is to be started to watch over processes, given by name and port; the files that it reads are written."""
    ports = installed_ports(settings.ports)
    children = []
    if "alertmanager" in ports:
        children.append(_start_alertmanager(settings, ports["alertmanager"]))
    if "prometheus" in ports:
        children.append(_start_prometheus(settings, ports))
        watch_over(settings, processes)
    return children


def watch_over(settings: Settings, processes: dict[str, int]) -> None:
    """Writes whom Prometheus is to ask, by name and port, and whom to tell; one that runs takes it up by itself."""
    ports, home = installed_ports(settings.ports), settings.data / "prometheus"
    watched = [_target(port, process=name) for name, port in processes.items()]
    told = [_target(ports["alertmanager"])] if "alertmanager" in ports else []
    for folder, targets in (("targets", watched), ("alertmanagers", told)):
        (home / folder).mkdir(exist_ok=True)
        (home / folder / "langnghe.json").write_text(json.dumps(targets, indent=1), encoding="utf-8")


def _start_prometheus(settings: Settings, ports: dict[str, int]) -> Child:
    home = settings.data / "prometheus"
    shutil.copytree(HERE / "deploy" / "prometheus" / "rules", home / "rules", dirs_exist_ok=True)
    shutil.copy(HERE / "deploy" / "prometheus" / "prometheus.yml", home)
    command = [
        "prometheus",
        f"--config.file={home / 'prometheus.yml'}",
        f"--storage.tsdb.path={home / 'data'}",
        f"--storage.tsdb.retention.time={KEPT}",
        f"--web.listen-address=127.0.0.1:{ports['prometheus']}",
    ]
    return Child("prometheus", command, settings.data / "logs" / "prometheus.log", 0)


def _start_alertmanager(settings: Settings, port: int) -> Child:
    command = [
        _alertmanager(),
        f"--config.file={HERE / 'deploy' / 'alertmanager' / 'alertmanager.yml'}",
        f"--storage.path={settings.data / 'alertmanager'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",  # no port for gossip: there is one of them
    ]
    return Child("alertmanager", command, settings.data / "logs" / "alertmanager.log", 0)


def _target(port: int, **labels: str) -> dict[str, object]:
    return {"targets": [f"127.0.0.1:{port}"], "labels": labels}


def _alertmanager() -> str:
    return next((path for name in ALERTMANAGER_PROGRAMS if (path := shutil.which(name))), "")
