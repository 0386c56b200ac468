"""Four delegates talk with one desk at the same time, each in a language of their own."""

import pytest

from tests.chat_process import chatting


class Conversation:
    """Messages that are answered by one reply, to who has sent them."""

    def __init__(self, desk):
        self._desk = desk

    def say(self, who, text):
        return self._only(who, self._desk.say(who, text))

    def press(self, who, payload):
        return self._only(who, self._desk.press(who, payload))

    @staticmethod
    def _only(who, said):
        [reply] = said
        assert (reply["to"], reply["files"]) == (who, [])
        return reply


@pytest.fixture(scope="module")
def desk(ingested):
    with chatting(ingested) as desk:
        yield Conversation(desk)


LABELS = {
    "ana": ("/start", ["Programme", "Dates", "Site visits", "Expenses"]),
    "li": ("你好", ["日程", "日期", "参观考察", "费用"]),
}


@pytest.mark.parametrize("who", LABELS)
def test_a_greeting_brings_the_menu_in_the_language_of_the_delegate(desk, who):
    greeting, labels = LABELS[who]

    reply = desk.say(who, greeting)

    assert [button["label"] for button in reply["buttons"]] == labels


OPENING = {
    "ana": ("When does the opening begin?", "Source: Invitation"),
    "luc": ("À quelle heure commence l'ouverture ?", "Source\u00a0: Invitation"),
    "li": ("开幕式几点开始？", "来源：邀请函"),
    "huda": ("متى تقام جلسة الافتتاح؟", "المصدر: الدعوة"),
}
NEXT = {
    "ana": ("And what comes after it?", "Coffee/Tea Break"),
    "luc": ("Et après ?", "Pause"),
    "li": ("那之后呢？", "茶歇"),
    "huda": ("وماذا بعد ذلك؟", "استراحة القهوة"),
}


def test_questions_of_four_people_are_answered_each_in_their_language(desk):
    replies = {who: desk.say(who, question)["text"] for who, (question, _) in OPENING.items()}

    assert {who for who, text in replies.items() if "09:30" in text} == set(OPENING)
    assert {who for who, text in replies.items() if OPENING[who][1] in text} == set(OPENING)


def test_follow_ups_go_on_with_what_the_same_person_asked(desk):
    for who, (question, _) in OPENING.items():
        desk.say(who, question)
    desk.say("eve", "Who covers my hotel?")

    replies = {who: desk.say(who, question)["text"] for who, (question, _) in NEXT.items()}

    assert {who for who, text in replies.items() if "10:30" in text} == set(NEXT)
    assert {who for who, text in replies.items() if NEXT[who][1] in text} == set(NEXT)


def test_a_follow_up_of_a_stranger_is_no_follow_up(desk):
    desk.say("ana", "When does the opening begin?")

    assert "10:30" not in desk.say("a stranger", "And what comes after it?")["text"].splitlines()[0]


PRESSED = {
    "ana": ("/start", "September 2026"),
    "luc": ("Bonjour !", "septembre 2026"),
    "li": ("你好", "2026年9月"),
    "huda": ("مرحبا", "سبتمبر 2026"),
}


@pytest.mark.parametrize("who", PRESSED)
def test_a_button_is_answered_in_the_language_of_its_menu(desk, who):
    greeting, dates = PRESSED[who]
    button = desk.say(who, greeting)["buttons"][1]

    assert dates in desk.press(who, button["payload"])["text"]


@pytest.mark.parametrize("who", ["luc", "li", "huda"])
def test_a_button_that_means_nothing_any_more_brings_the_menu_again(desk, who):
    menu = desk.say(who, PRESSED[who][0])["buttons"]

    assert desk.press(who, "topic:session.cancelled")["buttons"] == menu


THANKS = {"ana": "Thank you!", "luc": "Merci beaucoup !", "li": "谢谢", "huda": "شكرا"}


@pytest.mark.parametrize("who", THANKS)
def test_thanks_are_returned_without_facts_or_sources(desk, who):
    reply = desk.say(who, THANKS[who])

    assert (len(reply["text"].splitlines()), "2026" in reply["text"]) == (1, False)


GAPS = {
    "ana": ("Is there WiFi at the venue?", "Not stated in the documents: Wi-Fi.", "please ask the organizers"),
    "luc": ("Y a-t-il du WiFi sur place ?", "Ne figure pas dans les documents", "vous adresser aux organisateurs"),
    "li": ("会场有无线网络吗？", "文件中没有说明", "向主办方咨询"),
    "huda": ("هل تتوفر شبكة واي فاي؟", "غير مذكور في الوثائق", "الجهة المنظِّمة"),
}


@pytest.mark.parametrize("who", GAPS)
def test_what_the_documents_do_not_say_is_said_to_be_missing_with_a_next_step(desk, who):
    question, missing, step = GAPS[who]

    text = desk.say(who, question)["text"]

    assert (missing in text, step in text) == (True, True)


def test_another_citys_event_is_told_apart_from_this_one(desk):
    text = desk.say("luc", "Quand a eu lieu l'événement de Harbin ?")["text"]

    assert text.startswith("Il s’agit d’un autre événement, Dialogue mondial des maires · Harbin")
    assert "6 au 8 janvier 2026" in text
