"""Who hears of a report that nobody accepts: steps at set times, each an event of the case."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from casework.calendar import VIETNAM
from casework.counting import Limit, Style
from casework.feedback_course import Course
from casework.feedback_rows import Row, read_rows
from casework.feedback_state import FeedbackEvent, FeedbackState
from casework.labels import ESCALATIONS, URGENCIES
from casework.watchpoints import RANK, Watchpoint

TRACK: Final = "escalation"
BY = "system"
USUAL = "normal"


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """How long a case of some urgency may be accepted by nobody until `step` hears of it; `limit.source` says why."""

    urgency: str
    step: str
    limit: Limit


def parse_escalation(lines: Iterable[str], style: Style = "date") -> tuple[EscalationStep, ...]:
    """Steps in lines of CSV: `urgency,step,amount,unit,source`; no lines, no steps.

    Raises InvalidField naming the line that cannot be used, stands twice, or lets a higher step come before a lower.
    """
    read = [(row, _step(row, style)) for row in read_rows("Báo vượt cấp", lines)]
    for urgency in URGENCIES:
        own = sorted(((row, step) for row, step in read if step.urgency == urgency), key=lambda pair: _height(pair[1]))
        for (_, lower), (row, higher) in pairwise(own):
            _check(row, lower, higher)
    return tuple(step for _, step in read)


def _step(row: Row, style: Style) -> EscalationStep:
    limit = row.limit(style)
    if limit is None:
        raise row.invalid("amount", "missing", "thiếu thời gian (amount)")
    return EscalationStep(row.known("urgency", URGENCIES), row.known("step", ESCALATIONS), limit)


def _height(step: EscalationStep) -> int:
    return RANK[step.step]


def _check(row: Row, lower: EscalationStep, higher: EscalationStep) -> None:
    if lower.step == higher.step:
        raise row.invalid("step", "repeated", f"bước {higher.step} của mức {higher.urgency} có hai lần")
    if lower.limit.unit == higher.limit.unit and lower.limit.amount > higher.limit.amount:
        raise row.invalid("amount", "bad_order", f"bước {higher.step} không được đến trước bước {lower.step}")


def untaken_since(course: Course) -> datetime | None:
    """Since when somebody has had to accept the case and has not: receipt, or when it was returned or released.

    Null where somebody has, and for praise, khiếu nại and tố cáo, which climb nowhere.
    """
    climbs = course.profile.lane == "phan_anh_kien_nghi" and course.profile.kind != "praise"
    if not climbs or course.stage not in {"opened", "returned"}:
        return None
    return max(course.received_at, course.back_at) if course.back_at else course.received_at


def climb(feedback_id: str, course: Course) -> Iterator[Watchpoint]:
    """When each step will hear of a case that nobody has accepted."""
    start = untaken_since(course)
    if start is None:
        return
    day = start.astimezone(VIETNAM).isoformat()
    for step in course.rules.escalation:
        if step.urgency == (course.profile.urgency or USUAL) and (deadline := course.due(start, step.limit)):
            alert_id = f"{feedback_id}:{TRACK}:{day}:{step.step}"
            yield Watchpoint(moment=deadline.at, alert=step.step, alert_id=alert_id, due_at=deadline.at, track=TRACK)


def reached(watch: Iterable[Watchpoint], history: Iterable[FeedbackEvent]) -> Watchpoint | None:
    """The highest step that has an event: the case climbs by its events, not by the clock."""
    happened = {event.id for event in history if event.type == "escalated"}
    points = (point for point in watch if point.track == TRACK and event_id(point) in happened)
    return max(points, key=lambda point: RANK[point.alert], default=None)


def escalated(state: FeedbackState, point: Watchpoint) -> tuple[FeedbackEvent, ...]:
    """The events of a step whose moment has come and of the lower ones that have none yet."""
    happened = {event.id for event in state.history}
    steps = (lower for lower in state.watch if lower.track == TRACK and RANK[lower.alert] <= RANK[point.alert])
    return tuple(
        FeedbackEvent(id=event_id(step), type="escalated", at=step.moment, by=BY, source=state.source, to=step.alert)
        for step in sorted(steps, key=lambda step: RANK[step.alert])
        if event_id(step) not in happened
    )


def event_id(point: Watchpoint) -> str:
    """Equal whenever the same step of the same case is sent again."""
    return hashlib.sha256(f"escalated\n{point.alert_id}".encode()).hexdigest()[:32]
