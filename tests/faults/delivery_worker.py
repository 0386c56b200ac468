"""One process of several that deliver what waits in a database, as `desk serve` does it, until it is killed.

python -m tests.faults.delivery_worker URL API PER_SECOND LEASE
API: address of the local Bot API. LEASE: seconds; 0 takes it away.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from bot import outbox
from bot.channels.telegram.outbound import TelegramSender
from bot.outbox import Delivery, NoticeDelivery
from bot.pace import Pace
from bot.store.database import Database
from bot.store.notices import SqlNotices
from bot.store.pace import SqlPlaces
from handlers.model import Notice, Reply
from tests.serving import TOKEN


class Leased(SqlNotices):
    """Notices that are claimed for so long as the test says."""

    lease = outbox.LEASE

    async def claim(self, channel: str, *, most: int, lease: timedelta, gap: timedelta) -> list[Delivery]:
        """Claim with the test's lease."""
        gap = gap if self.lease else timedelta(0)  # what is in hand is known by its lease
        return list(await super().claim(channel, most=most, lease=self.lease, gap=gap))


async def main(url: str, api: str, per_second: float, lease: float) -> None:
    """Deliver."""
    database = Database(url)
    notices = Leased(database, lambda: datetime.now(UTC))
    notices.lease = timedelta(seconds=lease)
    pace = Pace(per_second, SqlPlaces(database, "telegram"))
    async with TelegramSender(TOKEN, pace, api_url=api) as sender, asyncio.TaskGroup() as group:
        group.create_task(pace.watch())
        group.create_task(NoticeDelivery("telegram", notices, worded, sender, lambda: datetime.now(UTC)).run())


async def worded(notice: Notice) -> Reply:
    """Return what a notice says."""
    return Reply(str(notice.told["text"]))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])))
