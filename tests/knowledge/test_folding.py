import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.folding import alternation, fold, has_spaces_between_words, terms_pattern
from tests.knowledge.conftest import found


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Où   est\nl’hôtel ? ", "ou est l'hotel ?"),
        ("STRAẞE und Straße", "strasse und strasse"),
        ("İstanbul ILICA ılık", "istanbul ilica ilik"),
        ("Łódź", "lodz"),
        ("Всё ещё Й", "все еще и"),
        ("مَرْحَبًا بِكُم إلى أوّل مدينة", "مرحبا بكم الي اول مدينه"),
        ("ＷＵＨＡＮ　２０２６", "wuhan 2026"),
        ("٧ و ۷ และ ๗", "7 و 7 และ 7"),
        ("10:30–10:45 — “now”", '10:30-10:45 - "now"'),
        ("«Wuhan»『武漢』", '"wuhan""武漢"'),
        ("soft\u00adhyphen\u200b", "softhyphen"),
        ("วันที่สอง", "วันที่สอง"),
        ("がぎぐ", "がぎぐ"),
        ("서울", "서울"),
        ("", ""),
    ],
)
def test_text_is_folded(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "has_spaces"), [("Wuhan", True), ("서울", True), ("武汉", False), ("บ่าย", False), ("ホテル", False)]
)
def test_scripts_without_spaces_are_known(text, has_spaces):
    assert has_spaces_between_words(text) is has_spaces


@pytest.mark.parametrize(
    ("term", "text", "hit"),
    [
        ("day", "the day after", "day"),
        ("day", "daylight and friday", None),
        ("dialog*", "die dialogrunde", "dialog"),
        ("Sous-thème", "le sous-theme 2", "sous-theme"),
        ("第二", "在第二天", "第二"),
    ],
)
def test_term_is_found_as_a_whole_word(term, text, hit):
    assert found(terms_pattern([term]), text) == hit


@pytest.mark.parametrize(
    ("terms", "text", "hit"),
    [
        (["after", "after lunch"], "after lunch", "after lunch"),
        (["ikinci*"], "ikincisi nerede", "ikincisi"),
        (["a.m."], "at 9 a.m. today", "a.m."),
        ([], "anything", None),
    ],
)
def test_longest_of_several_terms_is_found(terms, text, hit):
    assert found(alternation(terms), text) == hit


def test_attached_word_is_found_where_asked_for():
    assert found(alternation(["uhr"], stand_alone=False), "10uhr") == "uhr"
    assert found(alternation(["uhr"]), "10uhr") is None
