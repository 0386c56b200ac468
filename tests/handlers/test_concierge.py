import asyncio
import logging

import pytest

from bot.app import conversation
from handlers.errors import Away
from handlers.model import Address, Incoming
from tests.fakes import BrokenLibrary, EchoingLibrary, Shouting

ANA, BEN = Address("console", "ana"), Address("console", "ben")


@pytest.fixture
async def concierge(store):
    for address in (ANA, BEN, Address("telegram", "ana")):
        await store.conversations.consent(address)  # they have read before what the desk keeps
    return conversation(EchoingLibrary("event.dates"), store)


async def said(concierge, text, sender=ANA, **more):
    return (await concierge.respond(Incoming(sender, text, **more))).text


async def test_a_question_is_answered_after_the_ones_before(concierge):
    assert await said(concierge, "When?") == "When?"
    assert await said(concierge, "and where?") == "When? | and where?"


async def test_people_are_kept_apart(concierge):
    await said(concierge, "When?")

    assert await said(concierge, "Where?", sender=BEN) == "Where?"
    assert await said(concierge, "Where?", sender=Address("telegram", "ana")) == "Where?"


@pytest.mark.parametrize("wordless", ["", "   ", "\n", "👍", "?!"])
async def test_a_message_without_words_is_no_question_to_follow_up(concierge, wordless):
    await said(concierge, "When?")
    await said(concierge, wordless)

    assert await said(concierge, "and where?") == "When? | and where?"


@pytest.mark.parametrize("command", ["/start", "/START", "/start@desk_bot"])
async def test_start_brings_the_menu(concierge, command):
    reply = await concierge.respond(Incoming(ANA, command))

    assert (reply.text[:6], len(reply.choices)) == ("Hello!", 4)


async def test_a_word_that_begins_like_a_command_is_a_question(concierge):
    assert await said(concierge, "/starting when?") == "/starting when?"


async def test_the_platform_tells_the_language_of_a_stranger(concierge):
    reply = await concierge.respond(Incoming(ANA, "/start", language="fr-CA"))

    assert reply.language == "fr"


@pytest.mark.parametrize("unknown", ["", "xx", "kl-GL", None])
async def test_a_stranger_of_no_known_language_is_greeted_in_english(concierge, unknown):
    reply = await concierge.respond(Incoming(ANA, "/start", language=unknown))

    assert reply.language == "en"


async def test_the_language_a_person_has_written_in_is_kept(concierge, store):
    await store.conversations.remember(ANA, "?", "th")

    reply = await concierge.respond(Incoming(ANA, pressed="topic:event.dates", language="fr"))

    assert (reply.text, reply.language) == ("about event.dates", "th")


async def test_a_button_leads_to_its_topic(concierge):
    reply = await concierge.respond(Incoming(ANA, pressed="topic:event.dates"))

    assert reply.text == "about event.dates"


async def test_a_question_may_follow_up_on_a_button(concierge):
    await concierge.respond(Incoming(ANA, pressed="topic:event.dates"))

    assert await said(concierge, "and where?") == "Dates | and where?"


@pytest.mark.parametrize("stale", ["topic:event.gone", "topic:", "nonsense", "x" * 64, "topic:../../etc"])
async def test_a_button_that_means_nothing_any_more_brings_the_menu(concierge, stale):
    reply = await concierge.respond(Incoming(ANA, pressed=stale))

    assert (reply.text[:6], len(reply.choices)) == ("Hello!", 4)


async def test_answers_are_reworded_if_somebody_is_there_to_do_it(concierge, store):
    concierge = conversation(EchoingLibrary(), store, rewording=Shouting())

    assert await said(concierge, "when?") == "WHEN?"


@pytest.mark.parametrize("incoming", [Incoming(ANA, "When?"), Incoming(ANA, pressed="topic:event.dates")])
async def test_whatever_fails_the_person_gets_a_reply_and_the_log_the_error(incoming, caplog, store):
    await store.conversations.remember(ANA, "?", "de")
    concierge = conversation(BrokenLibrary(), store)

    reply = await concierge.respond(incoming)

    assert reply.text == "Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es gleich noch einmal."
    assert [(record.levelno, record.exc_info[0]) for record in caplog.records] == [(logging.ERROR, ZeroDivisionError)]


async def test_an_error_is_logged_without_what_the_person_wrote(caplog, store):
    await conversation(BrokenLibrary(), store).respond(Incoming(ANA, "my passport is E1234567"))

    assert "E1234567" not in caplog.text
    assert "ana" not in caplog.messages[0].split()


async def test_a_stranger_reads_once_what_the_desk_keeps(store):
    concierge = conversation(EchoingLibrary(), store)

    first, second = await said(concierge, "When?"), await said(concierge, "Where?")

    assert ("/forget" in first, "/forget" in second) == (True, False)


async def test_a_message_delivered_twice_gets_the_same_answer(concierge):
    first = await concierge.respond(Incoming(ANA, "When?", id="7"))
    again = await concierge.respond(Incoming(ANA, "When?", id="7"))

    assert (again.text, await said(concierge, "and?")) == (first.text, "When? | and?")


async def test_a_code_that_is_none_is_refused_and_too_many_are(concierge):
    said_of_codes = [await said(concierge, f"/start WRONG{n}") for n in range(7)]

    assert said_of_codes[0] == "This code is not valid. Please check it, or ask the organizers for a new one."
    assert said_of_codes[-1] == "Too many codes were tried. Please wait ten minutes, or ask the organizers."


@pytest.mark.parametrize("command", ["/counts", "/questions", "/answer 1 yes"])
async def test_commands_of_staff_are_for_staff_only(concierge, command):
    assert await said(concierge, command) == "That is only for staff of the organizers."


async def test_two_copies_of_a_message_at_the_same_moment_get_one_answer(concierge, store):
    replies = await asyncio.gather(*(concierge.respond(Incoming(ANA, "When?", id="7")) for _ in range(3)))

    assert {reply.text for reply in replies} == {"When?"}
    assert (await store.conversations.recall(ANA)).recent == ("When?",)


async def test_what_one_message_changes_is_kept_as_a_whole_or_not_at_all(concierge, store, monkeypatch):
    async def broken(*_):
        raise ZeroDivisionError("broken on purpose")

    monkeypatch.setattr(store.seen, "answered", broken)
    reply = await concierge.respond(Incoming(ANA, "When?", id="7"))

    assert "went wrong" in reply.text
    assert (await store.conversations.recall(ANA)).recent == ()


async def test_where_the_database_is_away_nothing_is_said_and_the_message_comes_again(concierge, store, monkeypatch):
    async def away(*_):
        raise Away("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(store.seen, "answered", away)
        with pytest.raises(Away):
            await concierge.respond(Incoming(ANA, "When?", id="7"))

    assert (await concierge.respond(Incoming(ANA, "When?", id="7"))).text == "When?"
    assert (await store.conversations.recall(ANA)).recent == ("When?",)
