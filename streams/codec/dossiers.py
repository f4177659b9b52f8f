"""Dossier events: national payloads and our own names in, clean transitions out."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from casework.dossiers import ListedSupplement, Transition
from casework.errors import InvalidField
from streams.codec.envelope import (
    UNREADABLE,
    decode_envelope,
    decode_object,
    encode_envelope,
    is_envelope,
    open_envelope,
    stable_id,
)
from streams.codec.errors import invalid
from streams.codec.fields import END_OF_DAY, Reader, is_usable, moment, word
from streams.codec.sources import check_code

TYPE = "dossier.status_changed"
BARE_SOURCE = "/dvcqg"
NO_DATE = ("0001-01-01", "00010101")
MOST_LISTED = 20
_LISTED = ("NgayBoSung", "NgayTiepNhanBoSung", "NgayHenTraTruoc", "NgayHenTraMoi")
STATUSES = tuple(str(number) for number in range(1, 11))
LEVELS = ("province", "district", "commune", "vertical")
ALIASES = {
    "dossier_code": ("MaHoSo",),
    "status": ("TrangThai", "TrangThaiHoSo"),
    "occurred_at": ("ThoiDiemXuLy",),
    "received_at": ("NgayTiepNhan",),
    "due_at": ("NgayHenTra",),
    "finished_at": ("NgayKetThucXuLy",),
    "step_due_at": ("NgayKetThucTheoQuyDinh",),
    "procedure_code": ("MaTTHC",),
    "field": ("MaLinhVuc", "TenLinhVuc"),
    "agency": ("DonViXuLy",),
    "channel": ("KenhThucHien",),
}


class StatusChanged(msgspec.Struct, frozen=True):
    """One event of a dossier as admitted: its own id and source, whose it is, and the transition."""

    id: str
    source: str
    dossier_code: str
    transition: Transition


class _Data(msgspec.Struct, omit_defaults=True, kw_only=True):
    dossier_code: str
    status: int
    occurred_at: datetime
    received_at: datetime | None = None
    due_at: datetime | None = None
    finished_at: datetime | None = None
    rescheduled_to: datetime | None = None
    apologised_at: datetime | None = None
    step_due_at: datetime | None = None
    procedure_code: str | None = None
    field: str | None = None
    agency: str | None = None
    level: str | None = None
    channel: str | None = None
    listed: tuple[ListedSupplement, ...] = ()
    odd: tuple[str, ...] = ()


_data = msgspec.json.Decoder(_Data)
_MOMENT_OF = {
    1: "NgayNopHoSo",
    2: "NgayTiepNhan",
    3: "NgayTuChoi",
    4: "NgayTiepNhan",
    9: "NgayKetThucXuLy",
    10: "NgayTra",
}
_CARRIED = (
    "received_at",
    "due_at",
    "finished_at",
    "rescheduled_to",
    "apologised_at",
    "step_due_at",
    "procedure_code",
    "field",
    "agency",
    "level",
    "channel",
    "listed",
    "odd",
)


def parse_status_changed(data: Mapping[str, Any]) -> tuple[str, Transition]:
    """Code and transition of `dossier.status_changed` data or of a bare national payload.

    Personal fields are not read, so they go no further. Raises InvalidInput naming every field at fault.
    """
    named = _canonical(data)
    reader = Reader(named)
    code = reader.required("dossier_code", partial(word, longest=64))
    status = reader.required("status", _status)
    odd: list[str] = []
    at = reader.optional("occurred_at", moment) or _other_moment(reader, status, data)
    deadline = partial(moment, day_means=END_OF_DAY)
    transition = dict(
        received_at=reader.optional("received_at", moment),
        due_at=reader.optional("due_at", deadline),
        finished_at=reader.optional("finished_at", moment),
        rescheduled_to=reader.optional("rescheduled_to", deadline),
        apologised_at=reader.optional("apologised_at", moment),
        step_due_at=reader.optional("step_due_at", deadline),
        procedure_code=reader.optional("procedure_code", partial(word, longest=32)),
        field=reader.optional("field", partial(word, longest=300)),
        agency=reader.optional("agency", partial(word, longest=300)),
        level=_listed(named, "level", LEVELS, odd),
        channel=_listed(named, "channel", ("1", "2", "3"), odd),
    )
    reader.finish()
    assert code is not None and status is not None and at is not None  # noqa: S101 - finish() raised otherwise
    return code, Transition(at=at, status=status, listed=_supplements(data), odd=tuple(odd), **transition)  # type: ignore[arg-type]


def _canonical(data: Mapping[str, Any]) -> dict[str, Any]:
    # systems written in .NET send their smallest date where they mean none
    named = {name: value for name, value in data.items() if not str(value).startswith(NO_DATE)}
    data = dict(named)
    for name, aliases in ALIASES.items():
        for alias in aliases:
            if named.get(name) in (None, "") and data.get(alias) not in (None, ""):
                named[name] = data[alias]
    return named


def _status(field: str, value: object) -> int:
    text = str(value).strip()
    if text not in STATUSES:
        raise InvalidField(field, "unknown_status", "trạng thái phải là một số từ 1 đến 10 theo danh mục quốc gia")
    return int(text)


def _listed(named: Mapping[str, Any], field: str, allowed: tuple[str, ...], odd: list[str]) -> str | None:
    """A code of a short list; what is not in it is odd, not unreadable."""
    value = named.get(field)
    if value in (None, ""):
        return None
    if str(value) in allowed:
        return str(value)
    odd.append(f"unknown_{field}")
    return None


def _other_moment(reader: Reader, status: int | None, data: Mapping[str, Any]) -> datetime | None:
    """The moment of an event without its own; the error says what is missing or wrong, once."""
    if reader.data.get("occurred_at"):
        return None
    wrong = len(reader.errors)
    value = reader.attempt(lambda: _national_moment(status or 0, data))
    if value is None and len(reader.errors) == wrong:
        return reader.required("occurred_at", moment)
    return reader.attempt(lambda: moment("occurred_at", value)) if value is not None else None


def _national_moment(status: int, data: Mapping[str, Any]) -> object:
    """The moment of a payload without ThoiDiemXuLy, by status; None where there is none (a dead letter)."""
    if status == 5:
        return _last_supplement(data, "NgayBoSung")
    after_supplement = _last_supplement(data, "NgayTiepNhanBoSung") if status in (2, 4) else None
    return after_supplement or data.get(_MOMENT_OF.get(status, ""))


def _supplements(data: Mapping[str, Any]) -> tuple[ListedSupplement, ...]:
    """DanhSachHoSoBoSung as it is shown; what is no moment in it is left out, for nothing is counted from it."""
    rows = data.get("DanhSachHoSoBoSung")
    if not isinstance(rows, list):
        return ()
    return tuple(
        ListedSupplement(*(_shown(row.get(name)) for name in _LISTED))
        for row in rows[-MOST_LISTED:]
        if isinstance(row, dict)
    )


def _shown(value: object) -> str:
    try:
        return moment("DanhSachHoSoBoSung", value).isoformat() if value else ""
    except InvalidField:
        return ""


def _last_supplement(data: Mapping[str, Any], field: str) -> object:
    rows = data.get("DanhSachHoSoBoSung")
    if not isinstance(rows, list):
        return None
    dates = [row[field] for row in rows if isinstance(row, dict) and row.get(field)]
    return max(dates, key=lambda date: moment(field, date), default=None)


def admit(value: bytes | None) -> StatusChanged:
    """A message of `dossier.intake`: an envelope, or a bare national payload. Raises InvalidInput."""
    message = decode_object(value)
    if is_envelope(message):
        id_, source, data = open_envelope(message, TYPE)
        code, transition = parse_status_changed(data)
    else:
        source = BARE_SOURCE
        code, transition = parse_status_changed(message)
        id_ = stable_id(code, transition.status, transition.at.isoformat())
    check_code("dossier_code", code, source)
    return StatusChanged(id=id_, source=source, dossier_code=code, transition=transition)


def encode_event(event: StatusChanged) -> bytes:
    """The clean envelope that goes to `dossier.events`."""
    transition = event.transition
    carried = {name: getattr(transition, name) for name in _CARRIED}
    data = _Data(dossier_code=event.dossier_code, status=transition.status, occurred_at=transition.at, **carried)
    return encode_envelope(
        id=event.id, source=event.source, type=TYPE, subject=event.dossier_code, time=transition.at, data=data
    )


def decode_event(value: bytes) -> StatusChanged:
    """A message of `dossier.events`. Raises InvalidInput."""
    envelope = decode_envelope(value)
    try:
        data = _data.decode(envelope.data)
    except UNREADABLE:
        raise invalid("data", "bad_data", "sự kiện hồ sơ không đúng cấu trúc") from None
    _check(data)
    carried = {name: getattr(data, name) for name in _CARRIED}
    transition = Transition(at=data.occurred_at, status=data.status, source=envelope.source, **carried)
    return StatusChanged(id=envelope.id, source=envelope.source, dossier_code=data.dossier_code, transition=transition)


def _check(data: _Data) -> None:
    """What the types cannot say of an event that does not come from our own agent."""
    if not data.dossier_code or str(data.status) not in STATUSES:
        raise invalid("data", "bad_data", "sự kiện hồ sơ thiếu mã hoặc có trạng thái ngoài danh mục")
    times = (data.occurred_at, data.received_at, data.due_at, data.finished_at, data.rescheduled_to, data.apologised_at,
             data.step_due_at)  # fmt: skip
    if not all(is_usable(at) for at in times if at is not None):
        raise invalid("data", "bad_date", "thời điểm phải có múi giờ và năm hợp lý")
