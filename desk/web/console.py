"""/tiep-nhan: the operator's form and list, and the page of one case."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.exc import SQLAlchemyError

from casework.feedback import FeedbackState
from casework.feedback_fold import fold
from casework.feedback_times import handled, held, waited, waited_for_citizen
from casework.rules import Rules
from casework.upcoming import upcoming_lines
from desk.store import queries
from desk.web import handling, seeing
from desk.web.accounts import Account
from desk.web.context import Desk, DeskOf, Someone, only
from desk.web.deadlines import stage_deadlines
from desk.web.problems import READING, RequestError
from desk.web.seeing import SeenFeedback, Withheld
from desk.web.timelines import feedback_rows
from streams.codec.sources import DEMO

Operator = Annotated[Account, Depends(only("operator"))]
RECENT = 20


def console(desk: DeskOf, account: Operator, request: Request) -> HTMLResponse:
    communes = handling.communes(desk.settings.rules.agencies)
    return desk.pages.answer("console.html", request, account=account, communes=communes, **_recent(desk, account))


def _recent(desk: Desk, account: Account) -> dict[str, Any]:
    """What was posted last, or why it cannot be read: who takes in what citizens say needs the form all the same."""
    try:
        return {"recent": recent_posts(desk, account), "unread": None}
    except RequestError as problem:
        return {"recent": [], "unread": problem.errors[0][1]}
    except SQLAlchemyError:
        return {"recent": [], "unread": READING}


def recent_posts(desk: Desk, account: Account) -> list[dict[str, Any]]:
    """What the account posted last, each as far as it may be seen."""
    found = []
    for feedback_id in desk.accounts.recent_posts(account, RECENT):
        seen = seeing.feedback_case(desk, account, feedback_id)
        state = None if isinstance(seen, Withheld) else seen.state
        found.append({"id": feedback_id, "stage": seen.stage if isinstance(seen, Withheld) else None, "state": state})
    return found


def case_page(desk: DeskOf, account: Someone, request: Request, feedback_id: str) -> HTMLResponse:
    """One case: text with its reasons marked, timeline, deadline explained, and the forms that the role has."""
    if account.role in ("wall", "admin"):
        raise RequestError(403)
    seen = seeing.feedback_case(desk, account, feedback_id)
    if isinstance(seen, Withheld):
        return desk.pages.answer("withheld.html", request, account=account, feedback_id=feedback_id, stage=seen.stage)
    if seen.restricted:
        raise RequestError(404)
    return desk.pages.answer("case.html", request, account=account, **case_values(desk, account, seen))


def case_values(desk: Desk, account: Account, seen: SeenFeedback) -> dict[str, Any]:
    """What the template of a case needs."""
    opening, state, rules, now = seen.opening, seen.state, desk.settings.rules, desk.now()
    return {
        "state": state,
        "opening": opening,
        "others": seen.others,
        "texts": seen.texts,
        "restricted": seen.restricted,
        "spans": [(reason.start, reason.end) for reason in opening.reasons] if opening else [],
        "deadlines": stage_deadlines(state, rules, now),
        "course": course_lines(state, rules, now),
        "coming": upcoming_lines(state.watch, now),
        "rows": feedback_rows(state, rules),
        "repeated": seeing.repeated(desk, account, seen),
        "recurrence_days": rules.settings.recurrence_days,
        "forms": handling.forms_for(account.role, state, seen.restricted),
        "proposed": None if seen.restricted else handling.proposed_agency(rules.agencies, state.domain, state.area),
        "choices": handling.choices(rules.agencies),
        "is_demo": state.source == DEMO,
    }


def course_lines(state: FeedbackState, rules: Rules, now: datetime) -> list[str]:
    """How long the case has been where and what was done about it; nothing that the deadlines say already."""
    course = fold(state.history, rules)
    lines = [*waited(state, rules, now), *held(state, rules, now)]
    return lines if course is None else [*lines, *waited_for_citizen(course, now), *handled(state, course)]


def restricted_list(desk: DeskOf, account: Someone, request: Request) -> HTMLResponse:
    """/don-thu: the inspector's list; 403 for everybody else."""
    key = seeing.inspector(account)
    with desk.reading() as connection:
        rows = seeing.without_leaving(desk, queries.list_restricted(connection, key, desk.settings.page_size))
    return desk.pages.answer(
        "restricted.html", request, account=account, rows=rows, is_demo=any(row["source"] == DEMO for row in rows)
    )


def restricted_page(desk: DeskOf, account: Someone, request: Request, feedback_id: str) -> HTMLResponse:
    """/don-thu/{id}: each reading is noted in the audit."""
    seeing.inspector(account)
    seen = seeing.feedback_case(desk, account, feedback_id)
    if not isinstance(seen, SeenFeedback) or not seen.restricted:
        raise RequestError(404)
    desk.accounts.note(account, "restricted.read", feedback_id, desk.now())
    return desk.pages.answer("case.html", request, account=account, **case_values(desk, account, seen))


def routes() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/tiep-nhan", console, methods=["GET"])
    router.add_api_route("/tiep-nhan/{feedback_id}", case_page, methods=["GET"])
    router.add_api_route("/don-thu", restricted_list, methods=["GET"])
    router.add_api_route("/don-thu/{feedback_id}", restricted_page, methods=["GET"])
    return router
