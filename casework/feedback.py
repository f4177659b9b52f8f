"""Feedback: what each event changes in the state of a case, and what there is to tell of it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from casework.escalation import TRACK, escalated
from casework.feedback_build import build
from casework.feedback_explaining import explain_feedback
from casework.feedback_limits import FeedbackLimit, FeedbackLimits, Profile, parse_limits
from casework.feedback_outcomes import tell
from casework.feedback_state import Alternative, FeedbackEvent, FeedbackState, StageDue
from casework.outcomes import Ledger, Outcome, Step
from casework.watchpoints import RANK, Watchpoint, by_id

if TYPE_CHECKING:
    from casework.rules import Rules

__all__ = [
    "Alternative",
    "FeedbackEvent",
    "FeedbackLimit",
    "FeedbackLimits",
    "FeedbackState",
    "Profile",
    "StageDue",
    "apply",
    "explain_feedback",
    "parse_limits",
    "refold",
    "tick",
]


def apply(
    state: FeedbackState | None, feedback_id: str, events: Sequence[FeedbackEvent], rules: "Rules"
) -> Step[FeedbackState]:
    """The state after `events`, in whatever order and however often they come, and what is new in it.

    What was folded under other rules is refolded first, and tells so.
    """
    old = state or FeedbackState(feedback_id=feedback_id, rules=rules.hash)
    if old.rules != rules.hash:
        refolded = refold(old, rules)
        step = apply(refolded.state, feedback_id, events, rules)
        return Step(step.state, refolded.outcomes + step.outcomes)
    history = _merged(old.history, events)
    if history == old.history:
        return Step(old)
    return tell(old, *build(old, history, rules), rules, max(event.at for event in [*events, *history[-1:]]))


def refold(state: FeedbackState, rules: "Rules") -> Step[FeedbackState]:
    """The state under other rules; `recalculated` outcomes name what changed in them for each due moment that moved."""
    if not state.history:
        return Step(replace(state, rules=rules.hash))
    cause = rules.cause_since(state.rules)
    return tell(state, *build(state, state.history, rules), rules, state.history[-1].at, cause)


def tick(state: FeedbackState, alert_id: str) -> Step[FeedbackState]:
    """Raise the alert of that id, where the case still has it and it is higher than the one that stands.

    A step of an escalation changes nothing yet: its event does, and those of the lower steps that were left out.
    """
    point, standing = by_id(state.watch, alert_id), by_id(state.watch, state.alert_id or "")
    if point is not None and point.track == TRACK:
        return Step(state, events=escalated(state, point))
    if point is None or (standing is not None and _height(point) <= _height(standing)):
        return Step(state)
    ledger = Ledger.of(state.feedback_id, state.counts)
    raised = Outcome(
        id=ledger.next_id("alert_raised", alert_id),
        outcome="alert_raised",
        case_id=state.feedback_id,
        at=point.moment,
        source=state.source,
        agency=state.agency,
        domain=state.domain,
        alert=point.alert,
        alert_id=alert_id,
        due_at=point.due_at,
        stage=point.stage,
    )
    alerted = replace(state, alert=point.alert, alert_id=alert_id, alert_stage=point.stage, counts=ledger.counts)
    return Step(alerted, (raised,))


def _height(point: Watchpoint) -> tuple[int, float]:
    return RANK[point.alert], -point.due_at.timestamp()


def _merged(history: Iterable[FeedbackEvent], events: Iterable[FeedbackEvent]) -> tuple[FeedbackEvent, ...]:
    """Distinct by id, in business order. Of two that share an id but differ, the same one whichever came first."""
    found = {event.id: event for event in history}
    for event in events:
        kept = found.setdefault(event.id, event)
        if kept != event:
            found[event.id] = min(kept, event, key=repr)
    return tuple(sorted(found.values(), key=lambda event: (event.at, event.id)))
