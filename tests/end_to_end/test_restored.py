"""A province whose machine burnt down goes on from its backup on another one: same figures, same tokens."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.settings import HERE
from desk.store.tables import open_engine
from tests.support.desk import table_rows
from tests.support.kafka import PARTITIONS, send
from tests.support.system import System, free_base, running_system
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka
CODES = [f"H99.1-260914-{number:04}" for number in range(40)]
SECONDS = 90.0


def langnghe(system: System, *arguments: str) -> None:
    command = [
        sys.executable,
        "-m",
        "cli.main",
        *arguments,
        "--data",
        str(system.data),
        "--port-base",
        str(system.base),
    ]
    environment = os.environ | {"PYTHONPATH": str(HERE), "LANGNGHE_PARTITIONS": str(PARTITIONS)}
    done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr


def rows(system: System) -> dict[str, list[tuple[object, ...]]]:
    engine = open_engine(f"sqlite:///{system.data / 'read-model.db'}")
    try:
        return table_rows(engine)
    finally:
        engine.dispose()


def post_all(system: System) -> list[str]:
    """Bare payloads, whose ids are made of offsets or contents, a feedback that somebody accepts, and one to hide."""
    payloads = [
        {"MaHoSo": c, "TrangThai": 2, "ThoiDiemXuLy": "20260914083000", "NgayHenTra": "20260921170000"} for c in CODES
    ]
    send(system.bootstrap, "dossier.intake", [json.dumps(payload).encode() for payload in payloads])
    send(
        system.bootstrap, "feedback.intake", [json.dumps({"text": "Đèn đường hỏng", "channel": "hotline"}).encode()] * 3
    )
    told = system.post("/api/v1/feedback", {"text": "Rác chưa được thu gom ở chợ Vân", "channel": "hotline"})
    hidden = "Tôi tố cáo cán bộ địa chính nhận hối lộ để cấp sổ đỏ"
    system.post("/api/v1/feedback", {"text": hidden, "channel": "portal"})
    id_ = str(told.json()["feedback_id"])
    eventually(lambda: system.get(f"/api/v1/feedback/{id_}", "operator").status == 200, within=SECONDS, what="shown")
    assert system.post(f"/api/v1/feedback/{id_}/events", {"type": "feedback.accepted"}, "operator").status == 202
    return [id_]


def settled(system: System) -> dict[str, list[tuple[object, ...]]]:
    """The rows once all has arrived: forty dossiers, all overdue, and five cases in two lanes."""

    def all_there() -> dict[str, list[tuple[object, ...]]] | None:
        found = rows(system)
        overdue = sum("overdue" in row for row in found["dossiers"])
        raised = sum("alert_raised" in row for row in found["outcomes"])
        cases = len(found["feedback"]) + len(found["restricted"])
        accepted = sum("accepted" in row for row in found["feedback"])
        return found if (overdue, raised, cases, accepted) == (len(CODES), len(CODES), 5, 1) else None

    return eventually(all_there, within=SECONDS, what="all is in the read model", every=1.0)


def test_what_was_backed_up_stands_on_another_machine_and_goes_on(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with running_system(tmp_path / "first") as first:
        [id_] = post_all(first)
        before = settled(first)
        shown = first.get(f"/api/v1/feedback/{id_}", "operator").json()
        langnghe(first, "backup", str(copy))
        tokens = (first.data / "tokens.json").read_bytes()
    shutil.rmtree(first.data)
    second = System(tmp_path / "second", free_base())
    langnghe(second, "restore", str(copy))
    assert (second.data / "tokens.json").read_bytes() == tokens
    try:
        second.start()
        after = settled(second)
        assert after == before
        assert second.get(f"/api/v1/feedback/{id_}", "operator").json() == shown
        send(second.bootstrap, "feedback.intake", [json.dumps({"text": "Đèn hỏng", "channel": "hotline"}).encode()])
        eventually(
            lambda: len(rows(second)["feedback"]) == len(before["feedback"]) + 1, within=SECONDS, what="a new case"
        )
    finally:
        second.stop()
