"""The same question in another writing gets as good a reply: at most five points fewer pass."""

from dataclasses import replace

import pytest

from knowledge.evaluation import examine, failures, figures
from knowledge.labelled import Labelled
from knowledge.languages import LANGUAGES
from tests.evaluation.perturbations import (
    LEADS,
    PERTURBATIONS,
    in_capitals,
    with_event_named,
    with_typing_errors,
)

MOST_LOST = 0.05
ASKED = Labelled("q", "en", "fact", "When does the ferry leave Lindmoor?", answerable=True)


@pytest.fixture(scope="session")
def plain(questions, pack_librarian):
    """The verdicts on the questions as they are, by id."""
    _, items = questions
    return {verdict.item.id: verdict for verdict in examine(pack_librarian, items)}


@pytest.mark.parametrize("perturbation", PERTURBATIONS, ids=lambda perturbation: perturbation.name)
def test_another_writing_is_answered_as_well(perturbation, questions, plain, pack_librarian, shown):
    name, items = questions
    perturbed = examine(pack_librarian, perturbation.of(items))
    before = figures([plain[verdict.item.id] for verdict in perturbed]).total.overall
    after = figures(perturbed).total.overall
    shown.append(f"{name:4} {perturbation.name:12}{before!s:>18}  ->{after!s:>18}")

    lost = before.share - after.share
    worse = figures([verdict for verdict in perturbed if plain[verdict.item.id].passed])
    assert lost <= MOST_LOST, "\n".join(failures(worse))


@pytest.mark.parametrize("lead", LEADS)
def test_every_language_has_its_leads(lead):
    assert sorted(LEADS[lead]) == sorted(LANGUAGES)


def test_typing_errors_are_the_same_in_every_run():
    written = with_typing_errors(ASKED)

    assert (written, written == with_typing_errors(ASKED)) == ("When does the frery leaev Linndmoor?", True)


def test_turkish_capitals_keep_their_dots():
    asked = Labelled("q", "tr", "fact", "Açılış saat kaçta biter?", answerable=True)

    assert in_capitals(asked) == "AÇILIŞ SAAT KAÇTA BİTER?"


@pytest.mark.parametrize(
    ("language", "question", "written"),
    [
        ("en", "When is it?", "At the Wuhan conference, when is it?"),
        ("en", "I came late. What now?", "At the Wuhan conference, I came late. What now?"),
        ("en", "VIP lounge?", "At the Wuhan conference, VIP lounge?"),
        ("es", "¿A qué hora?", "En la conferencia de Wuhan, ¿a qué hora?"),
        ("de", "Wann ist es?", "Zur Konferenz in Wuhan: Wann ist es?"),
        ("zh", "几点?", "在武汉的大会上，几点?"),
    ],
)
def test_the_event_leads_into_the_question(language, question, written):
    assert with_event_named(replace(ASKED, language=language, question=question)) == written
