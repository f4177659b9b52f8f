"""ASGI middleware: limits, security headers and the measuring of every answer."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk import metrics
from desk.web.problems import SENTENCES

HEADERS = (
    (b"content-security-policy", b"default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)
KINDS = ("feedback", "dossier", "decision")
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
                message["headers"] = [*message["headers"], *HEADERS]
                self._count(scope, message["status"], time.perf_counter() - started)
            await send(message)

        await self._app(scope, receive, sending)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "other")
        if route.startswith("/don-thu"):
            return  # no metric shows the traffic of the restricted lane
        self._metrics.requests.labels(route, f"{status // 100}xx").inc()
        self._metrics.seconds.labels(route).observe(seconds)


class Limited:
    """Refuses a body above the limit (bytes) before anything reads it whole."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        chunks, size = [], 0
        while True:
            message = await receive()
            chunks.append(message)
            size += len(message.get("body", b""))
            if size > self._limit:
                await _too_large(send)
                return
            if not message.get("more_body", False):
                break

        async def replay() -> Message:
            return chunks.pop(0) if chunks else await receive()

        await self._app(scope, replay, send)


async def _too_large(send: Send) -> None:
    body = f'{{"errors":[{{"field":"$","message":"{SENTENCES[413]}"}}]}}'.encode()
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
