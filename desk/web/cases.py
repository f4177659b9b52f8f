"""Reading cases: GET /api/v1/feedback/{id}, /api/v1/dossiers/{code}, /api/v1/dossiers."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query

from casework.dossiers import DossierState, explain_dossier, timeline
from casework.feedback import FeedbackState, explain_feedback
from casework.feedback_times import timeline_feedback
from casework.upcoming import upcoming_lines
from desk.store import queries
from desk.web import contract, seeing
from desk.web.accounts import Account
from desk.web.context import DeskOf, Someone, only
from desk.web.filters import Filtered
from desk.web.seeing import SeenFeedback, Withheld
from streams.codec import encode_state

INTERNAL = ("watch", "counts", "alert_id", "duty_id", "escalation_id")
LONGEST_FILTER = 300


def get_feedback(desk: DeskOf, account: Someone, feedback_id: str) -> dict[str, Any]:
    """The state with `text`, `reasons`, `explanation`, `timeline`, `next`, `recurrence_of`; to its poster less."""
    seen = seeing.feedback_case(desk, account, feedback_id)
    if isinstance(seen, Withheld):
        return {"stage": seen.stage}
    if seen.restricted:
        desk.accounts.note(account, "restricted.read", feedback_id, desk.now())
    state, rules, now = seen.state, desk.settings.rules, desk.now()
    repeated = seeing.repeated(desk, account, seen)
    return (
        public(state)
        | _texts(seen)
        | {
            "explanation": explain_feedback(state, rules, now),
            "timeline": timeline_feedback(state, rules),
            "next": upcoming_lines(state.watch, now),
            "recurrence_of": repeated.feedback_id if repeated and repeated.visible else None,
        }
    )


def get_dossier(desk: DeskOf, account: Someone, code: str) -> dict[str, Any]:
    """The state with its `history` step by step, the `explanation` of its deadline and what comes `next`."""
    state, rules = seeing.dossier(desk, account, code), desk.settings.rules
    return public(state) | {
        "history": timeline(state, rules),
        "explanation": explain_dossier(state, rules),
        "next": upcoming_lines(state.watch, desk.now()),
    }


def list_dossiers(
    desk: DeskOf,
    account: Annotated[Account, Depends(only(*seeing.DOSSIER_READERS))],
    filters: Filtered,
    after: Annotated[str, Query(max_length=LONGEST_FILTER)] = "",
) -> dict[str, Any]:
    """A page of states in the order of their codes; `next` goes into `after` for the next page."""
    agencies, limit = desk.below(account), desk.settings.page_size
    with desk.reading() as connection:
        items, more = queries.list_dossiers(connection, filters, agencies, after, limit)
    return {"items": [_without_internal(item) for item in items], "next": more}


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
    router.add_api_route("/api/v1/feedback/{feedback_id}", get_feedback, methods=["GET"], responses=contract.REFUSALS,
                         description="Một phản ánh: trạng thái, nội dung đã che, lý do phân loại, giải thích thời "
                                     "hạn, diễn biến và việc tiếp theo; nguồn gửi thấy ít hơn.")  # fmt: skip
    router.add_api_route("/api/v1/dossiers/{code:path}", get_dossier, methods=["GET"], responses=contract.REFUSALS,
                         description="Một hồ sơ: trạng thái, từng bước đã qua, giải thích thời hạn theo ngày và việc "
                                     "tiếp theo.")  # fmt: skip
    router.add_api_route("/api/v1/dossiers", list_dossiers, methods=["GET"], responses=contract.REFUSALS,
                         description="Danh sách hồ sơ theo mã, lọc được; đưa “next” vào “after” để lấy trang sau.",
                         openapi_extra=contract.query(*queries.FILTERS))  # fmt: skip
    return router
