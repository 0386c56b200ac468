"""The HTTP server, as a part of a process that has others."""

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from bot.settings import Settings


class PortTaken(Exception):
    """The desk cannot listen where it should; str() says where and why."""


COME_BACK: Final = {"Retry-After": "5"}  # seconds; Telegram obeys it


class Http(uvicorn.Server):
    """uvicorn, but for signals: those are for the whole desk."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=5))

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


async def ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel tasks, and wait for their end."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)


def url_of(listening: socket.socket) -> str:
    """Return the address of a socket that listens."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def listening_at(settings: Settings) -> socket.socket:
    """Return a socket that listens where the settings say.

    Raises:
        PortTaken: another program does.
    """
    host, port = settings.http_host, settings.http_port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Its protocol is named, or asyncio leaves Nagle's algorithm on: each answer then waits 40 ms for its second packet.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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
