"""`newsletter subscribers`, run as staff run it."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsletter.cli import main

TOML = """
[newsletter]
title = "Nytt från regionen"
language = "sv"
timezone = "Europe/Stockholm"
from = "Redaktionen <nyhetsbrev@regionexempel.example.org>"
postal_address = "Box 1, 111 11 Exempelstad"
public_url = "https://nyhetsbrev.example.org"
[[sources]]
url = "https://blogg.example.org/feed/"
[smtp]
host = "127.0.0.1"
"""


class SubscribersCli:
    """A workspace and a terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "newsletter.toml").write_text(TOML, "utf-8")

    def run(self, *words: str, language: str = "en") -> Result:
        return CliRunner(env={"LANGUAGE": language}).invoke(
            main, ["-c", str(self.folder / "newsletter.toml"), "subscribers", *words]
        )

    def run_json(self, *words: str) -> object:
        answer = self.run(*words, "--json")
        assert answer.exit_code == 0, answer.output
        return json.loads(answer.stdout)

    def write_file(self, name: str, content: str, encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.write_bytes(content.encode(encoding))
        return path


@pytest.fixture
def subscribers_cli(tmp_path: Path) -> SubscribersCli:
    """Sit down at a new workspace."""
    return SubscribersCli(tmp_path)


def test_the_way_of_a_list(subscribers_cli: SubscribersCli) -> None:
    """Import, twice; show; take off; import again; she stays off."""
    path = subscribers_cli.write_file(
        "lista.csv",
        "E-post;Namn;Taggar;Ort\r\nanna@example.org;Åsa\x1b[31m;press;Umeå\r\nbo@example.org;=1+1;;\r\n",
        "cp1252",
    )
    for counts in ((2, 0, 0), (0, 0, 2)):
        told = subscribers_cli.run_json("import", str(path))
        assert isinstance(told, dict)
        assert (told["added"], told["changed"], told["unchanged"]) == counts
        assert told["refused"] == []
    assert subscribers_cli.run("unsubscribe", "ANNA@example.org").exit_code == 0
    subscribers_cli.run("import", str(path))
    shown = subscribers_cli.run_json("show", "anna@example.org")
    assert isinstance(shown, dict)
    assert {name: shown[name] for name in ("email", "language", "tags", "status")} == {
        "email": "anna@example.org",
        "language": "",
        "tags": ["press"],
        "status": "unsubscribed",
    }
    assert shown["suppression"]["reason"] == "unsubscribed"
    assert "\x1b" not in subscribers_cli.run("show", "anna@example.org").stdout
    assert "\x1b" not in subscribers_cli.run("list").stdout
    stats = subscribers_cli.run_json("stats")
    assert isinstance(stats, dict)
    assert (stats["status"]["active"], stats["status"]["unsubscribed"], stats["total"]) == (1, 1, 2)


def test_refused_rows_are_in_a_file_beside_the_list(subscribers_cli: SubscribersCli) -> None:
    """With line and reason, in the language of who reads it.

    And gone when there are none any more.
    """
    path = subscribers_cli.write_file("lista.csv", "email,name\nfel,=1\na@example.org,Anna\n")
    answer = subscribers_cli.run("import", str(path))
    assert answer.exit_code == 0
    assert "line 2" in answer.stderr
    report = subscribers_cli.folder / "lista.refused.csv"
    rows = list(csv.reader(io.StringIO(report.read_text("utf-8-sig"), newline="")))
    assert rows[0] == ["line", "reason", "email", "name"]
    assert rows[1][0] == "2"
    assert rows[1][2:] == ["fel", "'=1"]
    subscribers_cli.write_file("lista.csv", "email,name\na@example.org,Anna\n")
    assert subscribers_cli.run("import", str(path)).exit_code == 0
    assert not report.exists()
    assert [
        file.name for file in subscribers_cli.folder.iterdir() if file.name.endswith(".part")
    ] == []


def test_a_list_of_which_nothing_can_be_used_has_failed(subscribers_cli: SubscribersCli) -> None:
    """Exit code 1, and the reasons."""
    path = subscribers_cli.write_file("lista.csv", "email\nfel\n")
    assert subscribers_cli.run("import", str(path)).exit_code == 1
    missing = subscribers_cli.run("import", str(subscribers_cli.folder / "saknas.csv"))
    assert (missing.exit_code, "saknas.csv" in missing.stderr) == (1, True)
    assert "Traceback" not in missing.output


def test_a_dry_run_writes_nobody(subscribers_cli: SubscribersCli) -> None:
    """It says so."""
    path = subscribers_cli.write_file("lista.csv", "email\na@example.org\n")
    told = subscribers_cli.run_json("import", str(path), "--dry-run")
    assert isinstance(told, dict)
    assert (told["added"], told["dry_run"]) == (1, True)
    assert subscribers_cli.run_json("list") == []


def test_export_to_a_file_and_to_standard_output(subscribers_cli: SubscribersCli) -> None:
    """The same bytes; a file is whole or not there."""
    subscribers_cli.run(
        "import",
        str(
            subscribers_cli.write_file(
                "lista.csv", "email,name,tags\na@example.org,=Å,press\nb@example.org,Bo,\n"
            )
        ),
    )
    out = subscribers_cli.folder / "ut.csv"
    assert subscribers_cli.run("export", str(out)).exit_code == 0
    assert subscribers_cli.run("export", "-").exit_code == 0
    assert out.read_text("utf-8-sig").splitlines()[1] == "a@example.org,'=Å,,press,active"
    assert (
        subscribers_cli.run(
            "export", str(subscribers_cli.folder / "ut.json"), "--segment", "tag:press"
        ).exit_code
        == 0
    )
    assert [
        person["name"]
        for person in json.loads((subscribers_cli.folder / "ut.json").read_text("utf-8"))
    ] == ["=Å"]
    failed = subscribers_cli.run("export", str(subscribers_cli.folder / "saknas" / "ut.csv"))
    assert (failed.exit_code, "Traceback" in failed.output) == (1, False)


def test_adding_one_person(subscribers_cli: SubscribersCli) -> None:
    """With name, language and tags; what is no address or language is told."""
    assert (
        subscribers_cli.run(
            "add",
            "anna@example.org",
            "--name",
            "Anna",
            "--language",
            "Svenska",
            "--tag",
            "press",
            "--tag",
            "a,b",
        ).exit_code
        == 0
    )
    shown = subscribers_cli.run_json("show", "anna@example.org")
    assert isinstance(shown, dict)
    assert (shown["name"], shown["language"], shown["tags"], shown["status"]) == (
        "Anna",
        "sv",
        ["press", "a", "b"],
        "active",
    )
    for words in (
        ("add", "anna"),
        ("add", "b@example.org", "--language", "klingonska"),
        ("show", "b@example.org"),
        ("unsubscribe", "b@example.org"),
    ):
        answer = subscribers_cli.run(*words)
        assert (answer.exit_code, bool(answer.stderr), "Traceback" in answer.output) == (
            1,
            True,
            False,
        )


def test_suppressing_and_listing(subscribers_cli: SubscribersCli) -> None:
    """Whom staff block is seen as such."""
    subscribers_cli.run("add", "a@example.org", "--tag", "press")
    assert subscribers_cli.run("suppress", "a@example.org").exit_code == 0
    assert subscribers_cli.run("suppress", "x@example.org").exit_code == 0
    shown = subscribers_cli.run_json("show", "x@example.org")
    assert isinstance(shown, dict)
    assert shown["status"] == "manual"
    assert subscribers_cli.run_json("list", "--status", "active") == []
    assert subscribers_cli.run("list", "--status", "manual", "--tag", "press").stdout.startswith(
        "a@example.org"
    )
    assert subscribers_cli.run("list", "--segment", "nonsense").exit_code == 1
