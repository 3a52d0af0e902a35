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
from newsletter.mail.compile import SLOT_GETTERS, Recipient
from newsletter.resources import find_stock_templates
from newsletter.store import subscribers
from newsletter.web.preview.backends import CheckedMessage, IssuePreview, PictureContent

#: Bytes of a picture; mails with larger ones are slow for everybody.
MAX_PICTURE_BYTES = 8_000_000
#: Pictures that are kept, and how long one that couldn't be fetched isn't asked for again, in
#: seconds.
MAX_CACHED_PICTURES, PICTURE_RETRY_SECONDS = 100, 60.0
#: Whom a letter is shown to; the links of subscriber 0 lead nowhere.
SAMPLE_SUBSCRIBER = Subscriber(id=SubscriberId(0), email="reader@example.org")


class WorkspacePreviewBackend:
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
        first_issue: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.language = language
        self._reopen = reopen
        self._settings_file = settings_file
        self._first_issue = first_issue
        self._clock = clock
        self._settings_signature = self._read_settings_signature()
        self._workspace = reopen()
        self._settings_error: NewsletterError | None = None
        self._picture_cache: dict[str, tuple[PictureContent | None, float]] = {}

    def list_issue_names(self) -> Sequence[str]:
        """Return the names of the issue files, newest first; the one that was asked for leads."""
        names = self._workspace.list_issue_names()
        if self._first_issue is None:
            return names
        return [self._first_issue, *(name for name in names if name != self._first_issue)]

    def render_preview(
        self, issue_name: str, subscriber_id: SubscriberId | None = None
    ) -> IssuePreview:
        """Draw an issue. Raises NewsletterError.

        A subscriber's name and address are filled in, but her links lead nowhere: looking must not
        take her off the list.
        """
        workspace = self.get_workspace()
        read = workspace.read_issue(issue_name)
        letter_to = self._build_recipient(workspace, read, subscriber_id)
        return IssuePreview(
            issue=read,
            rendered=workspace.render(read),
            slot_values={name: value(letter_to) for name, value in SLOT_GETTERS.items()},
        )

    def check_message(
        self, preview: IssuePreview, subscriber_id: SubscriberId | None = None
    ) -> CheckedMessage:
        """Make the mail of a look and check it; links aren't asked. Raises NewsletterError."""
        workspace = self.get_workspace()
        compiled = workspace.compile(preview.rendered, preview.issue.name)
        message = compiled.fill(
            self._build_recipient(workspace, preview.issue, subscriber_id), workspace.clock()
        )
        return CheckedMessage(
            message=message,
            findings=tuple(
                workspace.run_checks(preview.issue, links=False, rendered=preview.rendered)
            ),
        )

    def read_source(self, issue_name: str) -> str:
        """Return an issue's file, bytes that are no UTF-8 replaced."""
        try:
            return self._workspace.find_issue_path(issue_name).read_text(
                encoding="utf-8-sig", errors="replace"
            )
        except (NewsletterError, OSError):
            return ""

    def load_picture(self, url: str) -> PictureContent | None:
        """Return a picture from a Markdown source's folder, the logo, or what the guarded fetcher gets."""
        if file := self._find_local_picture(url):
            kind = mimetypes.guess_type(file.name)[0] or ""
            return PictureContent(content=file.read_bytes(), content_type=kind)
        held = self._picture_cache.get(url)
        if held is None or (held[0] is None and self._clock() - held[1] > PICTURE_RETRY_SECONDS):
            while len(self._picture_cache) >= MAX_CACHED_PICTURES:
                self._picture_cache.pop(next(iter(self._picture_cache)), None)
            held = self._picture_cache[url] = (self._fetch_picture(url), self._clock())
        return held[0]

    def list_watched_paths(self) -> Sequence[Path]:
        """Return the settings, the issues, the theme and the logo."""
        workspace = self._workspace
        theme = workspace.settings.theme
        outside = (
            [workspace.find_issue_path(self._first_issue)]
            if self._first_issue and self.read_source(self._first_issue)
            else []
        )
        logo = [workspace.folder / theme.logo] if theme.logo and "://" not in theme.logo else []
        themes = [
            folder / "themes" / name
            for folder, name in (
                (workspace.folder, theme.name),
                (find_stock_templates(), theme.name),
            )
        ]
        return [self._settings_file, workspace.issues_folder, *themes, *logo, *outside]

    def close(self) -> None:
        """Close what was opened."""
        self._workspace.close()

    def _build_recipient(
        self, workspace: Workspace, issue: Issue, subscriber_id: SubscriberId | None
    ) -> Recipient:
        return workspace.personalise(self._load_subscriber(workspace, subscriber_id), issue.name)

    def _load_subscriber(
        self, workspace: Workspace, subscriber_id: SubscriberId | None
    ) -> Subscriber:
        if subscriber_id is None:
            return SAMPLE_SUBSCRIBER
        with workspace.database.read() as connection:
            found = subscribers.find_by_id(connection, subscriber_id)
        return replace(found, id=SAMPLE_SUBSCRIBER.id) if found else SAMPLE_SUBSCRIBER

    def _find_local_picture(self, url: str) -> Path | None:
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
            return workspace.picture_store.find_file(url.removeprefix(ours))
        found = (local_picture(url, source, workspace.folder) for source in workspace.sources)
        return next((file for file in found if file is not None and file.is_file()), None)

    def _fetch_picture(self, url: str) -> PictureContent | None:
        try:
            fetched = self._workspace.fetcher.fetch(url, limit=MAX_PICTURE_BYTES)
        except FetchError:
            return None
        return PictureContent(
            content=fetched.content,
            content_type=fetched.content_type.partition(";")[0].strip().lower(),
        )

    def get_workspace(self) -> Workspace:
        """Return the workspace with the settings as they are on disk.

        Raises NewsletterError while they are wrong.
        """
        signature = self._read_settings_signature()
        if signature != self._settings_signature:
            self._settings_signature = signature
            try:
                old, self._workspace = self._workspace, self._reopen()
            except NewsletterError as error:
                self._settings_error = error
            else:
                self._settings_error = None
                self._picture_cache.clear()
                old.close()
        if self._settings_error is not None:
            raise self._settings_error
        return self._workspace

    def _read_settings_signature(self) -> tuple[int, int]:
        try:
            stat = self._settings_file.stat()
        except OSError:
            return 0, 0
        return stat.st_mtime_ns, stat.st_size
