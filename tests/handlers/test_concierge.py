import logging

import pytest

from bot.memory import RecentQuestions
from handlers.concierge import Concierge
from handlers.model import Address, Incoming
from tests.fakes import BrokenLibrary, EchoingLibrary, ForgottenQuestions, Shouting

ANA, BEN = Address("console", "ana"), Address("console", "ben")


@pytest.fixture
def concierge():
    return Concierge(EchoingLibrary("event.dates"), RecentQuestions())


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


@pytest.mark.parametrize("command", ["/start", "/help", "/START", "/start ABC-123", "/help@desk_bot"])
async def test_start_and_help_bring_the_menu(concierge, command):
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


async def test_the_language_a_person_has_written_in_is_kept():
    concierge = Concierge(EchoingLibrary("event.dates"), ForgottenQuestions(language="th"))

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


async def test_answers_are_reworded_if_somebody_is_there_to_do_it():
    concierge = Concierge(EchoingLibrary(), RecentQuestions(), Shouting())

    assert await said(concierge, "when?") == "WHEN?"


@pytest.mark.parametrize("incoming", [Incoming(ANA, "When?"), Incoming(ANA, pressed="topic:event.dates")])
async def test_whatever_fails_the_person_gets_a_reply_and_the_log_the_error(incoming, caplog):
    concierge = Concierge(BrokenLibrary(), ForgottenQuestions(language="de"))

    reply = await concierge.respond(incoming)

    assert reply.text == "Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es gleich noch einmal."
    assert [(record.levelno, record.exc_info[0]) for record in caplog.records] == [(logging.ERROR, ZeroDivisionError)]


async def test_an_error_is_logged_without_what_the_person_wrote(caplog):
    await Concierge(BrokenLibrary(), ForgottenQuestions()).respond(Incoming(ANA, "my passport is E1234567"))

    assert "E1234567" not in caplog.text
    assert "ana" not in caplog.messages[0].split()
