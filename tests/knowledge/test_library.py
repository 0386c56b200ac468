import pytest

from knowledge.documents import Document, Paragraph, Section, Table
from knowledge.library import Authority, Library
from knowledge.names import Names
from knowledge.topics import catalogue

TOPICS = catalogue().topics
DAY = Table((("Time", "Content"), ("09:00-10:00", "Opening"), ("10:00-11:00", "Coffee break")))
SHORT_DAY = Table((("Time", "Content"), ("09:00-10:00", "Opening")))


def document(stem, *sections, title="", **meta):
    blocks = tuple(
        Section(heading, "", (block if isinstance(block, Table) else Paragraph(block),)) for heading, block in sections
    )
    return Document(stem, title or stem, meta, blocks, "0" * 64)


def library(*documents, names=None):
    return Library.of(documents, names or Names(), TOPICS)


INVITATION = document("invitation", ("Day 1", DAY), title="Roundtable in Lindmoor", city="Lindmoor")
HARBIN = document("harbin", ("Dates {#event.dates}", "It was held in January."), city="Harbin")
TOWN = document("town", ("Partners", "Lindmoor has nine partner cities."), city="Lindmoor")


def test_a_document_with_an_agenda_is_a_briefing_and_any_other_background():
    assert library(INVITATION, HARBIN).authority == {
        "harbin": Authority.BACKGROUND,
        "invitation": Authority.BRIEFING,
    }


def test_front_matter_says_whose_word_counts():
    notice = document("notice", ("Shuttle", "A bus leaves at nine."), authority="staff")

    assert library(notice).authority == {"notice": Authority.STAFF}


def test_the_home_event_is_the_one_with_the_fullest_agenda():
    draft = document("draft", ("Day 1", SHORT_DAY), title="Roundtable in Lindmoor")

    assert library(draft, INVITATION).home.document == "invitation"


def test_the_agenda_of_a_background_document_is_never_the_home_events():
    elsewhere = document("elsewhere", ("Day 1", DAY), title="Forum in Harbin", authority="background")

    assert library(elsewhere, HARBIN).home is None


@pytest.mark.parametrize("documents", [(), (HARBIN,)])
def test_without_an_agenda_there_is_no_home_event(documents):
    found = library(*documents)

    assert (found.home, found.programme, found.other_events, found.home_background) == (None, None, {}, ())


def test_events_of_other_cities_are_told_from_papers_on_the_host_city():
    found = library(INVITATION, HARBIN, TOWN)

    assert (found.other_events, found.home_background) == ({"Harbin": (HARBIN,)}, ("town",))


def test_a_city_is_the_stated_one_else_that_of_the_title_else_the_one_named_most():
    titled = document("titled", ("Text", "Nanning, Nanning."), title="Mayors meet in Harbin")
    counted = document("counted", ("Text", "Nanning and Harbin, then Nanning again."), title="Mayors meet")
    silent = document("silent", ("Text", "Nothing of the kind."), title="Mayors meet")

    assert library(titled, counted, silent).city == {"counted": "Nanning", "silent": "", "titled": "Harbin"}


def test_only_documents_that_speak_for_the_home_event_are_evidence_for_it_staff_after_the_briefing():
    briefing = document("b", ("Day 1", DAY), ("Dress {#practical.dress}", "Wear what you like."))
    staff = document("a", ("Dress {#practical.dress}", "Bring a coat."), authority="staff")
    background = document("c", ("Dress {#practical.dress}", "Suits were worn."), authority="background")

    evidence = library(staff, briefing, background).evidence("practical.dress")

    assert [passage.text for passage in evidence] == ["Wear what you like.", "Bring a coat."]


def test_passages_carry_their_translations():
    names = Names(passages={"harbin/dates": {"fr": "Il a eu lieu en janvier."}})

    (passage,) = library(HARBIN, names=names).passages

    assert passage.translations == (("fr", "Il a eu lieu en janvier."),)


def test_a_source_is_named_by_its_label_else_by_its_file():
    found = library(document("a", ("T", "Text of it."), label="News of Harbin"), HARBIN)

    assert (found.label("a"), found.label("harbin")) == ("News of Harbin", "harbin")


def test_an_event_is_named_by_front_matter_else_by_city_and_year():
    named = document("named", ("T", "Text of it."), event="Harbin Forum", city="Harbin")
    dated = document("dated", ("T", "Text of it."), city="Nanning", date="2025-01-15")
    found = library(named, dated)

    assert (found.event_name("named"), found.event_name("dated")) == ("Harbin Forum", "Nanning 2025")


def test_background_without_a_date_is_undated_and_a_briefing_never():
    dated = document("dated", ("T", "Text of it."), year="2025")
    found = library(dated, HARBIN, INVITATION)

    assert [found.is_undated(stem) for stem in ("dated", "harbin", "invitation")] == [False, True, False]
