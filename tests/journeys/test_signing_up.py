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
        self.desk, self.store, self.library = desk, store, library
        self.choices = {}

    def over(self, concierge):
        """Talk with another conversation from now on."""
        self._concierge = concierge

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
    desk = Desk(Settings(home=home, quiet_hours="off", _env_file=None))  # tests run at any hour
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


async def test_covered_delegates_are_named_bit_by_bit_taken_back_and_exchanged(talk):
    await talk.say(f"/start {await talk.store.invites.create(role=Role.AIDE, city='Oita', name='Aiko Sato')}")

    assert "1 of 3 named (Dora Klein)" in await talk.say("We nominate Dora Klein")
    assert "3 of 3 named" in await talk.say("We nominate Luc Petit and Jan van der Berg")
    assert "2 of 3" not in await talk.press("Undo")
    assert "1 of 3 named (Dora Klein)" in await talk.say("who is covered?")
    await talk.say("we nominate: Luc Petit, Jan van der Berg")
    asked = await talk.say("We nominate Zoé Roux")
    assert "Shall these be covered instead: Zoé Roux?" in asked
    assert "3 of 3 named" in asked
    assert "1 of 3 named (Zoé Roux)" in await talk.press("Yes")


@pytest.mark.parametrize("asked", ["/covered", "We nominate Luc Petit"])
async def test_who_only_says_that_they_are_of_a_city_learns_no_names(talk, asked):
    await talk.say(f"/start {await talk.store.invites.create(role=Role.AIDE, city='Oita', name='Aiko Sato')}")
    await talk.say("We nominate Dora Klein")
    await talk.say("I am Eve Black from Oita", "eve")

    assert "verified member" in await talk.say(asked, "eve")
    answer = await talk.say("who is covered?", "eve")
    assert "Dora" not in answer


async def test_what_is_covered_is_removed_by_a_button_that_knows_what_it_was_made_for(talk):
    await talk.say(f"/start {await talk.store.invites.create(role=Role.AIDE, city='Oita', name='Aiko Sato')}")
    await talk.say("We nominate Dora Klein and Luc Petit")
    await talk.say("/covered")
    stale = talk.choices["ana"]

    assert "1 of 3 named (Luc Petit)" in await talk.press("Remove Dora Klein")
    again = await talk.reply(Incoming(Address("console", "ana"), pressed=stale[1].payload))

    assert "1 of 3 named (Luc Petit)" in again.text


async def test_opening_and_closing_show_first_what_they_do(talk):
    await talk.say("Sign me up for the night cruise, two people, from Duisburg")
    await talk.staff()

    assert "Signed up: 2" in await talk.say("close the cruise for sign-ups", "li")
    assert (await talk.store.activities.all())[0].is_open
    assert "closed now" in await talk.press("Yes", "li")
    assert "closed" in await talk.say("Sign me up for the night cruise, one person, Oita", "ben")
    await talk.say("open the cruise again", "li")
    assert "is open" in await talk.say("yes", "li")
    await talk.say("Sign me up for the night cruise, one person, Oita", "ben")
    assert await talk.rsvps("ben") == {"cruise": (Status.CONFIRMED, 1)}


async def test_a_check_in_list_names_the_party_and_who_is_not_verified(talk):
    await talk.say("I am Ana Ruiz from Duisburg")
    await talk.say("Sign me up for the night cruise, two people")
    await talk.staff()

    assert "Ana Ruiz, Duisburg: 2 – not verified" in await talk.say("check-in list of the cruise", "li")


@pytest.mark.parametrize(
    ("wish", "absent"),
    [
        ("Sign me up for the cruise with my deputy", "actually my deputy can't come"),
        ("Sign me up for the cruise, two people", "unfortunately one of us can't come"),
        ("Ik wil graag mee met de boot, met mijn vrouw", "mijn vrouw kan toch niet mee"),
        ("报名夜游，2个人，来自昆明", "我同事来不了了"),
    ],
)
async def test_who_stays_at_home_gives_up_their_place_alone(talk, wish, absent):
    await talk.say(wish)
    before = await talk.rsvps()
    await talk.say(absent)
    reduced = await talk.rsvps()
    await talk.say(absent)

    assert before == {"cruise": (Status.CONFIRMED, 2)}
    assert reduced == await talk.rsvps() == {"cruise": (Status.CONFIRMED, 1)}
    assert [choice.payload for choice in talk.choices["ana"]] == ["cancel:cruise"]  # asked, not guessed


@pytest.mark.parametrize(
    "text",
    [
        "mejor la recepción en vez del crucero",
        "please change me from the cruise to the reception",
        "bitte vom Schiff auf den Empfang umbuchen",
    ],
)
async def test_one_activity_is_given_up_for_another(talk, text):
    await talk.say("Sign me up for the night cruise, two people, from Duisburg")
    await talk.say(text)

    assert await talk.rsvps() == {"reception": (Status.CONFIRMED, 2)}


@pytest.mark.parametrize(
    "text", ["我想参加明天晚上的游船", "夜のクルーズに参加したいです", "أنا أريد التسجيل في الرحلة النهرية"]
)
async def test_a_wish_is_never_kept_as_a_name(talk, text):
    await talk.say(text)

    assert (await talk.store.people.find(Address("console", "ana"))).name == ""


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


async def test_who_wishes_for_a_colleague_alone_is_asked_how_many_come(talk):
    asked = await talk.say("Sign up my colleague Maria Silva for the cruise, she is from Bangkok")

    assert (await talk.rsvps(), "people" in asked, len(talk.choices["ana"]) > 1) == ({}, True, True)


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


@pytest.mark.parametrize(
    ("wish", "correction", "party"),
    [
        ("sign me up for the night cruise", "no, two", 2),
        ("Vorrei iscrivere me e due colleghi alla crociera", "no, due", 2),
        ("quiero ir al crucero", "no, dos", 2),
        ("On voudrait venir à la croisière, ma femme et moi", "non, trois finalement", 3),
        ("我和同事想参加夜游", "不，三个人", 3),
    ],
)
async def test_a_number_right_after_a_sign_up_corrects_it_in_the_same_language(talk, wish, correction, party):
    await talk.say(wish)
    first = (await talk.reply(Incoming(Address("console", "ana"), wish))).language
    assert (await talk.reply(Incoming(Address("console", "ana"), correction))).language == first

    assert await talk.rsvps() == {"cruise": (Status.CONFIRMED, party)}


async def test_places_and_deadlines_are_told_as_the_organizers_have_set_them(talk):
    await talk.store.activities.change("cruise", {"capacity": 30})

    assert "Yangtze River Night Cruise: 30 of 30" in await talk.say("which activities still have places?")
    assert "No deadline has been set yet" in await talk.say("can I cancel later?")
    assert await talk.rsvps() == {}


async def test_a_place_that_was_taken_is_given_back_in_words(talk):
    await talk.store.activities.change("cruise", {"capacity": 1})
    await talk.say("sign me up for the cruise", "ben")
    await talk.say("sign me up for the cruise")
    await talk.say("cancel the cruise", "ben")
    await talk.say("yes, I take the place")
    assert talk.choices["ana"][0].label == "Cancel it"

    assert "Cancelled" in await talk.say("undo")
    assert await talk.rsvps() == {}


async def test_where_nothing_can_be_undone_nothing_is(talk):
    await talk.say("When does the cruise start?")
    assert "nothing to undo" in await talk.say("undo")
    assert "rückgängig" in await talk.say("Rückgängig", "ute")


async def test_who_says_it_again_keeps_their_companions(talk):
    await talk.say("two of us for the night cruise please")
    await talk.say("sign me up for the night cruise")

    assert await talk.rsvps() == {"cruise": (Status.CONFIRMED, 2)}
    await talk.say("/signup")
    assert "Yangtze River Night Cruise" not in [choice.label for choice in talk.choices["ana"]]


async def test_the_number_of_people_outlives_a_question(talk):
    await talk.say("make it two for the site visit please")
    await talk.say("how long is the bus ride to it?")
    await talk.say("the ecological one")

    assert await talk.rsvps() == {"ecological-civilization": (Status.CONFIRMED, 2)}


async def test_a_name_and_a_city_change_no_language(talk):
    await talk.say("two of us for the night cruise please")

    assert "Thank you, Mario Rossi" in await talk.say("Mario Rossi, Milano")


async def test_what_another_order_takes_the_place_of_is_told(talk):
    await talk.staff()
    await talk.say("resize the cruise to 80", "li")
    dropped = await talk.say("resize the reception to 90", "li")
    assert "Not carried out" in dropped

    done = await talk.say("yes", "li")
    assert "90" in done
    assert "Not carried out" not in done
    assert {a.key: a.capacity for a in await talk.store.activities.all()}["cruise"] is None


@pytest.mark.parametrize(
    ("name", "city", "kept"),
    [
        ("Ann Lee", "Oita", "Ann Lee, Oita"),
        ("Ann Lee", "I am from Bordeaux", "Ann Lee, Bordeaux"),
        ("Lena Vogt", "aus Duisburg", "Lena Vogt, Duisburg"),
        ("Ben Oduya", "Kisumu", "Ben Oduya, Kisumu"),
        ("李明", "大分", "李明, Oita"),
        ("李明", "我来自大分", "李明, Oita"),
        ("Ann Lee", "Ann Leigh, Oita", "Ann Leigh, Oita"),
        ("Иван Петров", "Ярославль", "Иван Петров, Ярославль"),
        ("Иван Петров", "саратов", "Иван Петров, Саратов"),
        ("أحمد العلي", "الخرطوم", "أحمد العلي, الخرطوم"),
        ("佐藤花子", "仙台", "佐藤花子, 仙台"),
        ("Rob Fisher", "Wagga Wagga", "Rob Fisher, Wagga Wagga"),
    ],
)
async def test_a_name_and_then_a_city_are_both_kept(talk, name, city, kept):
    await talk.say("Two of us for the night cruise")
    await talk.say(name)
    await talk.say(city)

    assert kept in await talk.say("What do you know about me?")


@pytest.mark.parametrize("said", ["Hello", "thanks!", "programme", "wifi", "Кто вы?", "谢谢", "شكرا", "cancel it"])
async def test_what_says_something_else_is_no_city(talk, said):
    await talk.say("Two of us for the night cruise")
    await talk.say("Ann Lee")
    await talk.say(said)

    assert "Ann Lee, –" in await talk.say("What do you know about me?")


async def test_a_question_in_the_place_of_a_city_is_answered_and_the_city_may_follow(talk):
    await talk.say("Two of us for the night cruise")
    await talk.say("Ann Lee")

    assert "12:15" in await talk.say("When is the welcome reception?")
    assert "Oita" in await talk.say("Oita")
    assert await talk.rsvps() == {"cruise": (Status.CONFIRMED, 2)}


@pytest.mark.parametrize(
    ("then", "kept"), [("just me after all", {"cruise": (Status.CONFIRMED, 1)}), ("undo that", {})]
)
async def test_a_sign_up_can_still_be_changed_after_the_name_that_it_asked_for(talk, then, kept):
    await talk.say("Two of us for the night cruise")
    await talk.say("Ann Lee, Oita")
    await talk.say(then)

    assert await talk.rsvps() == kept
