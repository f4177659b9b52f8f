"""Records that cannot be read are set aside; those beside them are folded as if nothing were the matter."""

from datetime import datetime

import pytest

from casework.dossiers import Transition
from streams import codec
from streams.advance import FEEDBACK
from streams.codec import Tick
from tests.support.chunks import DOSSIER_TICKS, NOW, A, B, Record, run, said, told
from tests.support.dossiers import step
from tests.support.feedback import opened

RECEIVED = told(A, step("03-02 09:00", 2, procedure_code="9.000010"))
DONE = told(A, step("03-27 10:00", 9))
POISON = [
    Record("dossier.events", A.encode(), None),
    Record("dossier.events", A.encode(), b""),
    Record("dossier.events", None, b"\xff\xfe"),
    Record("dossier.events", A.encode(), b"[1, 2"),
    Record("dossier.events", A.encode(), b"{}"),
    Record("dossier.events", A.encode(), codec.encode_envelope(
        id="1", source="/x", type="dossier.status_changed", subject=A, time=NOW, data={"dossier_code": A})),
    Record("dossier.events", A.encode(), (RECEIVED.value or b"").replace(b"9.000010", b"9.0000\xff")),
    Record(DOSSIER_TICKS, A.encode(), None),
    Record(DOSSIER_TICKS, A.encode(), b"{}"),
    Record(DOSSIER_TICKS, A.encode(), b'{"alert_id": 1, "moment": "?"}'),
]  # fmt: skip


@pytest.mark.parametrize("poison", POISON, ids=lambda record: f"{record.topic} {record.value!r:.40}")
def test_a_record_that_cannot_be_read_is_set_aside_and_those_beside_it_are_folded(poison):
    done = run([RECEIVED, poison, DONE])
    assert [record for record, _ in done.dead] == [poison]
    assert done.dead[0][1].reason
    assert done.states == run([RECEIVED, DONE]).states


def test_a_chunk_of_poison_alone_changes_nothing():
    done = run(POISON, {A.encode(): run([RECEIVED]).states[A.encode()]})
    assert len(done.dead) == len(POISON)
    assert done.states == {}
    assert done.outcomes == []


def test_an_event_of_feedback_that_cannot_be_read_is_set_aside():
    poison = Record("feedback.events", b"PA-1", b'{"id":"1","source":"/x","type":"feedback.opened","data":{"at":1}}')
    done = run([poison, said(opened("2026-09-03"))], kind=FEEDBACK)
    assert [record for record, _ in done.dead] == [poison]
    assert list(done.states) == [b"PA-1"]


@pytest.mark.parametrize("poison", [
    Record(DOSSIER_TICKS, None, codec.encode_tick(Tick("x", NOW))),
    Record(DOSSIER_TICKS, b"\xff", codec.encode_tick(Tick("x", NOW))),
    Record(DOSSIER_TICKS, A.encode(), b'{"alert_id": "\xff", "moment": "2026-09-14T08:00:00Z"}'),
    Record(DOSSIER_TICKS, A.encode(), codec.encode_tick(Tick("x", NOW.replace(tzinfo=None)))),
    Record(DOSSIER_TICKS, A.encode(), b'{"alert_id": "x", "moment": "2026-09-14T08:00:00Z", "y": ' + b"[" * 9_000),
], ids=["no key", "key is no text", "alert is no text", "moment without offset", "nested too deep"])  # fmt: skip
def test_a_tick_of_no_case_is_set_aside_too(poison):
    assert [record for record, _ in run([RECEIVED, poison]).dead] == [poison]


@pytest.mark.parametrize("data", [
    {"dossier_code": A, "status": 77, "occurred_at": "2026-09-14T08:00:00+07:00"},
    {"dossier_code": A, "status": 2, "occurred_at": "2026-09-14T08:00:00"},
    {"dossier_code": "", "status": 2, "occurred_at": "2026-09-14T08:00:00+07:00"},
], ids=["status", "offset", "code"])  # fmt: skip
def test_an_event_that_no_admission_would_have_written_is_set_aside(data):
    value = codec.encode_envelope(id="1", source="/x", type="dossier.status_changed", subject=A, time=NOW, data=data)
    done = run([Record("dossier.events", A.encode(), value), RECEIVED])
    assert len(done.dead) == 1


def test_a_moment_at_the_end_of_time_does_not_stop_the_cases_beside_it():
    far = datetime.fromisoformat("9999-12-31T23:59:59+07:00")
    done = run([told(B, Transition(at=NOW, status=2, due_at=far)), RECEIVED])
    assert A.encode() in done.states
