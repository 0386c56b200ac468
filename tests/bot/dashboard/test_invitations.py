import re

import pytest

from bot.app import conversation
from bot.invitations import chat_link, qr_as_svg
from handlers.model import Address, Incoming, Role
from tests.bot.dashboard.conftest import sent


async def test_an_invitation_is_a_link_and_a_qr_code_that_make_its_person_known(staffed):
    async with staffed.signed_in(Role.STAFF) as browser:
        page = await sent(browser, "/delegations/invite", name="Ana Ruiz", city="Bordeaux", role="delegate")
    link = re.search(r'<p class="address"><a href="([^"]+)"', page.text)[1]
    concierge = conversation(staffed.desk.library, staffed.store)
    await concierge.respond(Incoming(Address("web", "ana"), f"/start {link.rpartition('/')[2]}"))
    mine = await concierge.respond(Incoming(Address("web", "ana"), "/mydata"))

    assert (page.status_code, qr_as_svg(link) in page.text) == (200, True)
    assert link == chat_link(staffed.desk.settings, link.rpartition("/")[2])
    assert [told in mine.files[0].content for told in (b"Ana Ruiz", b"Bordeaux")] == [True, True]


async def test_an_invitation_leaves_a_line_in_the_log_without_its_code(staffed):
    async with staffed.signed_in(Role.STAFF) as browser:
        page = await sent(browser, "/delegations/invite", name="Ana Ruiz", city="Bordeaux", role="aide")
    code = re.search(r"<code>([\w-]+)</code>", page.text)[1]
    entries = await staffed.store.log.latest(9)

    assert [(one.by, one.what) for one in entries if one.by] == [
        ("Li staff", "invited somebody"),
        ("Li staff", "signed in"),
    ]
    assert code not in repr(entries)


@pytest.mark.parametrize("wrong", [{"name": ""}, {"city": " "}, {"role": "organizer"}, {"role": "nobody"}])
async def test_nobody_is_invited_without_name_and_city_or_into_the_team(staffed, wrong):
    before = len(await staffed.store.people.team())
    async with staffed.signed_in() as browser:
        form = {"name": "Ana Ruiz", "city": "Bordeaux", "role": "delegate", **wrong}
        page = await sent(browser, "/delegations/invite", **form)

    assert (page.status_code, 'role="alert"' in page.text) == (422, True)
    assert len(await staffed.store.people.team()) == before + 1  # who has signed in here


async def test_the_address_for_everybody_is_a_qr_code_too(staffed):
    async with staffed.signed_in(Role.VIEWER) as browser:
        page = await browser.get("/dashboard/chat")

    assert qr_as_svg("http://127.0.0.1:8080/chat") in page.text
    assert "Set DESK_PUBLIC_URL" in page.text
