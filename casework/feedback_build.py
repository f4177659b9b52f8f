"""The state that follows from the events of a piece of feedback: fold, due moments and moments of alert."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from casework.calendar import VIETNAM
from casework.counting import Deadline
from casework.escalation import climb, reached
from casework.feedback_fold import Course, fold
from casework.feedback_limits import STAGES
from casework.feedback_state import FeedbackEvent, FeedbackState, Ratings, StageDue
from casework.feedback_texts import erased_at, marks, remains
from casework.watchpoints import Watchpoint

if TYPE_CHECKING:
    from casework.rules import Rules

MOST_EVENTS = 1000
DROPPED = "repeats_dropped"
_EACH = frozenset({"escalated", "erased"})


def build(
    old: FeedbackState, history: tuple[FeedbackEvent, ...], rules: "Rules"
) -> tuple[FeedbackState, Course | None]:
    """The fold of `history`, in business order, and its course: no alert stands in it and nothing was told of it.

    Of `old` only the id counts, and that repeats were dropped from its history.
    """
    empty = FeedbackState(feedback_id=old.feedback_id, rules=rules.hash)
    crossed = marks(history)
    if crossed and crossed[-1].type == "moved":
        return replace(empty, stage="moved", history=remains(history)), None
    kept = _without_repeats(history)
    dropped = len(kept) < len(history) or DROPPED in old.flags
    course = fold(kept, rules)
    if course is None:
        return replace(empty, history=kept, source=history[0].source if history else ""), None
    state = _folded(course, replace(empty, history=kept))
    return replace(state, flags=tuple(sorted({*course.flags, *([DROPPED] if dropped else [])}))), course


def _folded(course: Course, empty: FeedbackState) -> FeedbackState:
    deadlines = {stage: course.deadline(stage) for stage in STAGES}
    opened = [event for event in empty.history if event.type == "opened"]
    erased = erased_at(empty) is not None
    watch = () if erased else (*_watch(empty.feedback_id, course, deadlines), *climb(empty.feedback_id, course))
    step = reached(watch, empty.history)
    return replace(
        empty,
        stage=course.stage,
        due=StageDue(**{stage: deadline.at if deadline else None for stage, deadline in deadlines.items()}),
        escalation=step.alert if step else None,
        escalation_id=step.alert_id if step else None,
        violations=tuple(sorted(course.violations)),
        domain=course.profile.domain,
        kind=course.profile.kind,
        lane=course.profile.lane,
        urgency=course.profile.urgency,
        agency=course.agency,
        channel=course.opened.channel,
        area=course.opened.area,
        transfers=course.transfers,
        holders=course.holders,
        ratings=Ratings(*(course.ratings[rating] for rating in ("like", "dislike", "neutral"))),
        reopened=course.reopenings,
        urged=len(course.urgings),
        directed=course.directed.until if course.directed else None,
        received_at=course.received_at,
        first_sent_at=min(event.received_at or event.at for event in opened),
        source=course.opened.source,
        watch=watch,
    )


def _watch(feedback_id: str, course: Course, deadlines: Mapping[str, Deadline | None]) -> Iterable[Watchpoint]:
    for stage, deadline in deadlines.items():
        if deadline and stage not in course.ended:
            day = deadline.at.isoformat() if deadline.by_moment else deadline.date.isoformat()
            for alert, moment in _moments(deadline, course).items():
                alert_id = f"{feedback_id}:{stage}:{day}:{alert}"
                yield Watchpoint(moment=moment, alert=alert, alert_id=alert_id, due_at=deadline.at, stage=stage)


def _moments(deadline: Deadline, course: Course) -> dict[str, datetime]:
    """From when a running stage is due soon and overdue; a limit in hours is only ever overdue."""
    if deadline.by_moment:
        return {"overdue": deadline.at}
    settings = course.rules.settings
    soon = course.calendar.add_working(deadline.date, -settings.feedback_due_soon_days)
    return {
        "due_soon": datetime.combine(soon, settings.alert_time, VIETNAM),
        "overdue": datetime.combine(deadline.date + timedelta(days=1), time(), VIETNAM),
    }


def _without_repeats(history: tuple[FeedbackEvent, ...]) -> tuple[FeedbackEvent, ...]:
    """A history that grew beyond all measure keeps the first of each run of events that say the same.

    Each step of an escalation stays: the case climbs by the ids of these events. Each erasure stays: the lanes tell
    each other the last one.
    """
    if len(history) <= MOST_EVENTS:
        return history
    at = history[0].at
    said = groupby(history, key=lambda event: event if event.type in _EACH else replace(event, id="", at=at))
    return tuple(next(run) for _, run in said)
