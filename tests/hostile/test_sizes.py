"""However large a message is, what is made of it fits into Kafka: else a worker would end at it again and again."""

import json
from dataclasses import dataclass

import pytest
from aiokafka.producer.message_accumulator import BatchBuilder

from casework.agencies import parse_agencies
from models.redact import redact
from streams import codec
from streams.admit import Admission
from streams.advance import FEEDBACK, LARGEST_STATE
from streams.codec import InvalidInput, Opener, Sealer, Text, Tick
from streams.codec.envelope import LARGEST_EVENT
from streams.codec.sealing import new_private_key, public_key
from streams.dead_letters import DeadLetters
from streams.fence import Fence
from streams.records import Row, batches
from streams.topics import LARGEST_INTAKE, LARGEST_LETTER, Topics
from tests.support.chunks import DOSSIER_TICKS, NOW, A, B, Record, kept, run, said, told
from tests.support.dossiers import step
from tests.support.feedback import event, opened
from tests.support.mutants import FEEDBACK as PIECE
from tests.support.mutants import NATIONAL, STATUS

KEY = new_private_key()
LETTERS = DeadLetters(Topics(), Sealer(public_key(KEY)))
BATCH = 1 << 20
LONG = "ữ" * 300
LISTED = [dict.fromkeys(("NgayBoSung", "NgayTiepNhanBoSung", "NgayHenTraTruoc"), "20260915080000")] * 500


@dataclass(frozen=True)
class Arrived:
    topic: str
    value: bytes
    key: bytes | None = None
    partition: int = 0
    offset: int = 1
    timestamp: int = 1_789_000_000_000
    headers: tuple[tuple[str, bytes], ...] = ()


def test_the_largest_refused_message_fits_into_a_dead_letter_with_every_byte() -> None:
    for byte in (b"\0", b"\xff", b'"', b"a"):
        record = Arrived("feedback.intake", byte * LARGEST_INTAKE)
        with pytest.raises(InvalidInput) as refused:
            codec.admit_received(record.value, "x")
        letter = LETTERS.letter(record, refused.value, NOW)
        assert letter.value is not None and len(letter.value) < LARGEST_LETTER - 10_000
        opened_again = json.loads(Opener.of(KEY).open(json.loads(letter.value)))
        assert opened_again["value"].encode("latin-1") == record.value


def test_the_largest_feedback_that_is_admitted_makes_a_text_that_fits_into_a_request() -> None:
    whole = PIECE | {
        "text": "ữ 0912345678 " * 7_600, "address": "ữ" * 500, "agency": LONG, "area": LONG,
        "attachments": ["ữ" * 2_000] * 100, "reporter": {"name": "ữ" * 6_600},
    }  # fmt: skip
    received = codec.admit_received(json.dumps(whole).encode(), "x")[2]
    sealed = Sealer(public_key(KEY)).seal(codec.encode_received(received, id="1", source="/x", at=NOW))
    text = Text(feedback_id="PA-1", event_id="1", text=redact(received.text), sealed=sealed,
                attachments=received.attachments)  # fmt: skip
    assert len(codec.encode_text(text)) < 4 << 20


@pytest.mark.parametrize("change", [
    {"attachments": ["a"] * 101}, {"attachments": ["a" * 2_001]}, {"reporter": {"name": "a" * 20_000}},
    {"reporter": {"name": [1]}}, {"text": "a" * 100_001},
], ids=["links", "link", "reporter", "nested", "text"])  # fmt: skip
def test_feedback_beyond_its_bounds_is_refused_at_the_door(change: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        codec.admit_received(json.dumps(PIECE | change).encode(), "x")


@pytest.mark.parametrize("payload", [
    STATUS | {"agency": LONG, "field": LONG, "dossier_code": "ữ" * 64, "procedure_code": "ữ" * 32, "x": "y" * 900_000},
    NATIONAL | {"DonViXuLy": LONG, "TenLinhVuc": LONG, "DanhSachHoSoBoSung": LISTED},
], ids=["own names", "national"])  # fmt: skip
def test_what_is_admitted_is_never_too_large_for_the_agent_behind(payload: dict[str, object]) -> None:
    name = "\U0001f642" * 1_000  # four bytes each: nothing printable has more
    envelope = {"specversion": "1.0", "id": name, "source": name, "type": "dossier.status_changed"}
    event_ = codec.encode_event(codec.admit(json.dumps(envelope | {"data": payload}).encode()))
    assert len(event_) < LARGEST_EVENT
    assert codec.decode_event(event_).dossier_code


@pytest.mark.parametrize("name", ["id", "source"])
def test_an_endless_id_or_source_of_an_envelope_is_refused(name: str) -> None:
    envelope = {"specversion": "1.0", "id": "1", "source": "/x", "type": "dossier.status_changed", "data": STATUS}
    with pytest.raises(InvalidInput, match=name):
        codec.admit(json.dumps(envelope | {name: "x" * 1_001}).encode())


def test_headers_of_senders_go_no_further_but_the_mark_of_a_backfill() -> None:
    admission = Admission("dossier.events", parse_agencies([]), LETTERS)
    sent = [("phone", b"0912345678"), ("backfill", b"1"), ("x", b"y" * 900_000)]
    (send,), _ = admission.admit([Arrived("dossier.intake", json.dumps(STATUS).encode(), headers=tuple(sent))])
    assert [name for name, _ in send.headers] == ["backfill", "arrived"]
    assert max(len(value) for _, value in send.headers) < 20


def fits(state: bytes) -> bool:
    """Whether it makes no larger batch, with the headers of a write that tells all that a case can tell at once."""
    headers = Fence(10**9, mark="f" * 8, write=10**9).headers(b"x" * 100_000)

    def create() -> BatchBuilder:
        return BatchBuilder(BATCH, 0, is_transactional=False)

    (batch,) = batches(create, [Row(b"k" * 64, state, headers)])
    return bool(batch.size() <= BATCH)


def test_a_dossier_with_endless_transitions_keeps_its_state_and_the_rest_are_dead_letters() -> None:
    listed = codec.admit(json.dumps(NATIONAL | {"DanhSachHoSoBoSung": LISTED}).encode()).transition.listed
    chunks = [
        [told(A, step(f"03-{2 + day:02} {hour:02}:{minute:02}", 2, agency=f"{LONG[:200]}{minute}", listed=listed))
         for hour in range(24) for minute in range(0, 60, 12)]
        for day in range(4)
    ]  # fmt: skip
    table, _ = kept(*chunks)
    before = table[A.encode()]
    assert LARGEST_STATE // 2 < len(before) < LARGEST_STATE and fits(before)
    beside = told(B, step("03-02 09:00", 2, procedure_code="9.000010"))
    more = [told(A, step("04-01 10:00", 2, agency=LONG, listed=listed)) for _ in range(2)]
    many = [told(A, step(f"04-02 {hour:02}:{minute:02}", 2, agency=f"{LONG[:290]}{minute}", listed=listed))
            for hour in range(24) for minute in range(60)]  # fmt: skip
    done = run([*more, beside, *many], table)
    assert {error.reason for _, error in done.dead} == {"case_too_large $"}
    assert len(done.dead) == len(more) + len(many)
    assert list(done.states) == [B.encode()]


def test_a_case_that_is_full_still_raises_its_alerts() -> None:
    table, _ = kept([told(A, step("03-02 09:00", 2, procedure_code="9.000010"))])
    (point, *_) = codec.decode_dossier_state(table[A.encode()]).watch
    many = [told(A, step(f"04-{day:02} {hour:02}:{minute:02}", 2, agency=f"{LONG[:290]}{minute}"))
            for day in range(1, 3) for hour in range(24) for minute in range(60)]  # fmt: skip
    tick = Record(DOSSIER_TICKS, A.encode(), codec.encode_tick(Tick(point.alert_id, point.moment)))
    done = run([*many, tick], table)
    assert len(done.dead) == len(many)
    assert [outcome.outcome for outcome in done.outcomes] == ["alert_raised"]


def test_feedback_with_endless_events_keeps_its_state_too() -> None:
    many = [said(event("urged", f"2026-09-04 {hour:02}:{minute:02}", document_number=f"{LONG}{minute}"))
            for hour in range(24) for minute in range(60)]  # fmt: skip
    table, _ = kept([said(opened("2026-09-03"))], kind=FEEDBACK)
    done = run(many, table, kind=FEEDBACK)
    assert done.states == {}
    assert len(done.dead) == len(many)


def test_an_event_larger_than_any_of_ours_is_set_aside() -> None:
    huge = said(event("urged", "2026-09-04", document_number="x" * LARGEST_EVENT))
    done = run([huge], kind=FEEDBACK)
    assert [error.reason for _, error in done.dead] == ["too_large $"]
