"""A TCP proxy between the workers and the broker that can delay, cut, freeze and lose, and that reads enough of Kafka's
protocol to know the answer to one produce request from another."""

import asyncio
import struct
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from tests.support.proxy_errors import Answer, Injected

PRODUCE = 0
CHUNK = 1 << 16
Value = TypeVar("Value")


@dataclass(eq=False)
class Link:
    """One connection: towards the client and towards the broker."""

    client: asyncio.StreamWriter
    broker: asyncio.StreamWriter
    watched: set[int] = field(default_factory=set)
    answers: dict[int, Answer] = field(default_factory=dict)

    def cut(self) -> None:
        for side in (self.client, self.broker):
            side.transport.abort()


Look = Callable[[Link, bytes], bytes | None]


class Proxy:
    """Listens on `port`, forwards to `target`. Its faults may be set at any time from the test's thread.

    `delay` is in seconds each way; `frozen` keeps connections open and passes nothing (half-open); `refusing` takes
    no new ones. `cut_share` is the share of passing pieces at which their connection is cut instead. `injected` puts
    error codes in the place of the broker's answers.
    """

    def __init__(self, port: int, target: int) -> None:
        self.port, self.target = port, target
        self.delay = 0.0
        self.cut_share = 0.0
        self.refusing = False
        self.injected: Injected | None = None
        self._frozen = asyncio.Event()
        self._random = Random(1)
        self._links: set[Link] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._topic: bytes | None = None
        self._answered: Callable[[], bool] = lambda: True
        self._held: bytes | None = None
        self._asking: Callable[[], None] = lambda: None
        self._released = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"proxy-{port}")
        self._server: asyncio.Server | None = None

    def start(self) -> None:
        self._thread.start()
        self._frozen.set()  # set: things flow
        self._server = self._do(asyncio.start_server(self._serve, "127.0.0.1", self.port))

    def stop(self) -> None:
        async def close() -> None:
            assert self._server is not None
            self._server.close()
            self._cut()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

        self._do(close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self) -> None:
        """Ends every connection now; new ones are taken unless `refusing`."""
        self._loop.call_soon_threadsafe(self._cut)

    def freeze(self) -> None:
        """From now on nothing passes and nobody is told."""
        self._loop.call_soon_threadsafe(self._frozen.clear)

    def thaw(self) -> None:
        """What was held back passes."""
        self._loop.call_soon_threadsafe(self._frozen.set)

    def heal(self) -> None:
        """No fault any more."""
        self.delay, self.cut_share, self.refusing, self.injected = 0.0, 0.0, False, None
        self.thaw()
        self.release()

    def on_acknowledgement(self, topic: str, answered: Callable[[], bool]) -> None:
        """Calls `answered` once, between the broker's acknowledgement of a produce request to a topic and its delivery;
        where it says False the acknowledgement is lost with its connection."""

        def arm() -> None:
            self._topic, self._answered = topic.encode(), answered

        self._loop.call_soon_threadsafe(arm)

    def hold_request(self, topic: str, asking: Callable[[], None]) -> None:
        """Keeps the next produce request to a topic back until `release`, and calls `asking` when it has come."""

        def arm() -> None:
            self._held, self._asking = topic.encode(), asking
            self._released.clear()

        self._loop.call_soon_threadsafe(arm)

    def release(self) -> None:
        """The request that was kept back passes."""
        self._loop.call_soon_threadsafe(self._released.set)

    def _cut(self) -> None:
        for link in list(self._links):
            link.cut()

    def _do(self, work: Coroutine[Any, Any, Value]) -> Value:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            writer.transport.abort()
            return
        try:
            answers, requests = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        link = Link(writer, requests)
        self._links.add(link)
        for way in ((reader, requests, self._asked), (answers, writer, self._told)):
            task = self._loop.create_task(self._pass_on(link, *way))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(
        self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, look: Look
    ) -> None:
        """Frame by frame, as Kafka sends them: four bytes of length, then so many."""
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readexactly(4)
                frame = await reader.readexactly(struct.unpack(">i", head)[0])
                if self.delay:
                    await asyncio.sleep(self.delay)
                await self._frozen.wait()
                await self._hold(frame, look)
                if self._random.random() < self.cut_share or (passed := look(link, frame)) is None:
                    break
                writer.write(struct.pack(">i", len(passed)) + passed)
                await writer.drain()
        link.cut()
        self._links.discard(link)

    async def _hold(self, frame: bytes, look: Look) -> None:
        if self._held is None or look != self._asked or _kind(frame) != PRODUCE or self._held not in frame:
            return
        self._held = None
        self._asking()
        await self._released.wait()

    def _asked(self, link: Link, frame: bytes) -> bytes | None:
        correlation = struct.unpack(">i", frame[4:8])[0]
        if self._topic is not None and _kind(frame) == PRODUCE and self._topic in frame:
            link.watched.add(correlation)
        injected = self.injected
        if injected is None or not injected.concerns(frame):
            return frame
        frame, link.answers[correlation] = injected.put_into(frame)
        return frame

    def _told(self, link: Link, frame: bytes) -> bytes | None:
        (correlation,) = struct.unpack(">i", frame[:4])
        if correlation in link.answers:
            return link.answers.pop(correlation)(frame)
        if self._topic is None or correlation not in link.watched:
            return frame
        self._topic = None
        return frame if self._answered() else None


def _kind(request: bytes) -> int:
    return int(struct.unpack(">h", request[:2])[0])
