"""Cases of other rules: folded again by batch, by event and by tick, once each, with what moved and why."""

from dataclasses import replace

import pytest
from msgspec import structs

from casework.rules import build_rules
from streams import codec
from streams.advance import DOSSIERS, FEEDBACK, Advanced, advance, fold_again
from tests.support.chunks import DOSSIER_TICKS, FEEDBACK_TICKS, A, said, ticked, told
from tests.support.dossiers import step
from tests.support.feedback import event, opened
from tests.support.rules import files

OLD = build_rules(dict(files()))
# the tenth working day after Monday 2 March is Monday the 16th, and with Tuesday the 10th off, Tuesday the 17th
DAY_OFF = "2026-03-10,local_closure,Nghỉ theo quyết định của tỉnh,QĐ 1/2026/QĐ-UBND,yes\n"
NEW = build_rules({**files(), "calendar.csv": files()["calendar.csv"].rstrip("\n") + "\n" + DAY_OFF})
TEN_DAYS = next(code for code, one in OLD.procedures.items() if one.limit and (one.limit.unit, one.limit.amount) ==
                ("working_days", 10))  # fmt: skip
RECEIVED = told(A, step("03-02 09:00", 2, procedure_code=TEN_DAYS))
OVERDUE = f"{A}:2026-03-16:overdue"


def table_of(*records, kind=DOSSIERS, rules=OLD):
    table = {}
    for record in records:
        ticks = DOSSIER_TICKS if kind is DOSSIERS else FEEDBACK_TICKS
        table |= advance(kind, rules, table.get, [record], ticks).states
    return table


def again(table, kind=DOSSIERS):
    done = Advanced()
    fold_again(kind, NEW, table.items(), done)
    return done


def states(done):
    return {key.decode(): codec.decode_dossier_state(value) for key, value in done.states.items()}


def said_of(done):
    return [(one.outcome, one.alert_id or one.rule, one.from_, one.to, one.cause) for one in done.outcomes]


def test_a_day_off_more_moves_the_date_and_tells_from_what_to_what_and_why():
    done = again(table_of(RECEIVED))
    assert said_of(done) == [("recalculated", None, "2026-03-16", "2026-03-17", "calendar")]
    assert states(done)[A].rules == NEW.hash


def test_an_alert_of_the_old_date_is_retracted_and_the_new_one_waits_for_its_tick():
    done = again(table_of(RECEIVED, ticked(A, OVERDUE)))
    assert said_of(done) == [
        ("recalculated", None, "2026-03-16", "2026-03-17", "calendar"),
        ("alert_retracted", OVERDUE, None, None, None),
    ]  # fmt: skip
    state = states(done)[A]
    assert state.alert is None
    assert [point.alert_id for point in state.watch][-1] == f"{A}:2026-03-17:overdue"


def test_a_closed_dossier_is_judged_again():
    done = again(table_of(RECEIVED, told(A, step("03-17 10:00", 9))))
    assert states(done)[A].standing == "on_time"
    assert [(one.outcome, one.standing) for one in done.outcomes if one.outcome == "closed"] == [("closed", "on_time")]


def test_a_case_that_the_change_does_not_touch_takes_the_new_hash_and_tells_nothing():
    done = again(table_of(told(A, step("01-05 09:00", 2, procedure_code=TEN_DAYS)), told(A, step("01-06 09:00", 9))))
    assert done.outcomes == []
    assert states(done)[A].rules == NEW.hash


def test_a_case_folded_again_already_tells_nothing_and_stays_as_it_is():
    table = table_of(RECEIVED)
    table |= again(table).states
    done = again(table)
    assert (done.states, done.outcomes) == (table, [])


def test_a_batch_read_again_after_a_crash_tells_the_same_under_the_same_ids():
    table = table_of(RECEIVED, ticked(A, OVERDUE))
    assert [one.id for one in again(table).outcomes] == [one.id for one in again(table).outcomes] != []


def test_an_event_that_comes_before_the_batch_folds_its_case_under_the_new_rules_and_the_batch_tells_nothing_more():
    table = table_of(RECEIVED)
    table |= (done := advance(DOSSIERS, NEW, table.get, [told(A, step("03-12 09:00", 4))], DOSSIER_TICKS)).states
    assert [(one.outcome, one.cause) for one in done.outcomes] == [("recalculated", "calendar")]
    assert again(table).outcomes == []


def test_a_tick_of_the_old_rules_raises_nothing_that_is_not_true_under_the_new_ones():
    table = table_of(RECEIVED)
    done = advance(DOSSIERS, NEW, table.get, [ticked(A, OVERDUE)], DOSSIER_TICKS)
    assert [one.outcome for one in done.outcomes] == ["recalculated"]
    assert states(done)[A].alert is None


@pytest.mark.parametrize("events", [
    [opened("2026-03-05")], [opened("2026-03-05"), event("assigned", "2026-03-06", agency="LG.HCC")],
], ids=["opened", "assigned"])  # fmt: skip
def test_feedback_is_folded_again_the_same_way(events):
    table = table_of(*map(said, events), kind=FEEDBACK)
    done = again(table, kind=FEEDBACK)
    assert {one.cause for one in done.outcomes if one.outcome == "recalculated"} == {"calendar"}
    assert codec.decode_feedback_state(done.states[b"PA-1"]).rules == NEW.hash


def test_a_state_of_an_older_program_is_folded_again_with_the_cause_rules():
    (key, stored), = table_of(RECEIVED).items()  # fmt: skip
    older = replace(codec.decode_dossier_state(stored), rules="cc5c69c0ef77")
    done = again({key: codec.encode_state(older)})
    assert [one.cause for one in done.outcomes] == ["rules"]


@pytest.mark.parametrize(
    "history",
    [
        pytest.param([RECEIVED], id="open"),
        pytest.param([RECEIVED, ticked(A, OVERDUE)], id="alert-of-the-old-date"),
        pytest.param([told(A, step("01-05 09:00", 2, due_at="01-19")), ticked(A, f"{A}:2026-01-19:overdue")],
                     id="alert-that-stays"),
        pytest.param([RECEIVED, told(A, step("03-04 09:00", 5))], id="waiting"),
        pytest.param([told(A, step("03-02 09:00", 1, channel="2"))], id="not-taken-in"),
    ],
)  # fmt: skip
def test_the_watch_knows_before_a_case_is_folded_again_what_it_will_know_then(history):
    ((key, value),) = table_of(*history).items()
    (_, after) = again({key: value}).watched[key]
    before = DOSSIERS.rewatched(key, value, codec.decode_watched(value), NEW)
    assert structs.replace(before, rules=after.rules, transitions=after.transitions) == after
