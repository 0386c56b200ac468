import re
from collections import Counter
from pathlib import Path

import pytest

from knowledge.cleaning import boilerplate_marks, language_of, languages_in, own_lines
from knowledge.documents import Document, Paragraph, Table, read_document
from knowledge.lines import Kind, Line, cell_text
from knowledge.plaintext import text_lines
from tests.knowledge.conftest import DATA

LONG = "The mayors of the towns on the lake met for two days and spoke about the water and the ships on it. "
NEWS = ("guangzhou-2023-forum", "harbin-2026-dialogue", "nanning-2025-dialogue")


def paragraphs(document: Document) -> list[str]:
    return [block.text for section in document.sections for block in section.blocks if isinstance(block, Paragraph)]


def kept(*texts: str) -> list[str]:
    return [line.text for line in own_lines(text_lines("\n\n".join(texts)))]


def characters_lost(path: Path) -> Counter[str]:
    document = read_document(path)
    texts = [document.title]
    for section in document.sections:
        texts += [section.number, section.heading]
        for block in section.blocks:
            texts += [block.text] if isinstance(block, Paragraph) else [cell for row in block.rows for cell in row]
    markup = re.compile(r"<[^>]*>|\W")
    return Counter(markup.sub("", path.read_text())) - Counter(markup.sub("", " ".join(texts)))


def test_news_page_keeps_date_and_body_only() -> None:
    document = read_document(DATA / "port-halden-news.txt")

    assert document.title == "Mayors of six ports meet in Port Halden to plan quiet harbours"
    assert [text.split()[:3] for text in paragraphs(document)] == [
        ["March", "04,", "2030"],
        ["The", "meeting", "brought"],
        ["PORT", "HALDEN", "-"],
        ["The", "mayors", "in"],
        ["On", "the", "second"],
        ["The", "next", "meeting"],
    ]


def test_structured_document_loses_nothing() -> None:
    assert characters_lost(DATA / "lindmoor-invitation.txt") == Counter("amp")


def test_text_without_furniture_is_kept_whole() -> None:
    texts = ["Hotels", "Hotel Reed", "Hotel Otter", "Contact us at the desk", "Breakfast is from seven."]

    assert kept(*texts) == texts


def test_imprint_is_dropped_from_any_unstructured_text() -> None:
    assert kept(LONG.strip(), "Copyright © 2030. All rights reserved. 鄂ICP备12345678号") == [LONG.strip()]


def test_long_list_of_towns_is_not_a_menu_without_other_furniture() -> None:
    towns = ["Lindmoor", "Eastbay", "Port Halden", "Reedham", "Otterby", "Millford", "Saltmere", "Brackwater"]

    assert kept("These towns take part:", *towns) == ["These towns take part:", *towns]


def test_article_goes_on_after_a_box_with_a_teaser() -> None:
    menu = ["Home", "Ships", "Trains", "Money", "Photos", "Games"]
    article = ["Lake towns meet again in May", *((LONG * count).strip() for count in (3, 4, 5))]

    assert kept(*menu, *article[:2], "Related:", "Pier opens", *article[2:]) == article


def test_table_and_list_inside_an_article_are_kept() -> None:
    row = Line(Kind.ROW, cells=("Reed", "12 boats"))
    bullet = Line(Kind.BULLET, "The otters are counted twice a year")
    prose = Line(Kind.TEXT, LONG.strip())
    furniture = [Line(Kind.TEXT, text) for text in ("Latest News", "Pier opens", "Pier opens", "Sign in", "About us")]

    assert own_lines([prose, bullet, row, prose_again := Line(Kind.TEXT, LONG * 2), *furniture]) == [
        prose,
        bullet,
        row,
        prose_again,
    ]


def test_bilingual_document_keeps_both_languages() -> None:
    chinese = "各城市的市长在湖边举行了两天的会议，讨论了水质、船舶以及湖泊的保护，并同意明年春天再次见面。" * 3
    article = [LONG.strip(), chinese, (LONG * 2).strip(), f"{chinese}会议圆满结束。"]

    assert kept(*article, "Latest News", "Pier opens", "Pier opens", "Sign in", "About us") == article


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The mayors of the towns met on the lake", "en"),
        ("Les maires de la ville se réunissent pour le lac", "fr"),
        ("Die Städte treffen sich auf dem See und in der Stadt", "de"),
        ("Los alcaldes de la ciudad se reúnen en el lago", "es"),
        ("Мэры городов встретились на озере", "cyrillic"),
        ("各城市的市长在湖边举行会议", "han"),
        ("Lindmoor", ""),
    ],
)
def test_language_is_told_by_script_and_stop_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_notice_in_several_languages_is_seen() -> None:
    notice = "You can leave the list at any time by the link. Sie können die Liste mit dem Link verlassen."

    assert languages_in(notice) == {"en", "de"}


def test_long_paragraph_about_privacy_is_not_boilerplate() -> None:
    assert boilerplate_marks(LONG + "They agreed on the privacy of travellers.") == 1


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ('Opening <ul class="plain">· One· Two</ul>', "Opening\n· One\n· Two"),
        ("<p>Panel</p> <p>On <i>lakes</i> &amp; seas</p>", "Panel\nOn lakes & seas"),
        ("a<br>· b · c<br/>d", "a\n· b · c\nd"),
        ("· One · Two", "· One\n· Two"),
        ("Lakes · Lindmoor", "Lakes · Lindmoor"),
        ("<ul><li>One</li><li>Two</li></ul>", "· One\n· Two"),
        ("1 < 2 and <your name>", "1 < 2 and <your name>"),
        ("Tea&nbsp;time\0", "Tea time"),
    ],
)
def test_cell_is_stripped_of_markup(raw: str, text: str) -> None:
    assert cell_text(raw) == text


@pytest.mark.parametrize("stem", NEWS)
def test_real_news_keep_no_furniture(real_documents: Path, stem: str) -> None:
    document = read_document(real_documents / f"{stem}.txt")

    for text in paragraphs(document):
        assert language_of(text) in ("en", "")
        assert boilerplate_marks(text) == 0
    assert max(map(len, paragraphs(document))) > 400


@pytest.mark.parametrize(("stem", "count"), [(NEWS[0], 4), (NEWS[1], 8), (NEWS[2], 8), ("wuhan-friendship-cities", 10)])
def test_real_articles_keep_their_date_and_body(real_documents: Path, stem: str, count: int) -> None:
    assert len(paragraphs(read_document(real_documents / f"{stem}.txt"))) == count


def test_real_invitation_loses_nothing(real_documents: Path) -> None:
    assert characters_lost(real_documents / "wuhan-2026-invitation.txt") == Counter()


def test_real_tables_hold_no_markup(real_documents: Path) -> None:
    document = read_document(real_documents / "wuhan-2026-invitation.txt")

    tables = [block for section in document.sections for block in section.blocks if isinstance(block, Table)]
    assert len(tables) == 4
    assert not [cell for table in tables for row in table.rows for cell in row if "<" in cell or "style" in cell]
