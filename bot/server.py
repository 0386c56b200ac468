"""`desk serve`: the channels and the HTTP server side by side, from the first message to an orderly end."""

import asyncio
import gc
import logging
import signal
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Final

from bot import jobs
from bot.api.app import api
from bot.app import Desk, delivery
from bot.bridge_door import BridgeDoor
from bot.dashboard.served import Dashboard
from bot.dashboard.shell import FOLDER
from bot.dashboard.works import Works
from bot.endpoints import Endpoints
from bot.http import Http, ended, listening_at, url_of
from bot.inbox import Inbox
from bot.integrations import jobs_of
from bot.jobs import Job
from bot.memory import share_arenas
from bot.metrics import Figure, Metrics
from bot.outbox import NoticeDelivery
from bot.pace import Pace
from bot.store.pace import SqlPlaces
from bot.store.whole import Store
from bot.waiting import Waiting
from bot.web.assets import OWN, Assets
from bot.web.headers import SecurityHeaders
from bot.web.site import Below, Site
from bot.web_chat import WebChat
from bot.wechat_accounts import WeChatAccounts
from handlers.concierge import Concierge
from knowledge.index import IndexMissing

if TYPE_CHECKING:
    from bot.channels.telegram.channel import Telegram
    from bot.channels.telegram.outbound import TelegramSender

END_WITHIN: Final = 20.0  # seconds for what has begun, once the desk is told to stop
_TIDY_EVERY: Final = 3600.0  # seconds
_LOOKS_EVERY: Final = 20.0
_CHECKPOINT_EVERY: Final = 2.0
_PACED: Final = "telegram"  # the channel that the pace is kept on
_DELIVERIES: Final = "What the desk tells people on its own, by channel and state."
_OLDEST: Final = "For how long the delivery that waits longest has been due."
_log = logging.getLogger(__name__)

Say = Callable[[str], None]
_Delivering = tuple[NoticeDelivery, AbstractAsyncContextManager[object]]  # what is told, and what is open meanwhile


async def serve(desk: Desk, say: Say) -> None:
    """Serve until a signal says to stop, then finish what has begun. say: tells the one who has started it.

    A desk that has nothing to answer from waits for it, and tells so over HTTP.

    Raises:
        PortTaken: another program listens there.
    """
    share_arenas()
    listening = listening_at(desk.settings)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        opened = await _opened(desk, listening, say, stop)
        if opened is not None:
            await Serving(desk, *opened).run(listening, say, stop)
    finally:
        listening.close()
        await desk.close()


async def _opened(
    desk: Desk, listening: socket.socket, say: Say, stop: asyncio.Event
) -> tuple[Store, Concierge] | None:
    """Return the desk's parts, as soon as there is something to answer from; None where it is told to stop before."""
    waiting = Waiting(desk)
    if opened := await waiting.opened():
        return opened
    say(f"Delegate Desk serves on {url_of(listening)}")
    say(f"  It answers nothing yet: {waiting.problem}")
    until = asyncio.create_task(waiting.serve(listening))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([until, stopped], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if until.done():
        return await until
    until.cancel()
    await asyncio.wait([until])
    return None


class Serving:
    """A desk that serves."""

    def __init__(self, desk: Desk, store: Store, concierge: Concierge) -> None:
        self._desk = desk
        self._store = store
        self._inbox = Inbox(store.inbox)
        self._pace = Pace(desk.settings.telegram_per_second, SqlPlaces(store.database, _PACED))
        self._off = ""  # why Telegram is not on
        self._telegram = self._made_telegram(concierge)
        self._accounts = WeChatAccounts(desk.settings, store, concierge, self._inbox)
        self._bridge = BridgeDoor(desk.settings, store, concierge)
        self._chat = WebChat(desk.settings, store, concierge, self._inbox)
        self._over_telegram = self._made_deliveries(concierge)
        self._deliveries: list[_Delivering] = [
            *self._over_telegram,
            *self._accounts.deliveries(),
            *self._bridge.deliveries(),
            *self._chat.deliveries(),
        ]
        self._endpoints = Endpoints(
            self.checks,
            Metrics(self.figures),
            telegram=self._telegram,
            callbacks=self._accounts.callbacks,
            bridge=self._bridge.door,
            pages=[*self._chat.routes, api(store, desk.library, Site.of(desk.settings.public_url))],
        )
        assets = Assets(OWN, FOLDER / "static")
        self._endpoints.app.add_route(assets.route, assets.serve, include_in_schema=False)
        self._dashboard = Dashboard(Works(desk, store), assets)
        self._dashboard.add_to(self._endpoints.app)
        inside = Below(self._endpoints.app, desk.site.prefix)
        self._http = Http(SecurityHeaders(inside, is_https=desk.site.is_https))

    async def run(self, listening: socket.socket, say: Say, stop: asyncio.Event) -> None:
        """Serve on a socket until it is told to stop."""
        await self._tell_of_before()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._http.serve([listening]))
            endless = [group.create_task(self._inbox.run()), group.create_task(jobs.run(*self._jobs))]
            endless += [group.create_task(self._pace.watch())] if self._telegram else []
            endless.append(group.create_task(self._dashboard.live.run()))
            own = [group.create_task(_delivered(*one)) for one in self._deliveries]
            intake = [group.create_task(self._telegram.run())] if self._telegram else []
            gc.freeze()  # what is there now stays: to look through it for garbage took 0.14 s, and nothing else went on
            for line in self._greeting(listening):
                say(line)
            await stop.wait()
            self._endpoints.is_stopping = True
            self._chat.take_no_more()
            await ended(intake)
            for one, _ in self._deliveries:
                one.stop()
            await self._inbox.stop(END_WITHIN)
            if own:
                await asyncio.wait(own, timeout=END_WITHIN)
            await ended([*endless, *own])
            self._chat.close()
            await self._dashboard.live.stop()
            self._http.should_exit = True
        if self._telegram:
            await self._telegram.close()

    async def checks(self) -> Mapping[str, str]:
        """Return what is wrong, by part; '' where nothing is."""
        found = {"database": await self._store.inbox.problem(), "index": ""}
        try:
            await asyncio.to_thread(self._check_index)
        except (IndexMissing, OSError, ValueError) as error:
            found["index"] = str(error)
        if self._telegram:
            told = [notices.problem for notices, _ in self._over_telegram]
            found["telegram"] = next(filter(None, [self._telegram.problem, *told]), "")
        elif self._off:
            found["telegram"] = self._off
        return found | {"web": self._chat.problem} | self._accounts.problems() | self._bridge.problems()

    async def figures(self) -> Sequence[Figure]:
        """Return what is counted."""
        return [*self._own_figures(), *await self._told_figures()]

    async def _told_figures(self) -> Sequence[Figure]:
        """Return how what the desk tells people stands, whichever process tells it; nothing without the database."""
        if await self._store.inbox.problem():
            return []
        states = [
            Figure("deliveries", _DELIVERIES, one.count, labels={"channel": one.channel, "state": one.state})
            for one in await self._store.standing.by_state()
        ]
        oldest = await self._store.standing.oldest_due(_PACED)
        return [*states, Figure("deliveries_oldest_seconds", _OLDEST, oldest, labels={"channel": _PACED})]

    def _own_figures(self) -> Sequence[Figure]:
        inbox = self._inbox.figures
        return [
            Figure("updates_received", "What has come in on all channels.", inbox.received, is_sum=True),
            Figure("updates_repeated", "Of it, what had come before.", inbox.repeated, is_sum=True),
            Figure("updates_handled", "What has been answered, or needed no answer.", inbox.handled, is_sum=True),
            Figure("updates_failed", "Tries that have failed.", inbox.failed, is_sum=True),
            Figure("updates_parked", "What was given up after several tries.", inbox.parked, is_sum=True),
            Figure("updates_in_hand", "What is in memory, to be handled.", self._inbox.in_hand),
            Figure("web_pages_open", "Pages of the web chat that are open.", self._chat.open_pages),
            Figure("telegram_silence_seconds", "Since Telegram has last answered a request for updates.", self._silent),
        ]

    @property
    def _silent(self) -> float:
        return self._telegram.silence if self._telegram else 0.0

    def _check_index(self) -> None:
        self._desk.index.serving(self._desk.shelf.read().passages).check()

    def _made_telegram(self, concierge: Concierge) -> "Telegram | None":
        settings = self._desk.settings
        if not settings.telegram_token.get_secret_value():
            return None
        from bot.channels.telegram.channel import (  # noqa: PLC0415 - 1 s that only its users should pay
            BadToken,
            Telegram,
            access_of,
        )
        from bot.channels.telegram.inbound import Conversation  # noqa: PLC0415 - as above

        reached = access_of(settings)
        if reached.is_webhook and not reached.secret:
            self._off = "DESK_TELEGRAM_WEBHOOK_SECRET is empty: without it anybody could post to the webhook"
        try:
            store = self._store
            conversation = Conversation(
                concierge, self._desk.library, store.conversations, store.facts, store.people, store.inbox
            )
            made = Telegram(reached, conversation, self._inbox, self._pace) if not self._off else None
        except BadToken as error:
            self._off, made = str(error), None
        if self._off:
            _log.error("Telegram is off: %s", self._off)
        return made

    def _made_deliveries(self, concierge: Concierge) -> "list[tuple[NoticeDelivery, TelegramSender]]":
        """Return what tells people what the desk says on its own, and the senders that it needs."""
        if not self._telegram:
            return []
        from bot.channels.telegram.channel import access_of  # noqa: PLC0415 - as above
        from bot.channels.telegram.outbound import TelegramSender  # noqa: PLC0415
        from bot.channels.telegram.reading import CHANNEL  # noqa: PLC0415

        reached = access_of(self._desk.settings)
        sender = TelegramSender(reached.token, self._pace, api_url=reached.api_url, proxy=reached.proxy)
        return [(delivery(CHANNEL, self._store, concierge, sender), sender)]

    async def _tell_of_before(self) -> None:
        waiting = await self._store.inbox.count_waiting()
        if waiting:
            made = await self._store.inbox.count_perhaps_answered()
            told = "%d messages from before are taken up; of %d the reply may have been sent already"
            _log.warning(told, waiting, made)

    def _greeting(self, listening: socket.socket) -> Iterator[str]:
        url = url_of(listening)
        yield f"Delegate Desk serves on {url}"
        yield f"  chat      {url}/chat"
        address = self._desk.site.url("/dashboard") if self._desk.settings.public_url else f"{url}/dashboard"
        yield f"  dashboard {address}  (/dashboard in any chat, or `desk dashboard`, signs in)"
        yield f"  health    {url}/healthz  {url}/readyz  {url}/metrics"
        if self._telegram:
            mode = self._desk.settings.telegram_mode
            yield f"  Telegram is on ({mode})"
        else:
            yield f"  Telegram is off: {self._off or 'DESK_TELEGRAM_TOKEN is empty'}"
        yield from self._accounts.greeting(url)
        yield self._bridge.greeting(url)
        yield "  `desk chat` talks on a terminal. Ctrl-C stops."

    @property
    def _jobs(self) -> Sequence[Job]:
        store = self._store
        return (
            *self._chat.jobs,
            *jobs_of(self._desk, store),
            Job("ending late offers and reminding people", _LOOKS_EVERY, store.look_at_the_clock),
            Job("moving what the log of SQLite holds", _CHECKPOINT_EVERY, store.database.checkpoint),
            Job("forgetting old messages", _TIDY_EVERY, store.inbox.forget_old),
            Job("forgetting old answers", _TIDY_EVERY, store.seen.forget_old),
            Job("forgetting old nonces", _TIDY_EVERY, store.nonces.forget_old),
            Job("forgetting old links and cookies", _TIDY_EVERY, store.sign_ins.forget_old),
        )


async def _delivered(notices: NoticeDelivery, connections: AbstractAsyncContextManager[object]) -> None:
    """Deliver over connections until that is stopped."""
    async with connections:
        await notices.run()
