"""Who may write the states of a partition. Kafka fences no sleeper at at-least-once, so that readers must.

Each owner signs what it writes with a number above those of all owners before it (a fencing token), and with a mark of
its own: two that have not seen each other's first word may come to the same number, and then the first of them counts.
What another owner had sent and the broker takes only after that is left out at recovery; the newest record of those
cases is then a wrong one, and their states are owed to the changelog again.
"""

import secrets
from collections.abc import Iterable, Sequence

import msgspec

HEADER, MARK = "owner", "mark"
KEY = b"__langnghe\0owner__"  # the row of a store in which its fence is kept; no case has such a key
Headers = Sequence[tuple[str, bytes]]


class Fence(msgspec.Struct):
    """Of one partition: number and mark of its last owner that was seen, and the cases whose newest record is not its.

    The mark is empty where the owner was of a release that wrote none.
    """

    owner: int = 0
    owed: set[bytes] = msgspec.field(default_factory=set)
    mark: str = ""

    @classmethod
    def read(cls, row: bytes | None) -> "Fence":
        """From a store; none has been kept there before the first owner."""
        return msgspec.json.decode(row, type=cls) if row else cls()

    def row(self) -> bytes:
        """What a store keeps."""
        return msgspec.json.encode(self)

    def taken(self, generation: int) -> "Fence":
        """The fence of a new owner. A group that was forgotten or restored counts its generations from one again."""
        return Fence(max(generation, self.owner + 1), self.owed, secrets.token_hex(4))

    def signature(self) -> list[tuple[str, bytes]]:
        """The headers of what the owner writes."""
        return [(HEADER, str(self.owner).encode()), (MARK, self.mark.encode())]

    def lets_in(self, key: bytes, headers: Headers) -> bool:
        """Whether a record of the changelog counts; to be asked in the order of the changelog."""
        signed = dict(headers)
        owner, mark = int(signed.get(HEADER, 0)), signed.get(MARK, b"").decode()
        if owner and (owner < self.owner or (owner == self.owner and self.mark not in ("", mark))):
            self.owed.add(key)
            return False
        if owner:
            self.owner, self.mark = owner, mark
        self.owed.discard(key)
        return True

    def paid(self, keys: Iterable[bytes]) -> "Fence":
        """The fence once the owner has written these."""
        return Fence(self.owner, self.owed.difference(keys), self.mark)


def follows(last: int, written: Iterable[tuple[int, int]]) -> bool:
    """Whether batches, each by its first offset and number of records, follow on `last` and on one another."""
    for first, count in written:
        if first != last + 1:
            return False
        last += count
    return True
