"""Partitions that hold unread records and do not move."""

from collections.abc import Mapping
from typing import Any


class Stalls:
    """Told again and again where each partition stands that is behind; knows for how long the slowest has stood still.

    Times are seconds of the monotonic clock.
    """

    def __init__(self) -> None:
        self._since: dict[Any, tuple[int, float]] = {}

    def clear(self) -> None:
        """What was before does not count: nobody looked, or the partitions were on their way to another worker."""
        self._since = {}

    def look(self, now: float, behind: Mapping[Any, int]) -> None:
        """`behind`: the committed offset of each partition that has unread records."""
        self._since = {
            place: self._since[place] if place in self._since and self._since[place][0] == offset else (offset, now)
            for place, offset in behind.items()
        }

    def longest(self, now: float) -> float:
        """Seconds for which a partition with unread records has not moved; 0 where all move."""
        return max((now - since for _, since in self._since.values()), default=0.0)
