"""What comes in about a dossier, and what is known of it."""

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from casework.watchpoints import Watchpoint

ClockName = Literal["none", "running", "stopped", "ended", "refused"]

REGISTERED, ACCEPTED, REFUSED, PROCESSING, SUPPLEMENT = 1, 2, 3, 4, 5
PAYMENT, WITHDRAWN, HALTED, DONE, RETURNED = 6, 7, 8, 9, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One status (1-10, national codes) that a dossier took at the aware moment `at`; what the source left out is null.

    `odd` holds what was judged when it was admitted, such as `future_moment`; the codes become flags.
    """

    at: datetime
    status: int
    received_at: datetime | None = None
    due_at: datetime | None = None
    finished_at: datetime | None = None
    rescheduled_to: datetime | None = None
    apologised_at: datetime | None = None
    procedure_code: str | None = None
    field: str | None = None
    agency: str | None = None
    level: str | None = None
    channel: str | None = None
    source: str | None = None
    odd: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierState:
    """The legal state of a dossier: a pure fold of its transitions, but for `alert`, `alert_id` and `counts`.

    Dates are Vietnam dates; `due_at` is the last second of `due`, or the moment itself of a limit in hours.
    `started_at` is null unless the clock runs. `watch` holds all moments of alert of the open dossier, past and future.
    """

    dossier_code: str
    clock: ClockName = "none"
    received_at: datetime | None = None
    first_due: date | None = None
    due: date | None = None
    due_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    standing: str | None = None
    standing_766: str | None = None
    alert: str | None = None
    alert_id: str | None = None
    violations: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    supplements: int = 0
    rescheduled: bool = False
    agency: str | None = None
    field: str | None = None
    level: str | None = None
    channel: str | None = None
    procedure_code: str | None = None
    transitions: tuple[Transition, ...] = ()
    source: str = ""
    rules: str = ""
    watch: tuple[Watchpoint, ...] = ()
    counts: dict[str, int] = dataclasses.field(default_factory=dict)
