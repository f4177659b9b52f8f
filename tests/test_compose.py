"""What docker-compose.yml starts is what `langnghe up` starts, from the same files."""

import yaml
from typer.testing import CliRunner

from cli.main import build
from cli.settings import HERE, Ports

COMPOSE = yaml.safe_load((HERE / "docker-compose.yml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if name != "kafka"}


def test_every_service_runs_a_command_that_exists():
    for name, service in OURS.items():
        words = [word for word in service["command"] if not word.startswith(("-", "/"))]
        assert CliRunner().invoke(build(), [*words, "--help"]).exit_code == 0, name


def test_every_process_of_up_is_a_service():
    assert set(OURS) == {"topics", "model", "admit", "intake", "cases", "projector", "lag", "web"}


def test_every_file_that_is_mounted_or_built_from_is_in_the_repository():
    mounts = [volume.split(":")[0] for service in COMPOSE["services"].values() for volume in service.get("volumes", [])]
    files = [mount for mount in mounts if mount.startswith("./")] + [OURS["web"]["build"]["dockerfile"]]
    assert all((HERE / file).is_file() for file in files)


def test_the_probes_are_on_the_ports_of_the_contract():
    ports = Ports()
    probes = dict(pair.strip().split("=") for pair in OURS["web"]["environment"]["LANGNGHE_PROBES"].split(","))
    wanted = {
        "admit": ports.admit,
        "intake": ports.intake,
        "cases": ports.cases(0),
        "projector": ports.projector,
        "lag": ports.lag,
    }
    assert probes == {name: f"http://{name}:{port}/readyz" for name, port in wanted.items()}


def test_the_brokers_settings_of_compose_add_addresses_and_a_directory_only():
    lines = (HERE / "deploy" / "kafka" / "compose.properties").read_text().splitlines()
    names = {line.split("=")[0] for line in lines if line and not line.startswith("#")}
    assert names == {"listeners", "advertised.listeners", "controller.quorum.bootstrap.servers", "log.dirs"}


def test_the_web_is_published_on_this_machine_only():
    assert OURS["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_those_who_classify_share_one_model_and_wait_for_it():
    waiting = {name for name, service in OURS.items() if "model" in service["depends_on"]}
    assert waiting == {"intake", "web"}
    assert all(OURS[name]["environment"]["LANGNGHE_MODEL"].startswith("/data/") for name in ("model", *waiting))
