"""The clock of a dossier told a second time, from the page of the law alone: what the workers' states must come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from tests.support.oracle_calendar import Limit, rows
from tests.support.oracle_desks import Desks
from tests.support.oracle_intake import ONLINE, REGISTERED, Intake, intake
from tests.support.oracle_walk import Step, Walk


@dataclass(frozen=True)
class Limits:
    """By procedure what the law gives, what the province promises, what each of its agencies has, and its field."""

    legal: Mapping[str, Limit]
    promised: Mapping[str, Limit] = field(default_factory=dict)
    desks: Mapping[str, Mapping[str, Limit]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


def walk(steps: Sequence[Step], limits: Limits | None = None) -> Walk:
    """The dossier after steps in any order and any number, under the limits of the files or under others."""
    ordered, known = merged(steps), limits or packaged()
    ends = {3, 7, 8, 9} if any(step.status == 9 for step in ordered) else {3, 7, 8, 9, 10}
    code = fact(ordered, ends, "procedure_code") or ""
    found = Walk(known.legal.get(code), ends, Desks(known.desks.get(code, {})), known.promised.get(code))
    promised: date | None = None
    for step in ordered:
        if found.clock in {"ended", "refused"}:
            if step.status != 10:
                found.violations.add("status_after_end")
        elif found.received:
            found.take(step, fresh=False)
        elif _receives(step, ends):
            found.receive(_receipt(ordered, step), promised, step)
            found.take(step, fresh=True)
        elif step.status in ends:
            found.clock = "refused"
        elif step.status == 1 and step.due_at:
            promised = promised or step.due_at.date()
    found.intake = _intake(ordered, found)
    return found


def merged(steps: Sequence[Step]) -> list[Step]:
    """Distinct by moment and status, in that order; of two that agree in both, the greater value of each field."""
    found: dict[tuple[datetime, int], Step] = {}
    for step in steps:
        other = found.get(step[:2], step)
        fields = zip(step, other, strict=True)
        found[step[:2]] = Step(*(max((v for v in pair if v is not None), default=None) for pair in fields))  # type: ignore[arg-type]
    return [found[key] for key in sorted(found)]


def _receives(step: Step, ends: set[int]) -> bool:
    if step.status in {2, 4, 9} or (step.status == 10 and 10 in ends):
        return True
    return step.status not in {1, 3} and step.received_at is not None


def _receipt(steps: Sequence[Step], receiving: Step) -> datetime:
    stated = [step.received_at for step in steps if step.status not in {1, 3} and step.received_at]
    return stated[0] if stated else receiving.at


def fact(ordered: Sequence[Step], ends: set[int], name: str) -> str | None:
    """What the last step that says so up to the end says, else the first of those that change nothing."""
    ended = next((place for place, step in enumerate(ordered) if step.status in ends), len(ordered))
    idle = [place > ended or (step.status == 10 and 10 not in ends) for place, step in enumerate(ordered)]
    counts = [step for step, aside in zip(ordered, idle, strict=True) if not aside]
    aside = [step for step, aside in zip(ordered, idle, strict=True) if aside]
    return next((value for step in (*reversed(counts), *aside) if (value := getattr(step, name))), None)


def _intake(ordered: Sequence[Step], found: Walk) -> Intake | None:
    """None where the dossier did not begin as a registration on the portal."""
    if ordered[0].status != REGISTERED or fact(ordered, found.ends, "channel") != ONLINE:
        return None
    answered = next((step.at for step in ordered if step.status != REGISTERED), None)
    return intake(ordered[0].at, answered, found.received)


@cache
def packaged() -> Limits:
    """The limits of the files; no code, no limit."""
    desks: dict[str, dict[str, Limit]] = {}
    for row in filter(_is_limited, rows("agency_limits.csv")):
        desks.setdefault(row["procedure"], {})[row["agency"]] = _limit(row)
    procedures = [row for row in rows("procedures.csv") if row["code"]]
    legal = {row["code"]: _limit(row) for row in procedures if _is_limited(row)}
    promised = {row["code"]: _limit(row) for row in rows("committed.csv") if _is_limited(row)}
    return Limits(legal, promised, desks, {row["code"]: row["field"] for row in procedures})


def _is_limited(row: Mapping[str, str]) -> bool:
    return bool(row["days"] and row["day_type"])


def _limit(row: Mapping[str, str]) -> Limit:
    return float(row["days"]), row["day_type"]
