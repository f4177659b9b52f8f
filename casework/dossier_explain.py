"""Why a dossier stands where it stands, in Vietnamese, for the people who answer for it."""

from collections.abc import Iterator
from typing import Any

from casework.counting import Limit, due, explain
from casework.dossier_facts import facts_of
from casework.dossier_fold import clocks
from casework.dossier_state import DossierState
from casework.labels import ALERTS, FLAGS, STANDINGS, STATUSES, VIOLATIONS, VIOLATIONS_HEADING
from casework.rules import Rules
from casework.wording import day_words, moment_words

_CLOCKS = {
    "none": "Chưa tính thời hạn.",
    "running": "Thời hạn đang tính, từ {moment}.",
    "stopped": "Đang tạm dừng tính thời hạn, chờ công dân.",
    "ended": "Kết thúc lúc {moment}.",
    "refused": "Không tiếp nhận; hồ sơ không tính vào số hồ sơ đã nhận.",
}


def explain_dossier(state: DossierState, rules: Rules) -> list[str]:
    """Lines in Vietnamese: receipt, due date and how it was counted, stops, end, standing, signs of breach."""
    return list(_lines(state, rules))


def timeline(state: DossierState, rules: Rules) -> list[dict[str, Any]]:
    """Each transition in order with `at`, `status`, its `text` and the `clock` after it."""
    after = clocks(state.transitions, facts_of(state.transitions, rules), rules)
    return [
        {"at": step.at, "status": step.status, "text": STATUSES[step.status], "clock": clock}
        for step, clock in zip(state.transitions, after, strict=True)
    ]


def _lines(state: DossierState, rules: Rules) -> Iterator[str]:
    if state.received_at is not None:
        yield f"Tiếp nhận lúc {moment_words(state.received_at)}."
    yield from _due_lines(state, rules)
    if state.supplements:
        yield f"Yêu cầu bổ sung {state.supplements} lần; sau khi nhận đủ hồ sơ, thời hạn tính lại từ đầu (Điều 19.4)."
    yield _clock_line(state)
    if state.standing is not None:
        yield f"Kết quả: {STANDINGS[state.standing]}; theo QĐ 766: {STANDINGS[state.standing_766 or state.standing]}."
    if state.alert is not None:
        yield f"Cảnh báo: {ALERTS[state.alert]}."
    yield from (f"{VIOLATIONS_HEADING}: {VIOLATIONS[rule]}." for rule in state.violations)
    yield from (f"Lưu ý dữ liệu: {FLAGS.get(flag, flag)}." for flag in state.flags)


def _due_lines(state: DossierState, rules: Rules) -> Iterator[str]:
    if state.received_at is None:
        return
    if state.due is None or state.due_at is None:
        yield "Không có ngày hẹn trả: thủ tục không có thời hạn trong danh mục."
        return
    counted = _counted(state, rules)
    if counted is None:
        yield f"Hạn trả kết quả: {day_words(state.due)}, theo ngày cơ quan đã hẹn."
    else:
        yield from counted
    if state.first_due is not None and state.first_due != state.due:
        reason = "đã hẹn lại một lần (Điều 19.9)" if state.rescheduled else "đã đổi sau khi tiếp nhận"
        yield f"Ngày hẹn trả đầu tiên là {day_words(state.first_due)}; {reason}."


def _clock_line(state: DossierState) -> str:
    moment = state.started_at or state.ended_at
    return _CLOCKS[state.clock].format(moment=moment_words(moment) if moment else "")


def _counted(state: DossierState, rules: Rules) -> list[str] | None:
    """How the date in force was counted, where it is the procedure's limit from receipt or restart."""
    procedure = rules.procedures.get(state.procedure_code or "")
    limit: Limit | None = procedure.limit if procedure else None
    start = state.started_at or state.received_at
    if limit is None or start is None:
        return None
    calendar = rules.calendar.for_agency(state.agency)
    if due(start, limit, calendar, rules.hours).at != state.due_at:
        return None
    return explain(start, limit, calendar, rules.hours)
