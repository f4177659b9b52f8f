"""Whether the wall clock may be believed: after a jump nothing is told until it has run on evenly for a while."""

from dataclasses import dataclass

TOLERANCE_SECONDS = 2.0
HOLD_SECONDS = 60.0


@dataclass(slots=True)
class SteadyClock:
    """Compares the wall clock with the monotonic one, look by look; a slow drift is none of its business."""

    _apart: float | None = None
    _held_until: float = float("-inf")

    def is_steady(self, wall: float, monotonic: float) -> bool:
        """False for a minute after the two have moved against each other; both in seconds."""
        apart = wall - monotonic
        if self._apart is not None and abs(apart - self._apart) > TOLERANCE_SECONDS:
            self._held_until = monotonic + HOLD_SECONDS
        self._apart = apart
        return monotonic >= self._held_until
