"""No token, no key, no word of a citizen ever stands in a log, a metric or on a screen of `langnghe up`.

The system of all tests is fed with known secrets while errors are provoked in every process, then all is searched.
"""

import contextlib
import json
import os
import signal
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.kafka import send
from tests.support.system import System
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka

WITHIN = 60.0
WORD, NAME, PHONE, STREET = "zumbatextquo", "Zumbaname", "0987123654", "zumbastreet"
FORGED, CITIZEN_ID = "zumbaforgedtoken", "zumba079201"
TEXT = f"Ông {NAME} báo cống tắc {WORD}, gọi {PHONE}"
FEEDBACK = {"feedback_id": "PA-secret", "text": TEXT, "channel": "hotline",
            "reporter": {"name": NAME, "phone": PHONE, "address": STREET}, "address": STREET}  # fmt: skip
DOSSIER = {"MaHoSo": "H99.1-261120-0777", "TrangThai": "2", "ThoiDiemXuLy": "20261120080000", "ChuHoSo": NAME,
           "SoDienThoai": PHONE, "SoGiayToChuHoSo": CITIZEN_ID, "TrichYeuHoSo": WORD}  # fmt: skip
SECRETS = (WORD, NAME, PHONE, STREET, FORGED, CITIZEN_ID)


@pytest.fixture(scope="module")
def hurt(system: System) -> System:
    """A system that has seen the secrets and every error that this test knows to provoke."""
    said = len(system.output.read_text())
    with failing_read_model(system):
        feed(system)
        eventually(lambda: "projector dừng" in system.output.read_text()[said:], within=WITHIN, what="projector fails")
    provoke(system)
    eventually(lambda: system.get("/api/v1/feedback/PA-secret", "supervisor").status == 200, within=WITHIN,
               what="all is well again", every=0.5)  # fmt: skip
    eventually(lambda: system.get("/readyz").status == 200, within=WITHIN, what="every process is ready", every=0.5)
    return system


@contextlib.contextmanager
def failing_read_model(system: System) -> Iterator[None]:
    """While this lasts the database refuses every text."""
    with contextlib.closing(sqlite3.connect(system.data / "read-model.db", timeout=30)) as database:
        database.execute("CREATE TRIGGER refuse BEFORE INSERT ON feedback_texts BEGIN SELECT RAISE(ABORT, 'no'); END")
        database.commit()
        yield
        database.execute("DROP TRIGGER refuse")
        database.commit()


def feed(system: System) -> None:
    assert system.post("/api/v1/feedback", FEEDBACK).status == 202
    assert system.post("/api/v1/dossier-events", DOSSIER).status == 202
    poison = [json.dumps(FEEDBACK | {"channel": WORD}).encode(), WORD.encode() + b"\xff"]
    send(system.bootstrap, "feedback.intake", poison)
    send(system.bootstrap, "dossier.intake", [json.dumps(DOSSIER | {"TrangThai": WORD}).encode(), poison[1]])
    send(system.bootstrap, "dossier.events", poison)
    send(system.bootstrap, "feedback.events", poison)


def provoke(system: System) -> None:
    """Refused posts, forged tokens, debugging signals, a worker killed."""
    assert system.post("/api/v1/feedback", FEEDBACK | {"channel": WORD, "latitude": PHONE}).status == 400
    assert system.post("/api/v1/proposals", {"text": TEXT}, "operator").status == 200
    for path in (f"/api/v1/feedback/{WORD}", f"/theo-doi?q={WORD}", f"/{WORD}", f"/api/v1/dossiers?agency={WORD}"):
        ask(system, path, f"Bearer {FORGED}")
    for command in ("worker admit", "worker intake", "worker cases"):
        for pid in system.pids(command):
            os.kill(pid, signal.SIGUSR1)
            os.kill(pid, signal.SIGUSR2)
    for pid in system.pids("worker intake"):
        os.kill(pid, signal.SIGKILL)


def ask(system: System, path: str, authorization: str) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{system.base}{path}", headers={"Authorization": authorization})
    with contextlib.suppress(urllib.error.HTTPError):
        urllib.request.urlopen(request, timeout=10).close()


def logs(system: System) -> dict[str, str]:
    files = [*(system.data / "logs").glob("*"), *(system.data / "kafka").glob("*.log"), system.output]
    return {str(path): Path(path).read_text(errors="replace") for path in files if path.is_file()}


def metrics(system: System) -> dict[str, str]:
    ports = system.ports
    found = {}
    for port in (ports.web, ports.cases(0), ports.intake, ports.admit, ports.projector, ports.lag):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            found[f"/metrics of {port}"] = answer.read().decode()
    return found


def test_no_word_of_a_citizen_is_in_a_log_or_a_metric(hurt: System) -> None:
    searched = logs(hurt) | metrics(hurt)
    assert len(searched) >= 13
    assert {(place, secret) for place, text in searched.items() for secret in SECRETS if secret in text} == set()


def test_no_token_or_key_is_in_a_log_or_a_metric(hurt: System) -> None:
    keys = [path.read_bytes().hex() for path in (hurt.data / "keys").glob("*.key")]
    tokens = list(json.loads((hurt.data / "tokens.json").read_text()).values())
    searched = logs(hurt) | metrics(hurt)
    searched.pop(str(hurt.output))  # `langnghe up` prints the tokens for whoever starts it
    secrets = [*tokens, *keys]
    assert {(place, secret) for place, text in searched.items() for secret in secrets if secret in text} == set()


def test_what_went_wrong_is_in_the_log_all_the_same(hurt: System) -> None:
    """By the type of the error and the places in the code."""
    log = (hurt.data / "logs" / "projector.log").read_text()
    assert "process ends: IntegrityError" in log
    assert "project.py" in log


def test_files_of_secrets_are_for_their_owner_alone(hurt: System) -> None:
    secret = [hurt.data / "tokens.json", *(hurt.data / "keys").glob("*.key"), hurt.data / "accounts.db",
              hurt.data / "read-model.db"]  # fmt: skip
    assert {path.name: oct(path.stat().st_mode & 0o077) for path in secret} == {path.name: "0o0" for path in secret}
