"""Editing in the preview, in a real browser.

By mouse and by keyboard, in both directions, with undo and conflicts.
"""

import re
from datetime import UTC, datetime
from email import message_from_bytes

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from newsletter.app.rendering import render_issue
from newsletter.domain.issue import IssueState
from newsletter.store import issues
from newsletter.web.preview.workspace_backend import WorkspacePreviewBackend
from tests.browser.preview_page import (
    IssueFile,
    SmtpRecorder,
    expect_status,
    fill_part,
    locate_frames,
    locate_letter,
    locate_part,
    open_view,
)
from tests.web.preview.served_preview import ServedPreview


@pytest.fixture
def page(page: Page, workspace_preview: ServedPreview[WorkspacePreviewBackend]) -> Page:
    return open_view(page, workspace_preview, "edit")


def drag(page: Page, number: int, to: Locator) -> None:
    """Drag a teaser by its grip to the upper edge of something, as a hand does.

    In several moves.
    """
    page.locator(".grip").nth(number).hover()
    page.mouse.down()
    expect(to).to_be_visible()
    box = to.bounding_box()
    assert box
    page.mouse.move(box["x"] + 200, box["y"] + 40, steps=4)
    page.mouse.move(box["x"] + 200, box["y"] + 4, steps=4)
    page.mouse.up()


def assert_in_file(issue_file: IssueFile, wanted: str) -> None:
    """Look into the file; call it once the page has said that it is written."""
    assert wanted in issue_file.text


@pytest.mark.parametrize(
    ("name", "text", "key", "line"),
    [
        ("subject", "Ett nytt ämne: nu", "Enter", 'subject: "Ett nytt ämne: nu"'),
        ("preheader", "En ny förhandstext", "Enter", "preheader: En ny förhandstext"),
        ("title", "En ny titel", "Enter", "# En ny titel"),
        ("intro", "Hej *allihop*!\n\nVälkomna.", "Control+Enter", "Hej *allihop*!\n\nVälkomna."),
        ("section-title", "Ett nytt avsnitt", "Enter", "## Ett nytt avsnitt"),
        ("section-text", "Några egna ord.", "Control+Enter", "Några egna ord."),
        ("teaser-title", "En ny rubrik <b>", "Enter", "### [En ny rubrik \\<b\\>]("),
        ("summary", "En **ny** sammanfattning.", "Control+Enter", "En **ny** sammanfattning."),
        ("alt", "En ny alt-text", "Enter", "![En ny alt-text]("),
    ],
)
def test_every_text_is_changed_in_place(
    page: Page, issue_file: IssueFile, name: str, text: str, key: str, line: str
) -> None:
    """Click it, write, save by the keyboard.

    The line is in the file, the letter shows it, the focus is where it was.
    """
    before = issue_file.text.split("\n")
    locate_part(page, name).get_by_role("button").click()
    field = locate_part(page, name).get_by_role("textbox")
    expect(field).to_be_focused()
    field.fill(text)
    page.keyboard.press(key)
    expect_status(page, "changed")
    assert_in_file(issue_file, line)
    expect(locate_part(page, name).get_by_role("button")).to_be_focused()
    assert sum(line not in before for line in issue_file.text.split("\n")) <= 4
    if name not in ("subject", "preheader", "alt"):
        expect(locate_letter(page)).to_contain_text(text.replace("*", "").split("\n")[0])
    if name == "subject":
        expect(page.locator("#subject")).to_have_text(text)


@pytest.mark.parametrize(
    ("name", "text", "line", "shown"),
    [
        ("number", "14", "number: 14", "14"),
        ("date", "2026-12-24", "date: 2026-12-24", "24 December 2026"),
        ("language", "fi", "language: fi", "Finnish (fi)"),
        ("teaser-date", "2026-11-25", "*25 november 2026*", "25 November 2026"),
        (
            "teaser-url",
            "https://blogg.example.org/ny/",
            "](https://blogg.example.org/ny/)",
            "blogg.example.org/ny/",
        ),
    ],
)
def test_what_isn_t_words_is_changed_in_a_field_of_its_kind(
    page: Page, issue_file: IssueFile, name: str, text: str, line: str, shown: str
) -> None:
    """Number, date, language, a teaser's date and link.

    Enter saves, and it is shown as people say it.
    """
    locate_part(page, name).get_by_role("button").click()
    field = locate_part(page, name).locator("input")
    expect(field).to_be_focused()
    field.fill(text)
    page.keyboard.press("Enter")
    expect_status(page, "changed")
    assert_in_file(issue_file, line)
    expect(locate_part(page, name).get_by_role("button")).to_be_focused()
    expect(locate_part(page, name)).to_contain_text(shown)


def test_what_can_t_stand_there_stays_open_with_the_reason(
    page: Page, issue_file: IssueFile
) -> None:
    """The sentence is said, the words are still in the field, the file is as it was."""
    before = issue_file.text
    locate_part(page, "language").get_by_role("button").click()
    locate_part(page, "language").locator("input").fill("svenska språket")
    page.keyboard.press("Enter")
    expect_status(page, "is no language")
    expect(locate_part(page, "language").locator("input")).to_have_value("svenska språket")
    page.keyboard.press("Escape")
    locate_part(page, "teaser-url").get_by_role("button").click()
    locate_part(page, "teaser-url").locator("input").fill("javascript:alert(1)")
    page.keyboard.press("Enter")
    expect_status(page, "is no web address")
    assert issue_file.text == before


def test_a_section_gets_another_layout(page: Page, issue_file: IssueFile) -> None:
    """From a list; the file says it as a person would, the letter follows, and the focus stays."""
    choose = page.get_by_label("Layout of the section: Nytt sedan sist")
    choose.focus()
    choose.select_option(label="List")
    expect_status(page, "Layout changed: Nytt sedan sist")
    assert_in_file(issue_file, "## Nytt sedan sist\n<!-- layout: list -->")
    expect(page.get_by_label("Layout of the section: Nytt sedan sist")).to_be_focused()
    with page.expect_response("**/edit"):
        page.get_by_label("Layout of the section: Nytt sedan sist").select_option(
            label="The theme’s layout"
        )
    assert issue_file.issue.sections[0].layout is None


def test_a_teaser_of_one_s_own(page: Page, issue_file: IssueFile) -> None:
    """Not every piece of news is a post.

    It is added with its heading open to be written, by the keyboard.
    """
    page.get_by_role("button", name=re.compile("^Add a post to")).press("Enter")
    page.get_by_role("button", name="Write one of your own").press("Enter")
    expect(page.locator(".teaser").last.locator("textarea")).to_be_focused()
    page.keyboard.type("Vi söker en vikarie")
    page.keyboard.press("Enter")
    expect_status(page, "Heading changed")
    assert issue_file.titles[-1] == "Vi söker en vikarie"
    assert issue_file.issue.teasers[-1].post is None
    expect(locate_letter(page)).to_contain_text("Vi söker en vikarie")


def test_a_new_section_is_named_at_once(page: Page, issue_file: IssueFile) -> None:
    """Its heading is open, and what is typed replaces the words that held its place."""
    page.get_by_role("button", name="New section").press("Enter")
    expect(page.locator(".section").last.locator("textarea")).to_be_focused()
    page.keyboard.type("På gång")
    page.keyboard.press("Enter")
    expect_status(page, "Section changed: På gång")
    assert issue_file.issue.sections[-1].title == "På gång"
    assert page.locator("#stage").evaluate("stage => stage.scrollTop") == 0


@pytest.mark.parametrize("way", ["tab", "issue", "button"])
def test_what_is_being_written_is_saved_by_going_elsewhere(
    page: Page, issue_file: IssueFile, way: str
) -> None:
    """To another view, to another issue, by a button of another teaser.

    Nothing is lost, and the other thing is done, too.
    """
    second = issue_file.titles[1]
    fill_part(page, "summary", "Mina ord.")
    if way == "tab":
        page.get_by_role("tab", name="Text").click()
        expect(page.get_by_role("tabpanel")).to_contain_text("Mina ord.")
        page.get_by_role("tab", name="Edit").click()
    elif way == "issue":
        page.locator("#issue").select_option("2026-11")
        expect(locate_part(page, "title")).to_contain_text("Det händer i regionen")
        page.locator("#issue").select_option("2026-12")
    else:
        page.get_by_role("button", name=f"Remove: {second}").click()
        expect_status(page, f"Removed: {second}")
        assert second not in issue_file.titles
    expect(locate_part(page, "summary")).to_contain_text("Mina ord.")
    assert issue_file.issue.teasers[0].summary == "Mina ord."
    assert "Mina ord." not in (issue_file.path.parent / "2026-11.md").read_text("utf-8")


def test_a_button_does_what_it_says_though_the_file_has_another_order_now(
    page: Page, issue_file: IssueFile
) -> None:
    """While somebody writes, the sheet stays as it is.

    Its buttons mean the teasers that it shows.
    """
    first, second, third, fourth = issue_file.titles
    blocks = re.split(r"(?=^### )", issue_file.text, flags=re.MULTILINE)
    fill_part(page, "intro", "Mina ord.")
    issue_file.path.write_text("".join([blocks[0], blocks[4], *blocks[1:4]]), "utf-8")
    expect(locate_letter(page).get_by_role("heading", level=2).first).to_contain_text(fourth)
    page.get_by_role("button", name=f"Remove: {first}").click()
    page.get_by_role("dialog").get_by_role("button", name="Do it now").click()
    expect_status(page, f"Removed: {first}")
    assert sorted(issue_file.titles) == sorted([second, third, fourth])
    assert issue_file.issue.intro == "Mina ord."


def test_an_issue_that_has_gone_out_can_be_read_and_not_changed(
    page: Page, issue_file: IssueFile, workspace_preview: ServedPreview[WorkspacePreviewBackend]
) -> None:
    """The reason is said first, for ears too; there is nothing to press.

    What was open in another window is refused with the sentence.
    """
    fill_part(page, "intro", "För sent.")
    workspace = workspace_preview.backend.workspaces.get()
    with workspace.database.begin() as connection:
        number = issues.add(
            connection,
            "2026-12",
            render_issue(workspace, issue_file.issue),
            segment="",
            now=datetime.now(UTC),
        )
        issues.change_state(connection, number, {IssueState.sending}, IssueState.sent)
    before = issue_file.text
    page.keyboard.press("Control+Enter")
    expect_status(page, "This issue has been sent")
    expect(locate_part(page, "intro").get_by_role("textbox")).to_have_value("För sent.")
    open_view(page, workspace_preview, "edit")
    sheet = page.get_by_role("region", name="The issue, part by part")
    expect(sheet.get_by_role("note")).to_contain_text("This issue has been sent")
    expect(sheet.get_by_role("heading", name=issue_file.titles[0])).to_be_visible()
    assert sheet.get_by_role("button").count() + sheet.get_by_role("combobox").count() == 0
    assert issue_file.text == before


def test_an_editor_s_change_is_seen_in_the_sheet(page: Page, issue_file: IssueFile) -> None:
    """The other direction: the file is saved elsewhere, and sheet and letter follow."""
    issue_file.replace_text("Hej!", "Hejsan svejsan!")
    expect(locate_part(page, "intro")).to_contain_text("Hejsan svejsan!")
    expect(locate_letter(page)).to_contain_text("Hejsan svejsan!")


def test_esc_gives_up_and_an_empty_change_writes_nothing(page: Page, issue_file: IssueFile) -> None:
    """The file isn't touched by looking."""
    before = issue_file.path.stat().st_mtime_ns
    locate_part(page, "subject").get_by_role("button").click()
    page.keyboard.type(" och mer")
    page.keyboard.press("Escape")
    expect(locate_part(page, "subject").get_by_role("button")).to_be_focused()
    locate_part(page, "intro").get_by_role("button").click()
    page.keyboard.press("Control+Enter")
    expect(locate_part(page, "intro").get_by_role("button")).to_be_focused()
    assert issue_file.path.stat().st_mtime_ns == before


def test_another_text_that_is_opened_saves_the_first(page: Page, issue_file: IssueFile) -> None:
    """Nobody loses what she wrote because she clicked elsewhere."""
    locate_part(page, "subject").get_by_role("button").click()
    locate_part(page, "subject").get_by_role("textbox").fill("Skrivet")
    locate_part(page, "summary", 1).get_by_role("button").click()
    expect(locate_part(page, "summary", 1).get_by_role("textbox")).to_be_focused()
    assert_in_file(issue_file, "subject: Skrivet")


def test_the_letter_itself_is_clicked(page: Page, issue_file: IssueFile) -> None:
    """A heading, a picture, a summary, the introduction: the part opens.

    Links lead nowhere, and the frame runs nothing.
    """
    frame = locate_frames(page).first.content_frame
    title = issue_file.titles[1]
    frame.get_by_role("heading", name=title).click()
    expect(locate_part(page, "teaser-title", 1).get_by_role("textbox")).to_have_value(title)
    page.keyboard.press("Escape")
    frame.locator("img[src*='picture/']").nth(1).click()
    expect(locate_part(page, "alt").get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Escape")
    frame.get_by_text(issue_file.issue.teasers[0].summary[:30]).click()
    expect(locate_part(page, "summary").get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Escape")
    frame.get_by_text("Hej!").click()
    expect(locate_part(page, "intro").get_by_role("textbox")).to_be_focused()
    assert len(page.context.pages) == 1
    assert "allow-scripts" not in (
        page.locator(".screen iframe").first.get_attribute("sandbox") or ""
    )


def test_a_picture_that_only_decorates(page: Page, issue_file: IssueFile) -> None:
    """No alt text on purpose is another thing than none."""
    locate_part(page, "alt").get_by_role("button").click()
    locate_part(page, "alt").get_by_role("checkbox").check()
    locate_part(page, "alt").get_by_role("button", name="Save").click()
    expect_status(page, "Alt text changed")
    assert_in_file(issue_file, ' "decorative")')
    expect(locate_part(page, "alt")).to_contain_text("decorates only")


def test_teasers_are_moved_by_buttons_and_keys(page: Page, issue_file: IssueFile) -> None:
    """Up, down, Alt + arrow; the focus goes with the teaser.

    Where a button is switched off, it goes to the other one.
    """
    first, second, third, *_ = issue_file.titles
    page.get_by_role("button", name=f"Move down: {first}").click()
    expect_status(page, f"Moved: {first}")
    assert issue_file.titles[:3] == [second, first, third]
    expect(page.get_by_role("button", name=f"Move down: {first}")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".teaser").nth(2)).to_contain_text(first)
    assert issue_file.titles[:3] == [second, third, first]
    page.get_by_role("button", name=f"Move up: {third}").press("Enter")
    expect(page.get_by_role("button", name=f"Move down: {third}")).to_be_focused()
    assert issue_file.titles[:3] == [third, second, first]


def test_teasers_are_dragged(page: Page, issue_file: IssueFile) -> None:
    """Within a section, and into another one that is empty."""
    first, second, third, *_ = issue_file.titles
    page.set_viewport_size({"width": 1512, "height": 1500})
    drag(page, 0, page.locator(".teaser").nth(2))
    expect_status(page, f"Moved: {first}")
    assert issue_file.titles[:3] == [second, first, third]
    page.get_by_role("button", name="New section").click()
    expect_status(page, "New section")
    expect(page.locator(".teasers")).to_have_count(2)
    drag(page, 1, page.locator(".section").nth(1).locator(".teasers"))
    expect_status(page, f"Moved: {first}")
    assert [teaser.title for teaser in issue_file.issue.sections[1].teasers] == [first]


def test_sections(page: Page, issue_file: IssueFile) -> None:
    """A new one; a teaser sent there from the list.

    The section moved up, and removed with its teasers kept.
    """
    titles = issue_file.titles
    page.get_by_role("button", name="New section").click()
    expect(page.locator(".section")).to_have_count(2)
    page.get_by_label(f"Move to section: {titles[0]}").select_option(label="New heading")
    expect_status(page, f"Moved: {titles[0]}")
    page.get_by_role("button", name="Move up: New heading").click()
    expect_status(page, "Moved: New heading")
    assert issue_file.issue.sections[0].title == "New heading"
    page.get_by_role("button", name="Remove: New heading").click()
    expect(page.locator(".section")).to_have_count(1)
    assert sorted(issue_file.titles) == sorted(titles)


def test_one_is_removed_and_one_is_added(page: Page, issue_file: IssueFile) -> None:
    """A post that was left out is found by its words and put in; by the keyboard alone."""
    first, *rest = issue_file.titles
    page.get_by_role("button", name=f"Remove: {first}").click()
    expect_status(page, f"Removed: {first}")
    assert issue_file.titles == rest
    add = page.get_by_role("button", name=re.compile("^Add a post to"))
    add.focus()
    page.keyboard.press("Enter")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    expect(page.locator(".hit")).not_to_have_count(0)
    page.keyboard.type("tåget")
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator("dialog [role=status]")).to_have_text("Posts found: 1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect_status(page, "Added: Tåget")
    assert issue_file.titles[-1].startswith("Tåget")
    expect(locate_letter(page)).to_contain_text("Tåget får fler platser")
    expect(page.locator("dialog")).to_have_count(0)


def test_a_summary_is_made_shorter_and_longer(page: Page, issue_file: IssueFile) -> None:
    """By the buttons, which say how many words it will have.

    And the page says whose words they are.
    """
    first = page.locator(".teaser").first
    why = first.locator(".why")
    expect(why).to_contain_text("the best sentences of the text")
    longer = first.get_by_role("button", name=re.compile("^Longer summary"))
    count = int((longer.text_content() or "").split()[-1])
    longer.click()
    expect(why).to_contain_text(f"{count} words · sentences of the text that you chose")
    assert len(issue_file.issue.teasers[0].summary.split()) == count
    first.get_by_role("button", name=re.compile("^Take compose’s words")).click()
    expect(why).to_contain_text("the best sentences of the text")
    first.get_by_role("button", name=re.compile("^Shorter summary")).press("Enter")
    expect(why).to_contain_text("that you chose")
    locate_part(page, "summary").get_by_role("button").click()
    locate_part(page, "summary").get_by_role("textbox").fill("Mina ord.")
    page.keyboard.press("Control+Enter")
    expect(why).to_contain_text("2 words · your words")


def test_undo_and_redo_survive_a_reload(
    page: Page, issue_file: IssueFile, workspace_preview: ServedPreview[WorkspacePreviewBackend]
) -> None:
    """By buttons and by Ctrl + Z; the file is byte for byte what it was."""
    texts = [issue_file.text]
    title = issue_file.titles[0]
    page.get_by_role("button", name=f"Move down: {title}").click()
    expect_status(page, "Moved")
    texts.append(issue_file.text)
    page.get_by_role("button", name=f"Remove: {title}").click()
    expect_status(page, "Removed")
    texts.append(issue_file.text)
    open_view(page, workspace_preview, "edit")
    page.get_by_role("button", name=f"Undo: Removed: {title}").click()
    expect_status(page, "Undone: Removed")
    assert issue_file.text == texts[1]
    page.keyboard.press("Control+z")
    expect_status(page, "Undone: Moved")
    assert issue_file.text == texts[0]
    expect(page.get_by_role("button", name="Undo", exact=True)).to_have_attribute(
        "aria-disabled", "true"
    )
    page.keyboard.press("Control+Shift+z")
    expect_status(page, "Done again: Moved")
    page.get_by_role("button", name="Redo: ").click()
    expect_status(page, "Done again: Removed")
    assert issue_file.text == texts[2]


def test_edits_of_different_places_are_both_kept(page: Page, issue_file: IssueFile) -> None:
    """While a summary is open, an editor saves another line.

    Both are in the file, nobody is asked.
    """
    locate_part(page, "summary").get_by_role("button").click()
    locate_part(page, "summary").get_by_role("textbox").fill("Mina ord.")
    issue_file.replace_text("Hej!", "Hejsan!")
    expect(locate_letter(page)).to_contain_text("Hejsan!")
    expect(locate_part(page, "summary").get_by_role("textbox")).to_have_value("Mina ord.")
    page.keyboard.press("Control+Enter")
    expect_status(page, "Summary changed")
    assert_in_file(issue_file, "Mina ord.")
    assert_in_file(issue_file, "Hejsan!")
    expect(locate_part(page, "intro")).to_contain_text("Hejsan!")


@pytest.mark.parametrize("choice", ["Keep mine", "Keep the file’s", "Escape"])
def test_a_conflict_shows_both(page: Page, issue_file: IssueFile, choice: str) -> None:
    """The same summary changed in an editor: the person sees both, and has her choice.

    Esc leaves hers open, unsaved.
    """
    was = issue_file.issue.teasers[0].summary
    locate_part(page, "summary").get_by_role("button").click()
    locate_part(page, "summary").get_by_role("textbox").fill("Mina ord.")
    issue_file.replace_text(was, "Deras ord.")
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Deras ord.")
    mine = dialog.get_by_role("textbox")
    expect(mine).to_be_focused()
    expect(mine).to_have_value("Mina ord.")
    assert issue_file.issue.teasers[0].summary == "Deras ord."
    if choice == "Escape":
        page.keyboard.press("Escape")
        expect(locate_part(page, "summary").get_by_role("textbox")).to_have_value("Mina ord.")
        assert issue_file.issue.teasers[0].summary == "Deras ord."
        return
    mine.fill("Våra ord.")
    dialog.get_by_role("button", name=choice).press("Enter")
    wanted = "Våra ord." if choice == "Keep mine" else "Deras ord."
    expect(locate_part(page, "summary")).to_contain_text(wanted)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert issue_file.issue.teasers[0].summary == wanted


def test_words_survive_a_broken_file(page: Page, issue_file: IssueFile) -> None:
    """An editor saves half a file while somebody writes.

    The problem is shown, and when it is mended her words are still there.
    """
    good = issue_file.text
    locate_part(page, "summary").get_by_role("button").click()
    locate_part(page, "summary").get_by_role("textbox").fill("Mina ord.")
    issue_file.path.write_text("---\nsubj", "utf-8")
    expect(page.locator(".problem")).to_be_visible()
    issue_file.path.write_text(good, "utf-8")
    expect(locate_part(page, "summary").get_by_role("textbox")).to_have_value("Mina ord.")
    locate_part(page, "summary").get_by_role("button", name="Save").click()
    expect_status(page, "Summary changed")
    assert_in_file(issue_file, "Mina ord.")


def test_an_undo_that_would_take_an_editor_s_words_asks(page: Page, issue_file: IssueFile) -> None:
    """And leaves them, unless the person says so."""
    locate_part(page, "subject").get_by_role("button").click()
    locate_part(page, "subject").get_by_role("textbox").fill("Mitt")
    page.keyboard.press("Enter")
    expect_status(page, "Subject changed")
    issue_file.replace_text("subject: Mitt", "subject: Deras")
    expect(locate_part(page, "subject")).to_contain_text("Deras")
    page.get_by_role("button", name="Undo: Subject changed").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("del")).to_contain_text("Deras")
    dialog.get_by_role("button", name="Leave it as it is").click()
    assert_in_file(issue_file, "subject: Deras")


def test_a_test_is_sent_from_here(page: Page, smtp_recorder: SmtpRecorder) -> None:
    """To one address, through the real server of the settings; a wrong address is told."""
    page.get_by_role("button", name="Send a test").click()
    field = page.get_by_label("Address")
    field.fill("ingen adress")
    page.keyboard.press("Enter")
    told = page.locator("dialog .told")
    expect(told).to_have_class("told bad")
    field.fill("anna@example.org")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(told).to_have_text("A test has gone to anna@example.org.")
    ((readers, content),) = smtp_recorder.messages
    assert readers == ["anna@example.org"]
    assert message_from_bytes(content)["To"]
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Send a test")).to_be_focused()


def test_the_letter_is_seen_as_a_reader_gets_it(
    page: Page, workspace_preview: ServedPreview[WorkspacePreviewBackend]
) -> None:
    """Chosen by name from the list; the address remembers her by number alone.

    Back to the made-up one.
    """
    page.get_by_role("button", name="A made-up reader").click()
    page.get_by_role("searchbox").fill("björk")
    expect(page.locator(".hit")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Reader: bo@example.com")).to_be_visible()
    expect(locate_letter(page)).to_contain_text("bo@example.com")
    assert "example.com" not in page.url
    page.reload()
    page.locator("#reader").filter(has_text="bo@example.com").click()
    page.get_by_role("button", name="A made-up reader").click()
    expect(locate_letter(page)).not_to_contain_text("bo@example.com")


def test_what_is_new_is_shown(page: Page) -> None:
    """Words and teasers against the issue before; another issue has none before it."""
    page.get_by_role("tab", name="What is new").click()
    panel = page.get_by_role("tabpanel")
    expect(panel).to_contain_text("What is different from 2026-11")
    expect(panel.locator("ins").first).to_be_visible()
    expect(panel.locator("li.removed").first).to_contain_text("Gone")
    page.locator("#issue").select_option("2026-11")
    expect(panel).to_contain_text("There is no issue before this one.")


def test_what_is_heard(page: Page, issue_file: IssueFile) -> None:
    """Headings with their levels, links by their names, pictures by their alt texts, in order."""
    page.get_by_role("tab", name="Read aloud").click()
    panel = page.get_by_role("tabpanel")
    expect(panel.locator(".level-1")).to_contain_text("Heading 1")
    heard = panel.locator("li .spoken").all_inner_texts()
    places = [heard.index(title) for title in issue_file.titles]
    assert places == sorted(places)
    assert issue_file.issue.teasers[0].picture
    assert issue_file.issue.teasers[0].picture.alt in heard
    assert f"Läs hela artikeln: {issue_file.titles[0]}" in heard


def test_everything_by_the_keyboard(page: Page, issue_file: IssueFile) -> None:
    """From the top of the page with Tab and Enter alone: a part is reached, changed, saved.

    Nothing traps the focus.
    """
    page.locator("#issue").focus()
    reached: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "document.activeElement.dataset.focus || document.activeElement.id ||"
            " document.activeElement.tagName"
        )
        reached.append(name)
        if name == "summary:0,0":
            break
    assert {
        "undo",
        "redo",
        "reader",
        "test",
        "tab-edit",
        "stage",
        "subject:",
        "teaser-title:0,0",
    } <= set(reached)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("Skrivet utan mus.")
    page.keyboard.press("Tab")
    expect(locate_part(page, "summary").get_by_role("button", name="Save")).to_be_focused()
    page.keyboard.press("Enter")
    expect_status(page, "Summary changed")
    assert_in_file(issue_file, "Skrivet utan mus.")
    assert page.evaluate("document.activeElement.dataset.focus") == "summary:0,0"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(320, 640), (800, 1000), (1440, 860)])
def test_everybody_can_edit(
    browser: Browser,
    workspace_preview: ServedPreview[WorkspacePreviewBackend],
    issue_file: IssueFile,
    width: int,
    height: int,
    scheme: str,
) -> None:
    """Axe finds nothing: at rest, while writing, in a conflict, in every dialog and new view.

    And nothing sticks out sideways.
    """
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )  # type: ignore[arg-type]
    page = open_view(context.new_page(), workspace_preview, "edit")

    def check_accessibility(state: str) -> None:
        page.wait_for_function("() => document.querySelectorAll('.coming').length === 0")
        # The letters in the frames have tests of their own.
        found = Axe().run(page, options={"iframes": False})
        assert found.violations_count == 0, f"{state}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, state

    check_accessibility("rest")
    locate_part(page, "alt").get_by_role("button").click()
    check_accessibility("alt open")
    page.keyboard.press("Escape")
    locate_part(page, "summary").get_by_role("button").click()
    locate_part(page, "summary").get_by_role("textbox").fill("Mina ord.")
    check_accessibility("writing")
    good = issue_file.text
    issue_file.path.write_text(good.replace("number:", "nummer:"), "utf-8")
    page.locator(".problem").wait_for()
    check_accessibility("a mistake in the file meanwhile")
    issue_file.path.write_text(good, "utf-8")
    expect(page.locator(".problem")).to_have_count(0)
    issue_file.replace_text(issue_file.issue.teasers[0].summary, "Deras ord.")
    page.keyboard.press("Control+Enter")
    page.get_by_role("dialog").wait_for()
    check_accessibility("conflict")
    page.get_by_role("button", name="Keep mine").click()
    expect_status(page, "Summary changed")
    check_accessibility("said")
    page.get_by_role("button", name="New section").click()
    expect(page.locator(".section")).to_have_count(2)
    check_accessibility("sections")
    page.keyboard.press("Escape")
    locate_part(page, "date").get_by_role("button").click()
    check_accessibility("a date")
    page.keyboard.press("Escape")
    for button in (
        page.get_by_role("button", name=re.compile("^Add a post to")).first,
        page.locator("#reader"),
        page.locator("#test"),
    ):
        button.click()
        expect(page.locator("dialog h2")).to_be_visible()
        page.wait_for_function(
            "() => !document.querySelector('dialog .found') || document.querySelector('dialog"
            " .hit')"
        )
        check_accessibility("dialog")
        page.keyboard.press("Escape")
    for view in ("outline", "difference"):
        page.locator(f"#tab-{view}").click()
        page.locator(".sheet h2").wait_for()
        check_accessibility(view)
    context.close()
