"""What an administrator runs, as far as it needs no Kafka."""

import pytest
from sqlalchemy import select

from cli.doctor import Finding, examine
from cli.settings import read_settings
from desk.lock import only_one
from desk.store import tables
from tests.support.cli import NOWHERE, at, run


@pytest.mark.parametrize(
    "arguments", [["topics", "create"], ["topics", "check"], ["erase", "PA-1", "--yes"], ["demo", "--dossiers", "1"]]
)
def test_a_silent_kafka_is_told_in_one_sentence(tmp_path, arguments):
    status, out, error = run([*arguments, *at(tmp_path)])
    assert (status, out) == (1, "")
    assert f"Kafka tại {NOWHERE} không trả lời" in error


def test_erasing_asks_first(tmp_path):
    status, _, error = run(["erase", "PA-1", *at(tmp_path)], "n\n")
    assert (status, error.strip().endswith("Chưa xóa gì.")) == (1, True)


def generation(engine):
    with engine.connect() as connection:
        return connection.execute(select(tables.progress.c.generation)).scalar()


@pytest.fixture
def engine(tmp_path):
    engine = tables.open_engine(f"sqlite:///{tmp_path / 'read-model.db'}")
    tables.ensure(engine)
    return engine


def test_a_rebuild_empties_the_read_model(tmp_path, engine):
    before = generation(engine)
    assert run(["rebuild", *at(tmp_path)])[0] == 0
    assert generation(engine) != before


def test_a_rebuild_waits_for_no_running_projector_unless_told(tmp_path, engine):
    before = generation(engine)
    with only_one(engine, tmp_path / "projector.lock"):
        status, _, error = run(["rebuild", *at(tmp_path)])
        assert (status, "--live" in error, generation(engine)) == (1, True, before)
        assert run(["rebuild", "--live", *at(tmp_path)])[0] == 0
    assert generation(engine) != before


def findings(tmp_path, **environment):
    settings = read_settings({"LANGNGHE_MODEL": str(tmp_path / "model"), **environment}, tmp_path, 31_000)
    return {finding.what: finding for finding in examine(settings)}


def test_a_kafka_of_others_that_does_not_answer_is_a_fault_and_needs_no_java_here(tmp_path):
    found = findings(tmp_path, KAFKA_BOOTSTRAP=NOWHERE)
    assert found["Kafka"].good is False
    assert "Java" not in found


def test_a_kafka_of_our_own_that_is_not_running_is_no_fault(tmp_path):
    assert findings(tmp_path)["Kafka"].good is True


def test_a_model_that_cannot_be_used_is_a_fault_and_one_to_be_made_is_not(tmp_path):
    assert findings(tmp_path)["Mô hình"].good is True
    (tmp_path / "model").write_bytes(b"no model")
    assert findings(tmp_path)["Mô hình"].good is False


def test_a_calendar_that_cannot_be_read_is_a_fault(tmp_path):
    (tmp_path / "calendar.csv").write_text("date,kind,name,source,counted\nx,holiday,x,y,yes\n")
    found = findings(tmp_path, LANGNGHE_RULES=str(tmp_path))["Lịch"]
    assert isinstance(found, Finding)
    assert (found.good, "dòng 2" in found.words) == (False, True)


def test_a_bad_setting_names_itself(tmp_path):
    status, _, error = run(["doctor", *at(tmp_path)], LANGNGHE_PARTITIONS="mười")
    assert (status, "LANGNGHE_PARTITIONS" in error) == (1, True)
