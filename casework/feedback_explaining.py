"""Why the stages of a piece of feedback are due when they are, in lines of Vietnamese."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from casework.calendar import VIETNAM
from casework.counting import explain
from casework.feedback_fold import Course, fold
from casework.feedback_limits import STAGES
from casework.feedback_outcomes import endings
from casework.feedback_state import CLOSED_STAGES, FeedbackState
from casework.labels import FLAGS, KINDS, LANES, URGENCIES, VIOLATIONS, VIOLATIONS_HEADING
from casework.labels import STAGES as STAGE_WORDS
from casework.wording import due_words, moment_words, weekday_words

if TYPE_CHECKING:
    from casework.rules import Rules


def explain_feedback(state: FeedbackState, rules: "Rules", now: datetime) -> list[str]:
    """What sort of case it is, each stage with its deadline, how long the citizen has waited, what is odd.

    `now` is an aware moment: waiting is counted in working days up to its date in Vietnam.
    """
    if state.stage == "moved":
        return [STAGE_WORDS["moved"]]
    course = fold(state.history, rules)
    if course is None:
        return ["Chưa phân loại, chưa có thời hạn"]
    return [_sort(state), *_stages(state, course), *waited(state, rules, now), *_odd(state)]


def _sort(state: FeedbackState) -> str:
    words = (LANES.get(state.lane or ""), KINDS.get(state.kind or ""), URGENCIES.get(state.urgency or ""))
    return " · ".join([STAGE_WORDS[state.stage], *filter(None, words)])


def _stages(state: FeedbackState, course: Course) -> Iterator[str]:
    ended = endings(state, course.rules)
    for stage in STAGES:
        if stage in ended:
            done = ended[stage]
            judged = {"late": ", quá hạn", "on_time": ", đúng hạn"}[done.standing] if done.due_at else ""
            yield f"{STAGE_WORDS[stage]}: xong {moment_words(done.at)}{judged}{_by(done.due_at)}"
        else:
            yield from _running(stage, state, course)


def _by(due_at: datetime | None) -> str:
    return f" (hạn {due_words(due_at)})" if due_at else ""


def _running(stage: str, state: FeedbackState, course: Course) -> Iterator[str]:
    due_at = state.due.of(stage)
    if due_at is not None and (lines := why_due(stage, due_at, course)):
        first, *rest = lines
        yield f"{STAGE_WORDS[stage]}: {first[0].lower()}{first[1:]}"
        yield from rest


def why_due(stage: str, due_at: datetime, course: Course) -> list[str]:
    """Why a running stage is due at `due_at`: the deadline, then how it was counted; empty where nothing runs."""
    begun = course.start_of(stage)
    if begun is None:
        return []
    lines = explain(*begun, course.calendar, course.rules.hours)
    if stage == "answer" and course.extended_to:
        lines.append(f"Đã gia hạn trả lời đến {weekday_words(due_at.astimezone(VIETNAM).date())}")
    return lines


def waited(state: FeedbackState, rules: "Rules", now: datetime) -> list[str]:
    """How long the citizen has waited, whatever the clocks say (QĐ 766); empty for a case that is over."""
    if state.stage in CLOSED_STAGES or state.first_sent_at is None:
        return []
    sent = state.first_sent_at.astimezone(VIETNAM).date()
    days = max(rules.calendar.working_between(sent, now.astimezone(VIETNAM).date()), 0)
    through = f", qua {state.transfers + 1} đơn vị" if state.agency or state.transfers else ", chưa giao đơn vị nào"
    lines = [f"Đã chờ {days} ngày làm việc kể từ khi gửi{through}"]
    if state.stage == "info_requested":
        lines.append("Đang chờ người gửi làm rõ; các thời hạn vẫn tính")
    return lines


def _odd(state: FeedbackState) -> Iterator[str]:
    if state.violations:
        yield f"{VIOLATIONS_HEADING}: {', '.join(VIOLATIONS.get(code, code) for code in state.violations)}"
    yield from (FLAGS.get(flag, flag) for flag in state.flags)
