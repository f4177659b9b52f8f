"""Server-sent events: one task watches the read model and tells every open page."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

from prometheus_client import Gauge
from starlette.concurrency import run_in_threadpool

log = logging.getLogger(__name__)
WATCH_SECONDS = 0.5
COMMENT_SECONDS = 15.0
RETRY_MS = 2000
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Broadcaster:
    """Keeps the newest snapshot and hands it to whoever listens; a slow browser misses old ones, never the newest.

    `snapshot` reads the read model (in a thread); a snapshot that equals the last one is not sent again.
    """

    def __init__(self, snapshot: Callable[[], dict[str, Any]], clients: Gauge) -> None:
        self._snapshot, self._clients = snapshot, clients
        self._listeners: set[asyncio.Queue[str]] = set()
        self._newest: str | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def events(self) -> AsyncIterator[str]:
        """The text of an event stream: a full snapshot first, then each change, a comment when nothing changes."""
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=1)
        self._listeners.add(queue)
        self._clients.set(len(self._listeners))
        try:
            yield f"retry: {RETRY_MS}\n\n" + (self._newest or "")
            while True:
                yield await _next(queue)
        finally:
            self._listeners.discard(queue)
            self._clients.set(len(self._listeners))

    async def look(self) -> None:
        """One look at the read model; tells the listeners where something is new."""
        found = await run_in_threadpool(self._snapshot)
        text = f"event: snapshot\ndata: {json.dumps(found, ensure_ascii=False)}\n\n"
        if text != self._newest:
            self._newest = text
            for queue in self._listeners:
                _put_newest(queue, text)

    async def _watch(self) -> None:
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - a read model that is being made anew is there in a moment
                log.warning("read model cannot be read: %s", type(error).__name__)
            await asyncio.sleep(WATCH_SECONDS)


async def _next(queue: asyncio.Queue[str]) -> str:
    try:
        return await asyncio.wait_for(queue.get(), COMMENT_SECONDS)
    except TimeoutError:
        return ": còn kết nối\n\n"


def _put_newest(queue: asyncio.Queue[str], text: str) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(text)
