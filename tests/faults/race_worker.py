"""One process of many that race for the last places: sign up its share of people, take some back, take offers.

python -m tests.faults.race_worker URL NUMBER OF GUARDED
"""

import asyncio
import random
import sys
from datetime import UTC, datetime

from bot.store.database import Database
from bot.store.rsvps import SqlRsvps
from handlers.errors import Refusal
from handlers.model import Act, Status, Wanted

AT_ONCE = 8


async def main(url: str, number: int, of: int, *, is_guarded: bool) -> None:
    """Race."""
    database = Database(url)
    rsvps = SqlRsvps(database, lambda: datetime.now(UTC), is_guarded=is_guarded)
    chance = random.Random(number)  # noqa: S311 - a test
    people = [person for person in range(1, 501) if person % of == number]
    places = asyncio.Semaphore(AT_ONCE)

    async def take_part(person: int) -> None:
        async with places:
            act = Act(person, person, "race")
            try:
                outcome = await rsvps.sign_up(act, Wanted("cruise", chance.randint(1, 3)))
                if chance.random() < 0.3:
                    await rsvps.cancel(act, "cruise")
                elif outcome.after.status is Status.CONFIRMED and chance.random() < 0.3:
                    await rsvps.sign_up(act, Wanted("cruise", chance.randint(1, 4)))
            except Refusal:
                pass  # no room for more: the party stays as it is

    await asyncio.gather(*map(take_part, people))
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), is_guarded=sys.argv[4] == "guarded"))
