"""/theo-doi: who is about to be late, whose apology is due, what is overdue; and the page of one dossier."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from casework.dossiers import explain_dossier, timeline
from desk.store import queries
from desk.web import seeing
from desk.web.accounts import Account
from desk.web.context import Desk, DeskOf, only
from desk.web.filters import Filtered
from desk.web.pages import DEMO

Reader = Annotated[Account, Depends(only("operator", "handler", "supervisor", "inspector"))]
ALERTS = ("overdue", "apology_due", "due_soon")


def worklist(desk: DeskOf, account: Reader, request: Request, filters: Filtered) -> HTMLResponse:
    """Dossiers by kind of alert, then feedback that waits for a step."""
    found = _found(desk, account, filters)
    shown = [*found["rows"], *found["feedback"]]
    demo = any(row["source"] == DEMO for row in shown)
    return desk.pages.answer("worklist.html", request, account=account, filters=filters, is_demo=demo, **found)


def _found(desk: Desk, account: Account, filters: dict[str, str]) -> dict[str, Any]:
    agencies, limit = desk.below(account), desk.settings.page_size
    with desk.engine.connect() as connection:
        codes = queries.agencies_of(connection)
        return {
            "rows": queries.watched_dossiers(connection, filters, agencies, limit),
            "counts": dict.fromkeys(ALERTS, 0) | queries.alert_counts(connection, filters, agencies),
            "feedback": queries.open_feedback(connection, agencies, limit),
            "agencies": [code for code in codes if agencies is None or code in agencies],
            "freshness": seeing.freshness(desk, queries.read_progress(connection), desk.now()),
        }


def dossier_page(desk: DeskOf, account: Reader, request: Request, code: str) -> HTMLResponse:
    """One dossier: its timeline and its deadline explained."""
    state, rules = seeing.dossier(desk, account, code), desk.settings.rules
    return desk.pages.answer(
        "dossier.html", request, account=account, state=state, timeline=timeline(state, rules),
        explanation=explain_dossier(state, rules), is_demo=state.source == DEMO,
        procedure=rules.procedures.get(state.procedure_code or ""),
    )


def routes() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/theo-doi", worklist, methods=["GET"])
    router.add_api_route("/theo-doi/{code:path}", dossier_page, methods=["GET"])
    return router
