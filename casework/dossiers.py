"""The steps of a dossier: transitions arrive, an alert falls due, the rules change."""

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from casework.dossier_alerts import watchpoints
from casework.dossier_explain import explain_dossier
from casework.dossier_facts import facts_of
from casework.dossier_fold import fold, walked
from casework.dossier_intake import intake
from casework.dossier_merge import merge, trim
from casework.dossier_outcomes import differences, raised, told
from casework.dossier_result import folded
from casework.dossier_state import ClockName, DossierState, Holding, ListedSupplement, Transition
from casework.dossier_timeline import timeline
from casework.outcomes import Ledger, Outcome, Step
from casework.rules import Rules
from casework.watchpoints import RANK, Watchpoint, by_id

__all__ = [
    "DossierState",
    "Holding",
    "ListedSupplement",
    "Transition",
    "apply",
    "explain_dossier",
    "refold",
    "rewatched",
    "tick",
    "timeline",
]


_NEW = DossierState(dossier_code="")
# what the law says of a dossier; the rest of a state describes it, or is how this program writes it down
_judgement = attrgetter(
    "clock", "due_at", "first_due", "committed_due", "intake_due_at", "intake_standing", "standing", "standing_766",
    "violations", "flags", "holders", "watch",
)  # fmt: skip


def apply(state: DossierState | None, code: str, new: Sequence[Transition], rules: Rules) -> Step[DossierState]:
    """The dossier after `new` transitions, in whatever order and however often they arrive.

    Alerts are never raised here, only retracted, when what stood is no longer true. Without any transition the dossier
    stays as it was. What was folded under other rules is refolded first, and tells so.
    """
    before = state or _NEW
    refolded: tuple[Outcome, ...] = ()
    if before.transitions and before.rules != rules.hash:
        told = refold(before, rules)
        state = before = told.state
        refolded = told.outcomes
    transitions = trim(merge(before.transitions, new))
    if transitions == before.transitions:
        return Step(state or DossierState(dossier_code=code), refolded)
    after, outcomes = _folded(before, code, transitions, rules, Ledger.of(code, before.counts))
    return Step(after, (*refolded, *outcomes))


def tick(state: DossierState, alert_id: str) -> Step[DossierState]:
    """The dossier after the moment of a watchpoint has come.

    The alert is raised where the state still has that watchpoint and it is higher than what stands, or of another date;
    a raise replaces what stood without a retraction. A duty is raised beside it. Otherwise nothing happens.
    """
    point = by_id(state.watch, alert_id)
    if point is None or not _replaces(state, point):
        return Step(state)
    ledger = Ledger.of(state.dossier_code, state.counts)
    outcome = raised(state, ledger, point)
    counted = replace(state, counts=ledger.counts)
    if point.track == "duty":
        return Step(replace(counted, duty=point.alert, duty_id=alert_id), (outcome,))
    return Step(replace(counted, alert=point.alert, alert_id=alert_id), (outcome,))


def refold(state: DossierState, rules: Rules) -> Step[DossierState]:
    """The dossier under changed rules; `recalculated` names what changed in them and the due dates, if any moved."""
    if not state.transitions:
        return Step(state)
    ledger = Ledger.of(state.dossier_code, state.counts)
    after, outcomes = _folded(state, state.dossier_code, state.transitions, rules, ledger)
    if _judgement(state) == _judgement(after):
        return Step(after, tuple(outcomes))
    return Step(after, (_recalculated(state, after, ledger, rules.cause_since(state.rules)), *outcomes))


def rewatched(code: str, transitions: Sequence[Transition], rules: Rules) -> tuple[ClockName, tuple[Watchpoint, ...]]:
    """Clock and watch of a dossier as `refold` would have them, in half the time: nothing else is put together."""
    facts = facts_of(transitions, rules)
    course = walked(transitions, facts, rules)
    taken_in = intake(transitions, course.received_at, facts, rules)
    return course.clock, watchpoints(code, course, taken_in, rules.settings)


def _folded(
    before: DossierState, code: str, transitions: tuple[Transition, ...], rules: Rules, ledger: Ledger
) -> tuple[DossierState, list[Outcome]]:
    """The state and what it has to tell. The ledger's counts are the state's: what is told next counts there too."""
    facts = facts_of(transitions, rules)
    course = fold(code, transitions, facts, rules)
    after = folded(before, facts, course, rules, transitions=transitions, ledger=ledger)
    return after, differences(before, after, {**course.flags, **course.violations}, ledger)


def _replaces(state: DossierState, point: Watchpoint) -> bool:
    if point.track == "duty":
        return point.alert_id != state.duty_id
    stands = by_id(state.watch, state.alert_id) if state.alert_id else None
    if stands is None or stands.due_at != point.due_at:
        return True
    return RANK[point.alert] > RANK[stands.alert]


def _recalculated(before: DossierState, after: DossierState, ledger: Ledger, cause: str) -> Outcome:
    dates = {"from_": _due(before), "to": _due(after), "due_at": after.due_at}
    return told(after, ledger, "recalculated", cause, after.transitions[-1].at, cause=cause, **dates)


def _due(state: DossierState) -> str | None:
    return state.due.isoformat() if state.due else None
