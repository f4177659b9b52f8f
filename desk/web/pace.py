"""How fast one account may post: a token bucket each, so that one runaway sender does not keep others waiting."""

import math
import threading
from dataclasses import dataclass, field


@dataclass(slots=True)
class Pace:
    """`rate` items a second, `burst` at once; a post of more than the burst is taken when the bucket is full."""

    rate: float
    burst: int
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, account: str, items: int, now: float) -> int:
        """0 when the items may be taken at `now` (seconds), and they then count; else whole seconds to wait."""
        with self._lock:
            left, since = self._buckets.get(account, (float(self.burst), now))
            left = min(self.burst, left + (now - since) * self.rate)
            missing = min(items, self.burst) - left
            self._buckets[account] = (left if missing > 0 else left - items, now)
        return math.ceil(missing / self.rate) if missing > 0 else 0
