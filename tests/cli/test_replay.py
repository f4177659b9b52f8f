"""What each line of a replayed file becomes, and what is said of lines that cannot be read."""

import json
from datetime import UTC, datetime

import pytest

from cli.replay import Reading, read_line, told
from streams import codec
from streams.codec import InvalidInput
from streams.codec.sources import REPLAY
from streams.topics import Topics
from tests.support.cli import at, run

NOW = datetime(2026, 9, 14, tzinfo=UTC)
TOPICS = Topics("try.")
NATIONAL = {"MaHoSo": "H99.1-260914-0007", "TrangThai": 4, "NgayTiepNhan": "20260914083000", "ChuHoSo": "người nộp"}


def message(record, name="f.jsonl:1"):
    return read_line(json.dumps(record).encode(), name, TOPICS, NOW)


def test_a_text_becomes_feedback_of_the_portal_under_its_own_id():
    sent = message({"id": "PA-1", "text": "Đèn hỏng", "tier": "A", "kind": "phản ánh"})
    feedback_id, source, received, _ = codec.admit_received(sent.value, "")
    assert (sent.topic, sent.key) == ("try.feedback.intake", b"PA-1")
    assert (feedback_id, source, received.channel, received.text) == ("PA-1", REPLAY, "portal", "Đèn hỏng")


def test_a_text_whose_id_no_case_can_have_gets_one_that_is_the_same_each_time():
    first, again, other = (message({"id": id_, "text": "Đèn hỏng"}) for id_ in ("mã số 1", "mã số 1", "mã số 2"))
    assert first == again
    assert first.key != other.key
    assert codec.admit_received(first.value, "")[0] == first.key.decode()


def test_a_text_without_an_id_is_named_after_its_line():
    assert message({"text": "Đèn hỏng"}, "f:1").key != message({"text": "Đèn hỏng"}, "f:2").key


def test_a_national_payload_keeps_its_id_and_leaves_the_person_behind():
    sent = message(NATIONAL)
    event = codec.admit(sent.value)
    assert (sent.topic, sent.key) == ("try.dossier.intake", b"H99.1-260914-0007")
    assert (event.id, event.source) == (codec.admit(json.dumps(NATIONAL).encode()).id, REPLAY)
    assert "người nộp" not in sent.value.decode()


@pytest.mark.parametrize(
    ("type_", "data", "topic"),
    [
        ("dossier.status_changed", {"MaHoSo": "C", "status": 4, "occurred_at": "2026-09-14"}, "try.dossier.intake"),
        ("feedback.received", {"text": "a", "channel": "app"}, "try.feedback.intake"),
    ],
)
def test_an_envelope_goes_as_it_is_to_the_topic_of_its_type(type_, data, topic):
    envelope = {"specversion": "1.0", "id": "1", "source": "/elsewhere", "type": type_, "data": data}
    sent = message(envelope)
    assert (sent.topic, json.loads(sent.value)) == (topic, envelope)


@pytest.mark.parametrize(
    "record",
    [
        pytest.param({"id": "x"}, id="neither text nor dossier"),
        pytest.param({"id": "x", "text": " "}, id="blank text"),
        pytest.param({"MaHoSo": "C", "TrangThai": 11}, id="unknown status"),
        pytest.param({"specversion": "1.0", "id": "1", "source": "/x", "type": "other", "data": {}}, id="unknown type"),
        pytest.param([], id="not an object"),
    ],
)
def test_what_cannot_be_read_is_refused(record):
    with pytest.raises(InvalidInput):
        message(record)


def test_refused_lines_are_listed_by_number_and_the_others_read(tmp_path):
    file = tmp_path / "f.jsonl"
    file.write_text('{"id":"a","text":"một"}\n\nhỏng\n{"id":"b","text":"hai"}\n', encoding="utf-8")
    reading = Reading(file, TOPICS, NOW)
    assert [one.key for one in reading] == [b"a", b"b"]
    assert [(refusal.line, refusal.field) for refusal in reading.refusals] == [(3, "$")]


def test_what_is_told_counts_feedback_as_one_whatever_its_lane():
    assert told([message({"id": str(n), "text": "một"}) for n in range(290)], TOPICS) == "290 mục đã phân loại."
    assert told([message(NATIONAL)], TOPICS) == "1 sự kiện hồ sơ đã tính thời hạn."


def test_a_file_of_bad_lines_sends_nothing_and_leaves_a_table_of_fixes(tmp_path):
    file = tmp_path / "f.jsonl"
    file.write_text('{"id":"a","text":""}\n')
    status, out, error = run(["replay", str(file), *at(tmp_path)])
    assert (status, out) == (1, "")
    assert "f.jsonl.refused.csv" in error
    assert (tmp_path / "f.jsonl.refused.csv").read_text("utf-8-sig").splitlines()[1].startswith("1,text,")


def test_a_missing_file_and_a_silent_kafka_are_told_in_one_sentence(tmp_path):
    assert run(["replay", str(tmp_path / "none.jsonl"), *at(tmp_path)])[0] == 1
    file = tmp_path / "f.jsonl"
    file.write_text('{"id":"a","text":"một"}\n')
    status, _, error = run(["replay", str(file), *at(tmp_path)])
    assert status == 1
    assert len([line for line in error.splitlines() if "Kafka" in line]) == 1
