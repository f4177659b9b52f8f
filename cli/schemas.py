"""JSON Schemas (draft 2020-12) of everything on the wire, made from the types and tables that read and write it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args, get_type_hints

import msgspec

from casework import labels
from casework.dossiers import DossierState, Holding, Transition
from casework.feedback import Alternative, FeedbackEvent, FeedbackState, StageDue
from casework.outcomes import Outcome
from casework.watchpoints import RANK, Watchpoint
from desk.web.rights import OPTIONAL, REQUIRED
from streams.codec import Reason, Received, Text, Tick
from streams.codec.dossiers import ALIASES, LEVELS, TYPE
from streams.codec.feedback import CHANNELS, LONGEST_TEXT, RECEIVED

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
INNER = (Transition, Holding, Watchpoint, StageDue, Alternative, FeedbackEvent, Reason)
OPENED = (
    "received_at", "channel", "agency", "area", "place", "kind", "domain", "confidence", "alternatives", "abstained",
    "lane", "urgency", "model_version",
)  # fmt: skip
ESCALATED = ("to",)
BY_STATUS = ("NgayNopHoSo", "NgayTiepNhan", "NgayTuChoi", "NgayKetThucXuLy", "NgayTra", "DanhSachHoSoBoSung")
MOMENT: Schema = {
    "type": ["string", "integer"],
    "description": "RFC 3339, yyyyMMdd[HHmm[ss]] or d/m/yyyy [h:mm[:ss]]; without an offset Asia/Ho_Chi_Minh.",
    "examples": ["2026-09-14T08:30:00+07:00", "20260914083000", "14/9/2026 8:30"],
}
WORD: Schema = {"type": ["string", "integer"]}
WRITTEN: Schema = {"type": "string", "format": "date-time"}


def schemas() -> dict[str, Schema]:
    """Every schema by its name."""
    events = {f"feedback.{type_}": feedback_event(type_) for type_ in labels.EVENTS}
    found = {
        TYPE: _envelope(TYPE, status_data()),
        f"{TYPE}.bare": status_data(),
        f"{TYPE}.clean": _envelope(TYPE, clean_status_data()),
        RECEIVED: _envelope(RECEIVED, received_data()),
        **events,
        "text": _of(Text),
        "text.headers": text_headers(),
        "dossier.state": _of(DossierState),
        "feedback.state": _of(FeedbackState),
        "dossier.outcome": _envelope("dossier.outcome", outcome_data()),
        "feedback.outcome": _envelope("feedback.outcome", outcome_data()),
        "tick": _of(Tick),
        "dead-letter.headers": dead_letter_headers(),
    }
    return {name: {"$schema": DIALECT, "$id": f"urn:langnghe:{name}", **schema} for name, schema in found.items()}


def status_data() -> Schema:
    """What a system may send of a dossier: our own names or the national ones."""
    own = {name: dict(WORD) for name in ("dossier_code", "procedure_code", "field", "agency")}
    own |= {name: dict(MOMENT) for name in _dated(Transition) if name != "at"} | {"occurred_at": dict(MOMENT)}
    own["status"] = {"type": ["integer", "string"], "pattern": r"^\s*0*([1-9]|10)\s*$", "minimum": 1, "maximum": 10}
    own["level"] = {"type": "string", "examples": list(LEVELS)}
    own["channel"] = {"type": ["integer", "string"], "examples": ["1", "2", "3"]}
    national = {alias: {**own[name], "title": name} for name, aliases in ALIASES.items() for alias in aliases}
    moments = ("occurred_at", *ALIASES["occurred_at"], *BY_STATUS)
    return {
        "type": "object",
        "properties": _nullable({**own, **national}, keep=("dossier_code", "status")),
        "allOf": [_any_of("dossier_code", *ALIASES["dossier_code"]), _any_of("status", *ALIASES["status"]),
                  _any_of(*moments)],
    }  # fmt: skip


def clean_status_data() -> Schema:
    """What stands on `dossier.events`."""
    schema = _of(Transition)
    properties = {name: value for name, value in schema["properties"].items() if name not in ("at", "source")}
    properties |= {"dossier_code": {"type": "string"}, "occurred_at": WRITTEN}
    properties["status"] = {"type": "integer", "minimum": 1, "maximum": 10}
    required = ["dossier_code", "status", "occurred_at"]
    return {"type": "object", "properties": properties, "required": required, "$defs": schema["$defs"]}


def received_data() -> Schema:
    """`feedback.received` data."""
    schema = _of(Received)
    properties = schema["properties"]
    properties["text"] |= {"minLength": 1, "maxLength": LONGEST_TEXT, "pattern": r"\S"}
    properties["channel"] |= {"enum": list(CHANNELS)}
    properties["feedback_id"] = {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"}
    properties["received_at"] = dict(MOMENT)
    properties |= {name: dict(WORD) for name in ("agency", "area", "address", "external_id")}
    properties["latitude"] = {"type": "number", "minimum": -90, "maximum": 90}
    properties["longitude"] = {"type": "number", "minimum": -180, "maximum": 180}
    properties["reporter"] = {"anyOf": [_reporter(), _sealed()]}
    properties["attachments"] = {"type": "array", "items": {"type": "string"}}
    return {**schema, "properties": _nullable(properties, keep=("text", "channel"))}


def feedback_event(type_: str) -> Schema:
    """The envelope of one event of feedback; none has room for a text."""
    known = _of(FeedbackEvent)
    own = {"opened": OPENED, "escalated": ESCALATED}
    names = own.get(type_) or (*REQUIRED.get(type_, ()), *OPTIONAL.get(type_, ()))
    properties = {name: known["properties"][name] for name in ("at", "by", *names)}
    data = {
        "type": "object",
        "properties": {"feedback_id": {"type": "string"}, **properties, "text": False},
        "required": ["feedback_id", "at", "by", *REQUIRED.get(type_, ())],
    }
    return _envelope(f"feedback.{type_}", data | ({"$defs": known["$defs"]} if "alternatives" in names else {}))


def outcome_data() -> Schema:
    """Data of an outcome: the fields of `Outcome` that do not stand in the envelope."""
    schema = _of(Outcome)
    named = {name.rstrip("_"): value for name, value in schema["properties"].items() if name not in ("id", "source")}
    return {"type": "object", "properties": named, "required": ["outcome", "case_id", "at"]}


def text_headers() -> Schema:
    """Headers of a text that a move brought to its lane, and of a tombstone that followed one, as text."""
    since = {"type": "string", "format": "date-time", "description": "Moment of the move, in UTC. A text or tombstone "
             "of an earlier move, or a text of none, changes nothing; a tombstone without it always does."}  # fmt: skip
    return {"type": "object", "description": "Values are UTF-8 bytes.", "properties": {"since": since}}


def dead_letter_headers() -> Schema:
    """Headers of a dead letter, as text."""
    return {
        "type": "object",
        "description": "Values are UTF-8 bytes. The reason is a code and a field, never a value.",
        "properties": {
            "origin": {"type": "string", "pattern": r"^[^/]+/\d+/\d+$", "description": "topic/partition/offset"},
            "reason": {"type": "string", "pattern": r"^[a-z_]+ \S+$"},
            "time": WRITTEN,
        },
        "required": ["origin", "reason", "time"],
    }


def _envelope(type_: str, data: Schema) -> Schema:
    """CloudEvents 1.0 in structured mode around `data`."""
    definitions = data.pop("$defs", None)
    word = {"type": "string", "minLength": 1}
    schema = {
        "type": "object",
        "properties": {"specversion": {"const": "1.0"}, "id": word, "source": word, "type": {"const": type_},
                       "subject": {"type": "string"}, "time": WRITTEN, "data": data},
        "required": ["specversion", "id", "source", "type", "data"],
    }  # fmt: skip
    return schema | ({"$defs": definitions} if definitions else {})


def _of(type_: type) -> Schema:
    """The schema of a type of the code, its moments marked as such."""
    [_], components = msgspec.json.schema_components([type_], ref_template="#/$defs/{name}")
    for known in (type_, *INNER):
        if known.__name__ in components:
            _mark(components[known.__name__], known)
    schema: Schema = components.pop(type_.__name__)
    return schema | ({"$defs": components} if components else {})


def _mark(schema: Schema, type_: type) -> None:
    schema["description"] = " ".join(schema.get("description", "").split())
    properties = schema["properties"]
    for name in set(_dated(type_)) & properties.keys():
        properties[name] = WRITTEN if properties[name] == {"type": "string"} else {"anyOf": [WRITTEN, {"type": "null"}]}
    if "alert" in properties:
        properties["alert"] = {"enum": list(RANK) if properties["alert"] == {"type": "string"} else [*RANK, None]}
    for name, words in (("lane", labels.LANES), ("kind", labels.KINDS), ("urgency", labels.URGENCIES)):
        if name in properties:
            properties[name] = {**properties[name], "examples": list(words)}


def _dated(type_: type) -> list[str]:
    return [name for name, hint in get_type_hints(type_).items() if datetime in (hint, *get_args(hint))]


def _any_of(*names: str) -> Schema:
    return {"anyOf": [{"required": [name]} for name in names]}


def _nullable(properties: Mapping[str, Any], keep: tuple[str, ...]) -> Schema:
    """Optional fields may also be null or an empty string: both mean that nothing is known."""
    names = {*keep, *(alias for name in keep for alias in ALIASES.get(name, ()))}
    empty = [{"type": "null"}, {"const": ""}]
    return {name: value if name in names else {"anyOf": [value, *empty]} for name, value in properties.items()}


def _reporter() -> Schema:
    """Who sent it, in the open: sealed by `classify` before anything is kept."""
    names = ("name", "phone", "email", "address")
    return {"type": "object", "properties": {name: {"type": "string"} for name in names}}


def _sealed() -> Schema:
    """Sealed with the desk's public key: a libsodium sealed box in base64."""
    properties = {"key_id": {"type": "string"}, "sealed": {"type": "string", "contentEncoding": "base64"}}
    return {"type": "object", "properties": properties, "required": ["key_id", "sealed"]}
