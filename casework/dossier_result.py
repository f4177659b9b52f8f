"""The state that a folded course leaves."""

from datetime import date

from casework.dossier_alerts import watchpoints
from casework.dossier_course import Course
from casework.dossier_facts import Facts
from casework.dossier_intake import intake
from casework.dossier_state import DossierState, Transition
from casework.outcomes import Ledger
from casework.rules import Rules
from casework.watchpoints import still_stands


def folded(
    before: DossierState,
    facts: Facts,
    course: Course,
    rules: Rules,
    *,
    transitions: tuple[Transition, ...],
    ledger: Ledger,
) -> DossierState:
    """The state after a course; the alert that stood stays only where it is still true."""
    code, dates = ledger.case_id, course.dates
    taken_in = intake(transitions, course.received_at, facts, rules)
    watch = watchpoints(code, course, taken_in, rules.settings)
    stands = still_stands(before.watch, watch, before.alert_id)
    owed = still_stands(before.watch, watch, before.duty_id)
    return DossierState(
        dossier_code=code,
        clock=course.clock,
        received_at=course.received_at,
        intake_due_at=taken_in.due_at,
        intake_standing=taken_in.standing,
        first_due=dates.first,
        committed_due=course.promise.day if course.promise else None,
        due=dates.day,
        due_at=dates.at,
        started_at=course.started_at,
        counted_from=course.counted_from,
        counted_to=course.counted_to,
        stood=course.stood,
        ended_at=course.ended_at,
        standing=course.standing,
        standing_766=course.standing_766,
        alert=before.alert if stands else None,
        alert_id=before.alert_id if stands else None,
        duty=before.duty if owed else None,
        duty_id=before.duty_id if owed else None,
        violations=tuple(sorted(course.violations)),
        flags=tuple(sorted(course.flags)),
        supplements=course.supplements,
        rescheduled=dates.rescheduled_to is not None,
        agency=facts.agency,
        holders=course.desks.holdings(),
        field=facts.field,
        level=facts.level or _level(facts.agency, course, transitions, rules),
        channel=facts.channel,
        procedure_code=facts.procedure_code,
        transitions=transitions,
        source=facts.source or "",
        rules=rules.hash,
        watch=watch,
        counts=ledger.counts,
    )


def _level(agency: str | None, course: Course, transitions: tuple[Transition, ...], rules: Rules) -> str | None:
    """The level that the agency had on the day of receipt."""
    on: date = (course.received_at or transitions[0].at).date()
    return rules.agencies.level(agency, on) if agency else None
