"""Many small pieces of work done in few large ones."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Generic, TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")


class Together(Generic[_T, _R]):
    """Do for many what each asks for by itself: whoever comes while it is being done shares the next time.

    So a question waits for nobody when it is alone, and a thousand cost a few transactions.
    """

    def __init__(
        self, do: Callable[[Sequence[_T]], Awaitable[Sequence[_R]]], *, most: int | None = None, lanes: int = 1
    ) -> None:
        """do: returns one result an item, in order. It knows nothing of the tasks that ask: their turns are not its.

        most: items that are done at once. lanes: how often do may be under way at the same time; the second begins
        only with as many items as are done at once, for fewer are done sooner together with those that come meanwhile.
        """
        self._do = do
        self._most = most
        self._lanes = lanes
        self._under_way = 0
        self._waiting: list[tuple[_T, asyncio.Future[_R]]] = []
        self._doing: set[asyncio.Task[None]] = set()

    async def __call__(self, item: _T) -> _R:
        """Return the result for item. What do raises is raised by everybody who shared it."""
        mine: asyncio.Future[_R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, mine))
        if self._is_time(beside=self._under_way):
            self._under_way += 1
            doing = asyncio.create_task(self._do_all(), context=Context())
            self._doing.add(doing)
            doing.add_done_callback(self._doing.discard)
        return await mine

    async def _do_all(self) -> None:
        try:
            while self._waiting and self._is_time(beside=self._under_way - 1):
                batch, self._waiting = self._waiting[: self._most], self._waiting[len(self._waiting[: self._most]) :]
                await self._do_one(batch)
        finally:
            self._under_way -= 1  # before anything else runs: who comes next must not wait for nobody

    def _is_time(self, *, beside: int) -> bool:
        """Tell whether those who wait are done now, while so many others are under way."""
        return beside == 0 or (beside < self._lanes and self._most is not None and len(self._waiting) >= self._most)

    async def _do_one(self, batch: Sequence[tuple[_T, asyncio.Future[_R]]]) -> None:
        try:
            [outcome] = await asyncio.gather(self._do([item for item, _ in batch]), return_exceptions=True)
            for place, (_, future) in enumerate(batch):
                if future.done():
                    continue  # nobody waits any more
                if isinstance(outcome, BaseException):
                    future.set_exception(outcome)
                else:
                    future.set_result(outcome[place])
        finally:
            for _, future in batch:
                future.cancel()  # does nothing to what is done


def each(write: Callable[[Sequence[_T]], Awaitable[None]]) -> Callable[[Sequence[_T]], Awaitable[Sequence[None]]]:
    """Return write as something that has no result for each item."""

    async def written(items: Sequence[_T]) -> Sequence[None]:
        await write(items)
        return [None] * len(items)

    return written
