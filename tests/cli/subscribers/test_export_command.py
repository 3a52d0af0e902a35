"""`newsletter subscribers export`: forms, files, segments."""

import json

import pytest

from tests.cli.cli_workspace import WorkspaceFolder

CSV = (
    "\ufeffemail,name,language,tags,status\r\n"
    "a@example.org,'=Åsa,sv,press;vip,active\r\n"
    "b@example.org,,,,active\r\n"
)


@pytest.fixture
def with_list(workspace_folder: WorkspaceFolder) -> WorkspaceFolder:
    """Return a newsletter with two subscribers."""
    path = workspace_folder.write_file(
        "lista.csv", "email,name,language,tags\na@example.org,=Åsa,sv,press;vip\nb@example.org,,,\n"
    )
    assert workspace_folder.run("subscribers", "import", str(path)).exit_code == 0
    return workspace_folder


def test_standard_output_is_the_file(with_list: WorkspaceFolder) -> None:
    """The same bytes, and nothing else."""
    path = with_list.folder / "ut.csv"
    assert with_list.run("subscribers", "export", str(path)).exit_code == 0
    shown = with_list.run("subscribers", "export", "-")
    assert shown.stdout_bytes == path.read_bytes() == CSV.encode()
    assert shown.stderr == ""


@pytest.mark.parametrize(
    ("name", "words", "is_json"),
    [
        ("ut.csv", [], False),
        ("ut.json", [], True),
        ("UT.JSON", [], True),
        ("ut.txt", [], False),
        ("ut.csv", ["--format", "json"], True),
        ("ut.json", ["--format", "csv"], False),
        ("-", ["--format", "json"], True),
    ],
)
def test_the_form_is_named_by_the_file_or_by_the_option(
    with_list: WorkspaceFolder, name: str, words: list[str], is_json: bool
) -> None:
    """The option wins."""
    path = name if name == "-" else str(with_list.folder / name)
    done = with_list.run("subscribers", "export", path, *words)
    assert done.exit_code == 0
    text = done.stdout if name == "-" else (with_list.folder / name).read_text("utf-8")
    assert text.startswith("[") is is_json
    if is_json:
        people = json.loads(text)
        assert [person["email"] for person in people] == ["a@example.org", "b@example.org"]
        assert (people[0]["name"], people[0]["tags"]) == ("=Åsa", ["press", "vip"])


@pytest.mark.parametrize(
    ("expression", "english", "swedish"),
    [
        ("", "2 subscribers written to", "2 prenumeranter skrivna till"),
        ("tag:press", "1 subscriber written to", "1 prenumerant skriven till"),
        ("tag:nobody", "0 subscribers written to", "0 prenumeranter skrivna till"),
    ],
)
def test_how_many_are_said(
    with_list: WorkspaceFolder, expression: str, english: str, swedish: str
) -> None:
    """With the file's name, in both languages."""
    words = ("subscribers", "export", str(with_list.folder / "ut.csv"), "--segment", expression)
    assert with_list.run(*words).stdout == f"{english} {with_list.folder / 'ut.csv'}.\n"
    assert with_list.run_swedish(*words).stdout.startswith(swedish)


def test_a_segment_that_is_not_understood_writes_nothing(with_list: WorkspaceFolder) -> None:
    """Not even an empty file, and a file that is there stays."""
    path = with_list.write_file("ut.csv", "old")
    done = with_list.run("subscribers", "export", str(path), "--segment", "colour:red")
    assert done.exit_code == 1
    assert "colour:red" in done.stderr
    assert path.read_text() == "old"


def test_a_folder_that_is_not_there(with_list: WorkspaceFolder) -> None:
    """Why, and what to do; nothing is left behind."""
    path = str(with_list.folder / "saknas" / "ut.csv")
    done = with_list.run("subscribers", "export", path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "can't be written (No such file or directory). Choose another place." in done.stderr
    assert "Välj en annan plats." in with_list.run_swedish("subscribers", "export", path).stderr


def test_an_empty_list_is_a_header(workspace_folder: WorkspaceFolder) -> None:
    """Or an empty array."""
    assert workspace_folder.run("subscribers", "export", "-").stdout_bytes == (
        "\ufeffemail,name,language,tags,status\r\n".encode()
    )
    shown = workspace_folder.run("subscribers", "export", "-", "--format", "json")
    assert shown.stdout == "[]\n"


def test_what_was_exported_is_imported_the_same(with_list: WorkspaceFolder) -> None:
    """Nobody is new, nothing is changed."""
    path = with_list.folder / "ut.csv"
    with_list.run("subscribers", "export", str(path))
    found = with_list.run_json("subscribers", "import", str(path))
    assert (found["added"], found["changed"], found["unchanged"]) == (0, 0, 2)
