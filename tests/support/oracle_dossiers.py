"""The clock of a dossier told a second time, from the page of the law alone: what the workers' states must come to."""

import csv
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache

from tests.support.oracle_calendar import DATA
from tests.support.oracle_walk import Step, Walk


def walk(steps: Sequence[Step]) -> Walk:
    """The dossier after steps in any order and any number."""
    ordered = merged(steps)
    ends = {3, 7, 8, 9} if any(step.status == 9 for step in ordered) else {3, 7, 8, 9, 10}
    found = Walk(limit=_limit(ordered), ends=ends)
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


def _limit(steps: Sequence[Step]) -> tuple[float, str] | None:
    """The limit of the procedure that the last step before the end names."""
    codes = [step.procedure_code for step in steps if step.procedure_code]
    return _limits().get(codes[-1]) if codes else None


@cache
def _limits() -> dict[str, tuple[float, str]]:
    with (DATA / "procedures.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: (float(row["days"]), row["day_type"]) for row in csv.DictReader(file)
                if row["days"] and row["day_type"] in {"working", "hours", "calendar_as_labelled"}}  # fmt: skip
