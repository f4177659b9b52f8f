"""Erasing the content of a piece of feedback: `.erased` first, then a tombstone for every text there ever was of it."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection, Table, select

from casework.feedback import FeedbackEvent
from cli.feeding import feed
from cli.log import kafka_of, read_all
from cli.outgoing import Outgoing
from cli.read_model import maybe_read_model
from cli.settings import Settings
from desk.store import tables
from streams.codec import encode_feedback_event, stable_id

BY = "admin/cli"
SOURCE = "/langnghe/cli"


def erase_case(settings: Settings, case: str) -> bool:
    """Erases the case in whichever lane it is or was; False where no lane knows it. Which lane is told to nobody.

    A lane to which a move brings it later learns of it from the other one (`streams/crossing.py`).
    """
    lanes = (
        (settings.topics.feedback, tables.feedback, tables.feedback_texts),
        (settings.topics.restricted, tables.restricted, tables.restricted_texts),
    )
    with maybe_read_model(settings) as connection:
        known = [_known(connection, case, cases, texts) for _, cases, texts in lanes]
    with kafka_of(settings):
        logged = [set(_logged_keys(settings, str(lane.texts), case)) for lane, _, _ in lanes]
    found = [
        (lane, keys | more)
        for (lane, _, _), (stands, keys), more in zip(lanes, known, logged, strict=True)
        if stands or keys or more
    ]
    if not found:
        return False
    event = _erased(case, datetime.now(UTC))
    events = [Outgoing(lane.events, case.encode(), event) for lane, _ in found]
    gone = [Outgoing(str(lane.texts), key, None) for lane, keys in found for key in sorted(keys)]
    for messages in (events, gone):
        if messages:
            feed(settings, messages, len(messages), backfill=False)
    return True


def _known(connection: Connection | None, case: str, cases: Table, texts: Table) -> tuple[bool, set[bytes]]:
    """Whether the read model has the case in this lane, and the keys of its texts there."""
    if connection is None:
        return False, set()
    here = select(cases.c.feedback_id).where(cases.c.feedback_id == case, cases.c.stage != "moved")
    events = connection.execute(select(texts.c.event_id).where(texts.c.feedback_id == case)).scalars()
    return connection.execute(here).first() is not None, {f"{case}/{event}".encode() for event in events}


def _logged_keys(settings: Settings, topic: str, case: str) -> Iterator[bytes]:
    """Keys of the case that still have a value in Kafka, or may have: the read model can be behind."""
    prefix = f"{case}/".encode()
    return (record.key for record in read_all(settings, topic) if record.key and record.key.startswith(prefix))


def _erased(case: str, now: datetime) -> bytes:
    """The same for every lane; another one at another moment, for a case may be erased again."""
    id_ = stable_id(case, "erased", now.isoformat())
    return encode_feedback_event(case, FeedbackEvent(id=id_, type="erased", at=now, by=BY, source=SOURCE), SOURCE)
