"""The routes of the API: each reads, makes its answer, and changes nothing."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Path, Query, Request

from bot.api import answers
from bot.api.access import Refusal, needs, token_of
from bot.scopes import Scope
from bot.store.pages import SqlPages
from bot.store.whole import Store
from handlers.broadcasts import Broadcast
from handlers.model import Activity, Counts
from handlers.ports import Library
from knowledge import Session

_Item = TypeVar("_Item")
_MOST: Final = 200  # items of a page
_LAST: Final = 2**31  # of what is counted from 0

Limit = Annotated[int, Query(ge=1, le=_MOST, description="items of a page")]
Offset = Annotated[int, Query(ge=0, le=_LAST, description="items before the page")]
Key = Annotated[str, Path(min_length=1, max_length=64)]
Number = Annotated[int, Path(ge=1, le=_LAST)]


class Routes:
    """Answer from a store and a library. root: the path of the API, as it is asked for."""

    def __init__(self, store: Store, library: Library, root: str) -> None:
        self._store = store
        self._pages = SqlPages(store.database)
        self._library = library
        self._root = root
        self.router = APIRouter()
        self._add("/activities", self.activities, Scope.ACTIVITIES, answers.Page[answers.Activity])
        self._add("/activities/{key}", self.activity, Scope.ACTIVITIES, answers.Activity, may_be_missing=True)
        self._add("/rsvps", self.rsvps, Scope.RSVPS, answers.Page[answers.Rsvp], may_be_missing=True)
        self._add("/people", self.people, Scope.PEOPLE, answers.Page[answers.Person])
        self._add("/delegations", self.delegations, Scope.PEOPLE, answers.Page[answers.Delegation])
        self._add("/questions", self.questions, Scope.QUESTIONS, answers.Page[answers.Question])
        self._add("/agenda", self.agenda, Scope.AGENDA, answers.Agenda)
        self._add("/broadcasts", self.broadcasts, Scope.BROADCASTS, answers.Page[answers.Broadcast])
        self._add("/broadcasts/{number}", self.broadcast, Scope.BROADCASTS, answers.Broadcast, may_be_missing=True)
        receipts = "/broadcasts/{number}/receipts"
        self._add(receipts, self.receipts, Scope.BROADCASTS, answers.Page[answers.Receipt], may_be_missing=True)

    def _add(self, path: str, answer: Any, scope: Scope, model: Any, *, may_be_missing: bool = False) -> None:  # noqa: ANN401
        missing: dict[int | str, dict[str, Any]] = {404: {"model": answers.Refused, "description": "there is none"}}
        self.router.add_api_route(
            path,
            answer,
            methods=["GET"],
            response_model=model,
            dependencies=[needs(scope)],
            responses=missing if may_be_missing else None,
            openapi_extra={"x-scope": scope.value},
            tags=[scope.value],
        )

    async def activities(self, limit: Limit = 50, offset: Offset = 0) -> answers.Page[answers.Activity]:
        """Return what people sign up for, with counts, in the order of the programme."""
        return self._page("/activities", await self._activities(), limit, offset)

    async def activity(self, key: Key) -> answers.Activity:
        """Return one activity with its counts."""
        found = next((one for one in await self._activities() if one.key == key), None)
        if found is None:
            raise Refusal(404, "not_found", "there is no such activity")
        return found

    async def rsvps(
        self, request: Request, activity: str = "", limit: Limit = 50, offset: Offset = 0
    ) -> answers.Page[answers.Rsvp]:
        """Return who is confirmed, offered a place or waiting, of one activity or all, as the command line does."""
        if activity and activity not in {one.key for one in await self._store.activities.all()}:
            raise Refusal(404, "not_found", "there is no such activity")
        tells_names = Scope.PEOPLE in token_of(request).scopes
        rows, total = await self._pages.rsvps(activity, first=offset, most=limit)
        items = [
            answers.Rsvp(
                activity=row.activity,
                person=row.person_id,
                city=row.city or "",
                party=row.party,
                status=row.status,
                position=row.position if row.status == "waitlisted" else 0,
                is_verified=row.is_verified,
                changed=row.changed,
                name=row.name if tells_names else None,
                names=row.names if tells_names else None,
            )
            for row in rows
        ]
        return self._paged("/rsvps", items, total, limit, offset, activity=activity)

    async def people(self, limit: Limit = 50, offset: Offset = 0) -> answers.Page[answers.Person]:
        """Return whom the desk knows, in the order in which they became known."""
        rows, total = await self._pages.people(first=offset, most=limit)
        items = [
            answers.Person(
                id=row.id,
                name=row.name,
                city=row.city or "",
                role=row.role,
                is_verified=row.is_verified,
                is_covered=row.is_covered,
                is_subscribed=row.is_subscribed,
                is_example=row.is_example,
            )
            for row in rows
        ]
        return self._paged("/people", items, total, limit, offset)

    async def delegations(self, limit: Limit = 50, offset: Offset = 0) -> answers.Page[answers.Delegation]:
        """Return delegations by city: how many people, whose expenses are covered."""
        items = [
            answers.Delegation(
                city=one.city,
                people=people,
                quota=one.quota,
                covered=list(one.covered),
                nominated_until=one.nominated_until,
            )
            for one, people in await self._store.delegations.all()
        ]
        return self._page("/delegations", items, limit, offset)

    async def questions(
        self, *, unanswered: bool = False, limit: Limit = 50, offset: Offset = 0
    ) -> answers.Page[answers.Question]:
        """Return what was asked, newest first; unanswered: what waits for an answer."""
        rows, total = await self._pages.questions(unanswered=unanswered, first=offset, most=limit)
        items = [
            answers.Question(
                id=row.id,
                asked=row.asked,
                language=row.language,
                is_answered=row.is_answered,
                certainty=row.certainty,
                topics=row.topics,
                text=row.text,
            )
            for row in rows
        ]
        return self._paged("/questions", items, total, limit, offset, **({"unanswered": "true"} if unanswered else {}))

    async def agenda(self) -> answers.Agenda:
        """Return the agenda in the edition that holds now."""
        edition = await self._store.editions.current()
        await asyncio.to_thread(self._library.turn_to, edition)
        sessions = [_session(one) for one in self._library.sessions()]
        return answers.Agenda(edition=edition.number, first_day=edition.first_day, sessions=sessions)

    async def broadcasts(self, limit: Limit = 50, offset: Offset = 0) -> answers.Page[answers.Broadcast]:
        """Return broadcasts, newest first, and how far they have got."""
        return self._page("/broadcasts", list(map(_broadcast, await self._store.broadcasts.all())), limit, offset)

    async def broadcast(self, number: Number) -> answers.Broadcast:
        """Return one broadcast."""
        return _broadcast(await self._known(number))

    async def receipts(
        self, request: Request, number: Number, limit: Limit = 50, offset: Offset = 0
    ) -> answers.Page[answers.Receipt]:
        """Return whom a broadcast was for, by city, and what became of it."""
        await self._known(number)
        tells_names = Scope.PEOPLE in token_of(request).scopes
        kept = [name for name in answers.Receipt.model_fields if name != "name"]
        items = [
            answers.Receipt(**{name: one[name] for name in kept}, name=one["name"] if tells_names else None)
            for one in await self._store.receipts.of(number)
        ]
        return self._page(f"/broadcasts/{number}/receipts", items, limit, offset)

    async def _activities(self) -> list[answers.Activity]:
        counts = {one.activity: one for one in await self._store.rsvps.counts()}
        return [_activity(one, counts[one.key]) for one in await self._store.activities.all()]

    async def _known(self, number: int) -> Broadcast:
        found = await self._store.broadcasts.get(number)
        if found is None:
            raise Refusal(404, "not_found", "there is no such broadcast")
        return found

    def _page(self, path: str, items: Sequence[_Item], limit: int, offset: int) -> answers.Page[_Item]:
        return self._paged(path, list(items[offset : offset + limit]), len(items), limit, offset)

    def _paged(
        self, path: str, items: list[_Item], total: int, limit: int, offset: int, **more: str
    ) -> answers.Page[_Item]:
        asked = {**{name: value for name, value in more.items() if value}, "limit": limit, "offset": offset + limit}
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        following = f"{self._root}{path}?{query}" if offset + limit < total else None
        return answers.Page(items=items, total=total, next=following)


def _activity(one: Activity, counts: Counts) -> answers.Activity:
    return answers.Activity(
        key=one.key,
        names=dict(one.names),
        day=one.day,
        start=_clock(one.start),
        end=_clock(one.end),
        capacity=one.capacity,
        taken=one.taken,
        confirmed=counts.confirmed,
        offered=counts.offered,
        waitlisted=one.waitlisted,
        unverified=counts.unverified,
        by_city=dict(counts.by_city),
        deadline=one.deadline,
        is_open=one.is_open,
        is_cancelled=one.is_cancelled,
    )


def _session(one: Session) -> answers.Session:
    return answers.Session(
        key=one.key,
        title=one.title,
        day=one.day,
        start=_clock(one.start),
        end=_clock(one.end),
        place=one.place,
        certainty=one.certainty.value,
        is_cancelled=one.is_cancelled,
        changed=one.changed.made if one.changed else None,
    )


def _broadcast(one: Broadcast) -> answers.Broadcast:
    told: Mapping[str, Any] = {name: getattr(one, name) for name in answers.Broadcast.model_fields if name != "state"}
    return answers.Broadcast(**told, state="done" if one.is_done else one.state.value)


def _clock(moment: time | None) -> str | None:
    return f"{moment:%H:%M}" if moment else None
