"""Tell the lines a document says itself from the page furniture around them: menus, teasers, notices."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import groupby

from knowledge.lines import Kind, Line, ends_a_sentence, names_a_day, stated_date

PROSE_WORDS = 12  # a sentence; captions, menu entries and most headlines are shorter
MENU_LINES = 6  # so many short lines in a row are a menu
SMALL_GAP = 3  # captions and share links that an article may hold between two paragraphs
HEAD_LINES = 8  # how far above an article its headline may stand
WORDS_PER_MARK = 8  # a line that has a boilerplate mark for each 8 words is boilerplate
RESUMED_LENGTH = 250  # characters a paragraph; an article goes on in such, teasers are shorter

# Words of the web in general. An imprint is never content; the others count: a phrase two, a word one.
_IMPRINT = re.compile(
    r"©|copyright\b|all rights reserved|版权所有|ICP\s*[备证]|公网安备|\bICP licen[cs]e", re.IGNORECASE
)
_PHRASES = re.compile(
    r"\b(?:sign(?:ing)? (?:up|in)|log ?in|your inbox|responsible for the content|editors?-in-chief"
    r"|managing editor|terms of (?:use|service)|share (?:this|on)|follow us|about us|contact us|powered by"
    r"|skip to|privacy notice"
    r"|user says?|withdraw your consent|tracking pixels?|cookie policy|top stories|personal data)\b"
    r"|隐私|订阅|责任编辑|登录|注册",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"\b(?:newsletters?|privacy|(?:un)?subscri(?:be|bing|ption)s?|cookies?|advertis(?:e|ing|ements?)|sitemap|consent"
    r"|epaper|rss)\b",
    re.IGNORECASE,
)
_TEASER_START = re.compile(
    r"^\W*(?:related|latest|more|also|read (?:more|next)|recommended|popular|trending|you may|see also"
    r"|most (?:read|viewed)|similar|(?:news )?releases in|相关|推荐|更多|最新|热门)",
    re.IGNORECASE,
)
_COUNTER = re.compile(r"^\W*\d+\W+(?:user|comment|like|share|view|read)", re.IGNORECASE)
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SCRIPTS = (
    ("cyrillic", re.compile(r"[\u0400-\u04ff]")),
    ("arabic", re.compile(r"[\u0600-\u06ff]")),
    ("han", _HAN),
    ("hangul", re.compile(r"[\uac00-\ud7af]")),
    ("thai", re.compile(r"[\u0e00-\u0e7f]")),
    ("latin", re.compile(r"[A-Za-z\u00c0-\u024f]")),
)
_STOP_WORDS = {
    "en": "the of and to in is for that with on will by are this from as an be",
    "fr": "le la les de des du et en une est pour que dans vous par sur au à",
    "es": "el la los las de del y en una es para que por con se su al lo",
    "pt": "o a os as de do da dos e em uma para que por com se não ao",
    "it": "il la le di del della e in una è per che con si non gli al dei",
    "de": "der die das und in zu den von mit ist für auf sie ein eine im dem sich",
    "nl": "de het een en van in is dat op te voor met zijn niet aan wordt",
    "tr": "ve bir bu için ile olarak da de olan en çok daha",
    "pl": "i w na z do się nie że jest to dla od przez oraz",
    "vi": "và của các là trong cho được có với những một này",
}
_KNOWN_WORDS = {language: frozenset(words.split()) for language, words in _STOP_WORDS.items()}


def own_lines(lines: Sequence[Line]) -> list[Line]:
    """Return the lines that are the document's own, in order.

    A structured document (numbered headings, days, a timetable) is kept whole. A page of the web is cut
    down to its headline, its date and its main body: the heaviest run of prose in the main language.
    Other text loses imprints only. Empty when a page of the web has no body.
    """
    if is_structured(lines):
        return list(lines)
    page = _Page(lines)
    if not page.is_web:
        return [line for line in lines if not _IMPRINT.search(line.text)]
    return page.article()


def is_structured(lines: Sequence[Line]) -> bool:
    """Tell whether lines are structured: by numbered headings, by days, or by a timetable."""
    headings = [line for line in lines if line.kind is Kind.HEADING]
    numbered = sum(bool(line.number) or names_a_day(line.text) for line in headings)
    timed = sum(line.kind is Kind.ROW and bool(re.match(r"\d{1,2}[:.h]\d\d", line.cells[0])) for line in lines)
    return numbered >= 2 or timed >= 3


def language_of(text: str) -> str:
    """Return the script of text, or for Latin script its language; empty when too short to tell."""
    counts = {script: len(pattern.findall(text)) for script, pattern in _SCRIPTS}
    script = max(counts, key=lambda name: counts[name])
    if script != "latin":
        return script if counts[script] >= 6 else ""
    words = re.findall(r"[^\W\d_]+", text.lower())
    if len(words) < 6:
        return ""
    hits = {language: sum(word in known for word in words) for language, known in _KNOWN_WORDS.items()}
    best = max(hits, key=lambda language: hits[language])
    return best if hits[best] >= max(2, 0.12 * len(words)) else ""


def languages_in(text: str) -> set[str]:
    """Return the languages in which at least a fifth of text is written, sentence by sentence."""
    lengths: Counter[str] = Counter()
    for sentence in re.split(r"(?<=[.!?])\s+|(?<=[。！？])", text):
        lengths[language_of(sentence)] += len(sentence)
    lengths.pop("", None)
    return {language for language, length in lengths.items() if length >= 0.2 * lengths.total()}


def boilerplate_marks(text: str) -> int:
    """Count what marks text as boilerplate: one for a word, two for a phrase, nine for an imprint."""
    phrases = len(_PHRASES.findall(text))
    return 9 * bool(_IMPRINT.search(text)) + 2 * phrases + len(_WORDS.findall(_PHRASES.sub("", text)))


class _Page:
    """The lines of an unstructured text, and how much each weighs as its body."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._said = Counter(_wording(line) for line in lines)

    @property
    def is_web(self) -> bool:
        """Whether at least two kinds of page furniture are there; one alone may be the author's own."""
        texts = [line.text for line in self._lines]
        marks = [boilerplate_marks(text) for text in texts if _is_boilerplate(text)]
        repeated = sum(count > 1 and word_count(text) > 1 for text, count in self._said.items())
        menus = [len(list(run)) for is_menu, run in groupby(self._lines, _is_menu_entry) if is_menu]
        signs = (
            sum(marks) >= 3 and len(marks) >= 2,
            repeated >= 2,
            any(map(_starts_teasers, self._lines)),
            max(menus, default=0) >= MENU_LINES,
            any(len(languages_in(text)) > 1 for text in texts if word_count(text) > 30),
        )
        return sum(signs) >= 2

    def article(self) -> list[Line]:
        """Return headline, date lines and main body; nothing when there is no body."""
        runs = self._merged(self._runs())
        if not runs:
            return []
        body = max(runs, key=self._weight)
        head = self._head(body.start)
        return [*head, *(self._lines[index] for index in body if self._belongs(index))]

    @cached_property
    def _main_languages(self) -> set[str]:
        """The language of most prose, and a second one when the text is bilingual."""
        lengths: Counter[str] = Counter()
        for line in self._lines:
            found = languages_in(line.text)
            if len(found) == 1 and _is_prose(line):
                lengths[found.pop()] += len(line.text)
        return {language for language, length in lengths.items() if length >= 0.3 * lengths.total()}

    @cached_property
    def _weights(self) -> list[int]:
        return [self._line_weight(line) for line in self._lines]

    def _line_weight(self, line: Line) -> int:
        if self._is_noise(line) or line.kind is Kind.HEADING:
            return 0
        if line.kind is Kind.ROW:
            return sum(map(len, line.cells)) if sum(map(bool, line.cells)) > 1 else 0
        substantial = word_count(line.text) >= 6 if line.kind is Kind.BULLET else _is_prose(line)
        return len(line.text) if substantial else 0

    def _is_noise(self, line: Line) -> bool:
        if line.kind is Kind.ROW:
            return False
        text = line.text
        repeated = self._said[_wording(line)] > 1 and not _is_prose(line)
        if repeated or _COUNTER.match(text) or _starts_teasers(line) or _is_boilerplate(text):
            return True
        languages = languages_in(text)
        return bool(languages) and (len(languages) > 1 or not languages & self._main_languages)

    def _runs(self) -> list[range]:
        """Return the runs of weighty lines; small gaps are bridged, the start of teasers is not."""
        runs: list[range] = []
        gap, barred = 0, True
        for index, line in enumerate(self._lines):
            if self._weights[index]:
                joins = not barred and gap <= SMALL_GAP
                start = runs.pop().start if joins else index
                runs.append(range(start, index + 1))
                gap, barred = 0, False
            else:
                gap += line.kind is not Kind.HEADING
                barred = barred or _starts_teasers(line)
        return runs

    def _merged(self, runs: Sequence[range]) -> list[range]:
        """Join a run of long paragraphs to the run before it when only a box with a teaser parts them."""
        merged: list[range] = []
        for run in runs:
            resumes = self._weight(run) >= RESUMED_LENGTH * max(2, len(run))
            if merged and resumes and run.start - merged[-1].stop <= SMALL_GAP + 1:
                merged[-1] = range(merged[-1].start, run.stop)
            else:
                merged.append(run)
        return merged

    def _weight(self, run: range) -> int:
        return sum(self._weights[index] for index in run)

    def _belongs(self, index: int) -> bool:
        line = self._lines[index]
        if self._weights[index] or line.kind is Kind.ROW:
            return True
        if self._is_noise(line) or self._is_teased(index):
            return False
        return line.kind is not Kind.TEXT or not self._is_in_menu(index)

    def _is_teased(self, index: int) -> bool:
        """Tell whether a line stands in a box with a teaser: between its start and the next paragraph."""
        for above in range(index - 1, -1, -1):
            if self._weights[above] or _starts_teasers(self._lines[above]):
                return not self._weights[above]
        return False

    def _is_in_menu(self, index: int) -> bool:
        around = self._lines[max(index - 1, 0) : index + 2]
        return _is_menu_entry(self._lines[index]) and sum(map(_is_menu_entry, around)) > 1

    def _head(self, start: int) -> list[Line]:
        """Return the headline and the date lines that stand above the body."""
        above = [line for line in self._lines[max(start - HEAD_LINES, 0) : start] if line.kind is not Kind.ROW]
        dates = [line for line in above if stated_date(line.text)]
        titles = [line for line in above if line not in dates and not self._is_noise(line)]
        marked = [line for line in above if line.kind is Kind.HEADING and not _starts_teasers(line)]
        headline = marked[-1:] or sorted(titles, key=lambda line: word_count(line.text))[-1:]
        return [line for line in above if line in headline or line in dates]


def word_count(text: str) -> int:
    """Count words; two characters of a script without blanks count as one."""
    return len(_HAN.sub(" ", text).split()) + len(_HAN.findall(text)) // 2


def _is_boilerplate(text: str) -> bool:
    return bool(text) and word_count(text) <= WORDS_PER_MARK * boilerplate_marks(text)


def _is_prose(line: Line) -> bool:
    text = line.text
    ends = ends_a_sentence(text) or text.rstrip().endswith((":", "：", "——"))
    return line.kind is Kind.TEXT and word_count(text) >= PROSE_WORDS and ends and not _is_cut_short(text)


def _is_cut_short(text: str) -> bool:
    return text.rstrip().endswith(("...", "…"))


def _is_menu_entry(line: Line) -> bool:
    text = line.text
    if line.kind not in (Kind.TEXT, Kind.BULLET) or not text or re.search(r"[.:;!?。：；！？]|\d", text):
        return False
    return word_count(text) <= 6


def _starts_teasers(line: Line) -> bool:
    short = word_count(line.text) <= 7 and not ends_a_sentence(line.text)
    return line.kind is not Kind.ROW and short and bool(_TEASER_START.match(line.text))


def _wording(line: Line) -> str:
    return " ".join(line.text.casefold().split()) or repr(line.cells)
