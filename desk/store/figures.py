"""Counts of the read model for the metrics: what is open, what came and ended this month, what the classifier did.

Public cases only. The heartbeat's are not in the read model.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, String, and_, func, literal, or_, select
from sqlalchemy.sql import ColumnElement

from casework.calendar import VIETNAM
from casework.feedback_state import CLOSED_STAGES
from desk.store.judged import COUNTERS, PROPOSED
from desk.store.queries import OPEN_STAGES, UNTAKEN_STAGES, public_only, read_progress
from desk.store.rows import comparable
from desk.store.tables import dossiers, feedback

NONE, UNKNOWN = "none", "unknown"
DAYS_OF_PROPOSALS = 30
FATES = ("made", "abstained", "checked", "changed")
OPEN_CLOCKS = ("none", "running", "stopped")
Counts = Mapping[tuple[str, ...], float]


def figures(connection: Connection, now: datetime, agencies: Collection[str]) -> dict[str, Counts]:
    """Values by labels, for each metric by its name; an agency that is not one of `agencies` is `unknown`."""
    month = comparable(now.astimezone(VIETNAM).replace(day=1, hour=0, minute=0, second=0, microsecond=0))
    found: dict[str, Counts] = {name: _counted(connection, query) for name, query in _queries(str(month)).items()}
    for name in ("langnghe_agency_open_dossiers", "langnghe_agency_open_feedback"):
        found[name] = _listed(found[name], agencies)
    beats = read_progress(connection).beats
    found["langnghe_violating_cases"] = _violating(connection, str(month))
    found["langnghe_proposals"] = _proposals(connection, now)
    found["langnghe_heartbeat_timestamp_seconds"] = {(way,): at.timestamp() for way, at in beats.items()}
    found["langnghe_oldest_untaken_timestamp_seconds"] = _oldest_untaken(connection)
    found["langnghe_read_model_cases"] = _as_workers_count(connection)
    return found


def _queries(month: str) -> dict[str, Select[Any]]:
    case, said, open_ = dossiers.c, feedback.c, _open_feedback()
    running = case.clock.in_(("running", "stopped"))
    return {
        "langnghe_open_dossiers": _grouped(running, _or(case.level, UNKNOWN), _or(case.alert)),
        "langnghe_agency_open_dossiers": _grouped(running, _or(case.agency, UNKNOWN), _or(case.alert)),
        "langnghe_dossier_duties": _grouped(case.duty.is_not(None), case.duty),
        "langnghe_month_received_dossiers": _grouped(case.received_at >= month, _or(case.level, UNKNOWN)),
        "langnghe_month_ended_dossiers": _grouped(case.ended_at >= month, _or(case.level, UNKNOWN), _or(case.standing)),
        "langnghe_open_feedback": _grouped(open_, _or(said.domain, UNKNOWN), _or(said.alert)),
        "langnghe_open_feedback_by_channel": _grouped(open_, _or(said.channel, UNKNOWN), _or(said.urgency, UNKNOWN)),
        "langnghe_agency_open_feedback": _grouped(open_, _or(said.agency, UNKNOWN), _or(said.alert)),
        "langnghe_untaken_feedback": _grouped(_untaken(), _or(said.urgency, UNKNOWN)),
        "langnghe_month_received_feedback": _grouped(
            and_(said.received_at >= month, public_only()), _or(said.domain, UNKNOWN), _or(said.channel, UNKNOWN)
        ),
    }


def _grouped(where: ColumnElement[bool], *labels: ColumnElement[Any]) -> Select[Any]:
    return select(*labels, func.count()).where(where).group_by(*labels)


def _or(column: ColumnElement[Any], otherwise: str = NONE) -> ColumnElement[Any]:
    return func.coalesce(column, literal(otherwise, String, literal_execute=True))


def _open_feedback() -> ColumnElement[bool]:
    return and_(feedback.c.stage.in_(OPEN_STAGES), public_only())


def _untaken() -> ColumnElement[bool]:
    return and_(feedback.c.stage.in_(UNTAKEN_STAGES), public_only())


def _counted(connection: Connection, query: Select[Any]) -> dict[tuple[str, ...], float]:
    return {tuple(map(str, labels)): float(count) for *labels, count in connection.execute(query)}


def _violating(connection: Connection, month: str) -> Counts:
    """By kind and rule; a case with several signs counts under each."""
    running = or_(dossiers.c.clock.in_(("running", "stopped")), dossiers.c.ended_at >= month)
    answered = and_(feedback.c.closed_at >= month, public_only())
    found: dict[tuple[str, ...], float] = {}
    for kind, table, where in (("dossier", dossiers, running), ("feedback", feedback, or_(_open_feedback(), answered))):
        query = _grouped(and_(where, table.c.violations.is_not(None)), table.c.violations)
        for (rules,), count in _counted(connection, query).items():
            for rule in rules.split():
                found[kind, rule] = found.get((kind, rule), 0.0) + count
    return found


def _listed(counts: Counts, agencies: Collection[str]) -> Counts:
    """Labels stay few and known: whatever a source calls an agency is `unknown` here."""
    found: dict[tuple[str, ...], float] = {}
    for (agency, alert), count in counts.items():
        labels = (agency if agency in agencies else UNKNOWN, alert)
        found[labels] = found.get(labels, 0.0) + count
    return found


def _proposals(connection: Connection, now: datetime) -> Counts:
    """What became of the classifier's proposals for the feedback received in the last days."""
    said, since = feedback.c, str(comparable(now - timedelta(days=DAYS_OF_PROPOSALS)))
    query = select(said.proposed, *COUNTERS).where(PROPOSED, said.received_at >= since).group_by(said.proposed)
    found: dict[tuple[str, ...], float] = {}
    for domain, *counts in connection.execute(query):
        found |= {(domain, fate): float(count) for fate, count in zip(FATES, counts, strict=True)}
    return found


def _oldest_untaken(connection: Connection) -> Counts:
    urgency = _or(feedback.c.urgency, UNKNOWN)
    query = select(urgency, func.min(feedback.c.received_at)).where(_untaken()).group_by(urgency)
    return {(name,): datetime.fromisoformat(at).timestamp() for name, at in connection.execute(query) if at}


def _as_workers_count(connection: Connection) -> Counts:
    """Open cases by kind as the case workers count them, those without a receipt included."""
    said = feedback.c
    alerted = and_(said.stage.in_(CLOSED_STAGES), said.alert.is_not(None))
    still = and_(or_(said.stage.in_(OPEN_STAGES), alerted), ~said.state.contains('"type":"erased"'))
    both = (
        ("dossier", dossiers, or_(dossiers.c.clock.in_(OPEN_CLOCKS), dossiers.c.alert.is_not(None))),
        ("feedback", feedback, still),
    )
    count = select(func.count())
    return {
        (kind,): float(connection.execute(count.select_from(table).where(where)).scalar_one())
        for kind, table, where in both
    }
