"""A backup restored into an empty place: the same records at the same offsets, read on from the same place."""

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import CoordinatorLoadInProgressError, NoError
from kafka.structs import OffsetAndMetadata

from cli.archive import Kept, open_archive, read_records, write_records
from cli.backup import COPIED
from cli.keys import ensure_keys, ensure_tokens
from cli.restore import commit_of
from cli.settings import Settings, read_settings
from streams.broker import Broker
from streams.topics import SPECS, Topics
from tests.support.cli import at, run
from tests.support.kafka import PARTITIONS, fresh_topics, read_all
from tests.support.oracle_commits import committed

pytestmark = pytest.mark.kafka
OLD = 1_793_000_000_000  # milliseconds; some days before these tests were written
GONE, KEPT, READ = 5, 7, 9


class Place:
    """Where a province's data is: topics under a prefix, and a data directory."""

    def __init__(self, broker: Broker, prefix: str, data: Path) -> None:
        self.data, self.bootstrap = data, broker.settings.bootstrap
        self.environment = {
            "KAFKA_BOOTSTRAP": self.bootstrap, "LANGNGHE_TOPIC_PREFIX": prefix, "LANGNGHE_PARTITIONS": str(PARTITIONS),
            "LANGNGHE_MODEL": str(data / "model"),
        }  # fmt: skip
        self.topics = Topics(prefix, PARTITIONS)

    @property
    def settings(self) -> Settings:
        return read_settings(self.environment, self.data)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        return run([*arguments, *at(self.data)], **self.environment)


@pytest.fixture(scope="module")
def full(broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An intake whose first records are gone, events with old moments, a state, a text erased, secrets, accounts."""
    place = Place(broker, "backup-full.", tmp_path_factory.mktemp("full") / "data")
    fresh_topics(broker, "backup-full.")
    topics = place.topics
    intake = TopicPartition(topics.dossier_intake, 1)
    with closing(KafkaProducer(bootstrap_servers=place.bootstrap, acks="all")) as producer:
        for number in range(GONE + KEPT):
            producer.send(intake.topic, b"%d" % number, key=b"k", partition=1, headers=[("backfill", b"1")])
        producer.send(topics.dossier.events, b"event", key=b"H1", partition=2, timestamp_ms=OLD)
        producer.send(topics.dossier.states, b"state", key=b"H1", partition=2)
        producer.send(str(topics.feedback.texts), b"text", key=b"a/1", partition=0)
        producer.send(str(topics.feedback.texts), None, key=b"a/1", partition=0)
        producer.send(topics.dossier.ticks, b"tick", key=b"H1", partition=2)
        producer.flush(30)
    with closing(KafkaAdminClient(bootstrap_servers=place.bootstrap)) as admin:
        admin.delete_records({intake: GONE})
        commit_of(admin, topics.admit_app, {intake: OffsetAndMetadata(READ, "", -1)})
    ensure_keys(place.settings.keys)
    ensure_tokens(place.settings.tokens)
    with closing(sqlite3.connect(place.data / "accounts.db")) as accounts:
        accounts.execute("create table audit (action)")
        accounts.execute("insert into audit values ('answered')")
        accounts.commit()
    (place.data / "model").write_bytes(b"a model")
    return place


@pytest.fixture(scope="module")
def folder(full: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backups") / "first"
    status, out, err = full.run("backup", str(folder))
    assert (status, err) == (0, "")
    assert "Đã sao lưu" in out
    return folder


@pytest.fixture(scope="module")
def restored(broker: Broker, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(broker, "backup-new.", tmp_path_factory.mktemp("new") / "data")
    status, _, err = place.run("restore", str(folder))
    assert (status, err) == (0, "")
    return place


@pytest.fixture
def empty(broker: Broker, tmp_path: Path) -> Iterator[Place]:
    yield Place(broker, f"backup-{tmp_path.name}.", tmp_path / "data")


def records(place: Place, name: str) -> list[tuple[object, ...]]:
    """Of every record all but its topic."""
    found = read_all(place.bootstrap, place.topics.named(name))
    return [(r.partition, r.offset, r.timestamp, r.key, r.value, tuple(r.headers)) for r in found]


@pytest.mark.parametrize("name", COPIED)
def test_every_record_is_there_with_its_offset_moment_key_and_headers(full: Place, restored: Place, name: str) -> None:
    assert records(restored, name) == records(full, name)


def test_what_was_copied_is_not_nothing(restored: Place) -> None:
    intake = records(restored, "dossier.intake")
    assert [found[1] for found in intake] == list(range(GONE, GONE + KEPT))
    assert records(restored, "dossier.events")[0][2] == OLD
    assert [found[4] for found in records(restored, "feedback.texts")] == [b"text", None]


def test_internal_ticks_are_left_behind(restored: Place) -> None:
    assert {spec.name for spec in SPECS} - set(COPIED) == {"dossier.ticks", "feedback.ticks", "restricted.ticks"}
    assert records(restored, "dossier.ticks") == []


def test_groups_read_on_where_they_were(restored: Place) -> None:
    found = committed(restored.bootstrap, restored.topics.admit_app)
    assert found == {TopicPartition(restored.topics.dossier_intake, 1): READ}


def test_the_broker_stamps_new_records_of_the_intake_again(restored: Place) -> None:
    status, out, _ = restored.run("topics", "check")
    assert (status, out) == (0, "Các topic đúng như thiết kế.\n")


def test_keys_tokens_accounts_and_model_are_those_of_before_and_readable_by_their_owner_only(
    full: Place, restored: Place
) -> None:
    for name in ("keys/desk.key", "keys/desk.pub", "tokens.json", "model"):
        assert (restored.data / name).read_bytes() == (full.data / name).read_bytes()
    for name in ("keys/desk.key", "tokens.json", "accounts.db"):
        assert stat.S_IMODE((restored.data / name).stat().st_mode) == 0o600
    with closing(sqlite3.connect(restored.data / "accounts.db")) as accounts:
        assert accounts.execute("select action from audit").fetchall() == [("answered",)]


def test_only_its_owner_can_read_a_backup(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_backup_never_writes_over_another(full: Place, folder: Path) -> None:
    status, _, err = full.run("backup", str(folder))
    assert status == 1
    assert "đã có; mỗi bản sao lưu cần một thư mục mới" in err


def test_a_kafka_with_records_is_refused(full: Place, folder: Path, tmp_path: Path) -> None:
    status, _, err = run(["restore", str(folder), *at(tmp_path / "other")], **full.environment)
    assert status == 1
    assert "đã có dữ liệu" in err
    assert "chỉ phục hồi vào Kafka trống" in err
    assert not (tmp_path / "other" / "tokens.json").exists()


def test_a_data_directory_with_keys_is_refused(empty: Place, folder: Path) -> None:
    ensure_keys(empty.settings.keys)
    status, _, err = empty.run("restore", str(folder))
    assert status == 1
    assert "đã có keys/desk.key" in err


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "không có manifest.json"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "bị hỏng"),
        (lambda folder: (folder / "tokens.json").write_text("{}"), "bị hỏng hoặc thiếu: tokens.json"),
        (lambda folder: (folder / "topics/dossier.events/2.gz").unlink(), "bị hỏng hoặc thiếu: topics/dossier.events"),
    ],
    ids=["unfinished", "manifest cut", "file changed", "file missing"],
)
def test_a_damaged_backup_is_refused_before_anything_is_written(empty, folder, tmp_path, damage, words) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    damage(copy)
    status, _, err = empty.run("restore", str(copy))
    assert status == 1
    assert words in err
    assert not empty.data.exists() or not any(empty.data.iterdir())


def test_other_partitions_than_those_of_the_backup_are_refused(empty: Place, folder: Path) -> None:
    empty.environment["LANGNGHE_PARTITIONS"] = "12"
    status, _, err = empty.run("restore", str(folder))
    assert status == 1
    assert "có 4 phân vùng" in err


def test_records_of_any_bytes_come_back_from_a_file(tmp_path: Path) -> None:
    given = [Kept(1, None, None, ()), Kept(2, b"\xff", b"", (("a", b"\0"),)), Kept(3, b"k", b"x" * 3_000_000, ())]
    assert write_records(tmp_path / "part.gz", given) == 3
    assert list(read_records(tmp_path / "part.gz")) == given


def test_the_manifest_names_every_file_with_its_sum(folder: Path) -> None:
    found = open_archive(folder)
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert set(found.sums) == files - {"manifest.json"}


class Loading:
    """Kafka's answers while the node that keeps a group's commits takes them over, and once it has."""

    def __init__(self) -> None:
        self.answers = [CoordinatorLoadInProgressError, CoordinatorLoadInProgressError, NoError]

    def alter_group_offsets(self, _group: str, offsets: dict[TopicPartition, OffsetAndMetadata]) -> dict:
        return dict.fromkeys(offsets, self.answers.pop(0))


def test_commits_that_are_answered_too_early_are_made_again() -> None:
    kafka = Loading()
    commit_of(kafka, "a group", {TopicPartition("topic", 0): OffsetAndMetadata(READ, "", -1)})
    assert kafka.answers == []
