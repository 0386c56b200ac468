import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from docx import Document as new_word_file  # noqa: N813 - it is a function
from docx.document import Document as WordFile
from docx.oxml.ns import qn
from reportlab.lib import pagesizes, pdfencrypt  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from knowledge import documents
from knowledge.documents import (
    Document,
    Paragraph,
    Section,
    Table,
    UnreadableDocument,
    find_documents,
    read_document,
)
from tests.knowledge.conftest import DATA

CHINESE = "湖泊城市圆桌会议将于五月在林德摩尔举行，各城市的市长将讨论湖泊的保护。"


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def pdf(*pages: list[str], encrypt: pdfencrypt.StandardEncryption | None = None) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=pagesizes.A4, encrypt=encrypt)
    for page in pages:
        text = canvas.beginText(50, 780)
        text.textLines(page)
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def word_file(paper: WordFile) -> bytes:
    file = io.BytesIO()
    paper.save(file)
    return file.getvalue()


def reason(path: Path) -> str:
    with pytest.raises(UnreadableDocument) as error:
        read_document(path)
    return str(error.value)


def texts(document: Document) -> list[str]:
    return [block.text for section in document.sections for block in section.blocks if isinstance(block, Paragraph)]


def test_numbered_sections_of_a_text_file_keep_number_and_heading(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", "I. When\n\nIn May\n\nII. Costs:\n\n• rooms\n• meals\n")

    document = read_document(path)

    assert document.sections == (
        Section("When", "I", (Paragraph("In May"),)),
        Section("Costs", "II", (Paragraph("rooms", bullet=True), Paragraph("meals", bullet=True))),
    )


def test_lines_above_the_first_section_are_the_title() -> None:
    document = read_document(DATA / "lindmoor-invitation.txt")

    assert document.title == "Round Table of Lake Towns Lindmoor 2031"


def test_days_of_an_agenda_are_sections_with_the_number_of_the_agenda() -> None:
    document = read_document(DATA / "lindmoor-invitation.txt")

    days = [(section.number, section.heading) for section in document.sections if section.heading.startswith("Day")]
    assert days == [("III", "Day 1"), ("III", "Day 2"), ("III", "Day 3"), ("III", "Day 4")]


def test_cell_keeps_its_bullets_and_loses_its_markup() -> None:
    table = read_document(DATA / "lindmoor-invitation.txt").sections[4].blocks[0]

    assert isinstance(table, Table)
    assert [cell.splitlines() for row in table.rows[:2] for cell in row] == [
        ["08:45"],
        [
            "Opening of the Round Table",
            "· Welcome by the host",
            "· Two short lectures",
            "· Ceremony for the tenth year of the Lake",
        ],
        [],
        [
            "League",
            "· Signing of new partnerships",
            "· Launch of the Lindmoor Letter, Boat Atlas, Fish & Reed Calendar",
        ],
    ]


def test_blank_line_of_a_page_break_does_not_part_a_table() -> None:
    day_two = read_document(DATA / "lindmoor-invitation.txt").sections[4]

    assert [len(block.rows) for block in day_two.blocks if isinstance(block, Table)] == [7]


def test_numbered_list_is_not_taken_for_headings(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", "1. Visa\n\nBring with you:\n\n1. Passport\n2. Two photographs\n")

    assert read_document(path).sections == (
        Section(
            "Visa",
            "1",
            (
                Paragraph("Bring with you:"),
                Paragraph("1. Passport", bullet=True),
                Paragraph("2. Two photographs", bullet=True),
            ),
        ),
    )


def test_hard_wrapped_paragraph_is_one_paragraph(tmp_path: Path) -> None:
    wrapped = "The round table brings together the mayors of towns\nthat lie on a lake, for two days in May."
    path = written(tmp_path, "a.txt", f"I. Aim\n\n{wrapped}\n\nII. Host\n\nLindmoor\n")

    assert read_document(path).sections[0].blocks == (Paragraph(wrapped.replace("\n", " ")),)


def test_date_that_a_text_starts_with_goes_into_meta(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", " date 2031-02-03 Lake towns meet\n\nThey meet in May.\n")

    document = read_document(path)

    assert (document.title, dict(document.meta)) == ("Lake towns meet", {"date": "2031-02-03"})


def test_date_line_above_the_text_goes_into_meta(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", "Lake towns meet\n\nLake Daily) 16:56, February 3, 2031\n\nThey meet in May.\n")

    assert read_document(path).meta == {"date": "2031-02-03"}


def test_deadline_is_not_taken_for_the_date_of_the_document(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", "Lake towns meet\n\nDeadline: 3 February 2031\n")

    assert read_document(path).meta == {}


def test_front_matter_of_markdown_is_meta(tmp_path: Path) -> None:
    path = written(tmp_path, "a.md", "---\ntitle: Lakes: a meeting\ndate: 2031-02-03\n---\n\n# Lakes\n\nIn *May*.\n")

    document = read_document(path)

    assert document.meta == {"title": "Lakes: a meeting", "date": "2031-02-03"}
    assert (document.title, texts(document)) == ("Lakes: a meeting", ["In May."])


def test_markdown_pipe_table_keeps_empty_cells_and_bullets(tmp_path: Path) -> None:
    table = "| Time | Session |\n|---|---|\n|| Arrival |\n| 09:00 | Opening<br>· Talks · Music<br>· Tea |\n"
    path = written(tmp_path, "a.md", f"# Lakes\n\n## III. Draft agenda\n\n### Day 2\n\n{table}")

    day = read_document(path).sections[1]

    rows = (("Time", "Session"), ("", "Arrival"), ("09:00", "Opening\n· Talks · Music\n· Tea"))
    assert day == Section("Day 2", "III", (Table(rows),))


def test_html_keeps_headings_lists_and_tables_without_the_page_around_them(tmp_path: Path) -> None:
    page = """<html><head><title>Lakes</title><style>p {}</style></head><body><nav>Home</nav><h1>Lakes</h1>
    <ul><li><a>Home</a></li><li><a>Shop</a></li><li><a>Jobs</a></li></ul><script>x</script>
    <h2>1. Agenda</h2><h3>Day 1</h3><table><tr><th>Time</th><th>Session</th></tr>
    <tr><td>09:00</td><td>Opening<ul><li>Talks</li><li>Tea &amp; cake</li></ul></td></tr></table>
    <h2>2. Bring</h2><ul><li>a <b>coat</b></li></ul><footer>Imprint</footer></body></html>"""

    document = read_document(written(tmp_path, "a.html", page))

    assert (document.title, document.sections) == (
        "Lakes",
        (
            Section("Agenda", "1", ()),
            Section("Day 1", "1", (Table((("Time", "Session"), ("09:00", "Opening\n· Talks\n· Tea & cake"))),)),
            Section("Bring", "2", (Paragraph("a coat", bullet=True),)),
        ),
    )


def test_headline_in_the_header_of_a_page_is_its_title(tmp_path: Path) -> None:
    page = "<html><body><header><h1>Lakes meet</h1></header><p>They meet in May.</p></body></html>"

    assert read_document(written(tmp_path, "a.htm", page)).title == "Lakes meet"


def test_word_file_keeps_headings_lists_and_tables(tmp_path: Path) -> None:
    paper = new_word_file()
    paper.add_heading("Lakes", level=0)
    paper.add_heading("III. Draft Agenda", level=1)
    table = paper.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Day 1"
    table.cell(1, 0).text, table.cell(1, 1).text = "09:00", "Opening"
    table.cell(1, 1).add_paragraph("Talks", style="List Bullet")
    paper.add_paragraph("coats", style="List Bullet")

    document = read_document(written(tmp_path, "a.docx", word_file(paper)))

    assert (document.title, document.sections) == (
        "Lakes",
        (
            Section("Draft Agenda", "III", ()),
            Section("Day 1", "III", (Table((("09:00", "Opening\n· Talks"),)), Paragraph("coats", bullet=True))),
        ),
    )


def test_pdf_gives_sections_and_a_timetable(tmp_path: Path) -> None:
    pages = (
        ["I. Agenda", "Day 1", "09:00 Opening", "10:00-11:00 Talks", "19:00 Walk"],
        ["II. Costs", "None"],
    )

    document = read_document(written(tmp_path, "a.pdf", pdf(*pages)))

    assert document.sections == (
        Section("Agenda", "I", ()),
        Section("Day 1", "I", (Table((("09:00", "Opening"), ("10:00-11:00", "Talks"), ("19:00", "Walk"))),)),
        Section("Costs", "II", (Paragraph("None"),)),
    )


def test_cells_of_a_pdf_are_joined_when_wrapped_or_on_lines_of_their_own(tmp_path: Path) -> None:
    page = [
        "I. Agenda",
        "Day 1",
        "09:00",
        "Opening",
        "10:00-11:00 Talks about",
        "lakes",
        "19:00",
        "Walk",
        "II. Costs",
    ]

    document = read_document(written(tmp_path, "a.pdf", pdf(page)))

    rows = (("09:00", "Opening"), ("10:00-11:00", "Talks about lakes"), ("19:00", "Walk"))
    assert document.sections[1] == Section("Day 1", "I", (Table(rows),))


def test_page_numbers_and_running_titles_of_a_pdf_are_dropped(tmp_path: Path) -> None:
    pages = [["Lake towns", f"{n}. Part", "Words.", f"Page {n} of 4"] for n in range(1, 5)]

    document = read_document(written(tmp_path, "a.pdf", pdf(*pages)))

    assert (document.title, texts(document)) == ("Lake towns", ["Words."] * 4)


def test_digest_is_the_sha256_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", "In May.")

    assert read_document(path).digest == hashlib.sha256(b"In May.").hexdigest()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_text_is_read_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "a.txt", CHINESE.encode(encoding))

    assert texts(read_document(path)) == [CHINESE]


def test_text_is_composed_and_free_of_control_characters(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", "Cafe\u0301 \x07at\u200b the lake.")

    assert texts(read_document(path)) == ["Caf\u00e9 at the lake."]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "empty"),
        ("a.pdf", b"", "empty"),
        ("a.md", b" \n\n", "empty"),
        ("a.html", b"<html><body><nav>Home</nav></body></html>", "empty"),
        ("a.txt", "Überraschung am Bühneneingang".encode("latin-1"), "encoding"),
        ("a.txt", "Города на озере встречаются".encode("cp1251"), "encoding"),
        ("a.txt", b"abc\0def", "not text"),
        ("a.txt", b"%PDF-1.7 ...", "misnamed"),
        ("a.docx", b"%PDF-1.7 ...", "misnamed"),
        ("a.pdf", b"PK\x03\x04....", "misnamed"),
        ("a.pdf", b"no PDF at all", "damaged"),
        ("a.docx", b"PK\x03\x04 cut off", "damaged"),
        ("a.xlsx", b"PK\x03\x04", "supported"),
    ],
)
def test_file_that_cannot_be_used_is_named_with_the_reason(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    message = reason(written(tmp_path, name, content))

    assert message.startswith(f"{name}: ")
    assert said in message
    assert "\n" not in message


def test_missing_file_is_named(tmp_path: Path) -> None:
    assert reason(tmp_path / "gone.txt").startswith("gone.txt: cannot be opened")


def test_truncated_pdf_is_damaged(tmp_path: Path) -> None:
    whole = pdf(["Words."])

    assert "damaged" in reason(written(tmp_path, "a.pdf", whole[: len(whole) // 2]))


def test_garbled_pdf_is_damaged(tmp_path: Path) -> None:
    assert "damaged" in reason(written(tmp_path, "a.pdf", b"%PDF-1.4\n" + b"\xff\x00" * 500 + b"\n%%EOF"))


def test_pdf_without_text_is_refused(tmp_path: Path) -> None:
    assert "without text" in reason(written(tmp_path, "a.pdf", pdf([])))


def test_encrypted_pdf_is_refused(tmp_path: Path) -> None:
    locked = pdf(["Words."], encrypt=pdfencrypt.StandardEncryption("secret"))

    assert reason(written(tmp_path, "a.pdf", locked)) == "a.pdf: encrypted; save it without a password"


def test_encrypted_word_file_is_refused(tmp_path: Path) -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")

    assert "encrypted" in reason(written(tmp_path, "a.docx", locked))


def test_pdf_of_too_many_pages_is_refused(tmp_path: Path) -> None:
    book = pdf(*[["Words."]] * (documents.MAX_PAGES + 1))

    assert "too large: 301 pages" in reason(written(tmp_path, "a.pdf", book))


def test_file_of_too_many_bytes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_BYTES", 10)

    assert "too large" in reason(written(tmp_path, "a.txt", "Eleven byte"))


def test_text_of_too_many_characters_is_refused(tmp_path: Path) -> None:
    assert "too large" in reason(written(tmp_path, "a.txt", "x" * (documents.MAX_CHARACTERS + 1)))


def test_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 300_000_000)

    assert "too large: its" in reason(path)


def test_archive_that_is_no_word_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("notes.txt", "words")

    assert "not a Word document" in reason(path)


def test_parser_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_WAIT", 0.01)

    assert "not parsed within" in reason(written(tmp_path, "a.pdf", pdf(["Words."])))


def test_deeply_nested_page_does_not_take_the_process_down(tmp_path: Path) -> None:
    path = written(tmp_path, "a.html", "<div>" * 50_000 + "Words.")

    try:
        assert read_document(path).stem == "a"
    except UnreadableDocument as error:
        assert str(error).startswith("a.html: damaged")  # noqa: PT017 - either outcome is right, a crash is not


def test_page_with_nothing_but_furniture_is_refused(tmp_path: Path) -> None:
    menu = [
        "Home",
        "Ships",
        "Trains",
        "Money",
        "Photos",
        "Games",
        "About us",
        "Advertisement",
        "Subscription",
    ]
    page = "\n\n".join([*menu, "Latest News", "Pier opens", "Pier opens", "Fish is dear", "Fish is dear"])

    assert "nothing but boilerplate" in reason(written(tmp_path, "a.txt", page))


def test_folders_are_searched_for_supported_files_in_order(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    for name in ("b.md", "a.txt", "c.png", "~$d.docx", ".e.txt", "more/f.PDF"):
        written(tmp_path, name, "x")

    found = find_documents([tmp_path, tmp_path / "c.png", tmp_path / "a.txt"])

    assert found == [tmp_path / name for name in ("a.txt", "b.md", "c.png", "more/f.PDF")]


def test_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="gone: no such file or folder"):
        find_documents([tmp_path / "gone"])


def test_word_list_made_by_numbering_is_a_list(tmp_path: Path) -> None:
    paper = new_word_file()
    paper.add_heading("Bring", level=1)
    numbering = paper.add_paragraph("a coat").paragraph_format.element.get_or_add_pPr().get_or_add_numPr()
    numbering.set(qn("w:test"), "1")

    document = read_document(written(tmp_path, "a.docx", word_file(paper)))

    assert document.sections == (Section("", "", (Paragraph("a coat", bullet=True),)),)


def test_every_real_document_is_read(real_documents: Path) -> None:
    titles = {path.stem: read_document(path).title for path in find_documents([real_documents])}

    assert len(titles) >= 5
    assert all(10 < len(title) < 130 for title in titles.values())
