"""POST /api/v1/proposals: what the classifier and the law say of a text while it is being typed. Nothing is kept."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends

from casework.feedback import Alternative, FeedbackEvent, apply, explain_feedback
from casework.labels import DOMAINS, KINDS, LANES, STAGES, URGENCIES
from casework.rules import Rules
from desk.store import queries
from desk.web.accounts import Account
from desk.web.context import Body, Desk, DeskOf, only
from desk.web.deadlines import stage_deadlines
from desk.web.handling import proposed_agency
from desk.web.pages import moment_text
from desk.web.posting import read_object
from desk.web.problems import unavailable, wrong
from desk.web.proposer import NoModelError
from desk.web.words import DANGER, case_name
from models.classifier import Classification

Operator = Annotated[Account, Depends(only("operator"))]
LONGEST = 20_000
DUPLICATE_DAYS = 30
RETRY_SECONDS = 60
WORDS_TO_READ = {
    "khieu_nai": "Nội dung có dấu hiệu khiếu nại: hướng dẫn người dân gửi đơn khiếu nại đến cơ quan có thẩm quyền "
    "hoặc đến nơi tiếp công dân.",
    "to_cao": "Nội dung có dấu hiệu tố cáo: nội dung này được giữ bí mật và chuyển bộ phận có thẩm quyền; "
    "không hỏi thêm và không ghi lại ở nơi khác.",
}


def post_proposal(desk: DeskOf, account: Operator, body: Body) -> dict[str, Any]:
    """`{"text","area"}` → domain, agency, lane, urgency, deadlines with why, alternatives, reasons, duplicates."""
    data = read_object(body)
    text = data.get("text")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
        raise wrong("text", f"ghi nội dung phản ánh, từ 1 đến {LONGEST} ký tự")
    try:
        found = desk.proposer.propose(text)
    except NoModelError as error:
        raise unavailable(RETRY_SECONDS, str(error)) from None
    area, now = data.get("area"), desk.now()
    return proposal(desk, found, area, now) | {"duplicates": duplicates(desk, account, found, area)}


def proposal(desk: Desk, found: Classification, area: object, now: datetime) -> dict[str, Any]:
    """A classification in codes and words, with the agency and the deadline that follow from it."""
    rules = desk.settings.rules
    agency = None if found.lane == "to_cao" else proposed_agency(rules.agencies, found.domain, area)
    return {
        "domain": _coded(found.domain, DOMAINS),
        "confidence": found.confidence,
        "abstained": found.abstained,
        "missing": list(found.missing),
        "kind": _coded(found.kind, KINDS),
        "lane": _coded(found.lane, LANES),
        "urgency": _coded(found.urgency, URGENCIES),
        "agency": {"code": agency, "label": desk.pages.agency_name(agency)} if agency else None,
        "alternatives": [_coded(one.domain, DOMAINS) | {"confidence": one.confidence} for one in found.alternatives],
        "text": found.text,
        "reasons": msgspec.to_builtins(found.reasons),
        "lane_signals": list(found.lane_signals),
        "to_read": WORDS_TO_READ.get(found.lane),
        "danger": DANGER if found.urgency == "urgent" else None,
        "model_version": found.model_version,
    } | deadline(found, rules, now)


def duplicates(desk: Desk, account: Account, found: Classification, area: object) -> list[dict[str, Any]]:
    """Open cases of the same domain and area of the last days: shown, never blocking. None without an area."""
    if found.lane == "to_cao" or not isinstance(area, str) or not area.strip():
        return []
    since = desk.now() - timedelta(days=DUPLICATE_DAYS)
    with desk.engine.connect() as connection:
        rows = queries.similar_feedback(connection, found.domain, area.strip(), since, desk.below(account))
    return [
        {
            "feedback_id": row["feedback_id"],
            "name": case_name(row["feedback_id"]),
            "received": moment_text(row["received_at"]),
            "stage": STAGES[row["stage"]],
        }
        for row in rows
    ]


def deadline(found: Classification, rules: Rules, now: datetime) -> dict[str, Any]:
    """What the clock would be if this were received now: the law's own fold of an `opened` that nobody sends."""
    opened = FeedbackEvent(
        id="proposal",
        type="opened",
        at=now,
        received_at=now,
        kind=found.kind,
        domain=found.domain,
        lane=found.lane,
        urgency=found.urgency,
        confidence=found.confidence,
        abstained=found.abstained,
        alternatives=tuple(Alternative(one.domain, one.confidence) for one in found.alternatives),
    )
    state = apply(None, "proposal", [opened], rules).state
    stages = msgspec.to_builtins(stage_deadlines(state, rules, now))
    return {
        "due": msgspec.to_builtins(state.due),
        "deadlines": stages,
        "explanation": explain_feedback(state, rules, now),
    }


def _coded(code: str, words: Any) -> dict[str, Any]:
    return {"code": code, "label": words.get(code, code)}


def routes() -> APIRouter:
    router = APIRouter(tags=["Tiếp nhận"])
    router.add_api_route("/api/v1/proposals", post_proposal, methods=["POST"])
    return router
