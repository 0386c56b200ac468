"""What the tests of the knowledge package share."""

import os
import re
from pathlib import Path

import pytest

DATA = Path(__file__).parent / "data"


def found(pattern: str, text: str) -> str | None:
    """Return what a regular expression finds in text."""
    match = re.search(pattern, text)
    return match.group() if match else None


@pytest.fixture(scope="session")
def real_documents() -> Path:
    """The folder of the real briefing documents, which are not part of the repository."""
    folder = os.environ.get("DESK_TEST_BRIEFING")
    if not folder:
        pytest.skip("NOT TESTED ON REAL DOCUMENTS: set DESK_TEST_BRIEFING to the folder that holds them")
    return Path(folder)
