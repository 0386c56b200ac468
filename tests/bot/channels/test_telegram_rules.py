"""What the desk sends, under rules of Telegram that nobody here wrote down: teremok refuses as Telegram does."""

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import SendDocument, SendMessage
from hypothesis import given, settings
from hypothesis import strategies as st
from teremok import MockBot

from bot.app import Desk, conversation
from bot.arrivals import Entry
from bot.channels.telegram.format import data_of
from bot.channels.telegram.inbound import Conversation, Inbound
from bot.channels.telegram.inline import Cards
from bot.channels.telegram.menus import Menus
from bot.channels.telegram.reading import arrival_of
from bot.channels.telegram.replying import Replying
from bot.pace import Pace
from bot.settings import Settings
from handlers.model import Choice, File, Reply
from tests.bot_api_rules import unmarked

HOSTILE = "</b><script>alert(1)</script> & &amp; &bogus; <a href='x'> <b"
BAD = [
    SendMessage(chat_id=1, text="x" * 4097),
    SendMessage(chat_id=1, text="<b", parse_mode="HTML"),
    SendMessage(chat_id=1, text="this & that", parse_mode="HTML"),
]


class Saying:
    """Reply to everybody what it holds."""

    def __init__(self, reply):
        self.reply = reply

    async def respond(self, incoming):
        return self.reply


@pytest.fixture(scope="module")
def library(ingested):
    return Desk(Settings(home=ingested, _env_file=None)).library


@pytest.fixture
async def store(home, library):
    desk = Desk(Settings(home=home, _env_file=None))
    desk.__dict__["library"] = library  # read once for all of these tests
    store = await desk.store()
    await desk.seed_activities(store)
    yield store
    await store.database.close()


def inbound(bot, respond, library=None, store=None):
    """Return what answers updates through a bot; without a store, only new messages of whom it does not know."""
    kept = (store.conversations, store.facts, store.people, store.inbox) if store else (None,) * 4
    talk = Conversation(respond, library, *kept)
    return Inbound(
        bot,
        lambda: bot._me,
        talk,
        cards=Cards(bot, library),
        replying=Replying(bot, talk.reachability, Pace()),
        menus=Menus(bot, talk.remembered, talk.people),
    )


def update(number, **content):
    person = {"id": 7, "is_bot": False, "first_name": "Ana", "language_code": "en"}
    message = {"message_id": number, "date": 1, "chat": {"id": 7, "type": "private"}, "from": person, "text": "x"}
    if "data" in content:
        pressed = {"id": str(number), "from": person, "message": message, "chat_instance": "1"}
        return {"update_id": number, "callback_query": pressed | content}
    return {"update_id": number, "message": message | content}


async def handled(part, number, **content):
    arrival = arrival_of(update(number, **content), 42)
    if part.is_urgent(arrival):
        await part.acknowledge(arrival)
    await part.handle(Entry(number, arrival))


@pytest.mark.parametrize("call", BAD, ids=["too long", "a tag that does not end", "a bare ampersand"])
async def test_the_judge_refuses_what_telegram_refuses(call):
    with pytest.raises(TelegramBadRequest):
        await MockBot()(call)


# Without markup: teremok counts it before it is parsed, Telegram afterwards.
PIECES = st.one_of(
    st.text(st.characters(exclude_characters="<>&"), max_size=40),
    st.sampled_from(["\n\n", "word " * 300, "😀" * 700, "会议。" * 500]),
)


@settings(deadline=None)  # it is for the machine, not the desk, how long a text takes
@given(st.lists(PIECES, max_size=12), st.lists(st.builds(Choice, st.text(max_size=40), st.text("a:1-", max_size=62))))
async def test_every_text_and_button_is_taken(pieces, choices):
    bot = MockBot()
    reply = Reply("".join(pieces), tuple(choices[:20]))

    await handled(inbound(bot, Saying(reply)), 1, text="anything")

    pressed = [b.callback_data for sent in bot.requests.send_message for row in _rows(sent) for b in row]
    assert pressed == [data_of(choice.payload) for choice in reply.choices]


async def test_a_long_text_full_of_markup_is_read_as_it_was_written():
    bot = MockBot()
    text = "\n\n".join([HOSTILE, *("All delegates meet at the north gate at 18:15. " * 20 for _ in range(12))]).strip()

    await handled(inbound(bot, Saying(Reply(text))), 1, text="anything")

    sent = bot.requests.send_message
    assert (len(sent) > 2, "\n\n".join(unmarked(one.text) for one in sent).split()) == (True, text.split())


async def test_files_carry_a_text_that_is_too_long_for_a_caption_before_them():
    bot = MockBot()
    calendar = File("programme.ics", "text/calendar", b"BEGIN:VCALENDAR")

    await handled(inbound(bot, Saying(Reply(HOSTILE, files=(calendar,)))), 1, text="anything")
    await handled(inbound(bot, Saying(Reply(HOSTILE * 20, files=(calendar,)))), 2, text="anything")

    kinds = [type(call) for call in bot.requests.all]
    assert kinds == [SendDocument, SendMessage, SendDocument]
    assert unmarked(bot.requests.send_document[0].caption) == HOSTILE


async def test_a_conversation_is_within_the_rules_from_the_menu_to_a_stale_button(library, store):
    bot = MockBot()
    desk = inbound(bot, conversation(library, store), library, store)
    said = ["/start", "When is the night cruise?", "I'd like to register for a site visit", "/language", "/privacy"]
    for number, text in enumerate([*said, HOSTILE, "List the whole programme"], 1):
        await handled(desk, number, text=text)
    await handled(desk, 10, text="Sign me up for the night cruise, two people, Duisburg")
    await handled(desk, 11, data=_rows(bot.requests.send_message[-1])[0][0].callback_data)
    await handled(desk, 12, data="1:undo:cruise:x1:c1")

    assert len(bot.requests.send_message) >= 8
    assert ["Cancelled" in edit.text for edit in bot.requests.edit_message_text] == [True, False]
    assert len(bot.requests.answer_callback_query) == 2


def _rows(sent):
    return sent.reply_markup.inline_keyboard if sent.reply_markup else []
