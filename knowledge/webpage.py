"""Read a web page into lines, without what its markup says is not the text."""

import re
from collections.abc import Iterator, Sequence

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from knowledge.lines import Content, Kind, Line, cell_text, clean_text, stated_date
from knowledge.plaintext import heading_of, line_of, settled, table_lines

_DROPPED_TAGS = re.compile(
    r"^(?:script|style|nav|header|footer|aside|form|noscript|template|svg|button|select|iframe|head|dialog|menu)$"
)
_BLOCK_TAGS = re.compile(
    r"^(?:p|div|section|article|main|body|html|ul|ol|li|dl|dt|dd|table|h[1-6]|blockquote|pre|figure|figcaption"
    r"|address|details|summary|center|hr)$"
)


def html_content(raw: bytes) -> Content:
    """Return the content of the web page raw; its title is the first <h1>, else the <title>."""
    page = BeautifulSoup(raw, "lxml")
    title = _text_of(page, "h1") or _text_of(page, "title")  # of a page whose <header> holds its headline
    meta = _html_date(page)
    for tag in page.find_all(_DROPPED_TAGS):
        if not tag.decomposed:
            tag.decompose()
    for listing in page.find_all(["ul", "ol"]):
        if not listing.decomposed and _is_link_list(listing):
            listing.decompose()
    return Content(settled(_html_lines(page)), _text_of(page, "h1") or title, meta)


def _text_of(page: Tag, name: str) -> str:
    tag = page.find(name)
    return clean_text(tag.get_text(" ")) if tag else ""


def _html_date(page: Tag) -> dict[str, str]:
    published = page.find("meta", attrs={"property": "article:published_time"})
    stamp = published.get("content") if published else None
    found = stated_date(str(stamp)[:10]) if stamp else None
    return {"date": found.isoformat()} if found else {}


def _is_link_list(listing: Tag) -> bool:
    """Tell whether a list is a menu: several short items that hold nothing but links."""
    items = listing.find_all("li")
    if len(items) < 3 or listing.find_parent("table"):
        return False
    linked = sum(len(link.get_text(strip=True)) for link in listing.find_all("a"))
    text = listing.get_text(strip=True)
    return linked >= 0.9 * len(text) and len(text) <= 60 * len(items)


def _html_lines(node: Tag) -> Iterator[Line]:
    """Walk node in reading order; text between blocks is a paragraph of its own."""
    loose: list[str] = []
    for child in node.children:
        if not _holds_blocks(child):
            loose.append(_inline_text(child))
            continue
        yield from _loose_lines(loose)
        loose = []
        yield from _block_lines(child)  # type: ignore[arg-type]  # only a tag holds blocks
    yield from _loose_lines(loose)


def _block_lines(tag: Tag) -> Iterator[Line]:
    if re.fullmatch("h[1-6]", tag.name):
        yield heading_of(tag.get_text(" "), int(tag.name[1]))
    elif tag.name == "table" and (rows := _html_rows(tag)):
        yield from table_lines(rows)
    elif tag.name == "li" and not tag.find(_BLOCK_TAGS):
        yield Line(Kind.BULLET, clean_text(_inline_text(tag).replace("\n", " ")))
    else:
        yield from _html_lines(tag)


def _html_rows(table: Tag) -> list[list[str]]:
    """Return the cells of a table; nothing when it has one column, and so only lays out what it holds."""
    rows = [
        [cell_text(cell.decode_contents()) for cell in row.find_all(["td", "th"], recursive=False)]
        for row in table.find_all("tr")
        if row.find_parent("table") is table
    ]
    return rows if max(map(len, rows), default=0) > 1 else []


def _holds_blocks(node: object) -> bool:
    return isinstance(node, Tag) and (bool(_BLOCK_TAGS.match(node.name)) or node.find(_BLOCK_TAGS) is not None)


def _inline_text(node: object) -> str:
    if isinstance(node, PreformattedString):  # a comment or a declaration
        return ""
    if isinstance(node, Tag):
        return "\n" if node.name == "br" else "".join(map(_inline_text, node.children))
    return str(node).replace("\n", " ") if isinstance(node, NavigableString) else ""


def _loose_lines(texts: Sequence[str]) -> Iterator[Line]:
    for text in "".join(texts).split("\n"):
        if text.strip():
            yield line_of(text)
