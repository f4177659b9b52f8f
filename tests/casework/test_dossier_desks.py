"""Dossiers that pass through several agencies (NĐ 61/2018 Art. 19.5-19.7): who holds them, until when, who was late.

In March 2026 no day off falls on a weekday; the 2nd is a Monday. Limits of the agencies are invented.
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.dossiers import DossierState, Transition, apply
from casework.procedures import parse_agency_limits
from casework.rules import Rules
from tests.support.dossiers import CODE, dossier, moment, small_rules, step

W10, C7 = "9.000010", "9.000007"
LIMITS = """procedure,agency,days,day_type,source
9.000010,LG.SXD,3,working,QĐ thử
9.000010,LG.STP,24,hours,QĐ thử
9.000010,LG.SNV,2,calendar_as_labelled,QĐ thử
"""
Row = tuple[str, str, str | None, str | None, bool]


def desks() -> Rules:
    """The small rules, in which three agencies have limits of their own in one procedure."""
    return replace(small_rules(), agency_limits=parse_agency_limits(LIMITS.splitlines(keepends=True)))


def passed(*steps: Transition) -> DossierState:
    return dossier(*steps, under=desks())


def held(state: DossierState) -> list[Row]:
    """The holdings in short texts: agency, since, until, own limit, late."""
    return [(one.agency, _at(one.since) or "", _at(one.until), _at(one.due_at), one.late) for one in state.holders]


def _at(at: Any) -> str | None:
    return f"{at:%m-%d %H:%M}" if at else None


def step_duties(state: DossierState) -> list[tuple[str, str]]:
    """Moment and due moment of each `step_overdue` that is watched."""
    return [
        (f"{point.moment:%m-%d %H:%M}", f"{point.due_at:%m-%d %H:%M:%S}")
        for point in state.watch
        if point.alert == "step_overdue"
    ]


def received(**given: Any) -> Transition:
    """Accepted by the one-stop centre on Monday 2 March at 09:00, due on Monday 16 March."""
    told = {"agency": "LG.HCC", "procedure_code": W10, "due_at": "03-16", **given}
    return step("03-02 09:00", 2, **{name: value for name, value in told.items() if value is not None})


def to(agency: str | None, at: str = "03-04 10:00", **given: Any) -> Transition:
    """Passed on, by default on Wednesday 4 March at 10:00."""
    return step(at, 4, agency=agency, **given)


HELD = [
    pytest.param([received()], [("LG.HCC", "03-02 09:00", None, None, False)], id="the-first-holds-since-receipt"),
    pytest.param(
        [received(agency=None), to("LG.HCC")],
        [("LG.HCC", "03-02 09:00", None, None, False)],
        id="named-only-later-it-held-since-receipt",
    ),
    pytest.param(
        [received(received_at="02-27 15:00")],
        [("LG.HCC", "02-27 15:00", None, None, False)],
        id="receipt-is-that-of-the-clock",
    ),
    pytest.param(
        [received(agency=None), to("LG.HCC", received_at="02-27 15:00")],
        [("LG.HCC", "02-27 15:00", None, None, False)],
        id="a-receipt-told-later-too",
    ),
    pytest.param(
        [step("03-01 09:00", 1, agency="LG.VP"), received(agency=None), to("LG.HCC")],
        [("LG.HCC", "03-02 09:00", None, None, False)],
        id="who-was-named-before-receipt-held-nothing",
    ),
    pytest.param(
        [received(), to("LG.VP")],
        [("LG.HCC", "03-02 09:00", "03-04 10:00", None, False), ("LG.VP", "03-04 10:00", None, None, False)],
        id="another-agency-takes-over-at-the-moment-of-its-transition",
    ),
    pytest.param(
        [received(), to("LG.HCC"), to(None, "03-05 10:00")],
        [("LG.HCC", "03-02 09:00", None, None, False)],
        id="the-same-agency-or-none-passes-nothing-on",
    ),
    pytest.param(
        [received(), to("LG.VP"), to("LG.HCC", "03-06 10:00")],
        [
            ("LG.HCC", "03-02 09:00", "03-04 10:00", None, False),
            ("LG.VP", "03-04 10:00", "03-06 10:00", None, False),
            ("LG.HCC", "03-06 10:00", None, None, False),
        ],
        id="one-that-holds-it-twice-is-there-twice",
    ),
    pytest.param(
        [received(agency="Trung tâm Phục vụ hành chính công tỉnh"), to("TTPVHCC"), to("LG.HCC", "03-05 10:00")],
        [("LG.HCC", "03-02 09:00", None, None, False)],
        id="three-ways-to-write-one-agency",
    ),
    pytest.param(
        [received(), to("Sở không ai biết")],
        [("LG.HCC", "03-02 09:00", "03-04 10:00", None, False), ("unknown", "03-04 10:00", None, None, False)],
        id="a-name-that-nobody-knows-is-unknown",
    ),
    pytest.param(
        [received(), to("H09.12")],
        [("LG.HCC", "03-02 09:00", "03-04 10:00", None, False), ("H09.12", "03-04 10:00", None, None, False)],
        id="a-code-that-is-not-listed-is-kept",
    ),
    pytest.param(
        [received(), to("LG.VP"), step("03-10 09:00", 9)],
        [("LG.HCC", "03-02 09:00", "03-04 10:00", None, False), ("LG.VP", "03-04 10:00", "03-10 09:00", None, False)],
        id="the-end-ends-the-last",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 9, finished_at="03-09 15:00")],
        [("LG.HCC", "03-02 09:00", "03-09 15:00", None, False)],
        id="at-the-moment-of-the-end-of-the-clock",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 7)], [("LG.HCC", "03-02 09:00", "03-10 09:00", None, False)], id="withdrawn"
    ),
    pytest.param(
        [received(), step("03-10 09:00", 9), step("03-12 09:00", 10, agency="LG.VP")],
        [("LG.HCC", "03-02 09:00", "03-10 09:00", None, False)],
        id="a-10-after-its-9-changes-nothing",
    ),
    pytest.param(
        [received(), step("03-09 09:00", 10, agency="LG.VP", step_due_at="03-09"), step("03-10 09:00", 9)],
        [("LG.HCC", "03-02 09:00", "03-10 09:00", None, False)],
        id="nor-does-one-before-it",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 10)],
        [("LG.HCC", "03-02 09:00", "03-10 09:00", None, False)],
        id="a-10-without-a-9-ends",
    ),
    pytest.param(
        [received(), step("03-10 09:00", 9), to("LG.VP", "03-11 09:00", step_due_at="03-09")],
        [("LG.HCC", "03-02 09:00", "03-10 09:00", None, False)],
        id="nothing-after-the-end-changes-anything",
    ),
    pytest.param([step("03-02 09:00", 3, agency="LG.HCC")], [], id="refused-before-receipt-nobody-held-it"),
    pytest.param([step("03-02 09:00", 1, agency="LG.HCC")], [], id="nor-before-it-was-received"),
    pytest.param([received(agency=None)], [], id="no-agency-no-holder"),
    pytest.param(
        [received(), step("03-05 09:00", 5, agency="LG.VP")],
        [("LG.HCC", "03-02 09:00", "03-05 09:00", None, False), ("LG.VP", "03-05 09:00", None, None, False)],
        id="a-stop-passes-it-on-too",
    ),
]

OWN = [
    pytest.param(
        [received(), to("LG.SXD")],
        [("LG.HCC", "03-02 09:00", "03-04 10:00", None, False), ("LG.SXD", "03-04 10:00", None, "03-09 23:59", False)],
        id="three-working-days-from-wednesday",
    ),
    pytest.param(
        [received(agency="Sở Xây dựng")],
        [("LG.SXD", "03-02 09:00", None, "03-05 23:59", False)],
        id="of-the-first-from-receipt",
    ),
    pytest.param(
        [received(agency="LG.SNV"), to("LG.STP")],
        [
            ("LG.SNV", "03-02 09:00", "03-04 10:00", "03-04 23:59", False),
            ("LG.STP", "03-04 10:00", None, "03-05 10:00", False),
        ],
        id="calendar-days-and-hours",
    ),
    pytest.param(
        [received(procedure_code=C7), to("LG.SXD")],
        [("LG.HCC", "03-02 09:00", "03-04 10:00", None, False), ("LG.SXD", "03-04 10:00", None, None, False)],
        id="none-in-another-procedure",
    ),
    pytest.param(
        [received(), to("LG.SXD", step_due_at="03-06 23:59:59")],
        [("LG.HCC", "03-02 09:00", "03-04 10:00", None, False), ("LG.SXD", "03-04 10:00", None, "03-06 23:59", False)],
        id="the-named-limit-goes-before-the-table",
    ),
    pytest.param(
        [received(), to("LG.VP"), to(None, "03-05 10:00", step_due_at="03-06 23:59:59")],
        [("LG.HCC", "03-02 09:00", "03-04 10:00", None, False), ("LG.VP", "03-04 10:00", None, "03-06 23:59", False)],
        id="named-later-it-is-that-of-who-holds-then",
    ),
    pytest.param(
        [received(step_due_at="03-03 23:59:59"), to("LG.VP")],
        [("LG.HCC", "03-02 09:00", "03-04 10:00", "03-03 23:59", True), ("LG.VP", "03-04 10:00", None, None, False)],
        id="a-limit-does-not-pass-on-with-the-dossier",
    ),
    pytest.param(
        [received(agency="LG.SXD"), to("LG.HCC", "03-05 17:00")],
        [("LG.SXD", "03-02 09:00", "03-05 17:00", "03-05 23:59", False), ("LG.HCC", "03-05 17:00", None, None, False)],
        id="left-on-its-last-day-in-time",
    ),
    pytest.param(
        [received(agency="LG.SXD"), to("LG.HCC", "03-06 00:00")],
        [("LG.SXD", "03-02 09:00", "03-06 00:00", "03-05 23:59", True), ("LG.HCC", "03-06 00:00", None, None, False)],
        id="left-at-midnight-after-it-late",
    ),
    pytest.param(
        [received(step_due_at="03-04 12:00"), to("LG.VP", "03-04 15:00")],
        [("LG.HCC", "03-02 09:00", "03-04 15:00", "03-04 23:59", False), ("LG.VP", "03-04 15:00", None, None, False)],
        id="a-named-limit-is-judged-by-its-date",
    ),
    pytest.param(
        [received(agency="LG.STP"), to("LG.HCC", "03-03 09:00")],
        [("LG.STP", "03-02 09:00", "03-03 09:00", "03-03 09:00", False), ("LG.HCC", "03-03 09:00", None, None, False)],
        id="hours-are-judged-by-the-moment-in-time",
    ),
    pytest.param(
        [received(agency="LG.STP"), to("LG.HCC", "03-03 09:01")],
        [("LG.STP", "03-02 09:00", "03-03 09:01", "03-03 09:00", True), ("LG.HCC", "03-03 09:01", None, None, False)],
        id="hours-are-judged-by-the-moment-late",
    ),
    pytest.param(
        [received(agency="LG.SXD"), step("03-10 09:00", 9)],
        [("LG.SXD", "03-02 09:00", "03-10 09:00", "03-05 23:59", True)],
        id="ended-after-the-own-limit-though-before-the-due-date",
    ),
    pytest.param(
        [received(agency="LG.SXD"), step("03-10 09:00", 9, finished_at="03-05 15:00")],
        [("LG.SXD", "03-02 09:00", "03-05 15:00", "03-05 23:59", False)],
        id="an-end-told-later-is-judged-as-of-the-end",
    ),
    pytest.param(
        [received(agency="LG.SXD")],
        [("LG.SXD", "03-02 09:00", None, "03-05 23:59", False)],
        id="who-still-holds-it-is-not-yet-late",
    ),
    pytest.param(
        [received(agency="LG.SXD"), to("LG.HCC", "03-04 10:00"), to("LG.SXD", "03-11 10:00")],
        [
            ("LG.SXD", "03-02 09:00", "03-04 10:00", "03-05 23:59", False),
            ("LG.HCC", "03-04 10:00", "03-11 10:00", None, False),
            ("LG.SXD", "03-11 10:00", None, "03-16 23:59", False),
        ],
        id="whoever-gets-it-again-has-the-whole-limit-again",
    ),
    pytest.param(
        [received(agency="LG.SXD"), step("03-05 15:00", 9, agency="LG.HCC", step_due_at="03-04")],
        [("LG.SXD", "03-02 09:00", "03-05 15:00", "03-05 23:59", False)],
        id="art-19.6-the-limit-of-who-writes-down-the-end-is-not-that-of-who-had-it",
    ),
    pytest.param(
        [received(agency="LG.SXD"), step("03-09 15:00", 9, agency="Sở Xây dựng", step_due_at="03-10")],
        [("LG.SXD", "03-02 09:00", "03-09 15:00", "03-10 23:59", False)],
        id="art-19.6-told-with-its-own-end-it-is",
    ),
    pytest.param(
        [received(agency=None, step_due_at="03-03"), to("LG.VP")],
        [("LG.VP", "03-02 09:00", None, None, False)],
        id="art-19.6-a-limit-that-names-nobody-before-anybody-is-named-is-nobodys",
    ),
]

STOPPED = [
    pytest.param(
        [received(), to("LG.SXD"), step("03-05 09:00", 5), to(None, "03-10 09:00")],
        [("LG.HCC", "03-02 09:00", "03-04 10:00", None, False), ("LG.SXD", "03-04 10:00", None, "03-13 23:59", False)],
        id="from-zero-after-a-supplement",
    ),
    pytest.param(
        [received(), to("LG.SXD"), step("03-05 09:00", 6), to(None, "03-09 09:00")],
        [("LG.HCC", "03-02 09:00", "03-04 10:00", None, False), ("LG.SXD", "03-04 10:00", None, "03-11 23:59", False)],
        id="moved-by-the-two-working-days-of-a-payment",
    ),
    pytest.param(
        [received(), to("LG.VP", step_due_at="03-06 23:59:59"), step("03-05 09:00", 6), to(None, "03-09 09:00")],
        [("LG.HCC", "03-02 09:00", "03-04 10:00", None, False), ("LG.VP", "03-04 10:00", None, "03-10 23:59", False)],
        id="a-named-one-moves-by-a-payment-too",
    ),
    pytest.param(
        [received(), to("LG.VP", step_due_at="03-06 23:59:59"), step("03-05 09:00", 5), to(None, "03-09 09:00")],
        [("LG.HCC", "03-02 09:00", "03-04 10:00", None, False), ("LG.VP", "03-04 10:00", None, "03-06 23:59", False)],
        id="a-named-one-stays-after-a-supplement",
    ),
    pytest.param(
        [
            received(),
            to("LG.VP", step_due_at="03-06 23:59:59"),
            step("03-05 09:00", 5),
            to(None, "03-09 09:00", step_due_at="03-12 23:59:59"),
        ],
        [("LG.HCC", "03-02 09:00", "03-04 10:00", None, False), ("LG.VP", "03-04 10:00", None, "03-12 23:59", False)],
        id="unless-the-restart-names-another",
    ),
    pytest.param(
        [received(), to("LG.SXD"), step("03-05 09:00", 6), step("03-06 09:00", 5), to(None, "03-10 09:00")],
        [("LG.HCC", "03-02 09:00", "03-04 10:00", None, False), ("LG.SXD", "03-04 10:00", None, "03-13 23:59", False)],
        id="a-stop-with-a-5-in-it-is-a-supplement",
    ),
    pytest.param(
        [received(), to("LG.SXD"), step("03-05 09:00", 5), to("LG.HCC", "03-10 09:00")],
        [
            ("LG.HCC", "03-02 09:00", "03-04 10:00", None, False),
            ("LG.SXD", "03-04 10:00", "03-10 09:00", "03-13 23:59", False),
            ("LG.HCC", "03-10 09:00", None, None, False),
        ],
        id="the-restart-that-passes-it-on-first-restarts",
    ),
    pytest.param(
        [received(agency="LG.VP"), step("03-05 09:00", 5), to("LG.SXD", "03-10 09:00")],
        [("LG.VP", "03-02 09:00", "03-10 09:00", None, False), ("LG.SXD", "03-10 09:00", None, "03-13 23:59", False)],
        id="who-gets-it-with-the-restart-counts-from-there",
    ),
    pytest.param(
        [received(agency="LG.VP"), step("03-05 09:00", 6), to("LG.SXD", "03-09 09:00")],
        [("LG.VP", "03-02 09:00", "03-09 09:00", None, False), ("LG.SXD", "03-09 09:00", None, "03-12 23:59", False)],
        id="who-gets-it-when-it-is-paid-was-not-waiting",
    ),
    pytest.param(
        [
            received(agency="LG.VP"),
            step("03-05 09:00", 6),
            step("03-09 09:00", 6, agency="LG.SXD"),
            to(None, "03-11 09:00"),
        ],
        [("LG.VP", "03-02 09:00", "03-09 09:00", None, False), ("LG.SXD", "03-09 09:00", None, "03-16 23:59", False)],
        id="who-gets-it-while-it-is-unpaid-waits-from-there",
    ),
    pytest.param(
        [
            received(agency="LG.SXD"),
            step("03-04 09:00", 5),
            step("03-10 09:00", 5, agency="LG.VP"),
            to(None, "03-12 09:00"),
        ],
        [("LG.SXD", "03-02 09:00", "03-10 09:00", "03-05 23:59", False), ("LG.VP", "03-10 09:00", None, None, False)],
        id="who-leaves-it-while-it-waits-for-papers-had-stopped-in-time",
    ),
    pytest.param(
        [received(agency="LG.SXD"), step("03-04 09:00", 5), step("03-10 09:00", 7)],
        [("LG.SXD", "03-02 09:00", "03-10 09:00", "03-05 23:59", False)],
        id="who-waits-for-papers-until-they-are-withdrawn-was-not-late",
    ),
    pytest.param(
        [received(agency=None), step("03-04 09:00", 5), to(None, "03-10 09:00"), to("LG.SXD", "03-11 09:00")],
        [("LG.SXD", "03-02 09:00", None, "03-13 23:59", False)],
        id="art-19.4-who-is-named-only-after-the-restart-has-its-limit-from-zero-too",
    ),
    pytest.param(
        [received(agency=None), step("03-04 09:00", 6), to(None, "03-06 09:00"), to("LG.SXD", "03-09 09:00")],
        [("LG.SXD", "03-02 09:00", None, "03-09 23:59", False)],
        id="art-19.6-who-is-named-only-after-the-payment-is-given-its-two-days-too",
    ),
    pytest.param(
        [
            received(received_at="03-12 09:00", step_due_at="03-16"),
            step("03-03 09:00", 6),
            to(None, "03-05 09:00"),
        ],
        [("LG.HCC", "03-12 09:00", None, "03-16 23:59", False)],
        id="art-19.6-a-payment-before-the-receipt-takes-no-days-off",
    ),
]


@pytest.mark.parametrize("steps, expected", [*HELD, *OWN, *STOPPED])
def test_who_held_a_dossier_and_how_long_it_was_allowed_to(steps: list[Transition], expected: list[Row]) -> None:
    assert held(passed(*steps)) == expected


DUTY = [
    pytest.param([received(agency="LG.SXD")], [("03-06 00:00", "03-05 23:59:59")], id="from-midnight-after-the-date"),
    pytest.param([received(agency="LG.STP")], [("03-03 09:00", "03-03 09:00:00")], id="at-the-moment-of-hours"),
    pytest.param([received(agency="LG.SXD"), to("LG.VP")], [], id="who-passed-it-on-in-time-owes-nothing"),
    pytest.param(
        [received(agency="LG.SXD"), to("LG.VP", "03-10 09:00")],
        [],
        id="nor-is-it-the-duty-of-the-next-that-it-was-late",
    ),
    pytest.param([received(agency="LG.SXD"), step("03-03 09:00", 5)], [], id="none-while-it-waits-for-papers"),
    pytest.param([received(agency="LG.SXD"), step("03-03 09:00", 6)], [], id="none-while-it-waits-for-payment"),
    pytest.param([received(agency="LG.SXD"), step("03-03 09:00", 9)], [], id="none-after-the-end"),
    pytest.param(
        [received(agency="LG.SXD"), step("03-03 09:00", 6), to(None, "03-05 09:00")],
        [("03-10 00:00", "03-09 23:59:59")],
        id="again-when-it-is-paid-two-working-days-later",
    ),
    pytest.param(
        [received(agency="LG.SXD"), step("03-03 09:00", 5), to(None, "03-05 09:00")],
        [("03-11 00:00", "03-10 23:59:59")],
        id="again-from-zero-with-the-papers",
    ),
    pytest.param(
        [received(due_at=None, procedure_code=None, step_due_at="03-06")],
        [("03-07 00:00", "03-06 23:59:59")],
        id="also-where-the-dossier-has-no-date",
    ),
]


@pytest.mark.parametrize("steps, expected", DUTY)
def test_the_agency_that_holds_it_is_reminded_of_its_own_limit(
    steps: list[Transition], expected: list[tuple[str, str]]
) -> None:
    assert [(at, due[:5]) for at, due in step_duties(passed(*steps))] == [(at, due[:5]) for at, due in expected]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_holdings_do_not_depend_on_the_order_of_arrival(order: tuple[int, ...]) -> None:
    steps = [received(), to("LG.SXD"), to("LG.STP", "03-10 09:00"), step("03-12 09:00", 9)]
    state: DossierState | None = None
    for place in order:
        state = apply(state, CODE, [steps[place]], desks()).state
    assert state is not None
    assert held(state) == [
        ("LG.HCC", "03-02 09:00", "03-04 10:00", None, False),
        ("LG.SXD", "03-04 10:00", "03-10 09:00", "03-09 23:59", True),
        ("LG.STP", "03-10 09:00", "03-12 09:00", "03-11 09:00", True),
    ]


def test_an_end_that_the_one_stop_centre_records_later_does_not_make_the_agency_late() -> None:
    state = passed(received(agency="LG.SXD"), step("03-10 09:00", 9, agency="LG.HCC", finished_at="03-05 15:00"))
    assert held(state)[0] == ("LG.SXD", "03-02 09:00", "03-05 15:00", "03-05 23:59", False)


def test_an_end_that_lies_before_the_last_hand_over_leaves_no_agency_with_less_than_no_time() -> None:
    state = passed(received(), to("LG.VP", "03-10 09:00"), step("03-12 09:00", 9, finished_at="03-08 09:00"))
    assert all(one.until is None or one.since <= one.until for one in state.holders)
    assert state.holders[-1].until == state.ended_at


def test_an_end_that_lies_before_the_hand_over_and_in_time_makes_nobody_late() -> None:
    steps = [received(agency="LG.SXD"), to("LG.VP", "03-10 09:00", step_due_at="03-09")]
    state = passed(*steps, step("03-12 09:00", 9, finished_at="03-05 15:00"))
    assert held(state)[0] == ("LG.SXD", "03-02 09:00", "03-05 15:00", "03-05 23:59", False)
    assert not any(one.late for one in state.holders)


MOMENTS = [moment(f"03-{day:02} 09:00") for day in range(2, 20, 2)]
histories = st.lists(
    st.builds(
        Transition,
        at=st.sampled_from(MOMENTS),
        status=st.sampled_from([1, 2, 4, 4, 4, 5, 6, 7, 9, 10]),
        received_at=st.sampled_from([None, None, MOMENTS[0], MOMENTS[3]]),
        finished_at=st.sampled_from([None, None, MOMENTS[2]]),
        step_due_at=st.sampled_from([None, MOMENTS[4]]),
        agency=st.sampled_from([None, "LG.HCC", "LG.SXD", "Sở Xây dựng", "LG.STP"]),
        procedure_code=st.sampled_from([None, W10]),
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=300, deadline=None)
@given(histories)
def test_holdings_follow_one_another_from_receipt_to_the_end(steps: Iterable[Transition]) -> None:
    state = passed(*steps)
    holders = state.holders
    assert all(one.until == two.since and one.agency != two.agency for one, two in pairwise(holders))
    assert all(one.until is None or one.since <= one.until for one in holders)
    if holders:
        assert holders[0].since == state.received_at
        assert holders[-1].until == state.ended_at
    assert not any(one.late for one in holders if one.until is None or one.due_at is None)
    assert all(one.until and one.due_at and one.until > one.due_at for one in holders if one.late)
