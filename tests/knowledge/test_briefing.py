import pytest

from knowledge.briefing import Briefing, Coverage, Period, Slot, Statement, certainty_of, read_briefing
from knowledge.documents import Document, Paragraph, Section, Table, read_document
from knowledge.programme import Certainty
from tests.knowledge.conftest import DATA


def briefing_of(*sections: tuple[str, str]) -> Briefing:
    made = tuple(
        Section(heading, "", tuple(Paragraph(line) for line in text.split("\n"))) for heading, text in sections
    )
    return read_briefing(Document("paper", "Paper", {}, made, ""), "Lindmoor")


@pytest.mark.parametrize(
    ("text", "part", "month", "year", "is_open"),
    [
        ("Mid-September 2026 (dates to be confirmed)", "mid", 9, 2026, True),
        ("early May 2031, TBC", "early", 5, 2031, True),
        ("June 2027", "", 6, 2027, False),
        ("in late October, 2026", "late", 10, 2026, False),
        ("to be announced", "", 0, 0, True),
    ],
)
def test_period_is_read(text, part, month, year, is_open):
    period = briefing_of(("Time", text)).period

    assert period == Period(part, month, year, is_open, Statement(text, "paper", "Time"))


def test_open_period_is_to_be_confirmed():
    periods = [briefing_of(("Date", text)).period for text in ("May 2031 (TBC)", "May 2031")]

    assert [certainty_of(period) for period in periods if period] == [Certainty.TO_BE_CONFIRMED, Certainty.CONFIRMED]


@pytest.mark.parametrize(
    ("text", "delegates", "items"),
    [
        (
            "The host covers accommodation and local transport for 3 delegates per city.",
            3,
            ("accommodation", "transport"),
        ),
        ("Hotels are paid for two persons. Flights are not.", 2, ("accommodation",)),
        ("Meals and air tickets for five people.", 5, ("meals", "flights")),
    ],
)
def test_coverage_is_read_from_the_sentence_that_names_the_delegates(text, delegates, items):
    coverage = briefing_of(("Expenses", text)).coverage

    assert isinstance(coverage, Coverage)
    assert (coverage.delegates, coverage.items) == (delegates, items)


@pytest.mark.parametrize("text", ["The host covers rooms.", "3 delegates may come.", "Costs are shared."])
def test_no_coverage_without_items_and_delegates(text):
    assert briefing_of(("Expenses", text)).coverage is None


def test_theme_and_subthemes_are_read():
    briefing = briefing_of(("Tentative theme", "Theme: One Lake\nSubtheme 1: Shores\nSub-theme 2 - Boats"))

    assert briefing.theme == Statement("One Lake", "paper", "Tentative theme")
    assert [statement.text for statement in briefing.subthemes] == ["Shores", "Boats"]
    assert briefing.is_tentative


def test_what_is_not_stated_is_missing():
    briefing = briefing_of(("Greetings", "Welcome to the lake."))

    assert (briefing.period, briefing.coverage, briefing.theme, briefing.subthemes, briefing.statements) == (
        None,
        None,
        None,
        (),
        {},
    )


def test_invitation_is_found_wherever_it_stands():
    briefing = briefing_of(("Remarks", "Bring a pen. The official invitation will be signed by the mayor. Thank you."))

    assert briefing.invitation == Statement("The official invitation will be signed by the mayor.", "paper", "Remarks")


def test_section_is_cited_by_its_number():
    section = Section("Organizer", "II", (Paragraph("Town Council"),))
    document = Document("paper", "Paper", {}, (section, Section("Agenda", "III", (Table(()),))), "")

    briefing = read_briefing(document, "Lindmoor")

    assert briefing.statements == {Slot.ORGANIZER: Statement("Town Council", "paper", "II")}
    assert briefing.agenda_section == "III"


def test_messy_invitation_of_another_town_is_read():
    briefing = read_briefing(read_document(DATA / "lindmoor-invitation.txt"), "Lindmoor")

    assert briefing.period is not None
    assert (briefing.period.part, briefing.period.month, briefing.period.year) == ("early", 5, 2031)
    assert (briefing.title, briefing.programme.days) == ("Round Table of Lake Towns Lindmoor 2031", (1, 2, 3, 4))
