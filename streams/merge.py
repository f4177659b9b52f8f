"""Chunks of one partition that wait while another is at work are then done together, as one."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

Work = Callable[[Sequence[Any], int, int], Awaitable[None]]
Waiting = list[tuple[Sequence[Any], "asyncio.Future[None]"]]


class Merged:
    """One piece of work at a time per partition; `work` gets records, partition and epoch.

    At low rates a chunk is a record or two and spends its time waiting for the broker's acknowledgement. What arrives
    meanwhile is merged, up to `limit` records, so that the wait is paid once.
    """

    def __init__(self, work: Work, limit: int) -> None:
        self._work = work
        self._limit = limit
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiting: defaultdict[tuple[int, int], Waiting] = defaultdict(list)

    async def do(self, records: Sequence[Any], partition: int, epoch: int) -> None:
        """Returns when these records are done, by this call or by an earlier one; raises what the work raised."""
        done = asyncio.get_running_loop().create_future()
        self._waiting[partition, epoch].append((records, done))
        async with self._locks[partition]:
            if not done.done():
                await self._together(partition, epoch)
        await done

    async def alone(self, partition: int, work: Callable[[], Awaitable[None]]) -> None:
        """Other work on a partition, in its turn between the chunks; raises what the work raised."""
        async with self._locks[partition]:
            await work()

    async def _together(self, partition: int, epoch: int) -> None:
        taken = self._take(self._waiting[partition, epoch])
        try:
            await self._work([record for records, _ in taken for record in records], partition, epoch)
        except BaseException as problem:
            for _, done in taken:
                done.set_exception(problem)
            if isinstance(problem, Exception):
                return  # each of them raises it, also the one whose turn it was
            raise
        for _, done in taken:
            done.set_result(None)

    def _take(self, waiting: Waiting) -> Waiting:
        size = len(waiting[0][0])
        count = 1
        while count < len(waiting) and size + len(waiting[count][0]) <= self._limit:
            size += len(waiting[count][0])
            count += 1
        taken = waiting[:count]
        del waiting[:count]
        return taken
