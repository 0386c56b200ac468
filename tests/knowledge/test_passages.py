import pytest

from knowledge.documents import Document, Paragraph, Section, Table
from knowledge.passages import Passage, passages_of, sentences
from knowledge.topics import catalogue

LONG = "The lake towns met for the tenth time"


def passages(*sections: Section) -> list[Passage]:
    return passages_of(Document("paper", "Paper", {}, sections, ""), catalogue().topics)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (f"{LONG}. They talked about boats.", [f"{LONG}.", "They talked about boats."]),
        (f"{LONG} on Jan. 5 in Lindmoor.", [f"{LONG} on Jan. 5 in Lindmoor."]),
        (f"{LONG}, said J. Smith.", [f"{LONG}, said J. Smith."]),
        (f"{LONG}. Yes.", [f"{LONG}.", "Yes."]),
        ("Yes. It did, and everybody came.", ["Yes. It did, and everybody came."]),
        (f"{LONG}!”  Then they left for home.", None),
        ("湖泊城市圆桌会议将于五月在林德摩尔举行，市长将讨论湖泊。 各城市参加。", None),
    ],
)
def test_text_is_cut_into_sentences(text, pieces):
    cut = sentences(text)

    assert cut == pieces if pieces else len(cut) == 2


def test_every_sentence_is_a_passage_of_its_section():
    made = passages(Section("News", "IV", (Paragraph(f"{LONG}. They talked at length about the boats."),)))

    assert [(p.text, p.section, p.heading) for p in made] == [
        (f"{LONG}.", "IV", "News"),
        ("They talked at length about the boats.", "IV", "News"),
    ]


def test_labelled_section_is_one_passage_of_its_topic():
    made = passages(Section("Dates {#event.dates}", "", (Paragraph(f"{LONG}."), Paragraph("It was in May 2031."))))

    assert [(p.text, p.topics, p.key) for p in made] == [
        (f"{LONG}. It was in May 2031.", ("event.dates",), "paper/dates")
    ]


def test_sentence_is_evidence_for_the_topics_whose_words_it_holds():
    made = passages(Section("News", "", (Paragraph("The gala ended with an award for the best boat."),)))

    assert made[0].topics == ("event.award",)


def test_timetable_of_a_day_is_no_passage():
    rows = (("09:00", "Opening of the meeting in the hall"),)

    texts = [p.text for p in passages(Section("Day 2", "", (Table(rows),)), Section("Prices", "", (Table(rows),)))]

    assert texts == ["09:00 · Opening of the meeting in the hall"]


def test_identity_depends_on_place_and_text():
    one, same, other = (
        passages(Section(heading, "", (Paragraph(f"{LONG}."),)))[0].id for heading in ("News", "News", "Old news")
    )

    assert one == same != other
