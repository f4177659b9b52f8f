"""Runs a Faust app as the main thing of a process, with its probe; the one that classifies is in streams/intake.py."""

import asyncio
import gc
import logging
from collections.abc import Sequence
from typing import Any

import faust

from streams.admit import Admission
from streams.apps import CONCURRENCY, chunked, crash, new_app
from streams.cases import case_worker
from streams.chunks import ChunkApp
from streams.codec import Sealer
from streams.dead_letters import DeadLetters
from streams.health import Health
from streams.measuring import Measuring
from streams.metrics import Metrics, rules_info
from streams.probe import ProbeServer
from streams.records import send_all
from streams.settings import WorkerSettings
from streams.stores import adopt


def run_cases(settings: WorkerSettings) -> None:
    """Raises TopicsError where the topics are not as they should be."""
    adopt(settings)
    worker = case_worker(settings)
    run(worker.app, settings, worker.metrics, worker.health)


def run_admit(settings: WorkerSettings) -> None:
    topics, metrics = settings.topics, Metrics()
    measuring = Measuring(metrics)
    measuring.reads("admit_dossiers")
    app = new_app(topics.admit_app, settings, chunk_size=settings.chunk_size)
    dead_letters = DeadLetters(topics, Sealer(settings.public_key))
    admission = Admission(topics.dossier.events, settings.rules.agencies, dead_letters, measuring.heard)

    async def admit_chunk(records: Sequence[Any]) -> None:
        sends, refused = admission.admit(records)
        await send_all(app, sends)
        measuring.admitted("admit_dossiers", len(sends) - len(refused), refused)

    add_agent(app, "admit_dossiers", topics.dossier_intake, admit_chunk, metrics)
    rules_info(metrics.registry, settings.rules.hash)
    run(app, settings, metrics, Health(app, watches=False))


def add_agent(app: ChunkApp, name: str, topic: str, work: Any, metrics: Metrics) -> None:
    """`work` on each chunk of a topic; what it does not foresee ends the process."""

    async def agent(stream: Any) -> None:
        async for records in stream:
            try:
                with metrics.chunk.labels(name).time():
                    await work(records)
            except Exception as problem:  # noqa: BLE001 - the edge of the process: an unacknowledged chunk is read again
                crash(problem)

    app.agent(chunked(app, topic), name=name, concurrency=CONCURRENCY)(agent)


def run(app: ChunkApp, settings: WorkerSettings, metrics: Metrics, health: Health) -> None:
    """Until the process is told to stop."""
    probe = ProbeServer(settings.probe_host, settings.probe_port, health.healthy, health.ready, metrics.registry)
    probe.start()
    # modules and rules live as long as the process: the collector need not walk them after every few records
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    health.start(loop, settings)
    worker = faust.Worker(
        app, loop=loop, loglevel=logging.WARNING, redirect_stdouts=False, quiet=True, override_logging=False
    )
    # debugging signals: one prints all local variables, texts of citizens too, the other waits for a debugger
    worker._on_sigusr1 = worker._on_sigusr2 = lambda: None
    worker.execute_from_commandline()
