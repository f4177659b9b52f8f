"""Figures over many dossiers: what share would meet a shorter limit (rà soát, cắt giảm thời gian giải quyết)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from casework.calendar import VIETNAM
from casework.counting import due
from casework.dossier_state import DossierState
from casework.rules import Rules


@dataclass(frozen=True, slots=True)
class CutShare:
    """Of `judged` dossiers that a procedure's limit applies to, how many ended within the limit cut by `percent`."""

    percent: int
    judged: int
    met: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; null where there is nothing to judge."""
        return self.met / self.judged if self.judged else None


def meets_cut(state: DossierState, percent: int, rules: Rules) -> bool | None:
    """Whether an ended dossier was done within its procedure's limit cut by `percent` (0-90).

    Counted as the limit itself is: from receipt or from the last restart after a supplement, payments waited for taken
    out, to the end or, where it was ended while it waited, to the stop; by date or, for limits in hours, by the moment.
    Null for what is not ended or has no limit to cut.
    """
    procedure = rules.procedures.get(state.procedure_code or "")
    limit = procedure.cut(percent) if procedure else None
    if limit is None or state.counted_to is None or state.counted_from is None:
        return None
    calendar = rules.calendar.for_agency(state.agency)
    deadline = due(state.counted_from, limit, calendar, rules.hours_for(state.agency))
    last = calendar.add_working(deadline.date, state.stood) if state.stood else deadline.date
    if deadline.by_moment:
        return state.counted_to <= datetime.combine(last, deadline.at.astimezone(VIETNAM).timetz())
    return state.counted_to.astimezone(VIETNAM).date() <= last


def cut_share(states: Iterable[DossierState], percent: int, rules: Rules) -> CutShare:
    """The share of the dossiers that would have met the cut."""
    judged = [meets for state in states if (meets := meets_cut(state, percent, rules)) is not None]
    return CutShare(percent, len(judged), sum(judged))
