"""The intake of a dossier that came over the portal, told a second time (NĐ 118/2025: eight working hours)."""

from datetime import datetime
from typing import NamedTuple

from tests.support.oracle_calendar import working_days

ONLINE, REGISTERED, HOURS = "2", 1, 8


class Intake(NamedTuple):
    """Until when it was to be taken in, and whether it was; `standing` is null while nobody has looked at it."""

    due_at: datetime
    standing: str | None


def intake(registered: datetime, answered: datetime | None, received: datetime | None) -> Intake:
    """A receipt that is told later than it was counts from its own moment."""
    due_at = working_days().working_hours(registered, HOURS)
    if answered is None:
        return Intake(due_at, None)
    return Intake(due_at, "late" if min(answered, received or answered) > due_at else "on_time")
