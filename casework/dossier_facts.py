"""What describes a dossier besides its clock: procedure, agency, field, level, channel, source."""

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from casework.counting import Limit
from casework.dossier_state import DONE, HALTED, REFUSED, RETURNED, WITHDRAWN, Transition
from casework.rules import Rules

_ENDS = frozenset({REFUSED, WITHDRAWN, HALTED, DONE})
_ENDS_WITHOUT_DONE = _ENDS | {RETURNED}
_DESCRIPTION = attrgetter("procedure_code", "agency", "field", "channel", "source", "level")


class Facts(NamedTuple):
    """The last value of each that was known up to the end of the dossier, else the first one after it.

    `ends` are the statuses that end this dossier: 10 only where it has no 9. `odd` are the flags of the facts.
    """

    ends: frozenset[int]
    limit: Limit | None
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
    columns = zip(*map(_DESCRIPTION, _ranked(transitions, ends)), strict=True)
    code, agency, field, channel, source, level = (next(filter(None, column), None) for column in columns)
    procedure = rules.procedures.get(code) if code else None
    limit = procedure.limit if procedure else None
    if procedure:
        field = field or procedure.field
    odd = ("unknown_procedure",) if code and not procedure else ()
    if agency and rules.agencies.get(agency) is None:
        agency = rules.agencies.match(agency)
        if rules.agencies.get(agency) is None:
            odd = (*odd, "unknown_agency")
    return Facts(ends, limit, code, agency, field, channel, source, level, odd)


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
