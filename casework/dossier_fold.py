"""The clock of a dossier (NĐ 61/2018 Art. 19, QĐ 766/QĐ-TTg): its transitions folded in business order."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from casework.codes import day_of
from casework.dossier_course import Course
from casework.dossier_dates import DueDates
from casework.dossier_desks import Desks
from casework.dossier_facts import Facts
from casework.dossier_state import (
    ACCEPTED,
    DONE,
    PROCESSING,
    REFUSED,
    REGISTERED,
    RETURNED,
    Transition,
)
from casework.rules import Rules

_RECEIVES = frozenset({ACCEPTED, PROCESSING, DONE})
_OVER = frozenset({"ended", "refused"})
_UNRECEIVED = frozenset({REGISTERED, REFUSED})


def fold(code: str, transitions: Sequence[Transition], facts: Facts, rules: Rules) -> Course:
    """The course that ordered, distinct transitions make."""
    course = walked(transitions, facts, rules)
    _flag_data(code, course, transitions, facts)
    return course


def walked(transitions: Sequence[Transition], facts: Facts, rules: Rules) -> Course:
    """The same course, but for the flags of what the data says of itself."""
    course = _begin(facts, rules)
    for _ in _walk(course, transitions):
        pass
    return course


def courses(transitions: Sequence[Transition], facts: Facts, rules: Rules) -> Iterator[Course]:
    """The course after each of the transitions: one object that goes on, to be read between its steps."""
    course = _begin(facts, rules)
    for _ in _walk(course, transitions):
        yield course


def _walk(course: Course, transitions: Sequence[Transition]) -> Iterator[None]:
    receiving = next((step for step in transitions if _receives(step, course.ends)), None)
    promised: datetime | None = None
    for step in transitions:
        if course.clock in _OVER:
            if step.status != RETURNED:
                course.violations.setdefault("status_after_end", step.at)
        elif course.received_at is not None:
            course.follow(step, fresh=False)
        elif step is receiving:
            course.receive(_receipt(transitions, step), promised, step)
            course.follow(step, fresh=True)
        elif step.status in course.ends:
            course.clock = "refused"
        elif step.status == REGISTERED:
            promised = promised or step.due_at
        yield


def _begin(facts: Facts, rules: Rules) -> Course:
    settings, calendar = rules.settings, rules.calendar.for_agency(facts.agency)
    own = settings.supplement_days_of
    days = dict(own).get(facts.procedure_code or "", settings.supplement_days) if own else settings.supplement_days
    hours, committed = rules.hours_for(facts.agency), facts.committed
    return Course(
        calendar=calendar,
        dates=DueDates(calendar=calendar, hours=hours, limit=facts.limit),
        promise=DueDates(calendar=calendar, hours=hours, limit=committed) if committed else None,
        desks=Desks(rules, facts.procedure_code),
        supplement_days=days,
        ends=facts.ends,
    )


def _receives(step: Transition, ends: frozenset[int]) -> bool:
    if step.status in _RECEIVES or (step.status == RETURNED and RETURNED in ends):
        return True
    return step.received_at is not None and step.status not in _UNRECEIVED


def _receipt(transitions: Sequence[Transition], receiving: Transition) -> datetime:
    stated = (step.received_at for step in transitions if step.status not in _UNRECEIVED and step.received_at)
    return next(stated, receiving.at)


def _flag_data(code: str, course: Course, transitions: Sequence[Transition], facts: Facts) -> None:
    for flag in facts.odd:
        course.flags[flag] = transitions[-1].at
    for step in transitions:
        for flag in step.odd:
            course.flags.setdefault(flag, step.at)
    day = day_of(code)
    if day is None:
        course.flags["unknown_code"] = transitions[0].at
    if course.received_at is None:
        return
    received = course.received_at.date()
    if day is not None and day != received:
        course.flags["code_date_differs"] = course.received_at
    if course.dates.had and min(course.dates.had) < received:
        course.flags["due_before_receipt"] = course.received_at
