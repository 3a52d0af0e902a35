"""`newsletter subscribers import`: codes, keys, words, the file of refused rows."""

import csv
import io
import shlex
from pathlib import Path

import pytest

from newsletter.cli.subscribers import import_command
from newsletter.subscribers.importing.columns import ColumnRole
from tests.cli.cli_workspace import WorkspaceFolder

KEYS = {
    "encoding", "separator", "dry_run", "columns", "added", "changed", "unchanged", "repeated",
    "kept_out", "refused_count", "refused", "report", "doubtful", "doubts",
}  # fmt: skip


def test_everything_that_can_be_said_of_a_list(workspace_folder: WorkspaceFolder) -> None:
    """For programs: always the same keys, sentences in English."""
    workspace_folder.run("subscribers", "suppress", "c@example.org")
    path = workspace_folder.write_file(
        "lista.csv",
        "E-post;Namn\r\na@example.org;Åsa\r\nA@example.org;Bo\r\nfel;x\r\nc@example.org;\r\n"
        "info@example.org;\r\n",
        "cp1252",
    )
    found = workspace_folder.run_json("subscribers", "import", str(path))
    assert set(found) == KEYS
    assert (found["encoding"], found["separator"], found["dry_run"]) == ("cp1252", ";", False)
    assert (found["added"], found["changed"], found["unchanged"]) == (3, 0, 0)
    assert (found["repeated"], found["kept_out"], found["doubtful"]) == (1, 1, 1)
    assert found["refused_count"] == 1
    assert [(row["line"], row["code"]) for row in found["refused"]] == [(4, "address")]
    assert set(found["refused"][0]) == {"line", "code", "reason"}
    assert found["report"] == str(workspace_folder.folder / "lista.refused.csv")
    assert found["doubts"] == [
        "Line 6: info@example.org belongs to an office, not to a person: whose consent is it?"
    ]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "C",
            [
                "Added 3, changed 0, unchanged 0, refused 1.",
                "1 row named an address a second time.",
                "1 address stays off: left, bounced or blocked.",
            ],
        ),
        (
            "sv_SE.UTF-8",
            [
                "Tillagda: 3. Ändrade: 0. Oförändrade: 0. Avvisade: 1.",
                "1 rad upprepade en adress.",
                "1 adress får fortsatt inga brev: avslutad, studsad eller spärrad.",
            ],
        ),
    ],
)
def test_what_people_are_told(
    workspace_folder: WorkspaceFolder, language: str, lines: list[str]
) -> None:
    """What became of it on standard output; what is to be looked at on standard error."""
    workspace_folder.run("subscribers", "suppress", "c@example.org")
    path = workspace_folder.write_file(
        "lista.csv",
        "email\na@example.org\nA@example.org\nfel\nc@example.org\ninfo@example.org\n",
    )
    done = workspace_folder.run("subscribers", "import", str(path), language=language)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == lines
    column, doubt, refused, report = done.stderr.splitlines()
    assert "email → " in column
    if language == "C":
        assert doubt.startswith("Look again: Line 6: info@example.org")
        assert refused.startswith("Refused, line 4: ")
    else:
        assert doubt.startswith("Titta en gång till: Rad 6: info@example.org")
        assert refused.startswith("Avvisad, rad 4: ")
    assert str(workspace_folder.folder / "lista.refused.csv") in report


def test_twenty_rows_are_shown_and_all_are_in_the_file(workspace_folder: WorkspaceFolder) -> None:
    """A screen holds no more."""
    path = workspace_folder.write_file(
        "lista.csv", "email\na@example.org\n" + "".join(f"fel{n}\n" for n in range(25))
    )
    done = workspace_folder.run("subscribers", "import", str(path))
    assert done.stderr.count("Refused, line") == import_command.MAX_PRINTED_ROWS
    assert "… and 5 more." in done.stderr
    report = (workspace_folder.folder / "lista.refused.csv").read_text("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(report))][1:] == [
        str(line) for line in range(3, 28)
    ]


def test_a_mended_report_is_imported(workspace_folder: WorkspaceFolder) -> None:
    """As the last line says: its first two columns are ours."""
    path = workspace_folder.write_file("lista.csv", "email,name\na@example.org,Anna\nbo@,=Bo\n")
    workspace_folder.run("subscribers", "import", str(path))
    report = workspace_folder.folder / "lista.refused.csv"
    mended = report.read_text("utf-8-sig").replace("bo@", "bo@example.org")
    report.write_text(mended, encoding="utf-8")
    found = workspace_folder.run_json("subscribers", "import", str(report))
    assert (found["added"], found["refused_count"], found["report"]) == (1, 0, None)
    assert report.is_file(), "a file that was read stays"
    shown = workspace_folder.run_json("subscribers", "show", "bo@example.org")
    assert (shown["name"], shown["fields"]) == ("=Bo", {})


def test_only_refused_rows_are_exit_code_1(workspace_folder: WorkspaceFolder) -> None:
    """And the JSON is there all the same."""
    path = workspace_folder.write_file("lista.csv", "email\nfel\n")
    assert workspace_folder.run("subscribers", "import", str(path)).exit_code == 1
    done = workspace_folder.run("subscribers", "import", str(path), "--json")
    assert (done.exit_code, done.stdout[0]) == (1, "{")


@pytest.mark.parametrize(
    ("name", "content", "english", "swedish"),
    [
        ("saknas.csv", None, "can't be read", "kan inte läsas"),
        ("tom.csv", "", "is empty", "är tom"),
        ("text.csv", "Namn\nAnna\n", "no column of e-mail addresses", "ingen kolumn"),
    ],
    ids=["missing", "empty", "no addresses"],
)
def test_what_is_no_list(
    workspace_folder: WorkspaceFolder,
    name: str,
    content: str | None,
    english: str,
    swedish: str,
) -> None:
    """One sentence; no report, no half-written file."""
    if content is not None:
        workspace_folder.write_file(name, content)
    path = str(workspace_folder.folder / name)
    done = workspace_folder.run("subscribers", "import", path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert english in done.stderr
    assert done.stderr.count("\n") == 1
    assert swedish in workspace_folder.run_swedish("subscribers", "import", path).stderr
    assert not [file for file in workspace_folder.folder.iterdir() if "refused" in file.name]


def test_columns_that_are_named(workspace_folder: WorkspaceFolder) -> None:
    """Several, and with spaces around them."""
    path = workspace_folder.write_file("lista.csv", "Kontakt;Vem\na@example.org;Anna\n")
    words = ("--column", "email=Kontakt", "--column", " name = Vem ")
    assert workspace_folder.run_json("subscribers", "import", str(path), *words)["added"] == 1
    shown = workspace_folder.run_json("subscribers", "show", "a@example.org")
    assert shown["name"] == "Anna"


@pytest.mark.parametrize("words", ["email", "email=", "=Kontakt", "e-mail=Kontakt", ""], ids=repr)
def test_columns_that_are_named_wrongly(workspace_folder: WorkspaceFolder, words: str) -> None:
    """All that may be named are told."""
    path = workspace_folder.write_file("lista.csv", "Kontakt\na@example.org\n")
    done = workspace_folder.run("subscribers", "import", str(path), "--column", words)
    assert done.exit_code == 1
    assert f"“{words}” says no column. Write WHAT=NAME" in done.stderr
    assert all(role.value in done.stderr for role in ColumnRole)
    swedish = workspace_folder.run_swedish("subscribers", "import", str(path), "--column", words)
    assert "anger ingen kolumn. Skriv VAD=NAMN" in swedish.stderr


def test_the_wording_is_kept_with_each_consent(workspace_folder: WorkspaceFolder) -> None:
    """Without the BOM and the blank lines around it, and not longer than what is kept."""
    path = workspace_folder.write_file("lista.csv", "email\na@example.org\n")
    longest = import_command.MAX_WORDING_CHARS
    wording = workspace_folder.write_file("ja.txt", f"\ufeff\n Ja, tack! {'x' * longest}\n\n")
    workspace_folder.run("subscribers", "import", str(path), "--wording", str(wording))
    shown = workspace_folder.run_json("subscribers", "show", "a@example.org")
    (consent,) = shown["consents"]
    assert consent["source"] == "import lista.csv"
    assert consent["wording"].startswith("Ja, tack! xxx")
    assert len(consent["wording"]) == longest
    assert consent["actor"]


def test_a_wording_that_is_no_text(workspace_folder: WorkspaceFolder) -> None:
    """Told, and nobody is imported without it; a file that isn't there is wrong use."""
    path = workspace_folder.write_file("lista.csv", "email\na@example.org\n")
    wording = workspace_folder.write_file("ja.txt", "Åh", "cp1252")
    words = ("subscribers", "import", str(path), "--wording")
    done = workspace_folder.run(*words, str(wording))
    assert done.exit_code == 1
    assert "Save it as UTF-8 text." in done.stderr
    assert (
        "Spara filen som text i UTF-8." in workspace_folder.run_swedish(*words, str(wording)).stderr
    )
    assert workspace_folder.run(*words, str(Path("/nowhere"))).exit_code == 2
    assert workspace_folder.run_json("subscribers", "list") == []


def test_a_dry_run_says_so_first(workspace_folder: WorkspaceFolder) -> None:
    """In both languages; nobody is written."""
    path = workspace_folder.write_file("lista.csv", "email\na@example.org\n")
    words = ("subscribers", "import", str(path), "--dry-run")
    assert workspace_folder.run(*words).stdout.splitlines() == [
        "Nothing was changed. This is what would happen:",
        "Added 1, changed 0, unchanged 0, refused 0.",
    ]
    assert workspace_folder.run_swedish(*words).stdout.startswith("Ingenting är ändrat.")
    assert workspace_folder.run_json("subscribers", "list") == []


@pytest.mark.parametrize("language", ["C", "sv_SE.UTF-8"])
def test_a_column_that_may_say_no_stops_with_the_finished_command(
    workspace_folder: WorkspaceFolder, language: str
) -> None:
    """What it prints can be run as it is, and then takes off who said no."""
    path = workspace_folder.write_file(
        "medlemmar 2026.csv",
        "Mejl;Vill ha brev från oss?;Spärr;Personnr;Ort\n"
        "a@example.org;Ja;;811218-9876;Umeå\nb@example.org;Nej;;670919-9530;\n"
        "c@example.org;Ja;x;811218-9876;\n",
    )
    done = workspace_folder.run("subscribers", "import", str(path), language=language)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "811218" not in done.stderr
    assert workspace_folder.run_json("subscribers", "stats")["total"] == 0
    (command,) = [line for line in done.stderr.splitlines() if line.startswith("  newsletter ")]
    words = shlex.split(command)
    assert words[:3] == ["newsletter", "-c", str(workspace_folder.folder)]
    assert words[-6:] == [
        "--column", "consent=Vill ha brev från oss?", "--column", "stop=Spärr",
        "--column", "leave-out=Personnr",
    ]  # fmt: skip
    assert workspace_folder.run(*words[3:]).exit_code == 0
    shown = {
        person["email"]: (person["status"], person["fields"])
        for person in workspace_folder.run_json("subscribers", "list")
    }
    assert shown["a@example.org"] == (
        "active",
        {"Ort": "Umeå", "Vill ha brev från oss?": "Ja"},
    )
    assert (shown["b@example.org"][0], shown["c@example.org"][0]) == ("unsubscribed", "manual")


def test_a_status_that_says_only_yes_or_no_is_refused(workspace_folder: WorkspaceFolder) -> None:
    """A list of blocked people would be turned upside down."""
    path = workspace_folder.write_file("lista.csv", "email;Märkning\na@example.org;Ja\n")
    done = workspace_folder.run("subscribers", "import", str(path), "--column", "status=Märkning")
    assert done.exit_code == 1
    assert "stop=NAME" in done.stderr
    assert workspace_folder.run_json("subscribers", "stats")["total"] == 0


def test_what_was_understood_is_shown(workspace_folder: WorkspaceFolder) -> None:
    """Column, meaning, examples, in the reader's language."""
    path = workspace_folder.write_file("lista.csv", "Mejl;Ort\na@example.org;Umeå\n")
    done = workspace_folder.run_swedish("subscribers", "import", str(path), "--dry-run")
    assert done.stderr.splitlines() == [
        "Mejl → adress: a@example.org",
        "Ort → eget fält: Umeå",
    ]
