"""Scripted conversations, where a folder holds them: every turn gets what it expects."""

import json
import os
import re
from pathlib import Path

import pytest

from bot.app import Desk
from bot.settings import Settings
from handlers.model import Act, Address, Role, Wanted
from knowledge.languages import LanguageDetector
from knowledge.topics import catalogue
from tests.chat_process import chatting

FOLDER = os.environ.get("DESK_TEST_EVAL", "")
DIALOGUES = Path(FOLDER) / "dialogues.dev.jsonl"
SCRIPTS = [json.loads(line) for line in DIALOGUES.read_text("utf-8").splitlines()] if FOLDER else [None]
BUTTON = "[button] "
AS_BEFORE = "unchanged|still|the delegate|this delegate is not|a schedule change|no broadcast|erased, or"
NAMED = {
    "cruise sign-up": "cruise",
    "waitlisted": "cruise",
    "industrial innovation": "industrial-innovation",
    "a site-visit sign-up": "industrial-innovation",
    "commerce and logistics": "commerce-and-logistics",
}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script["id"] if script else "none")
async def test_a_scripted_conversation_goes_as_it_should(script, home, detector):
    if script is None:
        pytest.skip("NOT TESTED ON SCRIPTED CONVERSATIONS: set DESK_TEST_EVAL to the folder that holds them")
    desk = Desk(Settings(home=home, _env_file=None))
    store = await desk.store()
    try:
        await desk.seed_activities(store)
        await given(store, script["given"])
        with chatting(home) as chat:
            talk = Talk(chat, script, store)
            for turn in script["turns"]:
                reply = await talk.turn(turn)
                expected = turn.get("expect_any") or [""]
                assert any(words.lower() in reply.lower() for words in expected), f"{turn['say']!r}: {reply!r}"
                assert not [words for words in turn.get("expect_not") or () if words.lower() in reply.lower()], reply
                assert detector.detect(reply, fallback=talk.language) == talk.language, reply
                assert await talk.kept() == talk.expected, turn["state"]
    finally:
        await store.database.close()


@pytest.fixture(scope="module")
def detector():
    return LanguageDetector.load(digest=catalogue().digest)


class Talk:
    """A script's conversation, and what the database must hold of its delegate after each turn."""

    def __init__(self, chat, script, store):
        self._chat = chat
        self._role = script["role"]
        self._store = store
        self._buttons = {}
        self.language = script["lang"]
        self.expected = _of_prose(script["given"], {}) if script["given"].startswith("this delegate") else {}

    async def turn(self, turn):
        who, said = turn.get("as") or self._role, turn["say"]
        if said.startswith(BUTTON):
            wanted = said.removeprefix(BUTTON).lower()
            payload = next(b["payload"] for b in self._buttons[who] if wanted in b["label"].lower())
            replies = self._chat.press(who, payload)
        else:
            replies = self._chat.say(who, said)
        self._buttons |= {reply["to"]: reply["buttons"] for reply in replies}
        self.expected = _of_prose(turn["state"], self.expected)
        if language := re.search(r"language is (\w+)", turn["state"]):
            self.language = language[1]
        return "\n".join(reply["text"] for reply in replies if reply["to"] == who)

    async def kept(self):
        person = await self._store.people.find(Address("console", "delegate"))
        found = await self._store.rsvps.of(person.id) if person else []
        return {rsvp.activity: (rsvp.status.value, rsvp.party) for rsvp in found}


def _of_prose(state, before):
    """Return the RSVPs of the delegate that a script's prose tells: activity to status and party."""
    text = state.lower()
    party = re.search(r"party of (\d)", text)
    size = int(party[1]) if party else 1
    if re.match(
        "unchanged|still|at most|the delegate|this delegate is not|a schedule change|no broadcast|erased, or", text
    ):
        return {key: (status, size if party else kept) for key, (status, kept) in before.items()}
    if re.search("cancelled|^no sign-up|nothing active|^no row holds", text):
        return {}
    if text.startswith("the same sign-up"):
        return {key: (status, size) for key, (status, _) in before.items()}
    named = {key for words, key in NAMED.items() if words in text}
    return {key: ("waitlisted" if text.startswith("waitlisted") else "confirmed", size) for key in named} or before


def on_console(who):
    return Address("console", who)


async def given(store, told, address=on_console):
    """Fill the database as a script's prose tells; address: returns where somebody is known."""

    async def known(who, role, city):
        code = await store.invites.create(role=role, city=city, name=who.title())
        return await store.people.redeem(address(who), code)

    for role in ("staff", "organizer"):
        await known(role, Role(role), "Wuhan")
    if told.startswith("this delegate"):
        city = re.search(r"\((\w+), party of (\d)\)", told)
        person = await known("delegate", Role.DELEGATE, city[1] if city else "Bordeaux")
        party = int(city[2]) if city else 1
        await signed_up(store, person, "cruise", party)
        if "site-visit" in told:
            await signed_up(store, person, "industrial-innovation", party)
    if "is full" in told:
        await store.activities.change("cruise", {"capacity": 2})
    others = [int(party) for party in re.findall(r"(\d) \(", told.partition(";")[0])]
    others += [1] * (3 if told.startswith("three confirmed") else 2 if "is full" in told else 0)
    for number, party in enumerate(others):
        person = await known(f"other-{number}", Role.DELEGATE, "Oita")
        await signed_up(store, person, "cruise", party)
    if cancelled := re.search(r"cancelled with a party of (\d)", told):
        person = await known("gone", Role.DELEGATE, "Oita")
        await signed_up(store, person, "cruise", int(cancelled[1]))
        await store.rsvps.cancel(Act(person.id, person.id, "given"), "cruise")


async def signed_up(store, person, key, party):
    await store.rsvps.sign_up(Act(person.id, person.id, "given"), Wanted(key, party))
