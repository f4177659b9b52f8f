"""Why the stages of a piece of feedback are due when they are, in lines of Vietnamese."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from casework.calendar import VIETNAM
from casework.counting import explain
from casework.feedback_course import Course
from casework.feedback_fold import fold
from casework.feedback_limits import STAGES
from casework.feedback_outcomes import endings
from casework.feedback_state import FeedbackState
from casework.feedback_times import handled, held, waited, waited_for_citizen
from casework.labels import FLAGS, KINDS, LANES, PLACES, URGENCIES, VIOLATIONS, VIOLATIONS_HEADING
from casework.labels import STAGES as STAGE_WORDS
from casework.wording import cause_words, due_words, limit_words, moment_words, weekday_words

if TYPE_CHECKING:
    from casework.rules import Rules

__all__ = ["explain_feedback", "not_running", "waited", "why_due"]

_BEGUN = {"accepted": "Tiếp nhận", "answered": "Trả lời", "lane_confirmed": "Thụ lý"}


def explain_feedback(state: FeedbackState, rules: "Rules", now: datetime) -> list[str]:
    """What sort of case it is, each stage with its deadline, how long the citizen has waited and where, what is odd.

    `now` is an aware moment: waiting is counted in working days up to its date in Vietnam.
    """
    if state.stage == "moved":
        return [STAGE_WORDS["moved"]]
    course = fold(state.history, rules)
    if course is None:
        return ["Chưa phân loại, chưa có thời hạn", *_other_rules(state, rules)]
    return [
        _sort(state),
        *_other_rules(state, rules),
        *_stages(state, course),
        *waited(state, rules, now),
        *held(state, rules, now),
        *waited_for_citizen(course, now),
        *handled(state, course),
        *_odd(state),
    ]


def _sort(state: FeedbackState) -> str:
    words = (LANES.get(state.lane or ""), KINDS.get(state.kind or ""), URGENCIES.get(state.urgency or ""))
    return " · ".join([STAGE_WORDS[state.stage], *filter(None, words)])


def _other_rules(state: FeedbackState, rules: "Rules") -> Iterator[str]:
    if state.rules != rules.hash:
        cause = cause_words(rules.cause_since(state.rules))
        yield f"Trạng thái được tính bằng bộ quy tắc khác ({cause}); chờ tính lại"


def _stages(state: FeedbackState, course: Course) -> Iterator[str]:
    ended = endings(state, course)
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
    elif why := not_running(stage, course):
        yield f"{STAGE_WORDS[stage]}: {why}"


def why_due(stage: str, due_at: datetime, course: Course) -> list[str]:
    """Why a running stage is due at `due_at`: the deadline, then how it was counted; empty where nothing runs."""
    begun = course.start_of(stage)
    if begun is None:
        return []
    start, limit = begun
    lines = explain(start, limit, course.calendar, course.hours, whose=_whose(course), begun=_begun(stage, course))
    if stage == "answer" and course.extended_to:
        lines.append(f"Đã gia hạn trả lời đến {weekday_words(due_at.astimezone(VIETNAM).date())}")
    return lines


def _whose(course: Course) -> str:
    """The agency, where the office hours are its own."""
    agency = course.rules.agencies.get(course.agency or "")
    return agency.name if agency and course.hours != course.rules.hours else ""


def _begun(stage: str, course: Course) -> str:
    """What happened when the limit of a stage began to run."""
    begun = course.start_of(stage)
    if stage == "answer" and begun and begun[0] == course.reopened_at:
        return "Mở lại"
    row = course.row_of(stage)
    start = row.start if row else "received"
    if start == "transferred" and course.transfers:
        return "Chuyển đơn vị"
    return _BEGUN.get(start, "Nhận")


def not_running(stage: str, course: Course) -> str | None:
    """Why a stage that people wait for has no date: a place's regulation is silent, or its limit has not begun."""
    if "answered" not in course.starts if stage == "publish" else course.over:
        return None
    row = course.row_of(stage)
    place = course.rules.feedback_limits.place_of(course.profile)
    if row is None and place:
        return f"chưa có thời hạn trong quy chế {PLACES.get(place, place)}"
    if row and row.limit and row.start == "accepted" and "accepted" not in course.starts:
        return f"{limit_words(row.limit.amount, row.limit.unit)} kể từ khi tiếp nhận"
    return None


def _odd(state: FeedbackState) -> Iterator[str]:
    if state.violations:
        yield f"{VIOLATIONS_HEADING}: {', '.join(VIOLATIONS.get(code, code) for code in state.violations)}"
    yield from (FLAGS.get(flag, flag) for flag in state.flags)
