"""What the doctor says of each thing that can be wrong: the fault and what to do, in one line."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from cli import doctor, doctor_kafka, doctor_place
from cli.finding import Finding
from cli.keys import ensure_keys, rotate_keys
from cli.observability.table import read_table
from cli.rules import load_rules
from cli.settings import HERE, Settings, read_settings
from streams.broker import Broker
from tests.support.kafka import PARTITIONS, free_port, fresh_topics, read_all

GB = 1 << 30


@pytest.mark.parametrize(
    ("finding", "good", "words"),
    [
        (doctor_place.room(100 * GB, 500 * GB), True, "còn trống 100 GB"),
        (doctor_place.room(4 * GB, 8 * GB), False, "Kafka dừng hẳn khi hết chỗ"),
        (doctor_place.room(20 * GB, 500 * GB), False, "hãy thêm đĩa"),
        (doctor_kafka.clock(0.4), True, "lệch Kafka 0.4 giây"),
        (doctor_kafka.clock(65), False, "Kafka nhanh hơn máy này 65 giây; hãy bật đồng bộ giờ"),
        (doctor_kafka.clock(-65), False, "Kafka chậm hơn máy này 65 giây"),
        (doctor_kafka.groups({"a": 3, "b": 0}), True, "a còn 3, b còn 0"),
        (doctor_kafka.groups({"a": 3, "b": None}), True, "chưa từng đọc: b"),
        (doctor_kafka.groups({"a": 10_001, "b": 0}), False, "a còn 10001 bản ghi; hãy xem tiến trình"),
        (doctor_kafka.nodes([(4, 3)] * 3), True, "3 nút, Kafka 4.3"),
        (doctor_kafka.nodes([(3, 9)]), False, "1 nút, Kafka 3.9; cần từ 4.0, hãy nâng cấp Kafka"),
        (doctor_kafka.nodes([(4, 3), (4, 1), (4, 3)]), False, "3 nút, Kafka 4.1, 4.3; các nút khác bản"),
    ],
    ids=lambda value: value.words if isinstance(value, Finding) else "",
)
def test_a_figure_is_judged(finding: Finding, good: bool, words: str) -> None:
    assert finding.good is good
    assert words in finding.words
    assert "\n" not in finding.words


def place(data: Path, **environment: str) -> Settings:
    return read_settings(environment, data, free_port() - 1090)


def test_keys_that_are_not_there_yet_are_no_fault(tmp_path: Path) -> None:
    assert doctor_place.keys(tmp_path).good


def test_a_pair_of_keys_is_counted_with_the_retired(tmp_path: Path) -> None:
    ensure_keys(tmp_path)
    rotate_keys(tmp_path, "2026-11-22")
    found = doctor_place.keys(tmp_path)
    assert (found.good, found.words.endswith("2 khóa")) == (True, True)


def test_a_private_key_that_others_can_read_is_a_fault(tmp_path: Path) -> None:
    ensure_keys(tmp_path)
    (tmp_path / "desk.key").chmod(0o640)
    assert "chmod 600" in doctor_place.keys(tmp_path).words


def test_a_public_key_of_another_pair_is_a_fault(tmp_path: Path) -> None:
    ensure_keys(tmp_path)
    (tmp_path / "desk.pub").write_bytes(ensure_keys(tmp_path / "other")[1])
    found = doctor_place.keys(tmp_path)
    assert not found.good
    assert "không thuộc khóa riêng" in found.words


def test_a_postgresql_that_is_silent_is_a_fault_and_a_new_sqlite_is_none(tmp_path: Path) -> None:
    silent = doctor_place.database(f"postgresql://desk@127.0.0.1:{free_port()}/langnghe")
    assert (silent.good, "PostgreSQL không trả lời" in silent.words) == (False, True)
    assert doctor_place.database(f"sqlite:///{tmp_path / 'read.db'}").good


@contextmanager
def answering(port: int, bodies: dict[str, object]) -> Iterator[None]:
    """A server that answers these paths with JSON."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path in bodies else 404)
            self.end_headers()
            self.wfile.write(json.dumps(bodies.get(self.path)).encode())

        def log_message(self, *_: object) -> None:
            """Not in the output of tests."""

    server = HTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_alert_path_is_whole_where_prometheus_knows_an_alertmanager_that_answers(tmp_path: Path) -> None:
    settings, manager = place(tmp_path), free_port()
    url = f"http://127.0.0.1:{manager}"
    known = {"/api/v1/alertmanagers": {"data": {"activeAlertmanagers": [{"url": f"{url}/api/v2/alerts"}]}}}
    with answering(prometheus_port(settings), known):
        silent = doctor_place.alert_path(settings)
        with answering(manager, {"/api/v2/status": {}}):
            whole = doctor_place.alert_path(settings)
    assert (silent.good, "không trả lời; hãy khởi động lại" in silent.words) == (False, True)
    assert (whole.good, url in whole.words) == (True, True)


def test_a_prometheus_without_alertmanager_is_a_fault(tmp_path: Path) -> None:
    settings = place(tmp_path)
    with answering(prometheus_port(settings), {"/api/v1/alertmanagers": {"data": {"activeAlertmanagers": []}}}):
        assert "chưa biết Alertmanager nào" in doctor_place.alert_path(settings).words


def test_a_prometheus_elsewhere_that_is_silent_is_a_fault_also_where_none_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    elsewhere = f"http://127.0.0.1:{free_port()}"
    silent = doctor_place.alert_path(place(tmp_path, LANGNGHE_PROMETHEUS=elsewhere))
    assert (silent.good, elsewhere in silent.words) == (False, True)


def test_a_calendar_is_a_fault_from_the_day_on_which_its_alert_fires() -> None:
    (alert,) = [one for one in read_table(HERE / "deploy" / "alerts.toml").alerts if one.name == "LangNgheCalendarEnds"]
    last = date(load_rules().calendar.last_year, 12, 31)
    enough = doctor.examine_calendar(None, last - timedelta(days=int(alert.threshold)))
    few = doctor.examine_calendar(None, last - timedelta(days=int(alert.threshold) - 1))
    assert (enough.good, few.good, "Hãy bổ sung ngày nghỉ" in few.words) == (True, False, True)


def test_without_prometheus_nobody_is_told_of_anything(tmp_path: Path) -> None:
    assert "không ai được báo khi có lỗi" in doctor_place.alert_path(place(tmp_path)).words


def prometheus_port(settings: Settings) -> int:
    return settings.ports.base + 1090


def on(broker: Broker, data: Path, prefix: str) -> Settings:
    told = {"LANGNGHE_TOPIC_PREFIX": prefix, "LANGNGHE_PARTITIONS": str(PARTITIONS)}
    return place(data, KAFKA_BOOTSTRAP=broker.settings.bootstrap, **told)


@pytest.mark.kafka
def test_a_kafka_as_designed_has_no_fault(broker: Broker, tmp_path: Path) -> None:
    fresh_topics(broker, "doctor-well.")
    found = doctor_kafka.examine_kafka(on(broker, tmp_path, "doctor-well."))
    assert [finding.what for finding in found] == ["Kafka (bản)", "Topic", "Nhóm đọc", "Đồng hồ"], found
    assert all(finding.good for finding in found), found
    [jar] = (HERE / "deploy" / "kafka" / "libs").glob("kafka-server-common-*.jar")
    version = jar.stem.rpartition("-")[2].rpartition(".")[0]
    assert found[0].words == f"1 nút, Kafka {version}"


@pytest.mark.kafka
def test_topics_that_are_missing_are_a_fault_with_the_command_that_makes_them(broker: Broker, tmp_path: Path) -> None:
    [_, topics] = doctor_kafka.examine_kafka(on(broker, tmp_path, "doctor-none."))
    assert not topics.good
    assert "langnghe topics create" in topics.words
    assert "langnghe topics check" in topics.words


@pytest.mark.kafka
def test_another_number_of_partitions_is_a_fault(broker: Broker, tmp_path: Path) -> None:
    fresh_topics(broker, "doctor-few.", partitions=2)
    topics = doctor_kafka.examine_kafka(on(broker, tmp_path, "doctor-few."))[1]
    assert not topics.good
    assert "có 2 phân vùng, cần 4" in topics.words


@pytest.mark.kafka
def test_the_heartbeat_that_asks_for_the_time_is_in_no_figure(broker: Broker, tmp_path: Path) -> None:
    settings = on(broker, tmp_path, "doctor-beat.")
    fresh_topics(broker, "doctor-beat.")
    doctor_kafka.examine_kafka(settings)
    found = read_all(settings.bootstrap, settings.topics.dossier_intake)
    assert [record.key[:3] for record in found] == [b"HB-"]
