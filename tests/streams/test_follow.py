"""What a following agent finds in a table that was written under other rules."""

import asyncio
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from aiokafka.errors import (
    KafkaConnectionError,
    KafkaTimeoutError,
    NotLeaderForPartitionError,
    ProducerClosed,
    TopicAuthorizationFailedError,
)

from streams.advance import DOSSIERS
from streams.follow import Follower
from streams.keep import Fenced
from streams.topics import Topics
from tests.streams.test_fold_again import NEW, OLD, OVERDUE, RECEIVED, table_of
from tests.support.chunks import A, ticked, told
from tests.support.dossiers import step


class Sent(list):
    """A producer whose records are acknowledged at once."""

    async def send(self, topic, value, **_):
        self.append((topic, value))
        done = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done


class Rows(dict):
    """A table of one partition."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.sent = Sent()
        self.app = SimpleNamespace(chunk_size=500, maybe_start_producer=self._producer)

    async def _producer(self):
        return SimpleNamespace(_producer=self.sent)

    def rows_after(self, partition, key, count):
        return [(found, self[found]) for found in sorted(self) if found > key][:count]

    def get(self, partition, key):
        return dict.get(self, key)


def recovered(rules, *records, partitions=1):
    """A follower under `rules` whose partitions each hold these states, made under the old ones."""
    follower = Follower(Topics().dossier, DOSSIERS, Rows(table_of(*records)), rules, None, None)
    follower.recovered(frozenset(range(partitions)), epoch=1)
    assert follower.tour.ahead == partitions
    return follower


def following(rules, *records):
    """One that has looked through them and folded none again."""
    follower = recovered(rules, *records)
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


@pytest.mark.parametrize(("rules", "waits"), [(OLD, False), (NEW, True)], ids=["the same rules", "a day off more"])
async def test_after_a_change_of_rules_a_moment_long_past_waits_until_those_to_come_are_known(rules, waits):
    follower = recovered(rules, RECEIVED, partitions=2)
    follower.backlog = SimpleNamespace(opened=True, read_until=datetime.now(UTC).timestamp() + 60)
    follower.look()
    await follower.fire(datetime.now(UTC))
    assert (not follower.table.sent) is waits
    while follower.look():
        pass
    await follower.fire(datetime.now(UTC))
    assert len(follower.table.sent) == 2


async def test_a_chunk_whose_turn_comes_while_the_table_is_not_recovered_folds_and_tells_nothing():
    follower = following(NEW, RECEIVED)
    follower.table.app.rebalancing, follower.table.app.consumer = True, SimpleNamespace(epoch=1)
    with pytest.raises(Fenced):
        await follower.step([ticked(A, OVERDUE)], 0, 1)
    assert follower.table.sent == []


@pytest.mark.parametrize(
    ("problem", "goes_on"),
    [(NotLeaderForPartitionError(), True), (KafkaTimeoutError(), True), (KafkaConnectionError(), True),
     (TopicAuthorizationFailedError(), False), (ProducerClosed(), False)],
)  # fmt: skip
async def test_ticks_that_the_broker_will_never_take_end_the_worker_and_others_are_sent_again(problem, goes_on):
    follower = following(NEW, RECEIVED)
    follower.backlog = SimpleNamespace(opened=True, read_until=datetime.now(UTC).timestamp() + 600)

    async def fail(*_, **__):
        raise problem

    follower.table.sent.send, later = fail, datetime.now(UTC) + timedelta(minutes=10)
    with nullcontext() if goes_on else pytest.raises(type(problem)):
        await follower.fire(later)
    del follower.table.sent.send
    if goes_on:
        await follower.fire(later)
        assert [topic for topic, _ in follower.table.sent] == [follower.lane.ticks]
