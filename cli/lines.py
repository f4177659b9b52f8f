"""JSON lines in, JSON lines out: in order, in batches, without waiting for more when the input is slow."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, Protocol

import msgspec

BATCH = 64
_PIECE = 1 << 18
_BOM = b"\xef\xbb\xbf"


class Readable(Protocol):
    """A binary stream that hands over what has come so far."""

    def read1(self, size: int, /) -> bytes: ...


class BadLine(ValueError):
    """A line that gets an error in its place; `id` is what it is called by, where that could be read."""

    def __init__(self, id_: object, message: str) -> None:
        super().__init__(message)
        self.id = id_


Record = dict[str, Any]
Answers = Callable[[Sequence[Record | BadLine]], list[Record | BadLine]]


def answer_lines(incoming: Readable, out: BinaryIO, answers: Answers) -> int:
    """Writes an answer in the place of every line; returns how many lines were bad."""
    bad = 0
    for batch in batches(incoming):
        found = answers([_read(line) for line in batch])
        bad += sum(isinstance(answer, BadLine) for answer in found)
        out.write(b"".join(_written(answer) for answer in found))
        out.flush()
    return bad


def batches(incoming: Readable, size: int = BATCH) -> Iterator[list[bytes]]:
    """At most `size` lines at a time. Blank lines count where another line follows them."""
    rest, blanks, first = b"", 0, True
    while piece := incoming.read1(_PIECE):
        *lines, rest = (rest + piece).split(b"\n")
        if lines and first:
            lines[0], first = lines[0].removeprefix(_BOM), False
        full: list[bytes] = []
        for line in lines:
            full, blanks = ([*full, *[b""] * blanks, line], 0) if line.strip() else (full, blanks + 1)
        yield from _cut(full, size)
    if rest.strip():
        yield from _cut([*[b""] * blanks, rest.removeprefix(_BOM) if first else rest], size)


def _cut(lines: list[bytes], size: int) -> Iterator[list[bytes]]:
    return (lines[start : start + size] for start in range(0, len(lines), size))


def _read(line: bytes) -> Record | BadLine:
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return BadLine(None, "dòng không phải JSON mã hóa UTF-8")
    if not isinstance(found, dict):
        return BadLine(None, "dòng phải là một đối tượng JSON {…}")
    id_ = found.get("id")
    if isinstance(id_, bool) or not isinstance(id_, str | int) or id_ == "":
        return BadLine(None, "thiếu trường “id” (chuỗi ký tự hoặc số)")
    return found


def _written(answer: Record | BadLine) -> bytes:
    record = {"id": answer.id, "error": str(answer)} if isinstance(answer, BadLine) else answer
    return msgspec.json.encode(record) + b"\n"
