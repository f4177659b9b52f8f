"""What a step of a dossier tells: the difference between the state before and the state after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from casework.dossier_state import DossierState
from casework.outcomes import Ledger, Outcome
from casework.watchpoints import Watchpoint, by_id

TRACKS = ("alert", "duty")


def told(state: DossierState, ledger: Ledger, outcome: str, about: str, at: datetime, **details: Any) -> Outcome:
    """One outcome about an alert id or a rule, counted in the ledger."""
    return Outcome(
        id=ledger.next_id(outcome, about),
        outcome=outcome,
        case_id=state.dossier_code,
        at=at,
        source=state.source,
        agency=state.agency,
        field=state.field,
        **details,
    )


def differences(
    before: DossierState, after: DossierState, moments: Mapping[str, datetime], ledger: Ledger
) -> list[Outcome]:
    """Retracted alert and duty, closing, violations, flags. `moments` tells when each violation or flag arose."""
    last = after.transitions[-1].at
    outcomes: list[Outcome] = []
    if before.alert_id != after.alert_id or before.duty_id != after.duty_id:
        outcomes += [one for track in TRACKS for one in _retracted(before, after, track, ledger, last)]
    if after.ended_at is not None and _closing(before) != _closing(after):
        outcomes.append(_closed(after, ledger, after.ended_at))
    if before.violations != after.violations:
        outcomes += _violations(before, after, moments, ledger)
    for rule in after.flags:
        if rule not in before.flags:
            outcomes.append(told(after, ledger, "flagged", rule, moments[rule], rule=rule))
    return outcomes


def raised(state: DossierState, ledger: Ledger, point: Watchpoint) -> Outcome:
    """The alert or duty of a watchpoint, at the moment since which it is true."""
    about = {"alert": point.alert, "alert_id": point.alert_id, "due_at": point.due_at}
    return told(state, ledger, f"{point.track}_raised", point.alert_id, point.moment, **about)


def _retracted(before: DossierState, after: DossierState, track: str, ledger: Ledger, last: datetime) -> list[Outcome]:
    """What stood on a track of the watch and stands no more."""
    id_ = getattr(before, f"{track}_id")
    if id_ is None or getattr(after, f"{track}_id") == id_:
        return []
    point = by_id(before.watch, id_)
    about = {"alert": getattr(before, track), "alert_id": id_, "due_at": point.due_at if point else None}
    return [told(after, ledger, f"{track}_retracted", id_, last, **about)]


def _closing(state: DossierState) -> tuple[datetime | None, str | None, str | None]:
    return state.ended_at, state.standing, state.standing_766


def _closed(state: DossierState, ledger: Ledger, ended_at: datetime) -> Outcome:
    judged = {"due_at": state.due_at, "standing": state.standing, "standing_766": state.standing_766}
    return told(state, ledger, "closed", "", ended_at, **judged)


def _violations(
    before: DossierState, after: DossierState, moments: Mapping[str, datetime], ledger: Ledger
) -> list[Outcome]:
    last = after.transitions[-1].at
    new = [rule for rule in after.violations if rule not in before.violations]
    gone = [rule for rule in before.violations if rule not in after.violations]
    return [told(after, ledger, "violation", rule, moments[rule], rule=rule) for rule in new] + [
        told(after, ledger, "violation_retracted", rule, last, rule=rule) for rule in gone
    ]
