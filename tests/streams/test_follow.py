"""What a following agent finds in a table that was written under other rules."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from streams.advance import DOSSIERS
from streams.follow import Follower
from streams.topics import Topics
from tests.streams.test_fold_again import NEW, OLD, OVERDUE, RECEIVED, table_of
from tests.support.chunks import A, ticked, told
from tests.support.dossiers import step


class Rows(dict):
    """A table of one partition."""

    app = SimpleNamespace(chunk_size=500)

    def rows_after(self, partition, key, count):
        return [(found, self[found]) for found in sorted(self) if found > key][:count]

    def get(self, partition, key):
        return dict.get(self, key)

    def recovered(self):
        """There is no fence here."""


def following(rules, *records):
    """A follower under `rules`, that has looked through states made under the old ones and folded none again."""
    follower = Follower(Topics().dossier, DOSSIERS, Rows(table_of(*records)), rules, None, None)
    follower.recovered(frozenset({0}), generation=1)
    assert follower.tour.ahead == 1
    while follower.look():
        pass
    assert follower.tour.ahead == 0
    return follower


def ticks(follower):
    later = datetime.now(UTC) + timedelta(minutes=2)
    return [due.tick.alert_id for due in follower.watch.due(0, later, later.timestamp())]


@pytest.mark.parametrize(("rules", "day"), [(OLD, 16), (NEW, 17)], ids=["the same rules", "a day off more"])
def test_the_moments_of_the_rules_in_force_are_watched_before_any_case_is_folded_again(rules, day):
    assert ticks(following(rules, RECEIVED)) == [f"{A}:2026-03-{day}:overdue"]


def test_what_stands_of_the_old_date_does_not_hide_the_alert_of_the_new_one():
    assert ticks(following(NEW, RECEIVED, ticked(A, OVERDUE))) == [f"{A}:2026-03-17:overdue"]


def test_cases_are_counted_as_they_are_written_until_they_are_folded_again():
    follower = following(NEW, RECEIVED, ticked(A, OVERDUE))
    assert follower.counts[0] == {"overdue": 1}
    assert len(follower.tour) == 1


def test_a_closed_case_is_watched_under_no_rules():
    assert ticks(following(NEW, RECEIVED, told(A, step("03-17 10:00", 9)))) == []
