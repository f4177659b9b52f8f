"""Personal numbers and addresses go in every spelling, and nothing else does."""

import time

import pytest

from models.redact import redact

PHONES = [
    "0900000001", "0900 000 001", "0900.000.001", "0900-000-001", "0900 000001", "(0900) 000 001", "+84900000001",
    "+84 900 000 001", "(+84) 900-000-001", "+84(0)900000001", "0084900000001", "84900000001", "09 0000 0001",
    "0 9 0 0 0 0 0 0 0 1", "0900 - 000 - 001", "0900_000_001", "0900,000,001", "0900/000/001", "0900\u200b000\u200b001",
    "0900\u00a0000\u00a0001", "0900\n000001", "0203 3 000 001", "(0203) 3.000.001", "024.3000.0001", "090O OOO OO1",
    "o9oo ooo oo1", "không chín không không không không không không không một",
    "khong chin khong khong khong khong khong khong khong mot", "0 chín 00 không không không 001",
    "Không chín, không không không, không không không một",
]  # fmt: skip
EMAILS = [
    "a.b@example.com", "a.b+c@mail.example.vn", "TEN@EXAMPLE.COM", "ten @ example . com", "ten(a)example.com",
    "ten [at] example [dot] com", "ten a còng example chấm com",
]  # fmt: skip
PAPERS = [
    "000000000001", "001 000 000 001", "001.000.000.001", "100000001", "100 000 001", "100-000-001", "C0000001",
    "GD4000000000001", "GD 4 00 00 000 00001", "000000000000001",
]  # fmt: skip
PLATES = [
    "14A-000.01", "14A 00001", "14A00001", "29C1-000.01", "29-C1 000.01", "14B1 000.01", "14b1-00001", "51F-0001",
    "14LD-000.01", "14MĐ1-000.01", "14AA-000.01",
]  # fmt: skip
CUED = [
    ("STK 0000000001", "STK [số tài khoản]"),
    ("stk vcb 1000001", "stk vcb [số tài khoản]"),
    ("số tài khoản 10000000000001 ngân hàng", "số tài khoản [số tài khoản] ngân hàng"),
    ("tài khoản ngân hàng số 100 000 000 01", "tài khoản ngân hàng số [số tài khoản]"),
    ("TK: 1000 0001 01", "TK: [số tài khoản]"),
    ("CCCD 001000000001", "CCCD [số giấy tờ]"),
    ("CMND số: 100.000.001", "CMND số: [số giấy tờ]"),
    ("cmnd 10000001", "cmnd [số giấy tờ]"),
    ("hộ chiếu B0000001", "hộ chiếu [số giấy tờ]"),
    ("MST: 0100000001-001", "MST: [số giấy tờ]"),
    ("mã số thuế 8000000001", "mã số thuế [số giấy tờ]"),
]
KEPT = [
    "1022", "gọi 113, 114, 115", "1900 1234", "ngày 01/02/2026 08h30", "từ 01.02.2026 07:00",
    "từ 01.01.2026 - 31.12.2026", "từ 07.30-11.30, 13.30-17.00 hằng ngày", "1.500.000.000 đồng", "150000000đ",
    "150 000 000 đồng", "giá 1.500.000.000",
    "84.300.500.000 đồng", "10.000.000 - 20.000.000 đồng", "mức đóng BHXH là 5.500.000",
    "tài khoản bị trừ 1.500.000 đồng",
    "Nghị định 61/2018/NĐ-CP", "QĐ 1207/QĐ-UBND ngày 28/2/2025", "000.00.01.H49-220614-0002", "H49.23-251120-0012",
    "các năm 2022 2023 2024", "2021-2025", "tháng 01, 02, 03, 04, 05", "số nhà 12 ngõ 34 ngách 56", "căn hộ 25A 1204",
    "thửa 123 tờ bản đồ 45 diện tích 1234 m2", "quốc lộ 18A km 125", "năm hai ba bốn tháng", "tọa độ 21.0285, 107.1234",
    "trờiiiii", "ooooooooooooo", "lớp 12A1 có 40 học sinh", "",
]  # fmt: skip
MARKS = [(PHONES, "[số điện thoại]"), (EMAILS, "[email]"), (PAPERS, "[số giấy tờ]"), (PLATES, "[biển số]")]


@pytest.mark.parametrize(("written", "mark"), [(written, mark) for table, mark in MARKS for written in table])
def test_a_personal_number_is_replaced_by_what_it_was(written: str, mark: str) -> None:
    assert redact(f"Liên hệ {written} nhé, đường hỏng.") == f"Liên hệ {mark} nhé, đường hỏng."


@pytest.mark.parametrize(("written", "redacted"), CUED)
def test_a_word_before_a_number_tells_what_it_is(written: str, redacted: str) -> None:
    assert redact(written) == redacted


@pytest.mark.parametrize("text", KEPT)
def test_public_numbers_and_words_stay(text: str) -> None:
    assert redact(text) == text


def test_full_width_digits_are_digits() -> None:
    assert redact("gọi ０９００００００００１") == "gọi [số giấy tờ]"


@pytest.mark.parametrize("gap", [" ", ", ", ";", " - ", " hoặc ", "\n"])
def test_every_occurrence_is_replaced(gap: str) -> None:
    assert redact(gap.join(["0900 000 001", "0900000002", "0900.000.003"])) == gap.join(["[số điện thoại]"] * 3)


@pytest.mark.parametrize("around", ["sdt{}", "liên hệ:{}-anh", "{}a", "số 12 {}", "01/02/2026 {}"])
def test_what_stands_beside_a_number_does_not_hide_it(around: str) -> None:
    assert redact(around.format("0900000001")) == around.format("[số điện thoại]")


@pytest.mark.parametrize("written", [*PHONES, *EMAILS, *PAPERS, *PLATES, *[written for written, _ in CUED]])
def test_redacting_twice_changes_nothing(written: str) -> None:
    assert redact(redact(written)) == redact(written)


@pytest.mark.parametrize(
    "piece", ["a", "1", "0 9 ", "o ", "a@", "a.", "một hai ", "tk ", "84 ", "(", "cccd 1 2 ", "\x00"]
)
def test_a_megabyte_of_anything_is_redacted_in_time(piece: str) -> None:
    started = time.process_time()
    redact(piece * (1_000_000 // len(piece)))
    assert time.process_time() - started < 2
