"""Waiting until what was sent to the intake has gone through all processes into the read model."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kafka.admin import KafkaAdminClient
from sqlalchemy import Engine

from cli.log import new_consumer
from cli.settings import Settings
from desk.store.project import stored_offsets
from desk.store.tables import ensure, open_engine
from streams.offsets import committed, places

Place = tuple[str, int]
Offsets = Mapping[Place, int]
Remaining = Callable[[int], None]
LOOK_SECONDS = 0.3
PATIENCE_SECONDS = 60.0


class NotArrivedError(RuntimeError):
    """Nothing moved for a minute; the message names the process to look at."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Asks Kafka for what the groups have read, and the read model for what it holds."""

    settings: Settings
    admin: Any
    consumer: Any
    engine: Engine

    def wait(self, sent: Offsets, remaining: Remaining) -> None:
        """Returns when all that lies before the offsets `sent` of the intake topics is in the read model.

        `remaining` is told how much of the intake is not read yet; figures past it would tell how much is restricted.

        What left the intake is on the events topics by then, and what left those is in the states: so three times the
        ends of the next topics are what must be passed. Raises NotArrivedError, KafkaError.
        """
        topics = self.settings.topics
        self._pass(sent, self._read_by(topics.admit_app, topics.intake_app), "worker admit hoặc intake", remaining)
        lanes = (topics.dossier, topics.feedback, topics.restricted)
        events = self._ends([lane.events for lane in lanes])
        self._pass(events, self._read_by(topics.cases_app), "worker cases")
        states = self._ends([lane.states for lane in lanes] + [lane.texts for lane in lanes if lane.texts])
        self._pass(states, self._projected, "projector")

    def close(self) -> None:
        self.consumer.close()
        self.admin.close()
        self.engine.dispose()

    def _pass(
        self, marks: Offsets, committed: Callable[[], Offsets], process: str, remaining: Remaining | None = None
    ) -> None:
        left, moved = missing(marks, committed()), time.monotonic()
        while left:
            if remaining:
                remaining(left)
            if time.monotonic() - moved > PATIENCE_SECONDS:
                raise NotArrivedError(f"Còn dữ liệu chưa qua {process}; hãy xem langnghe up có đang chạy không.")
            time.sleep(LOOK_SECONDS)
            now = missing(marks, committed())
            if now < left:
                left, moved = now, time.monotonic()

    def _read_by(self, *groups: str) -> Callable[[], Offsets]:
        return lambda: {place: offset for group in groups for place, offset in committed(self.admin, group).items()}

    def _projected(self) -> Offsets:
        with self.engine.connect() as connection:
            return stored_offsets(connection)

    def _ends(self, topics: list[str]) -> Offsets:
        every = [place for topic in topics for place in places(topic, self.settings.topics.partitions)]
        found: Offsets = self.consumer.end_offsets(every)
        return found


def missing(marks: Offsets, committed: Offsets) -> int:
    """How many records before the marks were not read yet."""
    return sum(max(end - max(committed.get(place, 0), 0), 0) for place, end in marks.items())


def new_arrival(settings: Settings) -> Arrival:
    """Raises KafkaError."""
    engine = open_engine(settings.database_url)
    ensure(engine)
    return Arrival(settings, KafkaAdminClient(**settings.kafka), new_consumer(settings), engine)
