"""Hostile order and unreadable input: repeats, reordering, late ends, and every branch of the codec that refuses."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support import oracle
from tests.support.faults import Field, now
from tests.support.faults_load import Load, in_turns, shaken
from tests.support.kafka import read_all
from tests.support.oracle_logs import read

pytestmark = pytest.mark.kafka
GOOD = {"dossier_code": "H99.77-260907-0001", "status": 2, "occurred_at": "2026-09-07T08:00:00+07:00"}
REPORT = {"feedback_id": "bad", "text": "Đèn đường hỏng", "channel": "portal"}
EVENT = {"feedback_id": "bad", "at": "2026-09-07T08:00:00+07:00", "agency": "LG.HCC"}


def text(value: object) -> bytes:
    return json.dumps(value).encode()


def envelope(type_: str, data: object, **changes: Any) -> bytes:
    return text({"specversion": "1.0", "id": "bad-1", "source": "/test", "type": type_, "data": data} | changes)


def status(**changes: Any) -> bytes:
    return text(GOOD | changes)


def report(**changes: Any) -> bytes:
    return text(REPORT | changes)


NO_JSON = {b"": "not_json $", b"\xff\xfe": "not_json $", b"[1]": "not_json $", b"null": "not_json $",
           b'{"a":' * 5000: "not_json $", b"{": "not_json $"}  # fmt: skip
BAD: Mapping[str, Mapping[bytes, str]] = {
    "dossier.intake": NO_JSON | {
        status(dossier_code=None): "missing dossier_code",
        status(dossier_code=""): "missing dossier_code",
        status(dossier_code="x" * 65): "bad_value dossier_code",
        status(dossier_code="a\nb"): "bad_value dossier_code",
        status(dossier_code=["a"]): "bad_type dossier_code",
        status(status=None): "missing status",
        status(status=0): "unknown_status status",
        status(status=11): "unknown_status status",
        status(status="hai"): "unknown_status status",
        status(occurred_at=None, status=7): "missing occurred_at",
        status(occurred_at="2026-02-30T08:00:00+07:00"): "bad_date occurred_at",
        status(occurred_at="20260230"): "bad_date occurred_at",
        status(occurred_at="123456789"): "bad_date occurred_at",
        status(occurred_at="1949-01-01"): "bad_date occurred_at",
        status(occurred_at="2201-01-01"): "bad_date occurred_at",
        status(occurred_at={"a": 1}): "bad_date occurred_at",
        status(received_at="hôm qua"): "bad_date received_at",
        status(due_at="31/02/2026"): "bad_date due_at",
        status(finished_at="9999999999"): "bad_date finished_at",
        status(rescheduled_to="x"): "bad_date rescheduled_to",
        status(apologised_at="x"): "bad_date apologised_at",
        status(step_due_at="x"): "bad_date step_due_at",
        status(procedure_code="x" * 33): "bad_value procedure_code",
        status(field=True): "bad_type field",
        status(agency="x" * 301): "bad_value agency",
        text({"MaHoSo": "H99", "TrangThai": 5, "DanhSachHoSoBoSung": [{"NgayBoSung": "x"}]}): "bad_date NgayBoSung",
        text({"MaHoSo": "H99", "TrangThai": 2, "NgayTiepNhan": "x"}): "bad_date occurred_at",
        envelope("feedback.received", GOOD): "unknown_type type",
        envelope("dossier.status_changed", [1]): "bad_type data",
        envelope("dossier.status_changed", GOOD, id=""): "missing id",
        envelope("dossier.status_changed", GOOD, source=5): "missing source",
    },
    "feedback.intake": NO_JSON | {
        report(text=None): "missing text",
        report(text="  "): "missing text",
        report(text=5): "bad_type text",
        report(text="x" * 100_001): "too_long text",
        report(channel=None): "missing channel",
        report(channel="fax"): "bad_value channel",
        report(feedback_id="a b"): "bad_value feedback_id",
        report(feedback_id="x" * 65): "bad_value feedback_id",
        report(received_at="x"): "bad_date received_at",
        report(latitude=91): "bad_value latitude",
        report(longitude="5"): "bad_type longitude",
        report(reporter="x"): "bad_type reporter",
        report(anonymous="yes"): "bad_type anonymous",
        report(attachments=[1]): "bad_type attachments",
        report(address="x" * 501): "bad_value address",
        envelope("dossier.status_changed", REPORT): "unknown_type type",
    },
    "dossier.events": {
        b"x": "not_envelope $",
        envelope("dossier.status_changed", {"status": 2}): "bad_data data",
        envelope("dossier.status_changed", GOOD | {"status": 12}): "bad_data data",
        envelope("dossier.status_changed", GOOD | {"dossier_code": ""}): "bad_data data",
        envelope("dossier.status_changed", GOOD | {"occurred_at": "2026-09-07T08:00:00"}): "bad_date data",
        envelope("dossier.status_changed", GOOD | {"due_at": "2300-09-07T08:00:00+07:00"}): "bad_date data",
    },
    "feedback.events": {
        b"x": "not_envelope $",
        envelope("dossier.status_changed", EVENT): "unknown_type type",
        envelope("feedback.assigned", [1]): "not_json $",
        envelope("feedback.assigned", EVENT | {"feedback_id": "a b"}): "bad_data data",
        envelope("feedback.assigned", {"at": EVENT["at"]}): "bad_data data",
        envelope("feedback.assigned", EVENT | {"at": "x"}): "bad_data data",
        envelope("feedback.assigned", EVENT | {"at": "1900-01-01T00:00:00+07:00"}): "bad_date data",
        envelope("feedback.extended", EVENT | {"until": "2026-09-07T08:00:00"}): "bad_date data",
    },
    "dossier.ticks": {b"x": "bad_tick $", text({"alert_id": 5}): "bad_tick $"},
    "feedback.ticks": {text({"moment": "x"}): "bad_tick $"},
}  # fmt: skip


def test_repeats_reordering_and_late_ends_come_to_the_same_and_a_replay_raises_nothing_untrue(field: Field) -> None:
    """All inputs lie there before the first worker starts: nothing that they do not bear out may ever be raised."""
    load = Load(5, now())
    field.send("dossier.intake", shaken(in_turns(load.cases("H99.1-260907-", 500)), 5, repeats=0.5, window=1500))
    field.crew("admit", "cases-0", "cases-1", "projector")
    field.settle()
    assert oracle.retracted(read(field.place)) == []


def test_every_message_that_the_codec_refuses_ends_as_one_dead_letter_with_its_reason(field: Field) -> None:
    for topic, bad in BAD.items():
        field.send(topic, [("one-key", value) for value in bad])
    field.crew("admit", "intake", "cases-0")
    field.settle_reading()
    letters = read_all(field.place.bootstrap, field.topics.dead_letters)
    reasons = [dict(record.headers)["reason"].decode() for record in letters]
    assert sorted(reasons) == sorted(reason for bad in BAD.values() for reason in bad.values())
