"""`langnghe up` on a Kafka that is there already, with TLS and passwords: under a prefix of its own, it starts and
stops none; who is refused is told why in one sentence."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaProducer

from cli.security import read_security
from cli.settings import HERE
from streams.broker import answers
from tests.support.secured import USERS, Secured, running_secured_broker, write_certificates
from tests.support.system import free_base, running_system
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka
CODE = "H99.1-260914-0007"
BESIDE, SECONDS = 4, 180
PREFIX = {"LANGNGHE_TOPIC_PREFIX": "tinh-a."}
PAYLOAD = {"MaHoSo": CODE, "TrangThai": 2, "ThoiDiemXuLy": "20260914083000", "NgayHenTra": "20260921170000"}


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    with running_secured_broker(tmp_path_factory.mktemp("secured")) as found:
        yield found


def run(environment: dict[str, str], data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli.main", *arguments, "--data", str(data)]
    whole = os.environ | environment | {"PYTHONPATH": str(HERE)}
    return subprocess.run(command, env=whole, cwd=HERE, capture_output=True, text=True, check=False, timeout=SECONDS)


def test_a_dossier_and_a_feedback_go_through_every_process_and_the_cluster_is_left_running(
    secured: Secured, tmp_path: Path
) -> None:
    bootstrap, security = secured.environment["KAFKA_BOOTSTRAP"], read_security(secured.environment)
    with running_system(tmp_path / "data", environment=secured.environment | PREFIX) as system:
        assert system.pids("kafka.Kafka") == []
        with closing(KafkaProducer(bootstrap_servers=bootstrap, **security, acks="all")) as producer:
            producer.send("tinh-a.dossier.intake", json.dumps(PAYLOAD).encode()).get(30)
        sent = system.post("/api/v1/feedback", {"text": "Đèn đường hỏng trước chợ", "channel": "hotline"}).json()
        for path in (f"/api/v1/dossiers/{CODE}", f"/api/v1/feedback/{sent['feedback_id']}"):
            eventually(
                lambda: system.get(path, "supervisor").status == 200,  # noqa: B023 - called at once
                within=90, what=f"{path} is shown", every=0.3,
            )  # fmt: skip
        shown = system.get(f"/api/v1/dossiers/{CODE}", "supervisor").json()
        assert (shown["clock"], shown["due"]) == ("running", "2026-09-21")
        logs = "".join(log.read_text() for log in (system.data / "logs").glob("*.log")) + system.output.read_text()
        assert USERS["langnghe"] not in logs, "the password is in no log"
    assert answers(bootstrap, security)


COMMANDS = ("up", "worker admit", "worker intake", "worker cases", "projector", "lag", "web", "topics create")
OTHERS, PLAIN = "another authority", "without TLS"


@pytest.fixture(scope="module")
def refused(
    secured: Secured, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, subprocess.CompletedProcess[str]]:
    """What each who may not enter is told; they wait most of the time, so some come beside each other."""
    folder = tmp_path_factory.mktemp("refused")
    (folder / "password").write_text("sai")
    write_certificates(folder)
    wrong = secured.environment | {"KAFKA_PASSWORD_FILE": str(folder / "password")}
    ways = {command: (wrong, command.split()) for command in COMMANDS}
    ways["up"] = (wrong, ["up", "--port-base", str(free_base())])  # it wants the ports of all the others free
    ways[OTHERS] = (secured.environment | {"KAFKA_CA": str(folder / "ca.pem")}, ["topics", "check"])
    ways[PLAIN] = ({"KAFKA_BOOTSTRAP": secured.environment["KAFKA_BOOTSTRAP"]}, ["topics", "check"])
    with ThreadPoolExecutor(BESIDE) as pool:
        coming = {name: pool.submit(run, environment, folder / name, *arguments)
                  for name, (environment, arguments) in ways.items()}  # fmt: skip
        return {name: one.result() for name, one in coming.items()}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_wrong_password_is_told_in_one_sentence(
    refused: Mapping[str, subprocess.CompletedProcess[str]], command: str
) -> None:
    done = refused[command]
    assert done.returncode == 1
    assert "từ chối tài khoản langnghe: sai tên hoặc mật khẩu; hãy xem KAFKA_USER" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_broker_with_a_certificate_of_another_authority_is_not_trusted(
    refused: Mapping[str, subprocess.CompletedProcess[str]],
) -> None:
    assert refused[OTHERS].returncode == 1
    assert "chứng thư không do KAFKA_CA cấp" in refused[OTHERS].stderr


def test_who_comes_without_tls_is_told_what_is_missing(
    refused: Mapping[str, subprocess.CompletedProcess[str]],
) -> None:
    assert refused[PLAIN].returncode == 1
    assert "cần TLS hoặc mật khẩu: KAFKA_CA, KAFKA_USER" in refused[PLAIN].stderr
