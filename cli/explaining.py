"""What `langnghe explain` prints of a case: its deadline in words, then what happened."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection

from casework.dossiers import DossierState, explain_dossier, timeline
from casework.feedback import FeedbackEvent, FeedbackState, explain_feedback
from casework.labels import STAGES
from casework.rules import Rules
from casework.wording import moment_words
from desk.store import queries

_CLOCKS = {
    "none": "chưa tính thời hạn",
    "running": "đang tính thời hạn",
    "stopped": "tạm dừng tính thời hạn",
    "ended": "kết thúc",
    "refused": "không tiếp nhận",
}
_EVENTS = {
    "opened": "Mở vụ việc",
    "accepted": "Tiếp nhận",
    "assigned": "Giao xử lý",
    "corrected": "Sửa phân loại",
    "info_requested": "Yêu cầu người gửi làm rõ",
    "info_received": "Người gửi đã làm rõ",
    "extended": "Gia hạn",
    "rated": "Người gửi đánh giá",
    "reopened": "Mở lại",
    "lane_confirmed": "Xác nhận loại đơn",
    "released": "Trả về luồng phản ánh",
    "urged": "Đôn đốc",
    "directed": "Chỉ đạo",
    "erased": "Xóa nội dung",
}


def explained(connection: Connection, case: str, rules: Rules) -> list[str] | None:
    """None where no public case has that id: a hidden one and an unknown one are the same."""
    dossier = queries.dossier(connection, case)
    if dossier is not None:
        return dossier_lines(dossier, rules)
    feedback = queries.feedback_case(connection, case)
    return None if feedback is None else feedback_lines(feedback, rules, datetime.now(UTC))


def dossier_lines(state: DossierState, rules: Rules) -> list[str]:
    """The explanation of a dossier and its transitions with the clock after each."""
    happened = (
        f"  {moment_words(step['at'])}: {step['text']} ({_CLOCKS[step['clock']]})" for step in timeline(state, rules)
    )
    return [f"Hồ sơ {state.dossier_code}", *explain_dossier(state, rules), "Diễn biến:", *happened]


def feedback_lines(state: FeedbackState, rules: Rules, now: datetime) -> list[str]:
    """The explanation of feedback at `now`, and its events in order; never any text of the citizen."""
    happened = _happened(state)
    return [f"Phản ánh {state.feedback_id}", *explain_feedback(state, rules, now), "Diễn biến:", *happened]


def _happened(state: FeedbackState) -> Iterator[str]:
    return (f"  {moment_words(event.at)}: {_event_words(event)}" for event in state.history)


def _event_words(event: FeedbackEvent) -> str:
    words = _EVENTS.get(event.type) or STAGES.get(event.type) or event.type
    return f"{words}: {event.agency}" if event.agency else words
