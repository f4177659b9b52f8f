"""What similar items are looked for among: public cases that are open, with what the citizen said, redacted."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select
from sqlalchemy.sql import ColumnElement

from desk.store.queries import OPEN_STAGES, Agencies, public_only
from desk.store.rows import place_of
from desk.store.tables import feedback, feedback_texts
from models.similar import Item
from streams.codec import decode_text

IDS_PER_QUERY = 500


def open_items(connection: Connection, most: int) -> list[Item]:
    """Open public cases, the newest `most` of them."""
    columns = [feedback.c[name] for name in ("feedback_id", "domain", "area", "place", "received_at")]
    query = select(*columns).where(_open()).order_by(feedback.c.received_at.desc(), feedback.c.feedback_id)
    return [_item(*row) for row in connection.execute(query.limit(most))]


def opening_texts(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """What was said first in these cases, by case; those that have no text, not yet or no more, are left out."""
    first = and_(
        feedback.c.feedback_id == feedback_texts.c.feedback_id, feedback.c.opening_id == feedback_texts.c.event_id
    )
    query = select(feedback.c.feedback_id, feedback_texts.c.value).join(feedback_texts, first)
    rows = (connection.execute(query.where(_open_of(part))) for part in _parts(ids))
    return {id_: decode_text(value.encode()).text or "" for part in rows for id_, value in part}


def open_ids(connection: Connection, agencies: Collection[str]) -> set[str]:
    """Open public cases that these agencies have."""
    return set(
        connection.execute(select(feedback.c.feedback_id).where(_open(), feedback.c.agency.in_(agencies))).scalars()
    )


def still_open(connection: Connection, ids: Sequence[str], agencies: Agencies) -> dict[str, Mapping[str, Any]]:
    """Of these cases those that are public and open now and that these agencies have, by id; None: all agencies."""
    query = select(*(feedback.c[name] for name in ("feedback_id", "stage", "area", "received_at")))
    query = query.where(_open_of(ids))
    query = query if agencies is None else query.where(feedback.c.agency.in_(agencies))
    return {row["feedback_id"]: dict(row) for row in connection.execute(query).mappings()}


def _open() -> ColumnElement[bool]:
    return and_(feedback.c.stage.in_(OPEN_STAGES), feedback.c.erased_at.is_(None), public_only())


def _open_of(ids: Sequence[str]) -> ColumnElement[bool]:
    """Open cases among a few."""
    # the function keeps SQLite from reading all open cases by the index of stages
    stands_open = func.coalesce(feedback.c.stage, "").in_(OPEN_STAGES)
    return and_(feedback.c.feedback_id.in_(ids), stands_open, feedback.c.erased_at.is_(None), public_only())


def _item(feedback_id: str, domain: str | None, area: str | None, place: str | None, received_at: str | None) -> Item:
    at = datetime.fromisoformat(received_at) if received_at else None
    return Item(id=feedback_id, domain=domain, area=area, place=place_of(place), received_at=at)


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """A statement takes so many parameters and no more."""
    return (ids[start : start + IDS_PER_QUERY] for start in range(0, len(ids), IDS_PER_QUERY))
