"""From the bytes of a record to the row of its table: only what pages filter by is read out of the JSON."""

from datetime import datetime
from typing import Any

import msgspec

from casework.calendar import VIETNAM
from streams.codec.sources import BEAT

CONFIRMED, CHANGED = "confirmed", "changed"


class _Point(msgspec.Struct):
    alert_id: str
    due_at: datetime


class _Dossier(msgspec.Struct):
    dossier_code: str
    source: str | None = None
    clock: str | None = None
    standing: str | None = None
    standing_766: str | None = None
    alert: str | None = None
    duty: str | None = None
    duty_id: str | None = None
    due: str | None = None
    due_at: datetime | None = None
    received_at: datetime | None = None
    ended_at: datetime | None = None
    agency: str | None = None
    field: str | None = None
    level: str | None = None
    channel: str | None = None
    procedure_code: str | None = None
    violations: tuple[str, ...] = ()
    watch: tuple[_Point, ...] = ()


class _Due(msgspec.Struct):
    accept: datetime | None = None
    answer: datetime | None = None
    publish: datetime | None = None


class _Happened(msgspec.Struct):
    id: str
    type: str
    at: datetime
    place: tuple[float, float] | None = None
    domain: str | None = None
    abstained: bool | None = None
    model_version: str | None = None


class _Feedback(msgspec.Struct):
    feedback_id: str
    source: str | None = None
    stage: str | None = None
    alert: str | None = None
    alert_stage: str | None = None
    escalation: str | None = None
    domain: str | None = None
    kind: str | None = None
    lane: str | None = None
    urgency: str | None = None
    agency: str | None = None
    channel: str | None = None
    area: str | None = None
    received_at: datetime | None = None
    violations: tuple[str, ...] = ()
    due: _Due = msgspec.field(default_factory=_Due)
    history: tuple[_Happened, ...] = ()


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
    state = _dossier(value)
    row = {name: getattr(state, name) for name in _DOSSIER_COLUMNS}
    owed = (point.due_at for point in state.watch if point.alert_id == state.duty_id)
    moments = {name: getattr(state, name) for name in _DOSSIER_MOMENTS} | {"duty_due_at": next(owed, None)}
    row["violations"] = words(state.violations)
    return row | {name: comparable(moment) for name, moment in moments.items()} | {"state": value.decode()}


_DOSSIER_MOMENTS = ("due_at", "received_at", "ended_at")
_DOSSIER_COLUMNS = tuple(
    name for name in _Dossier.__struct_fields__ if name not in {"duty_id", "violations", "watch", *_DOSSIER_MOMENTS}
)


def feedback_row(_key: str, value: bytes) -> dict[str, Any]:
    """Row of `feedback` or `restricted`."""
    state = _feedback(value)
    row = {name: getattr(state, name) for name in _FEEDBACK_COLUMNS}
    moments = {f"due_{stage}": getattr(state.due, stage) for stage in _Due.__struct_fields__}
    moments |= {"received_at": state.received_at, "closed_at": _closed_at(state)}
    moments["erased_at"] = max((event.at for event in state.history if event.type == "erased"), default=None)
    opened = next((event for event in state.history if event.type == "opened"), None)
    row |= _opening(opened) | {"checked": _checked(opened, state.history), "violations": words(state.violations)}
    return row | {name: comparable(moment) for name, moment in moments.items()} | {"state": value.decode()}


_FEEDBACK_APART = {"due", "history", "received_at", "violations"}
_FEEDBACK_COLUMNS = tuple(name for name in _Feedback.__struct_fields__ if name not in _FEEDBACK_APART)


def _opening(opened: _Happened | None) -> dict[str, Any]:
    """What the first `opened` says, and what the classifier proposed with it; all null before it has come."""
    return {
        "place": place_text(opened.place if opened else None),
        "opening_id": opened.id if opened else None,
        "proposed": opened.domain if opened else None,
        "abstained": "yes" if opened and opened.abstained else None,
        "model_version": opened.model_version if opened else None,
    }


def _checked(opened: _Happened | None, history: tuple[_Happened, ...]) -> str | None:
    """`CONFIRMED` or `CHANGED` by the last domain that a person chose; null where nobody has."""
    chosen = [event.domain for event in history if event.type == "corrected" and event.domain]
    if opened is None or not chosen:
        return None
    return CONFIRMED if chosen[-1] == opened.domain else CHANGED


def _closed_at(state: _Feedback) -> datetime | None:
    """When the case was answered, or published where that is later; null of one that is open or ended otherwise."""
    closed: datetime | None = None
    stage = ""
    for event in state.history:
        if event.type == "reopened":
            closed, stage = None, ""
        elif (event.type == "answered" and not stage) or (event.type == "published" and stage != event.type):
            closed, stage = event.at, event.type
    return closed if state.stage in {"answered", "published"} else None


def words(codes: tuple[str, ...]) -> str | None:
    """Several codes as one value, that can be counted as it is and split at its blanks; null where there is none."""
    return " ".join(codes) or None


def place_text(place: tuple[float, float] | None) -> str | None:
    """A rounded latitude and longitude as one value that can be compared; `place_of` reads it again."""
    return None if place is None else f"{place[0]} {place[1]}"


def place_of(text: str | None) -> tuple[float, float] | None:
    """What `place_text` wrote."""
    if text is None:
        return None
    latitude, longitude = text.split()
    return float(latitude), float(longitude)


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
        "id": envelope.id,
        "topic": topic,
        "case_id": data.case_id,
        "outcome": data.outcome,
        "at": comparable(data.at),
        "agency": data.agency,
        "source": envelope.source,
        "data": bytes(envelope.data).decode(),
    }


def comparable(moment: datetime | None) -> str | None:
    """Vietnam time to the second, so that text sorts as time does whatever offset the wire had."""
    return None if moment is None else moment.astimezone(VIETNAM).isoformat(timespec="seconds")


def is_heartbeat(key: str) -> bool:
    """Heartbeat cases are measured, never shown or counted."""
    return key.startswith(BEAT)
