"""The benchmark counts rightly: percentiles, delays from the scheduled time, rates between commits."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bench import report
from tests.bench.arithmetic import Sample, delays, percentile, rate, schedule, windows
from tests.bench.figures import FULL, Figure


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.0, 1), (0.01, 1), (0.5, 50), (0.501, 51), (0.99, 99), (0.995, 100), (1.0, 100)],
)
def test_a_percentile_is_the_nearest_rank_of_a_hundred_values(share, expected):
    assert percentile(range(100, 0, -1), share) == expected


def test_the_p99_of_few_values_is_the_greatest_one():
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 1.5), ([1.0], -0.1)])
def test_there_is_no_percentile_of_nothing_nor_outside_0_and_1(values, share):
    with pytest.raises(ValueError, match="no percentile"):
        percentile(values, share)


def test_sends_are_scheduled_evenly_from_the_start():
    assert schedule(10.0, 200, 4) == [10.0, 10.005, 10.01, 10.015]


def test_a_sender_that_stood_still_makes_every_event_that_was_due_meanwhile_late():
    """1 event a second; the sender sleeps until second 5, then all is sent and seen at once."""
    scheduled = dict(enumerate(schedule(0.0, 1, 5)))
    seen = dict.fromkeys(range(5), 5.0)
    assert delays(scheduled, seen) == [5.0, 4.0, 3.0, 2.0, 1.0]


def test_what_was_never_seen_has_no_delay_and_is_counted_as_lost_elsewhere():
    assert delays({"a": 1.0, "b": 2.0}, {"b": 2.5, "c": 9.0}) == [0.5]


def _samples(*counts, cpu_each=0.5):
    return [Sample(float(second), count, second * cpu_each) for second, count in enumerate(counts)]


def test_a_rate_runs_from_the_first_commit_to_the_first_sight_of_the_last_one():
    """Starting up and waiting after the end count for nothing: 300 records in the seconds 2 to 5."""
    found = rate(_samples(0, 0, 100, 200, 300, 400, 400, 400))
    assert (found.records, found.seconds, found.cpu_seconds) == (300, 3.0, 1.5)
    assert (found.a_second, found.a_cpu_second) == (100.0, 200.0)


@pytest.mark.parametrize("counts", [(), (0, 0), (0, 7, 7)])
def test_there_is_no_rate_without_two_different_commits(counts):
    with pytest.raises(ValueError, match="too few"):
        rate(_samples(*counts))


def test_windows_show_the_slowest_and_the_fastest_span():
    assert windows(_samples(0, 10, 20, 110, 111, 112), 2.0) == (1.0, 50.0)


def test_a_run_shorter_than_a_window_is_one_window():
    assert windows(_samples(0, 10, 20, 30), 60.0) == (10.0, 10.0)


def test_the_page_of_benchmarks_says_what_was_kept_of_them():
    assert report.DOCUMENT.read_text() == report.document(json.loads(report.RESULTS.read_text()))
    assert json.loads(report.RESULTS.read_text()).keys() == report.TITLES.keys()


def test_a_part_measured_on_another_machine_leaves_the_others_and_says_what_was_different(tmp_path: Path):
    results = tmp_path / "results.json"
    for day, name, system in ((1, "drain", "Linux 6"), (2, "admit", "Linux 7")):
        figures = [Figure("rate", 5_000 * day, "events/s")]
        found = report.part(
            {"memory": "8 GB", "system": system}, figures, 0.5, FULL, datetime(2026, 11, day, tzinfo=UTC)
        )
        kept = report.keep(results, {name: found})
    page = report.document(kept)
    assert "| system | Linux 7 |" in page
    assert page.count("Different then: system Linux 6.") == page.count("Different then") == 1
    assert "| rate | 5,000 events/s |" in page
    assert "| rate | 10,000 events/s |" in page
