"""The desks of the agencies that a dossier passes through, told a second time (NĐ 61/2018 Art. 19.5-19.7).

Each holds it from the moment that it was named to the next, with a limit of its own: the one that a step names for it,
else that of the file. A supplement starts the limit of the file anew, a payment moves either by the days that it held
the dossier unpaid.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from tests.support.oracle_calendar import ONE_DAY, Limit, at, counted, end_of, moved, working_days


class Held(NamedTuple):
    """A desk as the state shows it."""

    agency: str | None
    since: datetime
    until: datetime | None
    due_at: datetime | None
    late: bool


@dataclass
class Desk:
    """One agency's turn; `start` is where its days count from and `stood` how many of them were spent unpaid.

    `judged` is when it left the dossier or, where that waited, when the wait began.
    """

    agency: str | None
    since: datetime
    start: datetime
    stood: int = 0
    due_at: datetime | None = None
    by_moment: bool = False
    named: bool = False
    until: datetime | None = None
    judged: datetime | None = None


@dataclass
class Desks:
    """All desks up to the step walked last; the first may get its name later, for it held the dossier all the same."""

    limits: Mapping[str, Limit]
    all: list[Desk] = field(default_factory=list)
    stopped: datetime | None = None

    def receive(self, moment: datetime) -> None:
        self.all.append(Desk(None, moment, moment))

    def take(self, agency: str | None, step_due_at: datetime | None, moment: datetime, *, ends: bool) -> None:
        """Passes the dossier on where another agency is named; a limit is that of the agency named with it.

        Whoever writes down the end was not given the dossier by it.
        """
        desk = self.all[-1]
        if desk.agency is None:
            desk.agency = agency
        elif agency and agency != desk.agency:
            if ends:
                return
            self.leave(moment)
            since = max(moment, desk.since)
            desk = Desk(agency, since, since)
            self.all.append(desk)
        if step_due_at and desk.agency:
            desk.due_at, desk.by_moment, desk.named = end_of(step_due_at.date()), False, True
        else:
            self.count(desk)

    def count(self, desk: Desk) -> None:
        limit = self.limits.get(desk.agency or "")
        if limit and not desk.named:
            desk.due_at, desk.by_moment = moved(counted(limit, desk.start), desk.stood), limit[1] == "hours"

    def stop(self, moment: datetime) -> None:
        self.stopped = moment

    def restart(self, moment: datetime, *, supplement: bool) -> None:
        desk, since = self.all[-1], self.stopped
        assert since is not None
        if supplement:
            desk.start, desk.stood = moment, 0
        else:
            stood = working_days().between(max(since, desk.since).date(), moment.date())
            desk.stood += stood
            desk.due_at = desk.due_at and moved(desk.due_at, stood)
        self.count(desk)
        self.stopped = None

    def leave(self, moment: datetime) -> None:
        desk = self.all[-1]
        desk.until = max(moment, desk.since)
        desk.judged = self.stopped or desk.until

    def end(self, moment: datetime) -> None:
        """Nobody held it after its end, whatever was written down later."""
        self.leave(moment)
        for desk in self.all:
            desk.since = min(desk.since, moment)
            desk.until = min(desk.until or moment, moment)
            desk.judged = min(desk.judged or moment, moment)

    def shown(self) -> list[Held]:
        """The desks that have a name."""
        return [Held(one.agency, one.since, one.until, one.due_at, _late(one)) for one in self.all if one.agency]

    def overdue_since(self) -> datetime | None:
        """When the agency that has it now comes to owe its step; null while the dossier waits, and after its end."""
        desk = self.all[-1] if self.all else None
        if desk is None or desk.agency is None or desk.until or self.stopped or desk.due_at is None:
            return None
        return desk.due_at if desk.by_moment else at(desk.due_at.date() + ONE_DAY)


def _late(desk: Desk) -> bool:
    if desk.until is None or desk.judged is None or desk.due_at is None:
        return False
    return desk.judged > desk.due_at
