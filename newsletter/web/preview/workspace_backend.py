"""The preview backend that answers from a newsletter's folder."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from newsletter.app import Workspace
from newsletter.app.checks import check_issue
from newsletter.app.issue_files import find_issue_path, list_issue_names, read_issue
from newsletter.app.mail_setup import compile_message, personalise
from newsletter.app.rendering import render_issue
from newsletter.domain.issue import Issue
from newsletter.domain.subscriber import Subscriber, SubscriberId
from newsletter.errors import NewsletterError
from newsletter.mail.compile import SLOT_GETTERS, Recipient
from newsletter.resources import find_stock_templates
from newsletter.store import subscribers
from newsletter.web.preview.backends import CheckedMessage, IssuePreview, PictureContent
from newsletter.web.preview.picture_cache import PictureCache
from newsletter.web.preview.reloading_workspace import ReloadingWorkspace

#: Whom a letter is shown to; the links of subscriber 0 lead nowhere.
SAMPLE_SUBSCRIBER = Subscriber(id=SubscriberId(0), email="reader@example.org")


class WorkspacePreviewBackend:
    """Shows the issues of a workspace; while its settings are wrong, rendering says why.

    `first_issue`: the one to open first, by name or path; it may lie outside the folder of issues.
    """

    def __init__(
        self,
        workspaces: ReloadingWorkspace,
        *,
        language: str,
        first_issue: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.language = language
        self.workspaces = workspaces
        self._first_issue = first_issue
        self._pictures = PictureCache(clock)

    def list_issue_names(self) -> Sequence[str]:
        """Return the names of the issue files, newest first; the one that was asked for leads."""
        names = list_issue_names(self.workspaces.latest)
        if self._first_issue is None:
            return names
        return [self._first_issue, *(name for name in names if name != self._first_issue)]

    def render_preview(
        self, issue_name: str, subscriber_id: SubscriberId | None = None
    ) -> IssuePreview:
        """Render an issue. Raises NewsletterError.

        A subscriber's name and address are filled in, but their links lead nowhere: looking must
        not unsubscribe anybody.
        """
        workspace = self.workspaces.get()
        issue = read_issue(workspace, issue_name)
        recipient = self._build_recipient(workspace, issue, subscriber_id)
        return IssuePreview(
            issue=issue,
            rendered=render_issue(workspace, issue),
            slot_values={name: get_value(recipient) for name, get_value in SLOT_GETTERS.items()},
        )

    def check_message(
        self, preview: IssuePreview, subscriber_id: SubscriberId | None = None
    ) -> CheckedMessage:
        """Compile a preview's message and check it, without its links. Raises NewsletterError."""
        workspace = self.workspaces.get()
        compiled = compile_message(workspace, preview.rendered, preview.issue.name)
        message = compiled.fill(
            self._build_recipient(workspace, preview.issue, subscriber_id), workspace.clock()
        )
        return CheckedMessage(
            message=message,
            findings=tuple(
                check_issue(workspace, preview.issue, links=False, rendered=preview.rendered)
            ),
        )

    def read_source(self, issue_name: str) -> str:
        """Return an issue's file, bytes that are no UTF-8 replaced."""
        try:
            return find_issue_path(self.workspaces.latest, issue_name).read_text(
                encoding="utf-8-sig", errors="replace"
            )
        except (NewsletterError, OSError):
            return ""

    def load_picture(self, url: str) -> PictureContent | None:
        """Return a picture of a source's folder, the logo, or what the guarded fetcher gets."""
        return self._pictures.load(self.workspaces.latest, url)

    def list_watched_paths(self) -> Sequence[Path]:
        """Return the settings, the issues, the theme and the logo."""
        workspace = self.workspaces.latest
        theme = workspace.settings.theme
        themes = [
            folder / "themes" / theme.name for folder in (workspace.folder, find_stock_templates())
        ]
        logo = [workspace.folder / theme.logo] if theme.logo and "://" not in theme.logo else []
        return [
            self.workspaces.settings_file,
            workspace.issues_folder,
            *themes,
            *logo,
            *self._list_outside_files(workspace),
        ]

    def _list_outside_files(self, workspace: Workspace) -> list[Path]:
        """Return the file of the first issue, if it can be read; it may lie anywhere."""
        if self._first_issue and self.read_source(self._first_issue):
            return [find_issue_path(workspace, self._first_issue)]
        return []

    def close(self) -> None:
        """Close what was opened."""
        self.workspaces.close()

    def _build_recipient(
        self, workspace: Workspace, issue: Issue, subscriber_id: SubscriberId | None
    ) -> Recipient:
        return personalise(workspace, self._load_subscriber(workspace, subscriber_id), issue.name)

    def _load_subscriber(
        self, workspace: Workspace, subscriber_id: SubscriberId | None
    ) -> Subscriber:
        if subscriber_id is None:
            return SAMPLE_SUBSCRIBER
        with workspace.database.read() as connection:
            found = subscribers.find_by_id(connection, subscriber_id)
        return replace(found, id=SAMPLE_SUBSCRIBER.id) if found else SAMPLE_SUBSCRIBER
