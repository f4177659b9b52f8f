"""Limits of feedback as a file that a province edits."""

from datetime import date
from decimal import Decimal

import pytest

from casework.errors import InvalidField
from casework.feedback import Profile, parse_limits

HEAD = "lane,kind,urgency,domain,stage,amount,unit,start,source,valid_from,valid_to\n"
PROFILE = Profile(lane="phan_anh_kien_nghi", kind="incident", urgency="urgent", domain="traffic")
TODAY = date(2026, 9, 3)


def amount(*rows, profile=PROFILE, on=TODAY):
    found = parse_limits([HEAD, *rows]).find("answer", profile, on)
    return found.limit.amount if found else None


def test_the_most_specific_row_wins_wherever_it_stands():
    assert amount(
        ",,,,answer,15,working_days,received,,,\n",
        ",incident,,traffic,answer,3,working_days,received,,,\n",
        ",incident,,,answer,10,working_days,received,,,\n",
    ) == Decimal(3)


def test_of_equally_specific_rows_urgency_outweighs_the_domain():
    assert amount(
        ",incident,,traffic,answer,3,working_days,received,,,\n",
        ",incident,urgent,,answer,1,working_days,received,,,\n",
    ) == Decimal(1)


@pytest.mark.parametrize(("on", "expected"), [(date(2026, 6, 30), 10), (date(2026, 7, 1), 7)])
def test_the_law_of_the_day_of_receipt_holds(on, expected):
    rows = [",,,,answer,10,calendar_days,received,,,2026-06-30\n", ",,,,answer,7,working_days,received,,2026-07-01,\n"]
    assert amount(*rows, on=on) == expected


def test_a_row_without_an_amount_takes_the_limit_away():
    rows = [",,,,answer,15,working_days,received,,,\n", ",praise,,,answer,,,,,,\n"]
    assert amount(*rows, profile=Profile(kind="praise")) is None


def test_a_case_that_no_row_fits_has_no_limit():
    assert amount(",praise,,,answer,15,working_days,received,,,\n") is None


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("complaint,,,,answer,1,hours,received,,,\n", "lane"),
        (",gossip,,,answer,1,hours,received,,,\n", "kind"),
        (",,soon,,answer,1,hours,received,,,\n", "urgency"),
        (",,,weather,answer,1,hours,received,,,\n", "domain"),
        (",,,,close,1,hours,received,,,\n", "stage"),
        (",,,,answer,-1,hours,received,,,\n", "amount"),
        (",,,,answer,một,hours,received,,,\n", "amount"),
        (",,,,answer,1,weeks,received,,,\n", "unit"),
        (",,,,answer,1,hours,sometime,,,\n", "start"),
        (",,,,answer,1,hours,received,,1/7/2026,\n", "valid_from"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_line(row, field):
    with pytest.raises(InvalidField, match="dòng 2") as caught:
        parse_limits([HEAD, row])
    assert caught.value.field == field
