"""The projector takes up where the read model stands, whatever happened before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from casework.feedback import FeedbackEvent
from desk.lock import AlreadyRunningError, only_one
from desk.projector import Projector
from desk.settings import ProjectorSettings
from desk.source import Place
from desk.store.project import Record, stored_offsets
from desk.store.queries import read_progress
from desk.store.tables import ensure, open_engine, rebuild
from streams.codec import Text, encode_text, text_key
from tests.support.desk import NOON, TOPICS, Feed, KeepingOutbox, opened, table_rows

STATES = TOPICS.feedback.states
pytestmark = pytest.mark.databases


@dataclass
class ListSource:
    """A log in memory, read in batches of two."""

    log: list[Record]
    at: dict[Place, int] = field(default_factory=dict)
    committed: dict[Place, int] = field(default_factory=dict)

    def seek(self, positions: Mapping[Place, int]) -> None:
        self.at = dict(positions)

    def poll(self) -> list[Record]:
        ahead = [r for r in self.log if r.offset >= self.at.get((r.topic, r.partition), 0)][:2]
        self.at |= {(r.topic, r.partition): r.offset + 1 for r in ahead}
        return ahead

    def ends(self) -> dict[Place, int]:
        return {(r.topic, r.partition): r.offset + 1 for r in self.log}

    def positions(self) -> dict[Place, int]:
        return {place: self.at.get(place, 0) for place in self.ends()}

    def commit(self, positions: Mapping[Place, int]) -> None:
        self.committed |= positions


@dataclass
class Running:
    """A projector on a log, with a clock that a test moves."""

    engine: Engine
    settings: ProjectorSettings
    source: ListSource
    now: datetime = NOON
    outbox: KeepingOutbox = field(default_factory=KeepingOutbox)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        self.projector = Projector(
            self.settings, self.engine, self.source, self.outbox, self.registry, lambda: self.now
        )

    def run(self) -> None:
        self.projector.start()
        self.steps()

    def steps(self) -> None:
        while self.projector.step() or not self.projector.caught_up():
            self.now += timedelta(seconds=2)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[list[Record]]:
    """Five cases of feedback, as their states stand in Kafka."""
    engine = open_engine(f"sqlite:///{tmp_path / 'other.db'}")
    ensure(engine)
    feed = Feed(engine)
    for name in "abcde":
        feed.feedback(name, opened(name))
    yield feed.records
    engine.dispose()


@pytest.fixture
def running(engine: Engine, log: list[Record], tmp_path: Path) -> Running:
    lock = tmp_path / "lock"
    settings = ProjectorSettings(bootstrap="none:1", database_url="sqlite://", topics=TOPICS, lock_path=lock)
    return Running(engine, settings, ListSource(log))


def test_it_copies_all_and_says_so(running: Running) -> None:
    running.run()
    with running.engine.connect() as connection:
        assert stored_offsets(connection) == {(STATES, 0): 5}
        assert read_progress(connection).as_of is not None
    assert running.projector.caught_up()
    assert running.source.committed == {(STATES, 0): 5}
    assert running.registry.get_sample_value("langnghe_projector_records_total", {"topic": STATES}) == 5


def test_it_is_not_caught_up_before_its_first_look(running: Running) -> None:
    assert not running.projector.caught_up()


def test_under_a_steady_load_it_says_up_to_when_it_has_copied_all(running: Running) -> None:
    running.projector.start()
    log = running.source.log
    while running.now < NOON + timedelta(seconds=60):
        running.projector.step()
        running.now += timedelta(seconds=2)
        log += [replace(log[-1], offset=log[-1].offset + more) for more in (1, 2)]
    assert not running.projector.caught_up()
    assert running.projector.ready() is None
    with running.engine.connect() as connection:
        as_of = read_progress(connection).as_of
    assert as_of is not None
    assert NOON + timedelta(seconds=30) < as_of < running.now - timedelta(seconds=2)


def test_a_new_projector_commits_what_a_killed_one_had_copied_and_not_yet_said(running: Running) -> None:
    running.run()
    running.source.committed.clear()
    running.run()
    assert running.source.committed == {(STATES, 0): 5}


def test_a_new_projector_goes_on_after_the_last_committed_batch(running: Running) -> None:
    running.projector.start()
    running.projector.step()
    after = Running(running.engine, running.settings, ListSource(running.source.log))
    after.projector.start()
    assert after.source.at == {(STATES, 0): 2}


def test_a_rebuild_under_a_running_projector_gives_the_same_rows(running: Running) -> None:
    running.run()
    before = table_rows(running.engine)
    rebuild(running.engine)
    running.now += timedelta(seconds=2)
    running.steps()
    assert table_rows(running.engine) == before


def test_it_starts_over_where_topics_were_created_anew(running: Running) -> None:
    running.run()
    fewer = [replace(record, offset=n) for n, record in enumerate(running.source.log[3:])]
    after = Running(running.engine, running.settings, ListSource(fewer))
    after.run()
    assert len(table_rows(running.engine)["feedback"]) == 2


def test_it_starts_over_when_tombstones_may_have_gone(running: Running) -> None:
    running.run()
    after = Running(running.engine, running.settings, ListSource(running.source.log[1:]), now=NOON + timedelta(days=31))
    after.run()
    assert len(table_rows(running.engine)["feedback"]) == 4


def test_only_one_projector_runs(engine: Engine, tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with only_one(engine, lock), pytest.raises(AlreadyRunningError), only_one(engine, lock):
        raise AssertionError
    with only_one(engine, lock):
        pass


def test_it_takes_away_a_text_that_came_after_the_erasure_once_all_is_read(engine: Engine, running: Running) -> None:
    key = text_key("a", "a-opened").decode()
    erased = FeedbackEvent(id="a-erased", type="erased", at=NOON, source="/test")
    late = Feed(engine, next_offset=len(running.source.log))
    late.put(str(TOPICS.feedback.texts), key, encode_text(Text(feedback_id="a", event_id="a-opened", text="Đèn")))
    late.feedback("a", opened("a"), erased)
    rebuild(engine)
    running.source.log += late.records
    running.outbox.down = True
    running.run()
    running.outbox.down = False
    running.steps()
    assert not running.outbox.sent, "it asks again at once, though nobody answers"
    running.now += timedelta(seconds=running.settings.settle_seconds)
    running.steps()
    assert [(one.topic, one.key.decode(), one.value) for one in running.outbox.sent] == [
        (TOPICS.feedback.texts, key, None)
    ]


def test_it_takes_nothing_away_before_all_is_read(engine: Engine, running: Running) -> None:
    """The case was moved and came back; half-way the text stands in a lane that the case has left."""
    moves = [FeedbackEvent(id=f"a-{name}", type=name, at=NOON + timedelta(hours=hours), source="/test")
             for hours, name in enumerate(("moved", "released"))]  # fmt: skip
    later = Feed(engine, next_offset=len(running.source.log))
    later.feedback("a", opened("a"), moves[0], text="Đèn đường hỏng")
    for name in "bcde":
        later.feedback(name, opened(name))
    later.feedback("a", opened("a"), *moves)
    rebuild(engine)
    running.source.log += later.records
    running.projector.start()
    while running.projector.step():
        running.now += timedelta(seconds=2 * running.settings.settle_seconds)
    assert running.projector.caught_up()
    assert not running.outbox.sent
