"""From the bytes of a record to the row of its table: only what pages filter by is read out of the JSON."""

from datetime import datetime
from typing import Any

import msgspec

from casework.calendar import VIETNAM


class _Dossier(msgspec.Struct):
    dossier_code: str
    source: str | None = None
    clock: str | None = None
    standing: str | None = None
    standing_766: str | None = None
    alert: str | None = None
    due: str | None = None
    due_at: datetime | None = None
    received_at: datetime | None = None
    ended_at: datetime | None = None
    agency: str | None = None
    field: str | None = None
    level: str | None = None
    channel: str | None = None
    procedure_code: str | None = None


class _Due(msgspec.Struct):
    accept: datetime | None = None
    answer: datetime | None = None
    publish: datetime | None = None


class _Feedback(msgspec.Struct):
    feedback_id: str
    source: str | None = None
    stage: str | None = None
    alert: str | None = None
    alert_stage: str | None = None
    domain: str | None = None
    kind: str | None = None
    lane: str | None = None
    urgency: str | None = None
    agency: str | None = None
    channel: str | None = None
    area: str | None = None
    received_at: datetime | None = None
    due: _Due = msgspec.field(default_factory=_Due)


class _OutcomeData(msgspec.Struct):
    outcome: str
    case_id: str
    at: datetime
    agency: str | None = None


class _Outcome(msgspec.Struct):
    id: str
    source: str
    data: msgspec.Raw


_dossier = msgspec.json.Decoder(_Dossier).decode
_feedback = msgspec.json.Decoder(_Feedback).decode
_outcome = msgspec.json.Decoder(_Outcome).decode
_outcome_data = msgspec.json.Decoder(_OutcomeData).decode


def dossier_row(_key: str, value: bytes) -> dict[str, Any]:
    """Row of `dossiers`. Raises msgspec.DecodeError, which no state of our own agents causes."""
    row = msgspec.structs.asdict(_dossier(value)) | {"state": value.decode()}
    for name in ("due_at", "received_at", "ended_at"):
        row[name] = comparable(row[name])
    return row


def feedback_row(_key: str, value: bytes) -> dict[str, Any]:
    """Row of `feedback` or `restricted`."""
    state = _feedback(value)
    row = {name: getattr(state, name) for name in _FEEDBACK_COLUMNS}
    row |= {f"due_{stage}": comparable(getattr(state.due, stage)) for stage in _Due.__struct_fields__}
    return row | {"received_at": comparable(state.received_at), "state": value.decode()}


_FEEDBACK_COLUMNS = tuple(name for name in _Feedback.__struct_fields__ if name != "due")


def text_key(key: str) -> tuple[str, str]:
    """Feedback id and event id of a key of `*.texts`."""
    feedback_id, _, event_id = key.partition("/")
    return feedback_id, event_id


def text_row(key: str, value: bytes) -> dict[str, Any]:
    """Row of `feedback_texts` or `restricted_texts`."""
    feedback_id, event_id = text_key(key)
    return {"feedback_id": feedback_id, "event_id": event_id, "value": value.decode()}


def outcome_row(topic: str, value: bytes) -> dict[str, Any]:
    """Row of `outcomes` or `restricted_outcomes`."""
    envelope = _outcome(value)
    data = _outcome_data(envelope.data)
    return {
        "id": envelope.id, "topic": topic, "case_id": data.case_id, "outcome": data.outcome, "at": comparable(data.at),
        "agency": data.agency, "source": envelope.source, "data": bytes(envelope.data).decode(),
    }


def comparable(moment: datetime | None) -> str | None:
    """Vietnam time to the second, so that text sorts as time does whatever offset the wire had."""
    return None if moment is None else moment.astimezone(VIETNAM).isoformat(timespec="seconds")


def is_heartbeat(key: str) -> bool:
    """Heartbeat cases are measured, never shown or counted."""
    return key.startswith("HB-")
