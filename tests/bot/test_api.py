"""The API: tokens and scopes for every route, the figures of the command line, and no answer but those it describes."""

import asyncio
import json
import shutil
from collections import Counter
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation
from starlette.applications import Starlette

from bot import registry
from bot.api.access import _BURST
from bot.api.app import api, described
from bot.app import Desk, publishing
from bot.demonstration import fill
from bot.scopes import Scope
from bot.settings import Settings
from bot.web.site import Site
from handlers.broadcasts import Draft
from handlers.model import Address, Reply
from tests.serving import serving

pytestmark = pytest.mark.asyncio(loop_scope="module")
NEEDED = {  # a route without a row here fails test_every_route_has_a_row
    "/activities": Scope.ACTIVITIES,
    "/activities/cruise": Scope.ACTIVITIES,
    "/rsvps": Scope.RSVPS,
    "/people": Scope.PEOPLE,
    "/delegations": Scope.PEOPLE,
    "/questions": Scope.QUESTIONS,
    "/agenda": Scope.AGENDA,
    "/broadcasts": Scope.BROADCASTS,
    "/broadcasts/1": Scope.BROADCASTS,
    "/broadcasts/1/receipts": Scope.BROADCASTS,
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(ingested, tmp_path_factory):
    """A desk with invented people, a broadcast and two questions."""
    home = tmp_path_factory.mktemp("api") / "home"
    shutil.copytree(ingested, home, ignore=shutil.ignore_patterns("desk.sqlite3*"))
    made = Desk(Settings(home=home, quiet_hours="off", _env_file=None))
    await fill(made, if_empty=False)
    async with made.stored() as store:
        async with store.database.turn():
            await publishing(made.library, store).publish(Draft("Bring a jacket.", "en"), None)
        for answered in (True, False):
            sender = Address("console", f"ana{answered}")
            await store.conversations.remember(sender, "Is there WiFi?", "en")
            certainty = "confirmed" if answered else "not_stated"
            reply = Reply("…", language="en", is_answer=answered, certainty=certainty)
            await store.questions.log(sender, f"Is there WiFi? {answered}", reply, ["venue.wifi"])
    return made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def store(desk):
    made = await desk.store()
    yield made
    await made.database.close()


@pytest.fixture(scope="module")
def app(desk, store):
    return Starlette(routes=[api(store, desk.library, Site())])


@pytest_asyncio.fixture(loop_scope="module")
async def get(app, store):
    """Return what asks with the scopes that are named."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as http:

        async def ask(path, *scopes, method="GET"):
            headers = {}
            if scopes:
                _, token = await store.tokens.create("a test", scopes)
                headers = {"Authorization": f"Bearer {token}"}
            return await http.request(method, f"/api{path}", headers=headers)

        yield ask


async def test_every_route_has_a_row(app, desk, store):
    paths = described(store, desk.library, Site()).openapi()["paths"]
    there = {path: answers["get"]["x-scope"] for path, answers in paths.items()}
    rows = {path.replace("/cruise", "/{key}").replace("/1", "/{number}"): one for path, one in NEEDED.items()}

    assert {path: list(answers) for path, answers in paths.items()} == {path: ["get"] for path in rows}
    assert there == rows


@pytest.mark.parametrize(("path", "scope"), NEEDED.items())
async def test_a_route_wants_a_token_with_its_scope(get, store, path, scope):
    key = (await store.activities.all())[0].key
    path = path.replace("cruise", key)
    found = [
        (await get(path)).status_code,
        (await get(path, *(set(Scope) - {scope}))).status_code,
        (await get(path, scope)).status_code,
    ]

    assert found == [401, 403, 200]


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer ", "Bearer desk_x", "Basic desk_x", "Bearer \udce9"])
@pytest.mark.parametrize("path", ["/activities", "/nowhere", "/"])
async def test_without_a_valid_token_nobody_learns_what_there_is(app, shown, path):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as http:
        answer = await http.get(f"/api{path}", headers={b"Authorization": shown.encode("utf-8", "surrogateescape")})

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_a_token_that_is_revoked_is_refused_and_none_is_kept(app, store):
    number, token = await store.tokens.create("a screen", [Scope.AGENDA])
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as http:
        before = await http.get("/api/agenda", headers=headers)
        used = next(one for one in await store.tokens.all() if one.id == number).used
        was_valid = [await store.tokens.revoke(number), await store.tokens.revoke(number)]
        after = await http.get("/api/agenda", headers=headers)
    kept = b"".join(path.read_bytes() for path in store_home(store).glob("desk.sqlite3*"))

    assert (before.status_code, after.status_code, was_valid) == (200, 401, [True, False])
    assert used is not None
    assert token.encode() not in kept


def store_home(store):
    return Path(store.database.url.rpartition("///")[2]).parent


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/nowhere", 404, "not_found"),
        ("/activities/nothing", 404, "not_found"),
        ("/rsvps?activity=nothing", 404, "not_found"),
        ("/broadcasts/99/receipts", 404, "not_found"),
        ("/people?limit=0", 422, "invalid"),
        ("/people?offset=-1", 422, "invalid"),
        ("/questions?unanwsered=true", 422, "invalid"),
        ("/broadcasts/x", 422, "invalid"),
    ],
)
async def test_an_error_has_one_form(get, path, status, code):
    answer = await get(path, *Scope)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert set(answer.json()) == {"error"}
    assert answer.json()["error"]["message"]


async def test_nothing_can_be_changed(get):
    found = [(await get("/people", *Scope, method=method)).status_code for method in ("POST", "PUT", "DELETE")]

    assert found == [405] * 3


async def test_pages_hold_everything_once(get):
    first = (await get("/rsvps?limit=7", *Scope)).json()
    found, following = first["items"], first["next"]
    while following:
        page = (await get(following.removeprefix("/api"), *Scope)).json()
        found, following = found + page["items"], page["next"]
    whole = (await get("/rsvps?limit=200", *Scope)).json()

    assert (len(found), found) == (first["total"], whole["items"])


async def test_the_figures_are_those_of_the_command_line(get, desk):
    async def printed(what, *arguments, **options):
        return json.loads(await what(desk, *arguments, "json", **options))

    activities = (await get("/activities?limit=200", *Scope)).json()["items"]
    rsvps = (await get("/rsvps?limit=200", *Scope)).json()["items"]
    delegations = (await get("/delegations?limit=200", *Scope)).json()["items"]
    questions = (await get("/questions?unanswered=true", *Scope)).json()["items"]
    listed = await printed(registry.rsvps, "")

    figures = ("key", "capacity", "taken", "waitlisted")
    assert [{name: one[name] for name in figures} for one in activities] == [
        {name: one[name] for name in figures} for one in await printed(registry.activities)
    ]
    told = ("activity", "name", "city", "party", "status")
    assert [{name: one[name] for name in told} for one in rsvps] == [
        {name: one[name] for name in told} for one in listed
    ]
    assert [one["position"] or None for one in rsvps] == [one["place"] or None for one in listed]
    assert [(one["city"], one["people"]) for one in delegations] == [
        (one["city"], one["people"]) for one in await printed(registry.delegations)
    ]
    assert [one["id"] for one in questions] == [one["id"] for one in await printed(registry.questions, unanswered=True)]


async def test_names_are_told_to_those_alone_who_may_read_of_people(get):
    paths = {"/rsvps": Scope.RSVPS, "/broadcasts/1/receipts": Scope.BROADCASTS}
    without = [(await get(path, scope)).json()["items"] for path, scope in paths.items()]
    with_names = [(await get(path, scope, Scope.PEOPLE)).json()["items"] for path, scope in paths.items()]

    assert all({one["name"] for one in items} == {None} for items in without)
    assert all(all(one["name"] for one in items) for items in with_names)


async def test_one_token_cannot_take_the_desk_for_itself(app, store):
    _, token = await store.tokens.create("a loop", [Scope.AGENDA])
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as http:
        statuses = [(await http.get("/api/nowhere", headers=headers)).status_code for _ in range(3 * _BURST)]

    assert {404, 429} == set(statuses)


@pytest.mark.filterwarnings("ignore")  # of libraries that schemathesis brings
async def test_no_answer_is_undocumented_and_none_is_an_error_of_ours(desk, store):
    tokens = [(await store.tokens.create("schemathesis", Scope))[1] for _ in NEEDED]
    async with serving(desk.settings.home, "http://127.0.0.1:9", DESK_TELEGRAM_TOKEN="") as served:
        statuses = await asyncio.to_thread(examined, f"{served.url}/api/openapi.json", tokens)

    assert statuses[200] > len(NEEDED)
    assert statuses[422] > len(NEEDED)
    assert set(statuses) <= {200, 401, 404, 405, 422}


def examined(url, tokens):
    """Ask every route what its document allows, and what it does not; return how often each status came."""
    schema, statuses = schemathesis.openapi.from_url(url), Counter()
    for found, token in zip(schema.get_all_operations(), tokens, strict=True):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            with suppress(Unsatisfiable):  # a route without parameters has none that are wrong
                asking(found.ok().as_strategy(generation_mode=mode), token, statuses)()
    return statuses


def asking(cases, token, statuses):
    @settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def ask(case):
        header = case.meta.components.get(ParameterLocation.HEADER)
        is_without_token = header is not None and header.mode is GenerationMode.NEGATIVE  # that is what is wrong in it
        answer = case.call_and_validate(headers=None if is_without_token else {"Authorization": f"Bearer {token}"})
        statuses[answer.status_code] += 1

    return ask


async def test_where_the_database_is_away_the_answer_says_so_and_when_to_come_back(home):
    desk = Desk(Settings(home=home, _env_file=None))
    store = await desk.store()
    await store.database.close()
    (home / "desk.sqlite3").unlink()
    (home / "desk.sqlite3").mkdir()  # what cannot be opened as a database
    app = Starlette(routes=[api(store, desk.library, Site())])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as http:
        answer = await http.get("/api/activities", headers={"Authorization": "Bearer desk_any"})
    await store.database.close()

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json()["error"]["code"] == "away"
