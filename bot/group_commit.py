"""Many small writes in few transactions."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

_T = TypeVar("_T")


class NotKept(Exception):
    """Something could not be written down."""


class GroupCommit(Generic[_T]):
    """Write what many ask for: whoever comes while a transaction is written shares the next one."""

    def __init__(self, write: Callable[[Sequence[_T]], Awaitable[object]]) -> None:
        self._write = write
        self._waiting: list[tuple[Sequence[_T], asyncio.Future[bool]]] = []
        self._writing = asyncio.Lock()

    async def __call__(self, items: Sequence[_T]) -> None:
        """Return when items are written.

        Raises:
            NotKept: they are not.
        """
        mine: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((items, mine))
        async with self._writing:
            if not mine.done():  # else somebody has written it with their own
                await self._write_all()
        if not await mine:
            raise NotKept

    async def _write_all(self) -> None:
        batch, self._waiting = self._waiting, []
        is_written = False
        try:
            await self._write([item for items, _ in batch for item in items])
            is_written = True
        finally:
            for _, future in batch:
                if not future.done():  # nobody waits any more
                    future.set_result(is_written)
