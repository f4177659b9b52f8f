"""What the agents note on their metrics. Nothing of the restricted lane comes here."""

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from casework.labels import ALERTS, DOMAINS, DUTIES, FLAGS, URGENCIES, VIOLATIONS
from casework.outcomes import Outcome
from streams import codec
from streams.advance import Advanced
from streams.beats import is_beat
from streams.codec.sources import HEARTBEAT
from streams.metrics import Metrics

OTHER = "other"
UNKNOWN = "unknown"
MOST_SOURCES = 50
_SOURCE = re.compile(r"/[A-Za-z0-9._/-]{1,64}")
_RAISED = ("alert_raised", "duty_raised")
_VIOLATIONS = {"violation": "raised", "violation_retracted": "retracted"}


@dataclass(slots=True)
class SourceLabels:
    """Sources as label values: what looks like no source, and all beyond the first `most`, is `other`."""

    most: int = MOST_SOURCES
    _known: set[str] = field(default_factory=set)

    def of(self, source: str | None) -> str:
        """The label value of a source; `unknown` where a message names none that can be read."""
        if source is None:
            return UNKNOWN
        if source not in self._known and len(self._known) < self.most and _SOURCE.fullmatch(source):
            self._known.add(source)
        return source if source in self._known else OTHER


@dataclass(slots=True)
class Measuring:
    """The worker's metrics with the sources that it has met."""

    metrics: Metrics
    sources: SourceLabels = field(default_factory=SourceLabels)

    def follows(self, lane: str) -> None:
        """This worker follows a lane: what it will count stands at 0 now, or Prometheus would not see the first."""
        self.reads(f"follow_{lane}")
        self.metrics.processing.labels(lane)
        self.metrics.alert_delay.labels(lane)
        for alert in (*ALERTS, *(DUTIES if lane == "dossier" else ())):
            self.metrics.alerts.labels(lane, alert)
        for rule in VIOLATIONS:
            for change in _VIOLATIONS.values():
                self.metrics.violations.labels(rule, change)
        for urgency in URGENCIES if lane == "feedback" else ():
            self.metrics.first_action.labels(urgency)

    def reads(self, agent: str) -> None:
        """This worker has an agent of that name."""
        self.metrics.chunk.labels(agent)
        for result in ("ok", "dead"):
            self.metrics.records.labels(agent, result)

    def classifies(self) -> None:
        """This worker classifies."""
        self.reads("classify")
        for domain in DOMAINS:
            for urgency in URGENCIES:
                self.metrics.classified.labels(domain, urgency)

    def followed(self, lane: str, done: Advanced, records: Sequence[Any], seconds: float) -> None:
        """One chunk of a following agent, kept by now, that was at work on its `records` for `seconds`."""
        agent = f"follow_{lane}"
        self.metrics.chunk.labels(agent).observe(seconds)
        self.metrics.records.labels(agent, "dead").inc(len(done.dead))
        self.metrics.records.labels(agent, "ok").inc(len(records) - len(done.dead))
        for _, error in done.dead:
            self.metrics.dead_letters.labels(agent, error.reason).inc()
        for _, opening in done.opened:
            self.heard(opening.source)
        self._waited(lane, done, records)

    def _waited(self, lane: str, done: Advanced, records: Sequence[Any]) -> None:
        processing, now = self.metrics.processing.labels(lane), time.time()
        for record in records:
            arrived = codec.arrived_at(record.headers)
            if arrived is not None and not is_beat(record.key):
                processing.observe(max(0.0, now - arrived))
        if not done.taken:
            return
        live = {record.key for record in records if codec.BACKFILL_HEADER not in record.headers}
        for key, (urgency, seconds) in done.taken.items():
            if key in live:
                self.metrics.first_action.labels(urgency).observe(seconds)

    def heard(self, source: str) -> None:
        """A source has sent something that can be read; the heartbeat is none."""
        if source != HEARTBEAT:
            self.metrics.last_event.labels(self.sources.of(source)).set_to_current_time()

    def told(self, lane: str, done: Advanced, now: datetime) -> None:
        """What was told of the cases; the heartbeat's are in no figure."""
        for outcome in done.outcomes:
            if outcome.source != HEARTBEAT:
                self._outcome(lane, outcome)
        for outcome in done.raised:
            self.metrics.alert_delay.labels(lane).observe(max(0.0, (now - outcome.at).total_seconds()))

    def _outcome(self, lane: str, outcome: Outcome) -> None:
        self.metrics.outcomes.labels(lane, outcome.outcome).inc()
        if outcome.outcome in _RAISED:
            self.metrics.alerts.labels(lane, outcome.alert).inc()
        elif change := _VIOLATIONS.get(outcome.outcome):
            self.metrics.violations.labels(outcome.rule, change).inc()
        elif outcome.outcome == "flagged":
            flag = outcome.rule if outcome.rule in FLAGS else OTHER
            self.metrics.flagged.labels(self.sources.of(outcome.source), flag).inc()

    def admitted(self, agent: str, good: int, refused: Iterable[tuple[str | None, str]]) -> None:
        """Records of an intake topic: how many were good, and source and reason of those that were refused."""
        dead = 0
        for source, reason in refused:
            dead += 1
            self.metrics.refused.labels(self.sources.of(source), reason).inc()
            self.metrics.dead_letters.labels(agent, reason).inc()
        self.metrics.records.labels(agent, "dead").inc(dead)
        self.metrics.records.labels(agent, "ok").inc(good)
