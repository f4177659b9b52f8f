"""Whether the projector's loop goes round."""

import time

SILENT_SECONDS = 60.0


class Probe:
    """When the process's loop last came round, in seconds of the monotonic clock."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def beat(self, moment: float) -> None:
        self._last = moment

    def alive(self, moment: float) -> bool:
        return moment - self._last < SILENT_SECONDS

    def healthy(self) -> str | None:
        """None, or what is wrong."""
        return None if self.alive(time.monotonic()) else "the loop stands still"
