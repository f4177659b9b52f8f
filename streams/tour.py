"""The tour of the recovered table: every case is looked at once, and those of other rules are folded again in batches.

Plain data; the shell reads the rows and folds. Sections and batches are small, so that events wait for one at most.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

SECTION = 100
BATCH = 200


@dataclass(slots=True)
class _Partition:
    last: bytes = b""
    through: bool = False
    busy: bool = False
    stale: deque[bytes] = field(default_factory=deque)
    closed: int = 0
    changed: set[bytes] = field(default_factory=set)


class Tour:
    """How far the cases of the owned partitions have been looked at, and which are still to be folded again.

    The table is read in the order of its keys while events change it: what they change up to the last key that was
    looked at is theirs to note, what lies behind it the tour comes to and finds as it then is.

    Open cases are folded first. Closed ones are many, so they are only counted, and found in a second reading.
    """

    def __init__(self, partitions: Iterable[int] = ()) -> None:
        self._partitions = {partition: _Partition() for partition in sorted(partitions)}
        self.began: datetime | None = None
        self.folded = 0
        self.told = False

    def __len__(self) -> int:
        """Cases found that are still to be folded again."""
        return sum(len(part.stale) + part.closed for part in list(self._partitions.values()))

    def comes_to(self, partition: int, key: bytes) -> bool:
        """Whether a case that has just changed is still to be looked at; it is remembered as one that was not quiet."""
        part = self._partitions.get(partition)
        if part is None or part.through or key <= part.last:
            return False
        part.changed.add(key)
        return True

    def is_quiet(self, partition: int, key: bytes) -> bool:
        """Whether no event changed the case since the table was recovered."""
        return key not in self._partitions[partition].changed

    def next_section(self) -> tuple[int, bytes] | None:
        """A partition that is to be read on, and the key behind which; None once all were read."""
        found = ((number, part.last) for number, part in self._partitions.items() if not part.through)
        return next(found, None)

    def looked(self, partition: int, keys: Sequence[bytes], stale: Iterable[bytes], closed: int = 0) -> None:
        """Notes a section: its keys in order, those folded under other rules, and how many closed ones were."""
        part = self._partitions[partition]
        part.stale.extend(stale)
        part.closed += closed
        part.last = keys[-1] if keys else part.last
        part.through = len(keys) < SECTION
        part.changed = set() if part.through else part.changed.difference(keys)
        if part.through:
            part.last = b""

    def next_batch(self, now: datetime) -> tuple[int, list[bytes]] | None:
        """Cases to be folded again, of a partition of which no other batch is at work; None where there is none now."""
        for number, part in self._partitions.items():
            if part.stale and not part.busy:
                self.began = self.began or now
                self._partitions[number] = self._partitions.pop(number)  # the others come first next time
                part.busy = True
                return number, [part.stale.popleft() for _ in range(min(BATCH, len(part.stale)))]
        return None

    def folded_again(self, partition: int, count: int) -> None:
        """Notes that a batch is done."""
        self._partitions[partition].busy = False
        self.folded += count

    def next_closed_section(self) -> tuple[int, bytes] | None:
        """Where to look for closed cases of other rules, once no open one is left: partition, and key behind which."""
        if any(part.stale or not part.through for part in self._partitions.values()):
            return None
        found = ((number, part.last) for number, part in self._partitions.items() if part.closed and not part.busy)
        return next(found, None)

    def looked_for_closed(self, partition: int, keys: Sequence[bytes], stale: Sequence[bytes]) -> None:
        """Notes a section of the second reading: its keys in order, and those folded under other rules."""
        part = self._partitions[partition]
        part.stale.extend(stale)
        part.closed = max(1, part.closed - len(stale)) if len(keys) == SECTION else 0
        part.last = keys[-1] if keys else part.last

    def has_ended(self) -> bool:
        """True once: when cases were folded again and none is left."""
        parts = self._partitions.values()
        left = any(part.stale or part.busy or part.closed or not part.through for part in parts)
        if left or not self.folded or self.told:
            return False
        self.told = True
        return True
