"""The chat in a browser, over HTTP: nothing lost, nothing twice, nobody else's, and honest about who has read what."""

import asyncio
import html
import json
import re
import shutil
import signal
from pathlib import Path

import pytest
import pytest_asyncio
from babel.messages.pofile import read_po
from sqlalchemy import select

import bot.channels.web
from bot.app import Desk, publishing
from bot.channels.web import texts
from bot.channels.web.outbound import WAITS
from bot.channels.web.speech import accepted
from bot.settings import Settings
from bot.store.tables import web_line
from handlers.broadcasts import Draft
from handlers.model import Address, File, Role
from knowledge import LANGUAGES
from tests.serving import serving
from tests.web_visitor import visiting

pytestmark = pytest.mark.asyncio(loop_scope="module")
NO_TELEGRAM = {"DESK_TELEGRAM_TOKEN": ""}
NOWHERE = "http://127.0.0.1:9"
OPENING = "When does the opening begin?"
ALL_TEXTS = {value for name, value in vars(texts).items() if name.isupper()}
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(ingested, tmp_path_factory):
    home = tmp_path_factory.mktemp("web") / "home"
    shutil.copytree(ingested, home, ignore=shutil.ignore_patterns("desk.sqlite3*"))
    async with serving(home, NOWHERE, **NO_TELEGRAM) as served:
        served.home = home
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def store(desk):
    made = await Desk(Settings(home=desk.home, quiet_hours="off", _env_file=None)).store()
    yield made
    await made.database.close()


@pytest_asyncio.fixture(loop_scope="module")
async def ana(desk):
    async with visiting(desk.url) as visitor:
        yield visitor


async def test_a_question_is_answered_in_the_stream(ana):
    answer = await ana.say(OPENING)

    assert "09:30" in answer["text"]
    assert (ana.lines[0]["own"], ana.lines[0]["text"]) == (True, OPENING)


async def test_a_message_that_is_posted_again_is_answered_once(ana):
    content = {"id": "the-same-id", "text": OPENING}
    first = await asyncio.gather(*(ana.post("/chat/messages", content) for _ in range(3)))
    await ana.line("answer:the-same-id")
    again = await ana.post("/chat/messages", content)
    await ana.say("Where is it?")

    assert [one.status for one in (*first, again)] == [202] * 4
    assert [line["key"] for line in ana.lines].count("answer:the-same-id") == 1


async def test_what_was_said_while_the_connection_was_lost_comes_when_it_is_back(ana):
    await ana.say(OPENING)
    before, last = len(ana.lines), ana.last
    ana.hang_up()
    for number in range(3):
        await ana.post("/chat/messages", {"id": f"unheard-{number}", "text": f"{OPENING} {number}"})
    await ana.listen(after=last)
    await ana.line("answer:unheard-2")

    keys = [line["key"] for line in ana.lines]
    assert (len(keys), keys[before:]) == (
        len(set(keys)),
        [f"{kind}:unheard-{number}" for number in range(3) for kind in ("said", "answer")],
    )


async def test_a_browser_that_comes_back_by_itself_says_where_it_was(ana):
    await ana.say(OPENING)
    await ana.say("Where is it?")
    third, ana.lines[:] = ana.lines[2]["number"], []
    ana.hang_up()
    task = asyncio.create_task(ana._http.get(f"{ana.url}/chat/events?after=0", headers={"Last-Event-ID": str(third)}))
    response = await task
    async with asyncio.timeout(10):
        while not (line := (await response.content.readline()).decode()).startswith("id:"):
            pass
    response.close()

    assert int(line.removeprefix("id: ")) > third


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "", "Sec-Fetch-Site": "same-site"},
    ],
)
async def test_other_pages_cannot_speak_for_a_visitor(ana, headers):
    content = {"id": "not-from-here", "text": OPENING}
    refused = await ana.post("/chat/messages", content, headers=headers)
    form = await ana._asked("POST", "/chat", data=content, headers=headers)

    assert (refused.status, form.status) == (403, 403)
    assert await ana.say("Where is it?")
    assert "not-from-here" not in str(ana.lines)


@pytest.mark.parametrize("cookie", ["", "abc", "AAAA.somebody", "é.somebody"])
async def test_a_session_cannot_be_made_up(ana, cookie):
    ana._http.cookie_jar.clear()
    headers = {"Cookie": f"desk-chat={cookie}"}
    posted = await ana.post("/chat/messages", {"id": "made-up-id", "text": OPENING}, headers=headers)
    stream = await ana.get("/chat/events", headers=headers)

    assert (posted.status, stream.status) == (403, 403)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b"[" * 20_000, 400),
        (b'{"id": "12345678"}', 400),
        (b'{"id": "12345678", "text": 1}', 400),
        (b'{"id": "short", "text": "Hello"}', 400),
        (b'{"id": "12345678", "text": "a", "pressed": "b"}', 400),
        (json.dumps({"id": "12345678", "text": "a" * 40_000}).encode(), 413),
    ],
)
async def test_what_is_no_message_is_refused_in_words(desk, body, status):
    async with visiting(desk.url, "de") as visitor:
        refused = await visitor._asked("POST", "/chat/messages", data=body, headers={"Origin": desk.url})

    assert (refused.status, "Nachricht" in refused.json["problem"]) == (status, True)


async def test_who_writes_too_fast_is_asked_to_wait_and_others_are_not(ana, desk):
    posted = [await ana.post("/chat/messages", {"id": f"too-fast-{n}", "text": "hello"}) for n in range(14)]
    async with visiting(desk.url) as ben:
        other = await ben.post("/chat/messages", {"id": "slow-enough", "text": "hello"})

    assert (posted[0].status, posted[-1].status, other.status) == (202, 429, 202)
    assert int(posted[-1].headers["Retry-After"]) == posted[-1].json["seconds"] > 0
    assert "seconds" in posted[-1].json["problem"]


async def test_without_script_a_form_brings_the_answer_and_sending_it_again_changes_nothing(ana):
    fields = {"id": "form-number-1", "text": OPENING}
    first = await ana.submit("/chat", **fields)
    again = await ana.submit("/chat", **fields)

    assert first.text.count("09:30") == again.text.count("09:30") == 1
    assert first.text.count(f">{OPENING}<") == again.text.count(f">{OPENING}<") == 1


async def test_what_people_write_is_never_markup(ana):
    said = "<script>alert(1)</script><b>&amp;\"'</b>"
    page = await ana.submit("/chat", id="markup-1234", text=said)

    assert ("<script>alert" in page.text, html.escape(said, quote=False)[:20] in page.text) == (False, True)


async def test_a_button_is_pressed_and_is_read_as_it_was_shown(ana):
    page = await ana.get("/chat")
    payload, label = re.search(r'value="(topic:event\.dates)"[^>]*>([^<]+)<', page.text).groups()
    answer = await ana.say(pressed=payload)
    stale = await ana.say(pressed="offer:no-such-thing")

    assert [line["text"] for line in ana.lines if line["own"]] == [label]
    assert (answer["text"] != "", stale["choices"] != []) == (True, True)


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("zh", "ltr"), ("fr", "ltr")])
async def test_the_language_is_chosen_on_the_page(ana, language, direction):
    page = await ana.submit("/chat/language", id=f"language-{language}", language=language)
    again = await ana.get("/chat")

    for shown in (page, again):
        assert f'<html lang="{language}" dir="{direction}">' in shown.text
    assert (await ana.say("WiFi?"))["language"] == language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("en;q=0.2, pl", "pl"),
        ("zh-Hant-HK", "zh-TW"),
        ("xx, *;q=0.5", ""),
        ("de;q=x", ""),
        ("", ""),
    ],
)
async def test_the_language_of_the_browser_is_taken_where_none_was_chosen(header, language):
    assert accepted(header) == language


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
async def test_every_text_of_the_page_is_translated_with_its_placeholders(language):
    with (Path(bot.channels.web.__file__).parent / "locale" / f"{language}.po").open("rb") as file:
        found = {message.id: message.string for message in read_po(file) if message.id}

    assert set(found) == ALL_TEXTS
    assert [t for t in ALL_TEXTS if set(PLACEHOLDER.findall(t)) != set(PLACEHOLDER.findall(found[t]))] == []


async def test_every_text_of_the_page_is_used():
    folder = Path(bot.channels.web.__file__).parent
    code = "".join(p.read_text("utf-8") for p in [*folder.glob("*.py"), *folder.glob("templates/*")])

    assert [name for name in vars(texts) if name.isupper() and f"texts.{name}" not in code] == []


@pytest.mark.parametrize("path", ["/chat/{code}", "/chat?code={code}"])
async def test_an_invitation_by_link_is_used_with_one_tap_and_its_code_is_seen_nowhere(desk, store, path):
    code = await store.invites.create(role=Role.AIDE, city="Duisburg", name="Anna Schmidt")
    async with visiting(desk.url) as anna:
        page = await anna.get(path.format(code=code))
        untouched = await store.invites.create(role=Role.AIDE, city="Duisburg", name="Ben")
        welcomed = await anna.submit("/chat/invitation", id="invited-by-link")
        again = await anna.submit("/chat/invitation", id="invited-again-1")
        known = await store.people.find(Address("web", anna.session))

    assert "invitation" in page.text
    assert "Anna Schmidt" in welcomed.text
    assert (known.name, known.role) == ("Anna Schmidt", Role.AIDE)
    for seen in (page.text, welcomed.text, again.text, desk.log, json.dumps(anna.lines)):
        assert code not in seen
    assert untouched not in page.text


async def test_a_link_that_is_only_looked_at_uses_no_code(desk, store):
    code = await store.invites.create(role=Role.AIDE, city="Duisburg", name="Carla")
    async with visiting(desk.url) as previewer, visiting(desk.url) as carla:
        await previewer.get(f"/chat/{code}")
        answer = await carla.say(code)

    assert "Carla" in answer["text"]
    assert code not in json.dumps(carla.lines)


async def test_a_file_is_for_its_own_conversation(ana, desk):
    await ana.say("Sign me up for the night cruise, Ana Ruiz, Bordeaux")
    [[name, path]] = (await ana.say("/mydata"))["files"]
    own = await ana.get(path)
    async with visiting(desk.url) as other:
        foreign = await other.get(path)

    assert (name.rpartition(".")[2], own.status, foreign.status) == ("json", 200, 404)
    assert own.json["person"]["name"] == "Ana Ruiz"
    assert own.headers["Content-Disposition"].startswith("attachment")


async def test_what_was_erased_is_no_line_any_more_and_new_lines_go_on(ana):
    await ana.say("Sign me up for the night cruise, Ana Ruiz, Bordeaux")
    await ana.say("Delete all data you have about me.")
    last = ana.last
    await ana.say("yes, erase everything")
    page = await ana.get("/chat")

    assert ana.last > last
    assert ("Ruiz" in page.text, "erase everything" in page.text) == (False, False)


async def told(store, text, **options):
    """Publish a broadcast to everybody."""
    desk = Desk(Settings(home=store.home, quiet_hours="off", _env_file=None))
    async with store.database.turn():
        return await publishing(desk.library, store).publish(Draft(text, "en", **options), None)


async def receipt(store, number, name):
    return next(one for one in await store.receipts.of(number) if one["name"] == name)


async def until(store, number, name, state):
    async with asyncio.timeout(20):
        while (found := await receipt(store, number, name))["state"] != state:
            await asyncio.sleep(0.1)
    return found


async def signed_up(visitor, name):
    await visitor.say(f"Sign me up for the night cruise, {name}, Bordeaux")


async def test_news_counts_as_sent_when_a_page_has_shown_it_and_not_before(ana, desk, store):
    store.home = desk.home
    await signed_up(ana, "Dora Keller")
    ana.hang_up()
    made = await told(store, "The bus leaves at eight.")
    async with asyncio.timeout(20):
        while (await receipt(store, made.number, "Dora Keller"))["why"] != WAITS:
            await asyncio.sleep(0.1)
    waiting = await receipt(store, made.number, "Dora Keller")
    await ana.listen(after=ana.last)
    line = await ana.line("notice:")
    shown = await receipt(store, made.number, "Dora Keller")
    await ana.post("/chat/taken", {"number": line["number"]})
    sent = await until(store, made.number, "Dora Keller", "sent")

    assert "The bus leaves at eight." in line["text"]
    assert (waiting["message_id"], shown["message_id"], sent["message_id"]) == (None, None, str(line["number"]))
    assert line["notice"]


async def test_without_script_the_page_takes_news_by_the_picture_in_it(ana, desk, store):
    store.home = desk.home
    await signed_up(ana, "Emil Novak")
    made = await told(store, "The bus leaves at nine.")
    await ana.line("notice:")
    page = await ana.get("/chat")
    picture = re.search(r'src="(/chat/taken/\d+)"', page.text)[1]
    await ana.get(picture)

    assert "The bus leaves at nine." in page.text
    assert (await until(store, made.number, "Emil Novak", "sent"))["message_id"]


async def test_a_message_that_is_kept_survives_the_end_of_the_process(home):
    settings = NO_TELEGRAM | {"DESK_SECRET_KEY": "a-key-that-both-processes-have-12345"}
    async with serving(home, NOWHERE, **settings) as first, visiting(first.url) as visitor:
        ids = [f"before-the-end-{n}" for n in range(8)]
        posted = [await visitor.post("/chat/messages", {"id": one, "text": OPENING}) for one in ids]
        first.signal(signal.SIGKILL)
        await first.ended()
        async with serving(home, NOWHERE, **settings) as second:
            visitor.url = second.url
            await visitor.listen(after=0)
            answers = [await visitor.line(f"answer:{one}") for one in ids]

    assert {one.status for one in posted} == {202}
    assert all("09:30" in one["text"] for one in answers)
    assert len({one["number"] for one in answers}) == len(ids)


async def test_a_file_that_goes_to_many_is_kept_once_and_each_page_has_it(ana, desk, store):
    store.home = desk.home
    await signed_up(ana, "Olga Petrova")
    (kept,) = await store.attachments.keep([File("map.pdf", "application/pdf", b"%PDF map")])
    await told(store, "Here is the map of the pier.", files=(kept,))
    [[name, path]] = (await ana.line("notice:"))["files"]
    answer = await ana.get(path)

    assert (name, answer.status, answer.headers["Content-Type"]) == ("map.pdf", 200, "application/pdf")
    async with store.database.reading() as connection:
        rows = await connection.scalars(select(web_line.c.content).where(web_line.c.notice_id.is_not(None)))
        contents = [content for content in rows if content.get("files")]
    assert [content["files"] for content in contents] == [[["map.pdf", "application/pdf", "", kept.id]]] * len(contents)
