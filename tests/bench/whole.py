"""The whole of `langnghe up`: start, memory, feedback from the intake to the read model, latency."""

import sqlite3
import time
from collections.abc import Collection
from contextlib import closing
from datetime import datetime
from pathlib import Path

from casework.calendar import VIETNAM
from streams.topics import Topics
from tests.bench.figures import Figure, Sizes
from tests.bench.kafka import STALLED_SECONDS, Stalled, fill
from tests.bench.latency import latencies
from tests.bench.load import feedback, texts
from tests.bench.machine import memory_below
from tests.support.system import System, free_base

PARTITIONS = 12
EXPECTED_MB = 1_500
CASES = "(SELECT count(*) FROM {} WHERE feedback_id LIKE 'bench-%')"
READ_MODEL = f"SELECT {CASES.format('feedback')} + {CASES.format('restricted')}"
PARTS = ("up", "feedback", "latency")


def whole(data: Path, sizes: Sizes, wanted: Collection[str]) -> dict[str, list[Figure]]:
    """Figures of the wanted parts, all on one `langnghe up` with its default of 12 partitions."""
    system = System(data / "up", free_base(), environment={"LANGNGHE_PARTITIONS": str(PARTITIONS)})
    figures: dict[str, list[Figure]] = {part: [] for part in PARTS if part in wanted}
    try:
        started = _second_start(system)
        if "up" in figures:
            time.sleep(sizes.idle_seconds)
            figures["up"] += [started, *_memory(system, "idle")]
        if "latency" in figures:
            figures["latency"] += latencies(system.bootstrap, Topics("", PARTITIONS), sizes)
        if "feedback" in figures:
            figures["feedback"] += _chain(system, sizes)
        if "up" in figures:
            load = [part for part in ("latency", "feedback") if part in figures]
            figures["up"] += _memory(system, f"after {' and '.join(load)}") if load else []
    finally:
        system.stop()
    return figures


def _second_start(system: System) -> Figure:
    """The first start formats Kafka and creates topics and keys; the second one is what a restart costs."""
    system.start()
    system.stop()
    began = time.monotonic()
    system.start()
    return Figure("second start of `langnghe up`, until /readyz answers 200", time.monotonic() - began, "s")


def _memory(system: System, when: str) -> list[Figure]:
    assert system.process is not None
    found = memory_below(system.process.pid)
    note = f"{found.processes} processes, Kafka among them"
    return [
        Figure(f"memory, {when}, RSS added up", found.rss, "MB", high=EXPECTED_MB, note=note),
        Figure(f"memory, {when}, PSS", found.pss, "MB", high=EXPECTED_MB, note="pages that are shared counted once"),
    ]


def _chain(system: System, sizes: Sizes) -> list[Figure]:
    """Texts from the first send to the last row: classified, sealed, followed, projected."""
    wanted = texts(sizes.texts)
    messages = (feedback(number, text, datetime.now(VIETNAM)) for number, text in enumerate(wanted))
    began = time.monotonic()
    fill(system.bootstrap, Topics().feedback_intake, messages)
    sent = time.monotonic() - began
    arrived = _wait_for_rows(system.data / "read-model.db", len(wanted))
    seconds = time.monotonic() - began
    note = f"{len(wanted):,} texts in {seconds:.1f} s, of which sending {sent:.1f} s"
    return [
        Figure("feedback from intake to the read model", arrived / seconds, "texts/s", note=note),
        Figure("texts lost", len(wanted) - arrived, "texts", high=0, note=f"of {len(wanted):,}"),
    ]


def _wait_for_rows(database: Path, count: int) -> int:
    """How many rows there are once all are there, or once nothing has come for a minute. Raises Stalled before any."""
    found, moved = 0, time.monotonic()
    while found < count and time.monotonic() - moved < STALLED_SECONDS:
        time.sleep(0.2)
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            (now,) = connection.execute(READ_MODEL).fetchone()
        found, moved = (now, time.monotonic()) if now > found else (found, moved)
    if not found:
        raise Stalled(f"nothing of {count} texts came to the read model")
    return found
