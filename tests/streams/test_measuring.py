"""Odd and refused data counted by source, in label values that are bounded and hold nothing of a message."""

import pytest

from streams import codec
from streams.measuring import MOST_SOURCES, Measuring, SourceLabels
from streams.metrics import Metrics
from tests.support.chunks import A, B, run, ticked, told
from tests.support.dossiers import step

ODD = told(A, step("03-02 09:00", 2, procedure_code="9.000010", due_at="02-27 23:59:59"))


@pytest.fixture
def measuring():
    return Measuring(Metrics())


def value(measuring, name, **labels):
    return measuring.metrics.registry.get_sample_value(name, labels)


def test_a_flag_is_counted_under_the_source_of_its_case(measuring):
    done = run([ODD])
    measuring.told("dossier", done, step("03-02 09:00", 2).at)
    assert [one.rule for one in done.outcomes if one.outcome == "flagged"] == ["due_before_receipt"]
    assert value(measuring, "langnghe_flagged_total", source="/mot-cua", flag="due_before_receipt") == 1


def test_a_flag_that_nobody_knows_is_other(measuring):
    done = run([told(B, step("03-02 09:00", 2, odd=("0912345678",)))])
    measuring.told("dossier", done, step("03-02 09:00", 2).at)
    assert value(measuring, "langnghe_flagged_total", source="/mot-cua", flag="other") == 1


def test_alerts_and_duties_that_are_raised_are_counted_by_name(measuring):
    table = run([told(B, step("03-02 09:00", 1, channel="2"))]).states
    (duty,) = codec.decode_dossier_state(table[B.encode()]).watch
    done = run([ticked(B, duty.alert_id)], table)
    measuring.told("dossier", done, duty.moment)
    assert value(measuring, "langnghe_alerts_total", kind="dossier", alert="intake_overdue") == 1
    assert value(measuring, "langnghe_outcomes_total", kind="dossier", outcome="duty_raised") == 1


def test_refused_records_are_counted_by_source_and_reason(measuring):
    measuring.admitted("admit_dossiers", 7, [("/mot-cua", "bad_date due_at"), (None, "not_json $")] * 2)
    assert value(measuring, "langnghe_refused_total", source="/mot-cua", reason="bad_date due_at") == 2
    assert value(measuring, "langnghe_refused_total", source="unknown", reason="not_json $") == 2
    assert value(measuring, "langnghe_records_total", agent="admit_dossiers", result="dead") == 4
    assert value(measuring, "langnghe_records_total", agent="admit_dossiers", result="ok") == 7


@pytest.mark.parametrize("source", [
    "mot-cua", "", "/", "/có-dấu", "/a b", "/" + "a" * 65, "/x\n", "//" + "a" * 64, "https://x/y", "/a?b=0912345678",
])  # fmt: skip
def test_what_does_not_look_like_a_source_is_other(source):
    assert SourceLabels().of(source) == "other"


@pytest.mark.parametrize("source", ["/a", "/mot-cua/H99.1_x-2", "/" + "a" * 64, "/dvcqg", "/langnghe/demo"])
def test_a_source_is_shown_by_its_name(source):
    assert SourceLabels().of(source) == source


def test_beyond_the_first_fifty_sources_all_are_other_and_the_first_stay():
    labels = SourceLabels()
    first = [labels.of(f"/{number}") for number in range(MOST_SOURCES)]
    assert first == [f"/{number}" for number in range(MOST_SOURCES)]
    assert labels.of("/one-more") == "other"
    assert labels.of("/7") == "/7"
    assert labels.of(None) == "unknown"


@pytest.mark.parametrize(("message", "source"), [
    (b'{"specversion":"1.0","id":"1","source":"/mot-cua","type":"x","data":{}}', "/mot-cua"),
    (b'{"specversion":"1.0","source":7}', None),
    (b'{"specversion":"1.0","source":""}', None),
    (b'{"source":"/0912345678","MaHoSo":"x"}', None),
    (b"\xff\xfe", None), (b"[]", None), (b"", None), (None, None),
], ids=["envelope", "a number", "empty", "no envelope", "no text", "no object", "nothing", "a tombstone"])  # fmt: skip
def test_the_source_of_a_refused_message_is_that_of_its_envelope_or_none(message, source):
    assert codec.source_of(message) == source
