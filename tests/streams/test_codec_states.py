"""States, outcomes and ticks are read back as they were written, and the watch reads what it needs of any state."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from casework import dossiers, feedback
from casework.calendar import VIETNAM
from casework.dossiers import DossierState
from casework.feedback import FeedbackState
from casework.outcomes import Outcome
from streams import codec
from streams.codec import InvalidInput, Tick
from tests.support.dossiers import CODE, dossier, small_rules, step
from tests.support.feedback import after, event, opened

AT = datetime(2026, 9, 14, 8, 30, tzinfo=VIETNAM)


def dossier_with_everything():
    """Late, alerted, with a second supplement, a moved date, odd codes and violations."""
    state = dossier(
        step("03-02 09:00", 1, procedure_code="9.000010", channel="1", source="/mot-cua"),
        step("03-02 10:00", 2, agency="LG.HCC", field="Đất đai", level="commune", odd=("unknown_level",)),
        step("03-04 10:00", 5), step("03-05 10:00", 4, due_at="03-20 23:59:59"),
        step("03-09 10:00", 5), step("03-10 10:00", 4, due_at="03-25 23:59:59"),
    )  # fmt: skip
    return dossiers.tick(state, state.watch[-1].alert_id).state


def feedback_with_everything():
    """Transferred, extended, asked back too late, and alerted."""
    state = after(
        opened("2026-09-03", place=(10.778, 106.695), confidence=0.5, abstained=False, area="Xã số 1",
               alternatives=(feedback.Alternative("land", 0.5), feedback.Alternative("other", 0.25))),
        event("assigned", "2026-09-04", agency="LG.HCC"), event("assigned", "2026-09-07", agency="khac"),
        event("info_requested", "2026-09-22"), event("extended", "2026-09-23", until=AT, document_number="1/TB"),
    )  # fmt: skip
    return feedback.tick(state, state.watch[-1].alert_id).state


@pytest.mark.parametrize("state", [
    DossierState(dossier_code=CODE), dossier(step("03-02 09:00", 2)), dossier_with_everything(),
    dossier(step("03-02 09:00", 2, procedure_code="9.000024"), step("03-02 10:00", 9)), dossier(step("03-02 09:00", 3)),
], ids=["empty", "received", "everything", "ended", "refused"])  # fmt: skip
def test_a_state_of_a_dossier_is_read_back_as_it_was_written(state):
    again = codec.decode_dossier_state(codec.encode_state(state))
    assert again == state
    assert codec.encode_state(again) == codec.encode_state(state)


@pytest.mark.parametrize("state", [
    FeedbackState(feedback_id="PA-1"), after(opened()), feedback_with_everything(),
    after(opened(), event("moved", "2026-09-04")), after(opened(), event("erased", "2026-09-04")),
], ids=["empty", "opened", "everything", "moved", "erased"])  # fmt: skip
def test_a_state_of_feedback_is_read_back_as_it_was_written(state):
    again = codec.decode_feedback_state(codec.encode_state(state))
    assert again == state
    assert codec.encode_state(again) == codec.encode_state(state)


def test_a_state_that_was_read_back_is_folded_on_as_if_it_never_left():
    first, then = [step("03-02 09:00", 2, procedure_code="9.000010")], [step("03-04 10:00", 5)]
    kept = dossiers.apply(None, CODE, first, small_rules()).state
    read = codec.decode_dossier_state(codec.encode_state(kept))
    assert dossiers.apply(read, CODE, then, small_rules()) == dossiers.apply(kept, CODE, then, small_rules())


def test_states_name_every_field_of_the_contract():
    dossier_fields = {
        "dossier_code", "clock", "received_at", "first_due", "due", "due_at", "started_at", "ended_at", "standing",
        "standing_766", "alert", "violations", "flags", "supplements", "rescheduled", "agency", "field", "level",
        "channel", "procedure_code", "transitions", "source", "rules",
    }  # fmt: skip
    feedback_fields = {
        "feedback_id", "stage", "due", "alert", "alert_stage", "violations", "flags", "domain", "kind", "lane",
        "urgency", "agency", "channel", "area", "transfers", "received_at", "first_sent_at", "history", "source",
        "rules",
    }  # fmt: skip
    assert dossier_fields <= set(json.loads(codec.encode_state(dossier_with_everything())))
    written = json.loads(codec.encode_state(feedback_with_everything()))
    assert feedback_fields <= set(written)
    assert set(written["due"]) == {"accept", "answer", "publish"}


def test_dates_are_iso_dates_and_moments_carry_their_offset():
    written = json.loads(codec.encode_state(dossier_with_everything()))
    assert written["due"] == "2026-03-25"
    assert written["due_at"] == "2026-03-25T23:59:59+07:00"


def test_transitions_are_written_without_their_empty_fields():
    written = json.loads(codec.encode_state(dossier(step("03-02 09:00", 4))))
    assert written["transitions"] == [{"at": "2026-03-02T09:00:00+07:00", "status": 4}]


def test_the_watch_reads_the_same_moments_and_alert_from_either_kind_of_state():
    for state in (dossier_with_everything(), feedback_with_everything()):
        watched = codec.decode_watched(codec.encode_state(state))
        assert (watched.watch, watched.alert, watched.alert_id) == (state.watch, state.alert, state.alert_id)
        assert watched.alert is not None


@pytest.mark.parametrize(("state", "closed"), [
    (dossier(step("03-02 09:00", 1)), False),
    (dossier(step("03-02 09:00", 2)), False),
    (dossier(step("03-02 09:00", 2), step("03-03 09:00", 5)), False),
    (dossier(step("03-02 09:00", 2), step("03-03 09:00", 9)), True),
    (dossier(step("03-02 09:00", 1), step("03-03 09:00", 3)), True),
    (after(opened()), False),
    (after(opened(), event("returned", "2026-09-04")), False),
    (after(opened(), event("answered", "2026-09-04")), True),
    (after(opened(), event("rejected", "2026-09-04")), True),
    (after(opened(), event("withdrawn", "2026-09-04")), True),
    (after(opened(), event("merged", "2026-09-04", into="PA-2")), True),
    (after(opened(), event("moved", "2026-09-04")), True),
    (after(opened(), event("answered", "2026-09-04"), event("reopened", "2026-09-05")), False),
], ids=str)  # fmt: skip
def test_the_counts_of_open_cases_know_what_is_closed(state, closed):
    assert codec.decode_watched(codec.encode_state(state)).closed is closed


def test_a_closed_dossier_and_a_stub_have_no_moment_to_watch():
    ended = dossier(step("03-02 09:00", 2, procedure_code="9.000010"), step("03-03 09:00", 9))
    for state in (ended, after(opened(), event("moved", "2026-09-04"))):
        assert codec.decode_watched(codec.encode_state(state)).watch == ()


def full_outcome():
    texts = {field.name: f"{field.name} của hồ sơ" for field in fields(Outcome)}
    return Outcome(**{**texts, "at": AT, "due_at": AT.astimezone(UTC)})


@pytest.mark.parametrize("outcome", [
    full_outcome(), Outcome(id="1", outcome="flagged", case_id=CODE, at=AT, source="/mot-cua", rule="due_moved"),
])  # fmt: skip
@pytest.mark.parametrize("kind", ["dossier", "feedback"])
def test_an_outcome_is_read_back_as_it_was_written(outcome, kind):
    assert codec.decode_outcome(codec.encode_outcome(outcome, kind)) == outcome


def test_an_outcome_is_an_envelope_that_names_from_and_to():
    message = json.loads(codec.encode_outcome(replace(full_outcome(), from_="2026-09-14", to="2026-09-15"), "dossier"))
    assert (message["specversion"], message["type"]) == ("1.0", "dossier.outcome")
    assert (message["data"]["from"], message["data"]["to"]) == ("2026-09-14", "2026-09-15")
    assert not {"id", "source", "from_"} & set(message["data"])


def test_what_does_not_apply_to_an_outcome_is_left_out():
    outcome = Outcome(id="1", outcome="closed", case_id=CODE, at=AT, source="/mot-cua")
    assert set(json.loads(codec.encode_outcome(outcome, "dossier"))["data"]) == {"outcome", "case_id", "at"}


def test_a_tick_is_read_back_as_it_was_written():
    for tick in (Tick("a", AT), Tick("a", AT, late=True)):
        assert codec.decode_tick(codec.encode_tick(tick)) == tick


def test_unknown_fields_of_a_state_are_ignored_and_missing_ones_have_their_default():
    assert codec.decode_dossier_state(b'{"dossier_code":"X","later":1}') == DossierState(dossier_code="X")


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b'{"dossier_code":1}'])
def test_a_state_that_cannot_be_read_fails_aloud(raw):
    with pytest.raises(InvalidInput):
        codec.decode_dossier_state(raw)


def test_an_erased_case_is_not_counted_as_open_for_ever():
    state = after(opened(), event("erased", "2026-09-04"))
    assert codec.decode_watched(codec.encode_state(state)).closed
