"""A newsletter's folder as the desk that the preview asks."""

import mimetypes
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from newsletter.app import Workspace
from newsletter.domain.issue import Issue
from newsletter.domain.subscriber import Subscriber, SubscriberId
from newsletter.errors import FetchError, NewsletterError
from newsletter.mail.compile import SLOTS, Reader
from newsletter.resources import stock_templates
from newsletter.store import subscribers
from newsletter.web.preview.desk import Examined, Look, ShownPicture

#: Bytes of a picture; mails with larger ones are slow for everybody.
LARGEST_PICTURE = 8_000_000
#: Pictures that are kept, and how long one that couldn't be fetched isn't asked for again, in
#: seconds.
KEPT, PATIENCE = 100, 60.0
#: Whom a letter is shown to; the links of subscriber 0 lead nowhere.
MADE_UP = Subscriber(id=SubscriberId(0), email="reader@example.org")


class WorkspaceDesk:
    """Opens the workspace again when its settings have changed.

    While they are wrong, the old ones hold and `look` says why.

    `first`: the issue to open first, by name or path; it may lie outside the folder of issues.
    """

    def __init__(
        self,
        reopen: Callable[[], Workspace],
        settings_file: Path,
        *,
        language: str,
        first: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.language = language
        self._reopen = reopen
        self._settings_file = settings_file
        self._first = first
        self._clock = clock
        self._seen = self._signature()
        self._workspace = reopen()
        self._wrong: NewsletterError | None = None
        self._fetched: dict[str, tuple[ShownPicture | None, float]] = {}

    def issues(self) -> Sequence[str]:
        """Return the names of the issue files, newest first; the one that was asked for leads."""
        names = self._workspace.list_issue_names()
        if self._first is None:
            return names
        return [self._first, *(name for name in names if name != self._first)]

    def look(self, issue: str, reader: SubscriberId | None = None) -> Look:
        """Draw an issue. Raises NewsletterError.

        A subscriber's name and address are filled in, but her links lead nowhere: looking must not
        take her off the list.
        """
        workspace = self.workspace()
        read = workspace.read_issue(issue)
        letter_to = self._letter_to(workspace, read, reader)
        return Look(
            issue=read,
            rendered=workspace.render(read),
            values={name: value(letter_to) for name, value in SLOTS.items()},
        )

    def examine(self, look: Look, reader: SubscriberId | None = None) -> Examined:
        """Make the mail of a look and check it; links aren't asked. Raises NewsletterError."""
        workspace = self.workspace()
        compiled = workspace.compile(look.rendered, look.issue.name)
        message = compiled.fill(self._letter_to(workspace, look.issue, reader), workspace.clock())
        return Examined(
            message=message,
            findings=tuple(workspace.run_checks(look.issue, links=False, rendered=look.rendered)),
        )

    def source(self, issue: str) -> str:
        """Return an issue's file, bytes that are no UTF-8 replaced."""
        try:
            return self._workspace.find_issue_path(issue).read_text(
                encoding="utf-8-sig", errors="replace"
            )
        except (NewsletterError, OSError):
            return ""

    def picture(self, url: str) -> ShownPicture | None:
        """Return a picture from a Markdown source's folder, the logo, or what the guarded fetcher gets."""
        if file := self._local(url):
            kind = mimetypes.guess_type(file.name)[0] or ""
            return ShownPicture(content=file.read_bytes(), content_type=kind)
        held = self._fetched.get(url)
        if held is None or (held[0] is None and self._clock() - held[1] > PATIENCE):
            while len(self._fetched) >= KEPT:
                self._fetched.pop(next(iter(self._fetched)), None)
            held = self._fetched[url] = (self._fetch(url), self._clock())
        return held[0]

    def watched(self) -> Sequence[Path]:
        """Return the settings, the issues, the theme and the logo."""
        workspace = self._workspace
        theme = workspace.settings.theme
        outside = (
            [workspace.find_issue_path(self._first)]
            if self._first and self.source(self._first)
            else []
        )
        logo = [workspace.folder / theme.logo] if theme.logo and "://" not in theme.logo else []
        themes = [
            folder / "themes" / name
            for folder, name in ((workspace.folder, theme.name), (stock_templates(), theme.name))
        ]
        return [self._settings_file, workspace.issues_folder, *themes, *logo, *outside]

    def close(self) -> None:
        """Close what was opened."""
        self._workspace.close()

    def _letter_to(self, workspace: Workspace, issue: Issue, number: SubscriberId | None) -> Reader:
        return workspace.personalise(self._reader(workspace, number), issue.name)

    def _reader(self, workspace: Workspace, number: SubscriberId | None) -> Subscriber:
        if number is None:
            return MADE_UP
        with workspace.database.read() as connection:
            found = subscribers.find_by_id(connection, number)
        return replace(found, id=MADE_UP.id) if found else MADE_UP

    def _local(self, url: str) -> Path | None:
        from newsletter.posts.markdown import local_picture

        workspace = self._workspace
        logo = workspace.settings.theme.logo
        if (
            logo
            and "://" not in logo
            and url == f"{workspace.settings.newsletter.public_url}/{quote(Path(logo).name)}"
        ):
            file = workspace.folder / logo
            return file if file.is_file() else None
        if url.startswith(ours := f"{workspace.settings.newsletter.public_url}/pictures/"):
            return workspace.picture_store.file(url.removeprefix(ours))
        found = (local_picture(url, source, workspace.folder) for source in workspace.sources)
        return next((file for file in found if file is not None and file.is_file()), None)

    def _fetch(self, url: str) -> ShownPicture | None:
        try:
            fetched = self._workspace.fetcher.fetch(url, limit=LARGEST_PICTURE)
        except FetchError:
            return None
        return ShownPicture(
            content=fetched.content,
            content_type=fetched.content_type.partition(";")[0].strip().lower(),
        )

    def workspace(self) -> Workspace:
        """Return the workspace with the settings as they are on disk.

        Raises NewsletterError while they are wrong.
        """
        signature = self._signature()
        if signature != self._seen:
            self._seen = signature
            try:
                old, self._workspace = self._workspace, self._reopen()
            except NewsletterError as error:
                self._wrong = error
            else:
                self._wrong = None
                self._fetched.clear()
                old.close()
        if self._wrong is not None:
            raise self._wrong
        return self._workspace

    def _signature(self) -> tuple[int, int]:
        try:
            stat = self._settings_file.stat()
        except OSError:
            return 0, 0
        return stat.st_mtime_ns, stat.st_size
