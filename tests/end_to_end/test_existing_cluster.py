"""`langnghe up` on a cluster that is there already: under a prefix of its own, starting and stopping no Kafka."""

import json
from pathlib import Path

import pytest

from streams.broker import Broker, answers
from tests.support.kafka import send
from tests.support.system import running_system
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka

CODE = "H99.1-261102-0001"
PAYLOAD = {"MaHoSo": CODE, "TrangThai": 2, "ThoiDiemXuLy": "20261102083000", "NgayHenTra": "20261130170000"}


def test_a_dossier_sent_to_the_given_cluster_is_shown_and_the_cluster_is_left_running(broker: Broker, tmp_path: Path):
    bootstrap = broker.settings.bootstrap
    environment = {"KAFKA_BOOTSTRAP": bootstrap, "LANGNGHE_TOPIC_PREFIX": "tinh-a."}
    with running_system(tmp_path / "data", environment=environment) as system:
        assert system.pids("kafka.Kafka") == []
        send(bootstrap, "tinh-a.dossier.intake", [json.dumps(PAYLOAD).encode()])
        shown = eventually(
            lambda: (found := system.get(f"/api/v1/dossiers/{CODE}", "supervisor")).status == 200 and found.json(),
            within=30, what="the dossier is shown",
        )  # fmt: skip
    assert (shown["clock"], shown["due"]) == ("running", "2026-11-30")
    assert answers(bootstrap)
