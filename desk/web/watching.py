"""ASGI middleware: limits, security headers and the measuring of every answer."""

import time
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk import metrics
from desk.web.problems import SENTENCES

HEADERS = (
    (b"content-security-policy", b"default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)
KINDS = ("feedback", "dossier", "decision")
WHOLE, LEFT = 200, 499
UNSEEN = "unseen"  # of a request's state: it is in no metric
RESULTS = ("accepted", "refused", "failed")


class WebMetrics:
    """The web's metrics on a registry of its own; `rules` is the hash of the rules that it runs with."""

    def __init__(self, rules: str) -> None:
        self.registry = metrics.new_registry()
        metrics.rules_info(self.registry, rules)
        self.requests = metrics.counter(self.registry, "langnghe_web_requests_total")
        self.seconds = metrics.histogram(self.registry, "langnghe_web_request_seconds")
        self.posts = metrics.counter(self.registry, "langnghe_web_posts_total")
        self.live = metrics.gauge(self.registry, "langnghe_web_live_clients")
        for kind in KINDS:
            for result in RESULTS:
                self.posts.labels(kind, result)

    def expect(self, routes: Iterable[str]) -> None:
        """What will be counted of these routes stands at 0 now, or Prometheus would not see the first of each."""
        for route in routes:
            self.seconds.labels(route)
            for status in ("2xx", "4xx", "5xx"):
                self.requests.labels(route, status)


class Measured:
    """Counts and times answers by route template, never by the path itself, which may hold a case's code."""

    def __init__(self, app: ASGIApp, web_metrics: WebMetrics) -> None:
        self._app, self._metrics = app, web_metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_added(scope, message["headers"])]
                self._count(scope, message["status"], time.perf_counter() - started)
            await send(message)

        await self._app(scope, receive, sending)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "other")
        if route.startswith("/don-thu") or scope.get("state", {}).get(UNSEEN):
            return  # no metric shows the traffic of the restricted lane
        self._metrics.requests.labels(route, f"{status // 100}xx").inc()
        self._metrics.seconds.labels(route).observe(seconds)


def _added(scope: Scope, given: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[bytes, bytes]]:
    """No cache keeps what one account was answered; files that are the same for all may be kept."""
    own = scope["path"].startswith("/static/") or any(name.lower() == b"cache-control" for name, _ in given)
    return HEADERS if own else (*HEADERS, (b"cache-control", b"no-store"))


class Limited:
    """Refuses a body above the limit (bytes) before anything reads it whole, and any once all together hold too much.

    Whoever sends needs no account to be read: without the second bound many slow senders would fill the memory.
    """

    def __init__(self, app: ASGIApp, limit: int, together: int) -> None:
        self._app, self._limit, self._together = app, limit, together
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = bytearray()
        try:
            status = await self._read(receive, body)
            if status == WHOLE:
                await self._app(scope, _replaying(bytes(body), receive), send)
            elif status != LEFT:
                await _refuse(send, status)
        finally:
            self._held -= len(body)

    async def _read(self, receive: Receive, body: bytearray) -> int:
        """Fills `body`; WHOLE, LEFT where the sender has gone, or the status of the refusal."""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return LEFT
            piece = message.get("body", b"")
            body += piece
            self._held += len(piece)
            if len(body) > self._limit:
                return 413
            if self._held > self._together:
                return 503
            if not message.get("more_body", False):
                return WHOLE


def _replaying(body: bytes, receive: Receive) -> Receive:
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def replay() -> Message:
        return next(messages, None) or await receive()

    return replay


async def _refuse(send: Send, status: int) -> None:
    body = f'{{"errors":[{{"field":"$","message":"{SENTENCES[status]}"}}]}}'.encode()
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    if status == 503:
        headers.append((b"retry-after", b"5"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
