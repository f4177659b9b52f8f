"""A mistyped command is answered in one Vietnamese line."""

import re
import sys

import pytest

from cli import main


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["langnghe", *words])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("clasify", "không có lệnh “clasify”; gần giống: classify; xem langnghe --help"),
        ("classify --foo", "không có tùy chọn “--foo”; xem langnghe classify --help"),
        ("explain --dat x y", "không có tùy chọn “--dat”; gần giống: --data; xem langnghe explain --help"),
        ("worker cases --number x",
         "giá trị của “--number” không dùng được: phải là số nguyên; xem langnghe worker cases --help"),
        ("up --workers 0", "giá trị của “--workers” không dùng được: phải từ 1 trở lên; xem langnghe up --help"),
        ("up --workers 99", "giá trị của “--workers” không dùng được: không được quá 20; xem langnghe up --help"),
        ("report cuts --from 2026-01-01 --to 2026-02-01 --by x",
         "giá trị của “--by” không dùng được: chỉ nhận level, agency, field; xem langnghe report cuts --help"),
        ("erase", "thiếu “case”; xem langnghe erase --help"),
        ("erase x --data", "thiếu giá trị của “--data”; xem langnghe --help"),
        ("explain a b", "thừa “b”; xem langnghe explain --help"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_named_with_the_way_to_the_help(
    words: str, answer: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, *words.split(" ")) == 2
    assert capsys.readouterr().err == f"langnghe: {answer}\n"


def test_no_command_at_all_shows_the_commands_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch) == 2
    assert capsys.readouterr().err == ""


def test_a_command_that_did_its_work_ends_with_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["langnghe", "due", "--help"])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code in (0, None)


@pytest.mark.parametrize("words", [(), ("erase",), ("dlq",), ("dlq", "show")], ids=" ".join)
def test_the_help_is_in_vietnamese(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, *words, "--help") == 0
    shown = capsys.readouterr().out
    assert "Cách dùng: langnghe" in shown
    assert "Xem hướng dẫn này." in shown
    assert not re.search(r"Usage|Options|OPTIONS|Commands|COMMAND|Arguments|ARGS|required|default|Show this", shown)
