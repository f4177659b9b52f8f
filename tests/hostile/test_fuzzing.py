"""Whatever arrives is answered or refused with a reason; nothing of it ends a process or touches another case."""

import os
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams import codec
from streams.advance import DOSSIERS, FEEDBACK
from streams.codec import InvalidInput
from tests.support.chunks import A, B, Record, dossier_in, run, said, told
from tests.support.dossiers import step
from tests.support.feedback import opened
from tests.support.mutants import mutants, valid

INPUTS = int(os.environ.get("LANGNGHE_FUZZ_INPUTS", "20000"))
AT_ONCE = 50
SEEDS = st.integers(0, 2**64 - 1)
VALID = valid()
BESIDE = told(B, step("03-02 09:00", 2, procedure_code="9.000010"))
ALONE = run([BESIDE]).states
BESIDE_FEEDBACK = said(opened("2026-09-05"), "PA-9")
ALONE_FEEDBACK = run([BESIDE_FEEDBACK], kind=FEEDBACK).states


def fuzzed(share: float) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A test run for a share of all inputs, each of its examples being a seed for `AT_ONCE` of them."""
    return settings(
        max_examples=max(1, int(INPUTS * share / AT_ONCE)), deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


def of(where: str, seed: int) -> list[bytes]:
    messages = VALID[where]
    return list(mutants(messages[seed % len(messages)], AT_ONCE, seed))


def check_refusal(error: InvalidInput, value: bytes) -> None:
    """The reason is a code and a field, the message a Vietnamese sentence."""
    code, field = error.reason.split(" ")
    assert code.replace("_", "").isalpha() and field, value[:500]
    assert any(ord(letter) > 127 for letter in str(error)), (str(error), value[:500])


def passed(read: Callable[[bytes], object], value: bytes) -> bool:
    try:
        read(value)
    except InvalidInput as error:
        check_refusal(error, value)
        return False
    return True


def admitted(value: bytes) -> None:
    """What is admitted must be readable for the agent behind, and foldable."""
    event = codec.admit(value)
    written = codec.encode_event(event)
    assert codec.decode_event(written).dossier_code == event.dossier_code
    done = run([Record("dossier.events", event.dossier_code.encode(), written)])
    assert not done.dead
    assert dossier_in(done, event.dossier_code).transitions


def received(value: bytes) -> None:
    feedback_id, source, data, _ = codec.admit_received(value, "feedback.intake/0/1")
    assert feedback_id
    codec.encode_received(data, id="1", source=source, at=data.received_at or step("09-14 08:00", 2).at)


@fuzzed(0.25)
@given(SEEDS)
def test_a_damaged_message_of_the_dossier_intake_is_admitted_whole_or_refused(seed: int) -> None:
    for value in of("dossier.intake", seed):
        passed(admitted, value)


@fuzzed(0.2)
@given(SEEDS)
def test_a_damaged_message_of_the_feedback_intake_is_admitted_whole_or_refused(seed: int) -> None:
    for value in of("feedback.intake", seed):
        passed(received, value)


def check_chunk(poison: Sequence[Record], beside: Record, alone: dict[bytes, bytes], kind: object) -> None:
    """Damaged records in one chunk with a good one: each refused or folded, the good one as if it were alone."""
    done = run([*poison[: len(poison) // 2], beside, *poison[len(poison) // 2 :]], kind=kind)
    for record, error in done.dead:
        assert record is not beside
        check_refusal(error, record.value or b"")
    for key, state in alone.items():
        if all(key not in (record.value or b"") for record in poison):
            assert done.states[key] == state


@fuzzed(0.2)
@given(SEEDS)
def test_damaged_events_of_dossiers_leave_the_dossier_beside_them_as_it_is(seed: int) -> None:
    check_chunk([Record("dossier.events", A.encode(), value) for value in of("dossier.events", seed)],
                BESIDE, ALONE, DOSSIERS)  # fmt: skip


@fuzzed(0.2)
@given(SEEDS)
def test_damaged_events_of_feedback_leave_the_case_beside_them_as_it_is(seed: int) -> None:
    check_chunk([Record("feedback.events", b"PA-1", value) for value in of("feedback.events", seed)],
                BESIDE_FEEDBACK, ALONE_FEEDBACK, FEEDBACK)  # fmt: skip


@fuzzed(0.1)
@given(SEEDS)
def test_damaged_ticks_raise_what_is_due_or_nothing(seed: int) -> None:
    table = run([told(A, step("03-02 09:00", 2, procedure_code="9.000010"))]).states
    ticks = [Record("dossier.ticks", A.encode(), value) for value in of("dossier.ticks", seed)]
    done = run([*ticks, BESIDE], table)
    assert done.states[B.encode()] == ALONE[B.encode()]
    for record, error in done.dead:
        check_refusal(error, record.value or b"")


@fuzzed(0.05)
@given(SEEDS)
def test_a_damaged_state_is_read_or_refused(seed: int) -> None:
    for value in of("dossier.states", seed):
        for read in (codec.decode_dossier_state, codec.decode_feedback_state, codec.decode_watched):
            passed(read, value)


@settings(max_examples=300, deadline=None, database=None)
@given(st.binary(max_size=200), st.sampled_from(["dossier.events", "feedback.events", "dossier.ticks"]))
def test_any_bytes_are_set_aside_with_a_reason(value: bytes, topic: str) -> None:
    kind = FEEDBACK if topic.startswith("feedback") else DOSSIERS
    done = run([Record(topic, value[:8], value)], kind=kind)
    assert len(done.dead) + len(done.states) <= 1
    for read in (admitted, received):
        passed(read, value)


@pytest.mark.parametrize("where", VALID)
def test_what_is_damaged_here_is_valid_before(where: str) -> None:
    """A generator of mutants whose originals were refused already would test nothing."""
    readers: dict[str, Callable[[bytes], object]] = {
        "dossier.intake": admitted, "feedback.intake": received, "dossier.events": codec.decode_event,
        "feedback.events": codec.decode_feedback_event, "dossier.ticks": codec.decode_tick,
        "dossier.states": codec.decode_dossier_state,
    }  # fmt: skip
    assert all(passed(readers[where], value) for value in VALID[where])


def test_about_as_many_mutants_pass_as_are_refused() -> None:
    """Else the fuzzing would look only at the decoder's door, or only at what is right."""
    for where, reader in (("dossier.intake", admitted), ("feedback.intake", received)):
        found = [passed(reader, value) for seed in range(20) for value in of(where, seed)]
        assert 0.15 < sum(found) / len(found) < 0.85, where
