"""The projector: Kafka's states, texts and outcomes into the read model, its offsets in the same transaction."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from kafka.errors import KafkaError
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from casework.rules import Rules
from desk import metrics
from desk.figures import show_figures
from desk.lock import Hold, only_one
from desk.outbox import KafkaOutbox, Message, Outbox, OutboxError
from desk.probes import Probe
from desk.settings import ProjectorSettings
from desk.source import KafkaSource, Place, Source
from desk.store.project import (
    ReadModelReplacedError,
    Record,
    current_generation,
    note_as_of,
    project,
    stored_offsets,
    targets,
)
from desk.store.queries import read_progress
from desk.store.tables import ensure, open_engine, rebuild
from desk.store.texts import settling
from streams.codec import since
from streams.probe import ProbeServer

log = logging.getLogger(__name__)
ACK_SECONDS = 5.0


class Projector:
    """Copies batch after batch. `step()` does one; `caught_up()` says whether the last look at Kafka found all read."""

    def __init__(
        self,
        settings: ProjectorSettings,
        engine: Engine,
        source: Source,
        outbox: Outbox,
        registry: CollectorRegistry,
        now: Callable[[], datetime],
    ) -> None:
        self._settings, self._engine, self._source, self._now = settings, engine, source, now
        self._outbox = outbox
        self._targets = targets(settings.topics)
        self._generation = ""
        self._lag: int | None = None
        self._has_caught_up = False
        self._mark: tuple[datetime, Mapping[Place, int]] | None = None
        self._looked = self._settled = datetime.fromtimestamp(0, UTC)
        self._records = metrics.counter(registry, "langnghe_projector_records_total")
        self._seconds = metrics.histogram(registry, "langnghe_projector_batch_seconds")
        self._lag_gauge = metrics.gauge(registry, "langnghe_projector_lag_records")
        self._as_of = metrics.gauge(registry, "langnghe_projector_asof_timestamp_seconds")
        for topic in self._public():
            self._records.labels(topic)

    def caught_up(self) -> bool:
        return self._lag == 0

    def ready(self) -> str | None:
        """None once it has caught up: being busy later is shown by age and lag, not by unreadiness."""
        return None if self._has_caught_up else "reading what it has missed"

    def start(self) -> None:
        """Takes up from the read model's offsets; starts over where they cannot be trusted any more."""
        ensure(self._engine)
        if self._too_old() or self._ahead_of_kafka():
            log.warning("read model emptied: its offsets do not fit Kafka")
            rebuild(self._engine)
        self._take_up()

    def step(self) -> int:
        """Copies one batch and returns its size; 0 where nothing came."""
        batch = self._source.poll()
        if batch:
            self._copy(batch)
        self._look()
        return len(batch)

    def _copy(self, batch: list[Record]) -> None:
        try:
            with self._seconds.time(), self._engine.begin() as connection:
                project(connection, self._targets, batch, self._generation)
        except ReadModelReplacedError:
            log.warning("read model was emptied: reading from the start")
            self._take_up()
            return
        self._source.commit({(record.topic, record.partition): record.offset + 1 for record in batch})
        for record in batch:
            if not self._targets[record.topic].restricted:
                self._records.labels(record.topic).inc()

    def _take_up(self) -> None:
        with self._engine.connect() as connection:
            self._generation = current_generation(connection) or ""
            positions = stored_offsets(connection)
        self._source.seek(positions)
        self._source.commit(positions)  # killed between the two, its predecessor had copied more than it said
        self._lag = self._mark = None

    def _look(self) -> None:
        """At most once per `asof_seconds`: how far Kafka goes, and since when the model holds all of it."""
        now = self._now()
        if now - self._looked < timedelta(seconds=self._settings.asof_seconds):
            return
        self._looked = now
        self._source.commit({})  # what was refused before: on a quiet night no batch would repeat it
        ends, read = self._source.ends(), self._source.positions()
        behind = {place: end - read[place] for place, end in ends.items()}
        self._lag = sum(behind.values())
        self._lag_gauge.set(sum(n for place, n in behind.items() if not self._targets[place[0]].restricted))
        if self._mark is None or self.caught_up():
            self._mark = now, ends
        moment, marks = self._mark
        if all(read[place] >= end for place, end in marks.items()):  # under steady load never all at one look
            self._mark = None
            self._note(moment)
        if self.caught_up():
            self._settle(now)

    def _note(self, now: datetime) -> None:
        with self._engine.begin() as connection:
            if current_generation(connection) == self._generation:
                note_as_of(connection, now)
                self._as_of.set(now.timestamp())
                self._has_caught_up = True
                return
        self._take_up()

    def _settle(self, now: datetime) -> None:
        """Tells Kafka what late writers left wrong; it comes back as records like all others."""
        if now - self._settled < timedelta(seconds=self._settings.settle_seconds):
            return
        self._settled = now
        with self._engine.connect() as connection:
            found = settling(connection, self._settings.topics)
            ours = current_generation(connection) == self._generation  # asked last: one that fills again would mislead
        if not (found and ours):
            return
        messages = [Message(one.topic, one.key, one.value, since(one.mark)) for one in found]
        try:
            for are_gone in (False, True):  # no text is taken from one lane before the other has it
                self._outbox.send([message for message in messages if (message.value is None) is are_gone])
        except OutboxError:
            log.warning("kafka does not answer: late texts wait")

    def _public(self) -> list[str]:
        return [topic for topic, target in self._targets.items() if not target.restricted]

    def _too_old(self) -> bool:
        """Further behind than tombstones live, so that something erased might stay."""
        with self._engine.connect() as connection:
            as_of = read_progress(connection).as_of
        return as_of is not None and self._now() - as_of > timedelta(days=self._settings.stale_days)

    def _ahead_of_kafka(self) -> bool:
        """Topics were created anew behind our back."""
        with self._engine.connect() as connection:
            stored = stored_offsets(connection)
        ends = self._source.ends()
        return any(offset > ends.get(place, 0) for place, offset in stored.items())


def run_projector(settings: ProjectorSettings, rules: Rules, stop: threading.Event | None = None) -> None:
    """Runs until `stop` is set; of the rules metrics show the hash and the agencies.

    Raises AlreadyRunningError where another projector holds the lock, and SQLAlchemyError where the database goes away.
    """
    stop = stop or threading.Event()
    engine, registry = open_engine(settings.database_url), metrics.new_registry()
    metrics.rules_info(registry, rules.hash)
    show_figures(registry, engine, lambda: datetime.now(UTC), {agency.code for agency in rules.agencies})
    with only_one(engine, settings.lock_path) as hold:
        source = KafkaSource(settings, targets(settings.topics))
        outbox = KafkaOutbox(settings.bootstrap, ACK_SECONDS, str(settings.topics.feedback.texts), settings.security)
        projector = Projector(settings, engine, source, outbox, registry, lambda: datetime.now(UTC))
        probe = Probe()
        server = ProbeServer(settings.host, settings.port, probe.healthy, projector.ready, registry)
        server.start()
        try:
            projector.start()
            _loop(projector, hold, probe, stop)
        finally:
            server.stop()
            outbox.close()
            source.close()
            engine.dispose()


def _loop(projector: Projector, hold: Hold, probe: Probe, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            hold()
            projector.step()
            probe.beat(time.monotonic())
        except KafkaError as error:
            log.warning("kafka does not answer: %s", type(error).__name__)
            stop.wait(1.0)
