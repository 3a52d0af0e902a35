"""A browser, a page without complaints, and a newsletter whose issue can be edited in it."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, expect, sync_playwright

from newsletter.web.preview.workspace_backend import WorkspacePreviewBackend
from tests.browser.preview_page import CHROMIUM, IssueFile, SmtpRecorder
from tests.waiting import BROWSER_HANG_MS, HANG_SECONDS
from tests.web.preview.served_preview import ServedPreview, create_workspace, open_backends

#: What a browser says in its console of what tests do on purpose: a conflict, a picture that isn't
#: there, a script in a letter.
EXPECTED_CONSOLE_ERRORS = ("Failed to load resource", "Blocked script execution")

expect.set_options(timeout=BROWSER_HANG_MS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1512, "height": 860}, color_scheme="light", reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(BROWSER_HANG_MS)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    yield page
    context.close()
    assert not [text for text in complaints if not text.startswith(EXPECTED_CONSOLE_ERRORS)]


@pytest.fixture
def smtp_recorder() -> Iterator[SmtpRecorder]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        smtp_recorder = SmtpRecorder(free.getsockname()[1])
    controller = Controller(
        smtp_recorder, hostname="127.0.0.1", port=smtp_recorder.port, ready_timeout=HANG_SECONDS
    )
    controller.start()
    yield smtp_recorder
    controller.stop()


@pytest.fixture
def issue_file(tmp_path: Path, smtp_recorder: SmtpRecorder) -> IssueFile:
    create_workspace(tmp_path, port=smtp_recorder.port, max_posts=4).close()
    return IssueFile(tmp_path / "issues" / "2026-12.md")


@pytest.fixture
def workspace_preview(
    tmp_path: Path, issue_file: IssueFile
) -> Iterator[ServedPreview[WorkspacePreviewBackend]]:
    desk, editor = open_backends(tmp_path)
    running = ServedPreview(desk, editor)
    yield running
    running.stop()
    desk.close()
