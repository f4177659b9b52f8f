"""POST /api/v1/feedback and /api/v1/dossier-events: checked whole, then sent, and only then answered."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from desk.outbox import Message
from desk.store.queries import is_known
from desk.web import contract
from desk.web.accounts import Account
from desk.web.context import Body, DeskOf, only
from desk.web.posting import Answer, Post, count, once, post_of, read_json
from desk.web.problems import RequestError, field_errors, unreadable, wrong
from streams.codec import (
    InvalidInput,
    Received,
    encode_envelope,
    encode_received,
    parse_received,
    parse_status_changed,
    stable_id,
)
from streams.codec.errors import invalid
from streams.codec.sources import check_code

FEEDBACK_POSTERS = ("operator", "source")
DOSSIER_POSTERS = ("source", "admin")
PERSONAL = frozenset({"ChuHoSo", "SoGiayToChuHoSo", "MaDoiTuong", "Email", "SoDienThoai", "TrichYeuHoSo"})
TAKEN = "mã này đã là của một phản ánh khác; thêm tiền tố riêng của nguồn vào mã rồi gửi lại"
STATUS_CHANGED = "dossier.status_changed"


@dataclass(frozen=True, slots=True)
class Item:
    """One checked item: the id that its poster gets, and its message once the moment of the post is known.

    `named`: the poster chose the id of this piece of feedback, so that it may be another's.
    """

    id: str
    message: Callable[[datetime], Message]
    named: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the two kinds of posts: how an item is checked, and what its id is called in the answer."""

    name: str
    id_field: str
    check: Callable[[Post, dict[str, Any], int], Item]


def post_feedback(
    desk: DeskOf, account: Annotated[Account, Depends(only(*FEEDBACK_POSTERS))], request: Request, body: Body
) -> JSONResponse:
    """One `feedback.received` or a list of them; answered when Kafka has them."""
    return _take(post_of(desk, account, request, body), Kind("feedback", "feedback_id", check_feedback))


def post_dossier_events(
    desk: DeskOf, account: Annotated[Account, Depends(only(*DOSSIER_POSTERS))], request: Request, body: Body
) -> JSONResponse:
    """One `dossier.status_changed`, in our names or the national ones, or a list of them."""
    return _take(post_of(desk, account, request, body), Kind("dossier", "dossier_code", check_dossier))


def get_key(desk: DeskOf) -> dict[str, str]:
    """The public key with which senders may seal personal data."""
    sealer = desk.settings.sealer
    return {"key_id": sealer.key_id, "public_key": base64.b64encode(sealer.public_key).decode()}


def check_feedback(post: Post, data: dict[str, Any], index: int) -> Item:
    """Raises InvalidInput. Only a system that sends has numbers of its own: a person could try which are known."""
    received = parse_received(data)
    feedback_id = received.feedback_id or post.new_id(index)
    if received.feedback_id and post.account.role != "source":
        raise invalid("feedback_id", "not_allowed", "chỉ hệ thống nguồn tự đặt mã; bỏ trường này, hệ thống sẽ cấp mã")
    check_code("feedback_id", feedback_id, _source(post))
    message = partial(_feedback_message, post, received, feedback_id, post.new_id(index))
    return Item(feedback_id, message, named=received.feedback_id is not None)


def _feedback_message(post: Post, received: Received, feedback_id: str, event_id: str, at: datetime) -> Message:
    whole = msgspec.structs.replace(received, feedback_id=feedback_id, received_at=received.received_at or at)
    value = encode_received(whole, id=event_id, source=_source(post), at=at)
    return Message(post.desk.settings.topics.feedback_intake, feedback_id.encode(), value)


def check_dossier(post: Post, data: dict[str, Any], index: int) -> Item:
    """Raises InvalidInput. Personal fields of a national payload go no further than here."""
    code, transition = parse_status_changed(data)
    check_code("dossier_code", code, _source(post))
    national = "dossier_code" not in data
    moved = (code, transition.status, transition.at.isoformat())
    event_id = stable_id(*moved) if national else post.new_id(index)
    clean = {name: value for name, value in data.items() if name not in PERSONAL}
    return Item(code, partial(_dossier_message, post, clean, code, event_id))


def _dossier_message(post: Post, data: dict[str, Any], code: str, event_id: str, at: datetime) -> Message:
    value = encode_envelope(id=event_id, source=_source(post), type=STATUS_CHANGED, subject=code, time=at, data=data)
    return Message(post.desk.settings.topics.dossier_intake, code.encode(), value)


def _source(post: Post) -> str:
    return f"/langnghe/web/{post.account.id}"


def _take(post: Post, kind: Kind) -> JSONResponse:
    try:
        data = read_json(post.body)
        _slow_down(post, len(data) if isinstance(data, list) else 1)
        work = _prepared(post, kind, data)
    except RequestError as problem:
        count(post, kind.name, "refused")
        raise problem from None
    return once(post, kind.name, work)


def _slow_down(post: Post, items: int) -> None:
    if seconds := post.desk.pace.wait(post.account.id, items, post.desk.now().timestamp()):
        raise RequestError(429, headers={"Retry-After": str(seconds)})


def _prepared(post: Post, kind: Kind, data: Any) -> Callable[[datetime], Answer]:
    if isinstance(data, list):
        return _prepared_list(post, kind, data)
    if not isinstance(data, dict):
        raise wrong("$", "phải là một đối tượng JSON {…} hoặc danh sách […]")
    try:
        item = kind.check(post, data, 0)
    except InvalidInput as error:
        raise unreadable(error) from None

    def work(at: datetime) -> Answer:
        if _send(post, kind, [item], at):
            count(post, kind.name, "refused")
            raise RequestError(409, [(kind.id_field, TAKEN)])
        return Answer(202, {kind.id_field: item.id})

    return work


def _prepared_list(post: Post, kind: Kind, data: list[Any]) -> Callable[[datetime], Answer]:
    limit = post.desk.settings.list_limit
    if len(data) > limit:
        raise RequestError(413, [("$", f"danh sách có quá {limit} mục; chia thành nhiều lần gửi")])
    checked = [_checked(post, kind, value, index) for index, value in enumerate(data)]

    def work(at: datetime) -> Answer:
        taken = _send(post, kind, [item for item in checked if isinstance(item, Item)], at)
        refused = RequestError(409, [(kind.id_field, TAKEN)])
        return Answer(207, [_line(kind, refused if item in taken else item) for item in checked])

    return work


def _checked(post: Post, kind: Kind, value: Any, index: int) -> Item | RequestError:
    if not isinstance(value, dict):
        return wrong("$", "phải là một đối tượng JSON {…}")
    try:
        return kind.check(post, value, index)
    except InvalidInput as error:
        return RequestError(400, field_errors(error.errors))


def _line(kind: Kind, item: Item | RequestError) -> dict[str, Any]:
    if isinstance(item, RequestError):
        return {"status": item.status} | item.body()
    return {"status": 202, kind.id_field: item.id}


def _send(post: Post, kind: Kind, items: Sequence[Item], at: datetime) -> list[Item]:
    """Sends the items but those whose id is another's, which it returns: one text would take the other's place."""
    desk, account = post.desk, post.account
    named = [item.id for item in items if item.named]
    known = _known(post, named)
    desk.accounts.note_posted(account, kind.name, [item.id for item in items if item.id not in known], at)
    own = desk.accounts.posted_by(account, kind.name, named) if named else frozenset()
    taken = [item for item in items if item.named and item.id not in own]
    sending = [item for item in items if item not in taken]
    if sending:
        desk.outbox.send([item.message(at) for item in sending])
        desk.accounts.mark_sent(account, kind.name, [item.id for item in sending])
    return taken


def _known(post: Post, named: Sequence[str]) -> frozenset[str]:
    """Those of these ids that a case has already. New feedback without one waits for no read model."""
    if not named:
        return frozenset()
    with post.desk.reading() as connection:
        return frozenset(one for one in named if is_known(connection, one))


def routes() -> APIRouter:
    router = APIRouter(tags=["Gửi vào"])
    feedback, dossiers = contract.one_or_more(contract.FEEDBACK), {"anyOf": [contract.OWN_NAMES, contract.NATIONAL]}
    router.add_api_route("/api/v1/feedback", post_feedback, methods=["POST"], status_code=202,
                         description="Tiếp nhận một hoặc nhiều phản ánh; trả lời khi Kafka đã giữ.",
                         responses=contract.taken("feedback_id"), openapi_extra=contract.body(feedback))  # fmt: skip
    router.add_api_route("/api/v1/dossier-events", post_dossier_events, methods=["POST"], status_code=202,
                         description="Nhận một hoặc nhiều sự kiện hồ sơ, theo tên trường của hệ thống này hoặc của "
                                     "Cổng Dịch vụ công quốc gia; trả lời khi Kafka đã giữ.",
                         responses=contract.taken("dossier_code"),
                         openapi_extra=contract.body(contract.one_or_more(dossiers)))  # fmt: skip
    router.add_api_route("/api/v1/key", get_key, methods=["GET"],
                         description="Khóa công khai để bên gửi niêm phong dữ liệu cá nhân.")  # fmt: skip
    return router
