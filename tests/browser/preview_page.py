"""What tests do in the preview, and the newsletter that they do it to."""

import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from newsletter.compose.issue_file.read import parse_issue
from newsletter.domain.issue import Issue
from tests.web.preview.served_preview import ServedPreview

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)


class SmtpRecorder:
    """A mail server that keeps what it gets."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.messages: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.messages.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


class IssueFile:
    """The issue's file, as an editor on the same machine sees it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @property
    def issue(self) -> Issue:
        return parse_issue(self.text, issue_name="2026-12")

    @property
    def titles(self) -> list[str]:
        return [teaser.title for teaser in self.issue.teasers]

    def replace_text(self, old: str, new: str) -> None:
        text = self.text
        assert old in text
        self.path.write_text(text.replace(old, new), "utf-8")


def open_view(page: Page, preview: ServedPreview[Any], view: str) -> Page:
    """Open a view, and wait until all of it is there."""
    page.goto(f"{preview.url}?view={view}")
    page.wait_for_selector("#beside[data-version]", state="attached")
    return page


def locate_part(page: Page, name: str, number: int = 0) -> Locator:
    return page.locator(f".part.is-{name}").nth(number)


def fill_part(page: Page, name: str, text: str, number: int = 0) -> None:
    """Open a part and write; it isn't saved."""
    locate_part(page, name, number).get_by_role("button").click()
    locate_part(page, name, number).get_by_role("textbox").fill(text)


def expect_status(page: Page, text: str) -> None:
    expect(page.locator("#said")).to_contain_text(text)


def locate_frames(page: Page) -> Locator:
    """Return the letters that are shown; one that is only coming isn't."""
    return page.locator(".screen iframe:not(.coming)")


def locate_letter(page: Page, number: int = 0) -> Locator:
    return locate_frames(page).nth(number).content_frame.locator("body")
