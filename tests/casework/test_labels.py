"""Every code that a user may meet has a Vietnamese word."""

from datetime import date
from decimal import Decimal

import pytest

from casework import labels, wording
from casework.agencies import LEVELS
from casework.counting import UNITS
from casework.rules import PARTS
from casework.watchpoints import RANK


def test_there_are_20_domains_3_lanes_6_kinds_and_10_statuses():
    sizes = [len(words) for words in (labels.DOMAINS, labels.LANES, labels.KINDS, labels.URGENCIES, labels.CHANNELS)]
    assert sizes == [20, 3, 6, 3, 10]
    assert list(labels.STATUSES) == list(range(1, 11))


def test_units_levels_and_alerts_all_have_words():
    assert set(labels.UNITS) == set(UNITS)
    assert set(labels.LEVELS) == set(LEVELS)
    assert {*labels.ALERTS, *labels.DUTIES, *labels.ESCALATIONS} == set(RANK)
    assert set(PARTS) < set(labels.CAUSES)


@pytest.mark.parametrize(
    ("amount", "words"), [("7", "7"), ("0.5", "0,5"), ("30", "30"), ("2.50", "2,5"), ("1E+1", "10")]
)
def test_amounts_are_written_the_vietnamese_way(amount, words):
    assert wording.amount_words(Decimal(amount)) == words


def test_runs_of_days_are_written_from_first_to_last():
    days = [date(2026, 9, 2), date(2026, 9, 5), date(2026, 9, 6), date(2026, 10, 31), date(2026, 11, 1)]
    assert [wording.run_words(*run) for run in wording.runs(days)] == ["2/9", "5-6/9", "31/10-1/11"]
