"""The pages for readers in a real browser.

For everybody, on every screen, by keyboard, without JavaScript.
"""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from newsletter.domain.subscriber import SubscriberStatus
from newsletter.web.public.app import create_app
from newsletter.web.public.site import PublicSite
from tests.web.conftest import HOST, Clock, ServedSite, build_site

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.is_file(), reason="needs Chromium at /usr/bin/chromium"),
    # Playwright leaves its loop's own sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def served_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedSite]:
    """Serve the pages of a newsletter."""
    yield from serve_pages(build_site(tmp_path_factory.mktemp("pages"), Clock()))


def serve_pages(site: PublicSite) -> Iterator[ServedSite]:
    """Serve the pages of a site."""
    at = socket.create_server(("127.0.0.1", 0))
    at.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = uvicorn.Server(uvicorn.Config(create_app(site), log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [at]})
    thread.start()
    # it is one
    yield ServedSite(site=site, clock=site.clock, database=site.database, port=at.getsockname()[1])  # type: ignore[arg-type]
    server.should_exit = True
    thread.join()
    at.close()
    site.database.close()


@pytest.fixture(scope="module")
def browser(served_site: ServedSite) -> Iterator[Browser]:
    """Open Chromium, for which the newsletter's host is the server on loopback."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", f"--host-resolver-rules=MAP {HOST} 127.0.0.1:{served_site.port}"],
        )
        yield found
        found.close()


def assert_accessible(page: Page) -> None:
    """WCAG 2.2 AA by axe, and nothing to scroll sideways."""
    results = Axe().run(
        page,
        options={
            "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        },
    )
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_is_for_everybody(
    served_site: ServedSite, browser: Browser, width: int, scheme: str
) -> None:
    """All pages, light and dark, on a desktop and on the narrowest phone.

    320 pixels are 1280 at 400 %, too (WCAG 1.4.10).
    """
    reader = served_site.add_subscriber(f"anna{width}{scheme}@example.org")
    page = browser.new_page(
        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
    )
    page.goto(f"http://{HOST}/u/{served_site.sign_token(reader)}")
    assert_accessible(page)
    for status in (SubscriberStatus.unsubscribed, SubscriberStatus.active):
        with page.expect_navigation():
            page.get_by_role("button").first.click()
        assert served_site.read_status(reader) is status
        assert_accessible(page)
    page.goto(f"http://{HOST}/u")
    assert_accessible(page)
    page.goto(f"http://{HOST}/u/x")
    assert_accessible(page)
    page.close()


def test_a_browser_left_on_the_page_changes_nothing(
    served_site: ServedSite, browser: Browser
) -> None:
    """Scanners open links in a whole browser, with JavaScript, and wait half a minute.

    Some prefetch what the page links to.
    """
    reader = served_site.add_subscriber("scanner@example.org")
    page = browser.new_page()
    asked: list[str] = []
    stopped: list[str] = []
    page.on(
        "console",
        lambda message: (
            stopped.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.clock.install()
    page.goto(f"http://{HOST}/u/{served_site.sign_token(reader)}", wait_until="networkidle")
    page.clock.run_for(30_000)
    assert page.locator("meta[http-equiv=refresh]").count() == 0  # the browser's own clock
    assert served_site.read_status(reader) is SubscriberStatus.active
    assert not [
        line
        for line in asked
        if not line.startswith(f"GET http://{HOST}/") and not line.startswith("GET data:")
    ]
    assert stopped == []
    assert page.context.cookies() == []
    page.close()


def test_by_keyboard_and_without_javascript(served_site: ServedSite, browser: Browser) -> None:
    """Tab comes to the button, its focus can be seen, Enter presses it; and so the undo."""
    reader = served_site.add_subscriber("tangent@example.org")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"http://{HOST}/u/{served_site.sign_token(reader)}")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.evaluate("element => element.tagName") == "BUTTON"
    assert focused.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    for status in (SubscriberStatus.unsubscribed, SubscriberStatus.active):
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert served_site.read_status(reader) is status
        page.keyboard.press("Tab")
    context.close()


def test_buttons_are_large_enough(served_site: ServedSite, browser: Browser) -> None:
    """44 pixels high, for thumbs (WCAG 2.2, 2.5.8 asks for 24)."""
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto(
        f"http://{HOST}/u/{served_site.sign_token(served_site.add_subscriber('tumme@example.org'))}"
    )
    for _ in range(2):
        box = page.get_by_role("button").first.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        with page.expect_navigation():
            page.get_by_role("button").first.click()
    page.close()
