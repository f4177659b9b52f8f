"""What a feeding command sends."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for a topic; `value` None is a tombstone, `partition` None lets the key decide."""

    topic: str
    key: bytes | None
    value: bytes | None
    partition: int | None = None
