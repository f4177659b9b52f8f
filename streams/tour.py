"""The tour of the recovered table: every case is looked at once, and those of other rules are folded again in batches.

Plain data; the shell reads the rows and folds. Sections and batches are small, so that events wait for one at most.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

SECTION = 20
BATCH = 200


class Reading(NamedTuple):
    """What to read of a table for folding again: BATCH rows of a partition behind a key, the open cases or the rest."""

    partition: int
    behind: bytes
    closed: bool


@dataclass(slots=True)
class _Partition:
    last: bytes = b""
    through: bool = False
    busy: bool = False
    stale: dict[bool, int] = field(default_factory=lambda: {False: 0, True: 0})  # by whether the case is closed
    changed: set[bytes] = field(default_factory=set)


class Tour:
    """How far the cases of the owned partitions have been looked at, and which are still to be folded again.

    The table is read in the order of its keys while events change it: what they change up to the last key that was
    looked at is theirs to note, what lies behind it the tour comes to and finds as it then is.

    Stale cases are only counted then, and found in a second reading, the open ones of all partitions first; closed ones
    are many and in no hurry, so that they have a third.
    """

    def __init__(self, partitions: Iterable[int] = ()) -> None:
        self._partitions = {partition: _Partition() for partition in sorted(partitions)}
        self.began: datetime | None = None
        self.folded = 0
        self.told = False

    def __len__(self) -> int:
        """Cases found that are still to be folded again."""
        return sum(sum(part.stale.values()) for part in list(self._partitions.values()))

    @property
    def ahead(self) -> int:
        """Partitions that have not been looked through."""
        return sum(not part.through for part in list(self._partitions.values()))

    @property
    def moving(self) -> bool:
        """Whether the moments of open cases of other rules are still being found."""
        return bool(self.ahead) and any(part.stale[False] for part in self._partitions.values())

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

    def looked(self, partition: int, keys: Sequence[bytes], *, stale: int = 0, closed: int = 0) -> None:
        """Notes a section: its keys in order, how many open cases of it stand under other rules, and closed ones."""
        part = self._partitions[partition]
        part.stale[False] += stale
        part.stale[True] += closed
        part.last = keys[-1] if keys else part.last
        part.through = len(keys) < SECTION
        part.changed = set() if part.through else part.changed.difference(keys)
        if part.through:
            part.last = b""

    def next_reading(self, now: datetime) -> Reading | None:
        """Where to fold cases again; None where there is nothing, or every partition of which is at work."""
        parts = self._partitions
        if any(not part.through for part in parts.values()):
            return None
        closed = not any(part.stale[False] for part in parts.values())
        free = (number for number, part in parts.items() if part.stale[closed] and not part.busy)
        number = next(free, None)
        if number is None:
            return None
        self.began = self.began or now
        part = parts[number] = parts.pop(number)  # the others come first next time
        part.busy = True
        return Reading(number, part.last, closed)

    def read(self, reading: Reading, keys: Sequence[bytes], folded: int) -> None:
        """Notes that a reading is done: the keys it found, in order, and how many of them were folded again."""
        part = self._partitions[reading.partition]
        part.busy = False
        part.last = keys[-1] if keys else part.last
        self.folded += folded
        # one at least is left until the end; what a reading did not find by then, an event folded meanwhile
        part.stale[reading.closed] = max(1, part.stale[reading.closed] - folded)
        if len(keys) < BATCH:
            part.last, part.stale[reading.closed] = b"", 0

    def has_ended(self) -> bool:
        """True once: when cases were folded again and none is left."""
        left = any(any(part.stale.values()) or part.busy or not part.through for part in self._partitions.values())
        if left or not self.folded or self.told:
            return False
        self.told = True
        return True
