"""How Vietnamese as people type it becomes words."""

import pytest

from models.text import clean, mask_digits, place_tone, read, shorten, usual_spelling, without_diacritics


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Hoa\u0300 Bi\u0300nh", "Hoà Bình"),
        ("đo\u031b\u0300i", "đời"),
        ("a\x00b\x07c", "a b c"),
        ("dòng 1\ndòng 2\tcột", "dòng 1\ndòng 2\tcột"),
        ("đư\u200bờng\ufeff", "đường"),
        ("hỏng \ud83d rồi", "hỏng \ufffd rồi"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("", ""),
    ],
    ids=[
        "combining grave",
        "horn and grave",
        "control",
        "line and tab stay",
        "invisible",
        "surrogate",
        "emoji",
        "empty",
    ],
)
def test_cleaning_keeps_what_can_be_seen(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("khoẻ", "khỏe"),
        ("thuỷ", "thủy"),
        ("qúy", "quý"),
        ("hoàn", "hoàn"),
        ("quà", "quà"),
        ("quý", "quý"),
    ],
)
def test_both_customs_of_tone_placement_read_alike(one: str, other: str) -> None:
    assert place_tone(one) == other


@pytest.mark.parametrize(
    ("drawn_out", "usual"),
    [("quáaaaa", "quá"), ("trờiiiii", "trời"), ("ơiii", "ơi"), ("xoong", "xoong"), ("ồnnnn", "ồn"), ("hỏng", "hỏng")],
)
def test_a_drawn_out_word_gets_its_usual_length(drawn_out: str, usual: str) -> None:
    assert shorten(drawn_out) == usual


@pytest.mark.parametrize(
    ("number", "masked"), [("12", "#"), ("2025", "#"), ("km5", "km#"), ("h5n1", "h#n#"), ("xã", "xã")]
)
def test_all_numbers_read_alike(number: str, masked: str) -> None:
    assert mask_digits(number) == masked


@pytest.mark.parametrize(
    ("short", "meaning"),
    [
        ("UBND", "ủy ban nhân dân"),
        ("ko", "không"),
        ("dc", "được"),
        ("BHYT", "bảo hiểm y tế"),
        ("CCCD", "căn cước công dân"),
        ("Đường", "đường"),
    ],
)
def test_abbreviations_and_teencode_are_written_out(short: str, meaning: str) -> None:
    assert usual_spelling(short)[0] == meaning


def test_the_plain_view_has_no_marks() -> None:
    assert without_diacritics("Đường Nguyễn Huệ bị ngập ở chỗ trũng") == "Duong Nguyen Hue bi ngap o cho trung"


def test_a_placeholder_is_one_word_that_says_nothing_of_telephones() -> None:
    assert read("gọi [số điện thoại] nhé").usual == "gọi [số điện thoại] nhé"
    assert usual_spelling("[số điện thoại]") == ("[số điện thoại]", "[số điện thoại]")


def test_both_views_hold_the_same_number_of_words() -> None:
    reading = read("UBND xã ko trả lời, đg hỏng 3 tháng!!!")
    assert reading.usual.count(" ") == reading.plain.count(" ")


def test_an_abbreviation_gives_several_words_in_one_place() -> None:
    reading = read("Gửi UBND xã")
    assert [reading.text[start:end] for start, end in reading.spans] == ["Gửi", "UBND", "UBND", "UBND", "UBND", "xã"]
