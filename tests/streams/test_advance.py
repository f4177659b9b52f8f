"""One chunk of a following agent as a pure function: what is folded, told, kept and set aside."""

from dataclasses import dataclass
from datetime import datetime
from itertools import permutations

import pytest

from casework.calendar import VIETNAM
from casework.dossiers import Transition
from streams import codec
from streams.advance import DOSSIERS, FEEDBACK, advance
from streams.codec import StatusChanged, Tick
from tests.support.dossiers import small_rules, step
from tests.support.feedback import event, opened
from tests.support.rules import rules

DOSSIER_TICKS, FEEDBACK_TICKS = "dossier.ticks", "feedback.ticks"
A, B = "H99.1-260302-0001", "H99.1-260302-0002"
NOW = datetime(2026, 9, 14, 8, tzinfo=VIETNAM)


@dataclass(frozen=True)
class Record:
    topic: str
    key: bytes | None
    value: bytes | None


def told(code: str, transition: Transition) -> Record:
    source = "/mot-cua"
    changed = StatusChanged(codec.stable_id(code, transition.at, transition.status), source, code, transition)
    return Record("dossier.events", code.encode(), codec.encode_event(changed))


def ticked(code: str, alert_id: str, *, late: bool = False, topic: str = DOSSIER_TICKS) -> Record:
    return Record(topic, code.encode(), codec.encode_tick(Tick(alert_id, NOW, late)))


def said(feedback_event, feedback_id="PA-1") -> Record:
    value = codec.encode_feedback_event(feedback_id, feedback_event, "/langnghe/web")
    return Record("feedback.events", feedback_id.encode(), value)


def run(records, table=None, kind=DOSSIERS):
    """A chunk against a table given as a mapping, which is not changed."""
    ticks, under = (DOSSIER_TICKS, small_rules()) if kind is DOSSIERS else (FEEDBACK_TICKS, rules())
    return advance(kind, under, (table or {}).get, records, ticks)


def dossier_in(done, code=A):
    return codec.decode_dossier_state(done.states[code.encode()])


def kept(*chunks, kind=DOSSIERS):
    """The table after chunks, and all that was told."""
    table, outcomes = {}, []
    for chunk in chunks:
        done = run(chunk, table, kind)
        table.update(done.states)
        outcomes += done.outcomes
    return table, outcomes


RECEIVED = told(A, step("03-02 09:00", 2, procedure_code="9.000010"))
ASKED = told(A, step("03-04 10:00", 5))
BACK = told(A, step("03-06 10:00", 4))
DONE = told(A, step("03-27 10:00", 9))
LATE_ALERT = f"{A}:2026-03-16:overdue"
POISON = [
    Record("dossier.events", A.encode(), None),
    Record("dossier.events", A.encode(), b""),
    Record("dossier.events", None, b"\xff\xfe"),
    Record("dossier.events", A.encode(), b"[1, 2"),
    Record("dossier.events", A.encode(), b"{}"),
    Record("dossier.events", A.encode(), codec.encode_envelope(
        id="1", source="/x", type="dossier.status_changed", subject=A, time=NOW, data={"dossier_code": A})),
    Record(DOSSIER_TICKS, A.encode(), None),
    Record(DOSSIER_TICKS, A.encode(), b"{}"),
    Record(DOSSIER_TICKS, A.encode(), b'{"alert_id": 1, "moment": "?"}'),
]  # fmt: skip


def test_a_new_case_becomes_a_state_under_its_code():
    done = run([RECEIVED])
    assert list(done.states) == [A.encode()]
    assert dossier_in(done).due.isoformat() == "2026-03-16"
    assert done.dead == done.outcomes == []


def test_the_source_of_the_envelope_is_kept_in_state_and_outcome():
    done = run([RECEIVED, DONE])
    assert dossier_in(done).source == "/mot-cua"
    assert {outcome.source for outcome in done.outcomes} == {"/mot-cua"}


def test_events_of_a_case_in_one_chunk_are_told_as_one_step():
    done = run([RECEIVED, DONE])
    assert [outcome.outcome for outcome in done.outcomes] == ["closed"]
    assert dossier_in(done).clock == "ended"


def test_cases_of_a_chunk_do_not_touch_each_other():
    done = run([RECEIVED, told(B, step("03-03 09:00", 2, procedure_code="9.000001")), ASKED])
    assert dossier_in(done).clock == "stopped"
    assert dossier_in(done, B).clock == "running"


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


def test_a_tick_raises_the_alert_of_a_case_in_the_table():
    table, _ = kept([RECEIVED])
    done = run([ticked(A, LATE_ALERT)], table)
    assert [(outcome.outcome, outcome.alert_id) for outcome in done.outcomes] == [("alert_raised", LATE_ALERT)]
    assert dossier_in(done).alert == "overdue"
    assert done.raised == done.outcomes


def test_a_tick_for_a_moment_that_was_past_on_arrival_counts_for_no_delay():
    table, _ = kept([RECEIVED])
    done = run([ticked(A, LATE_ALERT, late=True)], table)
    assert len(done.outcomes) == 1
    assert done.raised == []


def test_ticks_of_a_chunk_are_taken_after_its_events_wherever_they_stand():
    table, _ = kept([RECEIVED])
    for chunk in ([ticked(A, LATE_ALERT), DONE], [DONE, ticked(A, LATE_ALERT)]):
        done = run(chunk, table)
        assert [outcome.outcome for outcome in done.outcomes] == ["closed"]
        assert dossier_in(done).alert is None


def test_an_event_and_its_tick_in_one_chunk_are_both_taken():
    done = run([RECEIVED, ticked(A, LATE_ALERT)])
    assert dossier_in(done).alert == "overdue"


@pytest.mark.parametrize("alert_id", [f"{A}:2026-03-17:overdue", f"{B}:2026-03-16:overdue", "", "?"])
def test_a_tick_for_what_is_no_longer_true_changes_nothing(alert_id):
    table, _ = kept([RECEIVED])
    done = run([ticked(A, alert_id)], table)
    assert (done.states, done.outcomes, done.dead) == ({}, [], [])


def test_a_tick_for_a_case_that_nobody_knows_changes_nothing():
    done = run([ticked(B, f"{B}:2026-03-16:overdue")])
    assert (done.states, done.outcomes, done.dead) == ({}, [], [])


def test_a_tick_that_comes_twice_raises_once():
    table, _ = kept([RECEIVED])
    done = run([ticked(A, LATE_ALERT), ticked(A, LATE_ALERT)], table)
    assert len(done.outcomes) == 1
    assert run([ticked(A, LATE_ALERT)], {**table, **done.states}).states == {}


def test_events_that_are_known_already_write_nothing():
    table, _ = kept([RECEIVED, ASKED])
    done = run([ASKED, RECEIVED, ASKED], table)
    assert (done.states, done.outcomes) == ({}, [])


def test_a_chunk_read_again_after_a_crash_tells_the_same_under_the_same_ids():
    table, _ = kept([RECEIVED], [ticked(A, LATE_ALERT)])
    chunk = [ASKED, BACK, DONE]
    first, again = run(chunk, table), run(chunk, table)
    assert [outcome.id for outcome in first.outcomes] == [outcome.id for outcome in again.outcomes] != []
    assert first.states == again.states


def test_what_was_told_has_an_id_of_its_own_each_time():
    _, outcomes = kept([RECEIVED, ASKED, BACK], [ticked(A, f"{A}:2026-03-20:overdue")], [DONE])
    ids = [outcome.id for outcome in outcomes]
    assert len(set(ids)) == len(ids) >= 2


def test_an_alert_that_is_no_longer_true_is_retracted_by_the_event_that_made_it_so():
    table, _ = kept([RECEIVED], [ticked(A, LATE_ALERT)])
    done = run([ASKED, BACK], table)
    assert ("alert_retracted", LATE_ALERT) in [(outcome.outcome, outcome.alert_id) for outcome in done.outcomes]


def without_counts(raw):
    """Ids count what was told, which order and chunks may change; the law's part of a state may not."""
    state = codec.decode_dossier_state(raw)
    return {name: getattr(state, name) for name in type(state).__slots__ if name != "counts"}


def test_order_of_arrival_and_cutting_into_chunks_change_nothing_in_the_end():
    events = [RECEIVED, ASKED, BACK, DONE]
    at_once, _ = kept(events)
    wanted = without_counts(at_once[A.encode()])
    for order in permutations(events):
        one_by_one, _ = kept(*([record] for record in order))
        assert without_counts(one_by_one[A.encode()]) == wanted
        pairs, _ = kept(order[:2], order[1:], order[:1])
        assert without_counts(pairs[A.encode()]) == wanted


def test_feedback_is_followed_by_the_same_function():
    table, outcomes = kept([said(opened("2026-09-03"))], kind=FEEDBACK)
    state = codec.decode_feedback_state(table[b"PA-1"])
    done = run([ticked("PA-1", state.watch[-1].alert_id, topic=FEEDBACK_TICKS)], table, FEEDBACK)
    assert outcomes == []
    assert [outcome.outcome for outcome in done.outcomes] == ["alert_raised"]
    assert codec.decode_feedback_state(done.states[b"PA-1"]).alert == state.watch[-1].alert


def test_feedback_in_any_order_comes_to_the_same_state():
    events = [said(opened("2026-09-03")), said(event("assigned", "2026-09-04", agency="LG.HCC")),
              said(event("answered", "2026-09-07"))]  # fmt: skip
    stages = set()
    for order in permutations(events):
        table, _ = kept(*([record] for record in order), kind=FEEDBACK)
        state = codec.decode_feedback_state(table[b"PA-1"])
        stages.add((state.stage, state.agency, state.due, state.watch, state.history))
    assert len(stages) == 1
    assert next(iter(stages))[0] == "answered"


def test_an_event_of_feedback_that_cannot_be_read_is_set_aside():
    poison = Record("feedback.events", b"PA-1", b'{"id":"1","source":"/x","type":"feedback.opened","data":{"at":1}}')
    done = run([poison, said(opened("2026-09-03"))], kind=FEEDBACK)
    assert [record for record, _ in done.dead] == [poison]
    assert list(done.states) == [b"PA-1"]


@pytest.mark.xfail(strict=True, reason="a tick without a readable key or text raises outside InvalidInput")
@pytest.mark.parametrize("poison", [
    Record(DOSSIER_TICKS, None, codec.encode_tick(Tick("x", NOW))),
    Record(DOSSIER_TICKS, b"\xff", codec.encode_tick(Tick("x", NOW))),
    Record(DOSSIER_TICKS, A.encode(), b'{"alert_id": "\xff", "moment": "2026-09-14T08:00:00Z"}'),
], ids=["no key", "key is no text", "alert is no text"])  # fmt: skip
def test_a_tick_of_no_case_is_set_aside_too(poison):
    assert [record for record, _ in run([RECEIVED, poison]).dead] == [poison]


@pytest.mark.xfail(strict=True, reason="decode_event checks neither the status nor that moments have an offset")
@pytest.mark.parametrize("data", [
    {"dossier_code": A, "status": 77, "occurred_at": "2026-09-14T08:00:00+07:00"},
    {"dossier_code": A, "status": 2, "occurred_at": "2026-09-14T08:00:00"},
    {"dossier_code": "", "status": 2, "occurred_at": "2026-09-14T08:00:00+07:00"},
], ids=["status", "offset", "code"])  # fmt: skip
def test_an_event_that_no_admission_would_have_written_is_set_aside(data):
    value = codec.encode_envelope(id="1", source="/x", type="dossier.status_changed", subject=A, time=NOW, data=data)
    done = run([Record("dossier.events", A.encode(), value), RECEIVED])
    assert len(done.dead) == 1


@pytest.mark.xfail(strict=True, raises=OverflowError, reason="a far moment in an event stops the whole chunk")
def test_a_moment_at_the_end_of_time_does_not_stop_the_cases_beside_it():
    far = datetime.fromisoformat("9999-12-31T23:59:59+07:00")
    done = run([told(B, Transition(at=NOW, status=2, due_at=far)), RECEIVED])
    assert A.encode() in done.states
