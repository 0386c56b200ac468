"""What `desk doctor` looks at."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from bot.app import Desk
from bot.settings import Settings, misspelled
from knowledge.index import IndexMissing
from knowledge.router import Router, WeightsOutdated
from knowledge.shelf import NothingIngested
from knowledge.snapshot import LibraryDamaged
from knowledge.topics import catalogue

_SHORTEST_SECRET = 16  # characters


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what to do if it is not well."""

    is_well: bool
    what: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what is well and what is not."""
    yield from _unknown()
    yield _writable(settings)
    yield _briefings(settings)
    yield _weights()
    desk = Desk(settings)
    yield _library(desk)
    yield _chat_model(desk)
    yield _telegram(settings)
    yield _bridge(settings)


def _unknown() -> Iterator[Finding]:
    for name, near in misspelled().items():
        hint = f"; did you mean {near}?" if near else ""
        yield Finding(is_well=False, what=f"{name} is no setting of the desk{hint}")


def _writable(settings: Settings) -> Finding:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        probe = settings.home / ".probe"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        problem = f"data folder {settings.home} cannot be written: {error.strerror}; set DESK_HOME"
        return Finding(is_well=False, what=problem)
    return Finding(is_well=True, what=f"data folder {settings.home} can be written")


def _briefings(settings: Settings) -> Finding:
    if not settings.briefings.is_dir():
        problem = f"{settings.briefings} is no folder; set DESK_BRIEFINGS to that of the documents"
        return Finding(is_well=False, what=problem)
    return Finding(is_well=True, what=f"briefing documents are expected in {settings.briefings}")


def _weights() -> Finding:
    try:
        Router.load(digest=catalogue().digest)
    except (WeightsOutdated, OSError) as error:
        return Finding(is_well=False, what=str(error))
    return Finding(is_well=True, what=f"router fitted to {len(catalogue().samples)} sample questions")


def _library(desk: Desk) -> Finding:
    try:
        library = desk.shelf.read()
        desk.index.serving(library.passages).check()
    except (NothingIngested, LibraryDamaged, IndexMissing, ValueError) as error:
        return Finding(is_well=False, what=str(error))
    if library.home is None:
        return Finding(is_well=False, what="no document holds an agenda; ingest the briefing with `desk ingest`")
    count = f"{len(library.documents)} documents, {len(library.passages)} passages indexed"
    return Finding(is_well=True, what=f"{count}; the home event: {library.home.title}")


def _chat_model(desk: Desk) -> Finding:
    name = desk.settings.chat_model
    try:
        desk.rewording()
    except ValueError as error:
        return Finding(is_well=False, what=str(error))
    return Finding(is_well=True, what=f"chat model {name}" if name else "no chat model: answers are templates")


def _telegram(settings: Settings) -> Finding:
    if not settings.telegram_token.get_secret_value():
        return Finding(is_well=True, what="Telegram is off: DESK_TELEGRAM_TOKEN is empty")
    from bot.channels.telegram import channel  # noqa: PLC0415 - 1 s that only its users should pay

    try:
        name = asyncio.run(channel.name_of(channel.access_of(settings)))
    except (channel.BadToken, channel.OutOfReach) as problem:
        return Finding(is_well=False, what=str(problem))
    if settings.telegram_mode == "webhook" and not settings.telegram_webhook_secret.get_secret_value():
        missing = "DESK_TELEGRAM_WEBHOOK_SECRET is empty: without it anybody could post to the webhook"
        return Finding(is_well=False, what=missing)
    return Finding(is_well=True, what=f"Telegram knows the bot as @{name}")


def _bridge(settings: Settings) -> Finding:
    secret = settings.bridge_secret.get_secret_value()
    if not secret and settings.bridge_webhook:
        return Finding(
            is_well=False, what="DESK_BRIDGE_WEBHOOK is set, and DESK_BRIDGE_SECRET is empty: the door is closed"
        )
    if not secret:
        return Finding(is_well=True, what="the bridge door is closed: DESK_BRIDGE_SECRET is empty")
    if len(secret) < _SHORTEST_SECRET:
        return Finding(is_well=False, what="DESK_BRIDGE_SECRET can be guessed: take `openssl rand -hex 32`")
    return Finding(is_well=True, what="the bridge door is open")
