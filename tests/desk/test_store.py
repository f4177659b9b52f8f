"""The read model is a function of the records: repeats and rebuilds change no figure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.exc import NoResultFound

from casework.dossiers import Transition
from casework.feedback import FeedbackEvent
from casework.outcomes import Outcome
from desk.store import queries, tables
from desk.store.project import ReadModelReplacedError, project, stored_offsets, targets
from desk.store.queries import Inspector, read_progress
from desk.store.tables import create_tables, ensure, rebuild
from desk.store.wall import wall
from streams.codec import encode_outcome, text_key
from tests.support.desk import NOON, TOPICS, Feed, opened, table_rows

CODE = "H99.11-260901-0001"
DAY = timedelta(days=1)
pytestmark = pytest.mark.databases


def fill(feed: Feed) -> None:
    due = datetime(2026, 9, 14, 16, 59, 59, tzinfo=UTC)
    feed.dossier(CODE, Transition(at=NOON - 10 * DAY, status=2, due_at=due, agency="LG.SYT", source="/test"))
    feed.feedback("a", opened("a", urgency="urgent", area="LG.SYT"), text="Đường ngập")
    feed.feedback("b", opened("b", lane="to_cao"), text="Nội dung kín", lane="restricted")
    outcome = Outcome(id="o1", outcome="closed", case_id=CODE, at=NOON, source="/test")
    feed.put(TOPICS.dossier.outcomes, CODE, encode_outcome(outcome, "dossier"))
    feed.put(TOPICS.restricted.outcomes, "b", encode_outcome(replace(outcome, id="o2", case_id="b"), "feedback"))


def test_a_batch_projected_twice_gives_the_same_rows(engine: Engine) -> None:
    feed = Feed(engine)
    fill(feed)
    once = table_rows(engine)
    feed.project(feed.records)
    assert table_rows(engine) == once
    assert {name: len(rows) for name, rows in once.items()} == {
        "dossiers": 1,
        "feedback": 1,
        "restricted": 1,
        "feedback_texts": 1,
        "restricted_texts": 1,
        "outcomes": 1,
        "restricted_outcomes": 1,
    }


def test_a_rebuilt_read_model_equals_the_old_one(engine: Engine) -> None:
    feed = Feed(engine)
    fill(feed)
    before = table_rows(engine)
    rebuild(engine)
    with engine.connect() as connection:
        assert stored_offsets(connection) == {}
    assert not any(table_rows(engine).values())
    feed.project(feed.records)
    assert table_rows(engine) == before


def test_offsets_stand_in_the_transaction_of_their_records(engine: Engine) -> None:
    feed = Feed(engine)
    fill(feed)
    with engine.connect() as connection:
        assert stored_offsets(connection)[TOPICS.dossier.states, 0] == 1


def test_a_batch_read_for_an_emptied_read_model_is_refused(engine: Engine) -> None:
    with pytest.raises(ReadModelReplacedError), engine.begin() as connection:
        project(connection, targets(TOPICS), [], "another generation")


def test_a_tombstone_erases_a_text(engine: Engine) -> None:
    feed = Feed(engine)
    fill(feed)
    feed.put(str(TOPICS.feedback.texts), text_key("a", "a-opened").decode(), None)
    with engine.connect() as connection:
        assert queries.texts(connection, "a") == {}


def test_in_one_batch_the_last_record_of_a_key_stands(engine: Engine) -> None:
    feed, other = Feed(engine), Feed(engine)
    feed.feedback("a", opened("a"))
    feed.feedback("a", opened("a"), FeedbackEvent(id="x", type="accepted", at=NOON + DAY))
    rebuild(engine)
    other.project(feed.records)
    with engine.connect() as connection:
        state = queries.feedback_case(connection, "a")
    assert state is not None
    assert state.stage == "accepted"


def test_heartbeats_are_timed_and_never_counted(engine: Engine) -> None:
    feed = Feed(engine)
    feed.put(TOPICS.dossier.states, "HB-2026091412", b"{}", at=NOON)
    feed.put(TOPICS.feedback.states, "HB-2026091412", b"{}", at=NOON + DAY)
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(tables.dossiers)).scalar_one() == 0
        found = read_progress(connection)
    assert found.heartbeat_at == NOON
    assert found.changes == 0


def test_the_restricted_lane_does_not_move_the_public_change_counter(engine: Engine) -> None:
    feed = Feed(engine)
    feed.feedback("b", opened("b", lane="to_cao"), text="Nội dung kín", lane="restricted")
    with engine.connect() as connection:
        found = read_progress(connection)
    assert (found.changes, found.restricted_changes) == (0, 2)


def test_a_restricted_case_is_read_only_with_the_inspectors_key(engine: Engine) -> None:
    feed = Feed(engine)
    fill(feed)
    with engine.connect() as connection:
        assert queries.feedback_case(connection, "b") is None
        assert queries.texts(connection, "b") == {}
        case = queries.restricted_case(connection, Inspector("i"), "b")
    assert case is not None
    assert case.lane == "to_cao"


def test_a_case_opened_in_both_lanes_shows_in_the_restricted_one_only(engine: Engine) -> None:
    feed = Feed(engine)
    feed.feedback("c", opened("c", urgency="urgent"), text="Nội dung")
    feed.feedback("c", opened("c", lane="to_cao"), lane="restricted")
    with engine.connect() as connection:
        assert queries.feedback_case(connection, "c") is None
        assert queries.open_feedback(connection, {}, None, 10) == []
        assert wall(connection, NOON, 5).urgent_untaken == 0


def test_the_wall_counts_what_a_hand_counts(engine: Engine) -> None:
    feed = Feed(engine)
    fill(feed)
    feed.dossier("H99.11-260801-0002", Transition(at=NOON - 30 * DAY, status=2, due_at=NOON - 5 * DAY), alert="overdue")
    feed.feedback("d", opened("d", NOON - DAY, urgency="urgent", area="LG.SXD"))
    with engine.connect() as connection:
        found = wall(connection, NOON, 5)
    assert found.urgent_untaken == 2
    assert found.due_today["dossiers"] == 1
    assert found.overdue == {"dossiers": 1, "feedback": 0}
    assert [row["feedback_id"] for row in found.untaken] == ["d", "a"]


def test_a_duty_has_its_own_due_moment_in_the_read_model(engine: Engine) -> None:
    """Registered online on Thursday 10/9/2026 at 09:00: eight working hours end on Friday at 09:00."""
    feed = Feed(engine)
    registered = Transition(at=datetime(2026, 9, 10, 2, tzinfo=UTC), status=1, channel="2", agency="LG.SYT")
    feed.dossier(CODE, registered, duty="intake_overdue")
    feed.dossier("H99.11-260901-0002", registered)
    with engine.connect() as connection:
        found = [(row["duty"], row["duty_due_at"]) for row in queries.owed_dossiers(connection, {}, None, 5)]
        counts = queries.duty_counts(connection, {}, None)
    assert found == [("intake_overdue", "2026-09-11T09:00:00+07:00")]
    assert counts == {"intake_overdue": 1}


def test_each_duty_shows_its_longest_owed_and_none_hides_another(engine: Engine) -> None:
    feed = Feed(engine)
    for day in (5, 4, 3):
        registered = Transition(at=NOON - day * DAY, status=1, channel="2", agency="LG.SYT")
        feed.dossier(f"H99.11-26090{9 - day}-0001", registered, duty="intake_overdue")
    asked = Transition(at=NOON - 40 * DAY, status=5)
    feed.dossier(CODE, Transition(at=NOON - 41 * DAY, status=2, agency="LG.SXD"), asked, duty="closing_due")
    with engine.connect() as connection:
        found = queries.owed_dossiers(connection, {}, None, 2)
        health = queries.owed_dossiers(connection, {}, frozenset({"LG.SYT"}), 1)
        chosen = queries.owed_dossiers(connection, {"duty": "closing_due"}, None, 2)
        counts = queries.duty_counts(connection, {"duty": "closing_due", "agency": "LG.SYT"}, None)
    assert [row["duty"] for row in found] == ["closing_due", "intake_overdue", "intake_overdue"]
    assert [row["dossier_code"] for row in found[1:]] == ["H99.11-260904-0001", "H99.11-260905-0001"]
    assert [row["duty"] for row in health] == ["intake_overdue"]
    assert [row["duty"] for row in chosen] == ["closing_due"]
    assert counts == {"intake_overdue": 3}


def test_feedback_keeps_what_recurrence_and_escalation_are_asked_by(engine: Engine) -> None:
    feed = Feed(engine)
    feed.feedback("a", opened("a", urgency="urgent", place=(10.12, 106.35)), climbed="leader")
    feed.feedback("b", opened("b"), FeedbackEvent(id="x", type="answered", at=NOON + DAY))
    columns = (tables.feedback.c.escalation, tables.feedback.c.place, tables.feedback.c.closed_at)
    with engine.connect() as connection:
        rows = connection.execute(select(*columns).order_by(tables.feedback.c.feedback_id)).all()
    assert [tuple(row) for row in rows] == [
        ("leader", "10.12 106.35", None),
        (None, None, "2026-09-15T12:00:00+07:00"),
    ]


def make_old(engine: Engine) -> None:
    """The read model as an earlier release left it: another schema, tables without the newer columns."""
    with engine.begin() as connection:
        for table in ("dossiers", "feedback"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("CREATE TABLE dossiers (dossier_code VARCHAR PRIMARY KEY, state TEXT)"))
        connection.execute(text("CREATE TABLE feedback (feedback_id VARCHAR PRIMARY KEY, state TEXT)"))
        connection.execute(update(tables.progress).values(schema=tables.SCHEMA - 1))


def test_a_read_model_of_an_older_schema_is_dropped_and_filled_again(engine: Engine) -> None:
    feed = Feed(engine)
    fill(feed)
    expected = table_rows(engine)
    make_old(engine)
    ensure(engine)
    with engine.connect() as connection:
        assert stored_offsets(connection) == {}
    assert not any(table_rows(engine).values())
    feed.project(feed.records)
    assert table_rows(engine) == expected


def test_only_the_projector_drops_an_older_read_model(engine: Engine) -> None:
    """Other processes leave it alone and are not ready until it has been made anew."""
    fill(Feed(engine))
    make_old(engine)
    create_tables(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM outcomes")).scalar_one() == 1
        with pytest.raises(NoResultFound):
            read_progress(connection)
