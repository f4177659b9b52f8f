"""What comes in about a piece of feedback, and what is known of it. Neither holds any text of a citizen."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from casework.watchpoints import Watchpoint

CLOSED_STAGES = frozenset({"answered", "published", "rejected", "withdrawn", "merged"})


@dataclass(frozen=True, slots=True)
class Alternative:
    """A domain that the classifier considered, with its confidence from 0 to 1."""

    domain: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackEvent:
    """One event of feedback at the aware moment `at`; `type` is without its prefix `feedback.`.

    `by` is a role and an account id. Every field after `source` belongs to some types only and is null elsewhere;
    `place` is a rounded latitude and longitude, `rating` is like, dislike or neutral, `to` a step of escalation.
    """

    id: str
    type: str
    at: datetime
    by: str = ""
    source: str = ""
    received_at: datetime | None = None
    channel: str | None = None
    agency: str | None = None
    area: str | None = None
    place: tuple[float, float] | None = None
    kind: str | None = None
    domain: str | None = None
    confidence: float | None = None
    alternatives: tuple[Alternative, ...] = ()
    abstained: bool | None = None
    lane: str | None = None
    urgency: str | None = None
    model_version: str | None = None
    until: datetime | None = None
    document_number: str | None = None
    accepted_at: datetime | None = None
    door: str | None = None
    reason: str | None = None
    rating: str | None = None
    into: str | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class StageDue:
    """When each stage is or was due; null where it has no limit or has not begun."""

    accept: datetime | None = None
    answer: datetime | None = None
    publish: datetime | None = None

    def of(self, stage: str) -> datetime | None:
        """The due moment of a stage by its name."""
        return {"accept": self.accept, "answer": self.answer, "publish": self.publish}[stage]


@dataclass(frozen=True, slots=True)
class Holding:
    """An agency that held the case from `since` to `until`: null while it does, null for one that nobody was given."""

    agency: str | None
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ratings:
    """How often the sender was pleased, was not, or neither (QĐ 766, 5.3)."""

    like: int = 0
    dislike: int = 0
    neutral: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackState:
    """The state of a piece of feedback: a pure fold of its events, but for `alert`, its id and stage, and `counts`.

    `holders` in order of time, the last one open while the case is. `reopened` and `urged` count; `directed` is the
    moment by which a leader wants the case done, which is no legal limit. `escalation` is the step that the case has
    climbed to because nobody has accepted it, by its event, not by the clock.

    A case that moved to the other lane keeps a stub: its stage, the events of moving and of erasing, and the counts
    from which ids of outcomes are made, lest it come back.
    """

    feedback_id: str
    stage: str = "received"
    due: StageDue = StageDue()
    alert: str | None = None
    alert_id: str | None = None
    alert_stage: str | None = None
    escalation: str | None = None
    escalation_id: str | None = None
    violations: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    domain: str | None = None
    kind: str | None = None
    lane: str | None = None
    urgency: str | None = None
    agency: str | None = None
    channel: str | None = None
    area: str | None = None
    transfers: int = 0
    holders: tuple[Holding, ...] = ()
    ratings: Ratings = Ratings()
    reopened: int = 0
    urged: int = 0
    directed: datetime | None = None
    received_at: datetime | None = None
    first_sent_at: datetime | None = None
    history: tuple[FeedbackEvent, ...] = ()
    source: str = ""
    rules: str = ""
    watch: tuple[Watchpoint, ...] = ()
    counts: dict[str, int] = dataclasses.field(default_factory=dict)
