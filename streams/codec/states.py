"""States, outcomes and ticks as they stand on the wire."""

from collections.abc import Callable, Iterable
from dataclasses import Field, fields
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar

import msgspec

from casework.dossiers import DossierState, Transition
from casework.feedback import FeedbackEvent, FeedbackState
from casework.feedback_state import CLOSED_STAGES
from casework.outcomes import Outcome
from casework.watchpoints import Track, Watchpoint, still_stands
from streams.codec import sources
from streams.codec.envelope import UNREADABLE, encode_envelope
from streams.codec.errors import invalid
from streams.codec.fields import is_usable

Record = TypeVar("Record")
_encode = msgspec.json.Encoder().encode


def _reader(record: type[Record]) -> Callable[[bytes], Record]:
    decode = msgspec.json.Decoder(record).decode

    def read(value: bytes) -> Record:
        """Raises InvalidInput."""
        try:
            return decode(value)
        except UNREADABLE:
            raise invalid("$", "bad_state", "trạng thái đã lưu không đúng cấu trúc") from None

    return read


decode_dossier_state = _reader(DossierState)
decode_feedback_state = _reader(FeedbackState)


class _Happened(msgspec.Struct, frozen=True):
    type: str


class Watched(msgspec.Struct, frozen=True):
    """The part of any state that the deadline watch and the counts of open cases read."""

    watch: tuple[Watchpoint, ...] = ()
    alert: str | None = None
    alert_id: str | None = None
    duty: str | None = None
    duty_id: str | None = None
    escalation: str | None = None
    escalation_id: str | None = None
    clock: str = ""
    stage: str = ""
    source: str = ""
    rules: str = ""
    history: tuple[_Happened, ...] = ()
    transitions: msgspec.Raw = msgspec.Raw()

    @classmethod
    def of(cls, state: DossierState | FeedbackState) -> "Watched":
        """The same part of a state at hand."""
        if isinstance(state, DossierState):
            return cls(watch=state.watch, alert=state.alert, alert_id=state.alert_id, duty=state.duty,
                       duty_id=state.duty_id, clock=state.clock, source=state.source, rules=state.rules)  # fmt: skip
        erased = tuple(_Happened(event.type) for event in state.history if event.type == "erased")
        return cls(watch=state.watch, alert=state.alert, alert_id=state.alert_id, escalation=state.escalation,
                   escalation_id=state.escalation_id, stage=state.stage, source=state.source, rules=state.rules,
                   history=erased)  # fmt: skip

    def moved(self, clock: str, watch: tuple[Watchpoint, ...]) -> "Watched":
        """The same dossier with another watch: what stood stays where it is still true."""
        alert = still_stands(self.watch, watch, self.alert_id)
        duty = still_stands(self.watch, watch, self.duty_id)
        return msgspec.structs.replace(
            self, watch=watch, clock=clock, alert=self.alert if alert else None,
            alert_id=self.alert_id if alert else None, duty=self.duty if duty else None,
            duty_id=self.duty_id if duty else None,
        )  # fmt: skip

    def stands(self, track: Track) -> tuple[str | None, str | None]:
        """Name and id of what stands on a track; both None where nothing does."""
        if track == "alert":
            return self.alert, self.alert_id
        return (self.duty, self.duty_id) if track == "duty" else (self.escalation, self.escalation_id)

    @property
    def counted(self) -> bool:
        """The heartbeat's cases are in no figure and alert nobody."""
        return self.source != sources.HEARTBEAT

    @property
    def closed(self) -> bool:
        ended = self.clock in ("ended", "refused") or self.stage in CLOSED_STAGES or self.stage == "moved"
        return (ended and self.alert is None) or any(event.type == "erased" for event in self.history)


decode_watched = _reader(Watched)
decode_transitions = _reader(tuple[Transition, ...])


class Tick(msgspec.Struct, frozen=True):
    """The watch's message to the agent that owns the case: the moment of this watchpoint, of whatever track, has come.

    `late`: it was past already when the case's event arrived, so the delay says nothing about this system.
    """

    alert_id: str
    moment: datetime
    late: bool = False


_tick = msgspec.json.Decoder(Tick)


def decode_tick(value: bytes) -> Tick:
    """Raises InvalidInput, also for a moment that no moment of a case can be compared with."""
    try:
        tick = _tick.decode(value)
    except UNREADABLE:
        raise invalid("$", "bad_tick", "tín hiệu nhắc hạn không đúng cấu trúc") from None
    if not is_usable(tick.moment):
        raise invalid("moment", "bad_date", "thời điểm phải có múi giờ và năm hợp lý")
    return tick


def encode_tick(tick: Tick) -> bytes:
    return _encode(tick)


def _written(record: type, *, sparse: bool) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """A struct with the fields of a dataclass, and what reads them: several times faster than one dictionary a record.

    `sparse` leaves empty fields out: transitions and history make up most of a state.
    """
    names = [field.name for field in fields(record)]
    spec: list[Any] = [(field.name, Any, _empty(field)) if sparse else (field.name, Any) for field in fields(record)]
    return msgspec.defstruct(record.__name__, spec, omit_defaults=sparse), attrgetter(*names)


def _empty(field: Field[Any]) -> object:
    return () if field.default == () else "" if field.default == "" else None


_DOSSIER = (_written(DossierState, sparse=False), _written(Transition, sparse=True), "transitions")
_FEEDBACK = (_written(FeedbackState, sparse=False), _written(FeedbackEvent, sparse=True), "history")


def encode_state(state: DossierState | FeedbackState) -> bytes:
    """A state as bare JSON, with the repeated records sparse."""
    (whole, read), (part, read_part), inner = _DOSSIER if isinstance(state, DossierState) else _FEEDBACK
    record = whole(*read(state))
    setattr(record, inner, [part(*read_part(item)) for item in getattr(state, inner)])
    return _encode(record)


class _OutcomeData(msgspec.Struct, omit_defaults=True, kw_only=True, rename={"from_": "from"}):
    outcome: str
    case_id: str
    at: datetime
    agency: str | None = None
    field: str | None = None
    domain: str | None = None
    alert: str | None = None
    alert_id: str | None = None
    due_at: datetime | None = None
    stage: str | None = None
    standing: str | None = None
    standing_766: str | None = None
    rule: str | None = None
    from_: str | None = None
    to: str | None = None
    cause: str | None = None


class _OutcomeEnvelope(msgspec.Struct, kw_only=True):
    id: str
    source: str
    data: _OutcomeData


_outcome = msgspec.json.Decoder(_OutcomeEnvelope)
_OUTCOME_FIELDS = tuple(_OutcomeData.__struct_fields__)


def encode_outcome(outcome: Outcome, kind: str) -> bytes:
    """An outcome as an envelope of type `dossier.outcome` or `feedback.outcome`; `kind` is the first word."""
    data = _OutcomeData(**{name: getattr(outcome, name) for name in _OUTCOME_FIELDS})
    return encode_envelope(
        id=outcome.id,
        source=outcome.source,
        type=f"{kind}.outcome",
        subject=outcome.case_id,
        time=outcome.at,
        data=data,
    )


def encode_told(outcomes: Iterable[Outcome], kind: str) -> bytes:
    """What a state is kept with: its outcomes, one after the other in a JSON array."""
    return b"[%s]" % b",".join(encode_outcome(outcome, kind) for outcome in outcomes)


def decode_told(value: bytes) -> list[bytes]:
    """The outcomes as they were encoded."""
    return [bytes(outcome) for outcome in msgspec.json.decode(value, type=list[msgspec.Raw])]


def decode_outcome(value: bytes) -> Outcome:
    envelope = _outcome.decode(value)
    data = {name: getattr(envelope.data, name) for name in _OUTCOME_FIELDS}
    return Outcome(id=envelope.id, source=envelope.source, **data)
