"""`langnghe demo`: what it sends, where it refuses, and how it proves the read model."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cli.demo_check import Verdict, compare, lasting
from cli.demo_run import Plan, foreign_sources, messages_of
from desk.store import tables
from streams import codec
from streams.topics import Topics
from tests.support.cli import at, run
from tests.support.dossiers import CODE, dossier, small_rules, step
from tests.support.rules import rules

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def messages():
    return list(messages_of(Topics(), rules(), Plan(dossiers=50, feedback=20, seed=3, rate=0), NOW))


def test_everything_is_marked_as_invented_and_can_be_read(messages):
    sources = {
        codec.admit(one.value).source if one.topic == "dossier.intake" else codec.admit_received(one.value, "")[1]
        for one in messages
    }
    assert sources == {"/langnghe/demo"}


def test_every_event_of_every_history_is_sent_and_feedback_runs_among_them(messages):
    topics = [one.topic for one in messages]
    assert topics.count("feedback.intake") == 20
    assert topics[: len(topics) // 2].count("feedback.intake") in range(8, 13)


def test_feedback_has_come_in_by_now_under_ids_of_its_own(messages):
    received = [codec.admit_received(one.value, "") for one in messages if one.topic == "feedback.intake"]
    assert len({one.feedback_id for one in received}) == 20
    assert all(one.received.received_at <= NOW for one in received)


def log_and_rows():
    steps = [step("03-02 09:00", 4, procedure_code="9.000010"), step("03-05 10:00", 9)]
    return {CODE: steps}, {CODE: dossier(*steps)}


@pytest.mark.parametrize("raised", [{"alert": "overdue", "alert_id": "x"}, {"duty": "closing_due", "duty_id": "x"}])
def test_a_read_model_that_follows_from_the_log_passes_whatever_alert_or_duty_stands(raised):
    log, rows = log_and_rows()
    rows[CODE] = replace(rows[CODE], counts={"x": 1}, **raised)
    assert compare(log, rows, small_rules()).different == ()


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda rows: rows.clear(), id="a dossier is missing"),
        pytest.param(lambda rows: rows.update({CODE: replace(rows[CODE], standing="late")}), id="a standing differs"),
        pytest.param(lambda rows: rows.update({CODE: dossier(step("03-02 09:00", 4))}), id="an event is missing"),
    ],
)
def test_a_read_model_that_does_not_follow_from_the_log_is_found_out(spoil):
    log, rows = log_and_rows()
    spoil(rows)
    assert compare(log, rows, small_rules()).different == (CODE,)


def test_only_what_differs_at_every_look_differs_while_others_send_too():
    looks = [Verdict(9, 3, different) for different in (("H1", "H2"), ("H2", "H3"), ("H2",))]
    assert lasting(looks) == ["H2"]
    assert lasting([*looks, Verdict(9, 3, ("H1",))]) == []


def test_a_dossier_that_the_log_has_never_heard_of_is_found_out():
    log, rows = log_and_rows()
    assert compare({}, rows, small_rules()).different == (CODE,)
    assert compare(log, rows, small_rules()).events == 2


@pytest.mark.parametrize(
    ("table", "source", "foreign"),
    [
        ("dossiers", "/dvcqg", True),
        ("feedback", "/langnghe/web/x", True),
        ("restricted", "/langnghe/web/x", True),
        ("dossiers", "/langnghe/demo", False),
        ("feedback", "/langnghe/replay", False),
        ("dossiers", "/langnghe/heartbeat", False),
    ],
)
def test_real_data_of_any_lane_stops_the_demo_and_invented_data_does_not(tmp_path, table, source, foreign):
    engine = tables.open_engine(f"sqlite:///{tmp_path / 'read-model.db'}")
    tables.ensure(engine)
    target = getattr(tables, table)
    key = target.primary_key.columns[0].name
    with engine.begin() as connection:
        connection.execute(target.insert().values({key: "x", "source": source, "state": ""}))
    with engine.connect() as connection:
        assert foreign_sources(connection) is foreign
    status, _, error = run(["demo", "--dossiers", "1", "--feedback", "0", *at(tmp_path)])
    assert status == 1
    assert ("--mix" in error) is foreign


def test_a_demo_of_nothing_is_refused(tmp_path):
    status, _, error = run(["demo", "--dossiers", "0", "--feedback", "0", *at(tmp_path)])
    assert (status, len(error.splitlines())) == (1, 1)
