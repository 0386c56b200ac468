"""What a chat model has worded says so, on every channel and in its reader's language; nothing else does."""

from datetime import timedelta

import pytest

from bot.app import Desk, conversation
from bot.channels.telegram.format import messages
from bot.channels.wechat.format import parts
from bot.json_messages import as_json
from bot.settings import Settings
from handlers.model import Address, Incoming
from knowledge.phrasing import Phraser, chat_model
from tests.chat_model_stub import ChatModelStub

QUESTIONS = {"zh": "长江夜游几点开始？", "en": "When does the Night Cruise start?"}
WORDED = {
    "zh": "长江夜游于第2天19:00开始（议程草案）。文件中没有说明结束时间、码头、船只、餐饮和价格。",
    "en": "Yangtze River Night Cruise: Day 2, 19:00 (draft agenda). Its end is not stated in the documents.",
}
LABELS = {"zh": "（以上文字由人工智能根据文件生成。）", "en": "(Worded by AI from the documents.)"}
SHOWN = {
    "telegram": lambda reply: "".join(message.html for message in messages(reply)),
    "wechat": lambda reply: "".join(parts(reply)),
    "wecom": lambda reply: "".join(map(str, parts(reply, takes_files=True, takes_cards=True))),
    "bridge": lambda reply: as_json(Address("bridge", "ana"), reply)["text"],
}


@pytest.mark.parametrize("language", QUESTIONS)
@pytest.mark.parametrize("channel", SHOWN)
async def test_a_channel_shows_the_label_on_what_a_model_has_worded_and_on_nothing_else(home, channel, language):
    desk = Desk(Settings(home=home, _env_file=None))
    store = await desk.store()
    async with ChatModelStub() as server:
        server.says = WORDED[language]
        model = Phraser(chat_model("openai:test", url=server.url), within=timedelta(minutes=1))
        concierge = conversation(desk.library, store, rewording=model)
        sender = Address(channel, "ana")
        answered = await concierge.respond(Incoming(sender, QUESTIONS[language]))
        helped = await concierge.respond(Incoming(sender, "/help"))
    await store.database.close()

    told, label = SHOWN[channel](answered), LABELS[language]
    assert (WORDED[language][:20] in told, told.count(label)) == (True, 1)
    assert label not in SHOWN[channel](helped)
