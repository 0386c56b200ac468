"""Whatever happens to the files of the passage index, a question is answered, from an index made anew."""

import logging
import os
import shutil
import threading

import numpy as np
import pytest

from knowledge.index import IndexNotWritten, PassageIndex
from knowledge.passages import Passage
from tests.fakes import WordEmbeddings

COUNT = 1200  # Chroma keeps fewer than 1,000 passages in its SQLite file alone
ASKED = "Where does bus number 1199 stop?"
ANSWER = "bus number 1199 stops at gate 1199"
WARNING = (
    "knowledge.index",
    logging.WARNING,
    "the passage index is missing or damaged: it is rebuilt from the library",
)


def passages(count=COUNT):
    texts = (f"bus number {n} stops at gate {n}" for n in range(count))
    return [Passage(str(n), "buses", "1", "Stops", text, ()) for n, text in enumerate(texts)]


@pytest.fixture(scope="session")
def whole_index(tmp_path_factory):
    """The folder of a sound index, to be copied and damaged."""
    folder = tmp_path_factory.mktemp("index")
    PassageIndex(folder / "chroma", WordEmbeddings(), name="words").store(passages())
    return folder


@pytest.fixture
def folder(whole_index, tmp_path):
    return shutil.copytree(whole_index, tmp_path / "knowledge")


def opened(folder, embeddings=None):
    index = PassageIndex(folder / "chroma", embeddings or WordEmbeddings(), name="words")
    index.serve(passages())
    return index


def answer(index):
    hits = index.search(ASKED, np.zeros(64), k=3, documents=["buses"])
    return max(hits, key=lambda hit: hit.relevance + 2 * hit.words).passage.text


def database(folder, of="[!c]*"):
    return next(folder.glob(f"chroma/{of}/chroma.sqlite3"))


def vectors(folder, name):
    return next(folder.glob(f"chroma/*/*/{name}"))


def cut(path):
    os.truncate(path, path.stat().st_size // 2)


def filled_with_zeros(path):
    path.write_bytes(bytes(path.stat().st_size))


DAMAGE = {
    "database removed": lambda folder: database(folder).unlink(),
    "database cut": lambda folder: cut(database(folder)),
    "database emptied": lambda folder: database(folder).write_bytes(b""),
    "database zeroed": lambda folder: filled_with_zeros(database(folder)),
    "vectors removed": lambda folder: vectors(folder, "data_level0.bin").unlink(),
    "vectors cut": lambda folder: cut(vectors(folder, "data_level0.bin")),
    "vectors zeroed": lambda folder: filled_with_zeros(vectors(folder, "data_level0.bin")),
    "links removed": lambda folder: vectors(folder, "link_lists.bin").unlink(),
    "header zeroed": lambda folder: filled_with_zeros(vectors(folder, "header.bin")),
    "list of ids cut": lambda folder: cut(vectors(folder, "index_metadata.pickle")),
    "folder of vectors removed": lambda folder: shutil.rmtree(vectors(folder, "header.bin").parent),
    "whole index removed": lambda folder: shutil.rmtree(folder / "chroma"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_index_is_rebuilt_with_one_warning_and_the_question_answered(folder, damage, caplog):
    damage(folder)
    index = opened(folder)

    assert [answer(index), answer(index)] == [ANSWER, ANSWER]

    assert caplog.record_tuples == [WARNING]
    opened(folder).check()


def test_a_sound_index_is_used_as_it_is(folder, caplog):
    builds = list((folder / "chroma").iterdir())

    assert answer(opened(folder)) == ANSWER

    assert (caplog.record_tuples, list((folder / "chroma").iterdir())) == ([], builds)


def test_an_index_that_lacks_passages_is_rebuilt(tmp_path, caplog):
    PassageIndex(tmp_path / "chroma", WordEmbeddings(), name="words").store(passages(COUNT - 1))

    assert answer(opened(tmp_path)) == ANSWER
    assert caplog.record_tuples == [WARNING]


@pytest.mark.parametrize("other", [WordEmbeddings(seed=5)])
def test_vectors_of_a_model_that_was_changed_under_its_name_are_made_anew(folder, caplog, other):
    assert answer(opened(folder, other)) == ANSWER
    assert caplog.record_tuples == [WARNING]


def test_a_running_desk_does_not_notice_damage_and_the_next_one_mends_it(folder, caplog):
    index = opened(folder)
    assert answer(index) == ANSWER

    cut(database(folder))

    assert (answer(index), caplog.record_tuples) == (ANSWER, [])
    assert (answer(opened(folder)), caplog.record_tuples) == (ANSWER, [WARNING])


def test_a_running_desk_that_loses_its_copy_takes_another(folder):
    index = opened(folder)
    assert answer(index) == ANSWER

    cut(database(folder, of="copy-*"))
    shutil.rmtree(database(folder, of="copy-*").parent)

    assert [answer(index), answer(index)] == [ANSWER, ANSWER]


def test_questions_that_come_at_once_rebuild_it_once(folder, caplog):
    shutil.rmtree(folder / "chroma")
    indexes, answers = [opened(folder) for _ in range(2)], []
    threads = [threading.Thread(target=lambda i=index: answers.append(answer(i))) for index in indexes * 2]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [ANSWER] * 4
    assert caplog.record_tuples == [WARNING]


def test_an_index_that_cannot_be_rebuilt_says_why(tmp_path):
    (tmp_path / "chroma").write_text("a file where the folder should be")

    with pytest.raises(IndexNotWritten, match=r"^the passage index cannot be written: .*exists"):
        answer(opened(tmp_path))
