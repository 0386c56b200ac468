"""A desk that is started before anything was ingested."""

import json
import shutil
import signal

import pytest

from tests.bot_api import FakeBotApi
from tests.serving import serving


@pytest.fixture
async def api():
    async with FakeBotApi() as made:
        yield made


async def test_it_says_what_to_do_and_begins_once_something_is_ingested(api, ingested, tmp_path):
    api.say(1, "When is the night cruise?")
    async with serving(tmp_path, api.url, mode="webhook") as desk:
        health, (status, told) = await desk.get("/healthz"), await desk.get("/readyz")
        posted = await desk.post(api.queue[0])
        shutil.copytree(ingested / "knowledge", tmp_path / "knowledge")
        await desk.until_ready()
        again = await desk.post(api.queue[0])
        (sent,) = await api.wait_for(1)

    assert (health[0], status, posted, again) == (200, 503, 503, 200)
    assert "desk ingest" in json.loads(told)["parts"]["index"]
    assert "19:00" in sent.text


async def test_it_ends_when_it_is_told_to(api, tmp_path):
    async with serving(tmp_path, api.url) as desk:
        desk.signal(signal.SIGTERM)

        assert await desk.ended() == 0
        assert "Traceback" not in desk.log
