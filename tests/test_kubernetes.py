"""The manifests for growth: each fits its schema, and together they are the processes of `langnghe up`."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from typer.testing import CliRunner

from cli.main import build
from cli.settings import HERE, Ports, read_settings

VERSION = "1.33"
RESTORE: list[dict[str, Any]] = list(
    yaml.safe_load_all((HERE / "deploy" / "kubernetes" / "restore" / "restore.yaml").read_text())
)
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


@pytest.mark.parametrize("found", [*OBJECTS, *RESTORE], ids=name_of)
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


@pytest.mark.parametrize("name", PROCESSES)
def test_every_process_reads_the_rule_files_of_the_province_if_there_are_any(name: str) -> None:
    settings = next(found["data"] for found in OBJECTS if name_of(found) == "ConfigMap/langnghe")
    mounts = {mount["mountPath"]: mount["name"] for mount in container(process(name))["volumeMounts"]}
    volumes = {volume["name"]: volume for volume in process(name)["spec"]["template"]["spec"]["volumes"]}
    held = volumes[mounts[settings["LANGNGHE_RULES"]]]["configMap"]
    assert held == {"name": "langnghe-rules", "optional": True}


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


def test_a_backup_is_put_back_where_the_web_will_look_by_one_who_may_do_no_more_than_the_web() -> None:
    *claims, pod = RESTORE
    web = process("web")["spec"]
    held = {claim["metadata"]["name"]: claim["spec"] for claim in claims}
    model = next(found["spec"] for found in OBJECTS if name_of(found) == "PersistentVolumeClaim/model")
    assert held == {"data-web-0": web["volumeClaimTemplates"][0]["spec"], "model": model}
    [only], theirs = pod["spec"]["containers"], container(process("web"))
    for name in ("image", "envFrom", "securityContext", "resources"):
        assert only[name] == theirs[name]
    for name in ("securityContext", "automountServiceAccountToken"):
        assert pod["spec"][name] == web["template"]["spec"][name]
    volumes = {one["name"]: one.get("persistentVolumeClaim", {}).get("claimName") for one in pod["spec"]["volumes"]}
    mounts = {mount["mountPath"]: volumes[mount["name"]] for mount in only["volumeMounts"]}
    assert mounts == {"/tmp": None, "/model": "model", "/data": "data-web-0"}  # noqa: S108 - in a container


WATCHERS = ("prometheus", "alertmanager", "grafana")


def watching() -> dict[str, Any]:
    """What Prometheus is told."""
    found = next(found for found in OBJECTS if name_of(found) == "ConfigMap/prometheus")
    return yaml.safe_load(found["data"]["prometheus.yml"])  # type: ignore[no-any-return]


def relabelled(pod: dict[str, str]) -> str | None:
    """The process of a pod as the configuration names it; None of one that is not asked."""
    labels = {f"__meta_kubernetes_pod_{name}": value for name, value in pod.items()}
    for rule in watching()["scrape_configs"][0]["relabel_configs"]:
        value = ";".join(labels.get(name, "") for name in rule["source_labels"])
        matched = re.fullmatch(rule.get("regex", "(.*)"), value)
        if rule.get("action") in {"keep", "drop"}:
            if bool(matched) != (rule["action"] == "keep"):
                return None
        elif matched:
            labels[rule["target_label"]] = matched[1]
    return labels["process"]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="sh deploy/install-system.sh prometheus")
def test_prometheus_takes_its_configuration_with_the_rules_that_all_installations_have(tmp_path: Path) -> None:
    told = watching() | {"rule_files": [str(HERE / "deploy" / "prometheus" / "rules" / "*.yml")]}
    # Debian builds its promtool without Kubernetes
    assert told["scrape_configs"][0].pop("kubernetes_sd_configs") == [
        {"role": "pod", "namespaces": {"own_namespace": True}}
    ]
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(told))
    said = subprocess.run(["promtool", "check", "config", "--syntax-only", tmp_path / "prometheus.yml"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert said.returncode == 0, said.stderr
    everywhere = yaml.safe_load((HERE / "deploy" / "prometheus" / "prometheus.yml").read_text())
    assert watching()["global"] == everywhere["global"]


def test_prometheus_asks_each_pod_of_each_process_on_its_port_and_no_other_pod() -> None:
    for name, port in PROCESSES.items():
        pod = process(name)["spec"]["template"]
        assert pod["metadata"]["labels"]["app.kubernetes.io/name"] == name
        assert [one["containerPort"] for one in container(process(name))["ports"]] == [port]
        running = {"label_app_kubernetes_io_name": name, "phase": "Running"}
        assert relabelled(running | {"name": f"{name}-7d9f-x2x"}) == name
        assert relabelled(running | {"name": f"{name}-7d9f-x2x", "phase": "Succeeded"}) is None
    cases = {"label_app_kubernetes_io_name": "cases", "phase": "Running"}
    assert [relabelled(cases | {"name": f"cases-{number}"}) for number in (0, 11)] == ["cases-0", "cases-11"]
    assert relabelled({"label_app_kubernetes_io_name": "kafka", "name": "kafka-0", "phase": "Running"}) is None


def test_prometheus_may_look_at_pods_and_at_nothing_else() -> None:
    [role] = [found for found in OBJECTS if found["kind"] == "Role"]
    assert role["rules"] == [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}]
    with_token = [name_of(found) for found in RUNNING if "token" in json.dumps(container(found)["volumeMounts"])]
    assert with_token == ["StatefulSet/prometheus"]


def test_who_watches_is_of_the_versions_and_settings_of_compose() -> None:
    services = yaml.safe_load((HERE / "docker-compose.yml").read_text())["services"]
    for name in WATCHERS:
        assert container(process(name))["image"] == services[name]["image"]
        port = container(process(name))["ports"][0]["containerPort"]
        assert [found["spec"]["ports"][0]["port"] for found in OBJECTS if name_of(found) == f"Service/{name}"] == [port]
    given = {one["name"]: one["value"] for one in container(process("grafana"))["env"]}
    told = {name: value for name, value in services["grafana"]["environment"].items() if "PASSWORD" not in name}
    assert told.items() <= given.items()


def test_every_config_map_that_is_mounted_is_made_by_a_command_of_its_file_from_files_that_exist() -> None:
    text = "".join(path.read_text() for path in FILES)
    made = {found["metadata"]["name"] for found in OBJECTS if found["kind"] == "ConfigMap"} | {"kube-root-ca.crt"}
    told = re.findall(r"create configmap (\S+) (.+)", text)
    for name, files in told:
        assert all((HERE / file.rpartition("=")[2]).exists() for file in files.split()), name
    mounted = set(re.findall(r"configMap:\n\s+name: (\S+)", text))
    assert mounted <= made | {name for name, _ in told}
