from pathlib import Path

import pytest

from knowledge.names import Names


def written(folder: Path, **contents: str) -> Path:
    (folder / "names").mkdir(parents=True)
    for language, content in contents.items():
        (folder / "names" / f"{language}.yaml").write_text(content, encoding="utf-8")
    return folder


def test_names_aliases_and_passages_are_read_by_language(tmp_path):
    folder = written(
        tmp_path / "pack",
        de="names: {Night Cruise: {name: Nachtfahrt, aliases: [Schiff]}}\npassages: {paper/dates: Im Mai.}",
        fr="names: {Night Cruise: {name: Croisière de nuit}}",
    )

    names = Names.load([folder])

    assert names.of("night  CRUISE", "de") == "Nachtfahrt"
    assert names.of("Night Cruise", "fr") == "Croisière de nuit"
    assert set(names.everything_called("Night Cruise")) == {"Nachtfahrt", "Croisière de nuit", "Schiff"}
    assert names.passages == {"paper/dates": {"de": "Im Mai."}}


def test_english_is_the_wording_of_the_documents():
    assert Names().of("Night Cruise", "en") == "Night Cruise"


def test_unknown_wording_has_no_name():
    assert Names().of("Night Cruise", "de") is None
    assert Names().everything_called("Night Cruise") == ()


def test_later_folder_overrides(tmp_path):
    first = written(tmp_path / "first", de="names: {Photo: {name: Bild}}")
    second = written(tmp_path / "second", de="names: {Photo: {name: Foto}}")

    assert Names.load([first, second]).of("Photo", "de") == "Foto"


def test_file_of_another_form_is_named(tmp_path):
    folder = written(tmp_path / "pack", de="- just a list")

    with pytest.raises(ValueError, match=r"^de\.yaml: "):
        Names.load([folder])


def test_entry_without_a_name_has_aliases_only(tmp_path):
    folder = written(tmp_path / "pack", en="names: {Photo: {aliases: [picture]}, Break: {}}")

    names = Names.load([folder])

    assert (names.of("Photo", "de"), names.everything_called("Photo")) == (None, ("picture",))
