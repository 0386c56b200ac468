import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse

from bot.web.assets import FOREVER, OWN, Assets
from bot.web.headers import POLICY, SecurityHeaders
from bot.web.limits import RateLimit
from bot.web.pages import Pages
from bot.web.signing import Signer, key_of
from bot.web.site import Below, Site


async def hello(request):
    return PlainTextResponse(request.url.path)


def served(prefix="", *, is_https=False):
    assets = Assets(OWN)
    app = Starlette()
    app.add_route("/hello", hello)
    app.add_route(assets.route, assets.serve)
    inside = SecurityHeaders(Below(app, prefix), is_https=is_https)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(inside), base_url="http://desk")
    return client, assets


async def test_every_response_forbids_what_the_desk_does_not_serve_itself():
    client, _ = served()
    async with client:
        found = [(await client.get(path)).headers for path in ("/hello", "/nowhere")]

    assert [headers["content-security-policy"] for headers in found] == [POLICY] * 2
    assert [headers["cache-control"] for headers in found] == ["no-store"] * 2
    assert "unsafe" not in POLICY
    assert "strict-transport-security" not in found[0]


async def test_behind_https_browsers_are_told_to_come_by_it_only():
    client, _ = served(is_https=True)
    async with client:
        assert "strict-transport-security" in (await client.get("/hello")).headers


@pytest.mark.parametrize("asked", ["/hello", "/desk/hello"])
async def test_a_proxy_may_cut_the_prefix_off_or_not(asked):
    client, _ = served("/desk")
    async with client:
        assert (await client.get(asked)).text == "/hello"


async def test_files_are_kept_by_browsers_until_they_change():
    client, assets = served()
    path = assets.path("desk.css")
    async with client:
        found = await client.get(path)
        gone = await client.get("/static/desk.css")

    assert re.fullmatch(r"/static/desk\.[0-9a-f]{12}\.css", path)
    assert (found.status_code, found.headers["cache-control"]) == (200, FOREVER)
    assert found.headers["content-type"].startswith("text/css")
    assert gone.status_code == 404


def test_values_in_pages_are_escaped_and_arabic_runs_from_the_right(tmp_path):
    (tmp_path / "one.html").write_text(
        "{% extends 'frame.html' %}{% block body %}<main>{{ told }}</main>{% endblock %}"
    )
    pages = Pages(tmp_path, Assets(OWN), Site.of("https://example.org/desk"))

    made = pages.made("one.html", language="ar", told="<script>alert(1)</script>")

    assert 'lang="ar" dir="rtl"' in made
    assert "<main>&lt;script&gt;alert(1)&lt;/script&gt;</main>" in made
    assert 'href="/desk/static/desk.' in made
    assert re.findall(r"style=|<script|<style|javascript:", made) == []


def test_who_asks_too_often_waits():
    moment = datetime(2026, 9, 14, tzinfo=UTC)
    times = [moment] * 4 + [moment + timedelta(seconds=30), moment + timedelta(seconds=61)]
    clock = iter(times)
    limit = RateLimit(2, 60, lambda: next(clock))

    waits = [limit.wait(asker) for asker in ("ana", "ana", "ben", "ana", "ana", "ana")]

    assert waits == [0.0, 0.0, 0.0, 60.0, 30.0, 0.0]


def test_a_key_is_made_once_for_its_owner_only(tmp_path):
    first, second = key_of("", tmp_path), key_of("", tmp_path)
    (made,) = Path(tmp_path).iterdir()

    assert (first, len(first), made.stat().st_mode & 0o777) == (second, 32, 0o600)
    assert key_of("configured", tmp_path) != first


def test_what_was_signed_for_something_else_does_not_pass():
    key = b"k" * 32
    signed = Signer(key, "draft").signed('{"text": "a.b"}')

    assert Signer(key, "draft").opened(signed) == '{"text": "a.b"}'
    assert [
        Signer(key, "session").opened(signed),
        Signer(b"l" * 32, "draft").opened(signed),
        Signer(key, "draft").opened(signed + " "),
        Signer(key, "draft").opened("é"),
    ] == [None] * 4
