"""The limits of single agencies and the national list of supplements on the wire, and states that hold them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from casework.calendar import VIETNAM
from casework.dossiers import DossierState, ListedSupplement, Transition, apply, tick
from streams import codec
from streams.codec import InvalidInput, StatusChanged, admit, decode_event, encode_event, parse_status_changed
from tests.support.dossiers import CODE, dossier, small_rules, step

AT = datetime(2026, 3, 4, 8, 30, tzinfo=VIETNAM)
OWN = {"dossier_code": CODE, "status": 4, "occurred_at": "2026-03-04T08:30:00+07:00"}
NATIONAL = {"MaHoSo": CODE, "TrangThai": "4", "ThoiDiemXuLy": "20260304083000"}
ROW = {
    "NgayBoSung": "20260304090000",
    "NgayTiepNhanBoSung": "20260306100000",
    "NgayHenTraTruoc": "20260316170000",
    "NgayHenTraMoi": "20260318170000",
}


def bare(**data: Any) -> bytes:
    return json.dumps({**NATIONAL, **data}).encode()


def admitted(**data: Any) -> Transition:
    return admit(bare(**data)).transition


def again(event: StatusChanged) -> StatusChanged:
    """The event after the clean topic."""
    return decode_event(encode_event(event))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("20260306163000", datetime(2026, 3, 6, 16, 30, tzinfo=VIETNAM), id="a-national-moment"),
        pytest.param("6/3/2026", datetime(2026, 3, 6, 23, 59, 59, tzinfo=VIETNAM), id="a-bare-date-is-its-end"),
        pytest.param("20260306", datetime(2026, 3, 6, 23, 59, 59, tzinfo=VIETNAM), id="a-bare-national-date-too"),
        pytest.param("2026-03-06", datetime(2026, 3, 6, 23, 59, 59, tzinfo=VIETNAM), id="and-an-iso-date"),
        pytest.param("2026-03-06T09:30:00Z", datetime(2026, 3, 6, 9, 30, tzinfo=UTC), id="another-zone"),
    ],
)
@pytest.mark.parametrize("name", ["step_due_at", "NgayKetThucTheoQuyDinh"])
def test_the_limit_of_an_agency_is_read_under_both_names(name: str, written: str, read: datetime) -> None:
    assert admitted(**{name: written}).step_due_at == read
    assert parse_status_changed({**OWN, name: written})[1].step_due_at == read


def test_our_own_name_of_the_limit_wins() -> None:
    told = admitted(step_due_at="2026-03-06", NgayKetThucTheoQuyDinh="2026-03-10")
    assert told.step_due_at == datetime(2026, 3, 6, 23, 59, 59, tzinfo=VIETNAM)


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_limit_is_none(empty: str | None) -> None:
    assert admitted(NgayKetThucTheoQuyDinh=empty).step_due_at is None


@pytest.mark.parametrize("written", ["30/02/2026", "20260230083000", "2026-02-30", "sớm", 1.5, True, [], {"a": 1}])
@pytest.mark.parametrize("name", ["step_due_at", "NgayKetThucTheoQuyDinh"])
def test_a_limit_that_does_not_exist_is_a_dead_letter_that_names_the_field(name: str, written: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        admit(bare(**{name: written}))
    (error,) = caught.value.errors
    assert (error.code, error.field) == ("bad_date", "step_due_at")
    assert "step_due_at" in caught.value.reason
    assert str(written) not in caught.value.reason


def test_a_limit_survives_the_clean_topic() -> None:
    event = admit(bare(NgayKetThucTheoQuyDinh="6/3/2026"))
    assert again(event).transition.step_due_at == event.transition.step_due_at
    assert encode_event(again(event)) == encode_event(event)


def test_a_limit_changes_no_id() -> None:
    assert admit(bare(NgayKetThucTheoQuyDinh="6/3/2026")).id == admit(bare()).id


def test_the_rows_of_the_national_list_are_carried() -> None:
    event = admit(bare(DanhSachHoSoBoSung=[ROW, {"NgayBoSung": "10/3/2026 8:00"}]))
    first, second = event.transition.listed
    for cell, day in (
        (first.asked_at, "2026-03-04T09:00"),
        (first.received_at, "2026-03-06T10:00"),
        (first.due_before, "2026-03-16T17:00"),
        (first.due_after, "2026-03-18T17:00"),
        (second.asked_at, "2026-03-10T08:00"),
    ):
        assert cell.startswith(day)
    assert (second.received_at, second.due_before, second.due_after) == ("", "", "")
    assert again(event).transition.listed == event.transition.listed


@pytest.mark.parametrize("cell", ["30/02/2026", "đang chờ", None, "", True, [], {"a": 1}, 7, "Nguyễn Văn A 0900000000"])
def test_a_cell_that_cannot_be_read_is_empty_and_no_dead_letter(cell: object) -> None:
    event = admit(bare(DanhSachHoSoBoSung=[{**ROW, "NgayHenTraMoi": cell}]))
    (row,) = event.transition.listed
    assert row.due_after == ""
    assert row.asked_at.startswith("2026-03-04")


@pytest.mark.parametrize(
    "listed",
    [None, "", [], {}, "20260304", 7, [None], ["x"], [[]], [{}], [{"NgayBoSung": ""}]],
    ids=repr,
)
def test_a_list_that_says_nothing_is_none_and_no_dead_letter(listed: object) -> None:
    transition = admitted(DanhSachHoSoBoSung=listed)
    assert not [cell for row in transition.listed for cell in (row.asked_at, row.received_at) if cell]
    assert transition.at == AT


def test_at_most_twenty_rows_are_carried() -> None:
    rows = [{**ROW, "NgayBoSung": f"202603{day:02}090000"} for day in range(1, 31)]
    assert len(admitted(DanhSachHoSoBoSung=rows).listed) == 20


def test_what_else_stands_in_a_row_is_left_behind() -> None:
    event = admit(bare(DanhSachHoSoBoSung=[{**ROW, "NguoiNop": "chủ hồ sơ", "LyDo": "thiếu giấy của chủ hồ sơ"}]))
    assert event == admit(bare(DanhSachHoSoBoSung=[ROW]))
    assert "chủ hồ sơ" not in encode_event(event).decode()


def test_a_list_gives_the_moment_where_the_payload_has_none_and_is_carried_too() -> None:
    data = {"MaHoSo": CODE, "TrangThai": 5, "DanhSachHoSoBoSung": [ROW]}
    _, transition = parse_status_changed(data)
    assert transition.at == datetime(2026, 3, 4, 9, tzinfo=VIETNAM)
    assert len(transition.listed) == 1


def test_a_list_changes_nothing_of_the_clock() -> None:
    with_list, without = (admit(bare(NgayHenTra="16/3/2026", **more)) for more in ({"DanhSachHoSoBoSung": [ROW]}, {}))
    one, other = (apply(None, CODE, [event.transition], small_rules()).state for event in (with_list, without))
    assert (one.due, one.clock, one.supplements, one.watch) == (other.due, other.clock, other.supplements, other.watch)


def online() -> DossierState:
    state = dossier(step("03-02 09:00", 1, channel="2"))
    return tick(state, state.watch[0].alert_id).state


def between_agencies() -> DossierState:
    listed = (ListedSupplement(asked_at="2026-03-04T09:00:00+07:00"),)
    state = dossier(
        step("03-02 09:00", 1, channel="2"),
        step("03-02 10:00", 2, agency="LG.HCC", procedure_code="9.000010", step_due_at="03-03"),
        step("03-04 10:00", 4, agency="LG.SXD", step_due_at="03-06 23:59:59", listed=listed),
    )
    (point,) = [point for point in state.watch if point.track == "duty"]
    return tick(state, point.alert_id).state


def waiting() -> DossierState:
    state = dossier(
        step("03-02 09:00", 2, procedure_code="9.000010"),
        step("03-03 09:00", 6),
        step("03-04 09:00", 4),
        step("03-05 09:00", 5),
    )
    (point,) = [point for point in state.watch if point.track == "duty"]
    return tick(state, point.alert_id).state


@pytest.mark.parametrize("make", [online, between_agencies, waiting])
def test_a_state_with_duties_and_holders_is_read_back_as_it_was_written(make: Any) -> None:
    state = make()
    assert state.duty
    read = codec.decode_dossier_state(codec.encode_state(state))
    assert read == state
    assert codec.encode_state(read) == codec.encode_state(state)


def test_the_public_state_names_holders_and_duty() -> None:
    data = json.loads(codec.encode_state(between_agencies()))
    assert data["duty"] == "step_overdue"
    assert [holder["agency"] for holder in data["holders"]] == ["LG.HCC", "LG.SXD"]
    assert (data["holders"][0]["late"], data["holders"][1]["until"]) == (True, None)
    assert data["intake_standing"] == "on_time"


def test_the_outcome_of_a_duty_is_written_and_read() -> None:
    state = dossier(step("03-02 09:00", 1, channel="2"))
    (outcome,) = tick(state, state.watch[0].alert_id).outcomes
    raw = codec.encode_outcome(outcome, "dossier")
    assert codec.decode_outcome(raw) == outcome
    data = json.loads(raw)["data"]
    assert (data["outcome"], data["alert"]) == ("duty_raised", "intake_overdue")
    assert data["due_at"] == "2026-03-03T09:00:00+07:00"
