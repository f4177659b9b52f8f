"""How long a piece of feedback has been where, what was done about it, and what comes next, in lines of Vietnamese."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from casework.calendar import VIETNAM
from casework.escalation import untaken_since
from casework.feedback_course import Course
from casework.feedback_state import CLOSED_STAGES, FeedbackEvent, FeedbackState, Holding
from casework.labels import (
    DOMAINS,
    ESCALATIONS,
    EVENTS,
    KINDS,
    LANES,
    RATINGS,
    URGENCIES,
)
from casework.wording import day_words, due_words, moment_words

if TYPE_CHECKING:
    from casework.rules import Rules


def waited(state: FeedbackState, rules: "Rules", now: datetime) -> list[str]:
    """How long the citizen has waited, whatever the clocks say (QĐ 766); empty for a case that is over."""
    if state.stage in CLOSED_STAGES or state.first_sent_at is None:
        return []
    days = rules.calendar.days_between(state.first_sent_at, now)
    through = f", qua {state.transfers + 1} đơn vị" if state.agency or state.transfers else ", chưa giao đơn vị nào"
    lines = [f"Đã chờ {days} ngày làm việc kể từ khi gửi{through}"]
    if state.stage == "info_requested":
        lines.append("Đang chờ người gửi làm rõ; các thời hạn vẫn tính")
    return lines


def held(state: FeedbackState, rules: "Rules", now: datetime) -> list[str]:
    """How many working days each agency has had the case, in order; they add up to those since receipt."""
    if not any(holding.agency for holding in state.holders):
        return []
    parts = [_holding_words(holding, rules, now) for holding in state.holders]
    return [f"Thời gian tại từng đơn vị: {'; '.join(parts)}"]


def _holding_words(holding: Holding, rules: "Rules", now: datetime) -> str:
    days = f"{rules.calendar.days_between(holding.since, holding.until or now)} ngày làm việc"
    if holding.agency is None:
        return f"chưa có đơn vị {days}"
    name = rules.agencies.name(holding.agency)
    return f"{name} {days}" if holding.until else f"{name} đang giữ từ {_day(holding.since)}, {days}"


def waited_for_citizen(course: Course, now: datetime) -> Iterator[str]:
    """How long the citizen was waited for; it is not taken off any limit."""
    if course.waits:
        days = sum(course.rules.calendar.days_between(since, until or now) for since, until in course.waits)
        yield f"Trong đó chờ người gửi làm rõ {days} ngày làm việc, không trừ vào thời hạn"


def handled(state: FeedbackState, course: Course) -> Iterator[str]:
    """Reopenings, opinions of the sender, reminders, a leader's date, and who was told that nobody accepts it."""
    if state.reopened:
        yield f"Đã mở lại {state.reopened} lần"
    if any(course.ratings.values()):
        counts = (f"{course.ratings[code]} {words}" for code, words in RATINGS.items() if course.ratings[code])
        yield f"Người gửi đánh giá: {', '.join(counts)}"
    if course.urgings:
        last = course.urgings[-1]
        yield f"Đã đôn đốc {len(course.urgings)} lần, lần cuối {_day(last.at)}{_document(last)}"
    if course.directed and course.directed.until and not course.over:
        until = due_words(course.directed.until)
        yield f"Chỉ đạo hoàn thành trước {until}{_document(course.directed)}; thời hạn theo quy định không đổi"
    if state.escalation and (since := untaken_since(course)):
        yield f"{ESCALATIONS[state.escalation]}: chưa có đơn vị nhận từ {moment_words(since)}"


def timeline_feedback(state: FeedbackState, rules: "Rules") -> list[dict[str, Any]]:
    """Each event in order with `at`, `type`, its `text` and the working `days` since the case was first sent.

    `days` is null in the stub of a moved case. No text of a citizen is in it.
    """
    sent = state.first_sent_at
    return [
        {
            "at": event.at,
            "type": event.type,
            "text": event_words(event, rules),
            "days": rules.calendar.days_between(sent, event.at) if sent else None,
        }
        for event in state.history
    ]


def event_words(event: FeedbackEvent, rules: "Rules") -> str:
    """`Giao đơn vị: Sở Xây dựng`, `Gia hạn: đến thứ Tư 30/9/2026 (văn bản số 12)`."""
    if event.type == "escalated":
        return ESCALATIONS.get(event.to or "", EVENTS["escalated"])
    words = EVENTS.get(event.type, event.type)
    about = ", ".join(_about(event, rules))
    return f"{words}: {about}{_document(event)}" if about else f"{words}{_document(event)}"


def _about(event: FeedbackEvent, rules: "Rules") -> Iterator[str]:
    if event.agency and event.type in {"opened", "assigned"}:
        yield rules.agencies.name(event.agency)
    if event.type == "corrected":
        found = (LANES.get(event.lane or ""), KINDS.get(event.kind or ""), URGENCIES.get(event.urgency or ""))
        yield from filter(None, (*found, DOMAINS.get(event.domain or "")))
    if event.until:
        yield f"{'trước' if event.type == 'directed' else 'đến'} {due_words(event.until)}"
    if event.rating:
        yield RATINGS.get(event.rating, event.rating)


def _document(event: FeedbackEvent) -> str:
    return f" (văn bản số {event.document_number})" if event.document_number else ""


def _day(moment: datetime) -> str:
    return day_words(moment.astimezone(VIETNAM).date())
