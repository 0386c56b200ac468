"""Measure a broadcast: how near it comes to the rate that Telegram allows, who else is answered, what a delivery costs.

    python -m tests.benchmarks.broadcasts [--recipients 3000] [--sizes 300,3000,30000]

The first part is a desk of its own against a local Bot API that answers 429 beyond 30 messages a second, or one in a
chat; meanwhile people ask. The second counts statements and processor time of deliveries, without a network.
Exits with 1 where a bar is missed. Not a test: machines are shared.
"""

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

from sqlalchemy import event, func, insert, select, update

from bot.app import Desk, conversation
from bot.outbox import NoticeDelivery, Sent
from bot.pace import PER_SECOND, Pace
from bot.settings import PACK, Settings
from bot.store import tables as t
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.pace import SqlPlaces
from bot.store.whole import Store
from handlers.model import Address, Reply
from tests.bot_api import FakeBotApi
from tests.serving import serving

ALLOWED = 30  # messages a second
EVERY = 0.7  # seconds between two questions
QUESTION = "When is the night cruise?"
ASKING = 1_000_000  # chats from here on belong to those who ask
MOMENT = datetime.now(UTC) - timedelta(seconds=1)


def main() -> int:
    """Print the figures; return 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipients", type=int, default=3000)
    parser.add_argument("--sizes", default="300,3000,30000")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        Desk(Settings(home=home)).shelf.ingest([PACK])
        missed = asyncio.run(measure_rate(home, given.recipients)) if given.recipients else 0
        sizes = [int(size) for size in given.sizes.split(",") if size]
        missed += asyncio.run(measure_cost(home, sizes)) if sizes else 0
    return int(missed > 0)


async def measure_rate(home: Path, recipients: int) -> int:
    """Print rates of a broadcast, and how long people wait who ask meanwhile; return the bars missed."""
    store = await Desk(Settings(home=home, quiet_hours="off")).store()
    await prepare(store.database, recipients, is_held=True)
    async with FakeBotApi() as api, serving(home, api.url) as desk:
        await desk.until_ready()
        await waited(api, ASKING)  # the first question is slower, and no part of this
        api.limits, before = True, len(api.sent)
        async with store.database.writing() as connection:
            await connection.execute(update(t.notice).values(is_held=False))
        answers = await asked(api, store.database)
        sent = api.sent[before:]
        refused = api.statuses[429]
    await store.database.close()
    chats = [one.chat_id for one in sent if one.chat_id < ASKING]
    told = [one.time for one in sent if one.chat_id < ASKING]
    rate = (len([one for one in sent if told[0] <= one.time <= told[-1]]) - 1) / (told[-1] - told[0])
    p99 = quantiles(answers, n=100)[98]
    print(f"{len(told)} recipients in {told[-1] - told[0]:.1f} s: {rate:.2f} messages a second with replies,")
    print(
        f"{rate / PER_SECOND:.1%} of the {PER_SECOND} that are the desk's own limit, {rate / ALLOWED:.1%} of {ALLOWED}"
    )
    print(f"{len(answers)} questions meanwhile: p50 {quantiles(answers, n=2)[0]:.3f} s, p99 {p99:.3f} s")
    return (
        bar("share of the rate", rate / PER_SECOND >= 0.98)
        + bar("everybody is told, once", sorted(chats) == list(range(1, recipients + 1)))
        + bar(f"answered 429: {refused}", refused == 0)
        + bar("p99 within 1 s", p99 <= 1)
    )


async def asked(api: FakeBotApi, database: Database) -> Sequence[float]:
    """Ask, each time from another chat, until the broadcast is over; return how long each answer took, in seconds."""
    async with asyncio.TaskGroup() as group:
        questions = []
        while await count_open(database):
            questions.append(group.create_task(waited(api, ASKING + 1 + len(questions))))
            await asyncio.sleep(EVERY)
    return [question.result() for question in questions]


async def waited(api: FakeBotApi, chat: int) -> float:
    """Ask from a chat; return how many seconds the answer took."""
    began = time.monotonic()
    api.say(chat, QUESTION)
    async with asyncio.timeout(60):
        while not (found := next((one for one in reversed(api.sent) if one.chat_id == chat), None)):
            await asyncio.sleep(0.005)
    return found.time - began


@dataclass(frozen=True, slots=True)
class Cost:
    """What one delivery takes, and the memory of the process in the end, in MB."""

    statements: float
    milliseconds: float
    memory: float


async def measure_cost(home: Path, sizes: Sequence[int]) -> int:
    """Print what a delivery costs in broadcasts of these sizes; return the bars missed."""
    desk = Desk(Settings(home=home))
    await cost_of(desk, 1000)  # what is made once is no part of it
    costs = {size: await cost_of(desk, size) for size in sizes}
    for size, cost in costs.items():
        figures = f"{cost.statements:.2f} statements, {cost.milliseconds:.2f} ms of processor time"
        print(f"{size:6} recipients: {figures}, {cost.memory:.0f} MB")
    first, last = costs[sizes[0]], costs[sizes[-1]]
    return (
        bar(f"statements, {last.statements / first.statements:.2f} times", last.statements <= 1.2 * first.statements)
        + bar(
            f"time, {last.milliseconds / first.milliseconds:.2f} times", last.milliseconds <= 1.2 * first.milliseconds
        )
        + bar(f"memory, {last.memory / first.memory:.2f} times", last.memory <= 1.2 * first.memory)
    )


async def cost_of(desk: Desk, size: int) -> Cost:
    """Deliver a broadcast of a size as fast as it goes, from an empty database; return what one delivery has cost."""
    url = f"sqlite:///{desk.settings.home.resolve() / f'{uuid4().hex}.sqlite3'}"
    await migrate(url)
    store = Store(Database(url), desk.encoder.encode, desk.settings.clock)
    concierge = conversation(desk.library, store)
    await prepare(store.database, size, is_held=False)
    sender = Instant(Pace(100_000, SqlPlaces(store.database, "telegram")))
    delivery = NoticeDelivery("telegram", store.notices, concierge.worded, sender, store.now)
    with counted(store) as statements:
        began = time.process_time()
        running = asyncio.create_task(delivery.run())
        while await count_open(store.database):
            await asyncio.sleep(size / 3000)  # at any size some looks
        delivery.stop()
        await running
        spent = time.process_time() - began
    await store.database.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(len(statements) / size, 1000 * spent / size, memory)


class Instant:
    """Send to nobody, at the pace."""

    gap = timedelta(seconds=1)

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    async def until_few_wait(self) -> None:
        """Return when few wait."""
        await self._pace.until_few_wait()

    async def send(self, address: Address, reply: Reply, *, done: int = 0) -> Sent:
        """Say that it has arrived."""
        async with self._pace.telling(address):
            return Sent(f"{len(reply.text)}{done}")


@contextmanager
def counted(store: Store) -> Iterator[bytearray]:
    """Yield what grows by one with each statement."""
    statements = bytearray()
    engine = store.database._engine.sync_engine

    def note(*_: object) -> None:
        statements.append(0)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


async def count_open(database: Database) -> int:
    """Return how many deliveries are not settled."""
    async with database.reading() as connection:
        return int(await connection.scalar(select(func.count()).select_from(t.notice).where(t.OPEN)) or 0)


async def prepare(database: Database, people: int, *, is_held: bool) -> None:
    """Write people on Telegram, and a broadcast for all of them."""
    person = {"name": "P", "role": "delegate", "is_verified": True, "is_covered": False, "is_subscribed": True}
    at = {"channel": "telegram", "is_language_chosen": False, "has_consented": True, "recent": [], "seen": MOMENT}
    content = {"text": "The boat leaves at 19:30.", "language": "en"}
    told = {"kind": "broadcast", "told": content, "created": MOMENT, "is_held": is_held}
    async with database.writing() as connection:
        made = await connection.execute(insert(t.broadcast).values(created=MOMENT, **content))
        number = made.inserted_primary_key[0]
        await connection.execute(insert(t.person), [person | {"created": MOMENT} for _ in range(people)])
        ids = list((await connection.execute(select(t.person.c.id).order_by(t.person.c.id))).scalars())
        rows = [at | {"channel_id": str(chat), "person_id": one} for chat, one in enumerate(ids, 1)]
        await connection.execute(insert(t.address), rows)
        await connection.execute(insert(t.notice), [told | {"broadcast_id": number, "person_id": one} for one in ids])


def bar(name: str, is_met: bool) -> int:  # noqa: FBT001 - what is to be printed
    """Print a bar and whether it is met; return 1 where it is missed."""
    print(f"{'ok    ' if is_met else 'MISSED'} {name}")
    return int(not is_met)


if __name__ == "__main__":
    sys.exit(main())
