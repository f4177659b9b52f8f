"""How far a kind's intake and events have been read: what the watch may conclude from silence."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Offsets = Mapping[int, int]


def passed(marks: Offsets, committed: Offsets) -> bool:
    """True when every partition has been read up to its mark."""
    return all(mark == 0 or committed.get(partition, 0) >= mark for partition, mark in marks.items())


@dataclass(slots=True)
class Positions:
    """What Kafka says at one moment (seconds since 1970): ends of logs and committed offsets, by partition."""

    at: float
    intake_ends: Offsets
    intake_committed: Offsets
    events_ends: Offsets
    events_committed: Offsets


@dataclass(slots=True)
class Backlog:
    """Learns, poll by poll, up to when everything sent to the intake has reached the states.

    `opened`: the events that were there at assignment are read, so that the watch may fire at all.
    `read_until`: everything that was on the intake at that time (seconds since 1970) has been folded; None before that.
    """

    opened: bool = False
    read_until: float | None = None
    _first: Offsets | None = None
    _asked_at: float = 0.0
    _intake_marks: Offsets | None = None
    _events_marks: Offsets | None = field(default=None)

    def poll(self, now: Positions) -> None:
        if self._first is None:
            self._first = dict(now.events_ends)
        self.opened = self.opened or passed(self._first, now.events_committed)
        self._ask(now)
        if self._intake_marks is not None and passed(self._intake_marks, now.intake_committed):
            # what has left the intake is on the events topic by now: its ends are the second mark
            self._intake_marks, self._events_marks = None, dict(now.events_ends)
        if self._events_marks is not None and passed(self._events_marks, now.events_committed):
            self._events_marks, self.read_until = None, self._asked_at

    def _ask(self, now: Positions) -> None:
        if self._intake_marks is None and self._events_marks is None:
            self._asked_at, self._intake_marks = now.at, dict(now.intake_ends)
