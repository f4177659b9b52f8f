"""Which agency held a case from when to when: at no time two, and never back in time."""

from dataclasses import replace
from datetime import datetime

from casework.feedback_state import Holding

Holders = tuple[Holding, ...]


def handed(holders: Holders, agency: str | None, at: datetime) -> Holders:
    """`agency` has the case from `at` on, unless it has it already; who had it for no time at all never did."""
    last = holders[-1] if holders else None
    if last and last.until is None and last.agency == agency:
        return holders
    at = max(at, last.until or last.since) if last else at
    before = let_go(holders, at)
    if before and before[-1].agency == agency and before[-1].until == at:
        return (*before[:-1], replace(before[-1], until=None))
    return (*before, Holding(agency, at))


def let_go(holders: Holders, at: datetime) -> Holders:
    """Nobody has the case any more from `at` on."""
    if not holders or holders[-1].until is not None:
        return holders
    last = holders[-1]
    return holders[:-1] if at <= last.since else (*holders[:-1], replace(last, until=at))
