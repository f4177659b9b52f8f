"""The manifests for growth: each fits its schema, and together they are the processes of `langnghe up`."""

from typing import Any

import kubernetes_validate
import pytest
import yaml
from typer.testing import CliRunner

from cli.main import build
from cli.settings import HERE, Ports, read_settings

VERSION = "1.33"
FILES = sorted((HERE / "deploy" / "kubernetes").glob("*.yaml"))
OBJECTS: list[dict[str, Any]] = [found for path in FILES for found in yaml.safe_load_all(path.read_text())]
RUNNING = [found for found in OBJECTS if found["kind"] in {"Deployment", "StatefulSet", "Job"}]
PORTS = Ports()
PROCESSES = {
    "admit": PORTS.admit, "intake": PORTS.intake, "cases": PORTS.cases(0), "projector": PORTS.projector,
    "lag": PORTS.lag, "web": PORTS.web,
}  # fmt: skip


def name_of(found: dict[str, Any]) -> str:
    return f"{found['kind']}/{found['metadata']['name']}"


def container(found: dict[str, Any]) -> dict[str, Any]:
    [only] = found["spec"]["template"]["spec"]["containers"]
    return only  # type: ignore[no-any-return]


def process(name: str) -> dict[str, Any]:
    return next(found for found in RUNNING if found["metadata"]["name"] == name)


@pytest.mark.parametrize("found", OBJECTS, ids=name_of)
def test_every_object_fits_the_schema_of_its_kind(found: dict[str, Any]) -> None:
    kubernetes_validate.validate(found, VERSION, strict=True)


def test_the_check_refuses_a_misspelt_field() -> None:
    wrong = process("web") | {"spec": process("web")["spec"] | {"replica": 1}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSION, strict=True)


@pytest.mark.parametrize("found", RUNNING, ids=name_of)
def test_no_pod_can_do_more_than_it_needs(found: dict[str, Any]) -> None:
    """What the restricted pod security standard asks, which the namespace enforces, and a read-only root."""
    pod, only = found["spec"]["template"]["spec"], container(found)
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert only["securityContext"]["readOnlyRootFilesystem"] is True
    assert only["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert set(only["resources"]["limits"]) == {"memory", "cpu"}


@pytest.mark.parametrize("found", RUNNING, ids=name_of)
def test_labels_volumes_and_secrets_fit_together(found: dict[str, Any]) -> None:
    spec = found["spec"]
    if "selector" in spec:
        assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()
    volumes = {volume["name"] for volume in spec["template"]["spec"]["volumes"]}
    volumes |= {claim["metadata"]["name"] for claim in spec.get("volumeClaimTemplates", [])}
    assert {mount["name"] for mount in container(found)["volumeMounts"]} == volumes


@pytest.mark.parametrize(("name", "port"), PROCESSES.items(), ids=PROCESSES)
def test_every_process_of_up_is_there_is_asked_on_its_port_and_has_a_service(name: str, port: int) -> None:
    only = container(process(name))
    words = [word for word in only["args"] if word.isalpha()]
    assert CliRunner().invoke(build(), [*words, "--help"]).exit_code == 0
    assert {only[f"{kind}Probe"]["httpGet"]["port"] for kind in ("startup", "liveness", "readiness")} == {port}
    services = [found for found in OBJECTS if name_of(found) == f"Service/{name}"]
    assert [service["spec"]["ports"][0]["port"] for service in services] == [port]


def test_the_web_asks_every_other_process_whether_it_is_ready() -> None:
    environment = {found["name"]: found["value"] for found in container(process("web"))["env"]}
    probes = read_settings({"LANGNGHE_PROBES": environment["LANGNGHE_PROBES"]}, HERE).probes
    assert probes == {name: f"http://{name}:{port}/readyz" for name, port in PROCESSES.items() if name != "web"}


def test_the_read_model_is_written_by_one_and_case_workers_are_two() -> None:
    assert process("projector")["spec"]["replicas"] == 1
    assert process("projector")["spec"]["strategy"] == {"type": "Recreate"}
    assert process("cases")["spec"]["replicas"] == 2


def test_only_the_web_has_a_volume_that_holds_the_private_key() -> None:
    secrets = {
        found["metadata"]["name"]: {
            volume["secret"]["secretName"]
            for volume in found["spec"]["template"]["spec"]["volumes"]
            if "secret" in volume
        }
        for found in RUNNING
    }
    assert {name for name, held in secrets.items() if "langnghe-key" in held} <= {"web"}
    assert all("langnghe-public-key" in secrets[name] for name in ("admit", "intake", "cases"))


def test_three_kafkas_know_each_other_by_the_names_that_clients_use() -> None:
    nodes = {found["name"]: found["value"] for found in container(process("kafka"))["env"]}["KAFKA_NODES"].split()
    settings = next(found["data"] for found in OBJECTS if found["kind"] == "ConfigMap")
    assert settings["KAFKA_BOOTSTRAP"] == ",".join(f"{node}:9092" for node in nodes)
    assert len(nodes) == process("kafka")["spec"]["replicas"]
