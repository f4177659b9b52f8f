"""Short ways to write the events of a piece of feedback in tests."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from casework.calendar import VIETNAM
from casework.feedback import FeedbackEvent, FeedbackState, apply
from casework.outcomes import Step
from tests.support.rules import rules

CASE = "PA-1"


def at(text: str) -> datetime:
    """A Vietnam moment: `2026-09-03 09:00`, or a date alone for 09:00."""
    moment = datetime.fromisoformat(text if ":" in text else f"{text} 09:00")
    return moment.replace(tzinfo=VIETNAM)


def event(type_: str, when: str, **fields: Any) -> FeedbackEvent:
    """An event whose id follows from its type and moment."""
    return FeedbackEvent(**{"id": f"{type_}-{when}", "type": type_, "at": at(when), "by": "operator:1", **fields})


def opened(when: str = "2026-09-03", **fields: Any) -> FeedbackEvent:
    """A conduct case of the province's one-stop centre, unless told otherwise."""
    usual = {
        "received_at": at(when),
        "lane": "phan_anh_kien_nghi",
        "kind": "conduct",
        "urgency": "normal",
        "domain": "land",
        "agency": "LG.HCC",
        "channel": "hotline",
        "source": "/langnghe/web",
    }
    return event("opened", when, **{**usual, **fields})


def step(*events: FeedbackEvent, state: FeedbackState | None = None) -> Step[FeedbackState]:
    """The packaged rules applied to events."""
    return apply(state, CASE, events, rules())


def after(*events: FeedbackEvent) -> FeedbackState:
    """The state after events."""
    return step(*events).state


def told(outcomes: Iterable[Any]) -> list[tuple[str, str | None]]:
    """Each outcome with what it is about."""
    return [(outcome.outcome, outcome.alert_id or outcome.rule or outcome.stage) for outcome in outcomes]
