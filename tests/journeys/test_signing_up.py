"""People sign up, change their mind and cancel, in their own words and languages."""

import pytest
from sqlalchemy import select

from bot.app import Desk, conversation, delivery
from bot.settings import Settings
from bot.store.tables import history
from handlers.model import Address, Incoming, Role, Status
from tests.fakes import Listening


@pytest.fixture(scope="module")
def library(ingested):
    return Desk(Settings(home=ingested, _env_file=None)).library


class Talk:
    """One desk, several people."""

    def __init__(self, desk, store, library):
        self._concierge = conversation(library, store)
        self.desk, self.store = desk, store
        self.choices = {}

    async def say(self, text, who="ana"):
        return await self._reply(Incoming(Address("console", who), text))

    async def press(self, label, who="ana"):
        payload = next(choice.payload for choice in self.choices[who] if choice.label == label)
        return await self._reply(Incoming(Address("console", who), pressed=payload))

    async def staff(self, who="li"):
        await self.say(f"/start {await self.store.invites.create(role=Role.STAFF, city='Wuhan', name='Li')}", who)

    async def rsvps(self, who="ana"):
        person = await self.store.people.find(Address("console", who))
        found = await self.store.rsvps.of(person.id) if person else []
        return {rsvp.activity: (rsvp.status, rsvp.party) for rsvp in found}

    async def told(self):
        listening = Listening()
        await delivery("console", self.store, self._concierge, listening).once()
        return [(address.id, reply.text) for address, reply in listening.heard]

    async def reply(self, incoming):
        reply = await self._concierge.respond(incoming)
        self.choices[incoming.sender.id] = reply.choices
        return reply

    async def _reply(self, incoming):
        return (await self.reply(incoming)).text


@pytest.fixture
async def talk(home, library):
    desk = Desk(Settings(home=home, _env_file=None))
    desk.__dict__["library"] = library  # read once for all of these tests
    store = await desk.store()
    await desk.seed_activities(store)
    yield Talk(desk, store, library)
    await store.database.close()


@pytest.mark.parametrize(
    ("wish", "party", "cancel"),
    [
        ("Please sign me up for the night cruise, two people, from Duisburg", 2, "take me off the boat please"),
        (
            "Melden Sie mich bitte zur nächtlichen Flussfahrt an, eine Person, Duisburg.",
            1,
            "Bitte die Flussfahrt absagen",
        ),
        ("Inscrivez-moi à la croisière de nuit, une personne, Bordeaux.", 1, "annulez la croisière"),
        ("我想报名夜游长江,一个人,来自大分市。", 1, "取消夜游"),
        ("أريد التسجيل في الرحلة النهرية الليلية، شخص واحد.", 1, "ألغِ تسجيلي من فضلك."),
    ],
    ids=["en", "de", "fr", "zh", "ar"],
)
async def test_a_clear_wish_is_done_at_once_and_taken_back(talk, wish, party, cancel):
    await talk.say(wish)
    assert await talk.rsvps() == {"cruise": (Status.CONFIRMED, party)}

    await talk.say(cancel)
    assert await talk.rsvps() == {}


async def test_undo_brings_back_what_was_there_and_a_late_press_does_no_harm(talk):
    await talk.say("Sign me up for the night cruise, one person, from Duisburg")
    await talk.say("cancel the cruise")
    cancelled = talk.choices["ana"]

    await talk.press("Undo")
    assert await talk.rsvps() == {"cruise": (Status.CONFIRMED, 1)}
    talk.choices["ana"] = cancelled
    assert "nothing to undo" in await talk.press("Undo")


async def test_a_question_in_the_middle_is_answered_and_the_sign_up_goes_on(talk):
    await talk.say("I'd like to register for a site visit")
    assert await talk.rsvps() == {}

    answer = await talk.say("hold on, what does the logistics one include?")
    assert "Railway" in answer
    await talk.say("good, that one then")

    assert list(await talk.rsvps()) == ["commerce-and-logistics"]


@pytest.mark.parametrize(
    "text",
    [
        "How do I sign up for the cruise?",
        "if I sign up, can I cancel later?",
        "when is the night cruise?",
        "Do I have to register for the reception?",
    ],
)
async def test_a_question_signs_nobody_up(talk, text):
    await talk.say(text)

    assert await talk.rsvps() == {}


async def test_the_fourth_delegate_is_welcome_and_told_that_three_are_covered(talk):
    reply = await talk.say("There are four of us from Bordeaux, put all four on the cruise.")

    assert await talk.rsvps() == {"cruise": (Status.CONFIRMED, 4)}
    assert "covers 3 delegates per city" in reply


async def test_press_and_match_making_clash_is_told_and_not_forbidden(talk):
    await talk.say("Sign me up for the press interview, one person, Oita")
    reply = await talk.say("Sign me up for the match-making as well, one person")

    assert set(await talk.rsvps()) == {"press", "matchmaking"}
    assert "also signed up for Press Interview" in reply


async def test_a_freed_place_is_offered_and_taken(talk):
    await talk.store.rsvps.resize("cruise", 1)
    await talk.say("Sign me up for the night cruise, one person, Oita", "ana")
    assert "waitlist, place 1" in await talk.say("Sign me up for the night cruise, one person, Bangkok", "ben")

    await talk.say("cancel the cruise", "ana")
    (who, text), *_ = await talk.told()
    await talk.say("Sign me up for the night cruise, one person", "ben")

    assert (who, "has become free" in text) == ("ben", True)
    assert await talk.rsvps("ben") == {"cruise": (Status.CONFIRMED, 1)}


async def test_staff_count_and_delegates_may_not(talk):
    await talk.staff()
    await talk.say("Sign me up for the night cruise, two people, from Duisburg", "ana")

    assert "2 people in 1 sign-ups" in await talk.say("How many people have signed up for the night cruise?", "li")
    assert await talk.say("export the RSVP list for me", "ana") == "That is only for staff of the organizers."


async def test_an_answer_of_staff_reaches_who_asked_and_who_asks_later(talk):
    await talk.staff()
    await talk.say("Where is the pier of the boat?", "ana")
    (question,) = await talk.store.questions.open()

    await talk.say(f"/answer {question.id} Pier 3.", "li")

    assert [(who, "Pier 3." in text) for who, text in await talk.told()] == [("ana", True)]
    assert "Pier 3." in await talk.say("Where is the pier of the boat?", "ben")


async def test_a_language_is_chosen_in_words(talk):
    await talk.say("From now on please answer in French.")

    assert "jour 2" in await talk.say("When is the night cruise?")


async def test_erasing_asks_first_and_frees_the_place(talk):
    await talk.say("Sign me up for the night cruise, one person, from Bangkok")

    await talk.say("Delete all data you have about me.")
    await talk.say("yes, erase everything")

    assert await talk.store.people.find(Address("console", "ana")) is None
    assert [counts.confirmed for counts in await talk.store.rsvps.counts() if counts.activity == "cruise"] == [0]


async def test_an_aide_signs_up_and_takes_off_colleagues_by_name(talk):
    code = await talk.store.invites.create(role=Role.AIDE, city="Duisburg", name="Jo Klein")
    await talk.say(f"/start {code}")

    told = await talk.say("Please sign up Ms Chen and Ana Ruiz for the night cruise")
    assert "Chen – " in told
    assert "Ana Ruiz – " in told
    listed = await talk.store.rsvps.listed("cruise")
    assert [(one.name, one.city, one.rsvp.party) for one in listed] == [
        ("Ana Ruiz", "Duisburg", 1),
        ("Chen", "Duisburg", 1),
    ]

    await talk.say("Take Ms Chen off the night cruise, please")
    assert [one.name for one in await talk.store.rsvps.listed("cruise")] == ["Ana Ruiz"]
    async with talk.store.database.reading() as connection:
        acts = [(row.person_id == row.by_id, row.why) for row in await connection.execute(select(history))]
    assert acts == [(False, "by an aide")] * 3


async def test_a_delegate_cannot_sign_up_somebody_else_by_name(talk):
    await talk.say("Please sign up Ms Chen for the night cruise")

    assert [one.name for one in await talk.store.rsvps.listed("cruise")] != ["Chen"]


@pytest.mark.parametrize(
    ("question", "wish"),
    [
        ("When is the night cruise?", "Sign me up for it"),
        ("Wann ist die Flussfahrt?", "Melden Sie mich dafür an"),
        ("夜游几点开始？", "请给我报名"),
    ],
)
async def test_it_is_what_was_just_spoken_of(talk, question, wish):
    await talk.say(question)
    await talk.say(wish)

    assert await talk.rsvps() == {"cruise": (Status.CONFIRMED, 1)}
