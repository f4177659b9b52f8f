"""Whether a case repeats an earlier one, as the read model knows them; nothing of the restricted lane."""

from datetime import datetime, time, timedelta

from sqlalchemy import Connection, select
from sqlalchemy.sql import ColumnElement

from casework.calendar import VIETNAM
from casework.feedback import FeedbackState
from casework.recurrence import Report, Settled, recurrence_of
from casework.rules import Rules
from desk.store.queries import public_only, stands_in_restricted
from desk.store.rows import comparable, place_of, place_text
from desk.store.tables import feedback


def recurs(connection: Connection, case: FeedbackState, rules: Rules) -> str | None:
    """The id of the public case that a public case repeats (the same thing at the same place, soon after)."""
    report = _report(case)
    if report is None or stands_in_restricted(connection, case.feedback_id):
        return None
    days = rules.settings.recurrence_days
    found = recurrence_of(report, _settled(connection, report, days), days)
    return found.report.feedback_id if found else None


def _report(case: FeedbackState) -> Report | None:
    if case.lane == "to_cao" or case.domain is None or case.received_at is None:
        return None
    place = next((event.place for event in case.history if event.type == "opened"), None)
    return Report(
        feedback_id=case.feedback_id, domain=case.domain, place=place, area=case.area, received_at=case.received_at
    )


def _settled(connection: Connection, report: Report, days: int) -> list[Settled]:
    """What may be repeated: closed cases of the domain and place, of whatever area where there is no place."""
    columns = [feedback.c[name] for name in ("feedback_id", "domain", "place", "area", "received_at", "closed_at")]
    query = select(*columns).where(feedback.c.domain == report.domain, _same_place(report), public_only())
    first = datetime.combine(report.received_at.astimezone(VIETNAM).date() - timedelta(days=days), time(), VIETNAM)
    rows = connection.execute(
        query.where(feedback.c.closed_at.between(comparable(first), comparable(report.received_at)))
    )
    return [_one(*row) for row in rows]


def _same_place(report: Report) -> ColumnElement[bool]:
    if report.place is None:
        return feedback.c.place.is_(None)
    return feedback.c.place == place_text(report.place)


def _one(
    feedback_id: str, domain: str, place: str | None, area: str | None, received_at: str, closed_at: str
) -> Settled:
    report = Report(
        feedback_id=feedback_id,
        domain=domain,
        place=place_of(place),
        area=area,
        received_at=datetime.fromisoformat(received_at),
    )
    return Settled(report=report, closed_at=datetime.fromisoformat(closed_at))
