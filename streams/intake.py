"""The worker that classifies; scikit-learn and the model are in its process alone."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from models.model_file import ModelFile
from models.places import AreaFinder
from streams.apps import new_app
from streams.chunks import ChunkApp
from streams.classify import TEXTS_AT_ONCE, Intake
from streams.codec import Sealer
from streams.dead_letters import DeadLetters
from streams.health import Health
from streams.measuring import Measuring
from streams.metrics import Metrics, ModelInfo, rules_info
from streams.records import send_all
from streams.settings import WorkerSettings
from streams.workers import add_agent, run

log = logging.getLogger(__name__)
LOOK_SECONDS = 2.0


def run_intake(settings: WorkerSettings, model: ModelFile) -> None:
    """Classifies until it is stopped; a model that replaces the file is taken up meanwhile. Raises ArtifactError."""
    topics, metrics = settings.topics, Metrics()
    measuring = Measuring(metrics)
    measuring.classifies()
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

    add_agent(app, "classify", topics.feedback_intake, classify_chunk, metrics)
    _follow_model(app, intake, model, ModelInfo(metrics.registry))
    rules_info(metrics.registry, settings.rules.hash)
    run(app, settings, metrics, Health(app, watches=False))


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
