"""Scripted conversations, where a folder holds them: every turn gets what it expects."""

import json
import os
import re
from pathlib import Path

import pytest

from bot.app import Desk
from bot.settings import Settings
from handlers.model import Act, Address, Incoming, Role, Wanted
from tests.journeys.test_signing_up import Talk

FOLDER = os.environ.get("DESK_TEST_EVAL", "")
DIALOGUES = Path(FOLDER) / "dialogues.dev.jsonl"
SCRIPTS = [json.loads(line) for line in DIALOGUES.read_text("utf-8").splitlines()] if FOLDER else [None]
BUTTON = "[button] "


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script["id"] if script else "none")
async def test_a_scripted_conversation_goes_as_it_should(script, home):
    if script is None:
        pytest.skip("NOT TESTED ON SCRIPTED CONVERSATIONS: set DESK_TEST_EVAL to the folder that holds them")
    desk = Desk(Settings(home=home, _env_file=None))
    store = await desk.store()
    await desk.seed_activities(store)
    talk = Talk(desk, store, desk.library)
    try:
        await given(store, script["given"])
        for turn in script["turns"]:
            reply = await told(talk, turn["say"], turn.get("as") or script["role"])
            expected = turn.get("expect_any") or [""]
            assert any(words.lower() in reply.lower() for words in expected), f"{turn['say']!r}: {reply!r}"
            assert not [words for words in turn.get("expect_not") or () if words.lower() in reply.lower()], reply
    finally:
        await store.database.close()


async def told(talk, said, who):
    if not said.startswith(BUTTON):
        return (await talk.reply(Incoming(Address("console", who), said))).text
    wanted = said.removeprefix(BUTTON).lower()
    label = next(choice.label for choice in talk.choices[who] if wanted in choice.label.lower())
    return await talk.press(label, who)


async def given(store, told):
    """Fill the database as a script's prose tells."""
    for role in ("staff", "organizer"):
        await known(store, role, Role(role), "Wuhan")
    if told.startswith("this delegate"):
        city = re.search(r"\((\w+), party of (\d)\)", told)
        person = await known(store, "delegate", Role.DELEGATE, city[1] if city else "Bordeaux")
        party = int(city[2]) if city else 1
        await signed_up(store, person, "cruise", party)
        if "site-visit" in told:
            await signed_up(store, person, "industrial-innovation", party)
    if "is full" in told:
        await store.activities.change("cruise", {"capacity": 2})
    others = [int(party) for party in re.findall(r"(\d) \(", told.partition(";")[0])]
    others += [1] * (3 if told.startswith("three confirmed") else 2 if "is full" in told else 0)
    for number, party in enumerate(others):
        person = await known(store, f"other-{number}", Role.DELEGATE, "Oita")
        await signed_up(store, person, "cruise", party)
    if cancelled := re.search(r"cancelled with a party of (\d)", told):
        person = await known(store, "gone", Role.DELEGATE, "Oita")
        await signed_up(store, person, "cruise", int(cancelled[1]))
        await store.rsvps.cancel(Act(person.id, person.id, "given"), "cruise")


async def known(store, who, role, city):
    code = await store.invites.create(role=role, city=city, name=who.title())
    return await store.people.redeem(Address("console", who), code)


async def signed_up(store, person, key, party):
    await store.rsvps.sign_up(Act(person.id, person.id, "given"), Wanted(key, party))
