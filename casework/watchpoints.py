"""Moments at which a case becomes due for an alert, and which alert stands at a given moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Track = Literal["alert", "duty", "escalation"]
RANK = {
    "due_soon": 1, "apology_due": 2, "overdue": 3,
    "intake_overdue": 1, "step_overdue": 2, "closing_due": 3,
    "coordinator": 1, "leader": 2, "ioc": 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchpoint:
    """From `moment` on, `alert` is true of the case; `stage` is null for a dossier.

    On each track one thing stands at a time: the `alert` of the due date; beside it a `duty` that has nothing to do
    with that date (take the dossier in, close it, pass it on); the `escalation` of what nobody has accepted.
    """

    moment: datetime
    alert: str
    alert_id: str
    due_at: datetime
    stage: str | None = None
    track: Track = "alert"


def standing(watch: Iterable[Watchpoint], now: datetime, track: Track = "alert") -> Watchpoint | None:
    """The highest of a track whose moment has come; the nearest due date where two are equally high."""
    come = [point for point in watch if point.moment <= now and point.track == track]
    return max(come, key=lambda point: (RANK[point.alert], -point.due_at.timestamp()), default=None)


def upcoming(watch: Iterable[Watchpoint], now: datetime) -> Watchpoint | None:
    """The next watchpoint after `now`."""
    return min((point for point in watch if point.moment > now), key=lambda point: point.moment, default=None)


def by_id(watch: Iterable[Watchpoint], alert_id: str) -> Watchpoint | None:
    """The watchpoint of that id, where the case still has it."""
    return next((point for point in watch if point.alert_id == alert_id), None)


def still_stands(before: Iterable[Watchpoint], after: Iterable[Watchpoint], alert_id: str | None) -> bool:
    """Whether an alert raised under `before` is true under `after`: it has the watchpoint, and no later than it was.

    Where the moment moved back, only a tick can tell whether it has come.
    """
    if alert_id is None:
        return False
    point, raised = by_id(after, alert_id), by_id(before, alert_id)
    return point is not None and (raised is None or point.moment <= raised.moment)
