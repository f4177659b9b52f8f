"""What pages ask of the read model. Restricted cases come only out of functions that take an `Inspector`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, Table, and_, case, func, or_, select
from sqlalchemy.sql import ColumnElement

from casework.dossiers import DossierState
from casework.feedback import FeedbackState
from desk.store.tables import (
    SCHEMA,
    dossiers,
    feedback,
    feedback_texts,
    heartbeats,
    progress,
    restricted,
    restricted_texts,
)
from streams.codec import Text, decode_dossier_state, decode_feedback_state, decode_text

OPEN_STAGES = ("received", "opened", "accepted", "assigned", "returned", "info_requested")
UNTAKEN_STAGES = ("received", "opened", "returned")
FILTERS = ("alert", "duty", "standing", "agency", "level", "field")
ALERTS = ("overdue", "apology_due", "due_soon")
DUTIES = ("closing_due", "step_overdue", "intake_overdue")
DUE_TODAY = "due_today"
Agencies = frozenset[str] | None  # whose cases are asked for; None: all


@dataclass(frozen=True, slots=True)
class Inspector:
    """Proof that the caller is an inspector; made only by the web's check of roles."""

    account: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the read model is: change counters, when it last held all, when a heartbeat came through by each way."""

    changes: int
    restricted_changes: int
    as_of: datetime | None
    beats: Mapping[str, datetime]

    @property
    def heartbeat_at(self) -> datetime | None:
        """Of the way that is silent the longest; None where none ever came through."""
        return min(self.beats.values(), default=None)


def read_progress(connection: Connection) -> Progress:
    """Raises NoResultFound where the read model is one of another schema, which the projector has yet to drop."""
    row = connection.execute(select(progress).where(progress.c.schema == SCHEMA)).one()
    ways = connection.execute(select(heartbeats.c.way, heartbeats.c.at))
    beats = {way: datetime.fromisoformat(at) for way, at in ways}
    return Progress(row.changes, row.restricted_changes, _moment(row.as_of), beats)


def is_filled(connection: Connection) -> bool:
    """Whether it has held everything that Kafka had since it was last emptied."""
    found = connection.execute(select(progress.c.as_of).where(progress.c.schema == SCHEMA)).scalar()
    return found is not None


def dossier(connection: Connection, code: str) -> DossierState | None:
    found = connection.execute(select(dossiers.c.state).where(dossiers.c.dossier_code == code)).scalar()
    return None if found is None else decode_dossier_state(found.encode())


def list_dossiers(
    connection: Connection, filters: Mapping[str, str], agencies: Agencies, after: str, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """A page of states in the order of their codes, and the code to go on after; `agencies` None means all."""
    query = select(dossiers.c.dossier_code, dossiers.c.state).order_by(dossiers.c.dossier_code).limit(limit + 1)
    query = _filtered(query.where(dossiers.c.dossier_code > after), dossiers, filters, agencies)
    found = connection.execute(query).all()
    more = found[limit - 1].dossier_code if len(found) > limit else None
    return [msgspec.json.decode(row.state) for row in found[:limit]], more


def watched_dossiers(
    connection: Connection, filters: Mapping[str, str], agencies: Agencies, limit: int
) -> list[Mapping[str, Any]]:
    """Dossiers with an alert, the earliest due first; at most `limit` of each alert, so that none hides another."""
    wanted = [(dossiers.c.alert == alert, dossiers.c.due_at) for alert in ALERTS]
    return _first_of_each(connection, wanted, filters, agencies, limit)


def owed_dossiers(
    connection: Connection, filters: Mapping[str, str], agencies: Agencies, limit: int
) -> list[Mapping[str, Any]]:
    """Dossiers that somebody owes a step, the longest owed first; at most `limit` of each duty."""
    wanted = [(dossiers.c.duty == duty, dossiers.c.duty_due_at) for duty in DUTIES]
    return _first_of_each(connection, wanted, filters, agencies, limit)


def _first_of_each(
    connection: Connection,
    wanted: Iterable[tuple[ColumnElement[bool], ColumnElement[Any]]],
    filters: Mapping[str, str],
    agencies: Agencies,
    limit: int,
) -> list[Mapping[str, Any]]:
    """Rows without their states, of each condition the first by what it is ordered by."""
    columns = [column for column in dossiers.columns if column.name != "state"]
    rows: list[Mapping[str, Any]] = []
    for condition, order in wanted:
        query = select(*columns).where(condition).order_by(order).limit(limit)
        rows += [dict(row) for row in connection.execute(_filtered(query, dossiers, filters, agencies)).mappings()]
    return rows


def alert_counts(connection: Connection, filters: Mapping[str, str], agencies: Agencies, today: date) -> dict[str, int]:
    """How many dossiers stand under each alert, and under `due_today` those of `due_soon` that are due that day."""
    name = case((_soon_and_due(dossiers.c.due, today), DUE_TODAY), else_=dossiers.c.alert)
    return _counts(connection, name, dossiers.c.alert, filters, agencies)


def duty_counts(connection: Connection, filters: Mapping[str, str], agencies: Agencies) -> dict[str, int]:
    """How many dossiers are owed a step, by duty."""
    return _counts(connection, dossiers.c.duty, dossiers.c.duty, filters, agencies)


def _counts(
    connection: Connection,
    name: ColumnElement[Any],
    given: ColumnElement[Any],
    filters: Mapping[str, str],
    agencies: Agencies,
) -> dict[str, int]:
    """Counts by name of what is given, whatever alert or duty is chosen: they say what there is to choose."""
    query = select(name, func.count()).where(given.is_not(None)).group_by(name)
    others = {filter_: value for filter_, value in filters.items() if filter_ not in ("alert", "duty")}
    rows = connection.execute(_filtered(query, dossiers, others, agencies)).all()
    return {str(code): int(count) for code, count in rows}


def _soon_and_due(due: ColumnElement[Any], today: date) -> ColumnElement[bool]:
    return and_(dossiers.c.alert == "due_soon", due == today.isoformat())


def agencies_of(connection: Connection) -> list[str]:
    """Codes of the agencies that have dossiers, for filters."""
    query = select(dossiers.c.agency).where(dossiers.c.agency.is_not(None)).distinct().order_by(dossiers.c.agency)
    return list(connection.execute(query).scalars())


def feedback_case(connection: Connection, feedback_id: str) -> FeedbackState | None:
    """A public case. A case that left for the restricted lane, and one that stands there, is none."""
    if stands_in_restricted(connection, feedback_id):
        return None
    found = _shown(connection, feedback, feedback_id)
    return None if found is None or found.lane == "to_cao" else found


def is_transferred(connection: Connection, feedback_id: str) -> bool:
    """Whether the case stands in the restricted lane, or has left the public one for it."""
    left = select(feedback.c.stage).where(feedback.c.feedback_id == feedback_id)
    return stands_in_restricted(connection, feedback_id) or connection.execute(left).scalar() == "moved"


def has_left(connection: Connection, feedback_id: str, moved: Iterable[str]) -> bool:
    """Whether a lane knows of one of these events that the case has left it."""
    lanes = (select(table.c.state).where(table.c.feedback_id == feedback_id) for table in (feedback, restricted))
    states = [decode_feedback_state(state.encode()) for lane in lanes for state in connection.execute(lane).scalars()]
    return any(event.type == "moved" and event.id in moved for state in states for event in state.history)


def is_known(connection: Connection, feedback_id: str) -> bool:
    """Whether any lane has a case of that id."""
    lanes = (select(table.c.feedback_id).where(table.c.feedback_id == feedback_id) for table in (feedback, restricted))
    return any(connection.execute(lane).first() for lane in lanes)


def texts(connection: Connection, feedback_id: str) -> dict[str, Text]:
    """The texts of a public case by event id."""
    if stands_in_restricted(connection, feedback_id):
        return {}
    return _texts(connection, feedback_texts, feedback_id)


def open_feedback(
    connection: Connection, filters: Mapping[str, str], agencies: Agencies, limit: int
) -> list[Mapping[str, Any]]:
    """Public cases that someone still owes a step: the most serious alert first, then urgent, then earliest `due`.

    Of the filters, only those for `alert` and `agency` concern feedback; none has a duty of a dossier.
    """
    if filters.get("duty"):
        return []
    untaken = feedback.c.stage.in_(UNTAKEN_STAGES)
    due = case(
        (untaken, feedback.c.due_accept),
        (feedback.c.stage == "answered", feedback.c.due_publish),
        else_=feedback.c.due_answer,
    ).label("due")
    unpublished = and_(feedback.c.stage == "answered", feedback.c.due_publish.is_not(None))
    columns = [column for column in feedback.columns if column.name != "state"]
    query = select(*columns, due).where(or_(feedback.c.stage.in_(OPEN_STAGES), unpublished), public_only())
    wanted = {name: filters.get(name, "") for name in ("alert", "agency")}
    calm = feedback.c.urgency.is_distinct_from("urgent")
    order = (_seriousness(feedback), calm, due.is_(None), due, feedback.c.received_at)
    query = _filtered(query, feedback, wanted, agencies).order_by(*order).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]


def restricted_case(connection: Connection, _inspector: Inspector, feedback_id: str) -> FeedbackState | None:
    return _shown(connection, restricted, feedback_id)


def restricted_case_texts(connection: Connection, _inspector: Inspector, feedback_id: str) -> dict[str, Text]:
    return _texts(connection, restricted_texts, feedback_id)


def list_restricted(connection: Connection, _inspector: Inspector, limit: int) -> list[Mapping[str, Any]]:
    columns = [column for column in restricted.columns if column.name != "state"]
    query = select(*columns).where(restricted.c.stage != "moved").order_by(restricted.c.received_at.desc()).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]


def _shown(connection: Connection, table: Table, feedback_id: str) -> FeedbackState | None:
    query = select(table.c.state).where(table.c.feedback_id == feedback_id, table.c.stage != "moved")
    found = connection.execute(query).scalar()
    return None if found is None else decode_feedback_state(found.encode())


def _texts(connection: Connection, table: Table, feedback_id: str) -> dict[str, Text]:
    query = select(table.c.event_id, table.c.value).where(table.c.feedback_id == feedback_id)
    return {event_id: decode_text(value.encode()) for event_id, value in connection.execute(query)}


def stands_in_restricted(connection: Connection, feedback_id: str) -> bool:
    """Whether the restricted lane has the case; what it is there nobody is told."""
    here = (restricted.c.feedback_id == feedback_id, restricted.c.stage != "moved")
    return connection.execute(select(restricted.c.feedback_id).where(*here)).first() is not None


def public_only() -> ColumnElement[bool]:
    """A case opened in both lanes stays in the restricted one."""
    standing = select(restricted.c.feedback_id).where(restricted.c.stage != "moved")
    return and_(feedback.c.feedback_id.not_in(standing), feedback.c.lane.is_distinct_from("to_cao"))


def _filtered(query: Select[Any], table: Table, filters: Mapping[str, str], agencies: Agencies) -> Select[Any]:
    for name in FILTERS:
        if filters.get(name):
            query = query.where(table.c[name] == filters[name])
    return query if agencies is None else query.where(table.c.agency.in_(agencies))


def _seriousness(table: Table) -> ColumnElement[int]:
    alert = table.c.alert
    return case((alert == "overdue", 0), (alert == "apology_due", 1), (alert == "due_soon", 2), else_=3)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
