"""Dated dossiers counted by hand. In March 2026 no day off falls on a weekday; the 2nd is a Monday."""

from typing import Any

import pytest

from casework.dossiers import Transition
from tests.support.dossiers import dossier, seen, step

W10, W0, H24, C7, M1, NONE = "9.000010", "9.000001", "9.000024", "9.000007", "9.000031", "9.000000"


def received(due: str | None = "03-16", **given: Any) -> Transition:
    """Accepted on Monday 2 March at 09:00; by default due on Monday 16 March."""
    return step("03-02 09:00", 2, **({"due_at": due} if due else {}), **given)


RECEIPT = [
    pytest.param(
        [step("03-02 08:00", 1)],
        {"clock": "none", "received_at": None, "due": None, "watch": []},
        id="status-1-starts-nothing",
    ),
    pytest.param(
        [received()], {"clock": "running", "received_at": "03-02 09:00", "due": "03-16"}, id="status-2-receives"
    ),
    pytest.param(
        [step("03-03 09:00", 4, received_at="03-02 14:00")],
        {"received_at": "03-02 14:00"},
        id="received_at-wins-over-own-moment",
    ),
    pytest.param(
        [received(), step("03-04 09:00", 4, received_at="03-02 07:30")],
        {"received_at": "03-02 07:30"},
        id="received_at-of-a-later-transition-is-the-receipt",
    ),
    pytest.param(
        [step("03-01 09:00", 1, received_at="03-01 09:00"), received()],
        {"received_at": "03-02 09:00"},
        id="received_at-on-a-registration-is-no-receipt",
    ),
    pytest.param(
        [step("03-02 08:00", 5), step("03-02 08:30", 6)],
        {"clock": "none", "supplements": 0},
        id="5-and-6-before-receipt-change-nothing",
    ),
    pytest.param(
        [step("03-02 08:00", 5, received_at="03-02 07:00")],
        {"clock": "stopped", "received_at": "03-02 07:00", "supplements": 1},
        id="a-5-with-received_at-receives-and-stops",
    ),
    pytest.param(
        [step("03-02 08:00", 1), step("03-02 10:00", 3)],
        {"clock": "refused", "standing": None, "ended_at": None, "received_at": None, "violations": []},
        id="refused-before-receipt-is-uncounted",
    ),
    pytest.param(
        [step("03-02 08:00", 7), step("03-02 09:00", 10), step("03-03 09:00", 2)],
        {"clock": "refused", "violations": ["status_after_end"]},
        id="after-a-refusal-only-10-is-expected",
    ),
    pytest.param(
        [step("03-05 09:00", 10, received_at="03-05 08:00")],
        {"clock": "ended", "received_at": "03-05 08:00", "ended_at": "03-05 09:00", "standing": "on_time"},
        id="art-17.4-result-at-once-without-due-date-is-on-time",
    ),
    pytest.param(
        [step("03-05 08:00", 10), step("03-05 09:00", 9)],
        {"received_at": "03-05 09:00", "ended_at": "03-05 09:00"},
        id="a-10-beside-a-9-does-not-receive",
    ),
]

DUE = [
    pytest.param(
        [received(None, procedure_code=W10)],
        {"due": "03-16", "first_due": "03-16"},
        id="10-working-days-exclude-the-first",
    ),
    pytest.param(
        [step("02-12 09:00", 2, procedure_code=W10)],
        {"due": "03-05"},
        id="bllđ-112-tet-2026-five-days-off-are-not-counted",
    ),
    pytest.param(
        [step("03-07 09:00", 2, procedure_code=W0)], {"due": "03-09"}, id="limit-0-ends-the-day-of-receipt-rolled"
    ),
    pytest.param([received(None, procedure_code=C7)], {"due": "03-09"}, id="calendar-days-as-labelled"),
    pytest.param(
        [step("03-07 09:00", 2, procedure_code=C7)], {"due": "03-16"}, id="blds-148-rolls-saturday-14-to-monday-16"
    ),
    pytest.param(
        [step("01-31 09:00", 2, procedure_code=M1)],
        {"due": "03-02"},
        id="one-month-from-31-january-ends-28-february-rolled",
    ),
    pytest.param(
        [received(None, procedure_code=H24)],
        {"due_at": "03-03 09:00", "watch": ["overdue 03-03 09:00"]},
        id="hours-have-only-overdue",
    ),
    pytest.param([received(None, procedure_code=NONE)], {"due": None, "watch": []}, id="no-limit-no-due-date"),
    pytest.param([received("03-15")], {"due": "03-15"}, id="own-date-on-a-sunday-stays"),
    pytest.param(
        [
            step("03-01 08:00", 1, due_at="03-12"),
            step("03-01 09:00", 1, due_at="03-13"),
            received(None, procedure_code=W10),
        ],
        {"due": "03-12", "flags": []},
        id="first-registration-with-a-date-promises-it",
    ),
    pytest.param(
        [received(None, procedure_code=W10), step("03-03 09:00", 4, due_at="03-20")],
        {"due": "03-20", "first_due": "03-20", "flags": []},
        id="the-limit-gives-way-to-the-first-own-date",
    ),
    pytest.param(
        [received(None, procedure_code=W10), step("03-20 09:00", 9, due_at="03-20")],
        {"due": "03-20", "standing": "on_time", "flags": []},
        id="the-limit-gives-way-on-any-status",
    ),
    pytest.param(
        [received(), step("03-03 09:00", 6, due_at="03-30")],
        {"due": "03-16", "flags": []},
        id="due_at-on-other-statuses-counts-only-first",
    ),
    pytest.param(
        [received(), step("03-16 09:00", 4, due_at="03-18")],
        {"due": "03-18", "first_due": "03-16", "flags": ["due_moved"]},
        id="differing-date-on-the-due-date-moves",
    ),
    pytest.param(
        [received(), step("03-17 09:00", 4, due_at="03-18"), step("03-17 10:00", 4, due_at="03-18")],
        {"due": "03-16", "flags": ["due_moved_late"]},
        id="differing-date-after-the-due-date-moves-nothing",
    ),
    pytest.param(
        [received(), step("03-04 09:00", 4, due_at="03-18"), step("03-05 09:00", 4, due_at="03-16")],
        {"due": "03-18", "flags": ["due_moved"]},
        id="a-date-once-in-force-is-no-change",
    ),
]

RESCHEDULE = [
    pytest.param(
        [received(), step("03-15 23:00", 4, rescheduled_to="03-20")],
        {"due": "03-20", "first_due": "03-16", "rescheduled": True, "violations": []},
        id="art-19.9-a-day-before-moves",
    ),
    pytest.param(
        [received(), step("03-16 00:00", 4, rescheduled_to="03-20")],
        {"due": "03-16", "rescheduled": False, "violations": ["late_reschedule"]},
        id="art-19.9-on-the-due-date-is-late",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 4, rescheduled_to="03-20"), step("03-11 09:00", 4, rescheduled_to="03-25")],
        {"due": "03-20", "violations": ["second_reschedule"]},
        id="art-19.9-at-most-once",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 4, rescheduled_to="03-20"), step("03-21 09:00", 4, rescheduled_to="03-25")],
        {"due": "03-20", "violations": ["second_reschedule"]},
        id="a-late-second-reschedule-is-second-only",
    ),
    pytest.param(
        [
            received(),
            step("03-10 09:00", 4, rescheduled_to="03-20"),
            step("03-11 09:00", 4, rescheduled_to="03-20", due_at="03-16"),
        ],
        {"due": "03-20", "violations": [], "flags": []},
        id="repeating-the-rescheduled-and-the-first-date-is-no-change",
    ),
    pytest.param(
        [received(), step("03-17 09:00", 4, rescheduled_to="03-20", due_at="03-20")],
        {"due": "03-16", "violations": ["late_reschedule"], "flags": []},
        id="a-refused-date-is-not-flagged-again",
    ),
    pytest.param(
        [received(None, rescheduled_to="03-20")],
        {"due": None, "rescheduled": False},
        id="no-date-nothing-to-reschedule",
    ),
    pytest.param(
        [received(rescheduled_to="03-20")],
        {"due": "03-20", "first_due": "03-16"},
        id="the-receiving-transition-may-reschedule",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 6, rescheduled_to="03-20")],
        {"due": "03-16", "rescheduled": False},
        id="only-a-running-clock-reschedules",
    ),
]

RESCHEDULE += [
    pytest.param(
        [
            received(None, procedure_code=W10),
            step("03-05 09:00", 4, rescheduled_to="03-20"),
            step("03-06 09:00", 4, due_at="03-25"),
        ],
        {"due": "03-25", "first_due": "03-16", "flags": ["due_moved"]},
        id="a-rescheduled-limit-stays-the-first-due-date",
    ),
    pytest.param(
        [received(), step("03-04 09:00", 5), step("03-10 09:00", 4, due_at="03-19", rescheduled_to="03-25")],
        {"due": "03-25", "first_due": "03-16", "flags": [], "rescheduled": True},
        id="the-restarting-transition-may-reschedule",
    ),
]

STOPS = [
    pytest.param(
        [received(), step("03-05 17:00", 5)],
        {"clock": "stopped", "supplements": 1, "violations": []},
        id="art-19.4-third-working-day",
    ),
    pytest.param(
        [received(), step("03-06 08:00", 5)],
        {"violations": ["late_supplement"]},
        id="art-19.4-fourth-working-day-is-late",
    ),
    pytest.param(
        [received(), step("03-03 09:00", 5), step("03-04 09:00", 4), step("03-20 09:00", 5)],
        {"violations": ["second_supplement"], "supplements": 2},
        id="art-15.3-a-second-request",
    ),
    pytest.param(
        [received(None, procedure_code=W10), step("03-04 09:00", 5), step("03-10 09:00", 4)],
        {"due": "03-24", "first_due": "03-16", "started_at": "03-10 09:00"},
        id="art-19.4-restarts-from-zero",
    ),
    pytest.param(
        [received(procedure_code=W10), step("03-04 09:00", 5), step("03-10 09:00", 4, due_at="03-19")],
        {"due": "03-19", "flags": []},
        id="the-restart-s-own-date-wins",
    ),
    pytest.param(
        [received(), step("03-04 09:00", 5), step("03-10 09:00", 4)],
        {"due": "03-16"},
        id="without-a-limit-the-old-date-stays",
    ),
    pytest.param(
        [received(None), step("03-04 09:00", 5), step("03-10 09:00", 4, due_at="03-19")],
        {"due": "03-19", "first_due": "03-19"},
        id="the-first-own-date-may-come-on-a-restart",
    ),
    pytest.param(
        [received(), step("03-05 09:00", 6), step("03-10 09:00", 4)],
        {"due": "03-19", "first_due": "03-16"},
        id="payment-moves-by-3-working-days-friday-monday-tuesday",
    ),
    pytest.param(
        [received(), step("03-05 09:00", 6), step("03-05 15:00", 4)],
        {"due": "03-16"},
        id="payment-within-a-day-moves-nothing",
    ),
    pytest.param(
        [received(procedure_code=W10), step("03-04 09:00", 6), step("03-05 09:00", 5), step("03-10 09:00", 4)],
        {"due": "03-24", "violations": []},
        id="a-stop-with-a-5-is-a-supplement",
    ),
]

ENDS = [
    pytest.param(
        [received(), step("03-13 16:00", 9)],
        {"clock": "ended", "standing": "early", "standing_766": "on_time"},
        id="early",
    ),
    pytest.param([received(), step("03-16 23:59", 9)], {"standing": "on_time"}, id="on-the-date"),
    pytest.param(
        [received(), step("03-17 00:00", 9)], {"standing": "late", "standing_766": "late"}, id="after-the-date"
    ),
    pytest.param(
        [received(), step("03-18 09:00", 9, finished_at="03-16 16:00")],
        {"standing": "on_time"},
        id="finished_at-is-the-end",
    ),
    pytest.param(
        [received(), step("03-12 09:00", 9, finished_at="03-20 09:00")],
        {"ended_at": "03-12 09:00"},
        id="not-after-the-transition",
    ),
    pytest.param(
        [received(), step("03-12 09:00", 9, finished_at="02-20 09:00")],
        {"ended_at": "03-02 09:00", "flags": ["receipt_after_end"]},
        id="never-before-the-receipt",
    ),
    pytest.param(
        [received(), step("03-12 09:00", 9), step("03-20 09:00", 10)],
        {"ended_at": "03-12 09:00", "violations": []},
        id="10-beside-9-is-no-end",
    ),
    pytest.param(
        [received(), step("03-20 09:00", 10)], {"ended_at": "03-20 09:00", "standing": "late"}, id="10-without-9-ends"
    ),
    pytest.param(
        [received(), step("03-17 09:00", 3)],
        {"standing": "late", "violations": ["late_refusal"]},
        id="art-19.8-late-refusal",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 3)], {"standing": "early", "violations": []}, id="art-19.8-refusal-in-time"
    ),
    pytest.param(
        [received(), step("03-10 09:00", 7, finished_at="03-03 09:00")],
        {"standing": "on_time", "ended_at": "03-10 09:00"},
        id="withdrawn",
    ),
    pytest.param([received(), step("03-17 09:00", 8)], {"standing": "late"}, id="halted-after-the-date-is-late"),
    pytest.param(
        [received(), step("03-05 09:00", 5), step("03-30 09:00", 8)],
        {"standing": "on_time", "standing_766": "on_time"},
        id="stopped-when-ended",
    ),
    pytest.param(
        [received(), step("03-17 09:00", 5), step("03-30 09:00", 8)],
        {"standing": "late"},
        id="stopped-after-the-date-when-ended",
    ),
    pytest.param(
        [received(), step("03-12 09:00", 9), step("03-13 09:00", 7)],
        {"violations": ["status_after_end"], "ended_at": "03-12 09:00"},
        id="tt-03-2025-art-7-withdrawal-after-the-result",
    ),
    pytest.param(
        [received(None, procedure_code=H24), step("03-03 09:00", 9)], {"standing": "on_time"}, id="hours-to-the-moment"
    ),
    pytest.param(
        [received(None, procedure_code=H24), step("03-03 09:01", 9)],
        {"standing": "late", "standing_766": "on_time"},
        id="hours-a-minute-late",
    ),
    pytest.param(
        [received(procedure_code=W10), step("03-04 09:00", 5), step("03-10 09:00", 4), step("03-24 09:00", 9)],
        {"standing": "on_time", "standing_766": "late"},
        id="qd-766-2.1-six-days-of-waiting-give-18-march",
    ),
    pytest.param(
        [received(procedure_code=W10), step("03-04 09:00", 5), step("03-12 09:00", 4), step("03-24 09:00", 9)],
        {"standing": "early", "standing_766": "on_time"},
        id="qd-766-2.1-eight-days-of-waiting-give-16-march",
    ),
    pytest.param(
        [received(), step("03-03 09:00", 5), step("03-03 10:00", 5), step("03-04 09:00", 9)],
        {"standing": "on_time", "standing_766": "late"},
        id="qd-766-two-requests-are-late",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 4, rescheduled_to="03-20"), step("03-19 09:00", 9)],
        {"standing": "early", "standing_766": "late"},
        id="qd-766-judges-by-the-first-date",
    ),
]

ENDS += [
    pytest.param(
        [received(), step("03-04 09:00", 6), step("03-06 09:00", 5), step("03-09 09:00", 9, finished_at="03-05 09:00")],
        {"ended_at": "03-05 09:00", "standing": "on_time", "standing_766": "on_time"},
        id="the-moment-of-a-stop-is-that-of-its-first-5-or-6",
    ),
    pytest.param(
        [received(), step("03-16 09:00", 5), step("03-30 09:00", 9)],
        {"ended_at": "03-30 09:00", "standing": "on_time", "standing_766": "on_time"},
        id="an-end-while-stopped-is-judged-by-the-stop",
    ),
]

ALERTS = [
    pytest.param(
        [received()],
        {"watch": ["due_soon 03-11 07:00", "apology_due 03-13 07:00", "overdue 03-17 00:00"]},
        id="art-19.9-three-alerts",
    ),
    pytest.param(
        [received("03-15")],
        {"watch": ["due_soon 03-11 07:00", "apology_due 03-13 07:00", "overdue 03-16 00:00"]},
        id="due-on-a-sunday",
    ),
    pytest.param(
        [received("02-23", received_at="02-10 09:00")],
        {"watch": ["overdue 02-24 00:00"]},
        id="a-date-set-after-it-passed-is-only-overdue",
    ),
    pytest.param(
        [step("02-10 09:00", 2, due_at="02-23")],
        {"watch": ["due_soon 02-11 07:00", "apology_due 02-13 07:00", "overdue 02-24 00:00"]},
        id="working-days-before-tet",
    ),
    pytest.param(
        [received("03-04")],
        {"watch": ["apology_due 03-03 07:00", "due_soon 03-04 07:00", "overdue 03-05 00:00"]},
        id="short-limit-warns-on-the-date",
    ),
    pytest.param([received("03-02")], {"watch": ["overdue 03-03 00:00"]}, id="due-on-the-day-of-receipt"),
    pytest.param(
        [received(), step("03-05 09:00", 4, apologised_at="03-05 09:00")],
        {"watch": ["due_soon 03-11 07:00", "overdue 03-17 00:00"]},
        id="an-apology-made-settles-it",
    ),
    pytest.param(
        [received(), step("03-05 09:00", 4, apologised_at="03-05 09:00"), step("03-06 09:00", 4, due_at="03-20")],
        {"watch": ["due_soon 03-17 07:00", "apology_due 03-19 07:00", "overdue 03-21 00:00"]},
        id="an-apology-for-an-earlier-date-does-not",
    ),
    pytest.param(
        [received(), step("03-05 09:00", 5, apologised_at="03-05 09:00"), step("03-06 09:00", 4)],
        {"watch": ["due_soon 03-11 07:00", "overdue 03-17 00:00"]},
        id="an-apology-outlives-stop-and-restart",
    ),
    pytest.param(
        [received(), step("03-05 09:00", 4, rescheduled_to="03-20")],
        {"watch": ["due_soon 03-17 07:00", "overdue 03-21 00:00"]},
        id="a-reschedule-is-an-apology",
    ),
    pytest.param([received(), step("03-05 09:00", 5)], {"watch": []}, id="a-stopped-clock-has-none"),
    pytest.param(
        [received(), step("03-17 09:00", 6)],
        {"watch": ["overdue 03-17 00:00"]},
        id="stopped-after-the-date-stays-overdue",
    ),
    pytest.param([received(), step("03-12 09:00", 9)], {"watch": []}, id="a-closed-dossier-has-none"),
]

FLAGS = [
    pytest.param([received("02-27")], {"flags": ["due_before_receipt"]}, id="due-before-receipt"),
    pytest.param([step("03-03 09:00", 2)], {"flags": ["code_date_differs"]}, id="tt-01-2018-date-in-the-code"),
    pytest.param(
        [received(agency="LG.NOWHERE", procedure_code="1.999999")],
        {"flags": ["unknown_agency", "unknown_procedure"]},
        id="unlisted-codes",
    ),
    pytest.param([received(odd=("future_moment",))], {"flags": ["future_moment"]}, id="judged-at-admission"),
]


@pytest.mark.parametrize(("steps", "expected"), [*RECEIPT, *DUE, *RESCHEDULE, *STOPS, *ENDS, *ALERTS, *FLAGS])
def test_a_dossier_stands_as_the_law_says(steps: list[Transition], expected: dict[str, object]) -> None:
    assert seen(dossier(*steps), tuple(expected)) == expected
