"""The preview in a real browser.

It follows the file, shows every view, and keeps out who has no business there.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.preview_page import locate_frames, locate_letter, open_view
from tests.waiting import BROWSER_HANG_MS
from tests.web.preview.folder_backend import FINDINGS, ISSUE, FolderBackend
from tests.web.preview.served_preview import ServedPreview

VIEWS = ("side", "dark", "inverted", "bare", "text", "outline", "mjml", "html", "headers")


@pytest.fixture
def folder_preview(tmp_path: Path) -> Iterator[ServedPreview[FolderBackend]]:
    desk = FolderBackend(tmp_path, language="en", findings=FINDINGS)
    desk.write_issue(ISSUE)
    running = ServedPreview(desk)
    yield running
    running.stop()


def read_scroll_positions(page: Page) -> list[int]:
    found: list[int] = page.evaluate(
        "[...document.querySelectorAll('.screen iframe:not(.coming)')].map(f =>"
        " Math.round(f.contentWindow.scrollY))"
    )
    return found


def test_a_change_of_the_file_is_seen(
    page: Page, folder_preview: ServedPreview[FolderBackend]
) -> None:
    """Save, look up: it is there, every time, in every letter."""
    open_view(page, folder_preview, "side")
    assert "Biblioteken öppnar på söndagar" in locate_letter(page).inner_text()
    for number in range(3):
        folder_preview.backend.write_issue(
            ISSUE.replace("Biblioteken öppnar på söndagar", f"Biblioteken stänger {number}")
        )
        for which in range(3):
            expect(locate_letter(page, which)).to_contain_text(f"stänger {number}")


def test_the_place_is_kept_when_the_letter_changes(
    page: Page, folder_preview: ServedPreview[FolderBackend]
) -> None:
    """Who works at the end of a letter isn't thrown to its beginning."""
    open_view(page, folder_preview, "side")
    page.locator(".screen iframe").first.evaluate("frame => frame.contentWindow.scrollTo(0, 900)")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.screen iframe')].every(f => f.contentWindow.scrollY"
        " > 300)"
    )
    before = read_scroll_positions(page)
    folder_preview.backend.write_issue(
        ISSUE.replace("Spaden sätts i jorden", "Grävmaskinen startar")
    )
    expect(locate_letter(page)).to_contain_text("Grävmaskinen")
    page.wait_for_function("() => document.querySelectorAll('.coming').length === 0")
    assert all(
        abs(now - then) < 3 for now, then in zip(read_scroll_positions(page), before, strict=True)
    )


def test_frames_show_the_same_teaser(
    page: Page, folder_preview: ServedPreview[FolderBackend]
) -> None:
    """Scroll one, and the others follow to the same place, though they are of other widths."""
    open_view(page, folder_preview, "side")
    page.locator(".screen iframe").nth(1).evaluate(
        "frame => { const d = frame.contentDocument;"
        " [...d.querySelectorAll('h3')].at(-2).scrollIntoView(); }"
    )
    page.wait_for_function(
        "() => [...document.querySelectorAll('.screen iframe')].every(f => { const h ="
        " [...f.contentDocument.querySelectorAll('h3')].at(-2); const top ="
        " h.getBoundingClientRect().top; return top < f.contentWindow.innerHeight * .9 &&"
        " f.contentWindow.scrollY > 300 })"
    )


def test_a_broken_file_says_where_and_heals(
    page: Page, folder_preview: ServedPreview[FolderBackend]
) -> None:
    """The line, its neighbours and the cure in the page.

    Mended, the letter is back without a click.
    """
    open_view(page, folder_preview, "side")
    folder_preview.backend.write_issue(ISSUE.replace("number: 12", "nummer: 12"))
    problem = page.get_by_role("alert").filter(has_text="can’t be shown")
    expect(problem).to_contain_text("Line 4")
    expect(problem.locator(".marked")).to_have_text("nummer: 12")
    expect(page.locator("#beside")).to_be_hidden()
    folder_preview.backend.write_issue(ISSUE.replace("number: 12", "number: 13"))
    expect(locate_letter(page)).to_contain_text("13")
    expect(page.locator(".problem")).to_have_count(0)
    expect(page.locator("#beside")).to_be_visible()


def test_a_broken_theme_is_told_and_heals(
    page: Page, folder_preview: ServedPreview[FolderBackend]
) -> None:
    """The theme is followed as the issue is."""
    open_view(page, folder_preview, "side")
    template = folder_preview.backend.folder / "theme" / "newsletter.mjml.j2"
    good = template.read_text("utf-8")
    template.write_text(good + "{% if %}", "utf-8")
    expect(page.locator(".problem")).to_contain_text("newsletter.mjml.j2")
    template.write_text(good, "utf-8")
    expect(locate_frames(page)).to_have_count(3)


def test_an_issue_that_comes_first_appears_by_itself(
    page: Page, folder_preview: ServedPreview[FolderBackend]
) -> None:
    """An empty folder says what to do; the first issue is shown when it is there."""
    file = folder_preview.backend.folder / "issues" / "2026-12.md"
    file.unlink()
    page.goto(folder_preview.url)
    expect(page.locator(".problem")).to_contain_text("newsletter compose")
    folder_preview.backend.write_issue(ISSUE)
    expect(locate_frames(page)).to_have_count(3)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_shows_its_side_of_the_issue(
    page: Page, folder_preview: ServedPreview[FolderBackend], view: str
) -> None:
    """Each tab by its keyboard, what it shows, and that nothing comes from elsewhere."""
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    open_view(page, folder_preview, view)
    expect(page.get_by_role("tab", selected=True)).to_have_attribute("data-view", view)
    stage = page.get_by_role("tabpanel")
    if view in ("side", "dark", "inverted", "bare"):
        page.wait_for_function("() => document.querySelectorAll('.coming').length === 0")
        grounds = page.locator(".screen iframe").evaluate_all(
            "frames => frames.map(f =>"
            " getComputedStyle(f.contentDocument.querySelector('h1').closest('table, div')).color)"
        )
        assert len(grounds) == {"side": 3, "dark": 3, "inverted": 2, "bare": 2}[view]
        seen = page.locator(".screen iframe").first.evaluate(
            "f => [...f.contentDocument.images].filter(i => i.naturalWidth > 0).length"
        )
        assert (seen > 0) is (view != "bare")
    else:
        expect(stage).to_contain_text(
            {
                "text": "Biblioteken öppnar på söndagar",
                "outline": "Heading 1",
                "mjml": "<mj-section",
                "html": "<!DOCTYPE html>",
                "headers": "List-Unsubscribe-Post",
            }[view],
            ignore_case=True,
        )
    assert asked
    assert all(request.url.startswith((folder_preview.url, "data:", "about:")) for request in asked)


def test_dark_is_dark_on_a_light_machine(
    page: Page, folder_preview: ServedPreview[FolderBackend]
) -> None:
    """The letter's own dark palette, though this browser likes light."""
    open_view(page, folder_preview, "side")
    page.wait_for_function("() => document.querySelectorAll('.coming').length === 0")
    brightness = page.locator(".screen iframe").evaluate_all(
        "frames => frames.map(f => { const h = f.contentDocument.querySelector('h1, h2, h3');"
        " return getComputedStyle(h).color.match(/\\d+/g).slice(0, 3).reduce((a, b) => a +"
        " Number(b), 0) })"
    )
    assert brightness[0] < 200
    assert brightness[1] < 200
    assert brightness[2] > 600


def test_the_letter_runs_no_scripts(
    page: Page, folder_preview: ServedPreview[FolderBackend]
) -> None:
    """Even if a script came into a letter, its frame would not run it."""
    open_view(page, folder_preview, "side")
    page.locator(".screen iframe").first.evaluate(
        "frame => { const s = frame.contentDocument.createElement('script'); s.textContent ="
        " 'parent.ran = true'; frame.contentDocument.body.append(s); }"
    )
    assert page.evaluate("window.ran") is None


def test_tabs_by_keyboard(page: Page, folder_preview: ServedPreview[FolderBackend]) -> None:
    """One stop for the Tab key; arrows, Home and End move; the view is remembered over a reload."""
    open_view(page, folder_preview, "side")
    tabs = page.get_by_role("tab")
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    expect(tabs.nth(1)).to_be_focused()
    expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("End")
    expect(page.get_by_role("tabpanel")).to_contain_text("In the inbox")
    page.keyboard.press("ArrowRight")
    expect(tabs.first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.reload()
    expect(page.get_by_role("tab", selected=True)).to_have_attribute("data-view", "headers")
    assert page.locator('[role=tab][tabindex="0"]').count() == 1


def test_a_check_leads_to_its_place(
    page: Page, folder_preview: ServedPreview[FolderBackend]
) -> None:
    """The teaser that a check names is scrolled to in the letter.

    What isn't in the letter is no button.
    """
    open_view(page, folder_preview, "side")
    page.wait_for_function("() => document.querySelectorAll('.coming').length === 0")
    before = read_scroll_positions(page)
    button = page.get_by_role("button", name="Show in the letter: Tolv mil ny cykelväg")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        f"() => document.querySelector('.screen iframe').contentWindow.scrollY > {before[0] + 200}"
    )
    assert page.get_by_role("button", name="Show in the letter: preheader").count() == 0


def test_another_issue_can_be_chosen(
    page: Page, folder_preview: ServedPreview[FolderBackend]
) -> None:
    """From a list of all; the address remembers which."""
    folder_preview.backend.write_issue(
        ISSUE.replace("Det händer i regionen", "Höstens brev"), "2026-10"
    )
    open_view(page, folder_preview, "side")
    page.get_by_label("Issue").select_option("2026-10")
    expect(locate_letter(page)).to_contain_text("Höstens brev")
    page.reload()
    expect(locate_letter(page)).to_contain_text("Höstens brev")


def test_the_end_of_the_preview_is_told(
    page: Page, folder_preview: ServedPreview[FolderBackend]
) -> None:
    """Ctrl-C in the terminal: the page says how to begin again; the server doesn't wait for it."""
    open_view(page, folder_preview, "side")
    began = time.monotonic()
    folder_preview.stop()
    assert time.monotonic() - began < BROWSER_HANG_MS / 1000
    expect(page.get_by_role("alert")).to_contain_text("newsletter preview")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(320, 640), (800, 1000), (1440, 860)])
def test_everybody_can_use_it(
    browser: Browser,
    folder_preview: ServedPreview[FolderBackend],
    width: int,
    height: int,
    scheme: str,
) -> None:
    """Axe finds nothing, in any view, width and light; and nothing sticks out sideways."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )  # type: ignore[arg-type]
    page = open_view(context.new_page(), folder_preview, "side")
    # Text, HTML and MJML are drawn alike; thousands of coloured words take axe seconds.
    for view in (
        "side",
        "dark",
        "inverted",
        "bare",
        "outline",
        {320: "text", 800: "html"}.get(width, "mjml"),
        "headers",
        "problem",
    ):
        if view == "problem":
            folder_preview.backend.write_issue(ISSUE.replace("number: 12", "nummer: 12"))
            page.wait_for_selector(".problem")
        else:
            page.locator(f"#tab-{view}").click()
            page.wait_for_function("() => document.querySelectorAll('.coming').length === 0")
            page.wait_for_function("() => document.querySelector('#passed').children.length > 0")
        # The letters in the frames have tests of their own (tests/render).
        found = Axe().run(page, options={"iframes": False})
        assert found.violations_count == 0, f"{view}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_another_site_can_neither_read_nor_frame_it(
    browser: Browser, folder_preview: ServedPreview[FolderBackend]
) -> None:
    """A page on another port of this machine, with the address stolen.

    No frame, no picture, no reading.
    """
    page = browser.new_page()
    page.route(
        "http://evil.example/",
        lambda route: route.fulfill(body="<h1>Evil</h1>", content_type="text/html"),
    )
    page.goto("http://evil.example/")
    outcome = page.evaluate(
        """async url => {
          const tried = {};
          tried.read = await fetch(url + 'issues').then(a => a.text(), () => 'refused');
          tried.picture = await new Promise(done => {
            const picture = new Image();
            picture.onload = () => done('shown');
            picture.onerror = () => done('refused');
            picture.src = url + 'assets/icon.svg';
          });
          const frame = document.createElement('iframe');
          frame.src = url;
          document.body.append(frame);
          await new Promise(done => { frame.onload = done; });
          try { tried.frame = frame.contentDocument ? 'read' : 'refused'; }
          catch { tried.frame = 'refused'; }
          return tried;
        }""",
        folder_preview.url,
    )
    assert outcome == {"read": "refused", "picture": "refused", "frame": "refused"}
    page.close()
