"""Hostile messages: valid ones of every intake, damaged in their bytes or in their structure, from a seed."""

import copy
import json
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from casework.watchpoints import upcoming
from streams import codec
from streams.codec import Tick
from tests.support.chunks import NOW, A, said, told
from tests.support.dossiers import dossier, moment, step
from tests.support.feedback import event, opened

DEEPEST = 1_200  # around what Python's recursion limit lets through
MOMENT = "2026-09-14T08:00:00+07:00"
NATIONAL = {
    "MaHoSo": A, "TrangThai": "5", "MaTTHC": "9.000010", "NgayTiepNhan": "20260914080000", "DonViXuLy": "Sở Y tế",
    "NgayHenTra": "20260930170000", "KenhThucHien": "1", "ChuHoSo": "người nộp", "SoDienThoai": "0900000000",
    "DanhSachHoSoBoSung": [{"NgayBoSung": "20260915080000", "NgayTiepNhanBoSung": "20260916080000"}],
}  # fmt: skip
STATUS = {
    "dossier_code": A, "status": 2, "occurred_at": MOMENT, "received_at": MOMENT, "due_at": "2026-09-30",
    "procedure_code": "9.000010", "field": "Lĩnh vực thử", "agency": "Sở Y tế", "level": "province", "channel": "1",
    "rescheduled_to": "30/09/2026", "apologised_at": MOMENT, "finished_at": MOMENT,
}  # fmt: skip
FEEDBACK = {
    "text": "Cống trước trường học bị tắc", "channel": "portal", "feedback_id": "PA-1", "received_at": MOMENT,
    "agency": "Sở Xây dựng", "area": "Phường Thử", "latitude": 16.05, "longitude": 108.2, "address": "Số 1",
    "reporter": {"name": "người gửi", "phone": "0900000000"}, "anonymous": False, "attachments": ["https://a/b"],
    "external_id": "x-1",
}  # fmt: skip
WORDS: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 10, 11, 2**31, 2**63, 2**64, 10**30, 0.5, -0.0, 1e308, "", " ", "0", "1", "2.0",
    "١", "null", "\x00", "a\x00b", "\n", "\u202e\u200b", "e\u0301", "\ud7ff", "😀", "ｆｕｌｌ", "%s{0}", "../../x",
    "' or 1=1", "<script>", "9" * 400, "x" * 70_000, [], {}, [[]], [None], {"": {}}, ["a"] * 50, "HB-1",
    "9999-12-31", "1949-12-31", "0001-01-01T00:00:00", "2026-02-30", "20260230", "2026-09-14T24:00:00",
    "2026-09-14T08:00:00", "2026-W37-1", "2200-12-31T23:59:59-12:00", "1950-01-01T00:00:00+14:00",
    "2026-09-14T08:00:00+23:59:59", "31/12/2200", "14/9/2026", "2026-09-14T08:00:00.123456789Z", "feedback.erased",
    "feedback.opened", "dossier.status_changed", A, "PA-1",
)  # fmt: skip
LITERALS = (b"NaN", b"Infinity", b"1e999", b"-" + b"9" * 5_000, b'"\\ud800"', b'"\\u0000"', b"'a'", b"01", b'"\xff"')


def _envelope(type_: str, data: Mapping[str, Any]) -> bytes:
    return _json({"specversion": "1.0", "id": "1", "source": "/test", "type": type_, "time": MOMENT, "data": data})


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _decisions() -> Iterator[bytes]:
    yield said(opened("2026-09-03", place=(16.05, 108.2), confidence=0.5)).value or b""
    for type_, fields in (
        ("assigned", {"agency": "LG.HCC"}), ("corrected", {"domain": "land", "kind": "incident", "lane": "khieu_nai"}),
        ("extended", {"until": moment("10-01 09:00"), "document_number": "1"}), ("answered", {}),
        ("lane_confirmed", {"accepted_at": moment("09-04 09:00")}), ("rated", {"rating": "like"}), ("erased", {}),
        ("merged", {"into": "PA-2"}), ("escalated", {"to": "leader"}), ("moved", {}),
    ):  # fmt: skip
        yield said(event(type_, "2026-09-04", **fields)).value or b""


def _tick() -> bytes:
    point = upcoming(dossier(step("03-02 09:00", 2, procedure_code="9.000010")).watch, moment("03-02 09:00"))
    assert point is not None
    return codec.encode_tick(Tick(point.alert_id, NOW))


def valid() -> dict[str, tuple[bytes, ...]]:
    """Valid messages by where they arrive."""
    steps = [step("03-02 09:00", 2, procedure_code="9.000010"), step("03-10 09:00", 5), step("03-27 10:00", 9)]
    cases = codec.encode_state(dossier(*steps))
    return {
        "dossier.intake": (
            _json(NATIONAL), _json(STATUS), _envelope("dossier.status_changed", STATUS),
            _envelope("dossier.status_changed", NATIONAL),
        ),
        "feedback.intake": (_json(FEEDBACK), _envelope("feedback.received", FEEDBACK)),
        "dossier.events": tuple(told(A, one).value or b"" for one in steps),
        "feedback.events": tuple(_decisions()),
        "dossier.ticks": (_tick(),),
        "dossier.states": (cases,),
    }  # fmt: skip


def mutants(message: bytes, count: int, seed: int) -> Iterator[bytes]:
    """`count` damaged versions of a message, the same for the same seed."""
    rng = random.Random(seed)
    for _ in range(count):
        yield _mutant(message, rng)


def _mutant(message: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        message = rng.choice(_STRUCTURE if rng.random() < 0.75 else _BYTES)(message, rng)
    return message


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place inside a JSON value: what holds it, and the key or index there."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        yield value, key
        yield from _places(item)


def _structural(change: Callable[[Any, Any, random.Random], None]) -> Callable[[bytes, random.Random], bytes]:
    """A damage done at one place inside the JSON; bytes that are none any more are damaged as bytes."""

    def damage(message: bytes, rng: random.Random) -> bytes:
        try:
            value = json.loads(message)
            holder, key = rng.choice(list(_places(value)))
        except (ValueError, IndexError, RecursionError):
            return rng.choice(_BYTES)(message, rng)
        change(holder, key, rng)
        return _surrogates_kept(value)

    return damage


def _surrogates_kept(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _drop(holder: Any, key: Any, _: random.Random) -> None:
    del holder[key]


def _replace(holder: Any, key: Any, rng: random.Random) -> None:
    holder[key] = copy.deepcopy(rng.choice(WORDS))


def _wrap(holder: Any, key: Any, rng: random.Random) -> None:
    holder[key] = [holder[key]] if rng.random() < 0.5 else {"x": holder[key]}


def _swap(holder: Any, key: Any, rng: random.Random) -> None:
    other = rng.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    holder[key], holder[other] = holder[other], holder[key]


def _rename(holder: Any, key: Any, rng: random.Random) -> None:
    if isinstance(holder, dict):
        holder[rng.choice((*STATUS, *NATIONAL, *FEEDBACK, "odd", "listed", "specversion", "data"))] = holder.pop(key)


def _alter(holder: Any, key: Any, rng: random.Random) -> None:
    """One character of a text or one digit of a number."""
    text = str(holder[key])
    at = rng.randrange(len(text) + 1)
    holder[key] = text[:at] + rng.choice("0129-:/TZ+. \x00é́") + text[at + rng.choice((0, 1)) :]


def _literal(message: bytes, rng: random.Random) -> bytes:
    """A value replaced by what is hardly JSON, or nested as deep as decoders may go."""
    marker = b'"\xf3\xb0\x80\x80"'
    hostile = rng.choice((*LITERALS, _nested(rng), _nested(rng)))
    return _MARK(message, rng).replace(marker, hostile, 1)


def _nested(rng: random.Random) -> bytes:
    depth = rng.choice((10, 200, rng.randrange(DEEPEST - 400, DEEPEST), 50_000))
    left, right = rng.choice(((b"[", b"]"), (b'{"a":', b"}")))
    return left * depth + b"1" + right * depth


def _mark(holder: Any, key: Any, _: random.Random) -> None:
    holder[key] = "\U000f0000"


def _cut(message: bytes, rng: random.Random) -> bytes:
    return message[: rng.randrange(len(message) + 1)]


def _overwrite(message: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(message) + 1)
    return message[:at] + rng.randbytes(rng.choice((1, 1, 2, 8))) + message[at + rng.choice((0, 1, 4)) :]


def _twice(message: bytes, rng: random.Random) -> bytes:
    return rng.choice((message + message, b"\xef\xbb\xbf" + message, b"[" + message + b"]", message[1:] + message[:1]))


def _noise(_: bytes, rng: random.Random) -> bytes:
    return rng.randbytes(rng.randrange(64))


_BYTES = (_cut, _overwrite, _overwrite, _twice, _noise)
_MARK = _structural(_mark)
_STRUCTURE = (*map(_structural, (_drop, _replace, _replace, _replace, _wrap, _swap, _rename, _alter, _alter)), _literal)
