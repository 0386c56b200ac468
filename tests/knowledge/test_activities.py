import re

from hypothesis import given
from hypothesis import strategies as st

from knowledge.activities import KEY_LENGTH, _key

LONG = "Industrial Innovation in the Five Valleys"


@given(st.text(max_size=80))
def test_the_key_of_a_route_is_short_and_plain(title):
    key = _key(title)

    assert 0 < len(key) <= KEY_LENGTH
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)


def test_a_title_that_fits_is_its_own_key():
    assert _key("Commerce & Logistics") == "commerce-logistics"


def test_titles_that_begin_alike_or_have_no_latin_letters_have_different_keys():
    titles = [LONG, f"{LONG} (Optics)", "产业创新", "生态文明"]

    assert len({_key(title) for title in titles}) == len(titles)
