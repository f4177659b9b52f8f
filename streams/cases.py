"""The case worker: three following agents, one deadline watch, one place that knows whether all is well."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from aiokafka.errors import KafkaError

from casework.calendar import VIETNAM
from streams.advance import DOSSIERS, FEEDBACK
from streams.apps import CONCURRENCY, chunked, crash, new_app, owned, state_table
from streams.chunks import ChunkApp
from streams.codec import Sealer
from streams.crossing import Crossing
from streams.dead_letters import DeadLetters
from streams.follow import Follower
from streams.health import Health
from streams.keep import Fenced
from streams.measuring import Measuring
from streams.metrics import Metrics, rules_info
from streams.positions import PositionReader
from streams.provision import TopicsError
from streams.settings import WorkerSettings
from streams.steady import SteadyClock

WATCH_SECONDS = 0.25
POLL_SECONDS = 1.0
BATCHES_AT_ONCE = 4  # some wait for the broker while another is folded
Step = Callable[[Follower], Awaitable[bool]]  # whether it moved on


@dataclass(frozen=True, slots=True)
class CaseWorker:
    """The app and what stands beside it."""

    app: ChunkApp
    followers: tuple[Follower, ...]
    metrics: Metrics
    health: Health


def case_worker(settings: WorkerSettings) -> CaseWorker:
    """Builds the Faust app `langnghe-cases`."""
    topics, metrics = settings.topics, Metrics()
    app = new_app(topics.cases_app, settings, chunk_size=settings.chunk_size)
    dead_letters, measuring = DeadLetters(topics, Sealer(settings.public_key)), Measuring(metrics)
    lanes = ((topics.dossier, DOSSIERS), (topics.feedback, FEEDBACK), (topics.restricted, FEEDBACK))
    followers = tuple(
        Follower(lane, kind, state_table(app, lane, topics.partitions), settings.rules, dead_letters, measuring)
        for lane, kind in lanes
    )
    _, public, restricted = followers
    public.crossing = restricted.crossing = Crossing(public.table, restricted.table, topics)
    health = Health(app)
    for follower in followers:
        _add_agent(app, follower)
    _tour_after_recovery(app, followers)
    _add_watch(app, followers, metrics, health)
    _add_polling(app, followers, settings, health)
    _describe(metrics, settings, followers)
    _describe_recovery(metrics, app, followers)
    return CaseWorker(app, followers, metrics, health)


def _add_agent(app: ChunkApp, follower: Follower) -> None:
    async def follow(stream: Any) -> None:
        async for event in stream.events():
            message = event.message
            try:
                await follower.step(event.value, message.partition, message.epoch)
            except Fenced:
                continue  # the partition's new owner reads this chunk again
            except Exception as problem:  # noqa: BLE001 - the edge of the process: an unacknowledged chunk is read again
                crash(problem)

    source = chunked(app, follower.lane.events, follower.lane.ticks)
    app.agent(source, name=f"follow_{follower.lane.name}", concurrency=CONCURRENCY)(follow)
    if follower.public:
        follower.measuring.follows(follower.lane.name)


def _tour_after_recovery(app: ChunkApp, followers: tuple[Follower, ...]) -> None:
    async def forget(*_: Any, **__: Any) -> None:
        for follower in followers:
            follower.forget()

    app.on_partitions_revoked.connect(forget, weak=False)
    for follower in followers:

        async def begin(follower: Follower = follower) -> None:
            follower.recovered(owned(app, follower.lane.events), app.consumer.epoch)

        follower.table.table.on_recover(begin)
    # looking waits for nothing, so that one does it; a batch that is folded again waits for the broker
    for step in (Follower.mend, _look, *[Follower.fold_again] * BATCHES_AT_ONCE):
        app.task(_tour(app, followers, step))


def _tour(app: ChunkApp, followers: tuple[Follower, ...], step: Step) -> Callable[[], Awaitable[None]]:
    async def tour() -> None:
        while not app.should_stop:
            try:
                moved = not (app.rebalancing or app.in_recovery) and await _moved(followers, step)
            except Fenced:
                moved = False  # a rebalance came over it: the next recovery begins a tour of its own
            except Exception as problem:  # noqa: BLE001 - the edge of the process: cases would stay under other rules
                crash(problem)
            await asyncio.sleep(0 if moved else WATCH_SECONDS)

    return tour


async def _moved(followers: tuple[Follower, ...], step: Step) -> bool:
    """Whether one of them had something to do."""
    for follower in followers:
        if await step(follower):
            return True
    return False


async def _look(follower: Follower) -> bool:
    return follower.look()


def _add_watch(app: ChunkApp, followers: tuple[Follower, ...], metrics: Metrics, health: Health) -> None:
    clock = SteadyClock()

    async def watch() -> None:
        if app.rebalancing or app.in_recovery:
            return
        if clock.is_steady(time.time(), time.monotonic()):
            for follower in followers:
                await follower.fire(datetime.now(UTC))
        metrics.watch_round.set(time.time())
        health.watched()

    async def rounds() -> None:
        while not app.should_stop:
            try:
                await watch()
            except Exception as problem:  # noqa: BLE001 - the edge of the process: a watch that died would alert nobody
                crash(problem)
            await asyncio.sleep(WATCH_SECONDS)

    app.task(rounds)


def _add_polling(app: ChunkApp, followers: tuple[Follower, ...], settings: WorkerSettings, health: Health) -> None:
    async def poll() -> None:
        reader = PositionReader(settings)
        try:
            await reader.start()
            while not app.should_stop:
                await asyncio.sleep(POLL_SECONDS)
                await _poll_all(app, followers, settings, reader, health)
        finally:
            await reader.stop()

    async def polling() -> None:
        while not app.should_stop:
            try:
                await poll()
            except (KafkaError, TimeoutError):
                await asyncio.sleep(POLL_SECONDS)  # the broker is away for a while; what was learnt stays true
            except Exception as problem:  # noqa: BLE001 - the edge of the process: nothing late would fire any more
                crash(problem)

    app.task(polling)


async def _poll_all(
    app: ChunkApp, followers: tuple[Follower, ...], settings: WorkerSettings, reader: PositionReader, health: Health
) -> None:
    if app.rebalancing or app.in_recovery:
        return
    for follower in followers:
        await _poll(app, follower, settings, reader)
    health.polled()


async def _poll(app: ChunkApp, follower: Follower, settings: WorkerSettings, reader: PositionReader) -> None:
    topics, backlog = settings.topics, follower.backlog
    dossiers = follower.lane.name == "dossier"
    partitions = owned(app, follower.lane.events)
    if owned(app, follower.lane.ticks) != partitions:
        # deleted behind our back, and made anew or not: Faust would go on without it for ever
        raise TopicsError(f"{follower.lane.ticks}: không còn được đọc")
    if partitions:
        positions = await reader.read(
            intake=topics.dossier_intake if dossiers else topics.feedback_intake,
            intake_group=topics.admit_app if dossiers else topics.intake_app,
            events=follower.lane.events,
            events_group=topics.cases_app,
            owned=partitions,
            partitions=topics.partitions,
        )
        backlog.poll(positions)
        ends = await reader.ends(follower.lane.states, partitions)
        if not (app.rebalancing or app.in_recovery):
            follower.table.look(time.monotonic(), ends)


def _describe(metrics: Metrics, settings: WorkerSettings, followers: tuple[Follower, ...]) -> None:
    public = {follower.lane.name: follower for follower in followers if follower.public}

    def count() -> Mapping[tuple[str, ...], int]:
        return {
            (lane, alert, str(partition)): counts[alert]
            for lane, follower in public.items()
            for partition, counts in list(follower.counts.items())
            for alert in ("none", "due_soon", "apology_due", "overdue")
        }

    def owned_now() -> Mapping[tuple[str, ...], int]:
        return {(lane, str(partition)): 1 for lane, follower in public.items() for partition in list(follower.counts)}

    metrics.counted("langnghe_open_cases", count)
    metrics.counted("langnghe_partition_owned", owned_now)
    metrics.counted("langnghe_cases_to_refold", lambda: {(lane,): len(one.tour) for lane, one in public.items()})
    metrics.counted(
        "langnghe_partitions_to_look_through", lambda: {(lane,): one.tour.ahead for lane, one in public.items()}
    )
    metrics.counted("langnghe_watched_moments", lambda: {(): sum(len(one.watch) for one in public.values())})
    rules_info(metrics.registry, settings.rules.hash)
    calendar = settings.rules.calendar
    last = date(calendar.last_year, 12, 31)
    metrics.counted("langnghe_working_day", lambda: {(): calendar.is_working(datetime.now(VIETNAM).date())})
    metrics.counted("langnghe_calendar_days_left", lambda: {(): (last - datetime.now(UTC).date()).days})


def _describe_recovery(metrics: Metrics, app: ChunkApp, followers: tuple[Follower, ...]) -> None:
    public = {follower.lane.states for follower in followers if follower.public}

    def left() -> int:
        return app.tables.recovery.left_to_read(public) if app.in_recovery else 0

    metrics.counted("langnghe_recovering", lambda: {(): bool(app.rebalancing or app.in_recovery)})
    metrics.counted("langnghe_recovery_records", lambda: {(): left()})
