"""A database for each test: SQLite always, PostgreSQL where one runs on this machine."""

import os
import uuid

import asyncpg
import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.store.database import Database
from bot.store.migrate import migrate

SERVER = os.environ.get("DESK_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request, tmp_path):
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'desk.sqlite3'}"
        return
    try:
        server = await asyncpg.connect(SERVER)
    except OSError:
        pytest.skip("NOT TESTED ON POSTGRESQL: none answers; set DESK_TEST_POSTGRES to its address")
    name = f"desk_{uuid.uuid4().hex[:12]}"
    await server.execute(f"CREATE DATABASE {name}")
    yield f"{SERVER.rpartition('/')[0]}/{name}"
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await server.close()


@pytest.fixture
async def database(url):
    await migrate(url)
    made = Database(url)
    yield made
    await made.close()


@pytest.fixture
def commanded(home, monkeypatch):
    """Run a command on a data folder of its own; return what it prints, or the error."""
    monkeypatch.setenv("DESK_HOME", str(home))

    def run(*words):
        done = CliRunner().invoke(app, words)
        return str(done.exception) if done.exit_code else done.output

    return run
