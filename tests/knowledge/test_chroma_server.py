"""The passage index on a Chroma server, as with DESK_CHROMA_URL."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from chromadb.api import ServerAPI
from chromadb.api.shared_system_client import SharedSystemClient

from knowledge.index import IndexMissing, PassageIndex
from tests.fakes import WordEmbeddings
from tests.knowledge.test_index import DINNER, FERRY, passage

STARTS_WITHIN = 30  # seconds


@contextmanager
def running_server(folder):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [Path(sys.executable).parent / "chroma", "run", "--path", folder, "--port", port]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/api/v2/heartbeat")
        yield url
        process.kill()


@pytest.fixture(scope="module", autouse=True)
def _sockets_closed():
    yield
    for system in SharedSystemClient._identifier_to_system.values():  # Chroma 1.5.9 leaves them open
        session = getattr(system.instance(ServerAPI), "_session", None)
        if session is not None:
            session.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running_server(tmp_path_factory.mktemp("server")) as url:
        yield url


def wait_for(url):
    until = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            return urllib.request.urlopen(url, timeout=1).close()  # noqa: S310 - loopback
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@pytest.fixture
def new_index(server, tmp_path):
    return lambda embeddings=None: PassageIndex(
        tmp_path / "chroma", embeddings or WordEmbeddings(), name="words", url=server
    )


def nearest(index, question):
    hits = index.search(question, np.zeros(64), k=2, documents=["harbour"])
    return max(hits, key=lambda hit: hit.relevance).passage.text


def test_passages_are_found(new_index):
    new_index().store([passage(FERRY), passage(DINNER)])
    index = new_index()
    index.serve([passage(FERRY), passage(DINNER)])

    assert nearest(index, FERRY) == FERRY
    assert new_index().store([passage(FERRY), passage(DINNER)]) == 0


def test_what_the_server_has_already_is_not_embedded_again(new_index):
    new_index().store([passage("Old words stay.")])
    embeddings = WordEmbeddings()

    assert new_index(embeddings).store([passage("Old words stay."), passage("New words come.")]) == 1
    assert embeddings.embedded.count("New words come.") == 1


def test_other_versions_are_removed_and_made_anew_when_somebody_asks(new_index):
    index, reader = new_index(), new_index()
    index.store([passage(FERRY)])
    reader.serve([passage(FERRY)])
    index.store([passage(DINNER)])

    index.forget_all_but([passage(DINNER)])

    with pytest.raises(IndexMissing, match="missing or damaged"):
        reader.check()
    assert nearest(reader, FERRY) == FERRY


def test_a_server_that_does_not_answer_is_named(tmp_path):
    index = PassageIndex(tmp_path / "chroma", WordEmbeddings(), name="words", url="http://127.0.0.1:9")
    index.serve([passage(FERRY)])

    with pytest.raises(IndexMissing, match=r"DESK_CHROMA_URL: no Chroma server answers at http://127.0.0.1:9"):
        nearest(index, FERRY)


def test_a_server_that_stops_answering_is_named(tmp_path):
    with running_server(tmp_path / "server") as url:
        index = PassageIndex(tmp_path / "chroma", WordEmbeddings(), name="words", url=url)
        index.store([passage(FERRY)])
        index.serve([passage(FERRY)])
        assert nearest(index, FERRY) == FERRY

    with pytest.raises(IndexMissing, match=r"DESK_CHROMA_URL: the Chroma server does not answer"):
        nearest(index, FERRY)
