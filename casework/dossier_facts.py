"""What describes a dossier besides its clock: procedure, agency, field, level, channel, source."""

from collections.abc import Sequence
from typing import NamedTuple

from casework.counting import Limit
from casework.dossier_state import DONE, HALTED, REFUSED, RETURNED, WITHDRAWN, Transition
from casework.rules import Rules

_ENDS = frozenset({REFUSED, WITHDRAWN, HALTED, DONE})
_ENDS_WITHOUT_DONE = _ENDS | {RETURNED}


class Facts(NamedTuple):
    """The last value of each that was known up to the end of the dossier, else the first one after it.

    `ends` are the statuses that end this dossier: 10 only where it has no 9. `odd` are the flags of the facts.
    """

    ends: frozenset[int]
    limit: Limit | None
    committed: Limit | None
    procedure_code: str | None
    agency: str | None
    field: str | None
    channel: str | None
    source: str | None
    level: str | None
    odd: tuple[str, ...]


def facts_of(transitions: Sequence[Transition], rules: Rules) -> Facts:
    """The facts in ordered transitions; names of agencies become codes, a missing field is the procedure's."""
    ends = _ENDS if any(step.status == DONE for step in transitions) else _ENDS_WITHOUT_DONE
    code = agency = field = channel = source = level = None
    for step in _ranked(transitions, ends):
        code = code or step.procedure_code
        agency = agency or step.agency
        field = field or step.field
        channel = channel or step.channel
        source = source or step.source
        level = level or step.level
    procedure = rules.procedures.get(code) if code else None
    limit = procedure.limit if procedure else None
    committed = procedure.committed if procedure else None
    if procedure:
        field = field or procedure.field
    odd = ("unknown_procedure",) if code and not procedure else ()
    if agency and rules.agencies.get(agency) is None:
        agency = rules.agencies.match(agency)
        if rules.agencies.get(agency) is None:
            odd = (*odd, "unknown_agency")
    return Facts(ends, limit, committed, code, agency, field, channel, source, level, odd)


def _ranked(transitions: Sequence[Transition], ends: frozenset[int]) -> list[Transition]:
    """The transitions that may describe the dossier, best first: from the end back, then those that change nothing."""
    live: list[Transition] = []
    idle: list[Transition] = []
    over = False
    for step in transitions:
        (idle if over or (step.status == RETURNED and RETURNED not in ends) else live).append(step)
        over = over or step.status in ends
    live.reverse()
    return live + idle
