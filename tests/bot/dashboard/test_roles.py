"""Who may ask for which page. The table stands here a second time, on purpose: who adds a route decides whose it is."""

import pytest

from bot.dashboard.asking import AT
from bot.dashboard.routes import ROUTES
from handlers.model import Role
from tests.bot.dashboard.conftest import csrf

EVERYBODY = {Role.ORGANIZER, Role.STAFF, Role.VIEWER}
STAFF = {Role.ORGANIZER, Role.STAFF}
ORGANIZERS = {Role.ORGANIZER}
TABLE = {
    ("GET", ""): EVERYBODY,
    ("GET", "/activities.{form}"): STAFF,
    ("GET", "/activities/{key}"): EVERYBODY,
    ("GET", "/activities/{key}/people.{form}"): STAFF,
    ("POST", "/activities/{key}/resize"): STAFF,
    ("POST", "/activities/{key}/resized"): STAFF,
    ("POST", "/activities/{key}/open"): STAFF,
    ("POST", "/activities/{key}/opened"): STAFF,
    ("GET", "/programme"): EVERYBODY,
    ("GET", "/programme.{form}"): STAFF,
    ("POST", "/programme/change"): STAFF,
    ("POST", "/programme/dates"): STAFF,
    ("POST", "/programme/{number}/undo"): STAFF,
    ("POST", "/confirm"): STAFF,
    ("GET", "/broadcasts"): STAFF,
    ("GET", "/broadcasts.{form}"): STAFF,
    ("GET", "/broadcasts/new"): STAFF,
    ("POST", "/broadcasts/preview"): STAFF,
    ("GET", "/broadcasts/{number}"): STAFF,
    ("GET", "/broadcasts/{number}/receipts.{form}"): STAFF,
    ("GET", "/broadcasts/{number}/calls.{form}"): STAFF,
    ("POST", "/broadcasts/{number}/do"): STAFF,
    ("GET", "/questions"): STAFF,
    ("GET", "/questions.{form}"): STAFF,
    ("POST", "/questions/{number}/answer"): STAFF,
    ("POST", "/questions/entries/{number}"): STAFF,
    ("GET", "/briefings"): EVERYBODY,
    ("GET", "/briefings.{form}"): STAFF,
    ("POST", "/briefings/upload"): STAFF,
    ("POST", "/briefings/take"): STAFF,
    ("GET", "/delegations"): EVERYBODY,
    ("GET", "/delegations.{form}"): STAFF,
    ("POST", "/delegations/set"): STAFF,
    ("POST", "/delegations/deadline"): STAFF,
    ("POST", "/delegations/invite"): STAFF,
    ("GET", "/chat"): EVERYBODY,
    ("GET", "/health"): ORGANIZERS,
    ("GET", "/log"): ORGANIZERS,
    ("GET", "/log.{form}"): ORGANIZERS,
    ("POST", "/log/{digest}/sign-out"): ORGANIZERS,
}
OPEN = {  # to everybody: signing in and out, and what asks for itself who is signed in
    ("GET", "/"),
    ("GET", "/sign-in/{secret}"),
    ("POST", "/sign-in/{secret}"),
    ("POST", "/language"),
    ("POST", "/sign-out"),
    ("GET", "/events"),
}
VALUES = {"{form}": "csv", "{key}": "cruise", "{number}": "1", "{name}": "team-notes", "{digest}": "0"}


def filled(path):
    for name, value in VALUES.items():
        path = path.replace(name, value)
    assert "{" not in path
    return AT + path


def test_every_route_stands_in_the_table(staffed):
    served = {
        (method, route.path.removeprefix(AT))
        for route in staffed.app.routes
        if route.path.startswith(AT)
        for method in route.methods - {"HEAD"}
    }

    assert served == set(TABLE) | OPEN
    assert {(route.method, route.path): route.roles for route in ROUTES} == TABLE


async def asked(browser, method, path, token):
    if method == "GET":
        return (await browser.get(filled(path))).status_code
    return (await browser.post(filled(path), data={"csrf": token})).status_code


async def test_each_route_refuses_each_role_that_lacks_it(staffed):
    for role in EVERYBODY:
        async with staffed.signed_in(role) as browser:
            token = await csrf(browser)
            for (method, path), roles in TABLE.items():
                status = await asked(browser, method, path, token)

                assert (path, role, status == 403) == (path, role, role not in roles)
                assert status < 500, path


async def test_each_route_refuses_who_is_not_signed_in(staffed):
    async with staffed.browser() as browser:
        for method, path in [*TABLE, ("GET", "/events")]:
            assert (path, await asked(browser, method, path, "")) == (path, 401)


async def test_each_change_is_refused_without_the_mark_of_its_form(staffed):
    async with staffed.signed_in() as browser, staffed.signed_in(Role.STAFF) as other:
        foreign = await csrf(other)
        for method, path in TABLE:
            if method == "POST":
                assert (path, await asked(browser, method, path, "")) == (path, 403)
                assert (path, await asked(browser, method, path, foreign)) == (path, 403)


async def test_a_form_that_another_site_sends_changes_nothing(staffed):
    async with staffed.signed_in() as browser:
        form = {"csrf": await csrf(browser), "is_open": "no"}
        answer = await browser.post(
            "/dashboard/activities/cruise/open", data=form, headers={"Sec-Fetch-Site": "cross-site"}
        )

    assert answer.status_code == 403
    assert all(activity.is_open for activity in await staffed.store.activities.all())


@pytest.mark.parametrize("role", [Role.DELEGATE, Role.AIDE])
async def test_a_role_that_is_taken_away_is_gone_with_the_next_page(staffed, role):
    from sqlalchemy import update  # noqa: PLC0415 - the store has no such change; an organizer makes it in SQL

    from bot.store import tables as t  # noqa: PLC0415

    async with staffed.signed_in() as browser:
        async with staffed.store.database.writing() as connection:
            await connection.execute(update(t.person).values(role=role))

        assert (await browser.get("/dashboard")).status_code == 401
