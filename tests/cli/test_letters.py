"""Dead letters opened and made ready to go back, as the workers write them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from cli.letters import Letter, LetterError, one_letter, opened, opener_of, redriven, tombstone
from cli.outgoing import Outgoing
from streams.codec import Opener, Sealer, admit_received
from streams.codec.errors import invalid
from streams.codec.sealing import new_private_key, public_key
from streams.dead_letters import DeadLetters
from streams.topics import Topics
from tests.support.cli import at, run

TOPICS = Topics("try.")
PRIVATE = new_private_key()


@dataclass
class Record:
    topic: str
    value: bytes | None
    key: bytes | None = b"k"
    partition: int = 3
    offset: int = 9
    headers: list[tuple[str, bytes]] = field(default_factory=list)


def letter(record):
    made = DeadLetters(TOPICS, Sealer(public_key(PRIVATE))).letter(
        record, invalid("status", "unknown_status", ""), datetime(2026, 9, 14, tzinfo=UTC)
    )
    return Letter(made.key.decode(), "unknown_status status", "", made.value)


@pytest.mark.parametrize("value", [b'{"MaHoSo": "C"}', b"\xff\xfe\x00 no text at all", b""])
@pytest.mark.parametrize("key", [b"k", b"\xff", None])
def test_a_sealed_original_comes_back_byte_for_byte_with_its_key(value, key):
    original = opened(letter(Record("try.dossier.intake", value, key)), Opener.of(PRIVATE), TOPICS)
    assert original == Outgoing("try.dossier.intake", key, value)


def test_feedback_without_an_id_that_is_redriven_again_and_again_is_one_case():
    value = '{"text": "Cống tắc", "channel": "portal"}'.encode()
    first = Record("try.feedback.intake", value)
    sent = redriven(letter(first), Opener.of(PRIVATE), TOPICS).value
    once_more = redriven(letter(Record("try.feedback.intake", sent, offset=80)), Opener.of(PRIVATE), TOPICS).value
    read = [(value, "3/9"), (sent, "3/80"), (sent, "3/81"), (once_more, "0/82")]
    assert len({admit_received(said, f"try.feedback.intake/{place}")[0] for said, place in read}) == 1
    assert opened(letter(first), Opener.of(PRIVATE), TOPICS).value == value, "who looks at it sees it as it came"


@pytest.mark.parametrize("value", [b'{"text": "x", "channel": "app", "feedback_id": "PA-1"}', b"{", b"[]"])
def test_feedback_with_an_id_and_what_nobody_can_read_is_redriven_byte_for_byte(value):
    record = Record("try.feedback.intake", value)
    assert redriven(letter(record), Opener.of(PRIVATE), TOPICS).value == value


def test_an_event_of_our_own_goes_back_to_the_partition_of_its_case():
    value = b'{"specversion":"1.0","id":"1","source":"/x","type":"feedback.opened","subject":"PA-1","data":{}}'
    original = opened(letter(Record("try.feedback.events", value)), Opener.of(), TOPICS)
    assert original == Outgoing("try.feedback.events", b"PA-1", value, partition=3)


def test_the_tombstone_has_the_key_of_the_letter():
    found = tombstone(letter(Record("try.dossier.intake", b"")), TOPICS)
    assert (found.topic, found.key, found.value) == ("try.dead.letters", b"try.dossier.intake/3/9", None)


def test_a_letter_sealed_for_another_key_is_not_opened():
    with pytest.raises(LetterError):
        opened(letter(Record("try.dossier.intake", b"x")), Opener.of(new_private_key()), TOPICS)


def test_a_letter_that_is_not_there_is_told():
    with pytest.raises(LetterError, match="dlq list"):
        one_letter({}, "x")


def test_all_keys_of_the_desk_open_and_without_any_the_user_is_told_who_may(tmp_path):
    with pytest.raises(LetterError, match="người giữ khóa"):
        opener_of(tmp_path)
    (tmp_path / "retired.key").write_bytes(PRIVATE)
    (tmp_path / "desk.key").write_bytes(new_private_key())
    assert opened(letter(Record("try.dossier.intake", b"x")), opener_of(tmp_path), TOPICS).value == b"x"


@pytest.mark.parametrize("arguments", [["redrive"], ["redrive", "a/0/1", "--all"], ["list"], ["show", "a/0/1"]])
def test_a_wrong_call_and_a_silent_kafka_end_with_a_sentence(tmp_path, arguments):
    status, out, error = run(["dlq", *arguments, *at(tmp_path)])
    assert (status, out) == (1, "")
    assert error.strip().endswith((".", "tất cả."))
