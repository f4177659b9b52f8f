"""Deadlines as people read them: by stage what is due and how long is left, and under it why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from casework.calendar import VIETNAM, Calendar
from casework.dossiers import DossierState
from casework.feedback import FeedbackState
from casework.feedback_explaining import not_running, why_due
from casework.feedback_fold import Course, fold, late
from casework.feedback_limits import STAGES
from casework.feedback_outcomes import Ending, endings
from casework.labels import DUE_TODAY, DUTIES, STANDINGS
from casework.labels import STAGES as STAGE_WORDS
from casework.rules import Rules
from casework.watchpoints import by_id
from casework.wording import due_words, moment_words

END_OF_DAY = time(23, 59, 59)
DONE = {"late": "xong, quá hạn", "on_time": "xong đúng hạn"}


@dataclass(frozen=True, slots=True)
class StageDeadline:
    """One stage: its name, the line that matters (`hạn …, còn …`), its tone for colour and shape, and why."""

    stage: str
    title: str
    line: str
    tone: str
    why: tuple[str, ...] = ()


def stage_deadlines(state: FeedbackState, rules: Rules, now: datetime) -> list[StageDeadline]:
    """The stages of a case that have a deadline, an end, or a reason why they have neither, in their order."""
    course = fold(state.history, rules)
    return [] if course is None else list(_stages(state, course, now))


def _stages(state: FeedbackState, course: Course, now: datetime) -> Iterator[StageDeadline]:
    ended = endings(state, course)
    for stage in STAGES:
        if stage in ended:
            yield _done(stage, ended[stage])
        elif (due_at := state.due.of(stage)) is not None:
            line = f"hạn {due_words(due_at)}, {left(due_at, now, course.calendar)}"
            why = tuple(_why(stage, due_at, course))
            yield StageDeadline(stage, STAGE_WORDS[stage], line, tone_of(due_at, now), why)
        elif reason := not_running(stage, course):
            yield StageDeadline(stage, STAGE_WORDS[stage], reason, "paused")


def _done(stage: str, ending: Ending) -> StageDeadline:
    judged = DONE[ending.standing] if ending.due_at else "xong"
    by = f" (hạn {due_words(ending.due_at)})" if ending.due_at else ""
    tone = "overdue" if ending.standing == "late" else "done"
    return StageDeadline(stage, STAGE_WORDS[stage], f"{judged}, {moment_words(ending.at)}{by}", tone)


def _why(stage: str, due_at: datetime, course: Course) -> Iterator[str]:
    """The reasons without the deadline itself, which stands above them."""
    first, *rest = why_due(stage, due_at, course) or [""]
    if counted := first.partition(": ")[2]:
        yield _upper(counted)
    yield from rest


def dossier_line(state: DossierState, rules: Rules, now: datetime) -> str | None:
    """`Hạn trả kết quả …, còn …` of a dossier that has a due date; how long is left only while its clock runs."""
    if state.due_at is None:
        return None
    words = f"Hạn trả kết quả: {due_words(state.due_at)}"
    if state.clock == "running":
        return f"{words}, {left(state.due_at, now, rules.calendar.for_agency(state.agency))}"
    if state.clock == "stopped":
        return f"{words}, đang tạm dừng tính"
    return f"{words}, kết quả {STANDINGS[state.standing].lower()}" if state.standing else words


def duty_line(state: DossierState) -> str | None:
    """What somebody owes the dossier, as a part of a sentence, and by when it was due; null where nobody owes it."""
    point = by_id(state.watch, state.duty_id or "")
    if state.duty is None or point is None:
        return None
    words = DUTIES[state.duty]
    return f"{words[:1].lower()}{words[1:]} (hạn {due_words(point.due_at)})"


def intake_line(state: DossierState, rules: Rules, now: datetime) -> str | None:
    """By when an online dossier has, or had, to be taken in, and whether it was; null for any other."""
    if state.intake_due_at is None:
        return None
    words = f"hạn {due_words(state.intake_due_at)}"
    if state.intake_standing is None:
        return f"{words}, {left(state.intake_due_at, now, rules.calendar.for_agency(state.agency))}"
    return f"{words}, {DONE[state.intake_standing]}"


def left(due_at: datetime, now: datetime, calendar: Calendar) -> str:
    """`còn 3 ngày làm việc`, `còn 2 giờ 05 phút`, `đến hạn hôm nay`, `quá hạn 1 ngày làm việc`."""
    today, day = now.astimezone(VIETNAM).date(), due_at.astimezone(VIETNAM).date()
    by_date = due_at.astimezone(VIETNAM).time() == END_OF_DAY
    if late(now, due_at):
        days = calendar.working_between(day, today)
        return _words("quá hạn", days, None if by_date else _minutes(now, due_at))
    if day == today:
        return DUE_TODAY.lower() if by_date else f"còn {span_words(_minutes(due_at, now))}"
    days = calendar.working_between(today, day)
    return f"còn {days} ngày làm việc" if days else f"còn {(day - today).days} ngày"


def _words(start: str, days: int, minutes: int | None) -> str:
    if days:
        return f"{start} {days} ngày làm việc"
    return start if minutes is None else f"{start} {span_words(minutes)}"


def _minutes(later: datetime, earlier: datetime) -> int:
    return int((later - earlier).total_seconds()) // 60


def span_words(minutes: int) -> str:
    """`35 phút`; from two hours on `2 giờ 05 phút`."""
    return f"{minutes} phút" if minutes < 120 else f"{minutes // 60} giờ {minutes % 60:02} phút"


def tone_of(due_at: datetime, now: datetime) -> str:
    """What colour and shape say of a deadline that still runs."""
    if late(now, due_at):
        return "overdue"
    return "today" if due_at.astimezone(VIETNAM).date() == now.astimezone(VIETNAM).date() else "running"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
