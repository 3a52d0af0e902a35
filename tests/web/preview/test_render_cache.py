"""An issue is rendered once a version, however many frames and pages ask for it."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from newsletter.domain.subscriber import SubscriberId
from newsletter.errors import IssueFileError
from newsletter.web.preview.backends import CheckedMessage, IssuePreview
from newsletter.web.preview.frame_html import hash_picture_url
from newsletter.web.preview.render_cache import RenderCache
from tests.web.preview.folder_backend import FINDINGS, ISSUE, PICTURES, FolderBackend

NAME = "2026-12"
ANNA = SubscriberId(1)


class BrokenChecks(FolderBackend):
    """Issues can be rendered, but not checked."""

    def check_message(
        self, preview: IssuePreview, subscriber_id: SubscriberId | None = None
    ) -> CheckedMessage:
        raise IssueFileError("{name}, line {line}: no.", name="x", line=2)


@pytest.fixture
def backend(tmp_path: Path) -> FolderBackend:
    backend = FolderBackend(tmp_path, findings=FINDINGS)
    backend.write_issue(ISSUE)
    return backend


def run(
    backend: FolderBackend, use: Callable[[RenderCache], Coroutine[Any, Any, None]]
) -> RenderCache:
    async def in_loop() -> RenderCache:
        cache = RenderCache(backend)
        await use(cache)
        return cache

    return asyncio.run(in_loop())


def test_many_frames_are_one_rendering(backend: FolderBackend) -> None:
    """Three frames and a report ask at the same time."""

    async def use(cache: RenderCache) -> None:
        rendered = await asyncio.gather(*(cache.get_rendered(NAME) for _ in range(5)))
        assert len({id(one) for one in rendered}) == 1
        await cache.get_report(NAME)

    run(backend, use)
    assert (backend.look_count, backend.examination_count) == (1, 1)


def test_a_change_is_another_version(backend: FolderBackend) -> None:
    """Rendered anew at the next question, not before."""

    async def use(cache: RenderCache) -> None:
        first = await cache.get_rendered(NAME)
        backend.write_issue(ISSUE.replace("Söndagsöppet", "Nattöppet"))
        assert await cache.get_rendered(NAME) is first
        cache.notifier.notify()
        second = await cache.get_rendered(NAME)
        assert first is not None
        assert second is not None
        assert second.version == first.version + 1
        assert second.payload["subject"].startswith("Nattöppet")
        assert second.preview is not None

    run(backend, use)
    assert backend.look_count == 2


def test_each_subscriber_has_a_rendering_of_their_own(backend: FolderBackend) -> None:
    """The letter holds their address."""

    async def use(cache: RenderCache) -> None:
        made_up, anna = await cache.get_rendered(NAME), await cache.get_rendered(NAME, ANNA)
        assert made_up is not anna
        assert await cache.get_rendered(NAME, ANNA) is anna

    run(backend, use)
    assert backend.look_count == 2


@pytest.mark.parametrize("name", ["2027-01", "", "../2026-12"], ids=["unknown", "none", "path"])
def test_an_issue_that_there_isnt(backend: FolderBackend, name: str) -> None:
    """None, and nothing is rendered."""

    async def use(cache: RenderCache) -> None:
        assert await cache.get_rendered(name) is None
        assert await cache.get_report(name) is None

    run(backend, use)
    assert backend.look_count == 0


def test_a_mistake_in_the_file_is_what_is_shown(backend: FolderBackend) -> None:
    """Kept like any rendering; the report says the same, and nothing is checked."""
    backend.write_issue("---\nsubject: [\n---\n")

    async def use(cache: RenderCache) -> None:
        rendered = await cache.get_rendered(NAME)
        assert rendered is not None
        assert rendered.preview is None
        assert rendered.payload["problem"]["message"]
        report = await cache.get_report(NAME)
        assert report == (rendered, rendered.payload)

    run(backend, use)
    assert (backend.look_count, backend.examination_count) == (1, 0)


def test_a_report_is_kept_for_its_version(backend: FolderBackend) -> None:
    """Checks take long: they run once a version."""

    async def use(cache: RenderCache) -> None:
        first, second = await cache.get_report(NAME), await cache.get_report(NAME)
        assert first is second
        cache.notifier.notify()
        third = await cache.get_report(NAME)
        assert third is not None
        assert third[0].version == 1

    run(backend, use)
    assert backend.examination_count == 2


def test_checks_that_cant_run_say_why(tmp_path: Path) -> None:
    """The letter is shown all the same, and the line that is wrong beside it."""
    backend = BrokenChecks(tmp_path)
    backend.write_issue(ISSUE)

    async def use(cache: RenderCache) -> None:
        report = await cache.get_report(NAME)
        assert report is not None
        rendered, payload = report
        assert rendered.preview is not None
        assert payload["problem"]["message"] == "x, line 2: no."
        assert [line["number"] for line in payload["problem"]["lines"] if line["marked"]] == [2]

    run(backend, use)


def test_the_first_issue_is_rendered_before_anybody_asks(backend: FolderBackend) -> None:
    """While the browser is still opening."""

    async def use(cache: RenderCache) -> None:
        await cache.warm_up()
        await cache.get_rendered(NAME)

    run(backend, use)
    assert backend.look_count == 1


def test_a_folder_without_issues_is_warm_at_once(tmp_path: Path) -> None:
    """Nothing to render, and no error."""
    backend = FolderBackend(tmp_path)

    async def use(cache: RenderCache) -> None:
        await cache.warm_up()
        assert await cache.list_issue_names() == []

    run(backend, use)
    assert backend.look_count == 0


def test_only_pictures_of_a_letter_are_loaded(backend: FolderBackend) -> None:
    """A key names an address that was rendered; the page can ask for no other."""
    url = f"{PICTURES}bibliotek.jpg"

    async def use(cache: RenderCache) -> None:
        assert await cache.load_picture(hash_picture_url(url)) is None
        await cache.get_rendered(NAME)
        picture = await cache.load_picture(hash_picture_url(url))
        assert picture is not None
        assert picture.content_type == "image/jpeg"
        assert await cache.load_picture(hash_picture_url("http://127.0.0.1/")) is None

    run(backend, use)
    assert backend.requested_pictures == [url]
