"""What the chunked consumer may commit, on Faust's own objects without a broker."""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from faust import Stream
from faust.events import Event
from faust.types import TP

from streams.chunks import ChunkConsumer, driver
from tests.support.consumer import PLACE, Reading, Record, read


async def test_records_are_handed_out_in_chunks_with_the_offset_of_their_last(consumer: ChunkConsumer) -> None:
    chunks = read(consumer, range(7)).chunks
    assert [([record.offset for record in chunk.value], chunk.offset) for chunk in chunks] == [
        ([0, 1, 2], 2), ([3, 4, 5], 5), ([6], 6),
    ]  # fmt: skip


async def test_commits_never_pass_a_chunk_in_flight(consumer: ChunkConsumer) -> None:
    reading = read(consumer, range(9))
    assert reading.done(1) is None
    assert reading.done(2) is None
    assert reading.done(0) == 9


async def test_commits_never_pass_a_chunk_that_its_stopped_agent_has_dropped(consumer: ChunkConsumer) -> None:
    reading = read(consumer, range(6))
    del reading.chunks[0]
    gc.collect()
    assert reading.done(0) is None


async def test_a_chunk_done_is_committed_up_to_the_next_in_flight(consumer: ChunkConsumer) -> None:
    reading = read(consumer, range(9))
    assert reading.done(0) == 3
    assert reading.done(2) is None
    assert reading.done(1) == 9


async def test_holes_left_by_compaction_hold_nothing_back(consumer: ChunkConsumer) -> None:
    early, later = read(consumer, range(3)), read(consumer, range(10, 13))
    assert early.done(0) == 3
    assert later.done(0) == 13


async def test_another_partition_in_flight_holds_nothing_back(consumer: ChunkConsumer) -> None:
    reading = read(consumer, range(3))
    other = TP(PLACE.topic, 1)
    message = consumer._to_message(other, [Record(0, partition=1)])
    consumer.track_message(message)
    assert reading.done(0) == 3


@pytest.fixture(params=["rebalancing", "after it"])
def overtaken(request: pytest.FixtureRequest, consumer: ChunkConsumer) -> Iterator[Reading]:
    """A reader whose partitions were handed out anew while a chunk was at work."""
    reading = read(consumer, range(6))
    if request.param == "rebalancing":
        consumer.app.rebalancing = True
    else:
        consumer.epoch += 1
    yield reading


async def test_a_chunk_that_a_rebalance_came_over_is_never_committed(overtaken: Reading) -> None:
    assert overtaken.done(0, 1) is None


async def test_commits_never_pass_a_chunk_in_flight_when_a_rebalance_begins(consumer: ChunkConsumer) -> None:
    reading = read(consumer, range(6))
    assert reading.done(1) is None
    consumer.app.rebalancing = True
    assert reading.done() is None


async def test_an_overtaken_chunk_does_not_hold_back_the_next_owner(consumer: ChunkConsumer) -> None:
    stale = read(consumer, range(3))
    consumer.epoch += 1
    fresh = read(consumer, range(3))
    assert stale.done(0) is None
    assert fresh.done(0) == 3


async def hand_out(reading: Reading) -> Stream:
    """The chunks as an agent gets them: through Faust's own stream."""
    app = reading.consumer.app
    stream = app.channel().stream()
    for chunk in reading.chunks:
        await stream.channel.queue.put(Event(app, None, chunk.value, {}, chunk))
    return stream


async def test_an_agent_that_goes_on_after_a_chunk_has_done_it(consumer: ChunkConsumer) -> None:
    stream = await hand_out(read(consumer, range(6)))
    events = stream.events()
    await anext(events)
    await anext(events)
    assert consumer._new_offset(PLACE) == 3
    await stream.stop()


async def test_a_chunk_is_never_committed_when_a_rebalance_came_over_it_at_work(consumer: ChunkConsumer) -> None:
    stream = await hand_out(read(consumer, range(6)))
    events = stream.events()
    await anext(events)
    consumer.app.rebalancing = True
    taken = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0.05)
    consumer.app.rebalancing = False
    consumer.epoch += 1
    assert consumer._new_offset(PLACE) is None
    taken.cancel()
    await stream.stop()


async def stop_at_work(reading: Reading) -> None:
    """An agent takes the first chunk, and the worker is stopped before it is through with it."""
    stream = await hand_out(reading)
    taken = asyncio.Event()

    async def work() -> None:
        async for _ in stream.events():
            taken.set()
            await asyncio.Event().wait()

    agent = asyncio.create_task(work())
    await taken.wait()
    agent.cancel()
    with suppress(asyncio.CancelledError):
        await agent
    await stream.stop()


async def test_a_chunk_whose_agent_was_stopped_at_work_is_read_again(consumer: ChunkConsumer) -> None:
    await stop_at_work(read(consumer, range(6)))
    assert consumer._new_offset(PLACE) is None


async def test_a_chunk_that_the_stop_kept_from_its_agent_is_read_again(consumer: ChunkConsumer) -> None:
    stream = await hand_out(read(consumer, range(6)))
    consumer.app.flow_control.suspend()
    taken = asyncio.ensure_future(anext(stream.events()))
    await asyncio.sleep(0.05)
    assert consumer._new_offset(PLACE) is None
    taken.cancel()
    await stream.stop()


@pytest.fixture
async def thread(consumer: ChunkConsumer, monkeypatch: pytest.MonkeyPatch) -> "asyncio.Future[dict[TP, list[Record]]]":
    """What the consumer's thread will have found when it answers."""
    found: asyncio.Future[dict[TP, list[Record]]] = asyncio.get_running_loop().create_future()

    async def answer(*_: Any, **__: Any) -> dict[TP, list[Record]]:
        return await asyncio.shield(found)

    monkeypatch.setattr(driver.Consumer, "_getmany", answer)
    return found


async def asked(consumer: ChunkConsumer) -> "asyncio.Task[Any]":
    """Records are asked for; the thread is at it."""
    task = asyncio.ensure_future(consumer._getmany({PLACE}, 1.0))
    while not consumer.asking.locked():
        await asyncio.sleep(0)
    return task


async def test_a_fetch_that_nothing_came_over_hands_out_what_it_found(consumer: ChunkConsumer, thread: Any) -> None:
    fetch = await asked(consumer)
    thread.set_result({PLACE: [Record(0)]})
    assert await fetch == {PLACE: [[Record(0)]]}


async def test_what_was_asked_for_before_a_rebalance_is_read_again_and_nothing_is_sought_until_it_came(
    consumer: ChunkConsumer, thread: Any
) -> None:
    fetch, late = await asked(consumer), asyncio.ensure_future(consumer._getmany({PLACE}, 1.0))
    await asyncio.sleep(0)
    consumer.epoch += 1
    seek = asyncio.ensure_future(consumer.asking.acquire())
    await asyncio.sleep(0)
    assert not seek.done()
    thread.set_result({PLACE: [Record(0)]})
    await asyncio.wait_for(seek, 5)
    consumer.asking.release()
    assert (await fetch, await late) == (None, None)


async def test_the_thread_is_waited_for_although_a_rebalance_cancelled_who_asked(
    consumer: ChunkConsumer, thread: Any
) -> None:
    fetch = await asked(consumer)
    fetch.cancel()
    with suppress(asyncio.CancelledError):
        await fetch
    assert consumer.asking.locked()
    thread.set_result({})
    await asyncio.wait_for(consumer.asking.acquire(), 5)
