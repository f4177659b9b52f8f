"""What the OpenAPI document says of bodies and answers: routes read bodies themselves, so FastAPI cannot know."""

from typing import Any

from casework.labels import DOMAINS, KINDS, LANES, URGENCIES
from desk.web.accounts import ROLES
from streams.codec.feedback import CHANNELS, LONGEST_LINK, LONGEST_TEXT, MOST_LINKS

Schema = dict[str, Any]


def text(longest: int = 300) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": longest}


def choice(*codes: str) -> Schema:
    return {"type": "string", "enum": list(codes)}


def record(required: tuple[str, ...], **properties: Schema) -> Schema:
    """An object with these fields; others may be there and are ignored."""
    return {"type": "object", "required": list(required), "properties": properties}


ID: Schema = {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"}
OWN_ID = ID | {"description": "mã riêng của hệ thống nguồn; người dùng bỏ trống, mã đã là của phản ánh khác thì 409"}
MOMENT: Schema = {"type": "string", "description": "RFC 3339, yyyyMMddHHmmss hoặc d/m/yyyy h:mm", "examples": [
    "2026-09-14T08:30:00+07:00"]}  # fmt: skip
ERROR = record(("errors",), errors={"type": "array", "minItems": 1, "items": record(
    ("field", "message"), field={"type": "string"}, message={"type": "string"})})  # fmt: skip
SEALED = record(("key_id", "sealed"), key_id=text(64), sealed={"type": "string"})
FEEDBACK = record(
    ("text", "channel"), text=text(LONGEST_TEXT), channel=choice(*CHANNELS), feedback_id=OWN_ID, received_at=MOMENT,
    agency=text(), area=text(), address=text(500), external_id=text(200), anonymous={"type": "boolean"},
    latitude={"type": "number", "minimum": -90, "maximum": 90},
    longitude={"type": "number", "minimum": -180, "maximum": 180},
    reporter={"anyOf": [record((), name=text(), phone=text(50), email=text(), address=text(500)), SEALED]},
    attachments={"type": "array", "maxItems": MOST_LINKS, "items": text(LONGEST_LINK)},
)  # fmt: skip
_STATUS: Schema = {
    "anyOf": [{"type": "integer", "minimum": 1, "maximum": 10}, {"type": "string", "pattern": "^(10|[1-9])$"}]
}
OWN_NAMES = record(
    ("dossier_code", "status", "occurred_at"), dossier_code=text(64), status=_STATUS, occurred_at=MOMENT,
    received_at=MOMENT, due_at=MOMENT, finished_at=MOMENT, rescheduled_to=MOMENT, apologised_at=MOMENT,
    procedure_code=text(32), field=text(), agency=text(), level={"type": "string"}, channel={"type": "string"},
)  # fmt: skip
NATIONAL = record(
    ("MaHoSo", "TrangThai"), MaHoSo=text(64), TrangThai=_STATUS, ThoiDiemXuLy=MOMENT, NgayTiepNhan=MOMENT,
    NgayHenTra=MOMENT, NgayKetThucXuLy=MOMENT, MaTTHC=text(32), DonViXuLy=text(), KenhThucHien={"type": "string"},
)  # fmt: skip
DECISION = record(
    ("type",), type={"type": "string", "pattern": "^feedback\\.[a-z_]+$"}, text=text(20_000), agency=text(),
    until=MOMENT, accepted_at=MOMENT, document_number=text(100), door=text(100), reason=text(100), into=ID,
    rating=choice("like", "dislike", "neutral"), domain=choice(*DOMAINS), kind=choice(*KINDS), lane=choice(*LANES),
    urgency=choice(*URGENCIES),
)  # fmt: skip
PROPOSAL = record(("text",), text=text(20_000), area=text(), address=text())
ACCOUNT = record(("id", "role"), id=ID, role=choice(*ROLES), agency=text())


def one_or_more(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "items": item, "maxItems": 1000}]}


def body(schema: Schema) -> Schema:
    """For `openapi_extra`: the JSON that a route takes."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def query(*names: str) -> Schema:
    """For `openapi_extra`: filters that a route reads from its address."""
    return {"parameters": [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]}


def answer(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def answers(status: int, schema: Schema) -> dict[int | str, Schema]:
    """For `responses`: the good answer, and the one shape of all refusals."""
    return {status: answer("Đã nhận" if status == 202 else "Kết quả", schema)} | REFUSALS


def taken(id_field: str) -> dict[int | str, Schema]:
    """The answers to a post: of one item, or line by line of a list."""
    line = record(("status",), status={"type": "integer"}, errors=ERROR["properties"]["errors"], **{id_field: text()})
    lines: Schema = {"type": "array", "items": line}
    return answers(202, record((id_field,), **{id_field: text()})) | {207: answer("Từng mục một", lines)}


REFUSALS: dict[int | str, Schema] = {
    "4XX": answer("Yêu cầu không được nhận: trường nào, vì sao, sửa thế nào", ERROR),
    503: answer("Chưa ghi được; gửi lại sau số giây ở Retry-After", ERROR),
}
