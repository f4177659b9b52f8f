"""Sealing of personal data: whoever seals cannot open, and retired keys still open what they sealed."""

import base64
import json

import pytest

from streams.codec import Opener, Sealer, SealError
from streams.codec.sealing import key_id, new_private_key, public_key

SECRET = "người gửi, 0900 000 000".encode()


@pytest.fixture
def private():
    return new_private_key()


@pytest.fixture
def sealer(private):
    return Sealer(public_key(private))


def test_what_was_sealed_is_opened_with_the_private_key(private, sealer):
    assert Opener.of(private).open(sealer.seal(SECRET)) == SECRET


@pytest.mark.parametrize("content", [b"", b"\x00\xff", "tiếng Việt".encode(), b"x" * 200_000])
def test_any_bytes_can_be_sealed(private, sealer, content):
    assert Opener.of(private).open(sealer.seal(content)) == content


def test_a_box_survives_json_and_names_its_key(private, sealer):
    box = json.loads(json.dumps(sealer.seal(SECRET)))
    assert set(box) == {"key_id", "sealed"}
    assert box["key_id"] == sealer.key_id == key_id(public_key(private))
    assert Opener.of(private).open(box) == SECRET


def test_nothing_of_the_content_shows_in_the_box(sealer):
    assert b"0900" not in base64.b64decode(sealer.seal(SECRET)["sealed"])


def test_sealing_twice_gives_two_boxes_that_tell_nothing_of_being_equal(sealer):
    assert sealer.seal(SECRET)["sealed"] != sealer.seal(SECRET)["sealed"]


def test_a_retired_key_still_opens_what_it_sealed(private, sealer):
    box = sealer.seal(SECRET)
    assert Opener.of(new_private_key(), private).open(box) == SECRET


def test_another_key_opens_nothing(sealer):
    with pytest.raises(SealError, match="không có khóa riêng"):
        Opener.of(new_private_key()).open(sealer.seal(SECRET))


def test_a_box_relabelled_with_another_key_stays_shut(sealer):
    other = new_private_key()
    with pytest.raises(SealError, match="hỏng"):
        Opener.of(other).open({**sealer.seal(SECRET), "key_id": key_id(public_key(other))})


@pytest.mark.parametrize("sealed", ["", "AAAA", "không phải base64", "===="])
def test_a_damaged_box_is_told_as_such(private, sealer, sealed):
    with pytest.raises(SealError, match="hỏng"):
        Opener.of(private).open({"key_id": sealer.key_id, "sealed": sealed})


def test_one_changed_byte_is_noticed(private, sealer):
    box = sealer.seal(SECRET)
    raw = bytearray(base64.b64decode(box["sealed"]))
    raw[-1] ^= 1
    with pytest.raises(SealError, match="hỏng"):
        Opener.of(private).open({**box, "sealed": base64.b64encode(raw).decode()})


@pytest.mark.parametrize("box", [{}, {"key_id": "?"}, {"sealed": "AAAA"}])
def test_half_a_box_is_no_box(private, box):
    with pytest.raises(SealError):
        Opener.of(private).open(box)


def test_a_box_without_content_is_damaged(private, sealer):
    with pytest.raises(SealError, match="hỏng"):
        Opener.of(private).open({"key_id": sealer.key_id})


def test_the_short_name_of_a_key_is_stable_and_of_its_own():
    one, other = public_key(bytes(range(32))), public_key(bytes(range(1, 33)))
    assert key_id(one) == key_id(one) != key_id(other)
    assert len(key_id(one)) == 12


@pytest.mark.parametrize("change", [{"key_id": ["a"]}, {"sealed": None}, {"sealed": 7}], ids=str)
def test_a_box_with_values_that_are_no_text_is_damaged(private, sealer, change):
    with pytest.raises(SealError):
        Opener.of(private).open({**sealer.seal(SECRET), **change})
