"""What a table's write leaves in the changelog and in the store, when somebody else has written too."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import DefaultRecordBatch
from faust.types import TP
from rocksdict import Options, Rdict

from streams.fence import KEY, Fence
from streams.keep import CLAIM, LOST, Fenced, StateTable

OFFSET = b"offset"
STATES, OUTCOMES = "states", "outcomes"
BEAT = b"HB-2026091412"
GENERATION, EPOCH = 4, 7


class Topics:
    """One partition of each topic, and the producer that writes to them."""

    def __init__(self) -> None:
        self.records: defaultdict[str, list[tuple[bytes, bytes | None, Any]]] = defaultdict(list)

    def create_batch(self) -> BatchBuilder:
        return BatchBuilder(1 << 20, 0)

    async def send_batch(self, batch: BatchBuilder, topic: str, *, partition: int) -> asyncio.Future[Any]:
        done = asyncio.get_running_loop().create_future()
        done.set_result(SimpleNamespace(offset=len(self.records[topic])))
        self.records[topic] += [(one.key, one.value, one.headers) for one in DefaultRecordBatch(bytes(batch._build()))]
        return done


class App:
    """A member of the group in good health."""

    rebalancing = False
    consumer_generation_id = GENERATION
    conf = SimpleNamespace(broker_session_timeout=10.0)

    def __init__(self, topics: Topics) -> None:
        self.consumer = SimpleNamespace(epoch=EPOCH, heartbeat_age=0.0, join_again=self.join_again)
        self._producer = SimpleNamespace(_producer=topics)
        self.kept: dict[TP, int] = {}

    async def maybe_start_producer(self) -> Any:
        return self._producer

    def join_again(self) -> None:
        self.rebalancing = True


@pytest.fixture
def topics() -> Topics:
    return Topics()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Rdict]:
    store = Rdict(str(tmp_path / "store"), options=Options(raw_mode=True))
    store[OFFSET] = b"-1"
    yield store
    store.close()


@pytest.fixture
def table(topics: Topics, db: Rdict) -> StateTable:
    data = SimpleNamespace(
        offset_key=OFFSET,
        _db_for_partition=lambda _: db,
        set_persisted_offset=lambda _, offset: db.put(OFFSET, b"%d" % offset),
    )
    return StateTable(
        App(topics), SimpleNamespace(data=data, changelog_topic_name=STATES, on_recover=lambda _: None), OUTCOMES
    )  # type: ignore[arg-type]


async def test_states_are_signed_and_kept_with_the_offset_of_the_last(
    table: StateTable, topics: Topics, db: Rdict
) -> None:
    await table.put(0, {b"a": b"1", b"b": b"2"}, {}, EPOCH)
    await table.put(0, {b"a": b"3", b"b": None}, {}, EPOCH)
    signed = [("owner", b"4"), ("mark", Fence.read(db[KEY]).mark.encode())]
    claim, first, second = ([*signed, ("write", b"%d" % write)] for write in (1, 2, 3))
    assert topics.records[STATES] == [
        (CLAIM, None, claim), (b"a", b"1", first), (b"b", b"2", first), (b"a", b"3", second), (b"b", None, second),
    ]  # fmt: skip
    assert (db.get(b"a"), db.get(b"b"), db[OFFSET]) == (b"3", None, b"4")
    assert table.rows_after(0, b"", 9) == [(b"a", b"3")]


async def test_a_worker_that_finds_somebody_else_s_records_keeps_nothing_and_recovers_again(
    table: StateTable, topics: Topics, db: Rdict
) -> None:
    await table.put(0, {b"a": b"1"}, {}, EPOCH)
    topics.records[STATES].append((b"a", b"a sleeper's", [("owner", b"3")]))
    with pytest.raises(Fenced):
        await table.put(0, {b"a": b"2"}, {}, EPOCH)
    assert table.app.rebalancing, "the recovery that follows reads both"
    assert (db[b"a"], db[OFFSET]) == (b"1", b"1")


async def test_a_new_owner_keeps_nothing_that_it_folded_before_it_read_what_a_sleeper_wrote(
    table: StateTable, topics: Topics, db: Rdict
) -> None:
    topics.records[STATES].append((b"a", b"a sleeper's", [("owner", b"3")]))
    with pytest.raises(Fenced):
        await table.put(0, {b"a": b"1"}, {b"a": b'[{"id":"1"}]'}, EPOCH)
    assert [key for key, _, _ in topics.records[STATES]] == [b"a", CLAIM]
    assert (db.get(b"a"), topics.records[OUTCOMES]) == (None, [])


async def test_a_worker_that_slept_while_it_told_what_another_kept_writes_nothing(
    table: StateTable, topics: Topics, db: Rdict
) -> None:
    waiting = topics.send_batch

    async def sleeps(batch: BatchBuilder, topic: str, *, partition: int) -> asyncio.Future[Any]:
        table.app.consumer.heartbeat_age = 99.0
        asyncio.get_running_loop().call_soon(setattr, table.app, "rebalancing", True)
        return await waiting(batch, topic, partition=partition)

    db[KEY] = Fence(3, untold=[(b"a", b'[{"id":"1"}]')]).row()
    topics.send_batch = sleeps  # type: ignore[method-assign]
    with pytest.raises(Fenced):
        await table.put(0, {b"a": b"2"}, {}, EPOCH)
    assert topics.records[STATES] == []


async def test_a_worker_whose_records_come_before_its_last_has_its_store_made_anew(
    table: StateTable, topics: Topics, db: Rdict
) -> None:
    await table.put(0, {b"a": b"1", b"b": b"1"}, {}, EPOCH)
    topics.records[STATES].clear()  # Kafka has lost them
    with pytest.raises(Fenced):
        await table.put(0, {b"a": b"2"}, {}, EPOCH)
    assert int(db[OFFSET]) == LOST, "the recovery that follows finds the store further than any changelog"


@pytest.mark.parametrize(("ends", "again"), [
    ([3, 3, 3, 3], False),
    ([4, 4, 4], False),
    ([4, 4, 4, 4], True),
    ([4, 4, 3, 4], False),
])  # fmt: skip
async def test_a_changelog_that_goes_on_holding_more_than_the_store_is_recovered_again(
    table: StateTable, ends: list[int], again: bool
) -> None:
    await table.put(0, {b"a": b"1", b"b": b"1"}, {}, EPOCH)
    for second, end in enumerate(ends):
        table.look(float(second), {0: end, 1: 7})
    assert table.app.rebalancing is again


async def test_a_changelog_that_is_being_written_holds_more_for_a_while(table: StateTable, topics: Topics) -> None:
    waiting = topics.send_batch

    async def slow(batch: BatchBuilder, topic: str, *, partition: int) -> asyncio.Future[Any]:
        for second in range(9):
            table.look(float(second), {0: 1})
        return await waiting(batch, topic, partition=partition)

    table.app.kept[TP(STATES, 0)] = -1
    topics.send_batch = slow  # type: ignore[method-assign]
    await table.put(0, {b"a": b"1"}, {}, EPOCH)
    assert not table.app.rebalancing


async def test_what_a_sleeper_has_written_over_is_written_again(table: StateTable, topics: Topics, db: Rdict) -> None:
    db[b"a"], db[KEY] = b"1", Fence(3, {b"a", BEAT, b"still to be read"}).row()
    await table.mend(0, EPOCH)
    assert {key: value for key, value, _ in topics.records[STATES]} == {b"a": b"1", BEAT: None, CLAIM: None}
    kept = Fence.read(db[KEY])
    assert (kept.owner, kept.owed) == (GENERATION, {b"still to be read"})
    await table.mend(0, EPOCH)
    assert len(topics.records[STATES]) == 3


async def told(table: StateTable, topics: Topics) -> list[bytes | None]:
    """The outcomes that lie in the topic once the owner, or its successor on the same store, is through."""
    await table.mend(0, EPOCH)
    return [value for _, value, _ in topics.records[OUTCOMES]]


async def test_what_a_state_is_kept_with_is_told_once(table: StateTable, topics: Topics) -> None:
    await table.put(0, {b"a": b"1"}, {b"a": b'[{"id":"1"},{"id":"2"}]'}, EPOCH)
    assert topics.records[OUTCOMES] == []
    await table.tell(0, EPOCH)
    await table.put(0, {b"a": b"2"}, {}, EPOCH)
    assert await told(table, topics) == [b'{"id":"1"}', b'{"id":"2"}']


@pytest.mark.parametrize("successor", [False, True])
async def test_what_was_kept_and_not_told_is_told_before_anything_else_is_kept(
    table: StateTable, topics: Topics, successor: bool
) -> None:
    await table.put(0, {b"a": b"1"}, {b"a": b'[{"id":"1"}]'}, EPOCH)
    if successor:
        await table._begin()
    await table.put(0, {b"a": b"2"}, {b"a": b'[{"id":"2"}]'}, EPOCH)
    assert [value for _, value, _ in topics.records[OUTCOMES]] == [b'{"id":"1"}']
    assert await told(table, topics) == [b'{"id":"1"}', b'{"id":"2"}']


async def test_a_worker_that_lost_its_partition_after_it_kept_leaves_the_telling_to_the_next(
    table: StateTable, topics: Topics
) -> None:
    await table.put(0, {b"a": b"1"}, {b"a": b'[{"id":"1"}]'}, EPOCH)
    table.app.rebalancing = True
    with pytest.raises(Fenced):
        await table.tell(0, EPOCH)
    table.app.rebalancing = False
    assert await told(table, topics) == [b'{"id":"1"}']
