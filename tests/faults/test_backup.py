"""A backup that is made while people sign up holds everybody who was told so before, and a desk starts on it."""

import asyncio
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.bot_api import FakeBotApi
from tests.serving import serving

ROOT = Path(__file__).parents[2]
SIGN_UP = "I am Ana Silva-{} from Porto, sign me up for the night cruise"


async def backed_up(home, folder, *before):
    """Run `desk backup`; return its exit code and what it has said."""
    words = [*before, sys.executable, "-m", "bot", "backup", str(folder)]
    process = await asyncio.create_subprocess_exec(
        *words, cwd=ROOT, env={"DESK_HOME": str(home), "PATH": "/usr/bin:/bin"}, stdout=subprocess.PIPE, stderr=-2
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()


def told(api):
    return {sent.chat_id for sent in api.sent if sent.text.startswith("You are signed up")}


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
async def api():
    async with FakeBotApi() as made:
        yield made


async def test_a_backup_made_meanwhile_is_sound_and_a_desk_starts_on_it(api, home, tmp_path):
    async with serving(home, api.url) as desk:
        await desk.until_ready()
        for person in range(1, 81):
            api.say(person, SIGN_UP.format(person))
        await api.wait_for(30)
        before = told(api)
        code, made = await backed_up(home, tmp_path / "backups")
        await api.wait_for(80, 90)

    copy = Path(made.strip())
    with closing(sqlite3.connect(copy / "desk.sqlite3")) as database:
        held = database.execute(
            "SELECT channel_id FROM address JOIN rsvp USING (person_id) WHERE rsvp.status = 'confirmed'"
        ).fetchall()
    assert (code, mode(copy)) == (0, 0o700)
    assert before <= {int(chat) for (chat,) in held}

    api.sent.clear()
    async with serving(copy, api.url) as desk:
        api.say(next(iter(before)), "what am I signed up for?")
        async with asyncio.timeout(90):  # messages that waited when the backup was made are answered as well
            while not any("You are signed up for:\n– Yangtze River Night Cruise" in sent.text for sent in api.sent):
                await asyncio.sleep(0.05)


async def test_a_backup_for_which_there_is_no_room_leaves_nothing_and_says_why(home, tmp_path):
    code, said = await backed_up(home, tmp_path / "backups", "prlimit", "--fsize=4096")

    assert code == 1
    assert "cannot be written" in said
    assert list((tmp_path / "backups").iterdir()) == []


async def test_without_anything_to_copy_no_backup_is_made(tmp_path):
    code, said = await backed_up(tmp_path / "nothing", tmp_path / "backups")

    assert (code, "holds nothing to copy" in said) == (1, True)
    assert not (tmp_path / "backups").exists()
