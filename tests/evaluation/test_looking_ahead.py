"""Many messages read at once mean what each means alone."""

from knowledge import Unread

EVERY = 5  # of the questions
BATCH = 16


def test_what_is_looked_at_ahead_is_read_and_answered_as_alone(questions, pack_librarian):
    _, items = questions
    asked = [item.question for item in items[::EVERY]]

    pack_librarian.forget()
    alone = [understood(pack_librarian, text) for text in asked]
    pack_librarian.forget()
    for start in range(0, len(asked), BATCH):
        pack_librarian.look_ahead([Unread(text, "en") for text in asked[start : start + BATCH]])

    assert all(pack_librarian.read_already(Unread(text, "en")) for text in asked)
    assert [understood(pack_librarian, text) for text in asked] == alone


def test_nothing_is_looked_at_ahead_without_harm(pack_librarian):
    pack_librarian.look_ahead([Unread("", "en"), Unread("🙏", "ar"), Unread("?", "th")])

    assert pack_librarian.answer("🙏", language="ar").text


def test_a_question_is_answered_ahead_as_it_will_be_asked(pack_librarian):
    unread = Unread("and the third one?", "en", ("Which routes are there?",), spoken="fr")
    pack_librarian.forget()
    pack_librarian.look_ahead([unread])
    found = pack_librarian.read_already(unread)

    assert found.answer.language == "fr"
    assert found.answer is pack_librarian.answer(
        found.message.text, language="fr", history=["Which routes are there?"], spoken="fr"
    )


def understood(librarian, text):
    message = librarian.read(text, language="en")
    wishes = [wish for wish, _ in message.likely[:2]]
    return message.language, wishes, message.places, message.people, librarian.answer(text, language=message.language)
