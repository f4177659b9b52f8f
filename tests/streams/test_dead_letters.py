"""What cannot be read is kept whole, and says no more in the open than where it lay and why."""

import json
from dataclasses import dataclass
from datetime import datetime

import pytest

from casework.calendar import VIETNAM
from streams.codec import Opener, Sealer
from streams.codec.errors import invalid
from streams.codec.sealing import new_private_key, public_key
from streams.dead_letters import DeadLetters
from streams.topics import Topics

NOW = datetime(2026, 9, 14, 8, tzinfo=VIETNAM)
KEY = new_private_key()
LETTERS = DeadLetters(Topics(), Sealer(public_key(KEY)))


@dataclass(frozen=True)
class Record:
    topic: str
    value: bytes | None
    key: bytes | None = None
    partition: int = 3
    offset: int = 41


def letter(record):
    return LETTERS.letter(record, invalid("occurred_at", "bad_date", "không phải ngày giờ có thật"), NOW)


def test_the_same_record_always_makes_the_same_letter_so_that_a_repeat_replaces_it():
    assert letter(Record("dossier.intake", b"x")).key == b"dossier.intake/3/41"


def test_the_headers_name_origin_code_and_field_and_never_a_value():
    headers = dict(letter(Record("dossier.intake", b"30/02/2026")).headers)
    assert headers == {
        "origin": b"dossier.intake/3/41",
        "reason": b"bad_date occurred_at",
        "time": b"2026-09-14T08:00:00+07:00",
    }


@pytest.mark.parametrize("topic", ["dossier.intake", "feedback.intake", "restricted.events", "restricted.ticks"])
def test_what_may_hold_personal_data_is_sealed_and_opens_to_the_very_same_bytes(topic):
    original = b"\xff\x00 loi nguoi dan"
    value = letter(Record(topic, original, key=b"\xfe")).value
    assert b"nguoi dan" not in value
    opened = json.loads(Opener.of(KEY).open(json.loads(value)))
    assert (opened["value"].encode("latin-1"), opened["key"].encode("latin-1")) == (original, b"\xfe")


def test_a_clean_event_that_cannot_be_read_is_kept_as_it_is():
    assert letter(Record("dossier.events", b"{}")).value == b"{}"
    assert letter(Record("feedback.ticks", None)).value == b""
