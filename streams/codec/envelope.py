"""CloudEvents 1.0 in structured JSON mode, UTF-8 and NFC."""

import hashlib
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from streams.codec.errors import InvalidInput, invalid

BACKFILL_HEADER = ("backfill", b"1")
_ARRIVED = "arrived"
LONGEST_NAME = 1_000  # characters of an id or a source
LARGEST_EVENT = 32_768  # bytes; what our own agents write is half of it at most


class Envelope(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One event on the wire. `data` is kept raw until its type is known."""

    specversion: str = msgspec.field(name="specversion", default="")
    id: str
    source: str
    type: str
    subject: str = ""
    time: datetime | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")


# source of a record that was refused, None where it cannot be read, and the reason: code and field
Refused = tuple[str | None, str]
_envelope = msgspec.json.Decoder(Envelope)
# nesting deeper than any decoder goes is as unreadable as bad syntax
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_object = msgspec.json.Decoder(dict[str, Any])
_encode = msgspec.json.Encoder().encode


def carried(headers: Iterable[tuple[str, bytes]]) -> tuple[tuple[str, bytes], ...]:
    """The headers of an intake message that go on with it: whatever else senders write there stays behind."""
    return tuple(header for header in map(tuple, headers) if header == BACKFILL_HEADER)


def on_its_way(headers: Iterable[tuple[str, bytes]], arrived: int) -> tuple[tuple[str, bytes], ...]:
    """The headers with which a message goes on that came to its intake topic at `arrived`, milliseconds since 1970."""
    return (*carried(headers), (_ARRIVED, b"%d" % arrived))


def arrived_at(headers: Iterable[tuple[str, bytes]]) -> float | None:
    """Seconds since 1970 that `on_its_way` wrote; null of backfill and of what came to no intake topic."""
    found = dict(headers)
    written = found.get(_ARRIVED, b"")
    return int(written) / 1000 if written.isdigit() and BACKFILL_HEADER[0] not in found else None


def stable_id(*parts: object) -> str:
    """A deterministic id of 32 hexadecimal digits made from what identifies a thing."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]


def encode_envelope(*, id: str, source: str, type: str, subject: str, time: datetime, data: object) -> bytes:  # noqa: A002
    """One envelope as bytes; `data` is any value that msgspec can encode."""
    return _encode(
        Envelope(
            specversion="1.0",
            id=id,
            source=source,
            type=type,
            subject=subject,
            time=time,
            data=msgspec.Raw(_encode(data)),
        )
    )


def decode_envelope(value: bytes) -> Envelope:
    """Raises InvalidInput where the bytes are no envelope, or more than an event of ours can be."""
    if len(value) > LARGEST_EVENT:
        raise invalid("$", "too_large", f"sự kiện lớn hơn {LARGEST_EVENT:,} byte")
    try:
        envelope = _envelope.decode(value)
    except UNREADABLE:
        raise invalid("$", "not_envelope", "không phải sự kiện CloudEvents dạng JSON") from None
    _check_name("id", envelope.id)
    _check_name("source", envelope.source)
    return envelope


def _check_name(field: str, value: str) -> None:
    """An id and a source stay with the case for ever, and PostgreSQL takes no NUL."""
    if len(value) > LONGEST_NAME:
        raise invalid(field, "too_long", f"dài quá {LONGEST_NAME} ký tự")
    if not value.isprintable():
        raise invalid(field, "bad_value", "có ký tự không in được; chỉ dùng chữ, số và dấu")


def decode_object(value: bytes | None) -> dict[str, Any]:
    """Any JSON object, its strings in NFC. Raises InvalidInput where the bytes are not one."""
    try:
        text = (value or b"").decode()
        found = _object.decode(text)
        if "\\u" in text or not unicodedata.is_normalized("NFC", text):
            found = {_nfc(name): _nfc(item) for name, item in found.items()}
    except UNREADABLE:
        raise invalid("$", "not_json", "không phải một đối tượng JSON mã hóa UTF-8") from None
    return found


def _nfc(value: Any) -> Any:
    """Strings in NFC, also those that were written as escapes."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_nfc(item) for item in value]
    if isinstance(value, dict):
        return {_nfc(name): _nfc(item) for name, item in value.items()}
    return value


def is_envelope(value: dict[str, Any]) -> bool:
    return "specversion" in value


def source_of(value: bytes | None) -> str | None:
    """The source of an envelope, also of one that is refused for something else; None where none can be read."""
    try:
        message = decode_object(value)
    except InvalidInput:
        return None
    source = message.get("source") if is_envelope(message) else None
    return source if isinstance(source, str) and source else None


def open_envelope(value: dict[str, Any], expected: str) -> tuple[str, str, dict[str, Any]]:
    """Id, source and data of an envelope already decoded as an object, its type checked."""
    if value.get("type") != expected:
        raise invalid("type", "unknown_type", f"loại sự kiện phải là “{expected}”")
    if not isinstance(value.get("data"), dict):
        raise invalid("data", "bad_type", "phải có, và là một đối tượng JSON")
    for name in ("id", "source"):
        if not isinstance(value.get(name), str) or not value[name]:
            raise invalid(name, "missing", f"thiếu trường bắt buộc “{name}” của phong bì")
        _check_name(name, value[name])
    return value["id"], value["source"], value["data"]
