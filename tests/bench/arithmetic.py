"""What the benchmark counts with: percentiles, scheduled times, rates between two commits."""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least `share` (0-1) of all values do not exceed (nearest rank). Raises ValueError."""
    ordered = sorted(values)
    if not ordered or not 0 <= share <= 1:
        raise ValueError(f"no percentile {share} of {len(ordered)} values")
    return ordered[max(1, math.ceil(share * len(ordered))) - 1]


def schedule(start: float, rate: float, count: int) -> list[float]:
    """When each of `count` sends is due, `rate` a second from `start` on, whatever happens to the earlier ones."""
    return [start + number / rate for number in range(count)]


def delays(scheduled: Mapping[Key, float], seen: Mapping[Key, float]) -> list[float]:
    """Seconds from the scheduled send to the first sight of each key; keys that were never seen are left out.

    A sender that falls behind thus makes the delays longer instead of hiding them (no coordinated omission).
    """
    return [seen[key] - due for key, due in scheduled.items() if key in seen]


@dataclass(frozen=True, slots=True)
class Sample:
    """At `at` seconds, `count` records were committed and the process had used `cpu` seconds of CPU."""

    at: float
    count: int
    cpu: float


@dataclass(frozen=True, slots=True)
class Rate:
    """Records between the first and the last commit: `a_second` by the wall clock, `a_cpu_second` by the CPU."""

    records: int
    seconds: float
    cpu_seconds: float

    @property
    def a_second(self) -> float:
        return self.records / self.seconds

    @property
    def a_cpu_second(self) -> float:
        return self.records / self.cpu_seconds


def rate(samples: Sequence[Sample]) -> Rate:
    """From the first sample with a commit to the first one with the last commit. Raises ValueError without both."""
    done = [sample for sample in samples if sample.count]
    if not done or done[-1].count == done[0].count:
        raise ValueError("not two different commits: too few records for a rate")
    first, last = done[0], next(sample for sample in done if sample.count == done[-1].count)
    return Rate(last.count - first.count, last.at - first.at, last.cpu - first.cpu)


def windows(samples: Sequence[Sample], seconds: float) -> tuple[float, float]:
    """The lowest and the highest rate in consecutive spans of at least `seconds` between first and last commit.

    A run shorter than that is one span. Raises ValueError as `rate` does.
    """
    whole = rate(samples)
    done = [sample for sample in samples if sample.count]
    last = next(sample for sample in done if sample.count == done[-1].count)
    begin, rates = done[0], []
    for sample in done:
        if sample.at - begin.at >= seconds and sample.at <= last.at:
            rates.append((sample.count - begin.count) / (sample.at - begin.at))
            begin = sample
    rates = rates or [whole.a_second]
    return min(rates), max(rates)
