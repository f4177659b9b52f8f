"""The topics: what each carries and how long Kafka keeps it. The one list that creation, docs and agents read."""

from collections.abc import Mapping
from dataclasses import dataclass

DAY_MS = 86_400_000
FOR_EVER = {"cleanup.policy": "delete", "retention.ms": "-1"}
COMPACTED = {
    "cleanup.policy": "compact",
    "max.compaction.lag.ms": str(DAY_MS),
    "delete.retention.ms": str(30 * DAY_MS),
}
# bytes; sealed whole as JSON in base64, a record of an intake topic can become eight times as long
LARGEST_INTAKE, LARGEST_LETTER = 2 << 20, 20 << 20
INTAKE = {
    "cleanup.policy": "delete",
    "max.message.bytes": str(LARGEST_INTAKE),
    "retention.ms": str(30 * DAY_MS),
    "segment.ms": str(DAY_MS),
    "message.timestamp.type": "LogAppendTime",
}
ONE_DAY = {"cleanup.policy": "delete", "retention.ms": str(DAY_MS)}


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """One topic without prefix: its key and value in words, its settings in Kafka's own names."""

    name: str
    key: str
    value: str
    config: Mapping[str, str]


SPECS = (
    TopicSpec("dossier.intake", "any", "dossier.status_changed, or a bare national payload", INTAKE),
    TopicSpec("dossier.events", "dossier_code", "dossier.status_changed, clean", FOR_EVER),
    TopicSpec("dossier.states", "dossier_code", "state of a dossier", COMPACTED),
    TopicSpec("dossier.outcomes", "dossier_code", "dossier.outcome", FOR_EVER),
    TopicSpec("dossier.ticks", "dossier_code", "tick (internal)", ONE_DAY),
    TopicSpec("feedback.intake", "any", "feedback.received", INTAKE),
    TopicSpec("feedback.events", "feedback_id", "events of feedback, no text", FOR_EVER),
    TopicSpec("feedback.texts", "feedback_id/event id", "redacted and sealed text", COMPACTED),
    TopicSpec("feedback.states", "feedback_id", "state of feedback", COMPACTED),
    TopicSpec("feedback.outcomes", "feedback_id", "feedback.outcome", FOR_EVER),
    TopicSpec("feedback.ticks", "feedback_id", "tick (internal)", ONE_DAY),
    TopicSpec("restricted.events", "feedback_id", "events of feedback, no text", FOR_EVER),
    TopicSpec("restricted.texts", "feedback_id/event id", "redacted and sealed text", COMPACTED),
    TopicSpec("restricted.states", "feedback_id", "state of feedback", COMPACTED),
    TopicSpec("restricted.outcomes", "feedback_id", "feedback.outcome", FOR_EVER),
    TopicSpec("restricted.ticks", "feedback_id", "tick (internal)", ONE_DAY),
    TopicSpec(
        "dead.letters",
        "topic/partition/offset",
        "original bytes, sealed when from an intake topic or the restricted lane",
        COMPACTED | {"max.message.bytes": str(LARGEST_LETTER)},
    ),
)


@dataclass(frozen=True, slots=True)
class Lane:
    """The topics of one kind of case, prefixed: everything that a following agent reads and writes."""

    name: str
    events: str
    states: str
    outcomes: str
    ticks: str
    texts: str | None


@dataclass(frozen=True, slots=True)
class Topics:
    """Names of all topics, groups and apps under a prefix, and their number of partitions."""

    prefix: str = ""
    partitions: int = 12

    def named(self, name: str) -> str:
        return f"{self.prefix}{name}"

    def lane(self, name: str) -> Lane:
        """The topics of `dossier`, `feedback` or `restricted`."""
        texts = None if name == "dossier" else self.named(f"{name}.texts")
        return Lane(
            name=name,
            events=self.named(f"{name}.events"),
            states=self.named(f"{name}.states"),
            outcomes=self.named(f"{name}.outcomes"),
            ticks=self.named(f"{name}.ticks"),
            texts=texts,
        )

    @property
    def dossier_intake(self) -> str:
        return self.named("dossier.intake")

    @property
    def feedback_intake(self) -> str:
        return self.named("feedback.intake")

    @property
    def dead_letters(self) -> str:
        return self.named("dead.letters")

    @property
    def dossier(self) -> Lane:
        return self.lane("dossier")

    @property
    def feedback(self) -> Lane:
        return self.lane("feedback")

    @property
    def restricted(self) -> Lane:
        return self.lane("restricted")

    @property
    def sealed_when_dead(self) -> frozenset[str]:
        """Topics whose records may hold personal data or tell of the restricted lane: their dead letters are sealed."""
        restricted = self.restricted
        return frozenset({self.dossier_intake, self.feedback_intake, restricted.events, restricted.ticks})

    @property
    def admit_app(self) -> str:
        return self.named("langnghe-admit")

    @property
    def intake_app(self) -> str:
        return self.named("langnghe-intake")

    @property
    def cases_app(self) -> str:
        return self.named("langnghe-cases")

    @property
    def projector_group(self) -> str:
        return self.named("langnghe-projector")
