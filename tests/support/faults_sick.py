"""A process of the product with an illness inside: `python -m tests.support.faults_sick ILLNESS ARGUMENTS…`.

`raises`, `hangs` and `dawdles` (two seconds a batch) concern the classifier, and only until the file that
LANGNGHE_TEST_WELL names exists; one that dawdles makes the file BUSY beside it. `poisoned` raises for ever at texts
that hold POISON. `blocks` stops the event loop for eight seconds at SIGUSR1, while the consumer's own thread lives on.
`starves` reads nothing of a changelog until the file that LANGNGHE_TEST_WELL names exists, and makes the file BUSY.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import models.artifact
from cli.main import main
from streams.chunks import ChunkConsumer

POISON = "zzpoisonzz"
WELL, BUSY = "LANGNGHE_TEST_WELL", "busy"
BLOCKED_SECONDS = 8.0


class SickError(RuntimeError):
    """What the sick classifier raises."""


class Sick:
    """The real classifier behind an illness that looks at the texts first."""

    def __init__(self, real: Any, illness: Callable[[Sequence[str]], None]) -> None:
        self._real, self._illness = real, illness
        self.metadata = real.metadata

    def classify(self, texts: Sequence[str]) -> Any:
        self._illness(texts)
        return self._real.classify(texts)


def raises(_: Sequence[str]) -> None:
    if not Path(os.environ[WELL]).exists():
        raise SickError


def hangs(_: Sequence[str]) -> None:
    while not Path(os.environ[WELL]).exists():
        time.sleep(3600)


def dawdles(_: Sequence[str]) -> None:
    well = Path(os.environ[WELL])
    if not well.exists():
        well.with_name(BUSY).touch()
        time.sleep(2)


def poisoned(texts: Sequence[str]) -> None:
    if any(POISON in text for text in texts):
        raise SickError


def starve() -> None:
    well, ask = Path(os.environ[WELL]), ChunkConsumer._ask

    async def asked(consumer: ChunkConsumer, *arguments: Any) -> Any:
        if well.exists() or not consumer.app.in_recovery:
            return await ask(consumer, *arguments)
        well.with_name(BUSY).touch()
        await asyncio.sleep(0.1)
        return {}

    ChunkConsumer._ask = asked  # type: ignore[method-assign]


def run(illness: str) -> None:
    """Runs the command line of the product under an illness."""
    if illness == "blocks":
        signal.signal(signal.SIGUSR1, lambda *_: time.sleep(BLOCKED_SECONDS))
    elif illness == "starves":
        starve()
    else:
        load = models.artifact.load
        look = {"raises": raises, "hangs": hangs, "dawdles": dawdles, "poisoned": poisoned}[illness]
        models.artifact.load = lambda path: Sick(load(path), look)  # type: ignore[assignment, return-value]
    main()


if __name__ == "__main__":
    run(sys.argv.pop(1))
