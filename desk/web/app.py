"""The web's factory: every part is made here and nowhere at import."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool

from desk.outbox import KafkaOutbox, Outbox
from desk.settings import WebSettings
from desk.store.tables import create_tables, open_engine
from desk.web import (
    admin,
    cases,
    console,
    decisions,
    health,
    intake,
    ioc,
    login,
    problems,
    proposals,
    quality,
    worklist,
)
from desk.web.accounts import Accounts
from desk.web.context import Desk
from desk.web.live import Broadcaster
from desk.web.moves import Moves
from desk.web.pace import Pace
from desk.web.pages import STATIC, Pages
from desk.web.proposer import Artefact, Proposer
from desk.web.similar import SimilarCases
from desk.web.watching import Limited, Measured, WebMetrics
from models.places import AreaFinder

log = logging.getLogger(__name__)
MOVES_SECONDS = 10.0
SIMILAR_SECONDS = 3.0
MODEL_SECONDS = 2.0
GRACE_SECONDS = 3
CHORE_SECONDS = 5.0  # what a chore at work may still take at the end
PARTS = (intake, cases, decisions, proposals, admin, health, login, console, worklist, ioc, quality)


def create_app(
    settings: WebSettings, outbox: Outbox | None = None, now: Callable[[], datetime] | None = None
) -> FastAPI:
    """The application. `outbox` and `now` are given by tests; else Kafka and the clock (UTC)."""
    desk = make_desk(settings, outbox or _kafka(settings), now or _utc)
    app = FastAPI(title="Lắng Nghe", version=settings.version, docs_url=None, redoc_url=None, lifespan=_life)
    app.state.desk = desk
    problems.install(app)
    for part in PARTS:
        app.include_router(part.routes())
    desk.metrics.expect(path for path in app.openapi()["paths"] if path.startswith("/api/"))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Limited, limit=settings.body_limit, together=settings.bodies_limit)
    app.add_middleware(Measured, web_metrics=desk.metrics)
    return app


def make_desk(settings: WebSettings, outbox: Outbox, now: Callable[[], datetime]) -> Desk:
    """The parts of one web process; opens the read model and the accounts."""
    engine, accounts, metrics = (
        open_engine(settings.database_url),
        Accounts(settings.accounts_path),
        WebMetrics(settings.rules.hash),
    )
    create_tables(engine)
    accounts.sync_tokens(settings.tokens_path)

    def snapshot() -> dict[str, Any]:
        return ioc.snapshot(desk)

    desk = Desk(
        settings=settings,
        engine=engine,
        accounts=accounts,
        outbox=outbox,
        moves=Moves(accounts, outbox, engine),
        pace=Pace(settings.posts_per_second, settings.posts_at_once),
        pages=Pages(settings.rules.agencies, settings.version, now),
        proposer=Proposer(Artefact(settings.models_path)),
        similar=SimilarCases(engine),
        areas=AreaFinder(settings.rules.settings.province),
        live=Broadcaster(snapshot, metrics.live),
        metrics=metrics,
        now=now,
    )
    return desk


def run_web(settings: WebSettings) -> None:
    """Serves until SIGTERM or SIGINT; open event streams are cut after a moment of grace."""
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    desk: Desk = app.state.desk
    desk.live.start()
    work = (
        (desk.moves.finish, MOVES_SECONDS),  # what an earlier process or a silent Kafka left unfinished
        (desk.similar.follow, SIMILAR_SECONDS),  # so that no operator waits for the index
        (desk.proposer.follow, MODEL_SECONDS),  # what is proposed comes from the model of the workers
    )
    ended = asyncio.Event()
    chores = [asyncio.create_task(again(chore, seconds, ended)) for chore, seconds in work]
    yield
    ended.set()
    _, late = await asyncio.wait(chores, timeout=CHORE_SECONDS)  # a thread that goes on would lose its connection
    for chore in late:
        chore.cancel()
    await desk.live.stop()
    await run_in_threadpool(desk.outbox.close)
    desk.accounts.close()
    desk.engine.dispose()


async def again(chore: Callable[[], None], seconds: float, ended: asyncio.Event) -> None:
    """A chore again and again, in a thread. Whatever it fails at, it goes on: nobody would see that it had stopped."""
    while not ended.is_set():
        try:
            await run_in_threadpool(chore)
        except Exception as problem:  # noqa: BLE001 - the edge of the process: Kafka or a database is away
            log.warning("%s waits: %s", chore.__qualname__, type(problem).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), seconds)


def _kafka(settings: WebSettings) -> Outbox:
    return KafkaOutbox(settings.bootstrap, settings.ack_seconds, settings.topics.feedback_intake, settings.security)


def _utc() -> datetime:
    return datetime.now(UTC)
