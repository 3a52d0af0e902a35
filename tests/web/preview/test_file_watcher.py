"""Changes on disk are told."""

import asyncio
import contextlib
import resource
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from newsletter.web.preview.file_watcher import ChangeNotifier, build_watch_plan, watch

#: Longer than any of this takes; a test that waits this long has failed.
CHANGE_TIMEOUT_SECONDS = 8.0


async def run_watched(
    paths: list[Path], scenario: Callable[[ChangeNotifier], Awaitable[None]]
) -> None:
    """Run a scenario while the paths are watched."""
    changes = ChangeNotifier()
    watcher = asyncio.create_task(watch(lambda: paths, changes.notify))
    try:
        await wait_until_settled(changes, paths[0])
        await scenario(changes)
    finally:
        watcher.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watcher


async def wait_until_settled(changes: ChangeNotifier, folder: Path) -> None:
    """Return once a change of ours has been heard: only then does the watcher listen."""
    for n in range(100):
        (folder / "ready.md").write_text(str(n), "utf-8")
        if await changes.wait_for_change(0, timeout_seconds=0.1):
            break
    while await changes.wait_for_change(changes.version, timeout_seconds=0.2) != (
        seen := changes.version
    ):
        assert seen


async def expect_change(changes: ChangeNotifier, change: Callable[[], object]) -> None:
    before = changes.version
    change()
    assert await changes.wait_for_change(before, timeout_seconds=CHANGE_TIMEOUT_SECONDS) > before


def replace(file: Path, text: str) -> None:
    """Save as careful editors do: a new file is put in the old one's place."""
    new = file.with_name(f".{file.name}.tmp")
    new.write_text(text, "utf-8")
    new.replace(file)


def test_a_saved_file_is_heard_of_however_the_editor_saves(tmp_path: Path) -> None:
    """Written in place, replaced, deleted, made new: each wakes the page."""
    issues = tmp_path / "issues"
    issues.mkdir()
    file = issues / "a.md"

    async def scenario(changes: ChangeNotifier) -> None:
        await expect_change(changes, lambda: file.write_text("1", "utf-8"))
        await expect_change(changes, lambda: replace(file, "2"))
        await expect_change(changes, file.unlink)

    asyncio.run(run_watched([issues], scenario))


def test_a_file_among_others_is_heard_of_and_the_others_are_not(tmp_path: Path) -> None:
    """newsletter.toml lies beside the database, which is written all the time."""
    issues, settings, database = (
        tmp_path / "issues",
        tmp_path / "newsletter.toml",
        tmp_path / "newsletter.db",
    )
    issues.mkdir()

    async def scenario(changes: ChangeNotifier) -> None:
        before = changes.version
        database.write_text("x", "utf-8")
        assert await changes.wait_for_change(before, timeout_seconds=0.4) == before
        await expect_change(changes, lambda: replace(settings, "x"))

    asyncio.run(run_watched([issues, settings], scenario))


def test_a_folder_that_comes_later_is_watched_from_then_on(tmp_path: Path) -> None:
    """A theme made while the preview runs is followed, with all that is in it."""
    issues, theme = tmp_path / "issues", tmp_path / "themes" / "own"
    issues.mkdir()

    async def scenario(changes: ChangeNotifier) -> None:
        await expect_change(changes, lambda: theme.mkdir(parents=True))
        file = theme / "palette.toml"
        for n in range(100):  # until the new folder is followed
            before = changes.version
            file.write_text(str(n), "utf-8")
            if await changes.wait_for_change(before, timeout_seconds=0.2) > before:
                break
        await expect_change(changes, lambda: file.write_text("last", "utf-8"))
        await expect_change(changes, lambda: shutil.rmtree(theme))

    asyncio.run(run_watched([issues, theme], scenario))


def test_a_folder_that_is_made_anew_is_followed_again(tmp_path: Path) -> None:
    """A theme is taken out of a version control system.

    Its folder goes and comes back, and nobody has to start the preview again.
    """
    issues, theme = tmp_path / "issues", tmp_path / "themes" / "own"
    issues.mkdir()
    theme.mkdir(parents=True)

    async def scenario(changes: ChangeNotifier) -> None:
        for _ in range(20):
            shutil.rmtree(theme)
            theme.mkdir()
            await changes.wait_for_change(changes.version, timeout_seconds=0.02)
        for n in range(100):  # until the new folder is followed
            before = changes.version
            (theme / "palette.toml").write_text(str(n), "utf-8")
            if await changes.wait_for_change(before, timeout_seconds=0.2) > before:
                break
        await expect_change(changes, lambda: (theme / "palette.toml").write_text("last", "utf-8"))

    asyncio.run(run_watched([issues, theme], scenario))


def test_a_machine_without_watches_left_is_looked_at_instead(tmp_path: Path) -> None:
    """Where the system gives no watch (too many files open), changes are heard of all the same."""
    asked = 0

    def list_places() -> list[Path]:
        nonlocal asked
        asked += 1
        if asked == 1:
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        else:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return [tmp_path]

    async def scenario() -> None:
        changes = ChangeNotifier()
        watcher = asyncio.create_task(watch(list_places, changes.notify))
        assert (
            await changes.wait_for_change(0, timeout_seconds=CHANGE_TIMEOUT_SECONDS) == 1
        )  # it has looked again
        await expect_change(changes, lambda: (tmp_path / "a.md").write_text("1", "utf-8"))
        watcher.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watcher

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        asyncio.run(scenario())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert asked > 1


def test_who_waits_is_sent_home_when_the_preview_ends() -> None:
    """A page that listens must not keep the server from ending."""

    async def scenario() -> None:
        changes = ChangeNotifier()
        waiting = asyncio.create_task(
            changes.wait_for_change(0, timeout_seconds=CHANGE_TIMEOUT_SECONDS)
        )
        await asyncio.sleep(0)
        changes.close()
        assert await asyncio.wait_for(waiting, CHANGE_TIMEOUT_SECONDS) == 0
        assert (
            await asyncio.wait_for(
                changes.wait_for_change(0, timeout_seconds=CHANGE_TIMEOUT_SECONDS),
                CHANGE_TIMEOUT_SECONDS / 4,
            )
            == 0
        )

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("name", "matters"),
    [
        ("theme/x/y.css", True),
        ("theme.bak/y.css", False),
        ("newsletter.toml", True),
        ("newsletter.toml~", False),
    ],
)
def test_only_what_was_asked_for_matters(tmp_path: Path, name: str, matters: bool) -> None:
    """A folder's neighbours with a similar name don't count."""
    (tmp_path / "theme").mkdir()
    assert (
        build_watch_plan([tmp_path / "theme", tmp_path / "newsletter.toml"]).is_watched(
            str(tmp_path / name)
        )
        is matters
    )


def test_what_programs_put_beside_a_file_is_no_change(tmp_path: Path) -> None:
    """Our own former file and half-written one, an editor's swap file.

    Only the file itself is drawn, and at once.
    """
    (tmp_path / "issues").mkdir()
    found = build_watch_plan([tmp_path / "issues"])
    assert found.is_watched(str(tmp_path / "issues" / "2026-12.md"))
    for name in ("2026-12.md.bak", ".x8f2.tmp", ".2026-12.md.swp", "2026-12.md~"):
        assert not found.is_watched(str(tmp_path / "issues" / name))
