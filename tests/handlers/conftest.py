"""A database of its own for every test."""

import numpy as np
import pytest

from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.whole import Store
from tests.fakes import Clock, WordEmbeddings


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def store(tmp_path, clock):
    url = f"sqlite:///{tmp_path / 'desk.sqlite3'}"
    await migrate(url)
    embeddings = WordEmbeddings()
    made = Store(Database(url), lambda texts: np.array(embeddings.embed_documents(texts), np.float32), clock)
    yield made
    await made.database.close()
