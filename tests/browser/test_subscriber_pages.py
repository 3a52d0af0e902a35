"""Sign-up, preferences, what is kept, erasing and the archive, in a real browser.

For everybody, on every screen.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from newsletter.domain.confirmation import ConfirmationId, ConfirmationKind, PendingConfirmation
from newsletter.domain.issue import RenderedIssue
from newsletter.domain.subscriber import SubscriberId
from newsletter.mail.tokens import Purpose
from newsletter.store import confirmations, subscribers
from newsletter.web.public.site import SignUpOptions
from tests.browser import test_unsubscribe_pages as shared
from tests.browser.test_unsubscribe_pages import assert_accessible, browser
from tests.web.conftest import HOST, START, Clock, ServedSite, build_site

pytestmark = shared.pytestmark
__all__ = ["browser"]
SIGNUP = SignUpOptions(languages=("sv", "en"), tags=("Pressmeddelanden", "Kultur och fritid"))


@pytest.fixture(scope="module")
def served_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedSite]:
    """Serve the pages of a newsletter that offers languages and tags."""
    yield from shared.serve_pages(
        build_site(tmp_path_factory.mktemp("pages"), Clock(), signup=SIGNUP)
    )


def create_confirmation_path(served_site: ServedSite, name: str) -> str:
    with served_site.database.begin() as connection:
        asked = PendingConfirmation(
            id=ConfirmationId(0),
            kind=ConfirmationKind.sign_up,
            email=f"{name}@example.org",
            key=f"{name}@example.org",
            language="sv",
            created=START,
        )
        number = confirmations.add(connection, asked)
    return f"/c/{served_site.sign_token(SubscriberId(int(number)), Purpose.confirm)}"


def go_to(page: Page, path: str) -> None:
    page.goto(f"http://{HOST}{path}")


def press_button(page: Page, number: int = 0) -> None:
    with page.expect_navigation():
        page.get_by_role("button").nth(number).click()


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(
    ("width", "scheme"), [(320, "light"), (375, "dark"), (800, "light"), (1280, "dark")]
)
def test_every_page_is_for_everybody(
    served_site: ServedSite, browser: Browser, width: int, scheme: str, language: str
) -> None:
    """WCAG 2.2 AA by axe, nothing to scroll sideways; 320 pixels are 1280 at 400 % too."""
    name = f"a{width}{scheme}{language}"
    reader = served_site.add_subscriber(
        f"{name}@regionexempel.example.org",
        name="Anna Lind",
        language=language,
        tags=("Kultur och fritid",),
        fields={"Förvaltning": "Kultur"},
    )
    served_site.send_issue(
        name,
        RenderedIssue(
            subject="Nyhetsbrev december",
            preheader="Biblioteken",
            language="sv",
            html="",
            text="",
            mjml="",
            slots={},
        ),
    )
    page = browser.new_page(
        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
    )  # type: ignore[arg-type]
    own = f"/p/{served_site.sign_token(reader, Purpose.preferences)}"
    for path in (
        "/archive",
        f"/subscribe?lang={language}",
        own,
        f"{own}/data",
        f"{own}/erase",
        create_confirmation_path(served_site, name),
        f"/u/{served_site.sign_token(reader)}",
    ):
        go_to(page, path)
        assert_accessible(page)
    go_to(page, own)
    page.select_option("#pause", "90")
    press_button(page)
    assert_accessible(page)
    page.fill("#email", "fel@fel")
    press_button(page, 1)
    assert_accessible(page)
    go_to(page, f"{own}/data")
    press_button(page)
    assert_accessible(page)
    go_to(page, f"/subscribe?lang={language}")
    page.fill("#email", f"ny{name}@example.org")
    press_button(page)
    assert_accessible(page)
    go_to(page, f"{own}/erase")
    press_button(page)
    assert_accessible(page)
    page.close()


def test_by_keyboard_and_without_javascript(served_site: ServedSite, browser: Browser) -> None:
    """The form is filled in and sent by Tab, letters, Space and Enter.

    The field for programs is never reached.
    """
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    go_to(page, "/subscribe")
    seen = []
    for _ in range(5):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        name = focused.get_attribute("name") or focused.evaluate("element => element.tagName")
        seen.append(name)
        assert focused.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
        if name == "email":
            page.keyboard.type("tangent@example.org")
        if name == "tag":
            page.keyboard.press("Space")
    assert seen == ["email", "language", "tag", "tag", "BUTTON"]
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Titta i din inkorg" in page.content()
    go_to(page, create_confirmation_path(served_site, "tangent"))
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    with served_site.database.read() as connection:
        assert subscribers.find_by_key(connection, "tangent@example.org") is not None
    context.close()


def test_a_browser_left_on_a_confirmation_confirms_nothing(
    served_site: ServedSite, browser: Browser
) -> None:
    """Nor does a scanner that follows the links on it."""
    page = browser.new_page()
    page.clock.install()
    go_to(page, create_confirmation_path(served_site, "scanner"))
    page.clock.run_for(30_000)
    assert page.locator("meta[http-equiv=refresh]").count() == 0
    for link in page.locator("a[href]").all():
        target = link.get_attribute("href") or ""
        if target.startswith("/"):
            page.request.get(f"http://127.0.0.1:{served_site.port}{target}", headers={"host": HOST})
    with served_site.database.read() as connection:
        assert subscribers.find_by_key(connection, "scanner@example.org") is None
    page.close()
