"""Whether a worker really works: Faust answers OK to every probe while it stands still for ever."""

import time

from faust.exceptions import ConsumerNotStarted

from streams.chunks import ChunkApp

STARTING_SECONDS = 120.0
LONGEST_REBALANCE = 120.0
LONGEST_SILENCE = 20.0


class Health:
    """Facts gathered by the worker; `healthy` and `ready` are asked by the probe's thread."""

    def __init__(self, app: ChunkApp, *, watches: bool = True) -> None:
        self._app = app
        self._watches = watches
        self._started = time.monotonic()
        self._calm = self._started
        self._round = self._started
        self._polled: float | None = None

    def watched(self) -> None:
        """The deadline watch has finished a round."""
        self._round = time.monotonic()

    def polled(self) -> None:
        """Positions were read from Kafka."""
        self._polled = time.monotonic()

    def healthy(self) -> str | None:
        """None, or what is wrong with this process, so that a supervisor restarts it."""
        now = time.monotonic()
        if not self._busy():
            self._calm = now
        if now - self._calm > LONGEST_REBALANCE:
            return "rebalancing or recovering for too long"
        if now - self._started < STARTING_SECONDS or not self._watches:
            return self._coordinator()
        if now - max(self._round, self._calm - LONGEST_SILENCE) > LONGEST_SILENCE and not self._busy():
            return "the deadline watch stands still"
        return self._coordinator()

    def ready(self) -> str | None:
        """None once partitions are assigned, recovered and being read."""
        if self._busy() or not self._assigned():
            return "starting"
        if self._watches and self._polled is None:
            return "positions not read yet"
        return self._coordinator()

    def _busy(self) -> bool:
        return bool(self._app.rebalancing or self._app.in_recovery)

    def _assigned(self) -> bool:
        try:
            return bool(self._app.consumer.assignment()) if self._app.started else False
        except ConsumerNotStarted:
            return False

    def _coordinator(self) -> str | None:
        """The group's coordinator routine can die of an unexpected error code; no partition is assigned then."""
        thread = getattr(self._app.consumer, "_thread", None) if self._app.started else None
        consumer = getattr(thread, "_consumer", None)
        if consumer is None:
            return None
        coordinator = consumer._coordinator
        if coordinator._pending_exception is not None:
            return f"coordinator failed: {type(coordinator._pending_exception).__name__}"
        if coordinator._coordination_task.done():
            return "coordinator stopped"
        return None
