"""Chunks that wait for the same partition are done together; nothing is done twice, lost, or mixed."""

import asyncio

import pytest

from streams.merge import Merged


class Slow:
    """Work that waits to be let go on, and notes what it was given."""

    def __init__(self):
        self.given = []
        self.go = asyncio.Event()

    async def __call__(self, records, partition, epoch):
        self.given.append((list(records), partition, epoch))
        await self.go.wait()


async def started(merged, *chunks):
    """Tasks of these chunks (records, partition, epoch), all of them waiting."""
    tasks = [asyncio.ensure_future(merged.do(*chunk)) for chunk in chunks]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


async def test_chunks_that_wait_for_one_at_work_are_done_together_in_order():
    work = Slow()
    tasks = await started(Merged(work, 10), ("a", 0, 1), ("bc", 0, 1), ("d", 0, 1))
    work.go.set()
    await asyncio.gather(*tasks)
    assert work.given == [(["a"], 0, 1), (["b", "c", "d"], 0, 1)]


async def test_partitions_do_not_wait_for_each_other():
    work = Slow()
    tasks = await started(Merged(work, 10), ("a", 0, 1), ("b", 1, 1))
    assert work.given == [(["a"], 0, 1), (["b"], 1, 1)]
    work.go.set()
    await asyncio.gather(*tasks)


async def test_chunks_of_different_epochs_are_never_mixed():
    work = Slow()
    tasks = await started(Merged(work, 10), ("a", 0, 1), ("b", 0, 1), ("c", 0, 2))
    work.go.set()
    await asyncio.gather(*tasks)
    assert work.given == [(["a"], 0, 1), (["b"], 0, 1), (["c"], 0, 2)]


async def test_not_more_than_the_limit_is_done_at_once_but_a_chunk_is_never_cut():
    work = Slow()
    tasks = await started(Merged(work, 3), ("a", 0, 1), ("bc", 0, 1), ("de", 0, 1), ("fghi", 0, 1))
    work.go.set()
    await asyncio.gather(*tasks)
    assert [len(records) for records, _, _ in work.given] == [1, 2, 2, 4]


async def test_an_error_reaches_everyone_whose_records_were_in_it_and_nobody_else():
    async def refuse_b(records, partition, epoch):
        await asyncio.sleep(0)
        if "b" in records:
            raise ValueError

    merged = Merged(refuse_b, 2)
    results = await asyncio.gather(*(merged.do(one, 0, 1) for one in "abcd"), return_exceptions=True)
    assert [type(result) for result in results] == [type(None), ValueError, ValueError, type(None)]


async def test_a_returned_call_means_done():
    finished = []

    async def work(records, partition, epoch):
        await asyncio.sleep(0)
        finished.extend(records)

    merged = Merged(work, 100)

    async def call(one):
        await merged.do([one], 0, 1)
        assert one in finished

    await asyncio.gather(*map(call, range(50)))
    assert sorted(finished) == list(range(50))


async def test_a_waiting_chunk_survives_the_end_of_another_task():
    work = Slow()
    first, second = await started(Merged(work, 10), ("a", 0, 1), ("b", 0, 1))
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    work.go.set()
    await second
    assert work.given == [(["a"], 0, 1), (["b"], 0, 1)]


async def test_other_work_on_a_partition_waits_its_turn_and_chunks_that_came_before_it_go_first():
    done, gate = [], asyncio.Event()

    async def work(records, partition, epoch):
        await gate.wait()
        done.extend(records)

    merged = Merged(work, 10)

    async def other():
        done.append("other")

    chunks = [asyncio.create_task(merged.do([number], 0, 1)) for number in range(2)]
    await asyncio.sleep(0)
    batch = asyncio.create_task(merged.alone(0, other))
    await asyncio.sleep(0)
    elsewhere = asyncio.create_task(merged.alone(1, other))
    await elsewhere
    assert done == ["other"]
    gate.set()
    await asyncio.gather(*chunks, batch)
    assert (done[:1], done[-1], sorted(map(str, done[1:-1]))) == (["other"], "other", ["0", "1"])


async def test_an_event_that_comes_while_a_batch_is_folded_goes_before_the_next_batch():
    done, gate = [], asyncio.Event()

    async def work(records, partition, epoch):
        done.extend(records)

    async def batch(number):
        await gate.wait()
        done.append(f"batch {number}")

    merged = Merged(work, 10)

    async def batches():
        for number in range(2):
            await merged.alone(0, lambda number=number: batch(number))

    folding = asyncio.create_task(batches())
    await asyncio.sleep(0)
    event = asyncio.create_task(merged.do(["event"], 0, 1))
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(folding, event)
    assert done == ["batch 0", "event", "batch 1"]
