"""What a web page holds beside its article -- menus, teasers, notices -- never comes back in a reply."""

import re

import pytest

from bot.app import Desk
from bot.settings import Settings
from knowledge.cleaning import own_lines
from knowledge.documents import find_documents
from knowledge.folding import fold
from knowledge.plaintext import decoded, text_content

SHORTEST = 12  # letters; "Home", "2023" and "Registration" may stand in a true reply, too


def lines_dropped(path):
    """Return what cleaning takes out of a file, as far as the rest of the file does not say it as well."""
    content = text_content(decoded(path.read_bytes()), markdown=path.suffix == ".md")
    own = own_lines(content.lines)
    kept = fold(" ".join(" ".join((line.text, *line.cells)) for line in own))
    dropped = [line.text for line in content.lines if line not in own]
    return [text for text in dropped if _tells_something(text) and fold(text) not in kept]


def _tells_something(text):
    return len(text) >= SHORTEST and len(re.findall(r"\w+", text)) > 1


@pytest.fixture(scope="module")
def librarian(real_documents, tmp_path_factory):
    desk = Desk(Settings(home=tmp_path_factory.mktemp("home"), _env_file=None))
    desk.shelf.ingest([real_documents])
    return desk.librarian()


def test_no_line_of_boilerplate_is_ever_in_a_reply(librarian, real_documents):
    dropped = {text for path in find_documents([real_documents]) for text in lines_dropped(path)}
    words = {" ".join(re.findall(r"\w{4,}", text)[:4]) for text in dropped}
    folded = {fold(text) for text in dropped}

    replies = [librarian.answer(asked).text for asked in (*sorted(dropped), *sorted(words)) if asked]

    assert len(dropped) > 20
    assert [text for reply in map(fold, replies) for text in folded if text in reply] == []
