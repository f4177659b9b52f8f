"""What happened to a case as people see it: a row for each step, its state in word, shape and colour."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from casework.dossier_desks import held_at
from casework.dossier_explain import desk_words
from casework.dossiers import DossierState, Transition, timeline
from casework.feedback import FeedbackState
from casework.feedback_fold import late
from casework.feedback_times import timeline_feedback
from casework.labels import VIOLATIONS_HEADING
from casework.rules import Rules
from casework.wording import moment_words
from desk.web.words import ASKED_FOR, CLOCKS, SPANS

PASSED = "passed"
_REASON = "– "
_EVENT_STATES = {"info_requested": ("stopped", "chờ người gửi làm rõ"), "escalated": ("climbed", "chưa có đơn vị nhận")}


@dataclass(frozen=True, slots=True)
class Note:
    """A line under a step, how it was counted, and whether it tells of a sign of breach."""

    text: str
    why: tuple[str, ...] = ()
    violated: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One step: `state` names its shape and colour (a clock, `passed` of a due date), `span` says the same in words.

    `after` tells how long after the sending it was. `event_id` is that of the text which people wrote with it; what
    the citizen said first stands elsewhere.
    """

    at: datetime
    title: str
    state: str
    span: str = ""
    after: str = ""
    notes: tuple[Note, ...] = ()
    by: str = ""
    event_id: str = ""

    @property
    def violated(self) -> bool:
        return self.state == PASSED or any(note.violated for note in self.notes)


def dossier_rows(state: DossierState, rules: Rules, now: datetime) -> list[Row]:
    """The transitions of a dossier in order, the last one up to now, and where its due date passed."""
    steps = zip(timeline(state, rules), state.transitions, strict=True)
    rows = [_dossier_row(step, given) for step, given in steps]
    if rows and state.clock in SPANS and rows[-1].at <= now:
        days = rules.calendar.for_agency(state.agency).days_between(rows[-1].at, now)
        rows[-1] = replace(rows[-1], span=f"{SPANS[state.clock]} {days} ngày làm việc đến nay")
    return _with_passing(rows, state, rules, now)


def _dossier_row(step: Mapping[str, Any], given: Transition) -> Row:
    said = [f"Đã xin lỗi lúc {moment_words(given.apologised_at)}."] if given.apologised_at else []
    own = f"Từ {moment_words(step['at'])}: "  # the moment of the row, which stands above the note
    notes = notes_of(_upper(line.removeprefix(own)) for line in [*step["notes"], *said])
    span = step["span"] or CLOCKS[step["clock"]]
    return Row(step["at"], step["text"], step["clock"], span, notes=tuple(notes))


def notes_of(lines: Iterable[str]) -> list[Note]:
    """Lines as notes; those that begin with a dash say how the one before was counted."""
    found: list[Note] = []
    for line in lines:
        if line.startswith(_REASON) and found:
            found[-1] = replace(found[-1], why=(*found[-1].why, line.removeprefix(_REASON)))
        else:
            found.append(Note(line, violated=line.startswith(VIOLATIONS_HEADING)))
    return found


def _with_passing(rows: list[Row], state: DossierState, rules: Rules, now: datetime) -> list[Row]:
    """The rows with one more where the due date passed before the end."""
    if state.due_at is None or not _has_passed(state, now):
        return rows
    blamed = held_at(state.holders, state.due_at) if len(state.holders) > 1 else None
    where = f", khi hồ sơ ở {rules.agencies.name(blamed.agency)}" if blamed else ""
    days = rules.calendar.for_agency(state.agency).days_between(state.due_at, state.ended_at or now)
    over = f"quá hạn {days} ngày làm việc" if days else "quá hạn"
    passed = Row(state.due_at, f"Hết hạn trả kết quả{where}", PASSED, over)
    return sorted([*rows, passed], key=lambda row: row.at)


def _has_passed(state: DossierState, now: datetime) -> bool:
    if state.clock == "running":
        return state.due_at is not None and late(now, state.due_at)
    return state.standing == "late" or state.alert == "overdue"


@dataclass(frozen=True, slots=True)
class Desk:
    """An agency's time with a dossier in words; `state` is `overdue`, `running` where it has it now, else `done`."""

    words: str
    state: str
    agency: str


def desks(state: DossierState, rules: Rules) -> list[Desk]:
    """Whose desks a dossier was on, where that says more than its agency: several, or one with a limit of its own."""
    if len(state.holders) < 2 and not any(one.due_at for one in state.holders):
        return []
    found = []
    for one in state.holders:
        holds = one.until is None
        over = one.late or (holds and state.duty == "step_overdue")
        words = f"Đang giữ: {desk_words(one, rules)}" if holds else desk_words(one, rules)
        found.append(Desk(words, "overdue" if over else "running" if holds else "done", one.agency))
    return found


def feedback_rows(state: FeedbackState, rules: Rules) -> list[Row]:
    """The events of a case in order, each with the working days since the citizen sent it."""
    return [
        Row(
            step["at"],
            step["text"],
            *_EVENT_STATES.get(event.type, ("", "")),
            after=f"sau {step['days']} ngày làm việc" if step["days"] else "",
            notes=tuple(Note(words) for words in _asked(event.type, event.reason or event.door)),
            by=event.by,
            event_id="" if event.type == "opened" else event.id,
        )
        for step, event in zip(timeline_feedback(state, rules), state.history, strict=True)
    ]


def _asked(type_: str, code: str | None) -> list[str]:
    return [ASKED_FOR.get(type_, {}).get(code, code)] if code else []


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
