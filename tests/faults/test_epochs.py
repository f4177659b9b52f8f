"""What the consumer and the recovery do when a rebalance comes over them, on Faust's own objects without a broker."""

import asyncio
from collections import Counter
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from faust.events import Event
from faust.tables.recovery import RebalanceAgain
from faust.types import TP

from streams.chunks import ChunkConsumer, driver
from streams.recovery import SafeRecovery
from streams.topics import Topics
from tests.support.consumer import PLACE, Record, read

CHANGELOG = TP(Topics().dossier.states, 0)


async def revoke(consumer: ChunkConsumer) -> None:
    """A rebalance begins; Faust has still to hand the partitions out again, and to recover their tables."""
    consumer.app.on_rebalance_start()
    await consumer.on_partitions_revoked({PLACE})


async def assign(consumer: ChunkConsumer) -> None:
    """The same partition comes back, in the same generation: Kafka gives it to a follower that only joined again."""
    consumer._set_active_tps({PLACE})
    consumer.pause_partitions({PLACE})
    await consumer.app.tables.recovery.on_rebalance({PLACE}, set(), set(), consumer.app.consumer_generation_id)


@pytest.fixture
def owner(consumer: ChunkConsumer, monkeypatch: pytest.MonkeyPatch) -> ChunkConsumer:
    """A member to which one partition is assigned; nothing is sought, for there is no broker."""

    async def nothing(*_: Any, **__: Any) -> None: ...

    monkeypatch.setattr(consumer, "assignment", lambda: {PLACE})
    monkeypatch.setattr(consumer, "commit", nothing)
    monkeypatch.setattr(consumer.app._fetcher, "maybe_start", nothing)
    monkeypatch.setattr(SafeRecovery, "_seek", nothing)
    consumer._set_active_tps({PLACE})
    return consumer


async def test_a_chunk_at_work_is_never_committed_by_a_member_that_is_given_the_same_generation_again(
    owner: ChunkConsumer,
) -> None:
    reading = read(owner, range(6))
    await revoke(owner)
    await assign(owner)
    await owner.app.tables.recovery._open_sources(owner.epoch)
    assert not owner.app.rebalancing
    assert reading.done(0, 1) is None


async def test_a_recovery_that_a_rebalance_overtook_opens_nothing_and_leaves_its_end_to_the_next(
    owner: ChunkConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    recovery = owner.app.tables.recovery

    async def overtaken(*_: Any) -> None:
        await revoke(owner)

    await revoke(owner)
    await assign(owner)
    with monkeypatch.context() as during:
        during.setattr(SafeRecovery, "_seek", overtaken)
        await recovery._resume_streams(recovery._generation_id)
    assert (owner.app.rebalancing, owner.flow_active) == (True, False)
    await assign(owner)
    await recovery._resume_streams(recovery._generation_id)
    assert (owner.app.rebalancing, owner.flow_active, owner._active_partitions) == (False, True, {PLACE})


async def test_a_rebalance_that_was_taken_for_ended_goes_on_when_its_partitions_are_revoked(
    owner: ChunkConsumer,
) -> None:
    owner.app.on_rebalance_start()
    owner.app.on_rebalance_end()
    await owner.on_partitions_revoked({PLACE})
    assert owner.app.rebalancing


async def test_a_queue_with_room_again_does_not_open_a_partition_that_waits_for_its_recovery(
    owner: ChunkConsumer,
) -> None:
    queue = owner.app.FlowControlQueue(maxsize=16, clear_on_resume=True)

    def fill() -> None:
        for number in range(13):
            queue.put_nowait_enhanced(
                number,
                on_pressure_high=lambda: owner.on_buffer_full(PLACE),
                on_pressure_drop=lambda: owner.on_buffer_drop(PLACE),
            )

    fill()
    assert PLACE not in owner._active_partitions, "the queue is full"
    await revoke(owner)
    fill()  # the last chunk on its way comes after the queues were cleared
    await assign(owner)
    owner.app.flow_control.resume()
    taken = asyncio.ensure_future(queue.get())
    await asyncio.sleep(0)
    taken.cancel()
    assert PLACE not in owner._active_partitions


@pytest.mark.parametrize(("rebalancing", "handed_out"), [(True, {CHANGELOG}), (False, {CHANGELOG, PLACE})])
async def test_during_a_rebalance_only_changelogs_are_read(
    owner: ChunkConsumer, monkeypatch: pytest.MonkeyPatch, rebalancing: bool, handed_out: set[Any]
) -> None:
    async def found(*_: Any, **__: Any) -> dict[Any, list[Record]]:
        return {CHANGELOG: [Record(0)], PLACE: [Record(0)]}

    monkeypatch.setattr(driver.Consumer, "_getmany", found)
    monkeypatch.setattr(owner, "_is_changelog_tp", lambda tp: tp == CHANGELOG)
    owner.app.rebalancing = rebalancing
    assert set(await owner._getmany({PLACE}, 1.0) or {}) == handed_out


async def test_nothing_is_committed_between_two_chunks_that_are_read(
    owner: ChunkConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faust does so every 10,000 messages; a rebalance in it seeks, and what was read is noted after what is sought."""
    fetched = [{PLACE: [Record(0)]}]
    seen: list[Any] = []

    async def fetch(*_: Any, **__: Any) -> Any:
        return fetched.pop() if fetched else owner._stopped.set() or {}

    async def note(what: Any) -> None:
        seen.append(what.offset)

    async def commit(*_: Any, **__: Any) -> None:
        seen.append("commit")

    monkeypatch.setattr(driver.Consumer, "_getmany", fetch)
    monkeypatch.setattr(owner, "highwater", lambda _: 1)
    monkeypatch.setattr(owner, "commit", commit)
    owner.callback = note
    owner.resume_flow()
    owner._n_acked = 10_000
    await asyncio.wait_for(owner._drain_messages(SimpleNamespace(_stopped=asyncio.Event())), 30)
    assert seen == [0]


@pytest.mark.parametrize(("read", "epochs_ago", "ended"), [(9, 0, True), (4, 0, False), (9, 1, False)])
async def test_a_recovery_whose_reading_was_broken_off_notes_no_end_and_opens_nothing(
    owner: ChunkConsumer, monkeypatch: pytest.MonkeyPatch, read: int, epochs_ago: int, ended: bool
) -> None:
    recovery, noted = owner.app.tables.recovery, []
    monkeypatch.setattr(SafeRecovery, "_note_ends", lambda _: noted.append("ends"))
    recovery.active_highwaters[CHANGELOG], recovery.active_offsets[CHANGELOG] = 9, read
    owner.app.on_rebalance_start()
    await recovery.on_recovery_completed(owner.epoch - epochs_ago)
    assert (noted == ["ends"], not owner.app.rebalancing) == (ended, ended)


async def test_a_broker_that_does_not_answer_in_time_ends_no_recovery_for_good(
    owner: ChunkConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faust takes the time-out of one of its steps for the stop of the worker."""
    recovery, asked = owner.app.tables.recovery, []
    monkeypatch.setattr(type(owner.app.conf), "broker_request_timeout", 0.05)

    async def silent(*_: Any) -> None:
        asked.append(1)
        await asyncio.sleep(60)

    owner.app.Table("t", partitions=1)
    monkeypatch.setattr(recovery, "_build_highwaters", silent)
    recovery.signal_recovery_start.set()
    task = asyncio.ensure_future(type(recovery)._restart_recovery.fun(recovery))
    while len(asked) < 3:
        assert not task.done()
        await asyncio.sleep(0.01)
    task.cancel()


async def test_a_chunk_of_a_changelog_that_comes_after_the_queue_was_cleared_is_left_out(owner: ChunkConsumer) -> None:
    queue = owner.app.tables.changelog_queue
    late, fresh = (Event(owner.app, None, [], {}, read(owner, range(3)).chunks[0]) for _ in range(2))
    await revoke(owner)
    fresh.message.epoch = owner.epoch
    for event in (late, fresh):
        queue.put_nowait_enhanced(event, on_pressure_high=lambda: None, on_pressure_drop=lambda: None)
    assert (await queue.get(), queue.empty()) == (fresh, True)


@pytest.mark.parametrize("refused", [False, True])
async def test_a_store_further_than_its_changelog_is_emptied_once_its_events_are_to_be_read_again(
    owner: ChunkConsumer, monkeypatch: pytest.MonkeyPatch, refused: bool
) -> None:
    recovery, emptied, offsets = owner.app.tables.recovery, [], Counter({CHANGELOG: 500})

    async def earliest(*tps: TP) -> dict[TP, int]:
        return dict.fromkeys(tps, 0)

    async def commit(_: Any) -> bool:
        return not refused

    monkeypatch.setitem(owner.app.changelogs, PLACE.topic, CHANGELOG.topic)
    monkeypatch.setattr(owner, "earliest_offsets", earliest)
    monkeypatch.setattr(owner, "_commit", commit)
    recovery.tp_to_table[CHANGELOG] = SimpleNamespace(empty=emptied.append)
    recovery.active_highwaters[CHANGELOG], owner._committed_offset[PLACE] = 250, 700
    with pytest.raises(RebalanceAgain) if refused else nullcontext():
        await recovery._build_offsets(owner, {CHANGELOG}, offsets, "active")
    left = ([], 700, 500) if refused else ([0], None, -1)
    assert (emptied, owner._committed_offset[PLACE], offsets[CHANGELOG]) == left
