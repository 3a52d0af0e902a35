"""An issue whose posts are hostile, in the preview.

Nothing in it runs, asks for anything elsewhere, or learns the preview's address.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from newsletter.web.preview.workspace_backend import WorkspacePreviewBackend
from tests.browser.preview_page import IssueFile, locate_frames, locate_letter, open_view
from tests.web.preview.served_preview import TOKEN, ServedPreview

HOSTILE = """Klicka här nu.

<script>parent.ran = 'script'</script>
<img src="x" onerror="parent.ran = 'onerror'"><svg onload="parent.ran = 'svg'"></svg>
<iframe src="javascript:parent.ran = 'iframe'"></iframe>
<meta http-equiv="refresh" content="0; url=http://evil.example/meta">
<form action="http://evil.example/form"><button>Skicka</button></form>
<base href="http://evil.example/"><link rel="stylesheet" href="http://evil.example/style.css">
<style>body { background: url(http://evil.example/css) }</style>
<p style="background: url(http://evil.example/inline)" onclick="parent.ran = 'click'">Eller här</p>

[Javascript](javascript:parent.ran='link') ![bild](http://evil.example/picture.png)

</td></tr></table></body></html><script>parent.ran = 'broken out'</script>
"""
#: As if the cleaning had let something through.
INJECT_SCRIPT = """frame => {
  const letter = frame.contentDocument;
  const add = (tag, more) => letter.body.append(Object.assign(letter.createElement(tag), more));
  add("script", { textContent: "parent.ran = 'script'" });
  add("img", { src: "http://evil.example/late.png" });
  add("iframe", { src: "http://evil.example/late" });
  letter.body.insertAdjacentHTML("beforeend", "<img src=x onerror=parent.ran='onerror'>");
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give a page of which the browser may complain: it says what it has refused."""
    context = browser.new_context(viewport={"width": 1512, "height": 860}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture
def requested_urls(page: Page) -> list[str]:
    """Collect what is asked of anybody, by any frame and window.

    What the browser has refused isn’t among it.
    """
    requested_urls: list[str] = []
    page.context.on("requestfinished", lambda request: requested_urls.append(request.url))
    page.context.route(
        "http://evil.example/**", lambda route: route.fulfill(body="", content_type="text/html")
    )
    return requested_urls


@pytest.mark.parametrize("view", ["edit", "side"])
def test_nothing_in_a_letter_runs(
    page: Page,
    issue_file: IssueFile,
    workspace_preview: ServedPreview[WorkspacePreviewBackend],
    requested_urls: list[str],
    view: str,
) -> None:
    """Scripts, handlers, frames, forms, styles.

    None is there, and none would run or be fetched if it were.
    """
    first = issue_file.issue.teasers[0]
    issue_file.replace_text(first.summary, HOSTILE)
    issue_file.replace_text(first.title, "Rubrik <img src=x onerror=parent.ran=1>")
    open_view(page, workspace_preview, view)
    expect(locate_letter(page)).to_contain_text("Klicka här nu.")
    locate_letter(page).get_by_text("Klicka här nu.").first.click()
    page.keyboard.press("Escape")
    for which in range(locate_frames(page).count()):
        locate_frames(page).nth(which).evaluate(INJECT_SCRIPT)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
    assert page.evaluate("window.ran") is None
    assert page.url.startswith(workspace_preview.url)
    assert [
        url
        for url in requested_urls
        if not url.startswith((workspace_preview.url, "about:", "data:"))
    ] == []


def test_a_link_that_is_followed_tells_nothing(
    page: Page, issue_file: IssueFile, workspace_preview: ServedPreview[WorkspacePreviewBackend]
) -> None:
    """It opens beside the preview, without a way back to this window.

    And without a referrer: the token is in the address.
    """
    asked: list[Request] = []

    def fulfill(route: Route) -> None:
        asked.append(route.request)
        route.fulfill(body="<title>Bloggen</title>", content_type="text/html")

    page.context.route("https://blogg.example.org/**", fulfill)
    open_view(page, workspace_preview, "side")
    with page.context.expect_page() as found:
        locate_letter(page).get_by_role("link", name=issue_file.titles[0]).first.click()
    blog = found.value
    blog.wait_for_load_state()
    assert blog.url.startswith("https://blogg.example.org/")
    assert blog.evaluate("[document.referrer, window.opener]") == ["", None]
    assert asked
    assert not any(TOKEN in str(request.all_headers()) for request in asked)
    blog.close()
