"""Feedback: what citizens send, the events of its life, and the texts that travel apart from them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

import msgspec

from casework.errors import InvalidField
from casework.feedback import FeedbackEvent
from streams.codec.envelope import (
    decode_envelope,
    decode_object,
    encode_envelope,
    is_envelope,
    open_envelope,
    stable_id,
)
from streams.codec.errors import InvalidInput, invalid
from streams.codec.fields import Reader, is_usable, moment, number, one_of, word
from streams.codec.sources import check_code

RECEIVED = "feedback.received"
BARE_SOURCE = "/kafka"
CHANNELS = ("hotline", "portal", "app", "zalo", "email", "letterbox", "in_person", "dialogue", "open311", "social")
LONGEST_TEXT = 100_000
MOST_LINKS, LONGEST_LINK = 100, 2_000
LARGEST_REPORTER = 20_000  # bytes as JSON
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_PREFIX = "feedback."


class Received(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`feedback.received` data, checked."""

    text: str
    channel: str
    feedback_id: str | None = None
    received_at: datetime | None = None
    agency: str | None = None
    area: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    address: str | None = None
    reporter: dict[str, Any] | None = None
    anonymous: bool = False
    attachments: tuple[str, ...] = ()
    external_id: str | None = None


class Reason(msgspec.Struct, frozen=True):
    """A span of the redacted text (code points) that weighed in the choice of the domain."""

    text: str
    start: int
    end: int
    weight: float


class Text(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A record of `*.texts`: redacted text, its reasons, and the sealed original.

    `opens` tells what came from the intake from what people wrote with their decisions.
    """

    feedback_id: str
    event_id: str
    text: str
    at: datetime | None = None
    source: str = ""
    opens: bool = False
    sealed: dict[str, str] | None = None
    reasons: tuple[Reason, ...] = ()
    lane_signals: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    external_id: str | None = None
    anonymous: bool = False
    attachments: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None


_SINCE = "since"
_MARK = "%Y-%m-%dT%H:%M:%S.%fZ"  # as text they sort as time does
_encode = msgspec.json.Encoder().encode
_text = msgspec.json.Decoder(Text)
_EVENT_FIELDS = tuple(field.name for field in fields(FeedbackEvent))


def feedback_id(field: str, value: object) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise InvalidField(
            field, "bad_value", "chỉ gồm 1 đến 64 chữ cái không dấu, chữ số, dấu chấm, gạch ngang, gạch dưới"
        )
    return value


def parse_received(data: Mapping[str, Any]) -> Received:
    """Checks `feedback.received` data. Raises InvalidInput naming every field at fault and its fix."""
    reader = Reader(data)
    text = reader.required("text", _citizen_text)
    channel = reader.required("channel", partial(one_of, allowed=CHANNELS))
    rest = dict(
        feedback_id=reader.optional("feedback_id", feedback_id),
        received_at=reader.optional("received_at", moment),
        agency=reader.optional("agency", partial(word, longest=300)),
        area=reader.optional("area", partial(word, longest=300)),
        latitude=reader.optional("latitude", partial(number, low=-90, high=90)),
        longitude=reader.optional("longitude", partial(number, low=-180, high=180)),
        address=reader.optional("address", partial(word, longest=500)),
        reporter=reader.optional("reporter", _mapping),
        anonymous=reader.optional("anonymous", _boolean) or False,
        attachments=reader.optional("attachments", _links) or (),
        external_id=reader.optional("external_id", partial(word, longest=200)),
    )
    reader.finish()
    assert text is not None and channel is not None  # noqa: S101 - finish() raised otherwise
    return Received(text=text, channel=channel, **rest)  # type: ignore[arg-type]


def _citizen_text(field: str, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidField(field, "bad_type", "nội dung phải là chuỗi ký tự")
    if not value.strip():
        raise InvalidField(field, "missing", "nội dung đang trống; hãy ghi lại lời người dân")
    if len(value) > LONGEST_TEXT:
        raise InvalidField(
            field, "too_long", f"nội dung dài quá {LONGEST_TEXT:,} ký tự; hãy gửi phần còn lại thành tệp đính kèm"
        )
    return value


def _mapping(field: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidField(field, "bad_type", "phải là đối tượng {name, phone, email, address} hoặc {key_id, sealed}")
    if not all(isinstance(item, str | int | float | None) for item in value.values()):
        raise InvalidField(field, "bad_type", "mỗi mục của đối tượng phải là chuỗi ký tự")
    if len(_encode(value)) > LARGEST_REPORTER:
        raise InvalidField(field, "too_long", f"lớn hơn {LARGEST_REPORTER:,} byte")
    return value


def _boolean(field: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidField(field, "bad_type", "phải là true hoặc false")
    return value


def _links(field: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(link, str) for link in value):
        raise InvalidField(field, "bad_type", "phải là danh sách đường dẫn")
    if len(value) > MOST_LINKS or any(len(link) > LONGEST_LINK for link in value):
        raise InvalidField(field, "too_long", f"nhiều nhất {MOST_LINKS} đường dẫn, mỗi cái {LONGEST_LINK:,} ký tự")
    return tuple(value)


class Admitted(NamedTuple):
    """A message of `feedback.intake`. `opening` is the id of the event that it becomes.

    Equal for whatever a source sends again; another's receipt, of another source or moment, never takes its place.
    """

    feedback_id: str
    source: str
    received: Received
    opening: str


def admit_received(value: bytes | None, position: str) -> Admitted:
    """What a message says; `position` is `topic/partition/offset`: what a bare one without an id is named after.

    Raises InvalidInput.
    """
    message = decode_object(value)
    if is_envelope(message):
        id_, source, data = open_envelope(message, RECEIVED)
        named = stable_id(source, id_)
    else:
        id_, source, data = position, BARE_SOURCE, message
        named = stable_id(position)
    received = parse_received(data)
    check_code("feedback_id", received.feedback_id or "", source)
    feedback_id = received.feedback_id or named
    receipt = received.received_at.astimezone(UTC).isoformat() if received.received_at else id_
    return Admitted(feedback_id, source, received, stable_id(feedback_id, "opened", source, receipt))


def with_id(value: bytes, position: str) -> bytes:
    """A message of `feedback.intake` that keeps, sent again, the id that it had by its first position."""
    try:
        message = decode_object(value)
    except InvalidInput:
        return value
    if is_envelope(message) or message.get("feedback_id"):
        return value
    return _encode(message | {"feedback_id": stable_id(position)})


def encode_received(received: Received, *, id: str, source: str, at: datetime) -> bytes:  # noqa: A002
    """The envelope that the web, `replay`, `import` and `demo` put on `feedback.intake`."""
    return encode_envelope(
        id=id, source=source, type=RECEIVED, subject=received.feedback_id or "", time=at, data=received
    )


def encode_feedback_event(feedback_id: str, event: FeedbackEvent, source: str) -> bytes:
    """The envelope of an event of feedback, without text."""
    data: dict[str, Any] = {"feedback_id": feedback_id}
    for name in _EVENT_FIELDS:
        value = getattr(event, name)
        if name not in ("id", "type", "source") and value not in (None, ()):
            data[name] = value
    return encode_envelope(
        id=event.id, source=source, type=_PREFIX + event.type, subject=feedback_id, time=event.at, data=data
    )


def decode_feedback_event(value: bytes) -> tuple[str, str, FeedbackEvent]:
    """Feedback id, source and event of a message of `*.events`. Raises InvalidInput."""
    envelope = decode_envelope(value)
    if not envelope.type.startswith(_PREFIX):
        raise invalid("type", "unknown_type", "không phải sự kiện của phản ánh")
    data = decode_object(bytes(envelope.data))
    data |= {"id": envelope.id, "type": envelope.type.removeprefix(_PREFIX), "source": envelope.source}
    try:
        event = msgspec.convert(data, FeedbackEvent)
        case_id = feedback_id("feedback_id", data["feedback_id"])
    except (msgspec.ValidationError, KeyError, InvalidField):
        raise invalid("data", "bad_data", "sự kiện phản ánh không đúng cấu trúc") from None
    times = (event.at, event.received_at, event.until, event.accepted_at)
    if not all(is_usable(at) for at in times if at is not None):
        raise invalid("data", "bad_date", "thời điểm phải có múi giờ và năm hợp lý")
    return case_id, envelope.source, event


def text_key(feedback_id: str, event_id: str) -> bytes:
    return f"{feedback_id}/{event_id}".encode()


def encode_text(text: Text) -> bytes:
    return _encode(text)


def mark(at: datetime) -> str:
    """A moment of a move as text that sorts as time does; the empty one is before all."""
    return at.astimezone(UTC).strftime(_MARK)


def since(mark: str) -> tuple[tuple[str, bytes], ...]:
    """The header of a text that a move brought to its lane at that mark, or of a tombstone that followed one."""
    return ((_SINCE, mark.encode()),)


def since_of(headers: Iterable[tuple[str, bytes]]) -> str | None:
    """The mark that `since` wrote; null of a text that was written in its lane, and of a tombstone of an erasure."""
    return next((value.decode() for name, value in headers if name == _SINCE), None)


def decode_text(value: bytes) -> Text:
    return _text.decode(value)
