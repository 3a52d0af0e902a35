"""Two at one issue, and a file to which everything happens.

Nobody's words are lost, and nothing is half written.
"""

import resource
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from newsletter.web.preview.workspace_backend import WorkspacePreviewBackend
from tests.browser.preview_page import (
    IssueFile,
    expect_status,
    fill_part,
    locate_frames,
    locate_letter,
    locate_part,
    open_view,
)
from tests.web.preview.served_preview import ServedPreview

#: Seconds between two saves of a restless editor.
SAVE_INTERVAL_SECONDS = 0.1
#: Counts how often the page shows a problem.
COUNT_PROBLEMS = """() => {
  window.problems = 0;
  new MutationObserver(() => { window.problems += document.querySelector(".problem") ? 1 : 0; })
    .observe(document.body, { childList: true, subtree: true });
}"""


@pytest.fixture
def page(page: Page, workspace_preview: ServedPreview[WorkspacePreviewBackend]) -> Page:
    return open_view(page, workspace_preview, "edit")


@contextmanager
def save_repeatedly(issue_file: IssueFile) -> Iterator[list[int]]:
    """Save another introduction again and again, as an editor that saves with every key."""
    ended, saved = threading.Event(), [0]

    def save() -> None:
        while not ended.wait(SAVE_INTERVAL_SECONDS):
            text = issue_file.text
            new = text.replace(f"Varv {saved[0]}.", f"Varv {saved[0] + 1}.")
            # What is replaced by name is never seen half; another's save between reading and
            # writing would be lost by any editor.
            beside = issue_file.path.with_suffix(".tmp")
            beside.write_text(new, "utf-8")
            if issue_file.text == text:
                beside.replace(issue_file.path)
                saved[0] += 1

    issue_file.replace_text("Hej!", "Hej! Varv 0.")
    thread = threading.Thread(target=save)
    thread.start()
    try:
        yield saved
    finally:
        ended.set()
        thread.join()


def test_words_are_typed_while_the_file_changes_every_tenth_of_a_second(
    page: Page, issue_file: IssueFile
) -> None:
    """Letter by letter, in the sheet.

    All of them are in the file, beside what the editor wrote last.
    """
    words = "Biblioteken är öppna alla dagar, och det ska de förbli: " * 2
    with save_repeatedly(issue_file) as saved:
        expect(locate_part(page, "intro")).to_contain_text("Varv")
        locate_part(page, "summary").get_by_role("button").click()
        page.keyboard.press("Control+a")
        page.keyboard.type(words.strip(), delay=25)
        expect(locate_part(page, "summary").get_by_role("textbox")).to_have_value(words.strip())
        page.keyboard.press("Control+Enter")
        expect_status(page, "Summary changed")
    assert saved[0] > 5
    assert issue_file.issue.teasers[0].summary == words.strip()
    assert f"Varv {saved[0]}." in issue_file.issue.intro
    expect(locate_part(page, "intro")).to_contain_text(f"Varv {saved[0]}.")


def test_two_windows_write_at_once(
    page: Page, issue_file: IssueFile, workspace_preview: ServedPreview[WorkspacePreviewBackend]
) -> None:
    """Different texts are both kept, and seen in both.

    Of the same text the second one is asked, and has lost nothing.
    """
    other = open_view(page.context.new_page(), workspace_preview, "edit")
    fill_part(page, "summary", "Från det första fönstret.")
    fill_part(other, "title", "Från det andra fönstret")
    page.keyboard.press("Control+Enter")
    expect_status(page, "Summary changed")
    other.keyboard.press("Enter")
    expect_status(other, "Title changed")
    expect(locate_part(page, "title")).to_contain_text("Från det andra fönstret")
    expect(locate_part(other, "summary")).to_contain_text("Från det första fönstret.")
    fill_part(page, "intro", "Mitt.")
    fill_part(other, "intro", "Ditt.")
    page.keyboard.press("Control+Enter")
    expect_status(page, "Introduction changed")
    other.keyboard.press("Control+Enter")
    dialog = other.get_by_role("dialog")
    expect(dialog).to_contain_text("Mitt.")
    expect(dialog.get_by_role("textbox")).to_have_value("Ditt.")
    dialog.get_by_role("button", name="Keep mine").click()
    expect(locate_part(page, "intro")).to_contain_text("Ditt.")
    page.get_by_role("button", name="Undo: Introduction changed").click()
    expect(locate_part(other, "intro")).to_contain_text("Mitt.")


@pytest.mark.parametrize("way", ["deleted", "a folder", "no text", "empty"])
def test_words_survive_a_file_that_is_gone_or_broken(
    page: Page, issue_file: IssueFile, way: str
) -> None:
    """It is told, saving says why not, and no other issue is touched.

    When the file is back, the words are still there to be saved.
    """
    good, other = issue_file.text, (issue_file.path.parent / "2026-11.md").read_bytes()
    fill_part(page, "summary", "Mina ord.")
    issue_file.path.unlink()
    if way == "a folder":
        issue_file.path.mkdir()
    elif way != "deleted":
        issue_file.path.write_bytes(b"\xff\xfe\x00" if way == "no text" else b"")
    expect(page.locator(".problem")).to_be_visible()
    expect(page.locator("#subject")).to_have_text("2026-12")
    page.keyboard.type(" Och fler.")
    shutil.rmtree(issue_file.path) if way == "a folder" else issue_file.path.unlink(missing_ok=True)
    issue_file.path.write_text(good, "utf-8")
    expect(page.locator(".problem")).to_have_count(0)
    expect(locate_part(page, "summary").get_by_role("textbox")).to_be_focused()
    page.keyboard.type(" Till sist.")
    page.keyboard.press("Control+Enter")
    expect_status(page, "Summary changed")
    assert issue_file.issue.teasers[0].summary == "Mina ord. Och fler. Till sist."
    assert (issue_file.path.parent / "2026-11.md").read_bytes() == other


@pytest.mark.parametrize("way", ["truncate", "rename", "backup"])
def test_a_file_saved_in_several_steps_is_never_told_as_a_mistake(
    page: Page, issue_file: IssueFile, way: str
) -> None:
    """Truncate and write, a new file in its place, the old one moved aside first.

    The new words are shown, and no problem on the way.
    """
    page.evaluate(COUNT_PROBLEMS)
    new = issue_file.text.replace("Hej!", "Hejsan!")
    if way == "truncate":
        with issue_file.path.open("w", encoding="utf-8") as file:
            file.flush()
            page.evaluate("() => new Promise(done => setTimeout(done, 40))")
            file.write(new[:300])
            file.flush()
            page.evaluate("() => new Promise(done => setTimeout(done, 40))")
            file.write(new[300:])
    elif way == "rename":
        beside = issue_file.path.with_name("4913")
        beside.write_text(new, "utf-8")
        beside.replace(issue_file.path)
    else:
        issue_file.path.rename(issue_file.path.with_name("2026-12.md~"))
        page.evaluate("() => new Promise(done => setTimeout(done, 40))")
        issue_file.path.write_text(new, "utf-8")
    expect(locate_part(page, "intro")).to_contain_text("Hejsan!")
    expect(locate_letter(page)).to_contain_text("Hejsan!")
    assert page.evaluate("window.problems") == 0


@pytest.mark.parametrize("way", ["CRLF", "BOM", "no line feed at the end"])
def test_a_file_of_another_editor_keeps_its_ways(
    page: Page, issue_file: IssueFile, way: str
) -> None:
    """Its line ends, its mark at the beginning, its end are as they were.

    Only the words are others.
    """
    text = issue_file.text.rstrip("\n") if way.startswith("no") else issue_file.text
    raw = (
        text.replace("\n", "\r\n").encode()
        if way == "CRLF"
        else (b"\xef\xbb\xbf" if way == "BOM" else b"") + text.encode()
    )
    issue_file.path.write_bytes(raw.replace(b"Hej!", b"Hejsan!"))
    expect(locate_part(page, "intro")).to_contain_text("Hejsan!")
    fill_part(page, "intro", "Hej igen!")
    page.keyboard.press("Control+Enter")
    expect_status(page, "Introduction changed")
    was = "Hejsan! Här är det vi har publicerat sedan sist."
    assert issue_file.path.read_bytes() == raw.replace(b"Hej!", b"Hejsan!").replace(
        was.encode(), b"Hej igen!"
    )


def test_a_disk_that_is_full_is_told_and_nothing_is_lost(page: Page, issue_file: IssueFile) -> None:
    """The file is as it was, her words stay open, nothing is left beside it.

    With room again the same key saves them.
    """
    before, beside = issue_file.path.read_bytes(), sorted(issue_file.path.parent.iterdir())
    fill_part(page, "summary", "Mina ord.")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        page.keyboard.press("Control+Enter")
        expect_status(page, "can't be written")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert issue_file.path.read_bytes() == before
    assert sorted(issue_file.path.parent.iterdir()) == beside
    expect(locate_part(page, "summary").get_by_role("textbox")).to_have_value("Mina ord.")
    locate_part(page, "summary").get_by_role("button", name="Save").click()
    expect_status(page, "Summary changed")
    assert issue_file.issue.teasers[0].summary == "Mina ord."


def test_the_settings_break_while_somebody_writes(page: Page, issue_file: IssueFile) -> None:
    """A slip in newsletter.toml is told with its key.

    Mended, the words are still there and can be saved.
    """
    settings = issue_file.path.parent.parent / "newsletter.toml"
    good = settings.read_text("utf-8")
    fill_part(page, "summary", "Mina ord.")
    settings.write_text(good.replace("[theme]", "[teme]"), "utf-8")
    expect(page.locator(".problem")).to_contain_text("teme")
    settings.write_text(good, "utf-8")
    locate_part(page, "summary").get_by_role("button", name="Save").click()
    expect_status(page, "Summary changed")
    assert issue_file.issue.teasers[0].summary == "Mina ord."
    expect(locate_frames(page)).to_have_count(1)


def test_another_issue_doesn_t_come_in_the_way(page: Page, issue_file: IssueFile) -> None:
    """Compose writes a newer issue while somebody works on this one.

    It can be chosen, and this one stays.
    """
    newer: Path = issue_file.path.with_name("2027-01.md")
    newer.write_text(issue_file.text.replace("# Nytt i november", "# Nytt i januari"), "utf-8")
    expect(page.locator("#issue option")).to_have_count(3)
    issue_file.replace_text("Hej!", "Hejsan!")
    expect(locate_letter(page)).to_contain_text("Hejsan!")
    assert page.locator("#issue").input_value() == "2026-12"
