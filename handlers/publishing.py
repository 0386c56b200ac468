"""Publish what staff have decided: an edition of the agenda, a broadcast, and a notice for each of its readers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from handlers import texts
from handlers.broadcasts import Audience, Broadcast, Dispatch, Draft, State, Timing
from handlers.changes import as_told
from handlers.errors import Refusal
from handlers.model import Person
from handlers.organizer_ports import Broadcasts, Editions
from handlers.ports import Activities, Library
from handlers.resizing import Resize
from handlers.speech import CONFERENCE_TIME
from handlers.told import content_of
from knowledge import Change, Difference
from knowledge.editions import ChangedSince, undoing

_LONGEST: Final = 4  # quiet periods, after which changes are told though others keep coming
NEAR: Final = timedelta(hours=2)  # before a session, a change of it is told at once, at night too


@dataclass(frozen=True, slots=True)
class Rules:
    """How is published.

    needs_approval: what one member of staff writes goes out only when another has agreed. quiet_period: how long a
    change waits for others, to be told with them as one; 0: it is told at once.
    """

    needs_approval: bool = False
    quiet_period: timedelta = timedelta(0)


class Publishing:
    """Publish; all of it is part of one turn, which the caller has begun."""

    def __init__(
        self,
        library: Library,
        editions: Editions,
        broadcasts: Broadcasts,
        activities: Activities,
        now: Callable[[], datetime],
        rules: Rules,
    ) -> None:
        self._activities = activities
        self._library = library
        self._editions = editions
        self._broadcasts = broadcasts
        self.now = now
        self._rules = rules

    async def publish(self, draft: Draft, by: Person | None) -> Broadcast:
        """Publish the changes of a draft, where there are any, and queue what tells of it; or ask other staff first.

        Where it changes places alone, nobody but who gets an offer is told, so nothing is queued. What became of the
        places stands in the plan of what is returned. by: None for the command line.

        Raises:
            Refusal: the files of the draft are not kept any more.
        """
        if draft.files and not await self._broadcasts.has_files(draft):
            raise Refusal(texts.FILES_GONE)
        person = by.id if by else None
        if self._rules.needs_approval:
            return await self._approval_asked(draft, by)
        dispatch = await self._dispatch(draft)
        told, draft = await self._published(draft, person)
        if not draft.tells:
            return Broadcast(0, self.now(), "", draft.language, 0, 0, by=person, plan=draft.as_json())
        return await self._broadcasts.queue(draft, told, dispatch, by=person)

    async def resized(self, draft: Draft) -> Sequence[Resize]:
        """Return what the resizes of a draft would change now: they are tried, and taken back."""
        return [await self._activities.resized(one.activity, one.after) for one in draft.resizes]

    async def _approval_asked(self, draft: Draft, by: Person | None) -> Broadcast:
        person = by.id if by else None
        made = await self._broadcasts.queue(draft, {}, Dispatch(State.APPROVAL), by=person)
        count = (await self._broadcasts.resolved(draft.audience)).count if draft.tells else 0
        told = content_of(draft, self.told(draft.changes)) | {"by": by.name if by else "", "count": count}
        told["resizes"] = [one.as_json() for one in await self.resized(draft)]
        await self._broadcasts.ask_approval(made.number, told, by=person)
        return made

    async def approve(self, made: Broadcast, draft: Draft, by: Person) -> Broadcast:
        """Publish what waited for approval."""
        dispatch = await self._dispatch(draft)
        told, draft = await self._published(draft, made.by)
        return await self._broadcasts.approve(made.number, draft, told, dispatch, by=by.id)

    async def start_due(self) -> int:
        """Start each broadcast whose time has come; return how many.

        One that goes by a session starts by the session's time as it is now; not at all while the session is cancelled
        or the dates of the conference are open.
        """
        self._library.turn_to(await self._editions.current())
        started = 0
        for planned in await self._broadcasts.planned():
            draft = planned.draft
            starts = planned.due if draft is None or draft.timing.is_now else await self.starts(draft.timing)
            if starts is not None and starts <= self.now():
                await self._broadcasts.start(planned.number)
                started += 1
        return started

    def today(self) -> date:
        """Return the date that changes which are made now are told to be of."""
        return self.now().astimezone(CONFERENCE_TIME).date()

    async def first_day(self) -> date | None:
        """Return the date of day 1; None while the dates are open."""
        return (await self._editions.current()).first_day

    async def starts(self, timing: Timing) -> datetime | None:
        """Return when something starts, as it is known now; None for at once, or where that is not known yet."""
        if not timing.session:
            return timing.at
        first = await self.first_day()
        session = next((one for one in self._library.sessions() if one.key == timing.session), None)
        if first is None or session is None or session.start is None or session.is_cancelled:
            return None
        return _at(first, session.day, session.start) + timedelta(minutes=timing.minutes)

    async def undoing(self, number: int, language: str) -> Draft:
        """Return a draft, of who reads language, that takes an edition back; number: 0 for the newest.

        Raises:
            Refusal: there is none, or what it has changed has been changed again.
        """
        found = await self._editions.before_and_after(number)
        if found is None:
            raise Refusal(texts.NO_SUCH_EDITION, number=number) if number else Refusal(texts.NOTHING_TO_UNDO)
        earlier, own, later = found
        before = {session.key: session for session in self._library.sessions_at(earlier)}
        try:
            changes = undoing(own, earlier, later, before, self.today())
        except ChangedSince as error:
            titles = {session.key: session.title for session in self._library.sessions()}
            raise Refusal(texts.CHANGED_SINCE, title=titles.get(str(error), "–")) from None
        return self.drafted(changes, await self._resizes_back(number), language)

    def drafted(self, changes: Sequence[Change], resizes: Sequence[Resize], language: str) -> Draft:
        """Return a draft of changes and resizes, for those whom the changes concern."""
        audience = self.concerned(changes) if changes else Audience()
        return Draft("", language, tuple(changes), audience, resizes=tuple(resizes))

    async def _resizes_back(self, number: int) -> Sequence[Resize]:
        """Return the resizes that take those of an edition back."""
        now = {activity.key: activity for activity in await self._activities.all()}
        own = await self._editions.resizes(number)
        for one in own:
            if now[one.activity].capacity != one.after:
                raise Refusal(texts.CHANGED_SINCE, title=now[one.activity])
        return [Resize(one.activity, one.after, one.before) for one in own]

    def told(self, changes: Sequence[Change]) -> dict[str, Any]:
        """Return what readers are told of changes, before it is worded."""
        days = max((session.day for session in self._library.sessions()), default=1)
        return as_told(changes, self._library.difference(changes), self._library.edition, days) if changes else {}

    def concerned(self, changes: Sequence[Change]) -> Audience:
        """Return whom changes concern: those who are signed up where people sign up, else everybody."""
        difference: Difference = self._library.difference(changes)
        titles = tuple(before.title for before, _ in difference if before is not None)
        return Audience(sessions=titles) if titles and all(map(self._library.is_signable, titles)) else Audience()

    async def told_from(self, draft: Draft) -> datetime | None:
        """Return when a change goes out, with all that is changed until then; None where it does not wait for others.

        It waits until nothing has been changed for a quiet period; at most four of them, and not until it is urgent.
        """
        period = self._rules.quiet_period
        if not (period and draft.changes and draft.timing.is_now) or draft.text:
            return None
        waiting = [one.created for one in await self._gathering()]
        ends = min(self.now() + period, min(waiting, default=self.now()) + _LONGEST * period)
        urgent = [start - NEAR for start in await self._starts_of(draft) if start > self.now()]
        ends = min([ends, *urgent])
        return ends if ends > self.now() else None

    async def _gathering(self) -> list[Broadcast]:
        """Return the changes that wait for others."""
        planned = await self._broadcasts.planned()
        return [one for one in planned if one.draft and one.draft.timing.is_now]

    async def _dispatch(self, draft: Draft) -> Dispatch:
        """Return when a draft starts, until when it is worth telling, and whether that cannot wait for the morning.

        What changes a session is not told after it, and at once where the session is near.
        """
        ends = await self._starts_of(draft, ends=True)
        is_near = any(timedelta() <= start - self.now() <= NEAR for start in await self._starts_of(draft))
        due = await self.told_from(draft) or await self.starts(draft.timing)
        state = State.SENDING if draft.timing.is_now and due is None else State.PLANNED
        if draft.timing.is_now and due is not None:
            await self._broadcasts.put_off([one.number for one in await self._gathering()], due)
        return Dispatch(state, due, max(ends, default=None) if not draft.text else None, is_near)

    async def _starts_of(self, draft: Draft, *, ends: bool = False) -> list[datetime]:
        """Return when the sessions start, before and after, that a draft changes; or when they end."""
        first = await self.first_day()
        both = [one for pair in self._library.difference(draft.changes) for one in pair if one] if first else []
        return [_at(first, one.day, (one.end if ends else None) or one.start) for one in both if first and one.start]

    async def _published(self, draft: Draft, by: int | None) -> tuple[dict[str, Any], Draft]:
        """Make an edition of a draft; return what is told of it, and the draft with what became of the places."""
        changes = draft.changes
        if not (changes or draft.resizes):
            return {}, draft
        difference = self._library.difference(changes)
        resizes = [await self._activities.resize(one.activity, one.after, by=by) for one in draft.resizes]
        number = await self._editions.publish(changes, difference, by=by, resizes=resizes)
        told = self.told(changes) | {"edition": number} if changes else {}
        return told, replace(draft, resizes=tuple(resizes))


def _at(first: date, day: int, moment: time) -> datetime:
    return datetime.combine(first + timedelta(days=day - 1), moment, CONFERENCE_TIME)
