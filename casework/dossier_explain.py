"""Why a dossier stands where it stands, in Vietnamese, for the people who answer for it."""

from collections.abc import Iterator
from datetime import datetime

from casework.counting import Limit, explain
from casework.dossier_course import Course
from casework.dossier_dates import REFUSED, Version
from casework.dossier_desks import held_at
from casework.dossier_facts import facts_of
from casework.dossier_fold import fold
from casework.dossier_state import DossierState, Holding, ListedSupplement
from casework.labels import ALERTS, DUTIES, FLAGS, STANDINGS, VIOLATIONS, VIOLATIONS_HEADING
from casework.rules import Rules
from casework.wording import cause_words, day_words, due_words, moment_words

_CLOCKS = {
    "none": "Chưa tính thời hạn.",
    "running": "Thời hạn đang tính, từ {moment}.",
    "stopped": "Đang tạm dừng tính thời hạn, chờ công dân.",
    "ended": "Kết thúc lúc {moment}.",
    "refused": "Không tiếp nhận; hồ sơ không tính vào số hồ sơ đã nhận.",
}
VERSIONS = {
    "named": "theo ngày cơ quan đã hẹn khi tiếp nhận",
    "promised": "theo ngày đã hẹn từ khi đăng ký",
    "counted": "tính theo thời hạn của thủ tục",
    "restarted": "theo ngày cơ quan hẹn khi công dân đã bổ sung hoặc nộp tiền",
    "shifted": "dời theo số ngày làm việc chờ nghĩa vụ tài chính",
    "stated_later": "theo ngày cơ quan đã hẹn, báo ngày hẹn sau khi tiếp nhận",
    "due_moved": "cơ quan đổi ngày hẹn",
    "rescheduled": "hẹn lại một lần, báo trước hạn (NĐ 61/2018, Điều 19.9)",
    "due_moved_late": "đổi sau khi đã quá hạn, không có hiệu lực",
    "late_reschedule": "hẹn lại khi đã đến hoặc quá hạn, không có hiệu lực",
    "second_reschedule": "hẹn lại quá 01 lần, không có hiệu lực",
}


def explain_dossier(state: DossierState, rules: Rules) -> list[str]:
    """Lines in Vietnamese: receipt, due date and how it came about, stops, desks, end, standing, signs of breach."""
    if not state.transitions:
        return [_CLOCKS["none"]]
    course = fold(state.dossier_code, state.transitions, facts_of(state.transitions, rules), rules)
    return list(_lines(state, course, rules))


def _lines(state: DossierState, course: Course, rules: Rules) -> Iterator[str]:
    yield from _other_rules(state.rules, rules)
    yield from _intake_lines(state, rules)
    if state.received_at is not None:
        yield f"Tiếp nhận lúc {moment_words(state.received_at)}."
    yield from _due_lines(state, course, rules)
    if state.supplements:
        yield f"Yêu cầu bổ sung {state.supplements} lần; sau khi nhận đủ hồ sơ, thời hạn tính lại từ đầu (Điều 19.4)."
    yield from map(_listed_line, listed_supplements(state))
    yield from _desk_lines(state, rules)
    yield _clock_line(state)
    yield from _judged(state)


def _judged(state: DossierState) -> Iterator[str]:
    if state.standing is not None:
        yield f"Kết quả: {STANDINGS[state.standing]}; theo QĐ 766: {STANDINGS[state.standing_766 or state.standing]}."
    if state.duty is not None:
        yield f"Việc phải làm: {DUTIES[state.duty]}."
    if state.alert is not None:
        yield f"Cảnh báo: {ALERTS[state.alert]}."
    yield from (f"{VIOLATIONS_HEADING}: {VIOLATIONS[rule]}." for rule in state.violations)
    yield from (f"Lưu ý dữ liệu: {FLAGS.get(flag, flag)}." for flag in state.flags)


def _other_rules(folded_under: str, rules: Rules) -> Iterator[str]:
    """People compare the explanation with the state: it must not explain what other rules decided."""
    if folded_under and folded_under != rules.hash:
        parts = cause_words(rules.cause_since(folded_under))
        yield f"Trạng thái được tính bằng bộ quy tắc khác ({parts}), đang chờ tính lại."


def _intake_lines(state: DossierState, rules: Rules) -> Iterator[str]:
    if state.intake_due_at is None:
        return
    words = {"late": "đã xử lý, quá hạn", "on_time": "đã xử lý đúng hạn", None: "chưa tiếp nhận"}
    limit = f"hạn {due_words(state.intake_due_at)} ({rules.settings.intake_hours} giờ làm việc từ khi nộp, NĐ 118/2025)"
    yield f"Hồ sơ nộp trực tuyến: {limit}; {words[state.intake_standing]}."


def _due_lines(state: DossierState, course: Course, rules: Rules) -> Iterator[str]:
    if state.received_at is None:
        return
    if state.due is None or state.due_at is None:
        yield "Không có ngày hẹn trả: thủ tục không có thời hạn trong danh mục."
        return
    in_force = [version for version in course.dates.versions if version.reason not in REFUSED]
    if in_force and in_force[-1].reason == "counted" and (limit := _limit(state, rules)):
        yield from _day_by_day(in_force[-1].set_at, limit, state, rules)
    else:
        why = VERSIONS[in_force[-1].reason] if in_force else "tính theo bộ quy tắc khác"
        yield f"Hạn trả kết quả: {day_words(state.due)}, {why}."
    if state.first_due is not None and state.first_due != state.due:
        reason = "đã hẹn lại một lần (Điều 19.9)" if state.rescheduled else "đã đổi sau khi tiếp nhận"
        yield f"Ngày hẹn trả đầu tiên là {day_words(state.first_due)}; {reason}."
    if len(course.dates.versions) > 1:
        for version in course.dates.versions:
            yield from version_lines(version, state, rules)
    if state.committed_due is not None:
        yield f"Cam kết của tỉnh (cắt giảm thời gian): {day_words(state.committed_due)}."


def version_words(version: Version) -> str:
    """What the due date became, when and why; or what it did not become."""
    verb = "không đổi thành" if version.reason in REFUSED else "là"
    return f"Từ {moment_words(version.set_at)}: hạn {verb} {day_words(version.day)}, {VERSIONS[version.reason]}."


def version_lines(version: Version, state: DossierState, rules: Rules) -> list[str]:
    """A version of the due date and, where it was counted, its days one by one."""
    limit = _limit(state, rules) if version.reason == "counted" else None
    if limit is None:
        return [version_words(version)]
    return [version_words(version), *(f"– {line}" for line in _day_by_day(version.set_at, limit, state, rules))]


def _day_by_day(start: datetime, limit: Limit, state: DossierState, rules: Rules) -> list[str]:
    calendar, hours = rules.calendar.for_agency(state.agency), rules.hours_for(state.agency)
    begun = "Tiếp nhận" if start == state.received_at else "Nhận bổ sung"
    return explain(start, limit, calendar, hours, whose=rules.agencies.name(state.agency or ""), begun=begun)


def _limit(state: DossierState, rules: Rules) -> Limit | None:
    procedure = rules.procedures.get(state.procedure_code or "")
    return procedure.limit if procedure else None


def listed_supplements(state: DossierState) -> list[ListedSupplement]:
    """The newest list of supplements that a source sent, without rows that say nothing."""
    listed = next((step.listed for step in reversed(state.transitions) if step.listed), ())
    return [row for row in listed if row != ListedSupplement()]


def _listed_line(row: ListedSupplement) -> str:
    """A row of the national list of supplements as its source wrote it."""
    asked, received, before, after = (
        moment_words(datetime.fromisoformat(text)) if text else "không ghi"
        for text in (row.asked_at, row.received_at, row.due_before, row.due_after)
    )
    return f"Nguồn ghi lần bổ sung: yêu cầu {asked}, nhận {received}; hẹn trả trước {before}, sau {after}."


def _desk_lines(state: DossierState, rules: Rules) -> Iterator[str]:
    if len(state.holders) < 2 and not any(one.due_at for one in state.holders):
        return
    calendar = rules.calendar
    for one in state.holders:
        yield f"Đơn vị giữ hồ sơ: {desk_words(one, rules)}."
    over = state.due_at if state.standing == "late" or state.alert == "overdue" else None
    if over is not None and (blamed := held_at(state.holders, over)):
        days = calendar.days_between(blamed.since, over)
        yield f"Khi hết hạn, hồ sơ ở {rules.agencies.name(blamed.agency)}, đã giữ {days} ngày làm việc."


def desk_words(one: Holding, rules: Rules) -> str:
    """One agency's time with the dossier: from when to when, how many working days, and its own limit."""
    calendar = rules.calendar.for_agency(one.agency)
    span = f"từ {moment_words(one.since)}"
    if one.until is not None:
        days = calendar.days_between(one.since, one.until)
        span += f" đến {moment_words(one.until)} ({days} ngày làm việc)"
    limit = f", hạn của bước {due_words(one.due_at)}" if one.due_at else ""
    return f"{rules.agencies.name(one.agency)}, {span}{limit}{', quá hạn bước' if one.late else ''}"


def _clock_line(state: DossierState) -> str:
    moment = state.started_at or state.ended_at
    return _CLOCKS[state.clock].format(moment=moment_words(moment) if moment else "")
