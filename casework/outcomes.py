"""What a step of a case tells the world: outcomes with deterministic ids."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

State = TypeVar("State")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One outcome. `id` is equal whenever the same thing is told again, so that a repeat after a crash counts once."""

    id: str
    outcome: str
    case_id: str
    at: datetime
    source: str
    agency: str | None = None
    field: str | None = None
    domain: str | None = None
    alert: str | None = None
    alert_id: str | None = None
    due_at: datetime | None = None
    stage: str | None = None
    standing: str | None = None
    standing_766: str | None = None
    rule: str | None = None
    from_: str | None = None
    to: str | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Step(Generic[State]):
    """The state of a case after a step, and what the step has to tell, in order.

    `events` are new events of the case itself, with deterministic ids: they go into its log and change the state only
    when they are read from there.
    """

    state: State
    outcomes: tuple[Outcome, ...] = ()
    events: tuple[Any, ...] = ()


@dataclass(slots=True)
class Ledger:
    """Counts how often each thing was told of a case; the counts are kept in the case's state."""

    case_id: str
    counts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, case_id: str, counts: Mapping[str, int]) -> "Ledger":
        return cls(case_id, dict(counts))

    def next_id(self, outcome: str, about: str) -> str:
        """The id of the next occurrence of `outcome` about an alert id or a rule."""
        key = f"{outcome}/{about}"
        count = self.counts[key] = self.counts.get(key, 0) + 1
        return hashlib.sha256(f"{self.case_id}\n{key}\n{count}".encode()).hexdigest()[:32]
