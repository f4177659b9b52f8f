"""The units for a province without containers: systemd takes them, and their commands and settings exist."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import build
from cli.settings import HERE, Ports, read_settings

UNITS = HERE / "deploy" / "systemd"
SERVICES = sorted(UNITS.glob("*.service"), key=lambda path: path.name)
KAFKA = UNITS / "langnghe-kafka.service"
OURS = [unit for unit in SERVICES if unit != KAFKA]
PORTS = Ports()


def settings() -> dict[str, str]:
    lines = (UNITS / "langnghe.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def commands(unit: Path) -> list[list[str]]:
    """The words of each `langnghe` that a unit runs."""
    return [found.split() for found in re.findall(r"bin/langnghe ((?:[a-z]+ ?)+)", unit.read_text())]


@pytest.mark.parametrize("unit", OURS, ids=lambda path: path.name)
def test_every_unit_runs_commands_that_exist(unit: Path) -> None:
    assert commands(unit)
    for words in commands(unit):
        assert CliRunner().invoke(build(), [*words, "--help"]).exit_code == 0


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_no_unit_runs_as_root_or_writes_beside_its_own_directory(unit: Path) -> None:
    lines = unit.read_text().splitlines()
    for wanted in ("User=langnghe", "NoNewPrivileges=true", "CapabilityBoundingSet=", "ProtectSystem=strict"):
        assert wanted in lines
    assert any(line.startswith("MemoryMax=") for line in lines)


def test_only_the_desk_and_what_prepares_and_copies_it_see_the_private_key() -> None:
    hidden = {path.name for path in SERVICES if "InaccessiblePaths=-/var/lib/langnghe/desk" in path.read_text()}
    seeing = {f"langnghe-{name}.service" for name in ("web", "prepare", "backup")}
    assert hidden == {path.name for path in SERVICES} - seeing


def test_kafka_starts_as_in_containers_for_this_machine_only_where_every_process_asks_for_it() -> None:
    script = HERE / "deploy" / "kafka" / "start.sh"
    lines = re.findall(r"^Environment=(.*)$", KAFKA.read_text(), re.MULTILINE)
    given = dict(word.split("=", 1) for line in lines for word in shlex.split(line))
    read = set(re.findall(r"\$\{(KAFKA_\w+)", script.read_text()))
    assert given.keys() <= read | {"LOG_DIR", "KAFKA_HEAP_OPTS"}  # these two are read by Kafka's own programs
    assert {given[name] for name in ("KAFKA_LISTEN", "KAFKA_NAME", "KAFKA_NODES")} == {"127.0.0.1"}
    assert f"127.0.0.1:{given['KAFKA_PORT']}" == settings()["KAFKA_BOOTSTRAP"]
    alertmanager = {"9093", "9094"}  # its own ports, and those of its cluster
    assert given["KAFKA_CONTROLLER_PORT"] not in {given["KAFKA_PORT"]} | alertmanager
    named = Path(re.findall(r"ExecStart=/bin/sh /opt/langnghe/(\S+)", KAFKA.read_text())[0])
    assert (HERE / named, f"/opt/langnghe/{named.parent}") == (script, given["KAFKA_CONFIG"])


def test_the_target_wants_every_process_of_up_and_two_case_workers() -> None:
    wanted = re.findall(r"langnghe-[\w@]+\.service", (UNITS / "langnghe.target").read_text())
    names = {"prepare", "admit", "intake", "projector", "lag", "web", "cases@0", "cases@1"}
    assert sorted(wanted) == sorted(f"langnghe-{name}.service" for name in names)


def test_the_handbook_adds_a_third_case_worker_on_its_port_to_what_is_watched_and_to_what_the_web_asks() -> None:
    port, handbook = PORTS.cases(2), (HERE / "docs" / "quan-tri.md").read_text()
    for host in ("127.0.0.1", "cases-3"):
        assert f'{{"targets": ["{host}:{port}"], "labels": {{"process": "cases-2"}}}}' in handbook
        assert f"`cases-2=http://{host}:{port}/readyz`" in handbook
    assert "`systemctl enable --now langnghe-cases@2`" in handbook


def test_the_settings_file_is_read_and_holds_no_password() -> None:
    found = read_settings(settings() | {"LANGNGHE_DATABASE_PASSWORD_FILE": ""}, HERE)
    ports = {int(url.split(":")[2].split("/")[0]) for url in found.probes.values()}
    assert ports == {PORTS.admit, PORTS.intake, PORTS.cases(0), PORTS.cases(1), PORTS.projector, PORTS.lag}
    assert all(value.startswith("/etc/langnghe/") for name, value in settings().items() if "PASSWORD" in name)


def test_a_rule_directory_of_the_province_is_one_line_away_and_outside_of_what_an_upgrade_replaces() -> None:
    assert "#LANGNGHE_RULES=/etc/langnghe/rules" in (UNITS / "langnghe.env").read_text().splitlines()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not on every machine that builds")
def test_systemd_takes_every_unit(tmp_path: Path) -> None:
    """Copied with programs that exist here: systemd looks whether what it is to start is there."""
    for unit in UNITS.iterdir():
        name = unit.name.replace("cases@.", "cases@0.")
        (tmp_path / name).write_text(unit.read_text().replace("/opt/langnghe/.venv/bin/langnghe", "/bin/true"))
    units = [str(path) for path in tmp_path.iterdir() if path.suffix != ".env"]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", "--man=no", *units],
        capture_output=True, text=True, check=False, env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if "langnghe" in line] == []
