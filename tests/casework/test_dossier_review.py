"""The clock of a dossier read a second time, sentence by sentence: each date counted by hand before it was run.

In March 2026 no day off falls on a weekday; the 2nd is a Monday.
"""

from typing import Any

import pytest

from casework.dossiers import Transition
from tests.support.dossiers import dossier, seen, step

W10, W0, H24, C7, NONE = "9.000010", "9.000001", "9.000024", "9.000007", "9.000000"


def received(due: str | None = "03-16", at: str = "03-02 09:00", **given: Any) -> Transition:
    """Accepted on Monday 2 March at 09:00; by default due on Monday 16 March."""
    return step(at, 2, **({"due_at": due} if due else {}), **given)


DISTINCT = [
    pytest.param(
        [received("03-16"), received("03-18")],
        {"due": "03-18", "first_due": "03-18", "flags": []},
        id="equal-moment-and-status-the-greater-date-and-no-move",
    ),
    pytest.param(
        [received(None, agency="LG.HCC"), received("03-16")],
        {"due": "03-16", "agency": "LG.HCC"},
        id="equal-moment-and-status-complete-each-other",
    ),
    pytest.param(
        [received(), step("03-04 09:00", 5), step("03-06 09:00", 5), step("03-06 09:00", 4)],
        {"clock": "stopped", "supplements": 2, "violations": ["second_supplement"]},
        id="at-one-moment-the-4-goes-before-the-5",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 10), step("03-10 09:00", 9)],
        {"clock": "ended", "ended_at": "03-10 09:00", "violations": []},
        id="at-one-moment-the-9-goes-before-the-10",
    ),
    pytest.param(
        [received(), step("2031-01-02 09:00", 9)],
        {"clock": "ended", "standing": "late", "ended_at": "01-02 09:00"},
        id="a-moment-years-ahead-is-folded-too",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 4, rescheduled_to="03-20", due_at="03-25")],
        {"due": "03-25", "first_due": "03-16", "rescheduled": True, "flags": ["due_moved"]},
        id="within-a-transition-the-reschedule-goes-before-the-date",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 4, rescheduled_to="03-20", due_at="03-16")],
        {"due": "03-20", "rescheduled": True, "flags": []},
        id="the-old-date-beside-a-reschedule-is-no-change",
    ),
    pytest.param(
        [received(), step("03-16 09:00", 4, rescheduled_to="03-25", due_at="03-25")],
        {"due": "03-16", "violations": ["late_reschedule"], "flags": []},
        id="a-date-refused-as-a-reschedule-does-not-come-in-as-due_at",
    ),
]

RECEIPT = [
    pytest.param(
        [step("03-05 09:00", 9, received_at="03-02 09:00", due_at="03-04")],
        {"received_at": "03-02 09:00", "due": "03-04", "ended_at": "03-05 09:00", "standing": "late"},
        id="a-9-alone-receives-and-ends",
    ),
    pytest.param(
        [step("03-03 09:00", 10), step("03-05 09:00", 9)],
        {"received_at": "03-05 09:00", "ended_at": "03-05 09:00", "violations": []},
        id="a-10-before-its-9-neither-receives-nor-ends",
    ),
    pytest.param(
        [step("03-05 09:00", 7, received_at="03-02 09:00", due_at="03-16")],
        {"clock": "ended", "received_at": "03-02 09:00", "standing": "on_time"},
        id="a-withdrawal-that-carries-received_at-was-received",
    ),
    pytest.param(
        [step("03-05 09:00", 6, received_at="03-02 09:00", due_at="03-16"), step("03-09 09:00", 4)],
        {"clock": "running", "received_at": "03-02 09:00", "due": "03-18"},
        id="a-6-that-carries-received_at-receives-and-stops",
    ),
    pytest.param(
        [step("03-05 09:00", 3, received_at="03-02 09:00", due_at="03-16")],
        {"clock": "refused", "received_at": None, "standing": None, "standing_766": None, "watch": []},
        id="received_at-on-a-3-is-no-receipt",
    ),
    pytest.param(
        [
            received(),
            step("03-03 09:00", 4, received_at="03-01 09:00"),
            step("03-04 09:00", 4, received_at="02-27 09:00"),
        ],
        {"received_at": "03-01 09:00"},
        id="the-first-received_at-in-the-order-not-the-earliest",
    ),
    pytest.param(
        [received(None, procedure_code=W10), step("03-04 09:00", 4, received_at="02-27 16:00")],
        {"received_at": "02-27 16:00", "due": "03-13", "first_due": "03-13"},
        id="a-received_at-that-comes-later-moves-the-limit-too",
    ),
    pytest.param(
        [step("03-01 09:00", 1), step("03-02 09:00", 8), step("03-03 09:00", 2), step("03-04 09:00", 9)],
        {"clock": "refused", "received_at": None, "standing": None, "violations": ["status_after_end"]},
        id="halted-before-receipt-is-uncounted-whatever-follows",
    ),
    pytest.param(
        [step("03-01 09:00", 3), step("03-02 09:00", 1)],
        {"clock": "refused", "violations": ["status_after_end"]},
        id="a-new-registration-after-a-refusal-is-unexpected",
    ),
    pytest.param(
        [step("03-01 09:00", 5), received(), step("03-05 17:00", 5)],
        {"supplements": 1, "violations": []},
        id="art-15.3-a-request-before-receipt-is-not-the-first",
    ),
]

DUE = [
    pytest.param(
        [
            step("02-26 09:00", 1),
            step("02-27 09:00", 1, due_at="03-13"),
            step("02-28 09:00", 1, due_at="03-20"),
            received(None, procedure_code=W10),
        ],
        {"due": "03-13", "first_due": "03-13"},
        id="the-first-registration-that-has-a-date",
    ),
    pytest.param(
        [step("03-01 09:00", 1, due_at="03-13"), received()],
        {"due": "03-16", "flags": []},
        id="the-receiving-transition-s-date-before-the-registration-s",
    ),
    pytest.param(
        [received(None, procedure_code=W10), step("03-18 09:00", 4, due_at="03-20")],
        {"due": "03-20", "first_due": "03-20", "flags": []},
        id="the-limit-gives-way-also-after-it-ran-out",
    ),
    pytest.param(
        [received(None), step("03-20 09:00", 9, due_at="03-16")],
        {"due": "03-16", "standing": "late", "standing_766": "late"},
        id="a-date-that-only-the-9-knows-counts",
    ),
    pytest.param(
        [received(None), step("03-04 09:00", 5, due_at="03-16"), step("03-09 09:00", 4)],
        {"due": "03-16", "first_due": "03-16"},
        id="a-date-that-only-the-5-knows-stays-after-the-restart",
    ),
    pytest.param(
        [received(None), step("03-04 09:00", 4, rescheduled_to="03-20"), step("03-30 09:00", 9)],
        {"due": None, "rescheduled": False, "standing": "on_time", "standing_766": "on_time", "violations": []},
        id="without-a-date-a-reschedule-changes-nothing",
    ),
    pytest.param(
        [step("2026-12-31 16:59", 2, procedure_code="9.000001")],
        {"due": "12-31"},
        id="limit-0-on-the-last-day-of-the-year",
    ),
    pytest.param(
        [step("02-13 15:00", 2, procedure_code=W10)],
        {"due": "03-06"},
        id="tet-2026-ten-working-days-from-the-last-friday",
    ),
    pytest.param(
        [step("02-07 10:00", 2, procedure_code=C7)],
        {"due": "02-23"},
        id="blds-148.5-seven-days-end-on-saturday-14-february-and-roll-over-tet",
    ),
]

MOVED = [
    pytest.param(
        [received(), step("03-04 09:00", 4, due_at="03-10")],
        {"due": "03-10", "first_due": "03-16", "flags": ["due_moved"]},
        id="an-earlier-date-moves-it-too",
    ),
    pytest.param(
        [received(), step("03-12 09:00", 4, due_at="03-10")],
        {"due": "03-10", "watch": ["overdue 03-11 00:00"]},
        id="a-date-already-past-is-taken-as-given",
    ),
    pytest.param(
        [received("03-16 08:00"), step("03-04 09:00", 4, due_at="03-16 17:00")],
        {"due": "03-16", "flags": []},
        id="another-hour-of-the-same-day-is-no-change",
    ),
    pytest.param(
        [received(), step("03-18 09:00", 4, due_at="03-25"), step("03-19 09:00", 4, rescheduled_to="03-25")],
        {"due": "03-16", "violations": [], "flags": ["due_moved_late"]},
        id="a-date-refused-as-due_at-is-ignored-as-a-reschedule",
    ),
    pytest.param(
        [received(), step("03-17 00:00", 2, due_at="03-20")],
        {"due": "03-16", "flags": ["due_moved_late"]},
        id="midnight-after-the-due-date-is-after-it",
    ),
    pytest.param(
        [received(), step("03-16 23:59", 2, due_at="03-20")],
        {"due": "03-20", "flags": ["due_moved"]},
        id="the-last-minute-of-the-due-date-is-on-it",
    ),
    pytest.param(
        [received(), step("03-05 09:00", 6, due_at="03-20"), step("03-05 15:00", 4)],
        {"due": "03-16", "flags": []},
        id="a-date-on-a-stop-moves-nothing-where-one-was-known",
    ),
]

RESCHEDULED = [
    pytest.param(
        [received("03-02", rescheduled_to="03-05")],
        {"due": "03-02", "rescheduled": False, "violations": ["late_reschedule"]},
        id="art-19.9-received-and-rescheduled-on-the-due-date-is-late",
    ),
    pytest.param(
        [received(), step("03-15 23:59", 4, rescheduled_to="03-20")],
        {"due": "03-20", "rescheduled": True, "violations": []},
        id="art-19.9-sunday-is-a-day-before-monday",
    ),
    pytest.param(
        [
            received(),
            step("03-16 08:00", 4, rescheduled_to="03-18"),
            step("03-16 09:00", 4, due_at="03-25"),
            step("03-20 09:00", 4, rescheduled_to="03-30"),
        ],
        {"due": "03-30", "rescheduled": True, "violations": ["late_reschedule"], "flags": ["due_moved"]},
        id="art-19.9-a-late-one-does-not-use-up-the-one-allowed",
    ),
    pytest.param(
        [
            received(),
            step("03-05 09:00", 4, rescheduled_to="03-16"),
            step("03-06 09:00", 4, rescheduled_to="03-20"),
        ],
        {"due": "03-20", "violations": []},
        id="rescheduled-to-the-date-in-force-is-none",
    ),
    pytest.param(
        [
            received(procedure_code=NONE),
            step("03-04 09:00", 4, rescheduled_to="03-20"),
            step("03-05 09:00", 5),
            step("03-09 09:00", 4, due_at="03-27"),
            step("03-10 09:00", 4, rescheduled_to="03-31"),
        ],
        {"due": "03-27", "first_due": "03-16", "violations": ["second_reschedule"]},
        id="art-19.9-at-most-once-also-after-a-restart",
    ),
    pytest.param(
        [received(), step("03-04 09:00", 5, rescheduled_to="03-20"), step("03-05 09:00", 4)],
        {"due": "03-16", "rescheduled": False, "violations": []},
        id="a-reschedule-on-a-5-changes-nothing",
    ),
]

STOPPED = [
    pytest.param(
        [step("03-07 09:00", 2, due_at="03-20"), step("03-11 17:00", 5)],
        {"violations": []},
        id="art-19.4-received-on-a-saturday-third-working-day-is-wednesday",
    ),
    pytest.param(
        [step("02-13 09:00", 2, due_at="03-20"), step("02-25 17:00", 5)],
        {"violations": []},
        id="art-19.4-third-working-day-over-tet-2026",
    ),
    pytest.param(
        [step("02-13 09:00", 2, due_at="03-20"), step("02-26 08:00", 5)],
        {"violations": ["late_supplement"]},
        id="art-19.4-fourth-working-day-over-tet-2026",
    ),
    pytest.param(
        [received(procedure_code=W10), step("03-04 09:00", 5), step("03-10 09:00", 4)],
        {"due": "03-24", "first_due": "03-16", "clock": "running", "started_at": "03-10 09:00"},
        id="art-19.4-the-full-limit-also-where-the-first-date-was-its-own",
    ),
    pytest.param(
        [
            received(),
            step("03-18 09:00", 4, due_at="03-25"),
            step("03-19 09:00", 5),
            step("03-20 09:00", 4, due_at="03-25"),
        ],
        {"due": "03-25", "first_due": "03-16", "flags": ["due_moved_late"], "violations": ["late_supplement"]},
        id="a-restart-s-own-date-counts-though-it-was-refused-before",
    ),
    pytest.param(
        [step("02-13 09:00", 2, due_at="02-27"), step("02-13 15:00", 6), step("02-24 09:00", 4)],
        {"due": "03-03", "first_due": "02-27"},
        id="payment-over-tet-stood-two-working-days",
    ),
    pytest.param(
        [received("03-15"), step("03-05 09:00", 6), step("03-06 09:00", 2)],
        {"due": "03-16"},
        id="payment-moves-a-sunday-by-one-working-day-to-monday",
    ),
    pytest.param(
        [received(), step("03-18 09:00", 6), step("03-20 09:00", 4), step("03-20 10:00", 9)],
        {"due": "03-18", "standing": "late"},
        id="payment-asked-after-the-date-does-not-undo-the-lateness",
    ),
    pytest.param(
        [received(), step("03-05 09:00", 6), step("03-12 09:00", 4, due_at="03-16")],
        {"due": "03-16", "flags": []},
        id="payment-the-resuming-transition-s-own-date-wins-though-unmoved",
    ),
    pytest.param(
        [received(procedure_code=W10), step("03-04 09:00", 6), step("03-05 09:00", 5), step("03-10 09:00", 4)],
        {"due": "03-24", "supplements": 1, "violations": []},
        id="payment-then-supplement-restarts-from-zero",
    ),
]

ENDED = [
    pytest.param(
        [received(), step("03-10 09:00", 7, finished_at="03-08 09:00")],
        {"ended_at": "03-10 09:00", "standing": "on_time"},
        id="a-withdrawal-ends-at-its-own-moment",
    ),
    pytest.param(
        [received(), step("03-04 09:00", 5), step("03-10 09:00", 4), step("03-12 09:00", 9, finished_at="03-06 09:00")],
        {"ended_at": "03-10 09:00"},
        id="never-before-the-restart",
    ),
    pytest.param(
        [received(), step("03-04 09:00", 5), step("03-12 09:00", 9, finished_at="03-03 09:00")],
        {"ended_at": "03-04 09:00", "standing": "on_time"},
        id="never-before-the-stop",
    ),
    pytest.param(
        [received(received_at="03-05 09:00"), step("03-04 09:00", 9)],
        {"received_at": "03-05 09:00", "ended_at": "03-05 09:00"},
        id="a-receipt-after-the-end-carries-the-end-with-it",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 7), step("03-12 09:00", 9)],
        {"ended_at": "03-10 09:00", "standing": "on_time", "violations": ["status_after_end"]},
        id="a-result-after-a-withdrawal-changes-nothing",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 10), step("03-11 09:00", 10)],
        {"ended_at": "03-10 09:00", "violations": []},
        id="a-second-10-is-expected",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 9), step("03-11 09:00", 1)],
        {"clock": "ended", "violations": ["status_after_end"]},
        id="a-registration-after-the-end-is-unexpected",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 5), step("03-12 09:00", 3)],
        {"standing": "on_time", "violations": ["late_supplement"]},
        id="art-19.8-refused-while-waiting-is-on-time",
    ),
    pytest.param(
        [received(), step("03-17 09:00", 5), step("03-18 09:00", 3)],
        {"standing": "late", "violations": ["late_refusal", "late_supplement"]},
        id="art-19.8-refused-while-stopped-after-the-date-is-late",
    ),
]

QD_766 = [
    pytest.param(
        [received(), step("03-05 09:00", 6), step("03-12 09:00", 4), step("03-20 09:00", 9)],
        {"due": "03-23", "standing": "early", "standing_766": "late"},
        id="waiting-for-payment-is-not-taken-off",
    ),
    pytest.param(
        [
            received(),
            step("03-03 09:00", 6),
            step("03-05 09:00", 5),
            step("03-10 09:00", 4, due_at="03-24"),
            step("03-21 10:00", 9),
        ],
        {"standing": "early", "standing_766": "on_time"},
        id="of-a-mixed-stop-five-days-from-its-5-give-16-march",
    ),
    pytest.param(
        [
            received(),
            step("03-03 09:00", 6),
            step("03-05 09:00", 5),
            step("03-10 09:00", 4, due_at="03-24"),
            step("03-22 10:00", 9),
        ],
        {"standing": "early", "standing_766": "late"},
        id="of-a-mixed-stop-five-days-from-its-5-give-17-march",
    ),
    pytest.param(
        [received(), step("03-04 09:00", 5), step("04-20 09:00", 9)],
        {"standing": "on_time", "standing_766": "on_time"},
        id="waiting-runs-to-the-end-where-nothing-restarted",
    ),
    pytest.param(
        [
            received(None),
            step("03-04 09:00", 5),
            step("03-05 09:00", 4),
            step("03-06 09:00", 5),
            step("03-09 09:00", 7),
        ],
        {"standing": "on_time", "standing_766": "late", "violations": ["second_supplement"]},
        id="two-requests-are-late-also-without-a-date",
    ),
]

ALERTS = [
    pytest.param(
        [received("03-04")],
        {"watch": ["apology_due 03-03 07:00", "due_soon 03-04 07:00", "overdue 03-05 00:00"]},
        id="two-days-warn-on-the-date-itself",
    ),
    pytest.param(
        [received("03-05", at="03-02 06:59")],
        {"watch": ["due_soon 03-02 07:00", "apology_due 03-04 07:00", "overdue 03-06 00:00"]},
        id="received-a-minute-before-seven",
    ),
    pytest.param(
        [received("03-05", at="03-02 07:00")],
        {"watch": ["apology_due 03-04 07:00", "due_soon 03-05 07:00", "overdue 03-06 00:00"]},
        id="received-at-seven-is-not-before-it",
    ),
    pytest.param(
        [step("02-09 09:00", 2, due_at="02-23")],
        {"watch": ["due_soon 02-11 07:00", "apology_due 02-13 07:00", "overdue 02-24 00:00"]},
        id="due-on-the-first-day-after-tet-2026",
    ),
    pytest.param(
        [step("08-17 09:00", 2, due_at="08-24")],
        {"watch": ["due_soon 08-20 07:00", "apology_due 08-22 07:00", "overdue 08-25 00:00"]},
        id="a-make-up-saturday-is-the-last-working-day-before",
    ),
    pytest.param(
        [received(), step("03-12 09:00", 4, apologised_at="03-12 08:00")],
        {"watch": ["due_soon 03-11 07:00", "overdue 03-17 00:00"]},
        id="an-apology-takes-its-alert-away",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 4, apologised_at="03-10 08:00"), step("03-11 06:00", 4, due_at="03-20")],
        {"watch": ["due_soon 03-17 07:00", "apology_due 03-19 07:00", "overdue 03-21 00:00"]},
        id="an-apology-for-the-old-date-is-none-for-the-new",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 4, apologised_at="03-10 08:00", due_at="03-20")],
        {"watch": ["due_soon 03-17 07:00", "overdue 03-21 00:00"]},
        id="an-apology-beside-the-new-date-is-for-it",
    ),
    pytest.param(
        [
            received(procedure_code=NONE),
            step("03-03 09:00", 1, apologised_at="03-03 08:00"),
            step("03-04 09:00", 5),
            step("03-06 09:00", 4),
        ],
        {"due": "03-16", "watch": ["due_soon 03-11 07:00", "overdue 03-17 00:00"]},
        id="an-apology-on-any-status-outlives-stop-and-restart",
    ),
    pytest.param(
        [received(), step("03-04 09:00", 4, rescheduled_to="03-20")],
        {"watch": ["due_soon 03-17 07:00", "overdue 03-21 00:00"]},
        id="art-19.9-a-rescheduled-date-needs-no-second-apology",
    ),
    pytest.param(
        [received(), step("03-17 00:00", 5)],
        {"clock": "stopped", "watch": ["overdue 03-17 00:00"]},
        id="stopped-after-the-date-stays-overdue",
    ),
    pytest.param(
        [received(), step("03-16 23:59", 5)],
        {"clock": "stopped", "watch": []},
        id="stopped-on-the-date-has-no-alert",
    ),
    pytest.param(
        [received(), step("03-16 15:00", 6), step("03-18 09:00", 5)],
        {"clock": "stopped", "watch": []},
        id="a-stop-is-as-old-as-its-first-status",
    ),
    pytest.param(
        [received(None, procedure_code=H24), step("03-03 08:59", 5)],
        {"watch": []},
        id="a-limit-in-hours-stopped-a-minute-before",
    ),
    pytest.param(
        [received(None, procedure_code=H24), step("03-03 09:01", 5)],
        {"watch": ["overdue 03-03 09:00"]},
        id="a-limit-in-hours-stopped-a-minute-after",
    ),
    pytest.param(
        [step("2025-12-22 09:00", 2, due_at="2026-01-05")],
        {"watch": ["due_soon 12-29 07:00", "apology_due 12-31 07:00", "overdue 01-06 00:00"]},
        id="over-the-end-of-the-year-2025-with-the-friday-swapped-off",
    ),
    pytest.param(
        [
            received(),
            step("03-10 09:00", 4, rescheduled_to="03-20"),
            step("03-11 09:00", 6),
            step("03-12 09:00", 4),
        ],
        {"due": "03-23", "watch": ["due_soon 03-18 07:00", "apology_due 03-20 07:00", "overdue 03-24 00:00"]},
        id="a-date-that-waiting-for-payment-moved-is-no-longer-the-rescheduled-one",
    ),
]


@pytest.mark.parametrize(
    "steps, expected", [*DISTINCT, *RECEIPT, *DUE, *MOVED, *RESCHEDULED, *STOPPED, *ENDED, *QD_766, *ALERTS]
)
def test_what_the_contract_says_of_a_history(steps: list[Transition], expected: dict[str, object]) -> None:
    assert seen(dossier(*steps), list(expected)) == expected
