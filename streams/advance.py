"""One chunk of a following agent as a pure function: states and records in, states and outcomes out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from casework import dossiers, feedback
from casework.outcomes import Outcome, Step
from casework.rules import Rules
from streams import codec
from streams.codec import InvalidInput, Tick
from streams.codec.errors import invalid
from streams.codec.states import Watched

RULES_CHANGED = "rules"
State = TypeVar("State", dossiers.DossierState, feedback.FeedbackState)
Event = TypeVar("Event", dossiers.Transition, feedback.FeedbackEvent)


class Record(Protocol):
    """What is read of a Kafka record."""

    @property
    def topic(self) -> str: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...


@dataclass(frozen=True)
class CaseKind(Generic[State, Event]):
    """What differs between dossiers and feedback: how a case is read, folded and written."""

    name: str
    read_state: Callable[[bytes], State]
    read_event: Callable[[bytes], tuple[str, Event]]
    apply: Callable[[State | None, str, Sequence[Event], Rules], Step[State]]
    tick: Callable[[State, str], Step[State]]
    refold: Callable[[State, Rules, str], Step[State]]


def _dossier_event(value: bytes) -> tuple[str, dossiers.Transition]:
    event = codec.decode_event(value)
    return event.dossier_code, event.transition


def _feedback_event(value: bytes) -> tuple[str, feedback.FeedbackEvent]:
    feedback_id, _, event = codec.decode_feedback_event(value)
    return feedback_id, event


DOSSIERS = CaseKind(
    "dossier", codec.decode_dossier_state, _dossier_event, dossiers.apply, dossiers.tick, dossiers.refold
)
FEEDBACK = CaseKind(
    "feedback", codec.decode_feedback_state, _feedback_event, feedback.apply, feedback.tick, feedback.refold
)


@dataclass(slots=True)
class Advanced:
    """What a chunk comes to: encoded states by key, outcomes in order, unreadable records with the reason.

    `watched` is what the watch reads of each of these states, before (None for a new case) and after.

    `raised` are the outcomes that raised an alert at a moment that came while the case was watched; `opened` the events
    that opened a piece of feedback, repeats included.
    """

    states: dict[bytes, bytes] = field(default_factory=dict)
    watched: dict[bytes, tuple[Watched | None, Watched]] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    dead: list[tuple[Any, InvalidInput]] = field(default_factory=list)
    raised: list[Outcome] = field(default_factory=list)
    opened: list[tuple[str, feedback.FeedbackEvent]] = field(default_factory=list)


def advance(
    kind: CaseKind[Any, Any],
    rules: Rules,
    current: Callable[[bytes], bytes | None],
    records: Iterable[Any],
    ticks_topic: str,
) -> Advanced:
    """Folds the records into the states of their cases; events of one case are folded together."""
    done = Advanced()
    for code, (events, ticks) in _by_case(kind, records, ticks_topic, done).items():
        key = code.encode()
        stored = current(key)
        state = before = kind.read_state(stored) if stored else None
        if events:
            step = kind.apply(state, code, events, rules)
            state = step.state
            done.outcomes += step.outcomes
            done.opened += [(code, event) for event in events if getattr(event, "type", None) == "opened"]
        for tick in ticks:
            if state is not None:
                step = kind.tick(state, tick.alert_id) if tick.alert_id else kind.refold(state, rules, RULES_CHANGED)
                state = _take(done, step, tick)
        if state is not None and state != before:
            done.states[key] = codec.encode_state(state)
            done.watched[key] = (Watched.of(before) if before else None, Watched.of(state))
    return done


def _by_case(
    kind: CaseKind[Any, Any], records: Iterable[Any], ticks_topic: str, done: Advanced
) -> dict[str, tuple[list[Any], list[Tick]]]:
    cases: dict[str, tuple[list[Any], list[Tick]]] = {}
    for record in records:
        try:
            if record.topic == ticks_topic:
                code, tick = _tick(record)
                cases.setdefault(code, ([], []))[1].append(tick)
            else:
                code, event = kind.read_event(record.value or b"")
                cases.setdefault(code, ([], []))[0].append(event)
        except InvalidInput as error:
            done.dead.append((record, error))
    return cases


def _tick(record: Any) -> tuple[str, Tick]:
    try:
        return str(record.key, "utf-8"), codec.decode_tick(record.value or b"")
    except (msgspec.DecodeError, UnicodeDecodeError, TypeError):
        raise invalid("$", "bad_tick", "tín hiệu nhắc hạn không đúng cấu trúc") from None


def _take(done: Advanced, step: Step[Any], tick: Tick) -> Any:
    done.outcomes += step.outcomes
    if not tick.late:
        done.raised += step.outcomes
    return step.state
