"""Our verdicts and those of a scorer that somebody else wrote: two readings of the same rules."""

import importlib.util
import json
import sys

import pytest

from knowledge.evaluation import judge
from knowledge.labelled import read_questions
from knowledge.librarian import Answer

AGREED = 0.99  # of the items; two readings of a time or an ending may differ


@pytest.fixture(scope="module")
def scorer(scorer_folder):
    spec = importlib.util.spec_from_file_location("scorer_of_others", scorer_folder / "score.py")
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode  # the folder may not be ours to write to
    spec.loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


def test_another_scorer_comes_to_the_same_verdicts(scorer, scorer_folder, pack_librarian):
    file = scorer_folder / "questions.dev.jsonl"
    entries = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]

    differing = []
    for item, entry in zip(read_questions(file), entries, strict=True):
        found = pack_librarian.answer(item.question, history=item.history)
        answered, sources = isinstance(found, Answer), sorted({source.document for source in found.sources})
        ours = judge(item, found.text, answered=answered, sources=sources)
        answer = {"reply": found.text, "answered": answered, "sources": sources}
        theirs = scorer.judge(entry, answer, strict=True, limit=2000)
        if ours.passed != theirs["ok"]:
            differing.append((item.id, ours.faults, theirs))

    assert len(differing) <= (1 - AGREED) * len(entries), differing
