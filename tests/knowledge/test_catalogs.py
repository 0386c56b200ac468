"""Every text exists in every language."""

import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import knowledge
from knowledge import message_ids
from knowledge.documents import read_document
from knowledge.languages import LANGUAGES
from knowledge.passages import passages_of
from knowledge.topics import catalogue

FOLDER = Path(knowledge.__file__).parent
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
# Frames of marks and values only, and words that other languages took over.
SAME_ON_PURPOSE = {
    "{start}–{end}",
    "{first} – {last}",
    "{title}: {when} ({certainty}).",
    "{title}: {when}.",
    "{document}, § {section}",
    "Dates",
    "Programme",
    "Wi-Fi",
    "hotel",
    "transport",
}
ENGLISH = re.compile(r"\b(?:the|and|are|stated|please|agenda is|delegates|organizers?|conference)\b", re.IGNORECASE)
ENGLISH_TOO = {"nl": {"are"}, "fr": {"conference"}}


def catalog(language: str) -> Catalog:
    with (FOLDER / "locale" / f"{language}.po").open("rb") as file:
        return read_po(file)


def texts(language: str) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalog(language) if message.id}


def placeholders(text: str) -> set[str]:
    names = {name for _, name, _, _ in Formatter().parse(text) if name}
    return {"month_year" if name == "month_year_genitive" else name for name in names}


def lexicon_file(language: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((FOLDER / "catalogue" / "lexicon" / f"{language}.yaml").read_text("utf-8"))
    return content


def names_file(language: str) -> dict[str, Any]:
    path = FOLDER / "briefings" / "names" / f"{language}.yaml"
    content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return content


def background_keys() -> set[str]:
    papers = [read_document(path) for path in sorted((FOLDER / "briefings").glob("*.md"))]
    backgrounds = [paper for paper in papers if paper.meta.get("authority") == "background"]
    return {passage.key for paper in backgrounds for passage in passages_of(paper, catalogue().topics)}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated_and_none_is_stale(language):
    translated = {text for text, translation in texts(language).items() if translation.strip()}

    assert translated == set(message_ids.message_ids())


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_the_placeholders(language):
    differing = [text for text, said in texts(language).items() if placeholders(text) != placeholders(said)]

    assert differing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_fuzzy(language):
    assert [message.id for message in catalog(language) if message.id and message.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_english_is_left_over(language):
    same = {text for text, said in texts(language).items() if text == said}
    said = {word.lower() for text in texts(language).values() for word in ENGLISH.findall(re.sub(r"{.*?}", "", text))}

    assert (same - SAME_ON_PURPOSE, said - ENGLISH_TOO.get(language, set())) == (set(), set())


def test_template_is_up_to_date():
    assert message_ids.TEMPLATE.read_text("utf-8") == message_ids.template()


@pytest.mark.parametrize("language", LANGUAGES)
def test_lexicons_have_the_same_keys(language):
    assert set(lexicon_file(language)) == set(lexicon_file("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_lexicons_know_the_same_cities_and_numbers(language):
    words, english = lexicon_file(language), lexicon_file("en")

    assert [set(words[key]) for key in ("cities", "ordinals", "numbers")] == [
        set(english[key]) for key in ("cities", "ordinals", "numbers")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_lexicons_hold_words_only(language):
    lists = [value for value in lexicon_file(language).values() if isinstance(value, list)]

    assert [word for words in lists for word in words if not (isinstance(word, str) and word.strip())] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_name_of_the_pack_is_translated(language):
    named = {wording for wording, entry in names_file(language)["names"].items() if entry["name"].strip()}

    assert named == set(names_file("en")["names"])


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_passage_of_the_background_papers_is_translated(language):
    translated = {key for key, text in names_file(language)["passages"].items() if text.strip()}

    assert translated == background_keys()


@pytest.mark.parametrize("language", TRANSLATED)
def test_translated_passages_keep_the_numbers(language):
    originals = {
        passage.key: passage.text
        for path in sorted((FOLDER / "briefings").glob("*.md"))
        for passage in passages_of(read_document(path), catalogue().topics)
    }

    years = {key: sorted(set(re.findall(r"(?:19|20)\d\d", originals[key]))) for key in background_keys()}
    kept = {
        key: [year for year in years[key] if year in text] for key, text in names_file(language)["passages"].items()
    }

    assert kept == years
