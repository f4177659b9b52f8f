"""A suspected tố cáo leaves no trace outside its lane: not on a topic, a page, a metric or in a log."""

import http.client
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer

from cli.keys import ROLES
from desk.web.app import PARTS
from streams.topics import Topics
from tests.support.kafka import PARTITIONS, read_all
from tests.support.system import System
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka

TOPICS = Topics(partitions=PARTITIONS)
MARKER = "quynhdolamthi"  # an invented word, so that it stands nowhere else
TEXT = (
    "Tôi tố cáo ông phó chủ tịch xã nhận hối lộ hai mươi triệu đồng để cấp giấy phép xây dựng trái luật "
    f"cho quán {MARKER}; đề nghị thanh tra làm rõ và giữ bí mật cho tôi."
)
UNKNOWN = "khong-co-ma-nay"
WITHIN = 90.0
OTHERS = [role for role in ROLES if role != "inspector"]
STREAM = "/giam-sat/dong"


@pytest.fixture(scope="module")
def hidden(system: System) -> str:
    """The id of a restricted case that has come all the way to the inspector."""
    answer = system.post("/api/v1/feedback", {"text": TEXT, "channel": "hotline", "area": "Xã Thử Nghiệm"})
    assert answer.status == 202, answer.text
    feedback_id = str(answer.json()["feedback_id"])

    def arrived() -> bool:
        seen = system.get(f"/api/v1/feedback/{feedback_id}", "inspector")
        return seen.status == 200 and MARKER in (seen.json().get("text") or "")

    eventually(arrived, within=WITHIN, what="the inspector reads the text", every=0.5)
    return feedback_id


def traces(feedback_id: str, content: str) -> list[str]:
    """Which of the words that nobody may see stand in a text."""
    words = (MARKER, feedback_id, feedback_id[:8], feedback_id[:8].upper())
    return [word for word in words if word in content]


def all_topics(bootstrap: str) -> dict[str, int]:
    """Every topic of the broker with its number of partitions."""
    with closing(KafkaConsumer(bootstrap_servers=bootstrap, group_id=None)) as consumer:
        return {topic: len(consumer.partitions_for_topic(topic)) for topic in consumer.topics()}


def test_no_topic_but_the_intake_and_the_restricted_ones_holds_anything_of_it(system: System, hidden: str) -> None:
    topics = all_topics(system.bootstrap)
    lane = TOPICS.restricted
    assert {lane.events, lane.states, str(lane.texts), TOPICS.feedback.events, TOPICS.dead_letters} <= set(topics)
    found = {
        topic for topic, partitions in topics.items()
        for record in read_all(system.bootstrap, topic, partitions) if traces(hidden, repr(record))
    }  # fmt: skip
    assert {lane.events, lane.states, lane.texts, TOPICS.feedback_intake} <= found
    assert {topic for topic in found if not topic.startswith("restricted.")} == {TOPICS.feedback_intake}


def paths() -> Iterator[str]:
    """Every page and route that can be read, with `{}` where a case's id stands."""
    for part in PARTS:
        for route in part.routes().routes:
            if "GET" in route.methods and route.path != STREAM:
                yield re.sub(r"\{[^}]*\}", "{}", route.path)
    yield from ("/api/v1/dossiers?alert=overdue", "/openapi.json")


@pytest.mark.parametrize("role", [*OTHERS, None])
def test_no_page_or_answer_shows_it_to_anybody_but_the_inspector(system: System, hidden: str, role: str | None) -> None:
    for path in paths():
        answer = system.get(path.format(hidden), role)
        shown = answer.text if "{}" not in path else answer.text.replace(path.format(hidden), "")
        assert MARKER not in answer.text, path
        if role == "source" and path == "/tiep-nhan/{}":
            assert answer.status == 200  # the poster's own page: transferred, no more
        else:
            assert traces(hidden, shown) == [], path


@pytest.mark.parametrize("role", [role for role in OTHERS if role != "source"])
def test_to_all_others_it_is_as_unknown_as_an_id_that_never_was(system: System, hidden: str, role: str) -> None:
    for path in (path for path in paths() if "{}" in path):
        there, nowhere = (system.get(path.format(one), role) for one in (hidden, UNKNOWN))
        assert (there.status, there.text.replace(hidden, UNKNOWN)) == (nowhere.status, nowhere.text), path


def test_its_poster_learns_that_it_was_transferred_and_nothing_else(system: System, hidden: str) -> None:
    answer = system.get(f"/api/v1/feedback/{hidden}", "source")
    assert (answer.status, answer.json()) == (200, {"stage": "transferred"})


def first_snapshot(system: System, role: str) -> str:
    """What a live page is sent when it opens."""
    with closing(http.client.HTTPConnection("127.0.0.1", system.ports.web, timeout=30)) as connection:
        connection.request("GET", STREAM, headers={"Authorization": f"Bearer {system.token(role)}"})
        answer = connection.getresponse()
        content = ""
        while "data:" not in content or not content.endswith("\n\n"):
            content += answer.read1(65536).decode()
        return content


def test_the_live_stream_of_the_wall_holds_nothing_of_it(system: System, hidden: str) -> None:
    assert traces(hidden, first_snapshot(system, "wall")) == []


def test_no_process_exports_anything_of_it(system: System, hidden: str) -> None:
    ports = system.ports
    for port in (ports.web, ports.admit, ports.intake, ports.cases(0), ports.projector, ports.lag):
        metrics = fetch_metrics(port)
        samples = [line for line in metrics.splitlines() if not line.startswith("#")]
        assert any(line.startswith("langnghe_") for line in samples)
        assert traces(hidden, metrics) == []
        assert [line for line in samples if "to_cao" in line or "restricted" in line] == []


def fetch_metrics(port: int) -> str:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()


def test_no_log_holds_anything_of_it(system: System, hidden: str) -> None:
    stores = {system.data / "kafka" / "log", system.data / "workers"}  # records of Kafka and RocksDB, also named *.log
    logs = [path for path in system.data.rglob("*.log") if not stores.intersection(path.parents)]
    assert {"web.log", "intake.log", "cases-0.log", "projector.log", "kafka.log"} <= {path.name for path in logs}
    for path in [*logs, system.output]:
        assert traces(hidden, read_log(path)) == [], path


def read_log(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def test_the_inspector_finds_and_reads_it_under_don_thu(system: System, hidden: str) -> None:
    assert hidden in system.get("/don-thu", "inspector").text
    page: Any = system.get(f"/don-thu/{hidden}", "inspector")
    assert page.status == 200
    assert MARKER in page.text
