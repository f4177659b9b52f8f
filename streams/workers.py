"""Runs a Faust app as the main thing of a process, with its probe."""

import asyncio
import gc
import logging
from collections.abc import Sequence
from typing import Any

import faust

from models.model_file import ModelFile
from models.places import AreaFinder
from streams.admit import Admission
from streams.apps import CONCURRENCY, chunked, crash, new_app
from streams.cases import case_worker
from streams.chunks import ChunkApp
from streams.classify import TEXTS_AT_ONCE, Intake
from streams.codec import Sealer
from streams.dead_letters import DeadLetters
from streams.health import Health
from streams.measuring import Measuring
from streams.metrics import Metrics, ModelInfo, rules_info
from streams.probe import ProbeServer
from streams.records import send_all
from streams.settings import WorkerSettings
from streams.stores import adopt

log = logging.getLogger(__name__)
LOOK_SECONDS = 2.0


def run_cases(settings: WorkerSettings) -> None:
    """Raises TopicsError where the topics are not as they should be."""
    adopt(settings)
    worker = case_worker(settings)
    _run(worker.app, settings, worker.metrics, worker.health)


def run_admit(settings: WorkerSettings) -> None:
    topics, metrics = settings.topics, Metrics()
    measuring = Measuring(metrics)
    app = new_app(topics.admit_app, settings, chunk_size=settings.chunk_size)
    dead_letters = DeadLetters(topics, Sealer(settings.public_key))
    admission = Admission(topics.dossier.events, settings.rules.agencies, dead_letters, measuring.heard)

    async def admit_chunk(records: Sequence[Any]) -> None:
        sends, refused = admission.admit(records)
        await send_all(app, sends)
        measuring.admitted("admit_dossiers", len(sends) - len(refused), refused)

    _add_agent(app, "admit_dossiers", topics.dossier_intake, admit_chunk, metrics)
    rules_info(metrics.registry, settings.rules.hash)
    _run(app, settings, metrics, Health(app, watches=False))


def run_intake(settings: WorkerSettings, model: ModelFile) -> None:
    """Classifies until it is stopped; a model that replaces the file is taken up meanwhile. Raises ArtifactError."""
    topics, metrics = settings.topics, Metrics()
    measuring = Measuring(metrics)
    # few chunks of few texts: a text may be large, and what waits in memory must stay bounded
    app = new_app(topics.intake_app, settings, chunk_size=TEXTS_AT_ONCE, buffered_chunks=4)
    sealer = Sealer(settings.public_key)
    areas = AreaFinder(settings.rules.settings.province)
    intake = Intake(topics, model.load(), areas, settings.rules.agencies, sealer, DeadLetters(topics, sealer))

    async def classify_chunk(records: Sequence[Any]) -> None:
        sends, public, refused = await intake.take(records)
        await send_all(app, sends)
        # public ones only: the difference to `langnghe_classified_total` would count the restricted lane
        measuring.admitted("classify", len(public), refused)
        for found in public:
            metrics.classified.labels(found.domain, found.urgency).inc()

    _add_agent(app, "classify", topics.feedback_intake, classify_chunk, metrics)
    _follow_model(app, intake, model, ModelInfo(metrics.registry))
    rules_info(metrics.registry, settings.rules.hash)
    _run(app, settings, metrics, Health(app, watches=False))


def _add_agent(app: ChunkApp, name: str, topic: str, work: Any, metrics: Metrics) -> None:
    async def agent(stream: Any) -> None:
        async for records in stream:
            try:
                with metrics.chunk.labels(name).time():
                    await work(records)
            except Exception as problem:  # noqa: BLE001 - the edge of the process: an unacknowledged chunk is read again
                crash(problem)

    app.agent(chunked(app, topic), name=name, concurrency=CONCURRENCY)(agent)


def _follow_model(app: ChunkApp, intake: Intake, model: ModelFile, info: ModelInfo) -> None:
    """Swaps the classifier between two batches: what is in flight ends with the one that it began with."""

    async def follow() -> None:
        info.runs_with(intake.classifier.metadata.version)
        while not app.should_stop:
            await asyncio.sleep(LOOK_SECONDS)
            if await asyncio.to_thread(_take_up, intake, model):
                info.runs_with(intake.classifier.metadata.version)

    app.task(follow)


def _take_up(intake: Intake, model: ModelFile) -> bool:
    """Whether a newer model was found; where it cannot be used, the old one stays."""
    if (newer := model.newer_usable()) is None:
        return False
    intake.classifier = newer
    log.info("model %s is taken up", newer.metadata.version)
    return True


def _run(app: ChunkApp, settings: WorkerSettings, metrics: Metrics, health: Health) -> None:
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
