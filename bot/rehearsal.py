"""`desk rehearse`: the days of the conference played ahead of time, on a copy, to nobody but who watches."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.app import Desk, conversation, delivery
from bot.outbox import Sent
from bot.quiet import QuietHours
from bot.registry import BadValue
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.people import SqlPeople
from bot.store.rehearsal import SqlRehearsal, copy
from bot.store.whole import Store
from handlers.model import Address, Reply
from handlers.speech import CONFERENCE_TIME
from knowledge import Change
from knowledge.editions import EVENT

_STEP: Final = timedelta(minutes=1)  # of the rehearsal's time, between two looks at what is due
_BEFORE: Final = timedelta(hours=12)  # day 1: so that its reminders of the evening before are seen
_NAMED: Final = 10  # people

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is played: all days or one, and how much faster than it will be.

    first_day: the date of day 1, where it is not confirmed; else the confirmed one.
    """

    speed: float
    day: int | None = None
    first_day: date | None = None


class RehearsalClock:
    """A clock that goes on only when it is told to."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """Return what time it is taken to be."""
        return self.moment


async def rehearsed(desk: Desk, plan: Plan, say: Say) -> None:
    """Tell with say whatever the desk will tell people by itself, to whom, and when; change and send nothing.

    Nobody answers in a rehearsal: an offer that is open ends when its time is over, and goes to the next party.

    Raises:
        BadValue: nobody is known yet, the dates are open, or there is no such day.
    """
    if not desk.settings.has_database:
        raise BadValue("nobody is known yet; `desk demo` adds invented people")
    clock = RehearsalClock(desk.settings.clock())
    async with _copied(desk, clock) as store:
        await _played(desk, store, clock, plan, say)


@asynccontextmanager
async def _copied(desk: Desk, clock: RehearsalClock) -> AsyncIterator[Store]:
    """Yield a copy of all that the desk remembers, with a clock of its own; it is gone afterwards."""
    with TemporaryDirectory(prefix="rehearsal-", dir=desk.settings.home) as folder:
        url = _url_below(folder)
        await migrate(url)
        quiet = QuietHours.of_text(desk.settings.quiet_hours)
        store = Store(Database(url), desk.encoder.encode, clock, quiet)
        real = await desk.store()
        try:
            await copy(real.database, store.database)
            await desk.seed_activities(store)
            yield store
        finally:
            await real.database.close()
            await store.database.close()


async def _played(desk: Desk, store: Store, clock: RehearsalClock, plan: Plan, say: Say) -> None:
    first, days = await _dates(desk, store, plan)
    begins = _midnight(first + timedelta(days=(plan.day or 1) - 1)) - (timedelta() if plan.day else _BEFORE)
    ends = _midnight(first + timedelta(days=plan.day or days))
    if begins < clock():
        say("These days are past: who has signed up since is not reminded. DESK_NOW sets another present.")
    concierge = conversation(desk.library, store)
    rehearsal = SqlRehearsal(store.database, clock)
    clock.moment = begins
    await store.look_at_the_clock()
    await concierge.start_due()
    dropped = await rehearsal.begin()
    say(f"From {_shown(begins, first)} to {_shown(ends, first)}, {first.isoformat()} being day 1. Nothing is sent.")
    if dropped:
        say(f"Due before that, and not shown: {dropped} messages")
    told = _Told(store.people, clock, first, say)
    deliveries = [delivery(channel, store, concierge, told) for channel in await rehearsal.channels()]
    started = asyncio.get_running_loop().time()
    while clock.moment < ends:
        await store.look_at_the_clock()
        for one in deliveries:
            await one.once()
        clock.moment += _STEP
        played = (clock.moment - begins).total_seconds() / plan.speed
        await asyncio.sleep(max(0.0, started + played - asyncio.get_running_loop().time()))
    say(f"{told.count} messages to {len(told.people)} people")
    if unreached := await rehearsal.unreached():
        more = ", …" if len(unreached) > _NAMED else ""
        say(f"Not reached, {len(unreached)} people: {', '.join(name or '–' for name in unreached[:_NAMED])}{more}")


async def _dates(desk: Desk, store: Store, plan: Plan) -> tuple[date, int]:
    """Return the date of day 1, and how many days there are; the library is turned to the newest edition."""
    if plan.first_day:
        change = Change(EVENT, {"first_day": plan.first_day.isoformat()}, store.now().date())
        await store.editions.publish((change,), (), by=None)
    edition = await store.editions.current()
    desk.library.turn_to(edition)
    days = max((session.day for session in desk.library.sessions()), default=1)
    if edition.first_day is None:
        raise BadValue(
            "the dates are open, so nothing is due: try --first-day 2026-09-14, or confirm with `desk dates`"
        )
    if plan.day is not None and not 1 <= plan.day <= days:
        raise BadValue(f"--day {plan.day}: the conference has days 1 to {days}")
    return edition.first_day, days


class _Told:
    """Say to who watches what people will be told."""

    def __init__(self, people: SqlPeople, clock: RehearsalClock, first: date, say: Say) -> None:
        self.count = 0
        self.people: set[str] = set()
        self._people = people
        self._clock = clock
        self._first = first
        self._say = say

    gap = timedelta(0)

    async def until_few_wait(self) -> None:
        """Return at once: nothing waits."""

    async def send(self, address: Address, reply: Reply, *, done: int = 0) -> Sent:
        """Say a reply in one line; it has no parts."""
        person = await self._people.find(address)
        name = person.name if person and person.name else address.id
        buttons = "".join(f" [{choice.label}]" for choice in reply.choices)
        text = " / ".join(filter(None, map(str.strip, reply.text.splitlines())))
        self._say(f"{_shown(self._clock(), self._first)} → {name} ({address.channel}): {text}{buttons}")
        self.count += 1
        self.people.add(str(person.id) if person else f"{address.channel}:{address.id}")
        return Sent(str(self.count + done))


def _url_below(folder: str) -> str:
    return f"sqlite:///{(Path(folder) / 'desk.sqlite3').resolve()}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CONFERENCE_TIME)


def _shown(moment: datetime, first: date) -> str:
    """Return a moment as a day of the conference and a time; the day before it is day 0."""
    local = moment.astimezone(CONFERENCE_TIME)
    return f"Day {(local.date() - first).days + 1} {local:%H:%M}"
