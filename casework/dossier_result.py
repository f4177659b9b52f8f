"""The state that a folded course leaves."""

from datetime import date

from casework.dossier_alerts import watchpoints
from casework.dossier_facts import Facts
from casework.dossier_fold import Course
from casework.dossier_state import DossierState, Transition
from casework.rules import Rules
from casework.watchpoints import still_stands


def folded(
    before: DossierState,
    facts: Facts,
    course: Course,
    rules: Rules,
    *,
    transitions: tuple[Transition, ...],
    counts: dict[str, int],
) -> DossierState:
    """The state after a course; the alert that stood stays only where it is still true."""
    code, dates = before.dossier_code, course.dates
    watch = watchpoints(code, course, rules.settings)
    stands = still_stands(before.watch, watch, before.alert_id)
    return DossierState(
        dossier_code=code,
        clock=course.clock,
        received_at=course.received_at,
        first_due=dates.first,
        due=dates.day,
        due_at=dates.at,
        started_at=course.started_at,
        ended_at=course.ended_at,
        standing=course.standing,
        standing_766=course.standing_766,
        alert=before.alert if stands else None,
        alert_id=before.alert_id if stands else None,
        violations=tuple(sorted(course.violations)),
        flags=tuple(sorted(course.flags)),
        supplements=course.supplements,
        rescheduled=dates.rescheduled_to is not None,
        agency=facts.agency,
        field=facts.field,
        level=facts.level or _level(facts.agency, course, transitions, rules),
        channel=facts.channel,
        procedure_code=facts.procedure_code,
        transitions=transitions,
        source=facts.source or "",
        rules=rules.hash,
        watch=watch,
        counts=counts,
    )


def _level(agency: str | None, course: Course, transitions: tuple[Transition, ...], rules: Rules) -> str | None:
    """The level that the agency had on the day of receipt."""
    on: date = (course.received_at or transitions[0].at).date()
    return rules.agencies.level(agency, on) if agency else None
