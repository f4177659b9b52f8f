"""What a mistyped command gets: one Vietnamese line that names the option or argument, and where the help is."""

import re
from typing import Any

import typer
from typer.exceptions import TyperException

_NAMED: tuple[tuple[str, str], ...] = (
    (r"No such option: (?P<what>\S+)", "không có tùy chọn “{what}”"),
    (r"No such command '(?P<what>[^']*)'", "không có lệnh “{what}”"),
    (r"Missing command", "thiếu tên lệnh"),
    (r"Got unexpected extra argument\(s\) \((?P<what>.*)\)", "thừa “{what}”"),
    (r"Missing (?:argument|option|parameter) '(?P<what>[^']*)'", "thiếu “{what}”"),
    (r"Option '(?P<what>[^']*)' requires", "thiếu giá trị của “{what}”"),
)
_NEEDED = {
    "int_parsing": "phải là số nguyên",
    "float_parsing": "phải là số",
    "greater_than_equal": "phải từ {ge} trở lên",
    "greater_than": "phải lớn hơn {gt}",
    "less_than_equal": "không được quá {le}",
    "less_than": "phải nhỏ hơn {lt}",
}
_CHOICES = re.compile(r"is not one of (?P<choices>[^.]*)")
_VALUE = re.compile(r"Invalid value for '?(?P<what>[^':]*)'?: (?P<why>.*)", re.DOTALL)
_NEAR = re.compile(r"(?:Did you mean|Possible options:) '?(?P<near>[^?')]*)")


def told(problem: TyperException) -> str:
    """The message of a usage error of typer; what it says that we do not know is passed on as it is."""
    said = problem.format_message()
    near = _NEAR.search(said)
    hint = f"; gần giống: {near['near']}" if near else ""
    context: typer.Context | None = getattr(problem, "ctx", None)
    command = context.command_path if context else "langnghe"
    return f"langnghe: {_what(problem, said)}{hint}; xem {command} --help"


def _what(problem: TyperException, said: str) -> str:
    value = _VALUE.match(said)
    if value:
        return f"giá trị của “{value['what']}” không dùng được: {_why(problem, value['why'])}"
    found = ((re.match(pattern, said), words) for pattern, words in _NAMED)
    return next((words.format_map(match.groupdict()) for match, words in found if match), said)


def _why(problem: TyperException, why: str) -> str:
    """By the validator's own code, which stays the same where its sentence changes; words to choose from have none."""
    if choices := _CHOICES.search(why):
        return "chỉ nhận " + choices["choices"].replace("'", "")
    errors: list[dict[str, Any]] = getattr(problem.__cause__, "errors", list)()
    first = errors[0] if errors else {}
    return _NEEDED.get(first.get("type", ""), why).format_map(first.get("ctx", {}))
