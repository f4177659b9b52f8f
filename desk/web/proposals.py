"""POST /api/v1/proposals: what the classifier and the law say of a text while it is being typed. Nothing is kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends

from casework.feedback import Alternative, FeedbackEvent, apply, explain_feedback
from casework.labels import DOMAINS, KINDS, LANES, URGENCIES
from casework.rules import Rules
from desk.web import contract
from desk.web.accounts import Account
from desk.web.context import Body, Desk, DeskOf, only
from desk.web.deadlines import stage_deadlines
from desk.web.handling import proposed_agency
from desk.web.posting import read_object
from desk.web.problems import unavailable, wrong
from desk.web.proposer import NoModelError
from desk.web.seeing import without_leaving
from desk.web.words import DANGER
from models.classifier import Classification
from models.places import area_words
from models.redact import redact
from models.similar import Item

Operator = Annotated[Account, Depends(only("operator"))]
LONGEST = 20_000
LONGEST_PLACE = 300
RETRY_SECONDS = 60
WORDS_TO_READ = {
    "khieu_nai": "Nội dung có dấu hiệu khiếu nại: hướng dẫn người dân gửi đơn khiếu nại đến cơ quan có thẩm quyền "
    "hoặc đến nơi tiếp công dân.",
    "to_cao": "Nội dung có dấu hiệu tố cáo: nội dung này được giữ bí mật và chuyển bộ phận có thẩm quyền; "
    "không hỏi thêm và không ghi lại ở nơi khác.",
}


def post_proposal(desk: DeskOf, account: Operator, body: Body) -> dict[str, Any]:
    """`{"text","area"}` → domain, agency, area, lane, urgency, deadlines with why, alternatives, reasons, duplicates.

    `address`, `latitude` and `longitude` may say better where it is; `duplicates` are open cases that are alike.
    """
    data = read_object(body)
    text = data.get("text")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
        raise wrong("text", f"ghi nội dung phản ánh, từ 1 đến {LONGEST} ký tự")
    try:
        found = desk.proposer.propose(text)
    except NoModelError as error:
        raise unavailable(RETRY_SECONDS, str(error)) from None
    now, place = desk.now(), desk.areas.place(f"{text}\n{_words(data, 'area')}\n{_words(data, 'address')}")
    area = data.get("area") or (place.commune if place else None)
    alike = {"duplicates": duplicates(desk, account, found, data, now)}
    return proposal(desk, found, area, now) | {"area": area_words(place) if place else None} | alike


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


def duplicates(
    desk: Desk, account: Account, found: Classification, data: Mapping[str, Any], now: datetime
) -> list[Mapping[str, Any]]:
    """Open cases that may be the same matter, as far as the account may see them: shown, never blocking."""
    if found.lane == "to_cao":
        return []
    address = redact(_words(data, "address"))
    asked = Item(domain=found.domain, area=_words(data, "area") or None, place=_place(data))
    near = desk.similar.find(f"{found.text}\n{address}".strip(), asked, desk.below(account), now)
    return without_leaving(desk, near)


def _words(data: Mapping[str, Any], field: str) -> str:
    given = data.get(field)
    return given[:LONGEST_PLACE].strip() if isinstance(given, str) else ""


def _place(data: Mapping[str, Any]) -> tuple[float, float] | None:
    """Degrees north and east; None where either is missing or impossible."""
    latitude, longitude = data.get("latitude"), data.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


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
    router.add_api_route("/api/v1/proposals", post_proposal, methods=["POST"], responses=contract.REFUSALS,
                         description="Đề xuất cho một nội dung: lĩnh vực, cơ quan, địa bàn, luồng, mức khẩn, thời hạn "
                                     "kèm căn cứ, lý do và các phản ánh giống nó đang mở. Không lưu gì.",
                         openapi_extra=contract.body(contract.PROPOSAL))  # fmt: skip
    return router
