import numpy as np
import pytest

from knowledge.index import IndexMissing, PassageIndex
from knowledge.passages import Passage
from tests.fakes import WordEmbeddings

FERRY = "The ferry leaves the harbour at noon"
DINNER = "Dinner is served in the town hall"
VECTOR = np.zeros(64, np.float32)  # other embeddings than the default make their own of the question


def passage(text, document="harbour", **translations):
    return Passage(
        id=f"{document}:{text}",
        document=document,
        section="1",
        heading="Travel",
        text=text,
        topics=(),
        translations=tuple(translations.items()),
    )


@pytest.fixture
def embeddings():
    return WordEmbeddings()


@pytest.fixture
def new_index(tmp_path, embeddings):
    return lambda other=embeddings, name="words": PassageIndex(tmp_path / "chroma", other, name=name)


def serving(index, *passages):
    index.store(passages)
    index.serve(passages)
    return index


def found(index, question, documents=("harbour", "hall"), k=3):
    hits = index.search(question, VECTOR, k=k, documents=documents)
    return [hit.passage.text for hit in sorted(hits, key=lambda hit: -hit.relevance - hit.words)]


def test_the_nearest_passage_has_the_highest_relevance(new_index):
    index = serving(new_index(), passage(FERRY), passage(DINNER))

    hits = index.search(FERRY, VECTOR, k=2, documents=["harbour"])

    assert {hit.passage.text: round(hit.relevance, 2) for hit in hits}[FERRY] == 1.0
    assert max(hits, key=lambda hit: hit.words).passage.text == FERRY


def test_only_the_documents_asked_for_are_searched(new_index):
    index = serving(new_index(), passage(FERRY), passage(DINNER, "hall"))

    assert found(index, FERRY, ["hall"]) == [DINNER]
    assert found(index, FERRY, ["harbour"]) == [FERRY]
    assert found(index, FERRY, ["elsewhere"]) == []


def test_a_passage_is_found_by_its_translation_and_once_only(new_index):
    index = serving(
        new_index(), passage(FERRY, de="Die Fähre legt mittags ab", nl="De boot gaat om twaalf"), passage(DINNER)
    )

    assert found(index, "Wann legt die Fähre ab")[0] == FERRY
    assert len(found(index, "Wann legt die Fähre ab")) == 2


def test_translations_of_one_passage_do_not_crowd_out_the_others(new_index):
    same = {language: f"{FERRY} {language}" for language in ("de", "es", "fr", "it", "nl", "pl", "pt", "tr")}
    index = serving(new_index(), passage(FERRY, **same), passage("The ferry is blue"), passage(DINNER))

    assert set(found(index, FERRY, k=3)) == {FERRY, "The ferry is blue", DINNER}


def test_what_is_stored_already_is_not_embedded_again(new_index, embeddings):
    new_index().store([passage(FERRY), passage(DINNER)])
    embeddings.embedded.clear()

    count = new_index().store([passage(FERRY), passage("Boats are free", de="Boote sind frei")])

    assert count == 1
    assert set(embeddings.embedded) == {FERRY, DINNER, "Boats are free", "Boote sind frei"}  # the old as probes
    assert embeddings.embedded.count("Boats are free") == 1


def test_storing_the_same_again_writes_nothing(new_index, tmp_path):
    new_index().store([passage(FERRY)])
    builds = sorted((tmp_path / "chroma").iterdir())

    assert new_index().store([passage(FERRY)]) == 0
    assert sorted((tmp_path / "chroma").iterdir()) == builds


def test_a_reader_of_the_version_before_is_answered_until_its_build_is_removed(new_index):
    reader = serving(new_index(), passage(FERRY))

    serving(new_index(), passage(DINNER))

    assert found(reader, FERRY) == [FERRY]


def test_builds_of_other_versions_are_removed(new_index, tmp_path):
    index = new_index()
    for text in ("one", "two", "three"):
        index.store([passage(text)])

    index.forget_all_but([passage("two")], [passage("three")])

    assert len(list((tmp_path / "chroma").iterdir())) == 2
    assert found(serving(index, passage("two")), "two") == ["two"]


def test_what_an_interrupted_ingest_left_is_removed(new_index, tmp_path):
    (tmp_path / "chroma" / "draft-12345678").mkdir(parents=True)
    (tmp_path / "chroma" / "chroma.sqlite3").touch()
    (tmp_path / "chroma" / "copy-12345678").mkdir()
    index = serving(new_index(), passage(FERRY))

    index.forget_all_but([passage(FERRY)])

    assert [(path / "digests.json").exists() for path in (tmp_path / "chroma").iterdir()] == [True]


def test_vectors_of_other_embeddings_are_not_compared(new_index):
    serving(new_index(), passage(FERRY))
    other = new_index(WordEmbeddings(seed=7), "other-words")

    other.serve([passage(FERRY)])

    with pytest.raises(IndexMissing, match="missing or damaged"):
        other.check()
    assert found(other, FERRY) == [FERRY]


def test_a_question_in_a_script_without_spaces_is_found_by_its_words(new_index):
    index = serving(new_index(), passage("渡轮中午离开港口"), passage("晚宴在市政厅举行"))

    hits = index.search("渡轮几点", VECTOR, k=1, documents=["harbour"])

    assert max(hits, key=lambda hit: hit.words).passage.text == "渡轮中午离开港口"


def test_a_question_without_words_finds_something_or_nothing_but_fails_not(new_index):
    index = serving(new_index(), passage(FERRY))

    assert found(index, "?!") in ([], [FERRY])


def test_nothing_is_found_in_a_library_without_passages(new_index):
    assert found(serving(new_index()), FERRY) == []


def test_searching_before_anything_was_ingested_says_what_to_do(new_index):
    with pytest.raises(IndexMissing, match="run `desk ingest`"):
        new_index().search(FERRY, VECTOR, k=1, documents=["harbour"])
