import hashlib
import json
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from knowledge.documents import UnreadableDocument
from knowledge.embeddings import SentenceEncoder
from knowledge.index import PassageIndex
from knowledge.shelf import NothingIngested, NothingToIngest, Shelf
from knowledge.snapshot import LibraryDamaged
from knowledge.topics import catalogue
from tests.fakes import WordEmbeddings

AGENDA = """---
title: Lake Cities Roundtable
city: Lindmoor
---
# Lake Cities Roundtable

## Day 1

| Time | Content |
|---|---|
| 09:00-10:00 | Opening of the Roundtable |
| 19:00 | Boat trip |
"""
ADD_ONE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from knowledge.embeddings import SentenceEncoder
from knowledge.index import PassageIndex
from knowledge.shelf import Shelf
from tests.fakes import WordEmbeddings
folder = Path(sys.argv[1])
index = PassageIndex(folder / "chroma", WordEmbeddings(), name="words")
Shelf(folder, index, SentenceEncoder(), {}).ingest([Path(sys.argv[2])])
"""


def paper(text, heading="Ferry"):
    return f"---\nauthority: background\ncity: Port Halden\n---\n# Paper\n\n## {heading} {{#event.theme}}\n\n{text}\n"


@pytest.fixture
def papers(tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    return folder


@pytest.fixture
def written(papers):
    def write(name, content):
        path = papers / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def embeddings():
    return WordEmbeddings()


@pytest.fixture
def home(tmp_path):
    return tmp_path / "knowledge"


@pytest.fixture
def shelf(home, embeddings):
    index = PassageIndex(home / "chroma", embeddings, name="words")
    return Shelf(home, index, SentenceEncoder(), dict(catalogue().topics))


def told(library):
    """Return the texts of all passages by document, in alphabetical order."""
    return sorted((passage.document, passage.text) for passage in library.passages)


def test_an_empty_shelf_says_what_to_do(shelf):
    assert (shelf.is_empty, shelf.version) == (True, None)
    with pytest.raises(NothingIngested, match="run `desk ingest`"):
        shelf.read()


def test_what_was_ingested_is_read_as_it_was(shelf, written):
    done = shelf.ingest([written("boats.md", paper("The ferry leaves at noon.")), written("day.md", AGENDA)])

    assert shelf.read() == done.library
    assert [document.stem for document in done.read] == ["boats", "day"]


def test_a_document_replaces_what_it_held_before(shelf, written):
    shelf.ingest([written("boats.md", paper("The ferry leaves at noon.")), written("bus.md", paper("A bus runs."))])

    shelf.ingest([written("boats.md", paper("The ferry leaves at one."))])

    assert told(shelf.read()) == [("boats", "The ferry leaves at one."), ("bus", "A bus runs.")]


def test_a_document_of_another_kind_of_file_replaces_it_too(shelf, written):
    shelf.ingest([written("boats.md", paper("The ferry leaves at noon."))])

    shelf.ingest([written("boats.html", "<h1>Boats</h1><h2>Ferry</h2><p>The ferry leaves at one today.</p>")])

    assert told(shelf.read()) == [("boats", "The ferry leaves at one today.")]


def test_only_makes_the_given_documents_the_whole_library(shelf, written):
    shelf.ingest([written("boats.md", paper("The ferry leaves at noon.")), written("bus.md", paper("A bus runs."))])

    shelf.ingest([written("bus.md", paper("Two buses run."))], only=True)

    assert told(shelf.read()) == [("bus", "Two buses run.")]


def test_unchanged_passages_are_not_embedded_again(shelf, written, embeddings):
    two = paper("The ferry leaves at noon.") + "\n## Bus {#event.theme}\n\nA bus runs.\n"
    shelf.ingest([written("boats.md", two)])
    embeddings.embedded.clear()

    done = shelf.ingest([written("boats.md", two.replace("A bus", "No bus"))])

    assert done.embedded == 1
    assert embeddings.embedded.count("No bus runs.") == 1


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("boats.md", b"", "boats.md: empty"),
        ("boats.md", b"x" * (20 * 2**20 + 1), "boats.md: too large: 20,971,521 bytes, 20,971,520 are allowed"),
        ("boats.pdf", b"%PDF-1.7\ncut", "boats.pdf: damaged: the end of the file is missing"),
        ("boats.docx", b"%PDF-1.7\n%%EOF", "boats.docx: misnamed: it is a PDF, not a .docx file"),
    ],
)
@pytest.mark.parametrize("only", [False, True])
def test_an_unreadable_file_leaves_its_document_as_it_was(shelf, written, name, content, reason, only):
    shelf.ingest([written("boats.md", paper("The ferry leaves at noon."))])

    done = shelf.ingest([written(name, content), written("bus.md", paper("A bus runs."))], only=only)

    assert list(map(str, done.unreadable)) == [reason]
    assert told(shelf.read()) == [("boats", "The ferry leaves at noon."), ("bus", "A bus runs.")]


def test_a_document_whose_name_stands_in_the_error_of_another_is_still_dropped(shelf, written):
    shelf.ingest([written("a.md", paper("The ferry leaves at noon.")), written("empty.md", paper("A bus runs."))])

    shelf.ingest([written("blank.md", b""), written("new.md", paper("Trains run."))], only=True)

    assert told(shelf.read()) == [("new", "Trains run.")]


def test_when_no_file_can_be_read_nothing_changes(shelf, written):
    shelf.ingest([written("boats.md", paper("The ferry leaves at noon."))])
    version = shelf.version

    with pytest.raises(NothingToIngest, match=r"^bus.md: empty; train.pdf: damaged or misnamed"):
        shelf.ingest([written("bus.md", b""), written("train.pdf", b"x")], only=True)

    assert shelf.version == version


def test_an_empty_folder_does_not_empty_the_library(shelf, written, tmp_path):
    shelf.ingest([written("boats.md", paper("The ferry leaves at noon."))])
    (tmp_path / "nothing").mkdir()

    with pytest.raises(NothingToIngest, match=r"no documents in .*nothing"):
        shelf.ingest([tmp_path / "nothing"], only=True)

    assert told(shelf.read()) == [("boats", "The ferry leaves at noon.")]


def test_a_path_that_does_not_exist_is_named(shelf, papers):
    with pytest.raises(UnreadableDocument, match=r"gone.md: no such file or folder$"):
        shelf.ingest([papers / "gone.md"])


def test_of_two_files_with_one_name_the_first_is_read_and_the_other_reported(shelf, written, papers):
    written("a/boats.md", paper("The ferry leaves at noon."))
    written("b/boats.txt", "The ferry leaves at one, says the other file of that name.")

    done = shelf.ingest([papers])

    assert told(done.library) == [("boats", "The ferry leaves at noon.")]
    assert [str(error).partition(": ")[2][:8] for error in done.unreadable] == ["not read"]


def test_names_of_documents_ingested_before_stay(shelf, written, papers):
    written("names/fr.yaml", "names: {Boat trip: {name: Croisière}}")
    written("day.md", AGENDA)
    shelf.ingest([papers])

    shelf.ingest([written("bus.md", paper("A bus runs."))])
    (papers / "names" / "fr.yaml").write_text("names: {Ferry: {name: Bac}}")
    shelf.ingest([papers])

    names = shelf.read().names
    assert (names.of("Boat trip", "fr"), names.of("Ferry", "fr")) == ("Croisière", "Bac")


def french(library):
    return [dict(passage.translations).get("fr") for passage in library.passages]


def test_a_translation_of_a_text_that_has_changed_is_left_out(shelf, written, papers):
    written("names/fr.yaml", 'passages: {"boats/ferry": "Le bac part à midi."}')
    boats = written("boats.md", paper("The ferry leaves at noon."))
    before = french(shelf.ingest([papers]).library)

    boats.write_text(paper("The ferry leaves at one."))
    done = shelf.ingest([boats])

    assert (before, french(shelf.read())) == (["Le bac part à midi."], [None])
    assert done.outdated == ("boats/ferry (fr)",)


def test_an_outdated_translation_comes_back_only_when_it_is_changed_too(shelf, written, papers):
    written("names/fr.yaml", 'passages: {"boats/ferry": "Le bac part à midi."}')
    boats = written("boats.md", paper("The ferry leaves at noon."))
    shelf.ingest([papers])
    boats.write_text(paper("The ferry leaves at one."))

    seen = [french(shelf.ingest([papers]).library) for _ in range(2)]
    written("names/fr.yaml", 'passages: {"boats/ferry": "Le bac part à une heure."}')

    assert seen == [[None], [None]]
    assert french(shelf.ingest([papers]).library) == ["Le bac part à une heure."]


def test_the_version_changes_with_every_ingest(shelf, written):
    versions = set()
    for text in ("The ferry leaves at noon.", "The ferry leaves at one.", "The ferry leaves at one."):
        shelf.ingest([written("boats.md", paper(text))])
        versions.add(shelf.version)

    assert len(versions) == 3


def test_vectors_of_names_that_belong_to_another_library_are_made_anew(shelf, written, home, tmp_path):
    done = shelf.ingest([written("day.md", AGENDA)])
    right = shelf.linker(done.library)._vectors
    (home / "names.npz").replace(tmp_path / "old.npz")
    shelf.ingest([written("day.md", AGENDA.replace("Boat trip", "Bus tour"))])

    (tmp_path / "old.npz").replace(home / "names.npz")  # as after a crash between the two files
    linker = shelf.linker(shelf.read())

    assert linker._vectors.shape == right.shape
    assert np.abs(linker._vectors - right).max() > 0.01
    assert np.abs(linker._vectors - SentenceEncoder().encode([t for ts in linker.texts for t in ts])).max() < 0.01


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04cut", b"nonsense"])
def test_damaged_vectors_of_names_are_made_anew(shelf, written, home, content):
    done = shelf.ingest([written("day.md", AGENDA)])
    whole = shelf.linker(done.library)._vectors

    (home / "names.npz").write_bytes(content)

    assert np.abs(shelf.linker(done.library)._vectors - whole).max() < 0.01


def halved(stored):
    return stored[: len(stored) // 2]


def of_another_format(stored):
    return json.dumps(json.loads(stored) | {"format": 99}).encode()


def replaced(_):
    return b"[]"


def with_one_letter_changed(stored):
    return stored.replace(b"noon", b"moon")


@pytest.mark.parametrize("damage", [halved, of_another_format, with_one_letter_changed, replaced])
def test_a_damaged_library_is_named_with_what_to_do(shelf, written, home, damage):
    boats = written("boats.md", paper("The ferry leaves at noon."))
    shelf.ingest([boats])
    path = home / "library.json"
    path.write_bytes(damage(path.read_bytes()))

    for attempt in (shelf.read, lambda: shelf.ingest([boats])):
        with pytest.raises(LibraryDamaged, match=r"library.json .* with `desk ingest --only"):
            attempt()

    assert told(shelf.ingest([boats], only=True).library) == [("boats", "The ferry leaves at noon.")]


def test_a_search_during_an_ingest_finds_either_version_never_neither_or_both(shelf, written, home):
    texts = ["The ferry leaves at noon.", "The ferry leaves at one."]
    shelf.ingest([written("boats.md", paper(texts[0]))])
    seen, done = [], threading.Event()

    def search():
        while not done.is_set():
            index = PassageIndex(home / "chroma", WordEmbeddings(), name="words")
            index.serve(shelf.read().passages)
            hits = index.search("When does the ferry leave?", np.zeros(64), k=5, documents=["boats"])
            seen.append([hit.passage.text for hit in hits])

    reader = threading.Thread(target=search)
    reader.start()
    try:
        for turn in range(1, 9):
            shelf.ingest([written("boats.md", paper(texts[turn % 2]))])
    finally:
        done.set()
        reader.join()

    assert sorted(set(map(tuple, seen))) == [(text,) for text in sorted(texts)]


def test_of_two_processes_that_ingest_at_once_neither_is_lost(shelf, written, home):
    files = [written(f"paper-{n}.md", paper(f"Ferry number {n} leaves at noon.")) for n in range(3)]
    command = [sys.executable, "-c", ADD_ONE, str(home)]
    environment = {"PYTHONPATH": str(Path(__file__).parents[2])}

    started = [subprocess.Popen([*command, str(path)], env=environment) for path in files]

    assert [process.wait(timeout=60) for process in started] == [0, 0, 0]
    assert [document.stem for document in shelf.read().documents] == ["paper-0", "paper-1", "paper-2"]


def test_what_an_ingest_would_do_is_told_and_not_done(shelf, written):
    shelf.ingest([written("roundtable.md", AGENDA)])
    before = shelf.version

    tried = shelf.tried([written("roundtable.md", AGENDA.replace("19:00", "20:00"))])

    assert [session.start.hour for session in tried.library.programme.sessions] == [9, 20]
    assert [session.start.hour for session in shelf.read().programme.sessions] == [9, 19]
    assert shelf.version == before


def test_documents_of_another_folder_stand_in_place_of_those_of_the_same_name(shelf, written, papers, tmp_path):
    written("roundtable.md", AGENDA)
    written("ferry.md", paper("Every hour."))
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    (uploads / "roundtable.txt").write_text(AGENDA.replace("19:00", "20:00"))
    (uploads / ".aside").mkdir()
    (uploads / ".aside" / "ferry.md").write_text(paper("Never."))

    done = shelf.ingest([papers], instead=uploads)

    assert [session.start.hour for session in done.library.programme.sessions] == [9, 20]
    assert {stem: one.file for stem, one in done.library.origins.items()} == {
        "ferry": "ferry.md",
        "roundtable": "roundtable.txt",
    }
    assert done.unreadable == ()


def test_when_a_document_was_read_is_kept_and_that_of_the_others_stays(home, embeddings, written):
    moments = iter([datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 2, tzinfo=UTC)])
    index = PassageIndex(home / "chroma", embeddings, name="words")
    shelf = Shelf(home, index, SentenceEncoder(), {}, now=lambda: next(moments))

    shelf.ingest([written("roundtable.md", AGENDA)])
    shelf.ingest([written("ferry.md", paper("Every hour."))])

    assert {stem: one.read.day for stem, one in shelf.read().origins.items()} == {"roundtable": 1, "ferry": 2}


def test_a_library_from_before_origins_were_kept_can_be_read(shelf, home, written):
    shelf.ingest([written("roundtable.md", AGENDA)])
    whole = json.loads((home / "library.json").read_text())
    content = {name: whole[name] for name in ("documents", "names", "approvals")}
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    (home / "library.json").write_text(json.dumps({"format": 1, "digest": digest, **content}))

    library = shelf.read()

    assert ([document.stem for document in library.documents], dict(library.origins)) == (["roundtable"], {})
