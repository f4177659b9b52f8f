"""The limit that a province promised beside the law's, and the share of dossiers that a cut would still be met by.

Ten working days from Monday 2 March 2026 end on the 16th; eight on the 12th, seven on the 11th.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.counting import Style
from casework.dossiers import DossierState, Transition
from casework.errors import InvalidField
from casework.indicators import cut_share, meets_cut
from casework.procedures import parse_procedures, promised
from casework.rules import Rules, build_rules
from casework.settings import Settings
from tests.support.dossiers import PROCEDURES, dossier, moment, seen, small_rules, step
from tests.support.rules import files

W10, W0, H24, C7, M1, NONE = "9.000010", "9.000001", "9.000024", "9.000007", "9.000031", "9.000000"
HEAD = "code,days,day_type,source\n"


def promising(*rows: str, cut: int = 0, style: Style = "date") -> Rules:
    """The small rules with rows of committed.csv, or with a cut of so many percent."""
    procedures = promised(parse_procedures(PROCEDURES.splitlines(keepends=True)), [HEAD, *rows], cut)
    styled = {code: procedure.styled(style) for code, procedure in procedures.items()}
    return replace(small_rules(), procedures=styled, settings=Settings(committed_cut=cut, style=style))


SEVEN = promising("9.000010,7,working,QĐ của tỉnh\n")


def received(due: str | None = None, procedure: str | None = W10, at: str = "03-02 09:00", **told: str) -> Transition:
    """Accepted on Monday 2 March at 09:00."""
    return step(at, 2, procedure_code=procedure, **({"due_at": due} if due else {}), **told)


def ended(*steps: Transition, end: str, procedure: str | None = W10) -> DossierState:
    return dossier(*(steps or [received(procedure=procedure)]), step(end, 9))


@pytest.mark.parametrize(
    ("procedure", "cut", "due"),
    [
        pytest.param(W10, 20, "03-12", id="eight-of-ten-days"),
        pytest.param(W10, 30, "03-11", id="seven-of-ten-days"),
        pytest.param(W10, 25, "03-12", id="seven-and-a-half-are-eight"),
        pytest.param(W10, 0, None, id="no-cut-no-promise"),
        pytest.param(C7, 20, "03-09", id="5.6-calendar-days-are-six-and-roll-from-sunday"),
        pytest.param(H24, 50, "03-02", id="half-of-24-hours-is-the-same-evening"),
        pytest.param(M1, 20, "03-26", id="eight-tenths-of-a-month-are-24-days"),
        pytest.param(W0, 30, "03-02", id="nothing-to-cut-of-none"),
        pytest.param(NONE, 30, None, id="without-a-limit-nothing-to-cut"),
        pytest.param(None, 30, None, id="without-a-procedure-nothing-either"),
    ],
)
def test_a_cut_gives_every_limit_its_committed_date(procedure: str | None, cut: int, due: str | None) -> None:
    assert seen(dossier(received(procedure=procedure), under=promising(cut=cut)), ["committed_due"]) == {
        "committed_due": due
    }


@pytest.mark.parametrize(
    ("row", "cut", "due"),
    [
        pytest.param("9.000010,7,working,QĐ\n", 0, "03-11", id="a-row"),
        pytest.param("9.000010,7,working,QĐ\n", 50, "03-11", id="a-row-goes-before-the-cut"),
        pytest.param("9.000010,7,calendar_as_labelled,QĐ\n", 0, "03-09", id="in-another-unit"),
        pytest.param("9.000010,8,hours,QĐ\n", 0, "03-02", id="in-hours"),
        pytest.param("9.000007,3,working,QĐ\n", 0, None, id="a-row-of-another-procedure"),
        pytest.param("9.000007,3,working,QĐ\n", 20, "03-12", id="others-have-the-cut"),
    ],
)
def test_a_row_promises_for_its_procedure(row: str, cut: int, due: str | None) -> None:
    assert seen(dossier(received(), under=promising(row, cut=cut)), ["committed_due"]) == {"committed_due": due}


def test_a_row_may_promise_for_a_procedure_without_a_limit_of_its_own() -> None:
    state = dossier(received(procedure=NONE), under=promising("9.000000,5,working,QĐ\n"))
    assert seen(state, ["due", "committed_due"]) == {"due": None, "committed_due": "03-09"}


def test_the_legal_date_stays_beside_the_promised_one() -> None:
    assert seen(dossier(received(), under=SEVEN), ["first_due", "due", "committed_due"]) == {
        "first_due": "03-16",
        "due": "03-16",
        "committed_due": "03-11",
    }


COURSES = [
    pytest.param([received("03-20")], "03-11", "03-02 09:00", 0, id="a-named-date-moves-nothing"),
    pytest.param(
        [received("03-16"), step("03-04 09:00", 4, rescheduled_to="03-20")],
        "03-11",
        "03-02 09:00",
        0,
        id="nor-does-a-reschedule",
    ),
    pytest.param(
        [received(), step("03-04 09:00", 4, due_at="03-18")], "03-11", "03-02 09:00", 0, id="nor-a-date-that-moved"
    ),
    pytest.param([received(received_at="02-27 15:00")], "03-10", "02-27 15:00", 0, id="from-receipt"),
    pytest.param(
        [received(), step("03-04 09:00", 5), step("03-10 09:00", 4)], "03-19", "03-10 09:00", 0, id="from-the-restart"
    ),
    pytest.param(
        [received(), step("03-04 09:00", 5), step("03-10 09:00", 4, due_at="03-31")],
        "03-19",
        "03-10 09:00",
        0,
        id="from-the-restart-whatever-date-it-names",
    ),
    pytest.param([received(), step("03-04 09:00", 5)], "03-11", "03-02 09:00", 0, id="stopped-it-stays"),
    pytest.param(
        [received(), step("03-05 09:00", 6), step("03-09 09:00", 4)], "03-13", "03-02 09:00", 2, id="moved-by-a-payment"
    ),
    pytest.param(
        [received(), step("03-05 09:00", 6), step("03-09 09:00", 4, due_at="03-31")],
        "03-13",
        "03-02 09:00",
        2,
        id="moved-by-a-payment-whatever-date-its-end-names",
    ),
    pytest.param(
        [
            received(),
            step("03-03 09:00", 6),
            step("03-04 09:00", 4),
            step("03-05 09:00", 6),
            step("03-09 09:00", 4),
        ],
        "03-16",
        "03-02 09:00",
        3,
        id="two-payments-add-up",
    ),
    pytest.param(
        [received(), step("03-05 09:00", 6), step("03-06 09:00", 5), step("03-10 09:00", 4)],
        "03-19",
        "03-10 09:00",
        0,
        id="a-stop-with-a-5-in-it-is-a-supplement",
    ),
    pytest.param(
        [
            received(),
            step("03-03 09:00", 6),
            step("03-05 09:00", 4),
            step("03-06 09:00", 5),
            step("03-10 09:00", 4),
        ],
        "03-19",
        "03-10 09:00",
        0,
        id="what-stood-before-the-restart-is-forgotten",
    ),
]


@pytest.mark.parametrize("steps, due, counted_from, stood", COURSES)
def test_the_promise_is_counted_as_the_limit_is(
    steps: list[Transition], due: str, counted_from: str, stood: int
) -> None:
    assert seen(dossier(*steps, under=SEVEN), ["committed_due", "counted_from", "stood"]) == {
        "committed_due": due,
        "counted_from": counted_from,
        "stood": stood,
    }


def test_before_receipt_and_after_a_refusal_nothing_is_promised() -> None:
    for status in (1, 3):
        state = dossier(step("03-02 09:00", status, procedure_code=W10), under=SEVEN)
        assert (state.committed_due, state.counted_from, state.stood) == (None, None, 0)


def test_a_promise_in_working_days_follows_the_style_of_the_province() -> None:
    state = dossier(received(at="03-02 06:00"), under=promising("9.000010,7,working,QĐ\n", style="moment"))
    assert seen(state, ["committed_due"]) == {"committed_due": "03-10"}


def test_the_files_and_the_setting_of_a_province_are_read() -> None:
    code = next(code for code, one in small_packaged().procedures.items() if one.limit == ten_days())
    texts = files() | {"committed.csv": f"{HEAD}{code},7,working,QĐ thử\n", "settings.toml": "committed_cut = 20"}
    rules = build_rules(texts)
    others = [one for other, one in rules.procedures.items() if other != code and one.limit == ten_days()]
    assert seen(dossier(received(procedure=code), under=rules), ["committed_due"]) == {"committed_due": "03-11"}
    assert others and all(one.committed and one.committed.amount == 8 for one in others)
    assert build_rules(files()).hash != rules.hash


def small_packaged() -> Rules:
    return build_rules(files())


def ten_days() -> object:
    return small_rules().procedures[W10].limit


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("9.999999,7,working,QĐ\n", "code"),
        ("9.000010,bảy,working,QĐ\n", "days"),
        ("9.000010,-1,working,QĐ\n", "days"),
        ("9.000010,7,ngày,QĐ\n", "day_type"),
        ("9.000010,,working,QĐ\n", "days"),
    ],
)
def test_a_promise_that_cannot_be_used_is_refused_by_its_column(row: str, field: str) -> None:
    with pytest.raises(InvalidField) as caught:
        promising(row)
    assert caught.value.field == field


MEETS = [
    pytest.param(ended(end="03-12 17:00"), 20, True, id="the-eighth-day-of-ten"),
    pytest.param(ended(end="03-12 23:59"), 20, True, id="its-last-minute"),
    pytest.param(ended(end="03-13 00:00"), 20, False, id="the-midnight-after"),
    pytest.param(ended(end="03-12 09:00"), 30, False, id="a-day-late-for-thirty-percent"),
    pytest.param(ended(end="03-11 09:00"), 30, True, id="in-time-for-thirty-percent"),
    pytest.param(ended(end="03-12 09:00"), 25, True, id="what-is-left-of-a-day-is-a-day"),
    pytest.param(ended(end="03-16 09:00"), 0, True, id="no-cut-is-the-limit"),
    pytest.param(ended(end="03-17 09:00"), 0, False, id="and-can-be-missed"),
    pytest.param(ended(received("03-31"), end="03-13 09:00"), 20, False, id="whatever-date-was-named"),
    pytest.param(ended(received("03-04"), end="03-12 09:00"), 20, True, id="also-a-shorter-one"),
    pytest.param(
        ended(received(), step("03-04 09:00", 5), step("03-10 09:00", 4), end="03-20 09:00"),
        20,
        True,
        id="eight-days-from-the-restart",
    ),
    pytest.param(
        ended(received(), step("03-04 09:00", 5), step("03-10 09:00", 4), end="03-21 09:00"),
        20,
        False,
        id="and-a-saturday-is-too-late",
    ),
    pytest.param(
        ended(received(), step("03-05 09:00", 6), step("03-09 09:00", 4), end="03-16 09:00"),
        20,
        True,
        id="two-days-of-payment-are-taken-out",
    ),
    pytest.param(
        ended(received(), step("03-05 09:00", 6), step("03-09 09:00", 4), end="03-17 09:00"),
        20,
        False,
        id="but-no-third",
    ),
    pytest.param(ended(end="03-02 21:00", procedure=H24), 50, True, id="twelve-hours-to-the-minute"),
    pytest.param(ended(end="03-02 21:01", procedure=H24), 50, False, id="twelve-hours-and-a-minute"),
    pytest.param(ended(end="03-09 09:00", procedure=C7), 20, True, id="six-days-rolled-to-monday"),
    pytest.param(ended(end="03-02 17:00", procedure=W0), 30, True, id="on-the-day"),
    pytest.param(ended(end="03-03 09:00", procedure=W0), 30, False, id="not-on-the-day"),
    pytest.param(dossier(received(), step("03-10 09:00", 7)), 20, True, id="withdrawn-is-ended-too"),
    pytest.param(dossier(received(), step("03-13 09:00", 3)), 20, False, id="so-is-refused-after-receipt"),
    pytest.param(ended(end="03-10 09:00", procedure=NONE), 20, None, id="without-a-limit"),
    pytest.param(ended(received("03-16", procedure=None), end="03-10 09:00"), 20, None, id="without-a-procedure"),
    pytest.param(ended(received("03-16", procedure="1.999999"), end="03-10 09:00"), 20, None, id="of-no-known-one"),
    pytest.param(dossier(received()), 20, None, id="running"),
    pytest.param(dossier(received(), step("03-04 09:00", 5)), 20, None, id="stopped"),
    pytest.param(dossier(step("03-02 09:00", 3, procedure_code=W10)), 20, None, id="refused-before-receipt"),
]


@pytest.mark.parametrize("state, percent, expected", MEETS)
def test_whether_an_ended_dossier_would_have_met_a_cut(
    state: DossierState, percent: int, expected: bool | None
) -> None:
    assert meets_cut(state, percent, small_rules()) is expected


def test_one_that_waited_for_the_citizen_to_the_end_is_judged_as_of_the_stop() -> None:
    state = dossier(received(), step("03-05 09:00", 6), step("03-30 09:00", 7))
    assert state.standing == "on_time"
    assert meets_cut(state, 20, small_rules()) is True


PAID = [received(procedure=H24), step("03-02 15:00", 6), step("03-04 15:00", 4)]


def test_a_limit_in_hours_is_given_the_days_of_a_payment_too() -> None:
    state = dossier(*PAID, step("03-04 16:00", 9))
    assert (state.due_at, state.standing) == (moment("03-05 09:00"), "early")
    assert meets_cut(state, 0, small_rules()) is True
    late = dossier(*PAID, step("03-05 09:01", 9))
    assert (late.standing, meets_cut(late, 0, small_rules())) == ("late", False)


def test_working_days_by_the_moment_are_given_the_days_of_a_payment_too() -> None:
    moments = promising(style="moment")
    steps = [received(), step("03-05 09:00", 6), step("03-09 09:00", 4), step("03-18 09:00", 9)]
    state = dossier(*steps, under=moments)
    assert state.standing != "late"
    assert meets_cut(state, 0, moments) is True


def test_a_cut_says_the_same_as_the_promise_of_that_cut() -> None:
    twenty = promising(cut=20)
    for end in ("03-11 09:00", "03-12 09:00", "03-13 09:00"):
        state = dossier(received(), step(end, 9), under=twenty)
        assert state.committed_due and state.ended_at
        assert meets_cut(state, 20, twenty) == (state.ended_at.date() <= state.committed_due)


def test_the_share_counts_only_what_can_be_judged() -> None:
    states = [
        ended(end="03-11 09:00"),
        ended(end="03-12 09:00"),
        ended(end="03-16 09:00"),
        dossier(received()),
        ended(end="03-10 09:00", procedure=NONE),
    ]
    twenty, thirty = (cut_share(iter(states), percent, small_rules()) for percent in (20, 30))
    assert (twenty.percent, twenty.judged, twenty.met) == (20, 3, 2)
    assert (thirty.judged, thirty.met) == (3, 1)
    assert twenty.share is not None and Decimal(str(twenty.share)).quantize(Decimal("0.01")) in {
        Decimal("0.67"),
        Decimal("66.67"),
    }


@pytest.mark.parametrize("states", [pytest.param([], id="none"), pytest.param([dossier(received())], id="only-open")])
def test_of_nothing_there_is_no_share(states: Iterable[DossierState]) -> None:
    share = cut_share(states, 20, small_rules())
    assert (share.judged, share.met, share.share) == (0, 0, None)


HOURS = st.integers(min_value=0, max_value=24 * 40)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([W10, W0, H24, C7, M1]), HOURS, st.lists(st.integers(0, 90), min_size=2, max_size=2))
def test_who_meets_a_deeper_cut_meets_a_lesser_one(procedure: str, hours: int, cuts: list[int]) -> None:
    start = moment("03-02 09:00")
    end = Transition(at=start + (moment("03-02 10:00") - start) * hours, status=9)
    state = dossier(received(procedure=procedure), end)
    lesser, deeper = sorted(cuts)
    assert meets_cut(state, lesser, small_rules()) or not meets_cut(state, deeper, small_rules())
    if state.due and not hours % 24:
        assert meets_cut(state, 0, small_rules()) == (state.standing != "late")
