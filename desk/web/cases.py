"""Reading cases: GET /api/v1/feedback/{id}, /api/v1/dossiers/{code}, /api/v1/dossiers."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query

from casework.dossiers import DossierState, explain_dossier, timeline
from casework.feedback import FeedbackState, explain_feedback
from desk.store import queries
from desk.web import seeing
from desk.web.accounts import Account
from desk.web.context import DeskOf, Someone, only
from desk.web.problems import wrong
from desk.web.seeing import SeenFeedback, Withheld
from streams.codec import encode_state

INTERNAL = ("watch", "counts", "alert_id")
LONGEST_FILTER = 300


def get_feedback(desk: DeskOf, account: Someone, feedback_id: str) -> dict[str, Any]:
    """The state with `text` (redacted), `reasons`, `explanation`; to its poster what may be known."""
    seen = seeing.feedback_case(desk, account, feedback_id)
    if isinstance(seen, Withheld):
        return {"stage": seen.stage}
    return public(seen.state) | _texts(seen) | {"explanation": explain_feedback(seen.state, desk.settings.rules)}


def get_dossier(desk: DeskOf, account: Someone, code: str) -> dict[str, Any]:
    """The state with its `history` and the `explanation` of its deadline."""
    state = seeing.dossier(desk, account, code)
    rules = desk.settings.rules
    return public(state) | {"history": timeline(state, rules), "explanation": explain_dossier(state, rules)}


def list_dossiers(
    desk: DeskOf,
    account: Annotated[Account, Depends(only(*seeing.DOSSIER_READERS))],
    alert: str = "",
    standing: str = "",
    agency: str = "",
    level: str = "",
    field: str = "",
    after: Annotated[str, Query(max_length=LONGEST_FILTER)] = "",
) -> dict[str, Any]:
    """A page of states in the order of their codes; `next` goes into `after` for the next page."""
    filters = {"alert": alert, "standing": standing, "agency": agency, "level": level, "field": field}
    check_filters(filters)
    with desk.engine.connect() as connection:
        items, more = queries.list_dossiers(connection, filters, desk.below(account), after, desk.settings.page_size)
    return {"items": [_without_internal(item) for item in items], "next": more}


def check_filters(filters: dict[str, str]) -> None:
    """Raises Problem 400 for a code that no dossier can have."""
    for name, allowed in (
        ("alert", ("due_soon", "apology_due", "overdue")), ("standing", ("early", "on_time", "late")),
        ("level", ("province", "district", "commune", "vertical")),
    ):
        if filters[name] and filters[name] not in allowed:
            raise wrong(name, f"phải là một trong: {', '.join(allowed)}")


def public(state: DossierState | FeedbackState) -> dict[str, Any]:
    """A state as the contract shows it, without what only the agents need."""
    found: dict[str, Any] = msgspec.json.decode(encode_state(state))
    return _without_internal(found)


def _without_internal(state: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if name not in INTERNAL}


def _texts(seen: SeenFeedback) -> dict[str, Any]:
    opening = seen.opening
    return {
        "text": opening.text if opening else None,
        "reasons": msgspec.to_builtins(opening.reasons) if opening else [],
        "texts": {event_id: text.text for event_id, text in seen.texts.items()},
    }


def routes() -> APIRouter:
    router = APIRouter(tags=["Tra cứu"])
    router.add_api_route("/api/v1/feedback/{feedback_id}", get_feedback, methods=["GET"])
    router.add_api_route("/api/v1/dossiers/{code:path}", get_dossier, methods=["GET"])
    router.add_api_route("/api/v1/dossiers", list_dossiers, methods=["GET"])
    return router
