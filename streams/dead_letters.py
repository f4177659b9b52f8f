"""Messages that cannot be read: kept whole with origin and reason, sealed where they may hold personal data."""

import json
from datetime import datetime
from typing import Any

import msgspec

from streams.codec import InvalidInput, Sealer
from streams.records import Send
from streams.topics import Topics


class DeadLetters:
    """Makes dead letters; the reason is a code and a field, never a value."""

    def __init__(self, topics: Topics, sealer: Sealer) -> None:
        self.topics = topics
        self.sealer = sealer
        self._sealed = topics.sealed_when_dead

    def letter(self, record: Any, error: InvalidInput, now: datetime) -> Send:
        """The dead letter of a Kafka record; its key is the record's own position, so a repeat replaces itself."""
        origin = f"{record.topic}/{record.partition}/{record.offset}"
        headers = (("origin", origin.encode()), ("reason", error.reason.encode()), ("time", now.isoformat().encode()))
        return Send(self.topics.dead_letters, origin.encode(), self._content(record), headers)

    def _content(self, record: Any) -> bytes:
        if record.topic not in self._sealed:
            return record.value or b""
        original = {"key": _text(record.key), "value": _text(record.value)}
        return msgspec.json.encode(self.sealer.seal(json.dumps(original, ensure_ascii=False).encode()))


def _text(value: bytes | None) -> str | None:
    """Any bytes as text that gives the same bytes again (latin-1)."""
    return None if value is None else value.decode("latin-1")
