"""What staff do with the programme and with messages to many, from first word to report: four languages, two channels.

They change by command and in plain words, announce to some, look at the preview, have another approve it, stop one,
correct it, take a change back, and read what became of it; delegates are told in their own language.
"""

import shutil

import pytest

from bot.app import Desk
from bot.settings import Settings
from handlers.model import Role
from tests.channels import OPENED
from tests.journeys.test_channels import NOW, prepared  # noqa: F401 - a fixture

SIGN_UP = "Inscrivez-moi à la croisière de nuit, une personne, Bordeaux"
WORDS = {
    "en": {
        "hello": "Hello",
        "change": "/change night cruise 19:30",
        "send": "Send",
        "plainly": "Broadcast to everybody: the cruise starts at 19:45 instead of 19:30",
        "yes": "yes, send it",
        "some": "Broadcast to aides from Bordeaux: bring a jacket",
        "shown": "preview",
        "approve": "Approve",
        "waits": "waits for approval",
        "stop": "Stop",
        "stopped": "cancelled",
        "sent": "sent to 1 of 1",
    },
    "de": {
        "hello": "Guten Tag",
        "change": "/change Flussfahrt 19:30",
        "send": "Senden",
        "plainly": "Rundnachricht an alle: Die Flussfahrt beginnt erst um 19:45 Uhr",
        "yes": "ja, senden",
        "some": "Rundnachricht an die Assistenten aus Bordeaux: bitte Jacken mitbringen",
        "shown": "vorschau",
        "approve": "Freigeben",
        "waits": "wartet auf die Freigabe",
        "stop": "Abbrechen",
        "stopped": "abgebrochen",
        "sent": "1 von 1",
    },
    "fr": {
        "hello": "Bonjour",
        "change": "/change croisière 19:30",
        "send": "Envoyer",
        "plainly": "Annonce à tous : la croisière de nuit est reportée à 19h45",
        "yes": "oui, envoyez",
        "some": "Annonce aux assistants de Bordeaux : prenez une veste",
        "shown": "aperçu",
        "approve": "Approuver",
        "waits": "attend l'approbation",
        "stop": "Arrêter",
        "stopped": "annulé",
        "sent": "1 sur 1",
    },
    "zh": {
        "hello": "你好",
        "change": "/change 夜游 19:30",
        "send": "发送",
        "plainly": "群发通知所有代表：长江夜游改到19:45开始",
        "yes": "是的，发送",
        "some": "群发给波尔多的助理：请带外套",
        "shown": "预览",
        "approve": "批准",
        "waits": "等待",
        "stop": "停止",
        "stopped": "取消",
        "sent": "1",
    },
}


class Conference:
    """A desk on a channel with two of the staff, and an aide of Bordeaux who is signed up for the cruise."""

    def __init__(self, channel):
        self._channel = channel
        self.heard = {}

    async def say(self, who, text):
        return self._kept(await self._channel.say(who, text))

    async def press(self, who, label):
        return self._kept(await self._channel.press(who, label))

    def _kept(self, said):
        self.heard = {}
        for one in said:
            self.heard.setdefault(one.to, []).append(one.text)
        return self.heard


@pytest.fixture
async def conference(request, prepared, tmp_path):  # noqa: F811 - the fixture of that name
    channel, language, settings = request.param
    home = shutil.copytree(prepared, tmp_path / "home")
    store = await Desk(Settings(home=home, now=NOW, _env_file=None)).store()
    codes = [
        await store.invites.create(role=role, city=city, name=name)
        for name, role, city in (
            ("Li", Role.STAFF, "Wuhan"),
            ("Wu", Role.STAFF, "Wuhan"),
            ("Jean", Role.AIDE, "Bordeaux"),
        )
    ]
    async with OPENED[channel](home, store, language, DESK_NOW=NOW, **settings) as opened:
        made = Conference(opened)
        for who, code in zip(("li", "wu", "jean"), codes, strict=True):
            await made.say(who, f"/start {code}")
        for who in ("li", "wu"):
            await made.say(who, WORDS[language]["hello"])
        await made.say("jean", SIGN_UP)
        yield made, WORDS[language]
    await store.database.close()


def cases(**settings):
    return pytest.mark.parametrize(
        "conference",
        [(channel, language, settings) for channel in ("console", "telegram") for language in WORDS],
        ids=lambda case: f"{case[0]}-{case[1]}",
        indirect=True,
    )


@cases()
async def test_staff_change_announce_correct_and_take_back_and_read_the_report(conference):
    desk, words = conference
    shown = "\n".join((await desk.say("li", words["change"]))["li"])
    assert "19:30" in shown
    assert words["shown"].lower() in shown.lower()
    assert "19:30" in (await desk.press("li", words["send"]))["jean"][0].split("\n")[0]

    await desk.say("li", words["plainly"])
    assert "jean" not in desk.heard
    assert "19:45" in (await desk.say("li", words["yes"]))["jean"][0].split("\n")[0]
    assert "19:45" in "".join((await desk.say("jean", "La croisière est à quelle heure ?"))["jean"])

    await desk.say("li", words["some"])
    told = await desk.press("li", words["send"])
    assert set(told) == {"li", "jean"}
    corrected = await desk.say("li", "/correct 3 ABC-42")
    assert words["shown"] in "".join(corrected["li"]).lower()
    assert "ABC-42" in "".join((await desk.press("li", words["send"]))["jean"])
    assert words["sent"] in "".join((await desk.say("li", "/broadcasts 4"))["li"])

    assert "19:30" in "".join((await desk.say("li", "/undo"))["li"])
    assert "19:30" in "".join((await desk.press("li", words["send"]))["jean"])


@cases(DESK_FOUR_EYES="true")
async def test_another_of_the_staff_approves_or_stops_it_and_nobody_is_told_before(conference):
    desk, words = conference
    await desk.say("li", words["some"])
    told = await desk.press("li", words["send"])
    assert words["waits"] in "".join(told["li"])
    assert ("jean" in told, "wu" in told) == (False, True)
    assert "jean" in await desk.press("wu", words["approve"])

    await desk.say("li", words["some"])
    await desk.press("li", words["send"])
    await desk.say("li", "/broadcasts 2")
    stopped = await desk.press("li", words["stop"])
    assert words["stopped"] in "".join(stopped["li"])
    assert "jean" not in await desk.press("wu", words["approve"])
