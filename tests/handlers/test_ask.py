from handlers.ask import ask, look_up, to_reply, welcome
from handlers.model import Reply
from knowledge import NoAnswer
from knowledge.programme import Certainty
from tests.fakes import EchoingLibrary, Shouting

MENU = ["topic:agenda.full", "topic:event.dates", "topic:session.visits", "topic:cost.covered"]


async def test_a_reply_tells_what_the_library_said_and_how_sure_it_is():
    reply = await ask("Where?", library=EchoingLibrary(), language="fr")

    assert reply == Reply(
        "Where?", (), "fr", is_answer=True, certainty="draft", sources=("invitation",), topics=("event.dates",)
    )


async def test_questions_before_are_handed_on_oldest_first():
    reply = await ask("and then?", library=EchoingLibrary(), history=["one?", "two?"])

    assert reply.text == "one? | two? | and then?"


async def test_questions_are_made_legible_before_they_are_read():
    reply = await ask("now\x00\ud800", library=EchoingLibrary(), history=["be\u202efore"])

    assert reply.text == "before | now \ufffd"


async def test_answers_may_be_reworded():
    reply = await ask("where?", library=EchoingLibrary(), rewording=Shouting())

    assert (reply.text, reply.sources) == ("WHERE?", ("invitation",))


async def test_what_is_no_answer_is_never_reworded():
    reply = await ask("where?", library=EchoingLibrary(is_answering=False), rewording=Shouting())

    assert (reply.text, reply.is_answer) == ("where?", False)


async def test_a_button_is_answered_in_the_language_of_the_person():
    reply = await look_up("event.dates", library=EchoingLibrary("event.dates"), language="ja")

    assert (reply.text, reply.language) == ("about event.dates", "ja")


def test_the_welcome_carries_the_menu_in_the_language_of_the_person():
    french = welcome("fr")

    assert [choice.payload for choice in french.choices] == MENU
    assert {choice.label for choice in french.choices} >= {"Programme", "Dates"}
    assert french.text.startswith("Bonjour")


def test_a_greeting_is_answered_with_the_menu_and_a_thank_you_without():
    greeted, thanked = (
        to_reply(NoAnswer("text", "en", Certainty.OUT_OF_SCOPE, (), (topic,)))
        for topic in ("social.hello", "social.thanks")
    )

    assert ([choice.payload for choice in greeted.choices], thanked.choices) == (MENU, ())
