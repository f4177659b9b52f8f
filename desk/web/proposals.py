"""POST /api/v1/proposals: what the classifier and the law say of a text while it is being typed. Nothing is kept."""

from datetime import datetime
from typing import Any

import msgspec
from fastapi import APIRouter, Depends

from casework.agencies import UNKNOWN
from casework.feedback import Alternative, FeedbackEvent, apply, explain_feedback
from casework.labels import DOMAINS, KINDS, LANES, URGENCIES
from casework.rules import Rules
from desk.web.context import Body, Desk, DeskOf, only
from desk.web.posting import read_object
from desk.web.problems import unavailable, wrong
from desk.web.proposer import NoModelError
from models.classifier import Classification

LONGEST = 20_000
RETRY_SECONDS = 60
WORDS_TO_READ = {
    "khieu_nai": "Nội dung có dấu hiệu khiếu nại: hướng dẫn người dân gửi đơn khiếu nại đến cơ quan có thẩm quyền "
                 "hoặc đến nơi tiếp công dân.",
    "to_cao": "Nội dung có dấu hiệu tố cáo: nội dung này được giữ bí mật và chuyển bộ phận có thẩm quyền; "
              "không hỏi thêm và không ghi lại ở nơi khác.",
}


def post_proposal(desk: DeskOf, body: Body) -> dict[str, Any]:
    """`{"text"}` → domain, agency, lane, urgency, deadline with explanation, alternatives, reasons."""
    data = read_object(body)
    text = data.get("text")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
        raise wrong("text", f"ghi nội dung phản ánh, từ 1 đến {LONGEST} ký tự")
    try:
        found = desk.proposer.propose(text)
    except NoModelError as error:
        raise unavailable(RETRY_SECONDS, str(error)) from None
    return proposal(desk, found, _area(desk, data.get("area")), desk.now())


def proposal(desk: Desk, found: Classification, area: str | None, now: datetime) -> dict[str, Any]:
    """A classification in codes and words, with the agency and the deadline that follow from it."""
    rules = desk.settings.rules
    agency = rules.agencies.for_domain(found.domain) or area
    return {
        "domain": _coded(found.domain, DOMAINS), "confidence": found.confidence, "abstained": found.abstained,
        "missing": list(found.missing), "kind": _coded(found.kind, KINDS), "lane": _coded(found.lane, LANES),
        "urgency": _coded(found.urgency, URGENCIES),
        "agency": {"code": agency, "label": desk.pages.agency_name(agency)} if agency else None,
        "alternatives": [_coded(one.domain, DOMAINS) | {"confidence": one.confidence} for one in found.alternatives],
        "text": found.text, "reasons": msgspec.to_builtins(found.reasons), "lane_signals": list(found.lane_signals),
        "to_read": WORDS_TO_READ.get(found.lane),
        "model_version": found.model_version,
    } | deadline(found, rules, now)


def deadline(found: Classification, rules: Rules, now: datetime) -> dict[str, Any]:
    """What the clock would be if this were received now: the law's own fold of an `opened` that nobody sends."""
    opened = FeedbackEvent(
        id="proposal", type="opened", at=now, received_at=now, kind=found.kind, domain=found.domain, lane=found.lane,
        urgency=found.urgency, confidence=found.confidence, abstained=found.abstained,
        alternatives=tuple(Alternative(one.domain, one.confidence) for one in found.alternatives),
    )
    state = apply(None, "proposal", [opened], rules).state
    return {"due": msgspec.to_builtins(state.due), "explanation": explain_feedback(state, rules, now)}


def _coded(code: str, words: Any) -> dict[str, Any]:
    return {"code": code, "label": words.get(code, code)}


def _area(desk: Desk, area: object) -> str | None:
    """The commune's agency, where the place that was typed is one."""
    if not isinstance(area, str) or not area.strip():
        return None
    code = desk.settings.rules.agencies.match(area)
    return None if code == UNKNOWN or desk.settings.rules.agencies.get(code) is None else code


def routes() -> APIRouter:
    router = APIRouter(tags=["Tiếp nhận"], dependencies=[Depends(only("operator"))])
    router.add_api_route("/api/v1/proposals", post_proposal, methods=["POST"])
    return router
