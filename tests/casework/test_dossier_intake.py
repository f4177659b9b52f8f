"""The intake clock of online dossiers and the closing of those that wait too long (NĐ 118/2025), counted by hand.

A working day is 07:00-11:30 and 13:30-17:00. The 2nd of March 2026 is a Monday; Tết is from 14 to 22 February.
"""

from dataclasses import replace
from datetime import UTC
from itertools import permutations
from typing import Any

import pytest

from casework.dossiers import DossierState, Transition, apply
from casework.rules import Rules, build_rules
from tests.support.dossiers import CODE, dossier, moment, seen, small_rules, step
from tests.support.rules import files

CLOSING = "closing_due"
SATURDAY = "2026-03-07,local_working,Một cửa mở thứ Bảy,Quyết định của xã,yes,LG.X17\n"


def online(at: str = "03-02 09:00", **given: Any) -> Transition:
    """Registered on the portal, by default on Monday 2 March at 09:00."""
    return step(at, 1, channel="2", **given)


def received(**given: Any) -> Transition:
    """Accepted on Monday 2 March at 09:00, due on Monday 16 March."""
    return step("03-02 09:00", 2, **{"due_at": "03-16", **given})


def duties(state: DossierState) -> list[tuple[str, str, str]]:
    """Alert, moment and due moment of each duty that is watched."""
    return [
        (point.alert, f"{point.moment:%m-%d %H:%M}", f"{point.due_at:%m-%d %H:%M:%S}")
        for point in state.watch
        if point.track == "duty"
    ]


def under(settings: str = "", more_days: str = "") -> Rules:
    """The packaged rules with this settings.toml, and with rows of single agencies in the calendar."""
    head, _, rows = files()["calendar.csv"].partition("\n")
    common = "".join(f"{row},\n" for row in rows.splitlines())
    return build_rules(files() | {"settings.toml": settings, "calendar.csv": f"{head},agency\n{common}{more_days}"})


@pytest.mark.parametrize(
    ("registered", "due"),
    [
        pytest.param("03-02 09:00", "03-03 09:00", id="six-hours-today-and-two-tomorrow"),
        pytest.param("03-02 07:00", "03-02 17:00", id="a-whole-day-ends-at-closing"),
        pytest.param("03-02 00:00", "03-02 17:00", id="from-the-opening-of-the-day"),
        pytest.param("03-02 12:00", "03-03 11:30", id="from-the-end-of-the-break-to-the-next-one"),
        pytest.param("03-02 17:00", "03-03 17:00", id="at-closing-is-the-next-day"),
        pytest.param("03-06 16:00", "03-09 16:00", id="over-a-weekend"),
        pytest.param("03-07 10:00", "03-09 17:00", id="on-a-saturday"),
        pytest.param("02-13 16:00", "02-23 16:00", id="over-tet-2026"),
        pytest.param("02-13 18:00", "02-23 17:00", id="in-the-evening-before-tet-2026"),
        pytest.param("08-21 16:00", "08-22 16:00", id="a-make-up-saturday-counts"),
    ],
)
def test_an_online_dossier_is_to_be_taken_in_within_eight_working_hours(registered: str, due: str) -> None:
    state = dossier(online(registered))
    assert seen(state, ["clock", "intake_due_at", "intake_standing", "alert", "received_at"]) == {
        "clock": "none",
        "intake_due_at": due,
        "intake_standing": None,
        "alert": None,
        "received_at": None,
    }
    assert duties(state) == [("intake_overdue", due, f"{due}:00")]
    assert len(state.watch) == 1


@pytest.mark.parametrize(
    ("settings", "registered", "due"),
    [
        pytest.param("intake_hours = 2", "03-02 09:00", "03-02 11:00", id="a-shorter-limit"),
        pytest.param("intake_hours = 16", "03-02 09:00", "03-04 09:00", id="a-longer-limit"),
        pytest.param('style = "moment"', "03-02 09:00", "03-03 09:00", id="whatever-the-style-of-days"),
        pytest.param(
            '[office_hours]\n"LG.X17" = ["08:00-12:00", "13:00-17:00"]',
            "03-02 07:30",
            "03-02 17:00",
            id="office-hours-of-the-agency",
        ),
        pytest.param(
            '[office_hours]\n"LG.X18" = ["08:00-12:00", "13:00-17:00"]',
            "03-02 07:30",
            "03-03 07:30",
            id="not-those-of-another",
        ),
        pytest.param("", "03-06 16:00", "03-07 16:00", id="the-calendar-of-the-agency"),
    ],
)
def test_the_limit_is_counted_in_the_hours_and_days_of_the_agency(settings: str, registered: str, due: str) -> None:
    state = dossier(online(registered, agency="LG.X17"), under=under(settings, SATURDAY))
    assert seen(state, ["intake_due_at"]) == {"intake_due_at": due}


def test_the_agency_may_be_given_by_its_name() -> None:
    state = dossier(online("03-06 16:00", agency="Xã Quế Lộc"), under=under("", SATURDAY))
    assert state.intake_due_at == moment("03-07 16:00")


def test_a_saturday_of_one_agency_is_not_one_of_another() -> None:
    state = dossier(online("03-06 16:00", agency="LG.X18"), under=under("", SATURDAY))
    assert state.intake_due_at == moment("03-09 16:00")


ANSWERED = [
    pytest.param([online(), step("03-03 09:00", 2)], "on_time", id="at-the-very-moment"),
    pytest.param([online(), step("03-03 09:01", 2)], "late", id="a-minute-after-it"),
    pytest.param([online(), step("03-05 09:00", 2, received_at="03-02 15:00")], "on_time", id="received-earlier"),
    pytest.param([online(), step("03-05 09:00", 2, received_at="03-04 15:00")], "late", id="received-earlier-but-late"),
    pytest.param([online(), step("03-03 08:00", 2, received_at="03-05 09:00")], "on_time", id="received_at-lies-after"),
    pytest.param(
        [online(), step("03-03 15:00", 2), step("03-04 09:00", 4, received_at="03-02 15:00")],
        "on_time",
        id="nd-118-received-in-time-as-a-later-step-tells",
    ),
    pytest.param(
        [online(), step("03-03 15:00", 5), step("03-04 09:00", 10, received_at="03-02 15:00")],
        "on_time",
        id="nd-118-received-in-time-before-the-request",
    ),
    pytest.param(
        [online(), step("03-03 15:00", 3, received_at="03-02 15:00")],
        "late",
        id="nd-118-a-refusal-states-no-receipt",
    ),
    pytest.param([online(), step("03-02 15:00", 3)], "on_time", id="refused-in-time"),
    pytest.param([online(), step("03-04 15:00", 3)], "late", id="refused-late"),
    pytest.param([online(), step("03-02 15:00", 5)], "on_time", id="asked-for-more-in-time"),
    pytest.param([online(), step("03-02 15:00", 5), step("03-06 09:00", 2)], "on_time", id="the-first-answer-counts"),
    pytest.param([online(), step("03-03 15:00", 7)], "late", id="withdrawn-before-anybody-looked"),
    pytest.param([online(), step("03-02 10:00", 1), step("03-03 09:00", 4)], "on_time", id="a-second-1-moves-nothing"),
    pytest.param([online(), step("03-02 09:00", 4)], "on_time", id="at-the-moment-of-registration"),
    pytest.param([online(), step("03-12 09:00", 9)], "late", id="a-result-is-an-answer-too"),
]


@pytest.mark.parametrize("steps, expected", ANSWERED)
def test_the_intake_is_judged_by_the_first_transition_that_is_no_registration(
    steps: list[Transition], expected: str
) -> None:
    state = dossier(*steps)
    assert seen(state, ["intake_due_at", "intake_standing"]) == {
        "intake_due_at": "03-03 09:00",
        "intake_standing": expected,
    }
    assert "intake_overdue" not in [alert for alert, *_ in duties(state)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_an_answer_that_arrives_before_the_registration_ends_the_same(order: tuple[int, ...]) -> None:
    steps = [online(), step("03-03 09:30", 2, due_at="03-16"), step("03-04 09:00", 4)]
    state: DossierState | None = None
    for place in order:
        state = apply(state, CODE, [steps[place]], small_rules()).state
    assert state is not None
    assert (state.intake_due_at, state.intake_standing) == (moment("03-03 09:00"), "late")


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([step("03-02 09:00", 1, channel="1")], id="over-the-counter"),
        pytest.param([step("03-02 09:00", 1, channel="3")], id="by-public-post"),
        pytest.param([step("03-02 09:00", 1)], id="nobody-says-how"),
        pytest.param([step("03-02 09:00", 2, channel="2")], id="received-without-registration"),
        pytest.param([step("03-02 09:00", 2, channel="2"), online("03-04 09:00")], id="registered-after-receipt"),
        pytest.param([step("03-01 09:00", 5), online()], id="something-else-came-first"),
    ],
)
def test_other_dossiers_have_no_intake_clock(steps: list[Transition]) -> None:
    state = dossier(*steps)
    assert (state.intake_due_at, state.intake_standing) == (None, None)
    assert not duties(state)


def test_the_channel_may_be_told_after_the_registration() -> None:
    state = dossier(step("03-02 09:00", 1), step("03-03 10:00", 2, channel="2"))
    assert (state.intake_due_at, state.intake_standing) == (moment("03-03 09:00"), "late")


def test_the_intake_is_judged_by_the_agency_that_took_it_in_not_by_those_that_come_later() -> None:
    rules = under("", SATURDAY)
    steps = [online("03-06 16:00", agency="LG.X17"), step("03-09 09:00", 2, agency="LG.X17")]
    passed = dossier(*steps, step("03-10 09:00", 4, agency="LG.SXD"), under=rules)
    assert dossier(*steps, under=rules).intake_standing == "late"
    assert (passed.intake_due_at, passed.intake_standing) == (moment("03-07 16:00"), "late")


def test_a_registration_written_in_utc_is_counted_in_vietnam_time() -> None:
    state = dossier(replace(online("03-02 23:30"), at=moment("03-02 23:30").astimezone(UTC)))
    assert state.intake_due_at == moment("03-03 17:00")


CLOSED = [
    pytest.param([received(), step("03-04 09:00", 5)], "03-25", "03-26", id="fifteen-working-days"),
    pytest.param([received(), step("03-06 09:00", 5)], "03-27", "03-28", id="told-on-the-saturday-after-a-friday"),
    pytest.param([received(), step("03-07 09:00", 5)], "03-27", "03-28", id="asked-on-a-saturday"),
    pytest.param([received(), step("03-08 23:59", 5)], "03-27", "03-28", id="asked-on-a-sunday-night"),
    pytest.param(
        [step("02-09 09:00", 2, due_at="03-16"), step("02-11 09:00", 5)], "03-11", "03-12", id="over-tet-2026"
    ),
    pytest.param(
        [received(), step("03-04 09:00", 5), step("03-10 09:00", 5)], "03-25", "03-26", id="from-the-first-request"
    ),
    pytest.param(
        [received(), step("03-03 09:00", 6), step("03-05 09:00", 5)], "03-26", "03-27", id="not-from-the-payment-before"
    ),
    pytest.param(
        [received(), step("03-04 09:00", 5), step("03-05 09:00", 6)], "03-25", "03-26", id="nor-from-the-payment-after"
    ),
    pytest.param(
        [received(), step("03-04 09:00", 5), step("03-05 09:00", 4), step("03-09 09:00", 5)],
        "03-30",
        "03-31",
        id="of-the-stop-that-is",
    ),
]


@pytest.mark.parametrize("steps, due, told", CLOSED)
def test_a_supplement_that_does_not_come_closes_the_dossier_after_fifteen_working_days(
    steps: list[Transition], due: str, told: str
) -> None:
    assert duties(dossier(*steps)) == [(CLOSING, f"{told} 00:00", f"{due} 23:59:59")]


def test_the_days_until_closing_are_a_setting() -> None:
    rules = under("closing_days = 10")
    state = dossier(received(), step("03-04 09:00", 5), under=rules)
    assert duties(state) == [(CLOSING, "03-19 00:00", "03-18 23:59:59")]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param([step("03-10 09:00", 4)], id="restarted"),
        pytest.param([step("03-10 09:00", 2, due_at="03-24")], id="accepted-again"),
        pytest.param([step("03-10 09:00", 9)], id="done"),
        pytest.param([step("03-10 09:00", 7)], id="withdrawn"),
        pytest.param([step("03-26 09:00", 8)], id="halted-because-nothing-came"),
        pytest.param([step("03-10 09:00", 3)], id="refused"),
    ],
)
def test_a_restart_or_an_end_takes_the_closing_away(more: list[Transition]) -> None:
    assert not duties(dossier(received(), step("03-04 09:00", 5), *more))


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([received(), step("03-04 09:00", 6)], id="waiting-for-payment"),
        pytest.param([received(), step("03-04 09:00", 6), step("03-05 09:00", 6)], id="asked-to-pay-twice"),
        pytest.param([received()], id="running"),
        pytest.param([step("03-02 09:00", 5)], id="a-request-before-receipt-stops-nothing"),
    ],
)
def test_where_no_supplement_is_awaited_nothing_is_closed(steps: list[Transition]) -> None:
    assert not duties(dossier(*steps))


def test_a_dossier_without_a_due_date_is_closed_too() -> None:
    state = dossier(step("03-02 09:00", 2), step("03-04 09:00", 5))
    assert duties(state) == [(CLOSING, "03-26 00:00", "03-25 23:59:59")]


def test_one_stopped_after_its_date_is_overdue_and_is_to_be_closed() -> None:
    state = dossier(received(), step("03-17 09:00", 5))
    assert seen(state, ["watch"]) == {"watch": ["overdue 03-17 00:00"]}
    assert duties(state) == [(CLOSING, "04-08 00:00", "04-07 23:59:59")]
