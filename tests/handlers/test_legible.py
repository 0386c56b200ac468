import pytest

from handlers.legible import legible


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("When is the cruise?", "When is the cruise?"),
        ("first line\nsecond\tline", "first line\nsecond\tline"),
        ("the\x00 cruise\x07", "the  cruise "),
        ("\u202eesiurc eht\u202c", "esiurc eht"),
        ("\u200fمتى الافتتاح؟\u200e", "متى الافتتاح؟"),
        ("mi\u00adni\u200bbus", "minibus"),
        ("a half \ud83d of an emoji", "a half \ufffd of an emoji"),
        ("two halves \ud83d\ude42", "two halves 🙂"),
        ("de\u0301part", "départ"),
        ("👩\u200d💻 می\u200cخواهم", "👩\u200d💻 می\u200cخواهم"),
    ],
)
def test_text_keeps_what_it_says_and_loses_what_only_disturbs(sent, read):
    assert legible(sent) == read
