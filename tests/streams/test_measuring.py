"""Odd and refused data counted by source, in label values that are bounded and hold nothing of a message."""

import time
from dataclasses import replace

import pytest

from streams import codec
from streams.advance import DOSSIERS, FEEDBACK
from streams.measuring import MOST_SOURCES, Measuring, SourceLabels
from streams.metrics import Metrics
from tests.support.chunks import NOW, A, B, run, said, ticked, told
from tests.support.dossiers import step
from tests.support.feedback import at, event

ODD = told(A, step("03-02 09:00", 2, procedure_code="9.000010", due_at="02-27 23:59:59"))


@pytest.fixture
def measuring():
    return Measuring(Metrics())


def value(measuring, name, **labels):
    return measuring.metrics.registry.get_sample_value(name, labels)


def test_what_a_worker_will_count_stands_at_0_from_its_start_for_prometheus_sees_no_first_one(measuring):
    measuring.follows("dossier")
    measuring.follows("feedback")
    measuring.classifies()
    assert value(measuring, "langnghe_violations_total", rule="late_refusal", change="raised") == 0
    assert value(measuring, "langnghe_alerts_total", kind="dossier", alert="closing_due") == 0
    assert value(measuring, "langnghe_records_total", agent="follow_feedback", result="dead") == 0
    assert value(measuring, "langnghe_records_total", agent="classify", result="dead") == 0
    assert value(measuring, "langnghe_classified_total", domain="land", urgency="urgent") == 0
    assert value(measuring, "langnghe_processing_seconds_count", kind="feedback") == 0
    assert value(measuring, "langnghe_first_action_seconds_count", urgency="urgent") == 0


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


def chunk(measuring, *records, lane="dossier", kind=DOSSIERS, table=None):
    done = run(records, table, kind)
    measuring.followed(lane, done, records, 0.01)
    return done


def came(record, seconds_ago, *more):
    at = int((time.time() - seconds_ago) * 1000)
    return replace(record, headers=(*more, *codec.on_its_way((), at)))


def test_the_way_of_a_message_is_measured_from_its_receipt_by_the_broker_to_the_state(measuring):
    chunk(measuring, came(ODD, 40))
    assert value(measuring, "langnghe_processing_seconds_count", kind="dossier") == 1
    assert value(measuring, "langnghe_processing_seconds_bucket", kind="dossier", le="30.0") == 0
    assert value(measuring, "langnghe_processing_seconds_bucket", kind="dossier", le="60.0") == 1


@pytest.mark.parametrize("record", [
    came(ODD, 40, codec.BACKFILL_HEADER),
    replace(came(ODD, 40), key=b"HB-2026030209"),
    ODD,
    replace(ODD, headers=(("arrived", b"yesterday"),)),
], ids=["backfill", "the heartbeat", "an event of our own", "a header of someone else"])  # fmt: skip
def test_backfill_the_heartbeat_and_what_came_by_no_intake_are_in_no_service_level(measuring, record):
    chunk(measuring, record)
    assert value(measuring, "langnghe_processing_seconds_count", kind="dossier") == 0


def fb(type_, moment_, **fields):
    return said(event(type_, moment_, **fields))


OPENED = fb("opened", "2026-09-14 08:00", received_at=at("2026-09-14 08:00"), urgency="urgent", source="/app",
            kind="incident", domain="environment", lane="phan_anh_kien_nghi", channel="app")  # fmt: skip


def test_the_first_action_is_measured_once_however_the_case_goes_on(measuring):
    table = chunk(measuring, OPENED, lane="feedback", kind=FEEDBACK).states
    table = chunk(measuring, fb("assigned", "2026-09-14 08:30", agency="LG.SYT"),
                  lane="feedback", kind=FEEDBACK, table=table).states  # fmt: skip
    chunk(measuring, fb("accepted", "2026-09-14 10:30"), lane="feedback", kind=FEEDBACK, table=table)
    assert value(measuring, "langnghe_first_action_seconds_count", urgency="urgent") == 1
    assert value(measuring, "langnghe_first_action_seconds_sum", urgency="urgent") == 30 * 60


def test_first_actions_of_imported_cases_are_no_waits_of_today(measuring):
    records = [replace(one, headers=(codec.BACKFILL_HEADER,)) for one in (OPENED, fb("accepted", "2026-09-15 08:00"))]
    chunk(measuring, *records, lane="feedback", kind=FEEDBACK)
    assert value(measuring, "langnghe_first_action_seconds_count", urgency="urgent") is None


def test_a_source_is_heard_of_by_what_it_opens_and_the_heartbeat_is_none(measuring):
    before = time.time()
    chunk(measuring, OPENED, lane="feedback", kind=FEEDBACK)
    measuring.heard("/mot-cua")
    measuring.heard("/langnghe/heartbeat")
    assert value(measuring, "langnghe_last_event_timestamp_seconds", source="/langnghe/web") >= before
    assert value(measuring, "langnghe_last_event_timestamp_seconds", source="/mot-cua") >= before
    assert value(measuring, "langnghe_last_event_timestamp_seconds", source="/langnghe/heartbeat") is None


def test_violations_are_counted_by_rule_raised_and_retracted(measuring):
    late = [told(A, step("03-02 09:00", 2)), told(A, step("03-30 09:00", 5))]
    measuring.told("dossier", run(late), NOW)
    assert value(measuring, "langnghe_violations_total", rule="late_supplement", change="raised") == 1
