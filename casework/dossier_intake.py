"""The clock before receipt: an online dossier is taken in or sent back in 8 working hours (NĐ 118/2025)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from casework.counting import Limit, due
from casework.dossier_facts import Facts
from casework.dossier_state import REGISTERED, Transition
from casework.rules import Rules

ONLINE = "2"


class Intake(NamedTuple):
    """When an online dossier had to be taken in, and `on_time` or `late` once it was; all null for any other."""

    due_at: datetime | None = None
    standing: str | None = None


def intake(transitions: Sequence[Transition], received: datetime | None, facts: Facts, rules: Rules) -> Intake:
    """The intake clock: from the first status 1 to whatever the office does next, be it request or refusal.

    The receipt of the dossier's clock counts too: it may lie before what tells of it.
    """
    registered = transitions[0]
    if registered.status != REGISTERED or facts.channel != ONLINE:
        return Intake()
    limit = Limit(Decimal(rules.settings.intake_hours), "working_hours")
    taken = next((step for step in transitions if step.status != REGISTERED), None)
    agency = _taken_in_by(registered, taken, rules)
    due_at = due(registered.at, limit, rules.calendar.for_agency(agency), rules.hours_for(agency)).at
    if taken is None:
        return Intake(due_at)
    return Intake(due_at, "late" if min(taken.at, received or taken.at) > due_at else "on_time")


def _taken_in_by(registered: Transition, taken: Transition | None, rules: Rules) -> str | None:
    """The office that the dossier was sent to, else the one that took it in; not those that have it later."""
    name = registered.agency or (taken.agency if taken else None)
    return rules.agencies.match(name) if name else None
