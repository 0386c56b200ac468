import asyncio
import logging

from bot.current import CurrentLibrarian
from knowledge import Unread
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


class Ahead(EchoingLibrary):
    """Look ahead at everything but what is poison."""

    def __init__(self):
        super().__init__()
        self.looked_at = []

    def look_ahead(self, messages):
        if any("poison" in message.text for message in messages):
            raise ZeroDivisionError
        self.looked_at.append([message.text for message in messages])

    def read_already(self, message):
        return None


async def test_what_comes_at_the_same_time_is_looked_at_together_and_a_failure_is_left_to_who_reads_it():
    ahead = Ahead()
    librarian = CurrentLibrarian(lambda: 1, lambda _: ahead)

    await asyncio.gather(*(librarian.look_ahead(Unread(text, "de")) for text in ("When?", "Where?")))
    await librarian.look_ahead(Unread("poison", "de"))

    assert ahead.looked_at == [["When?", "Where?"]]


class Reading:
    """Stand for the process that reads in a rush."""

    def __init__(self):
        self.is_ready = False
        self.asked = []

    def start(self):
        self.is_ready = True

    async def look_ahead(self, edition, known, messages):
        self.asked.append((edition, known, [message.text for message in messages]))
        return [None for _ in messages]


class Learning(Ahead):
    """Keep what it is taught."""

    def learn(self, message, read):
        raise AssertionError("nothing was read in it")


async def test_few_messages_are_read_here_and_a_rush_in_another_process():
    ahead, apart = Learning(), Reading()
    librarian = CurrentLibrarian(lambda: 1, lambda _: ahead, apart)

    await librarian.look_ahead(Unread("When?", "de"))
    await asyncio.gather(*(librarian.look_ahead(Unread(text, "de")) for text in "abcd"))

    assert ahead.looked_at == [["When?"]]
    assert apart.asked == [(librarian.edition, librarian.known, ["a", "b", "c", "d"])]
