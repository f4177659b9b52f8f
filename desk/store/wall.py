"""The wall's figures: three numbers and one list, of dossiers and public feedback only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, func, or_, select
from sqlalchemy.sql import ColumnElement

from casework.calendar import VIETNAM
from desk.store.queries import OPEN_STAGES, UNTAKEN_STAGES, public_only
from desk.store.rows import comparable
from desk.store.tables import dossiers, feedback
from streams.codec.sources import DEMO


@dataclass(frozen=True, slots=True)
class Wall:
    """The wall's three numbers, two of them by kind of case, and its list (oldest first)."""

    urgent_untaken: int
    due_today: Mapping[str, int]
    overdue: Mapping[str, int]
    untaken: Sequence[Mapping[str, Any]]
    demo: bool


def wall(connection: Connection, now: datetime, rows: int, leaving: Collection[str] = ()) -> Wall:
    """Dossiers with a running clock, and open public feedback; nothing of the restricted lane, nor of what is
    `leaving` for it.
    """
    start, end = _day(now)
    stays = feedback.c.feedback_id.not_in(leaving)
    untaken = _urgent_untaken(connection, stays)
    return Wall(
        urgent_untaken=len(untaken),
        due_today={
            "dossiers": _count(connection, dossiers, _dossier_due_today(start, end)),
            "feedback": _count(connection, feedback, and_(_feedback_due_today(start, end), stays)),
        },
        overdue={
            "dossiers": _count(connection, dossiers, dossiers.c.alert == "overdue"),
            "feedback": _count(connection, feedback, and_(feedback.c.alert == "overdue", _open_public(), stays)),
        },
        untaken=untaken[:rows],
        demo=_has_demo(connection),
    )


def _day(now: datetime) -> tuple[str, str]:
    today = now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    return str(comparable(today)), str(comparable(today.replace(hour=23, minute=59, second=59)))


def _urgent_untaken(connection: Connection, stays: ColumnElement[bool]) -> list[Mapping[str, Any]]:
    query = (
        select(feedback.c.feedback_id, feedback.c.area, feedback.c.received_at)
        .where(feedback.c.urgency == "urgent", feedback.c.stage.in_(UNTAKEN_STAGES), public_only(), stays)
        .order_by(feedback.c.received_at)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _dossier_due_today(start: str, end: str) -> ColumnElement[bool]:
    today = dossiers.c.due_at.between(start, end)
    running = and_(dossiers.c.clock == "running", dossiers.c.alert.is_distinct_from("overdue"))
    return and_(running, or_(dossiers.c.alert == "apology_due", today))


def _feedback_due_today(start: str, end: str) -> ColumnElement[bool]:
    accept = and_(feedback.c.stage.in_(UNTAKEN_STAGES), feedback.c.due_accept.between(start, end))
    today = or_(accept, feedback.c.due_answer.between(start, end))
    return and_(_open_public(), feedback.c.alert.is_distinct_from("overdue"), today)


def _open_public() -> ColumnElement[bool]:
    return and_(feedback.c.stage.in_(OPEN_STAGES), public_only())


def _count(connection: Connection, table: Table, where: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(table).where(where)).scalar_one()


def _has_demo(connection: Connection) -> bool:
    tables = (dossiers, feedback)
    return any(connection.execute(select(t.c.source).where(t.c.source == DEMO).limit(1)).first() for t in tables)
