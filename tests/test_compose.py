"""What docker-compose.yml starts is what `langnghe up` starts, hardened, from files that are tested natively."""

import json
import re
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose
from typer.testing import CliRunner

from cli.main import build
from cli.settings import HERE, Ports, read_settings

COMPOSE: dict[str, Any] = yaml.safe_load((HERE / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("langnghe:")}
KAFKAS = {name: service for name, service in SERVICES.items() if service["image"].startswith("apache/kafka:")}
ONCE = {"topics", "keys", "model"}
RUNNING = {name: service for name, service in SERVICES.items() if name not in ONCE}
PORTS = Ports()
PROBES = {
    "admit": PORTS.admit, "intake": PORTS.intake, "cases": PORTS.cases(0), "cases-2": PORTS.cases(1),
    "projector": PORTS.projector, "lag": PORTS.lag, "web": PORTS.web,
}  # fmt: skip


def filled(value: Any) -> Any:
    """With the values that stand in the file for variables that are not set."""
    match value:
        case str():
            return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)
        case dict():
            return {key: filled(found) for key, found in value.items()}
        case list():
            return [filled(found) for found in value]
    return value


def test_the_file_is_one_of_the_compose_specification() -> None:
    assert set(PyCompose.from_json(json.dumps(filled(COMPOSE))).service_names()) == set(SERVICES)


@pytest.mark.parametrize("setting", [{"mem_limit": "1 gigs"}, {"ports": ["a:b:c:d:e"]}, {"cap_drop": "ALL"}], ids=str)
def test_the_check_refuses_what_the_specification_does_not_know(setting: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        PyCompose.from_json(json.dumps(filled(COMPOSE | {"services": {"web": SERVICES["web"] | setting}})))


def test_what_services_refer_to_is_declared() -> None:
    assert set(COMPOSE) == {
        "name", "services", "networks", "secrets", "volumes",
        *(key for key in COMPOSE if key.startswith("x-")),
    }  # fmt: skip
    named = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])]
    assert {volume for volume in named if not volume.startswith("./")} == set(COMPOSE["volumes"])
    assert {network for service in SERVICES.values() for network in service["networks"]} == set(COMPOSE["networks"])
    assert {secret for service in SERVICES.values() for secret in service.get("secrets", [])} == set(COMPOSE["secrets"])
    assert {needed for service in SERVICES.values() for needed in service.get("depends_on", {})} <= set(SERVICES)


def test_who_waits_for_a_healthy_service_waits_for_one_with_a_health_check() -> None:
    for service in SERVICES.values():
        for name, needed in service.get("depends_on", {}).items():
            assert (needed["condition"] == "service_healthy") == ("healthcheck" in SERVICES[name])
            assert needed.get("required", True) == ("profiles" not in SERVICES[name])


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_can_do_more_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service["user"].startswith("0")
    assert {"mem_limit", "cpus", "pids_limit"} <= set(service)


@pytest.mark.parametrize("name", RUNNING)
def test_every_service_that_stays_has_a_health_check_and_comes_back(name: str) -> None:
    assert RUNNING[name]["healthcheck"]["test"][0] == "CMD"
    assert RUNNING[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_of_one_exact_version(name: str) -> None:
    assert re.search(r":v?\d+\.\d+(\.\d+)?(-[a-z]+)?(@sha256:[0-9a-f]{64})?$", SERVICES[name]["image"])


def test_the_image_is_built_in_two_stages_and_runs_as_nobody_special() -> None:
    lines = (HERE / "deploy" / "Dockerfile").read_text().splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM")]
    assert len(bases) == 2
    assert all(re.search(r"python:3\.11\.\d+-slim-\w+$", base) for base in bases)
    assert [line for line in lines if line.startswith("USER")] == ["USER 1000:1000"]
    copied = {line.split()[1] for line in lines if line.startswith("COPY") and "--from" not in line} - {"./"}
    assert all((HERE / name).exists() for name in copied)
    assert {"casework", "models", "streams", "desk", "cli"} <= copied


def test_every_service_runs_a_command_that_exists() -> None:
    for name, service in OURS.items():
        words = [word for word in service["command"] if word.isalpha()]
        assert CliRunner().invoke(build(), [*words, "--help"]).exit_code == 0, name


def test_every_process_of_up_is_a_service_and_case_workers_are_two() -> None:
    assert set(OURS) == {*PROBES, *ONCE}
    numbers = [service["command"][-1] for name, service in OURS.items() if name.startswith("cases")]
    assert numbers == ["0", "1"]


def test_every_file_that_is_mounted_or_built_from_is_in_the_repository() -> None:
    mounts = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])]
    files = {mount for mount in mounts if mount.startswith("./")}
    assert all((HERE / file).exists() for file in files | {OURS["web"]["build"]["dockerfile"]})


def test_health_checks_and_the_probes_of_the_web_are_on_the_ports_of_the_contract() -> None:
    asked = {name: int(OURS[name]["healthcheck"]["test"][-1]) for name in PROBES}
    assert asked == PROBES
    elsewhere = {"LANGNGHE_DATABASE_PASSWORD_FILE": "", "LANGNGHE_RULES": ""}
    told = read_settings(OURS["web"]["environment"] | elsewhere, HERE).probes
    wanted = {name: port for name, port in PROBES.items() if name != "web"}
    assert set(told.values()) == {f"http://{name}:{port}/readyz" for name, port in wanted.items()}


def mounted(name: str, path: str) -> Path:
    """The file or folder of the repository that a service finds at a path, which Prometheus and Grafana know."""
    for volume in SERVICES[name]["volumes"]:
        source, target = volume.split(":")[:2]
        if source.startswith("./") and PurePosixPath(path).is_relative_to(target):
            return HERE / source / PurePosixPath(path).relative_to(target)
    raise AssertionError(f"{name}: nothing is mounted at {path}")


def watched(folder: str) -> list[dict[str, Any]]:
    """The entries of the one file that Prometheus finds where its configuration says that they are."""
    config = yaml.safe_load(mounted("prometheus", "/etc/prometheus/prometheus.yml").read_text())
    told = config["scrape_configs"][0] if folder == "targets" else config["alerting"]["alertmanagers"][0]
    assert told["file_sd_configs"][0]["files"] == [f"{folder}/*.json"]
    [file] = mounted("prometheus", f"/etc/prometheus/{folder}").glob("*.json")
    return json.loads(file.read_text())  # type: ignore[no-any-return]


def test_prometheus_asks_every_process_that_shows_metrics_under_the_name_that_langnghe_up_gives_it() -> None:
    asked = {target: one["labels"]["process"] for one in watched("targets") for target in one["targets"]}
    names = {"cases": "cases-0", "cases-2": "cases-1"}
    assert asked == {f"{name}:{port}": names.get(name, name) for name, port in PROBES.items()}


def test_prometheus_has_the_rules_and_tells_the_alertmanager() -> None:
    assert mounted("prometheus", "/etc/prometheus/rules") == HERE / "deploy" / "prometheus" / "rules"
    assert [one["targets"] for one in watched("alertmanagers")] == [["alertmanager:9093"]]
    config = next(word for word in SERVICES["alertmanager"]["command"] if word.startswith("--config.file="))
    assert mounted("alertmanager", config.partition("=")[2]).is_file()


def test_grafana_finds_its_dashboards_and_whom_to_ask() -> None:
    environment = SERVICES["grafana"]["environment"]
    provisioning = mounted("grafana", environment["GF_PATHS_PROVISIONING"])
    [provider] = yaml.safe_load((provisioning / "dashboards" / "langnghe.yml").read_text())["providers"]
    assert len(list(mounted("grafana", provider["options"]["path"]).glob("*.json"))) == 6
    sources = yaml.safe_load((provisioning / "datasources" / "langnghe.yml").read_text())["datasources"]
    asked = {source["type"]: environment[source["url"].strip("${}")] for source in sources}
    assert asked == {"prometheus": "http://prometheus:9090", "alertmanager": "http://alertmanager:9093"}


def test_only_the_pages_are_published_and_on_this_machine_only() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {"web", "prometheus", "grafana"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert all(service["networks"] == ["inside"] for service in (*KAFKAS.values(), SERVICES["postgres"]))


def test_passwords_are_in_files_only() -> None:
    settings = [(key, value) for service in SERVICES.values() for key, value in service.get("environment", {}).items()]
    secret = [(key, value) for key, value in settings if re.search(r"PASSWORD|TOKEN|SECRET", key)]
    assert secret
    assert all(value.startswith("/run/secrets/") for _, value in secret)
    assert all(found["file"].startswith("./secrets/") for found in COMPOSE["secrets"].values())
    assert "/secrets/" in (HERE / ".gitignore").read_text().splitlines()
    assert "secrets" in (HERE / ".dockerignore").read_text().splitlines()


def test_the_private_key_is_with_the_desk_only() -> None:
    holders = {name for name, service in OURS.items() if "desk:/data" in service.get("volumes", [])}
    assert holders == {"web", "keys"}
    sealing = [OURS[name] for name in PROBES if name not in {"web", "projector", "lag"}]
    assert all("public:/public:ro" in service["volumes"] for service in sealing)


def test_every_process_reads_the_rule_files_of_the_province_where_the_image_has_an_empty_place_for_them() -> None:
    assert {service["environment"]["LANGNGHE_RULES"] for service in OURS.values()} == {"/rules"}
    assert all("./deploy/rules:/rules:ro" in service["volumes"] for service in OURS.values())
    [made] = re.findall(r"install -d -o langnghe -g langnghe (/.*)", (HERE / "deploy" / "Dockerfile").read_text())
    assert "/rules" in made.split()


def test_no_two_services_write_to_one_data_directory() -> None:
    data = [volume for name, s in SERVICES.items() if name != "keys" for volume in s.get("volumes", [])]
    writable = [volume for volume in data if not volume.startswith("./") and not volume.endswith(":ro")]
    assert len(writable) == len(set(writable))


def test_those_who_classify_share_one_model_and_wait_for_it() -> None:
    waiting = {name for name, service in OURS.items() if "model" in service.get("depends_on", {})}
    assert waiting == {"intake", "web"}
    assert all(OURS[name]["environment"]["LANGNGHE_MODEL"].startswith("/model/") for name in ("model", *waiting))


def test_three_nodes_of_kafka_differ_in_number_name_and_volume_only() -> None:
    given = [(found["environment"]["KAFKA_NODE"], found["environment"]["KAFKA_NAME"]) for found in KAFKAS.values()]
    assert given == [("1", "kafka"), ("2", "kafka-2"), ("3", "kafka-3")]
    assert [found.get("profiles") for found in KAFKAS.values()] == [None, ["three"], ["three"]]
