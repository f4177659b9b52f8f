"""What comes in about a dossier, and what is known of it."""

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from casework.watchpoints import Watchpoint

ClockName = Literal["none", "running", "stopped", "ended", "refused"]

REGISTERED, ACCEPTED, REFUSED, PROCESSING, SUPPLEMENT = 1, 2, 3, 4, 5
PAYMENT, WITHDRAWN, HALTED, DONE, RETURNED = 6, 7, 8, 9, 10


@dataclass(frozen=True, slots=True, order=True)
class ListedSupplement:
    """A row of the national DanhSachHoSoBoSung, as ISO moments or empty: shown, not folded."""

    asked_at: str = ""
    received_at: str = ""
    due_before: str = ""
    due_after: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """An agency that has, or had, the dossier on its desk (NĐ 61/2018 Art. 19.5-19.7).

    `until` is null for the one that has it now; `due_at` is the end of its own step, null where it has no limit;
    `late` says that it passed the dossier on, or ended it, after that.
    """

    agency: str
    since: datetime
    until: datetime | None = None
    due_at: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One status (1-10, national codes) that a dossier took at the aware moment `at`; what the source left out is null.

    `step_due_at` is when the agency named with it, else the one that has the dossier, must be done with its step
    (NgayKetThucTheoQuyDinh).
    `odd` holds what was judged when it was admitted, such as `future_moment`; the codes become flags.
    """

    at: datetime
    status: int
    received_at: datetime | None = None
    due_at: datetime | None = None
    finished_at: datetime | None = None
    rescheduled_to: datetime | None = None
    apologised_at: datetime | None = None
    step_due_at: datetime | None = None
    procedure_code: str | None = None
    field: str | None = None
    agency: str | None = None
    level: str | None = None
    channel: str | None = None
    source: str | None = None
    listed: tuple[ListedSupplement, ...] = ()
    odd: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierState:
    """The legal state of a dossier: a pure fold of its transitions, but for `alert`, `duty`, their ids and `counts`.

    Dates are Vietnam dates; `due_at` is the last second of `due`, or the moment itself of a limit in hours.
    `started_at` is null unless the clock runs; `counted_from` and `counted_to` are where the last count began and, of
    an ended dossier, where it stopped; `stood` how many working days of it were spent waiting for a payment.
    `committed_due` is the day by which the province promised to be done, where it promised to be quicker than the law.
    `intake_due_at` and `intake_standing` (`on_time|late|null`) are those of an online dossier before its receipt.
    `watch` holds all moments of alert and duty, past and future.
    """

    dossier_code: str
    clock: ClockName = "none"
    received_at: datetime | None = None
    intake_due_at: datetime | None = None
    intake_standing: str | None = None
    first_due: date | None = None
    committed_due: date | None = None
    due: date | None = None
    due_at: datetime | None = None
    started_at: datetime | None = None
    counted_from: datetime | None = None
    counted_to: datetime | None = None
    stood: int = 0
    ended_at: datetime | None = None
    standing: str | None = None
    standing_766: str | None = None
    alert: str | None = None
    alert_id: str | None = None
    duty: str | None = None
    duty_id: str | None = None
    violations: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    supplements: int = 0
    rescheduled: bool = False
    agency: str | None = None
    holders: tuple[Holding, ...] = ()
    field: str | None = None
    level: str | None = None
    channel: str | None = None
    procedure_code: str | None = None
    transitions: tuple[Transition, ...] = ()
    source: str = ""
    rules: str = ""
    watch: tuple[Watchpoint, ...] = ()
    counts: dict[str, int] = dataclasses.field(default_factory=dict)
