"""What each state must say by the inputs alone, field by field."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from tests.support import oracle_dossiers, oracle_feedback
from tests.support.oracle_dossiers import Limits
from tests.support.oracle_facts import FLAGS, facts
from tests.support.oracle_walk import Step, Walk

State = Mapping[str, Any]
# fields that the release before this one does not write
LATER = {"holders", "stood", "counted_from", "counted_to", "committed_due", "intake_standing", "first_sent_at",
         "directed", "ratings"}  # fmt: skip
RANK = {"due_soon": 1, "apology_due": 2, "overdue": 3}


def of_dossier(
    code: str, steps: list[Step], state: State, now: datetime, limits: Limits | None = None
) -> Iterator[str]:
    """The fields of a dossier's state that are not what its steps come to."""
    found, ordered = oracle_dossiers.walk(steps, limits), oracle_dossiers.merged(steps)
    true = _dossier(found, ordered, now) | facts(code, ordered, found, limits)
    yield from _compared(code, true, _of_dossier(state))


def of_feedback(case: str, events: list[oracle_feedback.Event], state: State, now: datetime) -> Iterator[str]:
    """The fields of the state of a piece of feedback that are not what its events come to."""
    yield from _compared(case, _feedback(case, events, now), _of_feedback(state))


def _dossier(found: Walk, ordered: list[Step], now: datetime) -> dict[str, Any]:
    come = [moment for moment in found.alerts() if moment.since <= now]
    duty = found.duty()
    return {
        "transitions": [step[:2] for step in ordered], "clock": found.clock,
        "received_at": found.received, "first_due": _day(found.first),
        "due": _day(found.due), "due_at": found.due_at, "ended_at": found.ended,
        "standing": found.standing, "standing_766": found.standing_766, "supplements": found.supplements,
        "rescheduled": found.moved_to is not None, "violations": sorted(found.violations),
        "alert": max((moment.name for moment in come), key=RANK.__getitem__, default=None),
        "duty": duty.name if duty and duty.since <= now else None, "holders": found.desks.shown(),
        "intake_due_at": found.intake and found.intake.due_at,
        "intake_standing": found.intake and found.intake.standing, "committed_due": _day(found.committed()),
    }  # fmt: skip


def _of_dossier(state: State) -> dict[str, Any]:
    moments = {name: _moment(state[name]) for name in ("received_at", "due_at", "ended_at", "intake_due_at")}
    transitions = [(_moment(one["at"]), one["status"]) for one in state["transitions"]]
    flags = [flag for flag in state["flags"] if flag in FLAGS]
    return {**state, **moments, **_holders(state), "transitions": transitions, "flags": flags}


def _feedback(case: str, events: list[oracle_feedback.Event], now: datetime) -> dict[str, Any]:
    marks = sorted({event[:3] for event in events if event.type in {"moved", "brought", "released"}})
    if marks and marks[-1][2] == "moved":
        return {"stage": "moved", "alert": None}
    found = oracle_feedback.walk(events)
    history = sorted({event.id for event in events})
    if found is None:
        return {"events": history, "stage": "received", "alert": None}
    erased = any(event.type == "erased" for event in events)
    come = [] if erased else [point for point in found.alerts() if point.since <= now]
    top = max(come, key=lambda point: (RANK[point.name], -point.due_at.timestamp()), default=None)
    step = None if erased else found.escalation(now)
    deadlines = {stage: found.deadline(stage) for stage in oracle_feedback.STAGES}
    return {
        "events": history, "stage": found.stage, "received_at": found.received, "transfers": found.transfers,
        "violations": sorted(found.violations), "alert": top and top.name, "alert_stage": top and top.stage,
        "due": {stage: deadline and deadline.at for stage, deadline in deadlines.items()}, "holders": found.holders,
        "reopened": found.reopened, "urged": found.urged, "directed": found.directed, "ratings": dict(found.ratings),
        "agency": found.agency or found.home, "escalation": step and step[0],
        "escalation_id": step and f"{case}:escalation:{step[1]}:{step[0]}",
    }  # fmt: skip


def _of_feedback(state: State) -> dict[str, Any]:
    due = {stage: _moment(state["due"][stage]) for stage in oracle_feedback.STAGES}
    events = sorted({event["id"] for event in state["history"]})
    moments = {name: _moment(state[name]) for name in ("received_at", "directed") if name in state}
    return {**state, **_holders(state), **moments, "due": due, "events": events}


def _holders(state: State) -> dict[str, list[tuple[Any, ...]]]:
    """Each holding as a row with its moments; a release that writes none has none to compare."""
    rows = [tuple(_moment(value) if name in {"since", "until", "due_at"} else value for name, value in one.items())
            for one in state.get("holders", ())]  # fmt: skip
    return {"holders": rows} if "holders" in state else {}


def _compared(case: str, true: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """What differs or is missing, but for a field that the release before this one does not write."""
    for name, value in true.items():
        stands = found.get(name, value if name in LATER else "missing")
        if stands != value:
            yield f"{case}: {name} is {_shown(stands)}, must be {_shown(value)}"


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{' '.join(map(_shown, value))}]"
    return str(value.isoformat() if isinstance(value, datetime) else value)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
