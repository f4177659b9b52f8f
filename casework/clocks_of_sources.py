"""Sources whose clock has no afternoon: systems that write 12-hour times without AM or PM."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from casework.calendar import VIETNAM

ENOUGH_EVENTS = 200
MOST_SOURCES = 1_000
NIGHT = range(1, 6)


@dataclass(slots=True)
class _Clock:
    """`events` with hours from 1 to 12; `afternoons` that could have shown; `whole`: a clock of 24 hours."""

    events: int = 0
    day: date | None = None
    afternoons: bool = False
    whole: bool = False

    def hear(self, at: datetime) -> None:
        self.whole = self.whole or at.hour == 0 or at.hour > 12
        self.afternoons = self.afternoons or at.hour in NIGHT or self.day not in (None, at.date())
        self.day = at.date()


@dataclass(slots=True)
class ClocksOfSources:
    """What the hours of each source have shown so far; pure but for what it remembers.

    `enough` events whose hours all lay in 1-12 make a source's clock odd, until an hour above 12, or 0, shows that it
    has 24. They must be of two days, or hold an hour from 1 to 5: the mornings of a single day say nothing yet, since
    every source begins with one. At most `most` sources are remembered, those that were heard of last.
    """

    enough: int = ENOUGH_EVENTS
    most: int = MOST_SOURCES
    _clocks: dict[str, _Clock] = field(default_factory=dict)

    def has_twelve_hours(self, source: str, moments: Iterable[datetime]) -> bool:
        """Takes in one event of a source with its aware `moments`, and says whether the source's clock is odd now.

        A moment at 00:00:00 in Vietnam is a date without a time, and says nothing.
        """
        timed = [at for at in (moment.astimezone(VIETNAM) for moment in moments) if at.time() != time()]
        clock = self._clock(source)
        for at in timed:
            clock.hear(at)
        clock.events += bool(timed)
        return bool(timed) and clock.afternoons and not clock.whole and clock.events >= self.enough

    def _clock(self, source: str) -> _Clock:
        """The clock of a source, now the one heard of last."""
        clock = self._clocks[source] = self._clocks.pop(source, _Clock())
        if len(self._clocks) > self.most:
            del self._clocks[next(iter(self._clocks))]
        return clock
