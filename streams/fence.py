"""Who may write the states of a partition, and what is to be told of them. Kafka fences no sleeper at at-least-once,
so that readers must.

Each owner signs what it writes with a number above those of all owners before it (a fencing token), and with a mark of
its own: two that have not seen each other's first word may come to the same number, and then the first of them counts.
What another owner had sent and the broker takes only after that is left out at recovery; the newest record of those
cases is then a wrong one, and their states are owed to the changelog again.

Outcomes travel in the headers of the states that they come with, and are told once these are kept (a transactional
outbox): whoever finds a last write tells its outcomes before it writes anything else.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence

import msgspec

HEADER, MARK, WRITE, TELLS = "owner", "mark", "write", "tells"
KEY = b"__langnghe\0owner__"  # the row of a store in which its fence is kept; no case has such a key
Headers = Sequence[tuple[str, bytes]]
Told = Mapping[bytes, bytes]  # by case its outcomes, as codec.encode_told has them


class Fence(msgspec.Struct):
    """Of one partition: number and mark of its last owner that was seen, and the cases whose newest record is not its.

    The mark is empty where the owner was of a release that wrote none. `untold` are cases and outcomes of its write of
    this number; those of the owner before as well, up to the second write of this one, for a sleeper's last may have
    come just before the first, with which a new owner claims the partition.
    """

    owner: int = 0
    owed: set[bytes] = msgspec.field(default_factory=set)
    mark: str = ""
    write: int = 0
    untold: list[tuple[bytes, bytes]] = msgspec.field(default_factory=list)

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

    def headers(self, told: bytes | None = None) -> list[tuple[str, bytes]]:
        """Of a record of the owner's next write, with the outcomes of its case."""
        signed = [(HEADER, b"%d" % self.owner), (MARK, self.mark.encode()), (WRITE, b"%d" % (self.write + 1))]
        return [*signed, (TELLS, told)] if told else signed

    def lets_in(self, key: bytes, headers: Headers) -> bool:
        """Whether a record of the changelog counts; to be asked in the order of the changelog."""
        signed = dict(headers)
        owner, mark = int(signed.get(HEADER, 0)), signed.get(MARK, b"").decode()
        write = int(signed.get(WRITE, 0))
        if owner and self._is_past(owner, mark, write):
            self.owed.add(key)
            return False
        if owner:
            if mark == self.mark and write != self.write:
                self.untold.clear()  # who writes again has told what was written before
            self.owner, self.mark, self.write = owner, mark, write
        if told := signed.get(TELLS):
            self.untold.append((key, told))
        self.owed.discard(key)
        return True

    def _is_past(self, owner: int, mark: str, write: int) -> bool:
        """Of an owner before, or of this one before its last write: a copy that a broken connection let through."""
        if owner != self.owner or not self.mark:
            return owner < self.owner
        return mark != self.mark or write < self.write

    def paid(self, keys: Iterable[bytes], told: Told) -> "Fence":
        """The fence once the owner has written these keys with these outcomes."""
        return Fence(self.owner, self.owed.difference(keys), self.mark, self.write + 1, list(told.items()))

    def silent(self) -> "Fence":
        """The fence once all is told."""
        return msgspec.structs.replace(self, untold=[])


def follows(last: int, written: Iterable[tuple[int, int]]) -> bool:
    """Whether batches, each by its first offset and number of records, follow on `last` and on one another."""
    for first, count in written:
        if first != last + 1:
            return False
        last += count
    return True
