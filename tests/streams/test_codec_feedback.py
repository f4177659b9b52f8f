"""Feedback on the wire: what citizens send is checked with words that help; events carry no text."""

import json
import unicodedata
from dataclasses import fields
from datetime import UTC, datetime

import msgspec
import pytest

from casework.calendar import VIETNAM
from casework.feedback import Alternative, FeedbackEvent
from streams import codec
from streams.codec import InvalidInput, Reason, Received, Text, admit_received, parse_received

AT = datetime(2026, 9, 14, 8, 30, tzinfo=VIETNAM)
SHORT = {"text": "Đèn đường ở đầu ngõ tắt ba hôm nay", "channel": "hotline"}
FULL = {
    **SHORT, "feedback_id": "PA-1.a_b", "received_at": "14/9/2026 8:30", "agency": "LG.HCC", "area": "Xã số 1",
    "latitude": 10, "longitude": 106.5, "address": "đầu ngõ",
    "reporter": {"name": "người gửi", "phone": "0900 000 000"}, "anonymous": True,
    "attachments": ["https://example.invalid/1.jpg"], "external_id": "X-1",
}  # fmt: skip


def envelope(data, **changed):
    return json.dumps({
        "specversion": "1.0", "id": "e-1", "source": "/cong", "type": "feedback.received", "data": data, **changed,
    }).encode()  # fmt: skip


def refused(data):
    with pytest.raises(InvalidInput) as caught:
        parse_received(data)
    return {error.field: error for error in caught.value.errors}


def test_all_fields_are_read():
    received = parse_received(FULL)
    assert received.received_at == AT
    assert (received.latitude, received.longitude) == (10.0, 106.5)
    assert received.reporter == FULL["reporter"]
    assert received.attachments == ("https://example.invalid/1.jpg",)
    assert received.anonymous


def test_text_and_channel_are_enough():
    assert parse_received(SHORT) == Received(**SHORT)


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_optional_field_is_one_that_was_not_sent(empty):
    names = set(FULL) - set(SHORT)
    assert parse_received({**SHORT, **dict.fromkeys(names, empty)}) == Received(**SHORT)


@pytest.mark.parametrize(("changed", "field", "code", "fix"), [
    ({"text": None}, "text", "missing", "thiếu trường bắt buộc"),
    ({"text": "  \n"}, "text", "missing", "ghi lại lời người dân"),
    ({"text": 7}, "text", "bad_type", "chuỗi ký tự"),
    ({"text": "a" * 100_001}, "text", "too_long", "tệp đính kèm"),
    ({"channel": None}, "channel", "missing", "thiếu trường bắt buộc"),
    ({"channel": "fax"}, "channel", "bad_value", "hotline, portal, app"),
    ({"channel": ["hotline"]}, "channel", "bad_value", "phải là một trong"),
    ({"feedback_id": "có dấu"}, "feedback_id", "bad_value", "1 đến 64"),
    ({"feedback_id": "a/b"}, "feedback_id", "bad_value", "gạch ngang"),
    ({"feedback_id": "a" * 65}, "feedback_id", "bad_value", "1 đến 64"),
    ({"feedback_id": "a\n"}, "feedback_id", "bad_value", "1 đến 64"),
    ({"feedback_id": 7}, "feedback_id", "bad_value", "1 đến 64"),
    ({"received_at": "31/11/2026"}, "received_at", "bad_date", "20260914083000"),
    ({"latitude": 90.5}, "latitude", "bad_value", "-90 đến 90"),
    ({"longitude": -181}, "longitude", "bad_value", "-180 đến 180"),
    ({"latitude": "10"}, "latitude", "bad_type", "phải là số"),
    ({"latitude": True}, "latitude", "bad_type", "phải là số"),
    ({"latitude": float("nan")}, "latitude", "bad_type", "phải là số"),
    ({"agency": "a\nb"}, "agency", "bad_value", "không xuống dòng"),
    ({"address": "a" * 501}, "address", "bad_value", "1 đến 500"),
    ({"reporter": "tên"}, "reporter", "bad_type", "{name, phone, email, address}"),
    ({"anonymous": "có"}, "anonymous", "bad_type", "true hoặc false"),
    ({"attachments": "a.jpg"}, "attachments", "bad_type", "danh sách đường dẫn"),
    ({"attachments": [1]}, "attachments", "bad_type", "danh sách đường dẫn"),
])  # fmt: skip
def test_the_message_of_a_refusal_names_the_field_and_the_fix(changed, field, code, fix):
    found = refused({**SHORT, **changed})
    assert list(found) == [field]
    assert found[field].code == code
    assert fix in found[field].message


def test_a_refusal_names_every_field_at_fault_at_once():
    found = refused({"channel": "fax", "latitude": 91, "anonymous": 1})
    assert set(found) == {"text", "channel", "latitude", "anonymous"}


def test_a_refusal_repeats_no_value_of_the_citizen():
    errors = refused({"text": 900000000, "channel": "0900 000 000", "reporter": "0900 000 000"}).values()
    assert not [error.message for error in errors if "0900" in error.message or "900000000" in error.message]


def test_the_longest_text_is_taken():
    assert len(parse_received({**SHORT, "text": "a" * 100_000}).text) == 100_000


def test_a_sealed_reporter_is_passed_on_as_it_is():
    sealed = {"key_id": "k", "sealed": "c2VhbA=="}
    assert parse_received({**SHORT, "reporter": sealed}).reporter == sealed


def test_an_id_that_was_given_stands():
    assert admit_received(envelope(FULL), "feedback.intake/0/1")[0] == "PA-1.a_b"
    assert admit_received(json.dumps(FULL).encode(), "feedback.intake/0/1")[0] == "PA-1.a_b"


def test_an_envelope_without_one_is_named_by_its_source_and_id_wherever_it_lies():
    first = admit_received(envelope(SHORT), "feedback.intake/0/1")
    again = admit_received(envelope({**SHORT, "text": "khác"}), "feedback.intake/3/9")
    other = admit_received(envelope(SHORT, source="/khac"), "feedback.intake/0/1")
    assert first.source == "/cong"
    assert first.feedback_id == again.feedback_id != other.feedback_id


NAMED = {**SHORT, "feedback_id": "PA-1"}
DATED = {**NAMED, "received_at": "2026-09-07T08:00:00+07:00"}


@pytest.mark.parametrize(("first", "again"), [
    (envelope(NAMED), envelope({**NAMED, "text": "sửa lời"})),
    (envelope(DATED), envelope({**DATED, "text": "sửa lời"}, id="e-2")),
    (envelope(DATED), envelope({**DATED, "received_at": "2026-09-07T01:00:00Z"})),
    (json.dumps(DATED).encode(), json.dumps(DATED).encode()),
], ids=["the same message", "the same receipt", "the same moment", "bare"])  # fmt: skip
def test_what_a_source_sends_again_opens_the_case_by_the_same_event(first, again):
    assert admit_received(first, "a/0/1").opening == admit_received(again, "a/0/2").opening


@pytest.mark.parametrize("other", [
    envelope(NAMED, source="/khac"),
    envelope(NAMED, id="e-2"),
    envelope(DATED),
    envelope({**NAMED, "feedback_id": "PA-2"}),
    json.dumps(NAMED).encode(),
], ids=["of another source", "another message", "of another moment", "of another case", "bare"])  # fmt: skip
def test_another_receipt_under_the_same_id_opens_by_an_event_of_its_own(other):
    first, second = admit_received(envelope(NAMED), "a/0/1"), admit_received(other, "a/0/1")
    assert first.opening != second.opening


def test_a_bare_message_without_its_moment_is_told_from_another_by_its_place():
    first, again, other = (admit_received(json.dumps(NAMED).encode(), place) for place in ("a/0/1", "a/0/1", "a/0/2"))
    assert first.opening == again.opening != other.opening


def test_a_bare_message_is_named_by_its_place_in_the_log():
    raw = json.dumps(SHORT).encode()
    first, again, other = (admit_received(raw, place)[0] for place in ("a/0/1", "a/0/1", "a/0/2"))
    assert first == again != other


@pytest.mark.parametrize("id_", ["e-1", "ạ", "x" * 500, "a/b"])
def test_a_made_id_is_one_that_the_contract_allows(id_):
    made = admit_received(envelope(SHORT, id=id_), "a/0/1")[0]
    assert parse_received({**SHORT, "feedback_id": made}).feedback_id == made


@pytest.mark.parametrize("raw", [None, b"", b"[]", b"\xff", b"{", envelope(SHORT, type="dossier.status_changed")])
def test_what_is_no_message_of_feedback_is_refused(raw):
    with pytest.raises(InvalidInput):
        admit_received(raw, "a/0/1")


def test_what_the_web_writes_the_intake_reads():
    received = parse_received(FULL)
    raw = codec.encode_received(received, id="e-1", source="/langnghe/web", at=AT)
    assert admit_received(raw, "a/0/1")[:3] == ("PA-1.a_b", "/langnghe/web", received)


def values():
    """One value for every field of an event."""
    texts = {field.name: "x" for field in fields(FeedbackEvent)}
    moments = dict.fromkeys(("at", "received_at", "until", "accepted_at"), AT)
    rest = {"place": (10.778, 106.695), "confidence": 0.5, "abstained": False, "type": "opened",
            "alternatives": (Alternative("land", 0.5), Alternative("other", 0.25))}  # fmt: skip
    return {**texts, **moments, **rest}


def test_an_event_is_read_back_as_it_was_written():
    event = FeedbackEvent(**{**values(), "source": "/langnghe/web"})
    assert codec.decode_feedback_event(codec.encode_feedback_event("PA-1", event, "/langnghe/web")) == (
        "PA-1", "/langnghe/web", event,
    )  # fmt: skip


def test_an_event_with_few_fields_is_short_on_the_wire():
    event = FeedbackEvent(id="1", type="accepted", at=AT, by="operator:1")
    message = json.loads(codec.encode_feedback_event("PA-1", event, "/langnghe/web"))
    assert message["type"] == "feedback.accepted"
    assert set(message["data"]) == {"feedback_id", "at", "by"}


def test_the_moment_of_an_event_is_written_with_its_offset():
    event = FeedbackEvent(id="1", type="accepted", at=AT.astimezone(UTC), by="operator:1")
    data = json.loads(codec.encode_feedback_event("PA-1", event, "/langnghe/web"))["data"]
    assert data["at"] == "2026-09-14T01:30:00Z"


def test_no_field_of_an_event_has_room_for_a_text_a_name_or_a_contact():
    names = {field.name for field in fields(FeedbackEvent)}
    assert not names & {"text", "note", "reporter", "name", "phone", "email", "address", "reasons", "sealed"}


def test_a_text_smuggled_into_an_event_goes_no_further():
    event = FeedbackEvent(id="1", type="accepted", at=AT, by="operator:1")
    message = json.loads(codec.encode_feedback_event("PA-1", event, "/langnghe/web"))
    message["data"]["text"] = "lời người dân"
    feedback_id, source, read = codec.decode_feedback_event(json.dumps(message).encode())
    assert b"text" not in codec.encode_feedback_event(feedback_id, read, source)


@pytest.mark.parametrize("changed", [
    {"type": "dossier.status_changed"}, {"type": "accepted"}, {"data": None}, {"data": {}}, {"data": [1]},
    {"data": {"feedback_id": "PA-1"}}, {"data": {"at": "2026-09-14T08:30:00+07:00"}},
    {"data": {"feedback_id": "PA-1", "at": "hôm qua"}}, {"id": None}, {"source": 1},
])  # fmt: skip
def test_an_event_that_cannot_be_read_is_invalid_input(changed):
    event = FeedbackEvent(id="1", type="accepted", at=AT, by="operator:1")
    message = json.loads(codec.encode_feedback_event("PA-1", event, "/langnghe/web"))
    with pytest.raises(InvalidInput):
        codec.decode_feedback_event(json.dumps({**message, **changed}).encode())


def test_a_text_is_read_back_as_it_was_written():
    text = Text(feedback_id="PA-1", event_id="1", text="Đèn đường tắt", at=AT, source="/cong",
                sealed={"key_id": "k", "sealed": "c2VhbA=="}, reasons=(Reason("Đèn đường", 0, 9, 1.5),),
                lane_signals=("tố cáo",), missing=("place",), anonymous=True, latitude=10.0)  # fmt: skip
    assert codec.decode_text(codec.encode_text(text)) == text


def test_the_key_of_a_text_names_case_and_event():
    assert codec.text_key("PA-1", "e-1") == b"PA-1/e-1"


def test_letters_of_a_citizen_are_composed():
    raw = json.dumps({**SHORT, "text": unicodedata.normalize("NFD", "Đường")}, ensure_ascii=False).encode()
    assert admit_received(raw, "a/0/1")[2].text == "Đường"


def test_a_latitude_of_very_many_digits_is_refused():
    raw = b'{"text": "a", "channel": "app", "latitude": ' + b"1" * 400 + b"}"
    with pytest.raises(InvalidInput):
        admit_received(raw, "a/0/1")


def test_an_event_whose_moment_has_no_offset_is_invalid_input():
    raw = codec.encode_envelope(id="1", source="/x", type="feedback.accepted", subject="PA-1", time=AT,
                                data={"feedback_id": "PA-1", "at": "2026-09-14T08:30:00"})  # fmt: skip
    with pytest.raises(InvalidInput):
        codec.decode_feedback_event(raw)


def test_decoding_a_text_that_is_none_fails_aloud():
    with pytest.raises(msgspec.DecodeError):
        codec.decode_text(b"{}")


@pytest.mark.parametrize("value", [
    {"text": "x", "channel": "app", "feedback_id": "HB-2026091412"},
    envelope({"text": "x", "channel": "app", "feedback_id": "HB-2026091412"}, source="/so-tnmt"),
])  # fmt: skip
def test_an_id_of_the_heartbeat_is_nobody_else_s(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    with pytest.raises(InvalidInput) as caught:
        admit_received(raw, "feedback.intake/0/1")
    assert caught.value.reason == "bad_value feedback_id"
