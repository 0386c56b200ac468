"""An ingest that fails half way, or is killed, leaves the library that was there, and the next one succeeds."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from knowledge.embeddings import SentenceEncoder
from knowledge.index import PassageIndex
from knowledge.shelf import Shelf
from tests.fakes import WordEmbeddings

INGEST = """
import resource, sys
from pathlib import Path
from knowledge.embeddings import SentenceEncoder
from knowledge.index import IndexNotWritten, PassageIndex
from knowledge.shelf import Shelf
from knowledge.snapshot import NotSaved
from tests.fakes import WordEmbeddings
home, paths, most = Path(sys.argv[1]), [Path(sys.argv[2])], int(sys.argv[3])
if most:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))  # a write beyond it fails, as on a full disk
try:
    index = PassageIndex(home / "chroma", WordEmbeddings(), name="words")
    Shelf(home, index, SentenceEncoder(), {}).ingest(paths)
except (IndexNotWritten, NotSaved) as error:
    print(type(error).__name__)
"""
ASKED = "When does the ferry leave?"


def paper(*texts):
    return "# Paper\n\n" + "\n\n".join(f"## Part {n}\n\n{text}" for n, text in enumerate(texts))


@pytest.fixture
def home(tmp_path):
    return tmp_path / "knowledge"


@pytest.fixture
def boats(tmp_path):
    path = tmp_path / "boats.md"
    path.write_text(paper("The ferry leaves at noon."))
    return path


def shelf_at(home):
    index = PassageIndex(home / "chroma", WordEmbeddings(), name="words")
    return Shelf(home, index, SentenceEncoder(), {})


def answers(home):
    index = PassageIndex(home / "chroma", WordEmbeddings(), name="words")
    index.serve(shelf_at(home).read().passages)
    hits = index.search(ASKED, np.zeros(64), k=3, documents=["boats"])
    return {max(hits, key=lambda hit: hit.words).passage.text}


def ingesting(home, path, most=0):
    command = [sys.executable, "-c", INGEST, str(home), str(path), str(most)]
    return subprocess.Popen(command, env={"PYTHONPATH": str(Path(__file__).parents[2])}, stdout=subprocess.PIPE)


@pytest.mark.parametrize(
    ("most", "error"), [(50_000, b"IndexNotWritten\n"), (900_000, b"NotSaved\n")], ids=["index", "library"]
)
def test_a_full_disk_leaves_the_library_as_it_was(home, boats, most, error):
    shelf_at(home).ingest([boats])
    version = shelf_at(home).version
    boats.write_text(paper("The ferry leaves at one.", "Words of no use. " * 60_000))

    with ingesting(home, boats, most) as process:
        said = process.stdout.read()

    assert (said, process.returncode) == (error, 0)
    assert (shelf_at(home).version, answers(home)) == (version, {"The ferry leaves at noon."})
    assert [path.name for path in home.iterdir() if path.name.endswith(".new")] == []


def test_an_ingest_killed_at_any_moment_leaves_a_whole_library(home, boats):
    shelf_at(home).ingest([boats])
    boats.write_text(paper("The ferry leaves at one.", *(f"Bus {n} stops at gate {n}." for n in range(300))))
    seen = set()

    for moment in (0.9, 1.2, 1.5, 1.8, 2.1):
        with ingesting(home, boats) as process:
            time.sleep(moment)
            process.kill()
        seen |= answers(home)
    shelf_at(home).ingest([boats])

    assert seen <= {"The ferry leaves at noon.", "The ferry leaves at one."}
    assert answers(home) == {"The ferry leaves at one."}
    assert [path.name for path in (home / "chroma").iterdir() if path.name.startswith("draft")] == []
