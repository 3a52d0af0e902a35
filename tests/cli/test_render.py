"""`newsletter render` and `newsletter check`, run as staff would, in a folder of their own."""

import json
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsletter.cli import main

SETTINGS = """
[newsletter]
title = "Nytt från regionen"
language = "en"
timezone = "Europe/Stockholm"
from = "Redaktionen <nyhetsbrev@regionexempel.example.org>"
postal_address = "Box 1, 111 11 Exempelstad"
public_url = "https://nyhetsbrev.example.org"

[[sources]]
url = "https://blogg.example.org/feed/"

[smtp]
host = "smtp.example.org"
username = "nyhetsbrev"
"""
ISSUE = """---
subject: Nyhetsbrev december 2026
preheader: Söndagsöppna bibliotek
number: 12
date: 2026-12-01
language: en
---

# Det händer i regionen

Hej! Här är månadens nyheter.

## Nytt sedan sist

### [Biblioteken öppnar på söndagar](https://blogg.example.org/sondag/)
![En fåtölj](https://blogg.example.org/bilder/bibliotek.jpg)
*24 November 2026*

Från och med januari håller fyra bibliotek öppet alla dagar i veckan.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a newsletter with one issue; the terminal speaks English."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NEWSLETTER_SMTP__PASSWORD", "hemligt")
    (tmp_path / "newsletter.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "2026-12.md").write_text(ISSUE, encoding="utf-8")
    return tmp_path


def run_command(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["-c", str(folder / "newsletter.toml"), *words])


def test_html_text_and_mjml_are_the_same_twice(folder: Path) -> None:
    """To standard output, slots open; the second time byte for byte the same."""
    for form, beginning in (
        ("html", b"<!DOCTYPE html>"),
        ("text", "NYTT FRÅN REGIONEN".encode()),
        ("mjml", b"\n<mjml"),
    ):
        first, second = (
            run_command(folder, "render", "2026-12", "--format", form) for _ in range(2)
        )
        assert first.exit_code == 0, first.output
        assert first.stdout_bytes == second.stdout_bytes
        assert first.stdout_bytes.lstrip().startswith(beginning.strip())
        assert b"xslot" in first.stdout_bytes


def test_a_reader_fills_the_slots(folder: Path) -> None:
    """In HTML escaped, in text as it is."""
    html = run_command(folder, "render", "2026-12", "--to", "a&b@example.org").stdout
    text = run_command(
        folder, "render", "2026-12", "--format", "text", "--to", "a&b@example.org"
    ).stdout
    assert "xslot" not in html + text
    assert "a&amp;b@example.org" in html
    assert "a&b@example.org" in text
    assert "https://nyhetsbrev.example.org/u/" in html
    assert "\nhttps://nyhetsbrev.example.org/i/2026-12\n" in text


def test_a_mail_has_a_made_up_reader_and_all_headers(folder: Path, tmp_path: Path) -> None:
    """Written to a file that another parser reads; List-Unsubscribe on one line, https first."""
    file = tmp_path / "ut" / "brev.eml"
    assert (
        run_command(folder, "render", "2026-12", "--format", "eml", "-o", str(file)).exit_code == 0
    )
    raw = file.read_bytes()
    message = message_from_bytes(raw, policy=policy.default)
    assert message["Subject"] == "Nyhetsbrev december 2026"
    assert message["To"] == "reader@example.org"
    assert b"\r\nList-Unsubscribe: <https://nyhetsbrev.example.org/u/" in raw
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert b"xslot" not in raw


def test_a_wrong_address_or_issue_is_told(folder: Path) -> None:
    """In a sentence, with exit code 1."""
    for words in (("2026-12", "--to", "nobody"), ("2026-13",)):
        result = run_command(folder, "render", *words)
        assert result.exit_code == 1
        assert len(result.stderr.strip().splitlines()) == 1


def test_a_good_issue_passes(folder: Path) -> None:
    """The newest, if none is named; nothing is asked of the network with --no-links."""
    result = run_command(folder, "check", "--no-links")
    assert result.exit_code == 0, result.output
    assert "2026-12 can be sent" in result.stdout
    assert json.loads(run_command(folder, "check", "--no-links", "--json").stdout) == []


def test_an_open_error_ends_with_one(folder: Path) -> None:
    """Worst first; JSON for programs, a list for people."""
    file = folder / "issues" / "2026-12.md"
    file.write_text(
        ISSUE.replace("Hej!", "TODO: hälsa.").replace("preheader: Söndagsöppna bibliotek\n", ""),
        encoding="utf-8",
    )
    result = run_command(folder, "check", "2026-12", "--no-links", "--json")
    assert result.exit_code == 1
    assert [(one["code"], one["level"], one["where"]) for one in json.loads(result.stdout)] == [
        ("words-left", "error", "intro"),
        ("preheader-missing", "warning", "preheader"),
    ]
    people = run_command(folder, "check", "2026-12", "--no-links")
    assert people.exit_code == 1
    assert people.stdout.index("words-left") < people.stdout.index("preheader-missing")
    assert "1 error stops the send" in people.stdout


def test_no_issue_is_told(folder: Path) -> None:
    """With the way to make one."""
    (folder / "issues" / "2026-12.md").unlink()
    result = run_command(folder, "check")
    assert result.exit_code == 1
    assert "newsletter compose" in result.stderr
