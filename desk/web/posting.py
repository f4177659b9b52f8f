"""What all posts share: reading JSON, idempotency keys, sending, and the answer that repeats get."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import msgspec
from fastapi import Request
from fastapi.responses import JSONResponse

from desk.outbox import Message, OutboxError
from desk.web.accounts import Account, KeyReusedError
from desk.web.context import Desk
from desk.web.problems import RequestError, unavailable, wrong
from streams.topics import LARGEST_INTAKE

LONGEST_KEY = 200
LARGEST_JSON = LARGEST_INTAKE - (64 << 10)  # an envelope comes around it


@dataclass(frozen=True, slots=True)
class Post:
    """One request that writes: who, what, under which key; `digest` is of path and body, where there is a key."""

    desk: Desk
    account: Account
    path: str
    body: bytes
    key: str | None
    digest: str

    def new_id(self, index: int = 0) -> str:
        """The id of the item at `index`: the same again when the request comes again under its key.

        The body is part of it: a key is forgotten after some days, and may then come with another item.
        """
        if self.key is None:
            return str(uuid4())
        return str(uuid5(NAMESPACE_URL, f"langnghe:{self.account.id}:{self.key}:{self.digest}:{index}"))


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON body."""

    status: int
    body: Any

    def response(self) -> JSONResponse:
        return JSONResponse(self.body, self.status)


def post_of(desk: Desk, account: Account, request: Request, body: bytes) -> Post:
    """Raises RequestError 400 for an unusable Idempotency-Key."""
    key = request.headers.get("idempotency-key")
    if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise wrong("Idempotency-Key", f"chỉ gồm 1 đến {LONGEST_KEY} ký tự ASCII in được")
    path = request.url.path
    digest = sha256(path.encode() + b"\n" + body).hexdigest() if key else ""
    return Post(desk, account, path, body, key, digest)


def read_json(body: bytes) -> Any:
    """JSON in NFC. Raises RequestError 400, and 413 for what NFC has made larger than Kafka's topics take."""
    try:
        whole = unicodedata.normalize("NFC", body.decode()).encode()
        if len(whole) > LARGEST_JSON:
            raise RequestError(413)
        return msgspec.json.decode(whole)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise wrong("$", "không phải JSON mã hóa UTF-8; gửi một đối tượng {…} hoặc danh sách […]") from None


def read_object(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises RequestError 400."""
    found = read_json(body)
    if not isinstance(found, dict):
        raise wrong("$", "phải là một đối tượng JSON {…}")
    return found


def answered(post: Post) -> JSONResponse | None:
    """The answer that the same request got before under its key; None where there is none."""
    claim = post.key and post.desk.accounts.claimed(post.account, post.key, post.digest)
    return Answer(claim.status, claim.answer).response() if claim and claim.status is not None else None


def once(post: Post, kind: str, work: Callable[[datetime], Answer]) -> JSONResponse:
    """Does the work, or, under a key that was answered before, gives that answer again.

    Work that could not be sent is not kept as answered: the repeat does it again with the same ids and moment.
    """
    desk, now = post.desk, post.desk.now()
    if post.key is None:
        return _counted(post, kind, lambda: work(now)).response()
    try:
        claim = desk.accounts.claim(post.account, post.key, post.digest, now)
    except KeyReusedError:
        raise RequestError(409) from None
    if claim.status is not None:
        return Answer(claim.status, claim.answer).response()
    answer = _counted(post, kind, lambda: work(claim.at))
    desk.accounts.settle(post.account, post.key, answer.status, answer.body)
    return answer.response()


def _counted(post: Post, kind: str, work: Callable[[], Answer]) -> Answer:
    try:
        answer = work()
    except OutboxError:
        count(post, kind, "failed")
        raise unavailable(post.desk.settings.retry_after) from None
    count(post, kind, "accepted")
    return answer


def count(post: Post, kind: str, result: str) -> None:
    """Counts a post; not an inspector's, for no metric shows the restricted lane."""
    if post.account.role != "inspector":
        post.desk.metrics.posts.labels(kind, result).inc()


def send_in_order(desk: Desk, *groups: Sequence[Message]) -> None:
    """Each group is acknowledged before the next is sent: a text is there before the event that names it."""
    for group in groups:
        if group:
            desk.outbox.send(group)
