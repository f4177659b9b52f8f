"""What `langnghe explain` prints of a case: its deadline in words, then what happened."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from casework.dossiers import DossierState, explain_dossier, timeline
from casework.feedback import FeedbackState, explain_feedback
from casework.feedback_times import timeline_feedback
from casework.rules import Rules
from casework.upcoming import upcoming_lines
from casework.wording import moment_words
from desk.store import queries

_CLOCKS = {
    "none": "chưa tính thời hạn",
    "running": "đang tính thời hạn",
    "stopped": "tạm dừng tính thời hạn",
    "ended": "kết thúc",
    "refused": "không tiếp nhận",
}


def explained(connection: Connection, case: str, rules: Rules) -> list[str] | None:
    """None where no public case has that id: a hidden one and an unknown one are the same."""
    dossier = queries.dossier(connection, case)
    now = datetime.now(UTC)
    if dossier is not None:
        return dossier_lines(dossier, rules, now)
    feedback = queries.feedback_case(connection, case)
    return None if feedback is None else feedback_lines(feedback, rules, now)


def dossier_lines(state: DossierState, rules: Rules, now: datetime) -> list[str]:
    """The explanation of a dossier, its transitions with the clock after each, and what comes after `now`."""
    happened = (line for step in timeline(state, rules) for line in _step_lines(step))
    explanation = explain_dossier(state, rules)
    return [f"Hồ sơ {state.dossier_code}", *explanation, "Diễn biến:", *happened, *upcoming_lines(state.watch, now)]


def _step_lines(step: Mapping[str, Any]) -> Iterator[str]:
    """A transition, what it changed, and how long the clock then ran or waited."""
    span = f"; sau đó {step['span']}" if step["span"] else ""
    yield f"  {moment_words(step['at'])}: {step['text']} ({_CLOCKS[step['clock']]}{span})"
    yield from (f"    {note}" for note in step["notes"])


def feedback_lines(state: FeedbackState, rules: Rules, now: datetime) -> list[str]:
    """The explanation of feedback at `now`, its events in order, and what comes next; never any text of the citizen."""
    explanation = explain_feedback(state, rules, now)
    happened = map(_event_line, timeline_feedback(state, rules))
    return [f"Phản ánh {state.feedback_id}", *explanation, "Diễn biến:", *happened, *upcoming_lines(state.watch, now)]


def _event_line(event: Mapping[str, Any]) -> str:
    days = f" (sau {event['days']} ngày làm việc)" if event["days"] else ""
    return f"  {moment_words(event['at'])}: {event['text']}{days}"
