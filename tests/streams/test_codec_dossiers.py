"""Dossier events on the wire: every shape that systems send becomes one clean transition, or a reason why not."""

import json
import unicodedata
from datetime import datetime

import pytest

from casework.calendar import VIETNAM
from casework.dossiers import Transition
from streams.codec import InvalidInput, admit, decode_event, encode_event, parse_status_changed

CODE = "H99.1-260914-0001"
AT = datetime(2026, 9, 14, 8, 30, tzinfo=VIETNAM)
OWN = {"dossier_code": CODE, "status": 2, "occurred_at": "2026-09-14T08:30:00+07:00"}
NATIONAL = {"MaHoSo": CODE, "TrangThai": "2", "ThoiDiemXuLy": "20260914083000"}
DECOMPOSED = unicodedata.normalize("NFD", "Ủy ban")
PERSONAL = {
    "ChuHoSo": "chủ hồ sơ", "SoGiayToChuHoSo": "000000000000", "MaDoiTuong": "đối tượng", "Email": "a@example.invalid",
    "SoDienThoai": "0900 000 000", "TrichYeuHoSo": "trích yếu của hồ sơ",
}  # fmt: skip


def message(payload, **changed):
    return json.dumps({
        "specversion": "1.0", "id": "event-1", "source": "/mot-cua", "type": "dossier.status_changed",
        "subject": "", "time": "2026-09-14T08:30:00+07:00", "data": payload, **changed,
    }).encode()  # fmt: skip


def bare(**data):
    return json.dumps({**NATIONAL, **data}).encode()


def refused(data):
    """Codes and fields of what is wrong with data."""
    with pytest.raises(InvalidInput) as caught:
        parse_status_changed(data)
    return [(error.code, error.field) for error in caught.value.errors]


def test_an_envelope_keeps_its_id_and_source():
    event = admit(message(OWN))
    assert (event.id, event.source, event.dossier_code) == ("event-1", "/mot-cua", CODE)
    assert event.transition == Transition(at=AT, status=2)


def test_a_bare_national_payload_is_the_same_transition():
    assert admit(bare()).transition == admit(message(OWN)).transition


def test_national_names_are_taken_inside_an_envelope_too():
    assert admit(message(NATIONAL)).transition == admit(message(OWN)).transition


@pytest.mark.parametrize(("sent", "field", "value"), [
    ({"NgayTiepNhan": "20260914083000"}, "received_at", AT),
    ({"NgayHenTra": "20260914083000"}, "due_at", AT),
    ({"NgayKetThucXuLy": "20260914083000"}, "finished_at", AT),
    ({"MaTTHC": "1.004194"}, "procedure_code", "1.004194"),
    ({"MaLinhVuc": "Đất đai"}, "field", "Đất đai"),
    ({"TenLinhVuc": "Đất đai"}, "field", "Đất đai"),
    ({"MaLinhVuc": "", "TenLinhVuc": "Đất đai"}, "field", "Đất đai"),
    ({"DonViXuLy": "Xã số 1"}, "agency", "Xã số 1"),
    ({"KenhThucHien": 1}, "channel", "1"),
    ({"KenhThucHien": "3"}, "channel", "3"),
    ({"level": "commune"}, "level", "commune"),
    ({"rescheduled_to": "2026-09-14T08:30:00+07:00"}, "rescheduled_to", AT),
    ({"apologised_at": "20260914083000"}, "apologised_at", AT),
])  # fmt: skip
def test_every_optional_field_is_read_under_its_national_or_its_own_name(sent, field, value):
    assert getattr(admit(bare(**sent)).transition, field) == value


def test_our_own_name_wins_over_the_national_one():
    assert parse_status_changed({**NATIONAL, "status": 9})[1].status == 9


def test_the_status_has_two_national_names():
    data = {"MaHoSo": CODE, "TrangThaiHoSo": 4, "ThoiDiemXuLy": "20260914083000"}
    assert parse_status_changed(data)[1].status == 4


@pytest.mark.parametrize("status", [0, 11, -1, "mới", "2.0", True, "²", [2], {}])
def test_a_status_outside_one_to_ten_is_unknown(status):
    assert refused({**OWN, "status": status}) == [("unknown_status", "status")]


@pytest.mark.parametrize("status", [None, ""])
def test_no_status_is_a_missing_field(status):
    assert refused({**OWN, "status": status}) == [("missing", "status")]


def test_all_that_is_wrong_is_said_at_once_in_vietnamese():
    with pytest.raises(InvalidInput) as caught:
        parse_status_changed({"status": 12, "due_at": "30/02/2026"})
    found = {error.field: error.message for error in caught.value.errors}
    assert set(found) == {"dossier_code", "status", "occurred_at", "due_at"}
    assert "từ 1 đến 10" in found["status"]
    assert "20260914083000" in found["due_at"]


def test_personal_fields_never_survive_admission():
    for raw in (bare(**PERSONAL), message({**OWN, **PERSONAL})):
        clean = encode_event(admit(raw)).decode()
        assert not [value for field in PERSONAL.items() for value in field if value in clean]


def test_unknown_fields_are_left_behind():
    assert admit(bare(TenTTHC="x", DanhSachGiayTo=[{"a": 1}])) == admit(bare())


@pytest.mark.parametrize(
    ("field", "value"), [("level", "xã"), ("channel", "4"), ("channel", 0), ("level", ["commune"])]
)
def test_a_level_or_channel_of_no_list_is_odd_but_readable(field, value):
    transition = parse_status_changed({**OWN, field: value})[1]
    assert getattr(transition, field) is None
    assert transition.odd == (f"unknown_{field}",)


@pytest.mark.parametrize("code", ["", None, "   ", "a\nb", "x" * 65, True, [], {}])
def test_a_code_is_a_short_printable_word(code):
    assert [field for _, field in refused({**OWN, "dossier_code": code})] == ["dossier_code"]


@pytest.mark.parametrize("raw", [
    None, b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe", b"<xml/>", b"MaHoSo=1", b"{'a': 1}", b"[" * 3000,
])  # fmt: skip
def test_what_is_no_json_object_is_refused_whole(raw):
    with pytest.raises(InvalidInput) as caught:
        admit(raw)
    assert caught.value.reason == "not_json $"


@pytest.mark.parametrize(("changed", "reason"), [
    ({"type": "feedback.received"}, "unknown_type type"),
    ({"type": None}, "unknown_type type"),
    ({"id": ""}, "missing id"),
    ({"id": 7}, "missing id"),
    ({"source": None}, "missing source"),
    ({"source": "/so-tnmt\0"}, "bad_value source"),
    ({"id": "1\n2"}, "bad_value id"),
    ({"data": [OWN]}, "bad_type data"),
    ({"data": None}, "bad_type data"),
])  # fmt: skip
def test_an_envelope_must_name_type_id_and_source(changed, reason):
    with pytest.raises(InvalidInput) as caught:
        admit(message(OWN, **changed))
    assert caught.value.reason == reason


def test_a_reason_never_holds_a_value():
    with pytest.raises(InvalidInput) as caught:
        parse_status_changed({**OWN, "status": "0900 000 000"})
    assert caught.value.reason == "unknown_status status"


def test_a_bare_payload_has_the_same_id_however_it_is_written():
    spellings = [bare(), bare(ThoiDiemXuLy="14/9/2026 8:30"), bare(TrangThai=2), bare(**PERSONAL), bare(NgayHenTra="")]
    assert len({admit(raw).id for raw in spellings}) == 1


def test_the_id_of_a_bare_payload_depends_on_code_status_and_moment():
    ids = {admit(raw).id for raw in (bare(), bare(MaHoSo="X"), bare(TrangThai=4), bare(ThoiDiemXuLy="20260914083001"))}
    assert len(ids) == 4


def test_a_full_event_is_read_back_as_it_was_written():
    full = bare(NgayTiepNhan="14/9/2026", NgayHenTra="21/9/2026", MaTTHC="1.004194", MaLinhVuc="Đất đai", level="xã",
                KenhThucHien=2, DonViXuLy="LG.HCC", apologised_at="20260921090000")  # fmt: skip
    event = admit(full)
    again = decode_event(encode_event(event))
    assert (again.id, again.source, again.dossier_code) == (event.id, event.source, event.dossier_code)
    assert encode_event(again) == encode_event(event)
    assert again.transition.source == "/dvcqg"
    assert again.transition.odd == ("unknown_level",)


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"\xff", message({**OWN, "status": "hai"}), message({"status": 2})])
def test_a_clean_event_that_cannot_be_read_is_invalid_input(raw):
    with pytest.raises(InvalidInput):
        decode_event(raw)


def test_composed_and_decomposed_letters_are_the_same_agency():
    raw = json.dumps({**NATIONAL, "DonViXuLy": DECOMPOSED}, ensure_ascii=False).encode()
    assert admit(raw).transition.agency == "Ủy ban"


def test_letters_written_as_json_escapes_are_composed_too():
    assert admit(bare(DonViXuLy=DECOMPOSED)).transition.agency == "Ủy ban"


def test_a_status_of_very_many_digits_is_unknown():
    assert refused({**OWN, "status": "1" * 5000}) == [("unknown_status", "status")]


def test_an_object_nested_without_end_is_refused_whole():
    with pytest.raises(InvalidInput):
        admit(b'{"a":' * 5000)


@pytest.mark.parametrize(("source", "refused"), [("/so-tnmt", True), ("/langnghe/heartbeat", False)])
def test_a_code_of_the_heartbeat_is_nobody_else_s(source, refused):
    value = message({**OWN, "dossier_code": "HB-260914-0001"}, source=source)
    if not refused:
        assert admit(value).dossier_code == "HB-260914-0001"
        return
    with pytest.raises(InvalidInput) as caught:
        admit(value)
    assert caught.value.reason == "bad_value dossier_code"
