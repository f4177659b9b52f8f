"""The event stream goes on whatever becomes of the read model."""

import asyncio
from typing import Any

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy.exc import OperationalError

from desk.web.live import Broadcaster


async def test_the_event_stream_outlives_a_read_model_that_is_made_anew() -> None:
    """While the projector drops and creates tables nothing can be read; afterwards the wall goes on by itself."""
    failures = iter([OperationalError("select", None, Exception("no such table"))])

    def snapshot() -> dict[str, Any]:
        if failure := next(failures, None):
            raise failure
        return {"step": 1}

    live = Broadcaster(snapshot, Gauge("clients", "of a test", registry=CollectorRegistry()))
    live.start()
    events = live.events()
    found = [await asyncio.wait_for(anext(events), 5) for _ in range(2)]
    await events.aclose()
    await live.stop()
    assert '{"step": 1}' in found[1]
