"""One chunk of a following agent as a pure function: what is folded, told and kept."""

from itertools import permutations

import pytest

from streams import codec
from streams.advance import FEEDBACK
from tests.support.chunks import FEEDBACK_TICKS, A, B, dossier_in, kept, run, said, ticked, told
from tests.support.dossiers import step
from tests.support.feedback import event, opened

RECEIVED = told(A, step("03-02 09:00", 2, procedure_code="9.000010"))
ASKED = told(A, step("03-04 10:00", 5))
BACK = told(A, step("03-06 10:00", 4))
DONE = told(A, step("03-27 10:00", 9))
LATE_ALERT = f"{A}:2026-03-16:overdue"


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


def last(state, track):
    return [point for point in state.watch if point.track == track][-1]


def test_feedback_is_followed_by_the_same_function():
    table, outcomes = kept([said(opened("2026-09-03"))], kind=FEEDBACK)
    point = last(codec.decode_feedback_state(table[b"PA-1"]), "alert")
    done = run([ticked("PA-1", point.alert_id, topic=FEEDBACK_TICKS, moment=point.moment)], table, FEEDBACK)
    assert outcomes == []
    assert [outcome.outcome for outcome in done.outcomes] == ["alert_raised"]
    assert codec.decode_feedback_state(done.states[b"PA-1"]).alert == point.alert


def test_what_the_other_lane_may_lack_is_noted_when_a_case_leaves_and_when_a_decision_comes_later():
    taken, moved = event("accepted", "2026-09-04"), event("moved", "2026-09-05")
    late, erased = event("answered", "2026-09-06"), event("erased", "2026-09-07")
    table, _ = kept([said(opened("2026-09-03")), said(taken)], kind=FEEDBACK)
    leaving = run([said(moved)], table, FEEDBACK)
    after = run([said(late), said(erased)], leaving.states, FEEDBACK)
    assert [event.type for event in leaving.left["PA-1"].events] == ["accepted"]
    assert [event.type for event in after.left["PA-1"].events] == ["answered"]
    assert (leaving.to_cross, after.to_cross) == ([], ["PA-1"])


def test_a_tick_of_a_duty_raises_it_beside_the_alert():
    registered = told(B, step("03-02 09:00", 1, channel="2"))
    table, _ = kept([registered])
    point = last(codec.decode_dossier_state(table[B.encode()]), "duty")
    done = run([ticked(B, point.alert_id)], table)
    assert [(outcome.outcome, outcome.alert) for outcome in done.outcomes] == [("duty_raised", "intake_overdue")]
    assert (dossier_in(done, B).duty, dossier_in(done, B).alert) == ("intake_overdue", None)
    assert done.raised == done.outcomes


def test_a_tick_of_an_escalation_gives_events_of_the_case_that_change_its_state_when_they_are_read():
    table, _ = kept([said(opened("2026-09-03", urgency="urgent"))], kind=FEEDBACK)
    point = last(codec.decode_feedback_state(table[b"PA-1"]), "escalation")
    done = run([ticked("PA-1", point.alert_id, topic=FEEDBACK_TICKS)], table, FEEDBACK)
    assert (done.states, done.outcomes) == ({}, [])
    assert [(case, event.type, event.to) for case, event, _ in done.events] == [
        ("PA-1", "escalated", "coordinator"), ("PA-1", "escalated", "leader"), ("PA-1", "escalated", "ioc"),
    ]  # fmt: skip
    assert {source for _, _, source in done.events} == {"/langnghe/web"}
    again = run([ticked("PA-1", point.alert_id, topic=FEEDBACK_TICKS)], table, FEEDBACK)
    assert again.events == done.events
    read = run([said(event) for _, event, _ in done.events], table, FEEDBACK)
    assert codec.decode_feedback_state(read.states[b"PA-1"]).escalation == "ioc"


def due_soon(state):
    return next(point for point in state.watch if point.alert == "due_soon")


def test_a_tick_sent_before_its_moment_moved_back_raises_nothing_though_the_id_is_the_same():
    received, stopped, resumed = (
        told(A, step("03-02 09:00", 2, due_at="03-16 23:59:59")), told(A, step("03-11 06:59", 6)),
        told(A, step("03-11 07:01", 4, due_at="03-16 23:59:59")),
    )  # fmt: skip
    before = due_soon(dossier_in(run([received])))
    moved = run([received, stopped, resumed])
    after = due_soon(dossier_in(moved))
    assert (after.alert_id, after.moment > before.moment) == (before.alert_id, True)
    early, timely = (run([ticked(A, one.alert_id, moment=one.moment)], moved.states) for one in (before, after))
    assert early.states == {}
    assert dossier_in(timely).alert == "due_soon"


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
