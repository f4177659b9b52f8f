"""One chunk of a following agent as a pure function: states and records in, states and outcomes out."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from casework import dossiers, feedback
from casework.feedback_texts import decided
from casework.outcomes import Outcome, Step
from casework.rules import Rules
from casework.watchpoints import by_id
from streams import codec
from streams.codec import InvalidInput, Tick
from streams.codec.errors import invalid
from streams.codec.states import Watched
from streams.first_action import first_action

FEW_PARTS = 25  # so many of the largest events that can be read make no state of this size
_CROSSING = frozenset({"opened", "erased"})  # of these the other lane may have to learn
LARGEST_STATE = 900_000  # bytes; a batch of the producer takes 1 MiB
_TOO_LARGE = invalid("$", "case_too_large", "hồ sơ hay phản ánh này đã có quá nhiều sự kiện")
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
    """What differs between dossiers and feedback: how a case is read, folded and written.

    `rewatched` is what the watch reads of `refold`, from key, state as written and its watched part.
    """

    name: str
    read_state: Callable[[bytes], State]
    read_event: Callable[[bytes], tuple[str, Event]]
    apply: Callable[[State | None, str, Sequence[Event], Rules], Step[State]]
    tick: Callable[[State, str], Step[State]]
    refold: Callable[[State, Rules], Step[State]]
    rewatched: Callable[[bytes, bytes, Watched, Rules], Watched]


def _dossier_event(value: bytes) -> tuple[str, dossiers.Transition]:
    event = codec.decode_event(value)
    return event.dossier_code, event.transition


def _feedback_event(value: bytes) -> tuple[str, feedback.FeedbackEvent]:
    feedback_id, _, event = codec.decode_feedback_event(value)
    return feedback_id, event


def _dossier_rewatched(key: bytes, _: bytes, watched: Watched, rules: Rules) -> Watched:
    transitions = codec.decode_transitions(watched.transitions)
    return watched.moved(*dossiers.rewatched(key.decode(), transitions, rules)) if transitions else watched


def _feedback_rewatched(_: bytes, value: bytes, __: Watched, rules: Rules) -> Watched:
    return Watched.of(feedback.refold(codec.decode_feedback_state(value), rules).state)


DOSSIERS = CaseKind(
    "dossier", codec.decode_dossier_state, _dossier_event, dossiers.apply, dossiers.tick, dossiers.refold,
    _dossier_rewatched,
)  # fmt: skip
FEEDBACK = CaseKind(
    "feedback", codec.decode_feedback_state, _feedback_event, feedback.apply, feedback.tick, feedback.refold,
    _feedback_rewatched,
)  # fmt: skip


class Left(NamedTuple):
    """A case that has left a lane, and what people decided there that its state does not keep."""

    state: feedback.FeedbackState
    events: list[feedback.FeedbackEvent]


@dataclass(slots=True)
class Advanced:
    """What a chunk comes to: encoded states by key, outcomes in order, unreadable records with the reason.

    `taken` says of feedback whose first action was read now its urgency and how many seconds it had waited.
    `watched` is what the watch reads of each of these states, before (None for a new case) and after. `raised` are the
    outcomes that raised something at a moment that came while the case was watched; `opened` the events that opened a
    piece of feedback, `to_cross` the cases that were opened or erased, repeats included. `events` are new events of
    the cases themselves, with case and source. `left` are decisions on cases that have left the lane, by case.
    `dropped` are keys of cases that are no longer kept.
    """

    states: dict[bytes, bytes] = field(default_factory=dict)
    watched: dict[bytes, tuple[Watched | None, Watched]] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    dead: list[tuple[Any, InvalidInput]] = field(default_factory=list)
    raised: list[Outcome] = field(default_factory=list)
    opened: list[tuple[str, feedback.FeedbackEvent]] = field(default_factory=list)
    to_cross: list[str] = field(default_factory=list)
    events: list[tuple[str, feedback.FeedbackEvent, str]] = field(default_factory=list)
    left: dict[str, Left] = field(default_factory=dict)
    dropped: list[bytes] = field(default_factory=list)

    taken: dict[bytes, tuple[str, float]] = field(default_factory=dict)

    def note(self, code: str, before: Any, events: Sequence[Any], after: Any) -> None:
        """Notes what the events of a case say beside its state."""
        if not isinstance(after, feedback.FeedbackState):
            return
        self.opened += [(code, event) for event in events if event.type == "opened"]
        if any(event.type in _CROSSING for event in events):
            self.to_cross.append(code)
        if left := decided(after, chain(before.history if before else (), events)):
            self.left[code] = Left(after, left)

    def keep(self, key: bytes, before: Any, after: Any) -> None:
        """Notes the state of a case that has changed."""
        self.states[key] = codec.encode_state(after)
        self.watched[key] = (Watched.of(before) if before else None, Watched.of(after))
        if isinstance(after, feedback.FeedbackState) and (first := first_action(before, after)):
            self.taken[key] = first


Current = Callable[[bytes], bytes | None]


def advance(
    kind: CaseKind[Any, Any], rules: Rules, current: Current, records: Sequence[Any], ticks_topic: str
) -> Advanced:
    """Folds the records into the states of their cases; events of one case are folded together, before its ticks.

    Events with which a state would outgrow Kafka's batch are set aside, or the worker could never go on.
    """
    done = Advanced()
    for code, (events, events_from, ticks) in _by_case(kind, records, ticks_topic, done).items():
        key = code.encode()
        state = before = _read(kind, current, key)
        if events:
            step = kind.apply(state, code, events, rules)
            if _outgrows(step.state):
                done.dead += [(record, _TOO_LARGE) for record in events_from]
            else:
                state = step.state
                done.outcomes += step.outcomes
                done.note(code, before, events, state)
        for tick in ticks:
            if state is not None:
                state = _ticked(kind, rules, code, state, tick, done)
        if state is not None and state != before:
            done.keep(key, before, state)
    return done


def _outgrows(state: Any) -> bool:
    parts = state.transitions if isinstance(state, dossiers.DossierState) else state.history
    return len(parts) > FEW_PARTS and len(codec.encode_state(state)) > LARGEST_STATE


def fold_again(kind: CaseKind[Any, Any], rules: Rules, rows: Iterable[tuple[bytes, bytes]], done: Advanced) -> None:
    """The cases of these keys and states, folded under the rules in force: added to `done`."""
    for key, stored in rows:
        before = kind.read_state(stored)
        done.keep(key, before, _under(kind, rules, before, done))


def _read(kind: CaseKind[Any, Any], current: Current, key: bytes) -> Any:
    stored = current(key)
    return kind.read_state(stored) if stored else None


def _under(kind: CaseKind[Any, Any], rules: Rules, state: Any, done: Advanced) -> Any:
    """The state under the rules in force."""
    if state.rules == rules.hash:
        return state
    step = kind.refold(state, rules)
    done.outcomes += step.outcomes
    return step.state


def _ticked(kind: CaseKind[Any, Any], rules: Rules, code: str, state: Any, tick: Tick, done: Advanced) -> Any:
    """The state after a tick; one whose moment has moved back meanwhile says nothing, the watch knows the new one."""
    state = _under(kind, rules, state, done)
    point = by_id(state.watch, tick.alert_id)
    if point is None or point.moment > tick.moment:
        return state
    step = kind.tick(state, tick.alert_id)
    done.outcomes += step.outcomes
    done.events += [(code, event, event.source or state.source) for event in step.events]
    if not tick.late:
        done.raised += step.outcomes
    return step.state


def _by_case(
    kind: CaseKind[Any, Any], records: Iterable[Any], ticks_topic: str, done: Advanced
) -> Mapping[str, tuple[list[Any], list[Any], list[Tick]]]:
    """By case its events, the records that they came in, and its ticks."""
    cases: dict[str, tuple[list[Any], list[Any], list[Tick]]] = defaultdict(lambda: ([], [], []))
    for record in records:
        try:
            if record.topic == ticks_topic:
                code, tick = _tick(record)
                cases[code][2].append(tick)
            else:
                code, event = kind.read_event(record.value or b"")
                events, events_from, _ = cases[code]
                events.append(event)
                events_from.append(record)
        except InvalidInput as error:
            done.dead.append((record, error))
    return cases


def _tick(record: Any) -> tuple[str, Tick]:
    try:
        code = str(record.key, "utf-8")
    except (UnicodeDecodeError, TypeError):
        raise invalid("$", "bad_tick", "tín hiệu nhắc hạn không có mã hồ sơ hay phản ánh") from None
    return code, codec.decode_tick(record.value or b"")
