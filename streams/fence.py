"""Who may write the states of a partition. Kafka fences no sleeper at at-least-once, so that readers must.

Each owner signs what it writes with a number above those of all owners before it (a fencing token). What an earlier
owner had sent and the broker takes only after its successor's first word is left out at recovery; the newest record of
those cases is then a wrong one, and their states are owed to the changelog again.
"""

from collections.abc import Iterable, Sequence

import msgspec

HEADER = "owner"
KEY = b"__langnghe\0owner__"  # the row of a store in which its fence is kept; no case has such a key
Headers = Sequence[tuple[str, bytes]]


class Fence(msgspec.Struct):
    """Of one partition: the number of its last owner that was seen, and the cases whose newest record is not its."""

    owner: int = 0
    owed: set[bytes] = msgspec.field(default_factory=set)

    @classmethod
    def read(cls, row: bytes | None) -> "Fence":
        """From a store; none has been kept there before the first owner."""
        return msgspec.json.decode(row, type=cls) if row else cls()

    def row(self) -> bytes:
        """What a store keeps."""
        return msgspec.json.encode(self)

    def taken(self, generation: int) -> "Fence":
        """The fence of a new owner. A group that was forgotten or restored counts its generations from one again."""
        return Fence(max(generation, self.owner + 1), self.owed)

    def signature(self) -> list[tuple[str, bytes]]:
        """The headers of what the owner writes."""
        return [(HEADER, str(self.owner).encode())]

    def lets_in(self, key: bytes, headers: Headers) -> bool:
        """Whether a record of the changelog counts; to be asked in the order of the changelog."""
        owner = _signed_by(headers)
        if owner is not None and owner < self.owner:
            self.owed.add(key)
            return False
        self.owner = max(self.owner, owner or 0)
        self.owed.discard(key)
        return True

    def paid(self, keys: Iterable[bytes]) -> "Fence":
        """The fence once the owner has written these."""
        return Fence(self.owner, self.owed.difference(keys))


def _signed_by(headers: Headers) -> int | None:
    """None: written by a release that did not sign."""
    return next((int(value) for name, value in headers if name == HEADER), None)


def follows(last: int, written: Iterable[tuple[int, int]]) -> bool:
    """Whether batches, each by its first offset and number of records, follow on `last` and on one another."""
    for first, count in written:
        if first != last + 1:
            return False
        last += count
    return True
