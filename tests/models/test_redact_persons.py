"""Names of persons and the sender's house go, wherever they stand; what the text is about stays."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.redact import redact
from models.text import PLACEHOLDERS, read

WORDS = [
    "ông", "Bà", "tên", "tôi", "ở", "Nguyễn", "Văn", "A", "nguyen", "thi", "Hoa", "H.", "số", "12", "đường", "Lê Lợi",
    "0900000001", ",", ".", "\n", ":", "và", "địa chỉ", "[họ tên]", "[địa chỉ]", "tài khoản", "không", "là", "(",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Ông Nguyễn Văn A lấn đất, NGUYỄN VĂN A còn dọa tôi", "Ông [họ tên] lấn đất, [họ tên] còn dọa tôi"),
        ("Trần Thị Mẫu nói dối. Bà Trần Thị Mẫu có lỗi", "[họ tên] nói dối. Bà [họ tên] có lỗi"),
        ("ong tran van mau xay nha, ong mau khong dung", "ong [họ tên] xay nha, ong [họ tên] khong dung"),
        ("Anh Nam ở tổ 2. Việt Nam, Hà Nam, Nam Định. Gặp Nam rồi",
         "Anh [họ tên] ở tổ 2. Việt Nam, Hà Nam, Nam Định. Gặp [họ tên] rồi"),
        ("Ông Lê Lai ở đường Lê Lai", "Ông [họ tên] ở đường Lê Lai"),
    ],
)  # fmt: skip
def test_a_name_told_once_is_known_everywhere(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Tôi ở số 5 đường Lê Lợi, ổ gà trước số 45 đường Lê Lợi",
         "Tôi ở [địa chỉ], ổ gà trước số 45 đường Lê Lợi"),
        ("Quán bia, địa chỉ: số 5 đường Lê Lợi", "Quán bia, địa chỉ: số 5 đường Lê Lợi"),
        ("Tôi ở thôn Hạ, cạnh số 5 đường Lê Lợi", "Tôi ở thôn Hạ, cạnh số 5 đường Lê Lợi"),
    ],
)  # fmt: skip
def test_only_the_house_of_the_sender_goes(text: str, redacted: str) -> None:
    assert redact(text) == redacted


def test_letters_typed_with_combining_marks_are_read_alike() -> None:
    assert redact(unicodedata.normalize("NFD", "Ông Nguyễn Văn Bưởi lấn đất")) == "Ông [họ tên] lấn đất"


@pytest.mark.parametrize("mark", PLACEHOLDERS.values())
def test_a_placeholder_is_one_word_to_the_model_and_none_to_redaction(mark: str) -> None:
    assert read(f"gặp {mark} nhé").usual.count(" ") == 2 + mark.count(" ")
    assert redact(f"ông {mark}, tên {mark} {mark}") == f"ông {mark}, tên {mark} {mark}"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
def test_redacting_any_mixture_twice_changes_nothing(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_redacted_without_complaint_into_composed_letters(text: str) -> None:
    assert unicodedata.is_normalized("NFC", redact(text))


@pytest.mark.parametrize(
    "piece",
    ["Ông Nguyễn Văn A ", "ong nguyen van a ", "A. ", "A.", "Ông ", "ông A\n", "địa chỉ số 1 ", "1 đường A ",
     "ông Tuấn và Hùng ", "Nguyễn Văn A, ", "nhà tôi số 1 ", "tôi [họ tên], số 1 ", "đường Lê Lợi, "],
)  # fmt: skip
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    started = time.process_time()
    redact(piece * (200_000 // len(piece)))
    assert time.process_time() - started < 3
