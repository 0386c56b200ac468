"""What goes by the clock is ended, and brought back, in plain words; nothing else is ended with it."""

import pytest

from bot.app import Desk
from bot.settings import Settings
from handlers.model import Address, Incoming
from tests.journeys.test_signing_up import Talk

WORDS = [
    ("en", "no more reminders please", "turn the reminders back on"),
    ("de", "Bitte keine Erinnerungen mehr", "Bitte wieder Erinnerungen senden"),
    ("es", "no quiero más recordatorios", "vuelva a activar los recordatorios"),
    ("fr", "plus de rappels, s'il vous plaît", "remettez les rappels"),
    ("it", "basta promemoria", "riattivi i promemoria"),
    ("pt", "não quero mais lembretes", "volte a ligar os lembretes"),
    ("nl", "geen herinneringen meer", "zet de herinneringen weer aan"),
    ("pl", "proszę już nie wysyłać przypomnień", "proszę znowu włączyć przypomnienia"),
    ("ru", "больше не надо напоминаний", "верните напоминания"),
    ("tr", "artık hatırlatma göndermeyin", "hatırlatmalar geri gelsin"),
    ("ar", "لا أريد تذكيرات بعد الآن", "أعيدوا التذكيرات"),
    ("th", "ไม่ต้องเตือนแล้ว", "เปิดการเตือนอีกครั้ง"),
    ("ja", "リマインドはもういりません", "リマインドを再開してください"),
    ("ko", "리마인더 그만 보내세요", "리마인더 다시 보내주세요"),
    ("zh", "不要再发提醒了", "重新开启提醒"),
    ("zh-TW", "請不要再提醒我", "請恢復提醒"),
]


@pytest.fixture
async def talk(home):
    desk = Desk(Settings(home=home, _env_file=None))
    store = await desk.store()
    await desk.seed_activities(store)
    yield Talk(desk, store, desk.library)
    await store.database.close()


async def kept(talk, who):
    address = Address("console", who)
    person = await talk.store.people.find(address)
    found = await talk.store.people.export(address)
    return person.is_subscribed, found["person"]["has_reminders"]


async def test_in_every_language_plain_words_end_reminders_and_no_other_messages(talk):
    wrong = {}
    for language, no_more, again in WORDS:
        await talk.reply(Incoming(Address("console", language), no_more, language=language))
        ended = await kept(talk, language)
        await talk.reply(Incoming(Address("console", language), again, language=language))
        if (ended, await kept(talk, language)) != ((True, False), (True, True)):
            wrong[language] = ended
    assert wrong == {}


async def test_who_asks_to_be_reminded_keeps_what_they_are_signed_up_for(talk):
    await talk.say("Sign me up for the night cruise, Ana Ruiz, Bordeaux")
    await talk.say("no more reminders")
    assert "an hour before" in await talk.say("please remind me before the cruise")
    assert list(await talk.rsvps()) == ["cruise"]


async def test_a_question_on_reminders_changes_nothing(talk):
    await talk.say("Sign me up for the night cruise, Ana Ruiz, Bordeaux")
    for question in ("When do the reminders come?", "How do I stop the reminders?"):
        await talk.say(question)
    assert await kept(talk, "ana") == (True, True)


async def test_who_wants_no_messages_at_all_gets_no_reminders_either(talk):
    await talk.say("Sign me up for the night cruise, Ana Ruiz, Bordeaux")
    await talk.say("please send me no more messages and no reminders")
    assert (await kept(talk, "ana"))[0] is False


async def test_staff_end_their_report_with_one_tap_and_a_delegate_has_none(talk):
    await talk.staff()
    reply = await talk.reply(Incoming(Address("console", "li"), pressed="digest:off"))
    assert "no more daily reports" in reply.text
    assert "each morning" in await talk.say("/digest", "li")
    assert "staff" in await talk.say("/digest")
