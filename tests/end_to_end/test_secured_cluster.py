"""Every process on a Kafka that asks for TLS and a password; who is refused is told why in one sentence."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaProducer

from cli.security import read_security
from cli.settings import HERE
from tests.support.secured import USERS, Secured, running_secured_broker, write_certificates
from tests.support.system import running_system
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka
CODE = "H99.1-260914-0007"
PAYLOAD = {"MaHoSo": CODE, "TrangThai": 2, "ThoiDiemXuLy": "20260914083000", "NgayHenTra": "20260921170000"}


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    with running_secured_broker(tmp_path_factory.mktemp("secured")) as found:
        yield found


def run(environment: dict[str, str], data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli.main", *arguments, "--data", str(data)]
    whole = os.environ | environment | {"PYTHONPATH": str(HERE)}
    return subprocess.run(command, env=whole, cwd=HERE, capture_output=True, text=True, check=False, timeout=90)


def test_a_dossier_and_a_feedback_go_through_every_process(secured: Secured, tmp_path: Path) -> None:
    with running_system(tmp_path / "data", environment=secured.environment) as system:
        clients = {"bootstrap_servers": secured.environment["KAFKA_BOOTSTRAP"], **read_security(secured.environment)}
        with closing(KafkaProducer(**clients, acks="all")) as producer:
            producer.send("dossier.intake", json.dumps(PAYLOAD).encode()).get(30)
        sent = system.post("/api/v1/feedback", {"text": "Đèn đường hỏng trước chợ", "channel": "hotline"}).json()
        for path in (f"/api/v1/dossiers/{CODE}", f"/api/v1/feedback/{sent['feedback_id']}"):
            eventually(
                lambda: system.get(path, "supervisor").status == 200,  # noqa: B023 - called at once
                within=90, what=f"{path} is shown", every=0.3,
            )  # fmt: skip
        logs = "".join(log.read_text() for log in (system.data / "logs").glob("*.log")) + system.output.read_text()
        assert USERS["langnghe"] not in logs, "the password is in no log"


@pytest.mark.parametrize(
    "command",
    [("up",), ("worker", "admit"), ("worker", "intake"), ("worker", "cases"), ("projector",), ("lag",), ("web",),
     ("topics", "create")],
    ids=" ".join,
)  # fmt: skip
def test_a_wrong_password_is_told_in_one_sentence(secured: Secured, tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "password").write_text("sai")
    done = run(secured.environment | {"KAFKA_PASSWORD_FILE": str(tmp_path / "password")}, tmp_path / "data", *command)
    assert done.returncode == 1
    assert "từ chối tài khoản langnghe: sai tên hoặc mật khẩu; hãy xem KAFKA_USER" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_broker_with_a_certificate_of_another_authority_is_not_trusted(secured: Secured, tmp_path: Path) -> None:
    write_certificates(tmp_path)
    done = run(secured.environment | {"KAFKA_CA": str(tmp_path / "ca.pem")}, tmp_path / "data", "topics", "check")
    assert done.returncode == 1
    assert "chứng thư không do KAFKA_CA cấp" in done.stderr


def test_who_comes_without_tls_is_told_what_is_missing(secured: Secured, tmp_path: Path) -> None:
    plain = {"KAFKA_BOOTSTRAP": secured.environment["KAFKA_BOOTSTRAP"]}
    done = run(plain, tmp_path / "data", "topics", "check")
    assert done.returncode == 1
    assert "cần TLS hoặc mật khẩu: KAFKA_CA, KAFKA_USER" in done.stderr
