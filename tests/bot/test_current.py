import logging

from bot.current import CurrentLibrarian
from knowledge.snapshot import LibraryDamaged
from tests.fakes import EchoingLibrary


class Publisher:
    """Stand for the shelf: has a version, and libraries that know one topic each."""

    def __init__(self, *topics):
        self.version = 1
        self.readings = 0
        self.topics = topics

    def librarian(self, _):
        self.readings += 1
        if not self.topics:
            raise LibraryDamaged("library.json is damaged")
        return EchoingLibrary(*self.topics)


def current(publisher):
    return CurrentLibrarian(lambda: publisher.version, publisher.librarian)


def test_the_library_is_read_once_as_long_as_it_stays_the_same():
    publisher = Publisher("dates")
    librarian = current(publisher)

    assert librarian.answer("When?", language="de", history=[]).text == "When?"
    assert librarian.about("dates", language="de").text == "about dates"
    assert publisher.readings == 1


def test_a_newer_library_answers_from_the_next_question_on():
    publisher = Publisher("dates")
    librarian = current(publisher)

    publisher.version, publisher.topics = 2, ("visits",)

    assert librarian.about("visits", language="de").text == "about visits"


def test_when_the_newer_library_is_damaged_the_one_before_goes_on(caplog):
    publisher = Publisher("dates")
    librarian = current(publisher)

    publisher.version, publisher.topics = 2, ()

    assert librarian.about("dates", language="de").text == "about dates"
    assert librarian.about("dates", language="de").text == "about dates"
    assert [(record.levelno, "damaged" in record.message) for record in caplog.records] == [(logging.WARNING, True)]
