"""Words to write dossiers down in a line: moments of 2026 in Vietnam time, transitions, small rules."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from casework.calendar import VIETNAM
from casework.dossiers import DossierState, Transition, apply
from casework.procedures import parse_procedures
from casework.rules import Rules
from tests.support.rules import rules

CODE = "H99.1-260302-0001"
PROCEDURES = """code,name,field,domain,level,agency,days,day_type
9.000010,Mười ngày làm việc,Lĩnh vực thử,other,Cấp tỉnh,,10,working
9.000001,Trong ngày,Lĩnh vực thử,other,Cấp xã,,0,working
9.000024,Hai mươi bốn giờ,Lĩnh vực thử,other,Cấp xã,,24,hours
9.000007,Bảy ngày,Lĩnh vực thử,other,Cấp xã,,7,calendar_as_labelled
9.000031,Một tháng,Lĩnh vực thử,other,Cấp tỉnh,,1,months
9.000000,Không có thời hạn,Lĩnh vực thử,other,Cấp tỉnh,,,
"""
_MOMENTS = {"received_at", "due_at", "finished_at", "rescheduled_to", "apologised_at", "step_due_at"}


@cache
def small_rules() -> Rules:
    """The packaged rules with six invented procedures, so that limits can be counted by hand."""
    return replace(rules(), procedures=parse_procedures(PROCEDURES.splitlines(keepends=True)))


def moment(text: str) -> datetime:
    """`03-02 09:00` or `03-02`, of 2026; a year may go before."""
    full = text if text[:2] == "20" else f"2026-{text}"
    return datetime.fromisoformat(full).replace(tzinfo=VIETNAM)


def step(at: str, status: int, **given: Any) -> Transition:
    """A transition with its moments written as texts."""
    told: dict[str, Any] = {name: moment(value) if name in _MOMENTS else value for name, value in given.items()}
    return Transition(at=moment(at), status=status, **told)


def dossier(*steps: Transition, code: str = CODE, under: Rules | None = None) -> DossierState:
    """The state of a new dossier after these transitions."""
    return apply(None, code, steps, under or small_rules()).state


def seen(state: DossierState, names: Sequence[str]) -> dict[str, object]:
    """Fields of a state as short texts, the way that the tables write them; of `watch` the track of alerts."""
    return {name: _short(getattr(state, name)) for name in names}


def _short(value: Any) -> object:
    if isinstance(value, datetime):
        return value.strftime("%m-%d %H:%M")
    if hasattr(value, "strftime"):
        return value.strftime("%m-%d")
    if isinstance(value, tuple) and value and hasattr(value[0], "alert"):
        return [f"{point.alert} {_short(point.moment)}" for point in value if point.track == "alert"]
    return list(value) if isinstance(value, tuple) else value
