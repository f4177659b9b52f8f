"""Moments of dossiers: how systems write them, which of several counts, and what is no moment at all."""

import json
from datetime import datetime

import pytest

from casework.calendar import VIETNAM
from streams.codec import InvalidInput, admit, decode_event, encode_event, parse_status_changed

CODE = "H99.1-260914-0001"
AT = datetime(2026, 9, 14, 8, 30, tzinfo=VIETNAM)
OWN = {"dossier_code": CODE, "status": 2, "occurred_at": "2026-09-14T08:30:00+07:00"}


def refused(data):
    """Codes and fields of what is wrong with data."""
    with pytest.raises(InvalidInput) as caught:
        parse_status_changed(data)
    return [(error.code, error.field) for error in caught.value.errors]


@pytest.mark.parametrize("written", [
    "20260914083000", "202609140830", 20260914083000, "14/9/2026 8:30", "14/09/2026 08:30:00", "14-9-2026 8:30",
    "2026-09-14T08:30:00", "2026-09-14 08:30", "2026-09-14T08:30:00+07:00", "2026-09-14T01:30:00Z", " 20260914083000 ",
])  # fmt: skip
def test_a_moment_may_be_written_in_any_of_these_ways(written):
    assert parse_status_changed({**OWN, "occurred_at": written})[1].at == AT


@pytest.mark.parametrize("written", ["20260914", "14/9/2026", "2026-09-14"])
def test_a_bare_date_is_the_start_of_the_day_but_for_a_due_date_its_end(written):
    _, transition = parse_status_changed({**OWN, "received_at": written, "due_at": written, "rescheduled_to": written})
    assert transition.received_at == datetime(2026, 9, 14, tzinfo=VIETNAM)
    assert transition.due_at == transition.rescheduled_to == datetime(2026, 9, 14, 23, 59, 59, tzinfo=VIETNAM)


@pytest.mark.parametrize("written", [
    "30/02/2026", "20260230083000", "2026-02-30", "29/2/2026", "20261301000000", "20260914250000", "hôm qua", "2026",
    "0", -1, 1.5, True, [], {"year": 2026}, "14/9/26", "2026091408300",
])  # fmt: skip
def test_a_moment_that_does_not_exist_is_refused_by_its_field(written):
    assert refused({**OWN, "due_at": written}) == [("bad_date", "due_at")]


def test_the_leap_day_of_a_leap_year_exists():
    assert parse_status_changed({**OWN, "due_at": "29/2/2028"})[1].due_at.day == 29


@pytest.mark.parametrize(("status", "told"), [
    (1, {"NgayNopHoSo": "20260914083000"}),
    (2, {"NgayTiepNhan": "20260914083000"}),
    (4, {"NgayTiepNhan": "20260914083000"}),
    (3, {"NgayTuChoi": "20260914083000"}),
    (5, {"DanhSachHoSoBoSung": [{"NgayBoSung": "20260914083000"}]}),
    (9, {"NgayKetThucXuLy": "20260914083000"}),
    (10, {"NgayTra": "20260914083000"}),
])  # fmt: skip
def test_without_a_moment_of_its_own_a_payload_has_that_of_its_status(status, told):
    assert parse_status_changed({"MaHoSo": CODE, "TrangThai": status, **told})[1].at == AT


@pytest.mark.parametrize("status", [2, 4])
def test_after_supplements_the_last_receipt_of_one_is_the_moment(status):
    rows = [{"NgayBoSung": "1/9/2026", "NgayTiepNhanBoSung": "14/9/2026 8:30"}, {"NgayTiepNhanBoSung": "2/9/2026"}, {}]
    data = {"MaHoSo": CODE, "TrangThai": status, "NgayTiepNhan": "20260828090000", "DanhSachHoSoBoSung": rows}
    _, transition = parse_status_changed(data)
    assert transition.at == AT
    assert transition.received_at == datetime(2026, 8, 28, 9, tzinfo=VIETNAM)


def test_the_last_request_for_a_supplement_is_the_latest_moment_not_the_greatest_text():
    rows = [{"NgayBoSung": "2/9/2026"}, {"NgayBoSung": "14/9/2026 8:30"}, {"NgayBoSung": "9/9/2026"}]
    assert parse_status_changed({"MaHoSo": CODE, "TrangThai": 5, "DanhSachHoSoBoSung": rows})[1].at == AT


@pytest.mark.parametrize("status", [1, 2, 3, 5, 6, 7, 8, 9, 10])
def test_without_any_moment_there_is_no_event(status):
    assert refused({"MaHoSo": CODE, "TrangThai": status, "DanhSachHoSoBoSung": []}) == [("missing", "occurred_at")]


@pytest.mark.parametrize("rows", [None, "", "x", {}, ["x"], [{"NgayBoSung": ""}]])
def test_a_list_of_supplements_in_another_shape_says_nothing(rows):
    assert refused({"MaHoSo": CODE, "TrangThai": 5, "DanhSachHoSoBoSung": rows}) == [("missing", "occurred_at")]


def test_an_impossible_date_in_the_list_of_supplements_is_named():
    rows = [{"NgayBoSung": "30/02/2026"}, {"NgayBoSung": "14/9/2026"}]
    assert ("bad_date", "NgayBoSung") in refused({"MaHoSo": CODE, "TrangThai": 5, "DanhSachHoSoBoSung": rows})


@pytest.mark.parametrize("written", [
    "99991231", "9999-12-31T23:59:59-12:00", "1/1/0001",
])  # fmt: skip
@pytest.mark.parametrize("field", ["occurred_at", "due_at"])
def test_a_moment_that_no_calendar_can_count_from_is_refused(field, written):
    assert refused({**OWN, field: written}) == [("bad_date", field)]


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00", "00010101000000"])
def test_the_smallest_date_of_dotnet_means_no_date(written):
    _, transition = parse_status_changed({**OWN, "due_at": written})
    assert transition.due_at is None
    assert refused({**OWN, "occurred_at": written}) == [("missing", "occurred_at")]


def test_a_moment_keeps_its_instant_whatever_its_offset():
    payload = json.dumps({**OWN, "occurred_at": "2026-09-14T03:30:00+02:00"}).encode()
    assert decode_event(encode_event(admit(payload))).transition.at == AT
