"""The read model is a function of the records: repeats and rebuilds change no figure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

import pytest
from sqlalchemy import Engine, func, select

from casework.dossiers import Transition
from casework.feedback import FeedbackEvent
from casework.outcomes import Outcome
from desk.store import queries, tables
from desk.store.project import ReadModelReplacedError, project, stored_offsets, targets
from desk.store.queries import Inspector, read_progress
from desk.store.tables import create_tables, open_engine, rebuild
from desk.store.wall import wall
from streams.codec import encode_outcome, text_key
from tests.support.desk import NOON, TOPICS, Feed, opened, table_rows

CODE = "H99.11-260901-0001"
DAY = timedelta(days=1)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'read.db'}")
    create_tables(engine)
    yield engine
    engine.dispose()


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
        "dossiers": 1, "feedback": 1, "restricted": 1, "feedback_texts": 1, "restricted_texts": 1, "outcomes": 1,
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


def test_catching_up_writes_more_than_five_thousand_states_a_second(engine: Engine) -> None:
    feed = Feed(engine)
    feed.dossier(CODE, Transition(at=NOON - 10 * DAY, status=2, agency="LG.SYT"))
    model = feed.records[0]
    value = model.value or b""
    batch = []
    for n in range(5000):
        code = f"H99.11-260901-{n:05}"
        batch.append(replace(model, offset=n, key=code, value=value.replace(CODE.encode(), code.encode())))
    started = process_time()  # of a core: what else runs on the machine does not count
    feed.project(batch)
    assert process_time() - started < 1
