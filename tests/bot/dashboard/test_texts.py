"""What the pages say is translated, all of it and nothing else."""

import re

import pytest
from babel.messages.pofile import read_po

from bot.dashboard import briefings
from bot.dashboard.broadcasts import DEEDS, KINDS, LABELS
from bot.dashboard.confirming import DONE
from bot.dashboard.routes import ROUTES
from bot.dashboard.shell import _MENU, _ROLES, DELIVERIES, FOLDER
from bot.store.log import Act
from bot.store.receipts import NO_ADDRESS

SAID = re.compile(r"""\bsay\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
TEXTS = {
    one or other
    for path in [*FOLDER.rglob("*.html"), *FOLDER.rglob("*.py")]
    for one, other in SAID.findall(path.read_text("utf-8"))
}
MENDED = re.compile(r'raise ValueError\("([^"]+)"\)')
TEXTS |= {
    text for page in ("broadcasts.py", "programme.py") for text in MENDED.findall((FOLDER / page).read_text("utf-8"))
}
TEXTS |= {*KINDS.values(), *DEEDS.values(), *DELIVERIES.values(), *(label for label, _ in LABELS.values())}
TEXTS |= {briefings.TAKEN, briefings.OTHERWISE, *briefings.KINDS.values(), *briefings.REASONS.values()}
TEXTS |= {"signed in", DONE, *Act, NO_ADDRESS}  # of the log, and of who is to be called
TEXTS |= {label for _, label in _MENU} | set(_ROLES.values()) | {route.does for route in ROUTES if route.does}
CATALOGS = sorted((FOLDER / "locale").glob("*.po"))


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.stem)
def test_every_text_is_translated_with_its_placeholders(path):
    with path.open("rb") as file:
        told = {message.id: message.string for message in read_po(file) if message.id}

    assert sorted(TEXTS - set(told)) == []
    assert sorted(set(told) - TEXTS) == []
    assert [text for text in TEXTS if not told[text]] == []
    assert [t for t in TEXTS if set(PLACEHOLDER.findall(t)) != set(PLACEHOLDER.findall(told[t]))] == []


def test_there_is_a_catalog_for_chinese():
    assert "zh" in [path.stem for path in CATALOGS]
