"""One measured figure, and how much is measured."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """A result: `low` and `high` are what the issue expects of it, None where it expects nothing."""

    name: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the expectation is met; None where there is none."""
        if self.low is None and self.high is None:
            return None
        return (self.low is None or self.value >= self.low) and (self.high is None or self.value <= self.high)

    def record(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much each part measures; times in seconds."""

    drain: int = 300_000
    stock: int = 50_000
    admit: int = 200_000
    texts: int = 10_000
    latency_seconds: float = 60.0
    warm_up_seconds: float = 5.0
    folds: int = 100_000
    singles: int = 2_000
    idle_seconds: float = 20.0
    open_dossiers: int = 500_000


FULL = Sizes()
QUICK = Sizes(20_000, 4_000, 20_000, 400, 6.0, 2.0, 5_000, 200, 3.0, 8_000)
