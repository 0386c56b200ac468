"""One process of many that race for the last places: sign up its share of people, take some back, take offers.

python -m tests.faults.race_worker URL NUMBER OF GUARDED
A turn that collides with another is tried again, as the conversation does it.
"""

import asyncio
import random
import sys
from contextlib import suppress
from datetime import UTC, datetime

from bot.store.database import Database
from bot.store.rsvps import SqlRsvps
from handlers.errors import Refusal, TryAgain
from handlers.model import Act, Outcome, Status, Wanted

AT_ONCE = 8
TRIES = 20


class Racer:
    """Signs people up and takes some back, a turn each."""

    def __init__(self, url: str, *, is_guarded: bool) -> None:
        self.database = Database(url)
        self._rsvps = SqlRsvps(self.database, lambda: datetime.now(UTC), is_guarded=is_guarded)

    async def done(self, person: int, wanted: Wanted | None) -> Outcome | None:
        """Sign a person up, or cancel where nothing is wanted; None where a rule stops it."""
        act = Act(person, person, "race")
        for _ in range(TRIES):
            with suppress(TryAgain):
                return await self._in_one_turn(act, wanted)
        return None

    async def _in_one_turn(self, act: Act, wanted: Wanted | None) -> Outcome | None:
        async with self.database.turn():
            try:
                if wanted is None:
                    return await self._rsvps.cancel(act, "cruise")
                return await self._rsvps.sign_up(act, wanted)
            except Refusal:
                return None  # no room for more: the party stays as it is


async def main(url: str, number: int, of: int, *, is_guarded: bool) -> None:
    """Race."""
    racer = Racer(url, is_guarded=is_guarded)
    chance = random.Random(number)  # noqa: S311 - a test
    people = [person for person in range(1, 501) if person % of == number]
    places = asyncio.Semaphore(AT_ONCE)

    async def take_part(person: int) -> None:
        async with places:
            outcome = await racer.done(person, Wanted("cruise", chance.randint(1, 3)))
            if not is_guarded:  # without the lock, who takes places and who gives them back wait for each other
                return
            if chance.random() < 0.3:
                await racer.done(person, None)
            elif outcome and outcome.after.status is Status.CONFIRMED and chance.random() < 0.3:
                await racer.done(person, Wanted("cruise", chance.randint(1, 4)))

    await asyncio.gather(*map(take_part, people))
    await racer.database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), is_guarded=sys.argv[4] == "guarded"))
