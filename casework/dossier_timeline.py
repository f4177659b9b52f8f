"""What happened to a dossier, step by step: where its clock ran, where it waited, what was violated, what is next."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from casework.dossier_course import Course
from casework.dossier_explain import version_lines
from casework.dossier_facts import facts_of
from casework.dossier_fold import courses
from casework.dossier_state import DossierState
from casework.labels import FLAGS, STATUSES, VIOLATIONS, VIOLATIONS_HEADING
from casework.rules import Rules

_SPANS = {"running": "đang tính", "stopped": "chờ công dân"}


def timeline(state: DossierState, rules: Rules) -> list[dict[str, Any]]:
    """Each transition in order with `at`, `status`, its `text` and the `clock` after it.

    `notes` say in Vietnamese what it changed: the due date, signs of breach, odd data; `span` how many working days the
    clock then ran or waited, empty where it did neither.
    """
    facts = facts_of(state.transitions, rules)
    rows: list[dict[str, Any]] = []
    seen = _Seen(state, rules)
    for step, course in zip(state.transitions, courses(state.transitions, facts, rules), strict=True):
        row = {"at": step.at, "status": step.status, "text": STATUSES[step.status], "clock": course.clock}
        rows.append({**row, "notes": list(seen.news(course)), "span": ""})
    for this, after in pairwise(rows):
        this["span"] = _span(this["clock"], this["at"], after["at"], rules, state.agency)
    return rows


class _Seen:
    """What the rows before have already said."""

    def __init__(self, state: DossierState, rules: Rules) -> None:
        self.state = state
        self.rules = rules
        self.versions = 0
        self.said: set[str] = set()

    def news(self, course: Course) -> Iterator[str]:
        """What this step brought."""
        fresh = course.dates.versions[self.versions :]
        self.versions += len(fresh)
        for version in fresh:
            yield from version_lines(version, self.state, self.rules)
        yield from (f"{VIOLATIONS_HEADING}: {VIOLATIONS[rule]}." for rule in self._new(course.violations))
        yield from (f"Lưu ý dữ liệu: {FLAGS[flag]}." for flag in self._new(course.flags))

    def _new(self, codes: Mapping[str, datetime]) -> list[str]:
        found = [code for code in codes if code not in self.said]
        self.said.update(found)
        return found


def _span(clock: str, start: datetime, end: datetime, rules: Rules, agency: str | None) -> str:
    if clock not in _SPANS:
        return ""
    return f"{_SPANS[clock]} {rules.calendar.for_agency(agency).days_between(start, end)} ngày làm việc"
