"""A process of the product that falls ill at a signal: `python -m tests.support.ill_worker ARGUMENTS…`.

The arguments are those of `langnghe`. SIGRTMIN blocks the event loop for ever. SIGRTMIN+1 stops reading: the consumer
keeps its partitions and its place in the group, but fetches no more, as stock Faust does after some recoveries.
SIGRTMIN+2 makes the deadline watch wait for ever. The bounds of health are a tenth of the product's.
"""

import asyncio
import signal
import time
from typing import Any

from cli.main import main
from streams import health, workers
from streams.follow import Follower

BOUNDS = ("LONGEST_REBALANCE", "LONGEST_SILENCE", "LONGEST_STALL", "LONGEST_AWAY")


def run() -> None:
    """Runs the command line of the product, open to illness."""
    for name in BOUNDS:
        setattr(health, name, getattr(health, name) / 10)
    health.LOOK_SECONDS = 1.0
    signal.signal(signal.SIGRTMIN, lambda *_: time.sleep(3600))
    signal.signal(signal.SIGRTMIN + 2, lambda *_: setattr(Follower, "fire", _wait))
    real = workers.run

    def with_app(app: Any, *arguments: Any) -> None:
        signal.signal(signal.SIGRTMIN + 1, lambda *_: app.consumer.pause_partitions(app.consumer.assignment()))
        real(app, *arguments)

    workers.run = with_app
    main()


async def _wait(*_: Any) -> None:
    await asyncio.Event().wait()


if __name__ == "__main__":
    run()
