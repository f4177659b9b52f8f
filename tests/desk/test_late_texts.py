"""Texts and tombstones that come late, from a writer that slept: what stands in the end, and what Kafka is told."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, Table, select

from casework.feedback import FeedbackEvent
from desk.store.tables import feedback_texts as texts
from desk.store.tables import rebuild, restricted_texts
from desk.store.texts import FIRST, LAST, settling
from streams.codec import Text, encode_text, mark, since, since_of, text_key
from tests.support.desk import NOON, TOPICS, Feed, opened, table_rows

pytestmark = pytest.mark.databases
HOUR = timedelta(hours=1)
OPENED = opened("a")
SUSPECTED = opened("a", lane="to_cao", kind="conduct")
MOVE, RELEASE, MOVE_AGAIN = (mark(NOON + hours * HOUR) for hours in (1, 2, 3))
PUBLIC, HIDDEN = str(TOPICS.feedback.texts), str(TOPICS.restricted.texts)
KEY = text_key("a", "a-opened").decode()


def event(type_: str, hours: int) -> FeedbackEvent:
    return FeedbackEvent(id=f"a-{type_}-{hours}", type=type_, at=NOON + hours * HOUR, source="/test")


MOVED, RELEASED, ERASED = event("moved", 1), event("released", 2), event("erased", 1)
LEFT = event("moved", 3)


def text(of: str = "a-opened", at: datetime = NOON, words: str = "Đèn đường hỏng") -> bytes:
    return encode_text(Text(feedback_id="a", event_id=of, text=words, at=at))


def fed(engine: Engine, public: list[FeedbackEvent], restricted: list[FeedbackEvent]) -> Feed:
    """The case in both lanes as their events say; in none where it has no events."""
    feed = Feed(engine)
    for lane, events in (("feedback", public), ("restricted", restricted)):
        if events:
            feed.feedback("a", *events, lane=lane)
    return feed


def told(feed: Feed) -> list[tuple[str, str, bool, str]]:
    """What Kafka is to be told: topic, key, whether it is a text, mark."""
    with feed.engine.connect() as connection:
        return [(one.topic, one.key.decode(), one.value is not None, one.mark) for one in settling(connection, TOPICS)]


def take_in(feed: Feed) -> None:
    """What Kafka is told comes back to the read model."""
    with feed.engine.connect() as connection:
        found = settling(connection, TOPICS)
    for one in found:
        feed.put(one.topic, one.key.decode(), one.value, since=one.mark)


def stands(feed: Feed, table: Table = texts) -> list[str]:
    with feed.engine.connect() as connection:
        return list(connection.execute(select(table.c.value)).scalars())


@pytest.mark.parametrize(
    ("public", "restricted", "since", "due"),
    [
        pytest.param([], [], None, None, id="its event is still on the way"),
        pytest.param([OPENED], [], None, None, id="an ordinary text"),
        pytest.param([OPENED, ERASED], [], None, LAST, id="after the erasure"),
        pytest.param([OPENED, ERASED, LEFT], [SUSPECTED], None, LAST, id="erased, the other lane does not know yet"),
        pytest.param([OPENED, MOVED], [SUSPECTED], None, MOVE, id="after the case has left"),
        pytest.param([OPENED, MOVED], [SUSPECTED], MOVE, MOVE, id="brought by a move before the last"),
        pytest.param([OPENED, MOVED], [SUSPECTED], RELEASE, None, id="brought back, the event is still on the way"),
        pytest.param([OPENED, MOVED, RELEASED], [SUSPECTED, RELEASED], None, None, id="after the case came back"),
        pytest.param([OPENED, MOVED, RELEASED, LEFT], [SUSPECTED], RELEASE, MOVE_AGAIN, id="left again"),
        pytest.param([], [SUSPECTED], None, FIRST, id="opened in the restricted lane alone"),
        pytest.param([], [SUSPECTED, RELEASED], None, None, id="opened there and just given back"),
        pytest.param([], [SUSPECTED, RELEASED, LEFT], None, None, id="given back"),
    ],
)
def test_a_public_text_that_comes_last_is_taken_away_where_its_case_is_gone(
    engine: Engine, public: list[FeedbackEvent], restricted: list[FeedbackEvent], since: str | None, due: str | None
) -> None:
    feed = fed(engine, public, restricted)
    feed.put(HIDDEN, KEY, text())
    feed.put(PUBLIC, KEY, text(), since=since)
    assert told(feed) == ([] if due is None else [(PUBLIC, KEY, False, due)])
    take_in(feed)
    assert (told(feed), len(stands(feed))) == ([], 0 if due is not None else 1)


def test_a_restricted_text_that_comes_after_the_release_is_taken_away(engine: Engine) -> None:
    feed = Feed(engine)
    feed.feedback("a", SUSPECTED, RELEASED, LEFT, lane="restricted")
    feed.feedback("a", RELEASED, SUSPECTED)
    feed.put(PUBLIC, KEY, text(), since=RELEASE)
    feed.put(HIDDEN, KEY, text())
    assert told(feed) == [(HIDDEN, KEY, False, MOVE_AGAIN)]
    take_in(feed)
    assert (len(stands(feed)), len(stands(feed, restricted_texts)), told(feed)) == (1, 0, [])


@pytest.mark.parametrize(
    ("public", "restricted", "until", "here", "there"),
    [
        pytest.param([OPENED, MOVED], [SUSPECTED], MOVE, PUBLIC, HIDDEN, id="moved before its text came"),
        pytest.param([], [SUSPECTED], FIRST, PUBLIC, HIDDEN, id="opened there, its text came here"),
        pytest.param([RELEASED, OPENED], [SUSPECTED, RELEASED, LEFT], MOVE_AGAIN, HIDDEN, PUBLIC, id="released"),
    ],
)
def test_the_only_copy_of_a_text_goes_to_the_lane_that_has_the_case(
    engine: Engine, public: list[FeedbackEvent], restricted: list[FeedbackEvent], until: str, here: str, there: str
) -> None:
    feed = fed(engine, public, restricted)
    feed.put(here, KEY, text())
    assert told(feed) == [(there, KEY, True, until), (here, KEY, False, until)]
    take_in(feed)
    tables = {PUBLIC: texts, HIDDEN: restricted_texts}
    assert (stands(feed, tables[here]), stands(feed, tables[there])) == ([], [text().decode()])
    assert told(feed) == []


@pytest.mark.parametrize("restricted", [[], [SUSPECTED, RELEASED, LEFT]], ids=["not yet", "no more"])
def test_no_text_is_taken_away_while_the_other_lane_has_not_the_case(
    engine: Engine, restricted: list[FeedbackEvent]
) -> None:
    feed = fed(engine, [OPENED, MOVED], restricted)
    feed.put(PUBLIC, KEY, text())
    assert told(feed) == []


def test_what_was_erased_in_the_other_lane_is_not_handed_over(engine: Engine) -> None:
    feed = Feed(engine)
    feed.feedback("a", OPENED, MOVED)
    feed.feedback("a", SUSPECTED, event("erased", 2), lane="restricted")
    feed.put(PUBLIC, KEY, text())
    assert told(feed) == [(PUBLIC, KEY, False, MOVE)]


@pytest.mark.parametrize("there", [[SUSPECTED, event("erased", 2)], []], ids=["known there", "not known there yet"])
def test_of_a_case_that_was_erased_and_has_left_kafka_is_told_once(engine: Engine, there: list[FeedbackEvent]) -> None:
    feed = fed(engine, [OPENED, event("erased", 2), LEFT], there)
    feed.put(PUBLIC, KEY, text())
    assert told(feed) == [(PUBLIC, KEY, False, LAST)]
    take_in(feed)
    assert (told(feed), stands(feed)) == ([], [])


def test_an_answer_that_was_written_after_the_erasure_stands(engine: Engine) -> None:
    feed = Feed(engine)
    feed.feedback("a", OPENED, ERASED, event("answered", 2))
    feed.put(PUBLIC, "a/a-answered-2", text("a-answered-2", NOON + 2 * HOUR))
    assert told(feed) == []


@pytest.mark.parametrize("at_once", [True, False], ids=["in one batch", "one by one"])
@pytest.mark.parametrize(
    ("late", "since"),
    [(None, MOVE), (text(words="Bản cũ"), None)],
    ids=["a tombstone of the move before", "what the intake worker had sent"],
)
def test_a_text_that_a_move_brought_back_is_sent_again_where_something_late_came_over_it(
    engine: Engine, late: bytes | None, since: str | None, at_once: bool
) -> None:
    feed = Feed(engine)
    feed.feedback("a", OPENED, MOVED, RELEASED)
    feed.put(PUBLIC, KEY, text(), since=RELEASE)
    feed.put(PUBLIC, KEY, late, since=since)
    if at_once:
        rebuild(engine)
        feed.project(feed.records)
    assert stands(feed) == [text().decode()]
    assert told(feed) == [(PUBLIC, KEY, True, RELEASE)]
    take_in(feed)
    assert (stands(feed), told(feed)) == ([text().decode()], [])


def test_what_was_erased_is_not_sent_again(engine: Engine) -> None:
    feed = Feed(engine)
    feed.put(PUBLIC, KEY, text(), since=RELEASE)
    feed.put(PUBLIC, KEY, None, since=MOVE)
    feed.feedback("a", OPENED, MOVED, RELEASED, event("erased", 3))
    assert told(feed) == [(PUBLIC, KEY, False, LAST)]


def test_an_erasure_takes_away_whatever_mark_a_text_has(engine: Engine) -> None:
    feed = Feed(engine)
    feed.put(PUBLIC, KEY, text(), since=RELEASE)
    feed.put(PUBLIC, KEY, None)
    assert stands(feed) == []


def test_late_texts_leave_the_same_rows_after_a_rebuild(engine: Engine) -> None:
    feed = Feed(engine)
    feed.feedback("a", OPENED, MOVED, RELEASED)
    feed.put(PUBLIC, KEY, text(), since=RELEASE)
    feed.put(PUBLIC, KEY, None, since=MOVE)
    take_in(feed)
    before = table_rows(engine)
    rebuild(engine)
    feed.project(feed.records)
    assert table_rows(engine) == before


def test_marks_sort_as_their_moments_do() -> None:
    moments = [NOON, NOON + timedelta(microseconds=1), NOON.replace(month=10), NOON.replace(year=2030)]
    marks = ["", FIRST, *map(mark, moments), LAST]
    assert sorted(marks) == marks
    assert since_of(since(MOVE)) == MOVE
    assert since_of([("arrived", b"1")]) is None
