"""/theo-doi: who is about to be late, whose apology is due, what is overdue; and the page of one dossier."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from casework import labels
from casework.calendar import VIETNAM, Calendar
from casework.dossier_explain import listed_supplements
from casework.dossiers import DossierState, explain_dossier
from casework.upcoming import upcoming_lines
from desk.store import queries
from desk.web import seeing
from desk.web.accounts import Account
from desk.web.context import Desk, DeskOf, only
from desk.web.deadlines import dossier_line, duty_line, intake_line, left, tone_of
from desk.web.filters import Filtered
from desk.web.timelines import desks, dossier_rows
from streams.codec.sources import DEMO

Reader = Annotated[Account, Depends(only("operator", "handler", "supervisor", "inspector"))]
GROUPS = ("apology_due", queries.DUE_TODAY, "overdue", "due_soon")  # what has to be done this morning first


def worklist(desk: DeskOf, account: Reader, request: Request, filters: Filtered) -> HTMLResponse:
    """Dossiers by kind of alert, those that somebody owes a step, then feedback that waits for one."""
    found = _found(desk, account, filters)
    demo = any(row["source"] == DEMO for row in [*found["rows"], *found["owed"], *found["feedback"]])
    return desk.pages.answer("worklist.html", request, account=account, filters=filters, is_demo=demo, **found)


def _found(desk: Desk, account: Account, filters: dict[str, str]) -> dict[str, Any]:
    agencies, limit, now = desk.below(account), desk.settings.page_size, desk.now()
    today = now.astimezone(VIETNAM).date()
    with desk.reading() as connection:
        codes = queries.agencies_of(connection)
        rows = queries.watched_dossiers(connection, filters, agencies, limit)
        return {
            "rows": [{**row, "group": _group(row, today)} for row in rows],
            "counts": dict.fromkeys(GROUPS, 0) | queries.alert_counts(connection, filters, agencies, today),
            "owed": queries.owed_dossiers(connection, filters, agencies, limit),
            "owed_counts": dict.fromkeys(queries.DUTIES, 0) | queries.duty_counts(connection, filters, agencies),
            "feedback": seeing.without_leaving(desk, queries.open_feedback(connection, filters, agencies, limit)),
            "agencies": {c: desk.pages.agency_text(c) for c in codes if agencies is None or c in agencies},
            "groups": {name: labels.ALERTS.get(name, labels.DUE_TODAY) for name in GROUPS},
            "left": partial(_left, now=now, calendar=desk.settings.rules.calendar),
            "today": today.isoformat(),
        }


def _left(due: str, now: datetime, calendar: Calendar) -> tuple[str, str]:
    """How long is left, in words and as a tone."""
    due_at = datetime.fromisoformat(due)
    return left(due_at, now, calendar), tone_of(due_at, now)


def _group(row: Mapping[str, Any], today: date) -> str:
    """On its day a dossier that is due soon stands under its own heading."""
    return queries.DUE_TODAY if row["alert"] == "due_soon" and row["due"] == today.isoformat() else str(row["alert"])


def dossier_page(desk: DeskOf, account: Reader, request: Request, code: str) -> HTMLResponse:
    """One dossier: its deadline explained, what comes next, whose desks it was on, what happened."""
    state, rules, now = seeing.dossier(desk, account, code), desk.settings.rules, desk.now()
    return desk.pages.answer(
        "dossier.html",
        request,
        account=account,
        state=state,
        rows=dossier_rows(state, rules, now),
        line=dossier_line(state, rules, now),
        tone=_tone(state, now),
        explanation=explain_dossier(state, rules),
        coming=upcoming_lines(state.watch, now),
        desks=desks(state, rules),
        duty=duty_line(state),
        intake=intake_line(state, rules, now),
        listed=listed_supplements(state),
        is_demo=state.source == DEMO,
        procedure=rules.procedures.get(state.procedure_code or ""),
    )


def _tone(state: DossierState, now: datetime) -> str:
    due_at = state.intake_due_at if state.clock == "none" else state.due_at
    if state.clock in ("none", "running") and due_at:
        return tone_of(due_at, now)
    if state.clock != "ended":
        return "paused"
    return "overdue" if state.standing == "late" else "done"


def routes() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/theo-doi", worklist, methods=["GET"])
    router.add_api_route("/theo-doi/{code:path}", dossier_page, methods=["GET"])
    return router
