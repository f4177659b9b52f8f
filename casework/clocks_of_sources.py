"""Sources whose clock has no afternoon: systems that write 12-hour times without AM or PM."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time

from casework.calendar import VIETNAM

ENOUGH_EVENTS = 200
MOST_SOURCES = 1_000


@dataclass(slots=True)
class ClocksOfSources:
    """What the hours of each source have shown so far; pure but for what it remembers.

    `enough` events whose hours all lay in 1-12 make a source's clock odd, until an hour above 12, or 0, shows that it
    has 24. At most `most` sources are remembered, those that were heard of last.
    """

    enough: int = ENOUGH_EVENTS
    most: int = MOST_SOURCES
    _counts: dict[str, int | None] = field(default_factory=dict)  # None: a clock of 24 hours

    def has_twelve_hours(self, source: str, moments: Iterable[datetime]) -> bool:
        """Takes in one event of a source with its aware `moments`, and says whether the source's clock is odd now.

        A moment at 00:00:00 in Vietnam is a date without a time, and says nothing.
        """
        hours = [at.hour for at in (moment.astimezone(VIETNAM) for moment in moments) if at.time() != time()]
        count = self._counts.pop(source, 0)
        if any(hour == 0 or hour > 12 for hour in hours):
            count = None
        elif count is not None and hours:
            count += 1
        self._remember(source, count)
        return count is not None and count >= self.enough and bool(hours)

    def _remember(self, source: str, count: int | None) -> None:
        self._counts[source] = count
        if len(self._counts) > self.most:
            del self._counts[next(iter(self._counts))]
