"""Dead letters as they stand in Kafka: what they say outside, and the original inside."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from cli.log import kafka_of, read_all
from cli.outgoing import Outgoing
from cli.settings import Settings
from streams.codec import InvalidInput, Opener, SealError, with_id
from streams.codec.envelope import decode_envelope
from streams.topics import Topics


class LetterError(ValueError):
    """A dead letter that is not there or cannot be opened."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter; `reason` is a code and a field, never a value."""

    key: str
    reason: str
    time: str
    content: bytes

    @property
    def origin(self) -> tuple[str, int]:
        """Topic and partition that the record stood on. Raises LetterError."""
        topic, _, rest = self.key.partition("/")
        partition = rest.partition("/")[0]
        if not topic or not partition.isdigit():
            raise LetterError(f"Bản ghi lỗi {self.key} không ghi rõ topic gốc.")
        return topic, int(partition)


def read_letters(settings: Settings) -> dict[str, Letter]:
    """The dead letters that stand, by key. Ends the command where Kafka does not answer."""
    found: dict[str, Letter] = {}
    with kafka_of(settings):
        for record in read_all(settings, settings.topics.dead_letters):
            key = (record.key or b"").decode(errors="replace")
            if record.value is None:
                found.pop(key, None)
                continue
            headers = {name: value.decode(errors="replace") for name, value in record.headers}
            found[key] = Letter(key, headers.get("reason", ""), headers.get("time", ""), record.value)
    return found


def one_letter(letters: Mapping[str, Letter], key: str) -> Letter:
    """Raises LetterError."""
    if key not in letters:
        raise LetterError(f"Không có bản ghi lỗi “{key}”; xem danh sách bằng: langnghe dlq list.")
    return letters[key]


def opener_of(keys: Path) -> Opener:
    """All private keys of the desk, current and retired. Raises LetterError."""
    try:
        found = [path.read_bytes() for path in sorted(keys.glob("*.key"))]
    except OSError:
        found = []
    if not found:
        raise LetterError(f"Không đọc được khóa trong {keys}; lệnh này cần quyền của người giữ khóa.")
    return Opener.of(*found)


def opened(letter: Letter, opener: Opener, topics: Topics) -> Outgoing:
    """The original record, ready to be sent to where it came from. Raises LetterError.

    Sealed ones hold their key. Our own events go back to the partition of their case; on an intake topic any will do.
    """
    topic, partition = letter.origin
    if topic not in topics.sealed_when_dead:
        return Outgoing(topic, _case_of(letter.content), letter.content, partition)
    try:
        original = json.loads(opener.open(msgspec.json.decode(letter.content, type=dict[str, str])))
    except (SealError, msgspec.DecodeError, ValueError) as error:
        raise LetterError(f"Không mở được bản ghi lỗi {letter.key}: {error}.") from None
    intake = topic in (topics.dossier_intake, topics.feedback_intake)
    return Outgoing(topic, _bytes(original["key"]), _bytes(original["value"]), None if intake else partition)


def redriven(letter: Letter, opener: Opener, topics: Topics) -> Outgoing:
    """The original record as it is sent again, however often: feedback without an id keeps that of its first position.

    Raises LetterError.
    """
    original = opened(letter, opener, topics)
    if original.topic != topics.feedback_intake or original.value is None:
        return original
    return replace(original, value=with_id(original.value, letter.key))


def tombstone(letter: Letter, topics: Topics) -> Outgoing:
    return Outgoing(topics.dead_letters, letter.key.encode(), None)


def _case_of(content: bytes) -> bytes | None:
    try:
        return decode_envelope(content).subject.encode() or None
    except InvalidInput:
        return None


def _bytes(text: str | None) -> bytes | None:
    """Originals are kept as latin-1, which gives the same bytes again."""
    return None if text is None else text.encode("latin-1")
