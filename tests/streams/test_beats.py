"""The heartbeat's cases are dropped after a day, and nobody else's are."""

from datetime import datetime, timedelta

import pytest

from casework.calendar import VIETNAM
from streams.beats import case_of, is_beat, past
from streams.codec.sources import HEARTBEAT

NOON = datetime(2026, 9, 14, 12, 30, tzinfo=VIETNAM)


def state(source: str) -> bytes:
    return f'{{"source":"{source}"}}'.encode()


@pytest.mark.parametrize(("hours", "dropped"), [(0, False), (23, False), (24, False), (25, True), (48, True)])
def test_a_case_is_dropped_when_its_hour_is_more_than_a_day_ago(hours: int, dropped: bool) -> None:
    key = case_of(NOON - timedelta(hours=hours)).encode()
    assert past([(key, state(HEARTBEAT))], NOON) == [key] * dropped


def test_a_case_of_another_source_stays_whatever_its_code() -> None:
    rows = [(key, state("/mot-cua")) for key in (b"HB-2026091300", b"HB-1", b"H99.1-260901-0001")]
    assert past(rows, NOON) == []


def test_a_case_of_the_heartbeat_is_known_by_its_key() -> None:
    assert [is_beat(key) for key in (b"HB-2026091412", b"H99.1-260901-0001", None)] == [True, False, False]
