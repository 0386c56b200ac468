import pytest


def test_files_of_the_command_line_are_shown_and_kept_only_when_it_is_sent(commanded, tmp_path):
    file = tmp_path / "Map of the pier.pdf"
    file.write_bytes(b"%PDF" * 1000)
    shown = commanded("broadcast", "Here is the map.", "--file", str(file))
    sent = commanded("broadcast", "Here is the map.", "--file", str(file), "--send")

    assert "Files: Map of the pier.pdf (4 KB)" in shown
    assert "broadcast 1 is queued" in sent


@pytest.mark.parametrize(("count", "size", "said"), [(1, 0, "must not be empty"), (4, 1, "at most 3 files")])
def test_files_that_no_message_takes_are_said(commanded, tmp_path, count, size, said):
    words = []
    for number in range(count):
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(b"x" * size)
        words += ["--file", str(file)]

    assert said in commanded("broadcast", "Here is the map.", *words, "--send")
    assert "Here is the map." not in commanded("broadcasts")


def test_a_file_that_is_not_there_is_said(commanded):
    assert commanded("broadcast", "x", "--file", "nowhere.pdf") == "--file nowhere.pdf: No such file or directory"
