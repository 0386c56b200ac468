from pathlib import Path

import pytest

from bot.settings import PACK, BadSetting, misspelled, settings


@pytest.fixture(autouse=True)
def _no_file(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def test_without_any_variable_the_desk_works_offline_from_the_shipped_pack():
    found = settings()

    assert (found.home, found.briefings, found.chroma_url, found.chat_model) == (Path("var"), PACK, "", "")
    assert list(PACK.glob("*.md"))


def test_an_empty_value_is_as_good_as_none(monkeypatch):
    monkeypatch.setenv("DESK_BRIEFINGS", "")
    monkeypatch.setenv("DESK_LANGUAGE", "")

    assert (settings().briefings, settings().language) == (PACK, "en")


def test_a_variable_wins_over_the_file(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("DESK_LANGUAGE=fr\nDESK_HOME=/data\nOTHER=1\n")
    monkeypatch.setenv("DESK_LANGUAGE", "ko")

    assert (settings().language, settings().home) == ("ko", Path("/data"))


@pytest.mark.parametrize(
    ("variable", "value", "problem"),
    [
        ("DESK_LANGUAGE", "xx", "the desk does not speak 'xx', but ar, de, en"),
        ("DESK_DEBUG", "perhaps", "Input should be a valid boolean"),
        ("DESK_CHROMA_URL", "127.0.0.1:8000", "'127.0.0.1:8000' is no address such as http://127.0.0.1:8000"),
        ("DESK_CHROMA_URL", "http://host:port", "'http://host:port' is no address such as"),
        ("DESK_CHAT_MODEL_URL", "ftp://model", "'ftp://model' is no address such as"),
    ],
)
def test_a_bad_value_is_told_with_the_name_of_its_variable(monkeypatch, variable, value, problem):
    monkeypatch.setenv(variable, value)

    with pytest.raises(BadSetting) as told:
        settings()

    assert str(told.value).startswith(f"{variable}: {problem}")


def test_a_file_that_is_no_text_is_told(tmp_path):
    (tmp_path / ".env").write_bytes(b"DESK_LANGUAGE=\xff\xfe")

    with pytest.raises(BadSetting, match=r"^\.env is not UTF-8 text$"):
        settings()


def test_keys_are_not_shown(monkeypatch):
    monkeypatch.setenv("DESK_CHAT_MODEL_KEY", "sk-secret")

    assert "sk-secret" not in repr(settings())


def test_variables_that_only_look_like_settings_are_found(monkeypatch):
    monkeypatch.setenv("DESK_LANGAUGE", "fr")
    monkeypatch.setenv("DESK_XYZZY", "1")
    monkeypatch.setenv("DESK_TEST_BRIEFING", "/somewhere")

    assert misspelled() == {"DESK_LANGAUGE": "DESK_LANGUAGE", "DESK_XYZZY": ""}
