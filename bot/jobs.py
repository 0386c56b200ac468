"""What the desk does by the clock. Each job can be done twice, by several processes, with no other effect than once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is done every so many seconds; name: as the log calls it."""

    name: str
    every: float
    do: Callable[[], Awaitable[object]]


async def run(*jobs: Job) -> None:
    """Do jobs, each at its own pace, until this is cancelled; one that fails is done again when its time comes."""
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(_repeat(job))


async def _repeat(job: Job) -> None:
    while True:
        try:
            await job.do()
        except Exception:  # noqa: BLE001 - a boundary: a database that is away for a moment must not end the desk
            _log.exception("%s failed", job.name)
        await asyncio.sleep(job.every)
