"""What is said beside the letter."""

import re
from pathlib import Path
from typing import Any

import pytest

from newsletter.domain.finding import Finding, Level
from newsletter.errors import IssueFileError, RenderError
from newsletter.i18n import Phrase
from newsletter.web.preview.report import (
    build_report,
    find_check_group,
    serialize_preview,
    serialize_problem,
    summarise_findings,
)
from tests.web.preview.folder_backend import ISSUE, FolderBackend

CHECKS = Path(__file__).parents[3] / "docs" / "reference" / "checks.md"
SOURCE = "\n".join(f"rad {n}" for n in range(1, 21))


@pytest.fixture
def folder_backend(tmp_path: Path) -> FolderBackend:
    folder_backend = FolderBackend(tmp_path)
    folder_backend.write_issue(ISSUE)
    return folder_backend


def report_on(folder_backend: FolderBackend, language: str) -> dict[str, Any]:
    look = folder_backend.render_preview("2026-12")
    return build_report(look, folder_backend.check_message(look), language)


def test_an_error_shows_its_line_among_its_neighbours() -> None:
    """Three lines before and after, the one that is wrong marked."""
    said = serialize_problem(
        IssueFileError("{name}.md, line {line}: no.", name="x", line=10), SOURCE, "en"
    )
    assert said["message"] == "x.md, line 10: no."
    assert [line["number"] for line in said["lines"]] == [7, 8, 9, 10, 11, 12, 13]
    assert [line["text"] for line in said["lines"] if line["marked"]] == ["rad 10"]


@pytest.mark.parametrize(("line", "first", "last"), [(1, 1, 4), (20, 17, 20), (99, None, None)])
def test_an_error_at_the_edge_of_a_file_shows_what_there_is(
    line: int, first: int | None, last: int | None
) -> None:
    """A line that isn't there any more (the file was saved again) shows none."""
    numbers = [
        one["number"]
        for one in serialize_problem(IssueFileError("{line}", line=line), SOURCE, "en")["lines"]
    ]
    assert (numbers[0], numbers[-1]) == (first, last) if first else numbers == []


def test_a_themes_line_is_not_looked_for_in_the_issue() -> None:
    """Line 3 of a template says nothing of line 3 of the issue file."""
    said = serialize_problem(
        RenderError("{file}, line {line}", file="letter.mjml.j2", line=3), SOURCE, "en"
    )
    assert (said["line"], said["lines"]) == (None, [])


def test_findings_are_counted_and_come_worst_first(folder_backend: FolderBackend) -> None:
    """An error stops a send: nobody should have to look for it."""
    findings = tuple(
        Finding(code=f"c-{level}", level=level, message=Phrase("m"))
        for level in (Level.note, Level.error, Level.warning)
    )
    folder_backend.findings = (*findings, findings[1])
    said = report_on(folder_backend, "en")
    assert said["summary"] == "2 errors, 1 warning, 1 note"
    assert [check["level"] for check in said["checks"]] == ["error", "error", "warning", "note"]
    assert summarise_findings((), "en") == ""


def test_what_was_looked_at_is_told(folder_backend: FolderBackend) -> None:
    """Who sees nothing wrong sees what was looked at.

    What something was found in isn't among it.
    """
    folder_backend.findings = (
        Finding(code="subject-long", level=Level.warning, message=Phrase("m")),
    )
    said = report_on(folder_backend, "en")["passed"]
    assert "Links" in said
    assert "Subject and preheader" not in said


def test_every_check_belongs_to_what_it_looks_at() -> None:
    """No code of the documents falls under the last group for want of another."""
    codes = re.findall(r"^\| `([a-z-]+)` \|", CHECKS.read_text("utf-8"), re.MULTILINE)
    assert len(codes) > 60
    starts = ("slot-", "line-", "header-", "from-", "spam-")
    assert [
        code
        for code in codes
        if str(find_check_group(code)) == "Headers and sender" and not code.startswith(starts)
    ] == []


def test_headers_are_decoded_and_raw(folder_backend: FolderBackend) -> None:
    """A person reads the subject.

    Who knows mail sees the encoded word, and the header of RFC 8058.
    """
    said = report_on(folder_backend, "sv")
    headers = dict(said["headers"])
    assert headers["Subject"] == "Söndagsöppet, nattbuss och tolv mil cykelväg"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "=?utf-8?" in said["rawHeaders"].lower()
    assert "\r\n\r\n" not in said["rawHeaders"]
    assert said["from"].startswith("Redaktionen")


def test_the_letter_is_shown_as_a_reader_gets_it(folder_backend: FolderBackend) -> None:
    """No slot stays open in what is shown."""
    look = folder_backend.render_preview("2026-12")
    said = serialize_preview(look)
    for placeholder in look.rendered.slots.values():
        assert placeholder not in said["html"]
        assert placeholder not in said["text"]
    facts = {fact["label"]: fact for fact in report_on(folder_backend, "sv")["facts"]}
    assert (
        facts["Pictures"]["value"] == "6"
        if "Pictures" in facts
        else facts["Bilder"]["value"] == "6"
    )
