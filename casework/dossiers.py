"""The steps of a dossier: transitions arrive, an alert falls due, the rules change."""

from collections.abc import Sequence
from dataclasses import replace

from casework.dossier_explain import explain_dossier, timeline
from casework.dossier_facts import facts_of
from casework.dossier_fold import fold
from casework.dossier_merge import merge, trim
from casework.dossier_outcomes import differences, raised, told
from casework.dossier_result import folded
from casework.dossier_state import DossierState, Transition
from casework.outcomes import Ledger, Outcome, Step
from casework.rules import Rules
from casework.watchpoints import RANK, Watchpoint, by_id

__all__ = ["DossierState", "Transition", "apply", "explain_dossier", "refold", "tick", "timeline"]


def apply(state: DossierState | None, code: str, new: Sequence[Transition], rules: Rules) -> Step[DossierState]:
    """The dossier after `new` transitions, in whatever order and however often they arrive.

    Alerts are never raised here, only retracted, when what stood is no longer true. Without any transition the dossier
    stays as it was. What was folded under other rules is refolded first, and tells so with the cause `rules`.
    """
    before = state or DossierState(dossier_code=code)
    refolded: tuple[Outcome, ...] = ()
    if before.transitions and before.rules != rules.hash:
        told = refold(before, rules, "rules")
        before, refolded = told.state, told.outcomes
    transitions = trim(merge(before.transitions, new))
    if transitions == before.transitions:
        return Step(before, refolded)
    step = _step(before, transitions, rules)
    return Step(step.state, refolded + step.outcomes) if refolded else step


def tick(state: DossierState, alert_id: str) -> Step[DossierState]:
    """The dossier after the moment of a watchpoint has come.

    The alert is raised where the state still has that watchpoint and it is higher than what stands, or of another date;
    a raise replaces what stood without a retraction. Otherwise nothing happens.
    """
    point = by_id(state.watch, alert_id)
    if point is None or not _replaces(state, point):
        return Step(state)
    ledger = Ledger.of(state.dossier_code, state.counts)
    outcome = raised(state, ledger, point)
    return Step(replace(state, alert=point.alert, alert_id=alert_id, counts=ledger.counts), (outcome,))


def refold(state: DossierState, rules: Rules, cause: str) -> Step[DossierState]:
    """The dossier under changed rules; `recalculated` names the cause and the due dates where anything changed."""
    if not state.transitions:
        return Step(state)
    step = _step(state, state.transitions, rules)
    if not _changed(state, step.state):
        return step
    ledger = Ledger.of(state.dossier_code, step.state.counts)
    outcome = _recalculated(state, step.state, ledger, cause)
    return Step(replace(step.state, counts=ledger.counts), (outcome, *step.outcomes))


def _step(before: DossierState, transitions: tuple[Transition, ...], rules: Rules) -> Step[DossierState]:
    facts = facts_of(transitions, rules)
    course = fold(before.dossier_code, transitions, facts, rules)
    ledger = Ledger.of(before.dossier_code, before.counts)
    after = folded(before, facts, course, rules, transitions=transitions, counts=ledger.counts)
    outcomes = differences(before, after, {**course.flags, **course.violations}, ledger)
    return Step(after, tuple(outcomes))


def _replaces(state: DossierState, point: Watchpoint) -> bool:
    stands = by_id(state.watch, state.alert_id) if state.alert_id else None
    if stands is None or stands.due_at != point.due_at:
        return True
    return RANK[point.alert] > RANK[stands.alert]


def _changed(before: DossierState, after: DossierState) -> bool:
    return replace(before, rules=after.rules, counts=after.counts) != after


def _recalculated(before: DossierState, after: DossierState, ledger: Ledger, cause: str) -> Outcome:
    dates = {"from_": _due(before), "to": _due(after), "due_at": after.due_at}
    return told(after, ledger, "recalculated", cause, after.transitions[-1].at, cause=cause, **dates)


def _due(state: DossierState) -> str | None:
    return state.due.isoformat() if state.due else None
