"""What a table's write leaves in the changelog and in the store, when somebody else has written too."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import DefaultRecordBatch
from rocksdict import Options, Rdict

from streams.fence import KEY, Fence
from streams.keep import Fenced, StateTable

OFFSET = b"offset"
GENERATION, EPOCH = 4, 7


class Changelog:
    """One partition of a topic, and the producer that writes to it."""

    def __init__(self) -> None:
        self.records: list[tuple[bytes, bytes | None, Any]] = []

    def create_batch(self) -> BatchBuilder:
        return BatchBuilder(1 << 20, 0)

    async def send_batch(self, batch: BatchBuilder, topic: str, *, partition: int) -> asyncio.Future[Any]:
        done = asyncio.get_running_loop().create_future()
        done.set_result(SimpleNamespace(offset=len(self.records)))
        self.records += [(one.key, one.value, one.headers) for one in DefaultRecordBatch(bytes(batch._build()))]
        return done


class App:
    """A member of the group in good health."""

    rebalancing = False
    consumer_generation_id = GENERATION
    conf = SimpleNamespace(broker_session_timeout=10.0)

    def __init__(self, changelog: Changelog) -> None:
        self.consumer = SimpleNamespace(epoch=EPOCH, heartbeat_age=0.0, join_again=self.join_again)
        self._producer = SimpleNamespace(_producer=changelog)

    async def maybe_start_producer(self) -> Any:
        return self._producer

    def join_again(self) -> None:
        self.rebalancing = True


@pytest.fixture
def changelog() -> Changelog:
    return Changelog()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Rdict]:
    store = Rdict(str(tmp_path / "store"), options=Options(raw_mode=True))
    store[OFFSET] = b"-1"
    yield store
    store.close()


@pytest.fixture
def table(changelog: Changelog, db: Rdict) -> StateTable:
    data = SimpleNamespace(offset_key=OFFSET, _db_for_partition=lambda _: db)
    return StateTable(
        App(changelog), SimpleNamespace(data=data, changelog_topic_name="states", on_recover=lambda _: None)
    )  # type: ignore[arg-type]


async def test_states_are_signed_and_kept_with_the_offset_of_the_last(
    table: StateTable, changelog: Changelog, db: Rdict
) -> None:
    await table.put(0, {b"a": b"1", b"b": b"2"}, EPOCH)
    await table.put(0, {b"a": b"3", b"b": None}, EPOCH)
    signed = [("owner", b"4"), ("mark", Fence.read(db[KEY]).mark.encode())]
    assert changelog.records == [
        (b"a", b"1", signed), (b"b", b"2", signed), (b"a", b"3", signed), (b"b", None, signed),
    ]  # fmt: skip
    assert (db.get(b"a"), db.get(b"b"), db[OFFSET]) == (b"3", None, b"3")
    assert table.rows_after(0, b"", 9) == [(b"a", b"3")]


async def test_a_worker_that_finds_somebody_else_s_records_keeps_nothing_and_recovers_again(
    table: StateTable, changelog: Changelog, db: Rdict
) -> None:
    await table.put(0, {b"a": b"1"}, EPOCH)
    changelog.records.append((b"a", b"a sleeper's", [("owner", b"3")]))
    with pytest.raises(Fenced):
        await table.put(0, {b"a": b"2"}, EPOCH)
    assert table.app.rebalancing, "the recovery that follows reads both"
    assert (db[b"a"], db[OFFSET]) == (b"1", b"0")


async def test_what_a_sleeper_has_written_over_is_written_again(
    table: StateTable, changelog: Changelog, db: Rdict
) -> None:
    db[b"a"], db[KEY] = b"1", Fence(3, {b"a", b"gone"}).row()
    await table.mend(0, EPOCH)
    assert {key: value for key, value, _ in changelog.records} == {b"a": b"1", b"gone": None}
    kept = Fence.read(db[KEY])
    assert (kept.owner, kept.owed) == (GENERATION, set())
    await table.mend(0, EPOCH)
    assert len(changelog.records) == 2
