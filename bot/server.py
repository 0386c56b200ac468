"""`desk serve`: the channels and the HTTP server side by side, from the first message to an orderly end."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import uvicorn

from bot.app import Desk, Store, delivery
from bot.endpoints import Endpoints
from bot.inbox import Inbox
from bot.metrics import Figure, Metrics
from bot.outbox import NoticeDelivery
from bot.pace import Pace
from bot.settings import Settings
from handlers.concierge import Concierge
from knowledge.index import IndexMissing

if TYPE_CHECKING:
    from bot.channels.telegram.channel import Telegram
    from bot.channels.telegram.outbound import TelegramSender

END_WITHIN: Final = 20.0  # seconds for what has begun, once the desk is told to stop
_TIDY_EVERY: Final = 3600.0  # seconds
_log = logging.getLogger(__name__)

Say = Callable[[str], None]


class PortTaken(Exception):
    """The desk cannot listen where it should; str() says where and why."""


async def serve(desk: Desk, say: Say) -> None:
    """Serve until a signal says to stop, then finish what has begun. say: tells the one who has started it.

    Raises:
        PortTaken: another program listens there.
        knowledge.shelf.NothingIngested: there is nothing to answer from.
    """
    listening = _listening(desk.settings)
    try:
        store, concierge = await desk.opened()
        serving = Serving(desk, store, concierge)
        await serving.run(listening, say)
    finally:
        listening.close()
        await desk.close()


class Serving:
    """A desk that serves."""

    def __init__(self, desk: Desk, store: Store, concierge: Concierge) -> None:
        self._desk = desk
        self._store = store
        self._inbox = Inbox(store.inbox)
        self._pace = Pace()
        self._off = ""  # why Telegram is not on
        self._telegram = self._made_telegram(concierge)
        self._deliveries = self._made_deliveries(concierge)
        self._endpoints = Endpoints(self.checks, Metrics(self.figures), telegram=self._telegram)
        self._http = _Http(
            uvicorn.Config(self._endpoints.app, log_config=None, access_log=False, timeout_graceful_shutdown=5)
        )

    async def run(self, listening: socket.socket, say: Say) -> None:
        """Serve on a socket until a signal says to stop."""
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await self._tell_of_before()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._http.serve([listening]))
            endless = [group.create_task(self._inbox.run()), group.create_task(self._tidy())]
            own = [group.create_task(_delivered(*one)) for one in self._deliveries]
            intake = [group.create_task(self._telegram.run())] if self._telegram else []
            for line in self._greeting(listening):
                say(line)
            await stop.wait()
            self._endpoints.is_stopping = True
            await _ended(intake)
            for one, _ in self._deliveries:
                one.stop()
            await self._inbox.stop(END_WITHIN)
            if own:
                await asyncio.wait(own, timeout=END_WITHIN)
            await _ended([*endless, *own])
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
            told = [notices.problem for notices, _ in self._deliveries]
            found["telegram"] = next(filter(None, [self._telegram.problem, *told]), "")
        elif self._off:
            found["telegram"] = self._off
        return found

    def figures(self) -> Sequence[Figure]:
        """Return what is counted."""
        inbox = self._inbox.figures
        return [
            Figure("updates_received", "What has come in on all channels.", inbox.received, is_sum=True),
            Figure("updates_repeated", "Of it, what had come before.", inbox.repeated, is_sum=True),
            Figure("updates_handled", "What has been answered, or needed no answer.", inbox.handled, is_sum=True),
            Figure("updates_failed", "Tries that have failed.", inbox.failed, is_sum=True),
            Figure("updates_parked", "What was given up after several tries.", inbox.parked, is_sum=True),
            Figure("updates_in_hand", "What is in memory, to be handled.", self._inbox.in_hand),
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
            Conversation,
            Telegram,
            access_of,
        )

        reached = access_of(settings)
        if reached.is_webhook and not reached.secret:
            self._off = "DESK_TELEGRAM_WEBHOOK_SECRET is empty: without it anybody could post to the webhook"
        try:
            store = self._store
            conversation = Conversation(concierge, self._desk.library, store.conversations, store.facts, store.people)
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
        host, port = listening.getsockname()[:2]
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        yield f"Delegate Desk serves on {url}"
        yield f"  health   {url}/healthz  {url}/readyz  {url}/metrics"
        if self._telegram:
            mode = self._desk.settings.telegram_mode
            yield f"  Telegram is on ({mode})"
        else:
            yield f"  Telegram is off: {self._off or 'DESK_TELEGRAM_TOKEN is empty'}"
        yield "  `desk chat` talks on a terminal. Ctrl-C stops."

    async def _tidy(self) -> None:
        while True:
            await self._store.inbox.forget_old()
            await self._store.seen.forget_old()
            await asyncio.sleep(_TIDY_EVERY)


async def _delivered(notices: NoticeDelivery, sender: "TelegramSender") -> None:
    """Deliver with a sender until that is stopped."""
    async with sender:
        await notices.run()


class _Http(uvicorn.Server):
    """uvicorn, but for signals: those are for the whole desk."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel tasks, and wait for their end."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)


def _listening(settings: Settings) -> socket.socket:
    host, port = settings.http_host, settings.http_port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen()  # who connects from now on waits until the server is there
    except OSError as error:
        made.close()
        why = f"{error.strerror}; set DESK_HTTP_HOST and DESK_HTTP_PORT"
        raise PortTaken(f"cannot listen on {host}:{port}: {why}") from error
    made.set_inheritable(False)
    return made
