"""The only entry of the conversation: find out what a message wants, and answer it."""

import logging
import re

from handlers.ask import MENU, ask, look_up, welcome
from handlers.model import Incoming, Reply
from handlers.ports import Library, Questions, Rewording
from knowledge import base_language, phrases, wording

_log = logging.getLogger(__name__)
_START = re.compile(r"^/(start|help)\b", re.IGNORECASE)
_TOPIC = "topic:"


class Concierge:
    """Answer one message at a time; keeps nothing itself."""

    def __init__(self, library: Library, questions: Questions, rewording: Rewording | None = None) -> None:
        self._library = library
        self._questions = questions
        self._rewording = rewording

    async def respond(self, incoming: Incoming) -> Reply:
        """Return the reply to incoming. Never raises: what goes wrong inside is logged, and said kindly."""
        language = await self._language(incoming)
        try:
            return await self._respond(incoming, language)
        except Exception:  # noqa: BLE001 - the boundary: a person always gets a reply
            _log.exception("no reply could be made for a message on %s", incoming.sender.channel)
            return Reply(wording(language).say(phrases.SORRY), language=language)

    async def _respond(self, incoming: Incoming, language: str) -> Reply:
        if incoming.pressed:
            return await self._pressed(incoming, language)
        if _START.match(incoming.text):
            return welcome(language)
        sender = incoming.sender
        history = await self._questions.recent(sender)
        reply = await ask(
            incoming.text, library=self._library, rewording=self._rewording, language=language, history=history
        )
        if any(character.isalnum() for character in incoming.text):  # a follow-up to an emoji means what was before
            await self._questions.remember(sender, incoming.text, reply.language)
        return reply

    async def _pressed(self, incoming: Incoming, language: str) -> Reply:
        """Answer a button; one that no longer means anything brings the menu."""
        topic = incoming.pressed.removeprefix(_TOPIC)
        if topic == incoming.pressed:
            return welcome(language)
        try:
            reply = await look_up(topic, library=self._library, language=language)
        except KeyError:
            _log.info("a button for a topic that does not exist was pressed")
            return welcome(language)
        if topic in MENU:  # so that "and on day 3?" follows up on it
            await self._questions.remember(incoming.sender, wording(language).say(MENU[topic]), language)
        return reply

    async def _language(self, incoming: Incoming) -> str:
        """Return the person's language: what they wrote before, else what the platform says, else English."""
        known = await self._questions.language_of(incoming.sender)
        return known or base_language(incoming.language or "en") or "en"
