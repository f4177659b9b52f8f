"""POST /api/v1/feedback/{id}/events: what people decide, as events without text and texts under the event's id."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from casework.feedback import FeedbackEvent
from desk.outbox import Message, OutboxError
from desk.web import contract, rights, seeing
from desk.web.accounts import Account
from desk.web.context import Body, Desk, DeskOf, Someone
from desk.web.moves import to_public, to_restricted
from desk.web.posting import Answer, Post, answered, count, once, post_of, read_object, send_in_order
from desk.web.problems import RequestError, unreadable, wrong
from desk.web.seeing import SeenFeedback
from models.redact import redact
from streams.codec import InvalidInput, Text, encode_feedback_event, encode_text, text_key
from streams.topics import Lane


@dataclass(frozen=True, slots=True)
class Decision:
    """A checked decision of one account on one case that it may see."""

    post: Post
    seen: SeenFeedback
    type: str
    fields: dict[str, Any]

    @property
    def feedback_id(self) -> str:
        return self.seen.state.feedback_id

    @property
    def lane(self) -> Lane:
        topics = self.post.desk.settings.topics
        return topics.restricted if self.seen.restricted else topics.feedback

    def event(self, at: datetime) -> FeedbackEvent:
        """The event, without the text."""
        fields = {name: value for name, value in self.fields.items() if name != "text"}
        account = self.post.account
        return FeedbackEvent(
            id=self.post.new_id(), type=self.type, at=at, by=account.by, source=f"/langnghe/web/{account.id}", **fields
        )

    def note(self, event: FeedbackEvent) -> Text | None:
        """The text that goes with the event: redacted, its original sealed."""
        text = self.fields.get("text")
        if text is None:
            return None
        sealed = self.post.desk.settings.sealer.seal(msgspec.json.encode({"text": text}))
        return Text(
            feedback_id=self.feedback_id,
            event_id=event.id,
            text=redact(text),
            at=event.at,
            source=event.source,
            sealed=sealed,
        )


def post_event(desk: DeskOf, account: Someone, request: Request, feedback_id: str, body: Body) -> JSONResponse:
    """A decision by a person with the right; answered when Kafka has it."""
    post = post_of(desk, account, request, body)
    if (before := answered(post)) is not None:
        return before  # by now the case may have left, and with it the right to see it
    try:
        decision = _checked(post, feedback_id)
    except InvalidInput as error:
        count(post, "decision", "refused")
        raise unreadable(error) from None
    return once(post, "decision", lambda at: _carry_out(decision, at))


def _checked(post: Post, feedback_id: str) -> Decision:
    """Rights first, then the case, then the fields: so that nothing tells a hidden case from an unknown one."""
    data = read_object(post.body)
    type_ = rights.decision_of(data)
    if not rights.may_ever(post.account.role, type_):
        raise RequestError(403)
    seen = seeing.to_decide_on(post.desk, post.account, feedback_id)
    if not rights.may(post.account.role, type_, seen.restricted):
        raise RequestError(403)
    fields = rights.read_fields(type_, data, post.desk.settings.rules.agencies)
    _check_lane(seen, fields)
    _check_target(post.desk, post.account, feedback_id, fields)
    return Decision(post, seen, type_, fields)


def _check_lane(seen: SeenFeedback, fields: dict[str, Any]) -> None:
    """A correction never crosses the wall between the lanes: that is a move."""
    lane = fields.get("lane")
    if not seen.restricted and lane == "to_cao":
        raise wrong("lane", "nghi có nội dung tố cáo thì dùng “Chuyển bộ phận có thẩm quyền” (feedback.moved)")
    if seen.restricted and lane not in (None, "to_cao"):
        raise wrong("lane", "không phải tố cáo thì dùng “Trả về luồng phản ánh” (feedback.released)")


def _check_target(desk: Desk, account: Account, feedback_id: str, fields: dict[str, Any]) -> None:
    if "into" not in fields:
        return
    try:
        seen = seeing.feedback_case(desk, account, fields["into"])
    except RequestError:
        seen = None
    if fields["into"] == feedback_id or not isinstance(seen, SeenFeedback):
        raise wrong("into", "không có phản ánh mã này để gộp vào; kiểm tra lại mã")


def _carry_out(decision: Decision, at: datetime) -> Answer:
    event = decision.event(at)
    match decision.type:
        case "moved" | "released":
            _move(decision, event)
        case "erased":
            _erase(decision, event)
        case _:
            _send(decision, event)
    decision.post.desk.accounts.note(decision.post.account, f"feedback.{decision.type}", decision.feedback_id, at)
    return Answer(202, {"event_id": event.id})


def _send(decision: Decision, event: FeedbackEvent) -> None:
    note = decision.note(event)
    key = text_key(decision.feedback_id, event.id)
    texts = [Message(str(decision.lane.texts), key, encode_text(note))] if note else []
    send_in_order(decision.post.desk, texts, [_message(decision, event)])


def _erase(decision: Decision, event: FeedbackEvent) -> None:
    """`.erased` first, then a tombstone for each text: also for one of an event that this lane never had."""
    texts = sorted({*(event.id for event in decision.seen.state.history), *decision.seen.texts})
    gone = [Message(str(decision.lane.texts), text_key(decision.feedback_id, one), None) for one in texts]
    send_in_order(decision.post.desk, [_message(decision, event)], gone)


def _move(decision: Decision, event: FeedbackEvent) -> None:
    """Noted, the move is as good as done; Kafka or the read model away, it is finished later."""
    topics, desk = decision.post.desk.settings.topics, decision.post.desk
    plan, there = (to_public, topics.feedback) if decision.type == "released" else (to_restricted, topics.restricted)
    groups = plan(decision.seen.state, decision.seen.texts, event, decision.note(event), decision.lane, there)
    desk.moves.note(decision.feedback_id, event.id, groups)
    try:
        desk.moves.finish(decision.feedback_id)
    except (OutboxError, SQLAlchemyError):
        return


def _message(decision: Decision, event: FeedbackEvent) -> Message:
    value = encode_feedback_event(decision.feedback_id, event, event.source)
    return Message(decision.lane.events, decision.feedback_id.encode(), value)


def routes() -> APIRouter:
    router = APIRouter(tags=["Xử lý"])
    done = contract.answers(202, contract.record(("event_id",), event_id=contract.text()))
    router.add_api_route("/api/v1/feedback/{feedback_id}/events", post_event, methods=["POST"], status_code=202,
                         description="Quyết định của người có thẩm quyền về một phản ánh; trả lời khi Kafka đã giữ.",
                         responses=done, openapi_extra=contract.body(contract.DECISION))  # fmt: skip
    return router
