import json

import pytest

from bot.batch import BadQuestion, Question, answered, read_questions
from tests.fakes import EchoingLibrary


def read(*lines):
    return list(read_questions(line if isinstance(line, str) else json.dumps(line) for line in lines))


def test_questions_are_read_with_what_is_known_of_the_person():
    asked = {"id": "q1", "question": "And then?", "lang": "fr", "history": ["When?"]}

    assert read(asked, "", {"question": "Where?"}) == [
        Question("q1", "And then?", "fr", ("When?",)),
        Question("3", "Where?"),
    ]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("{", "line 1: not JSON (Expecting property name enclosed in double quotes)"),
        ("[" * 100_000, "line 1: not JSON that can be read"),
        ("5", 'line 1: expected {"id": "...", "question": "..."}'),
        ({"question": None}, 'line 1: expected {"id": "...", "question": "..."}'),
        ({"question": "?", "lang": 5}, 'line 1: "lang" is to be a language such as "fr"'),
        ({"question": "?", "history": "a"}, 'line 1: "history" is to be a list of questions'),
        ({"question": "?", "history": [5]}, 'line 1: "history" is to be a list of questions'),
    ],
)
def test_a_line_that_is_no_question_is_told_and_the_next_one_read(line, error):
    bad, good = read(line, {"id": "q", "question": "Where?"})

    assert (type(bad), str(bad), good) == (BadQuestion, error, Question("q", "Where?"))


async def test_an_answer_is_printed_with_all_its_fields():
    answer = await answered(Question("q1", "Where?", "fr"), EchoingLibrary(), None, fallback="en")

    assert answer.pop("ms") > 0
    assert answer == {
        "id": "q1",
        "reply": "Where?",
        "answered": True,
        "sources": ["invitation"],
        "certainty": "draft",
        "lang": "fr",
    }


@pytest.mark.parametrize(
    ("question", "language"),
    [
        (Question("1", "WiFi?"), "de"),
        (Question("1", "WiFi?", "pt-BR"), "pt"),
        (Question("1", "WiFi?", "tlh"), "de"),
        (Question("1", "WiFi?", "ko", ("Où ?",)), "ko"),
        (Question("1", "WiFi?", None, ("Où ?",)), "en"),  # the library tells it from the history
    ],
)
async def test_the_language_is_the_stated_one_else_that_of_earlier_questions_else_the_setting(question, language):
    answer = await answered(question, EchoingLibrary(), None, fallback="de")

    assert answer["lang"] == language
