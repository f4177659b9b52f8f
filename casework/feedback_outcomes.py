"""What there is to tell when the state of a piece of feedback changes: the difference between two folds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from casework.feedback_fold import Course, fold, late
from casework.feedback_limits import STAGES
from casework.feedback_state import FeedbackState
from casework.outcomes import Ledger, Outcome, Step
from casework.watchpoints import by_id, still_stands

if TYPE_CHECKING:
    from casework.rules import Rules


@dataclass(frozen=True, slots=True)
class Ending:
    """When a stage ended, and how that compares with when it was due."""

    at: datetime
    standing: str
    due_at: datetime | None


def tell(
    old: FeedbackState,
    new: FeedbackState,
    course: Course | None,
    rules: "Rules",
    at: datetime,
    cause: str | None = None,
) -> Step[FeedbackState]:
    """The new state, with the alert that still stands and the counts of what was told, and the outcomes in order.

    `course` is the one that `new` was built from, `at` the business moment of what brought the change, `cause` the
    change of rules, if it was one.
    """
    if still_stands(old.watch, new.watch, old.alert_id):
        new = replace(new, alert=old.alert, alert_id=old.alert_id, alert_stage=old.alert_stage)
    teller = _Teller(old, new, course, rules, at, cause, Ledger.of(new.feedback_id, old.counts))
    outcomes = tuple(teller.all())
    return Step(replace(new, counts=teller.ledger.counts), outcomes)


def endings(state: FeedbackState, course: Course | None) -> dict[str, Ending]:
    """The stages of a state that have ended, by its course, judged by the due moments that the state holds."""
    ended = course.ended if course else {}
    return {stage: _ending(ended[stage], state.due.of(stage)) for stage in STAGES if stage in ended}


def _ending(at: datetime, due_at: datetime | None) -> Ending:
    return Ending(at, "late" if due_at and late(at, due_at) else "on_time", due_at)


@dataclass(slots=True)
class _Teller:
    old: FeedbackState
    new: FeedbackState
    course: Course | None
    rules: "Rules"
    at: datetime
    cause: str | None
    ledger: Ledger

    def all(self) -> Iterator[Outcome]:
        yield from self.retraction()
        yield from self.recalculations()
        arose = {**self.course.violations, **self.course.flags} if self.course else {}
        yield from self.endings()
        for rule in _more(self.new.violations, self.old.violations):
            yield self.outcome("violation", rule, at=arose.get(rule, self.at), rule=rule)
        for rule in _more(self.old.violations, self.new.violations):
            yield self.outcome("violation_retracted", rule, at=self.at, rule=rule)
        for flag in _more(self.new.flags, self.old.flags):
            yield self.outcome("flagged", flag, at=arose.get(flag, self.at), rule=flag)

    def retraction(self) -> Iterator[Outcome]:
        old = self.old
        point = by_id(old.watch, old.alert_id or "")
        if point and self.new.alert_id is None:
            told = self.outcome("alert_retracted", point.alert_id, at=self.at)
            yield replace(
                told,
                alert=point.alert,
                alert_id=point.alert_id,
                due_at=point.due_at,
                stage=point.stage,
                cause=self.cause,
            )

    def recalculations(self) -> Iterator[Outcome]:
        for stage in STAGES if self.cause else ():
            before, after = self.old.due.of(stage), self.new.due.of(stage)
            if before != after:
                told = self.outcome("recalculated", stage, at=self.at)
                yield replace(told, stage=stage, due_at=after, from_=_iso(before), to=_iso(after), cause=self.cause)

    def endings(self) -> Iterator[Outcome]:
        before = endings(self.old, fold(self.old.history, self.rules))
        for stage, ending in endings(self.new, self.course).items():
            known = before.get(stage)
            if known is None or (known.at, known.standing) != (ending.at, ending.standing):
                told = self.outcome("closed", stage, at=ending.at)
                yield replace(told, stage=stage, standing=ending.standing, due_at=ending.due_at)

    def outcome(self, outcome: str, about: str, *, at: datetime, rule: str | None = None) -> Outcome:
        return Outcome(
            id=self.ledger.next_id(outcome, about),
            outcome=outcome,
            case_id=self.new.feedback_id,
            at=at,
            source=self.new.source or self.old.source,
            agency=self.new.agency or self.old.agency,
            domain=self.new.domain or self.old.domain,
            rule=rule,
        )


def _more(these: tuple[str, ...], than: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code for code in these if code not in than)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
