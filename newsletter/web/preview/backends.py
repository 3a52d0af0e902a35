"""The interfaces between the preview and a newsletter: to look at issues, and to change them.

`WorkspacePreviewBackend` and `WorkspaceEditBackend` answer from a newsletter's folder.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from newsletter.compose.summary.alternatives import SummaryAlternatives
from newsletter.domain.finding import Finding
from newsletter.domain.issue import Issue, RenderedIssue, Teaser
from newsletter.domain.post import LedgerEntry, PostId
from newsletter.domain.subscriber import Subscriber, SubscriberId
from newsletter.i18n import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePreview:
    """An issue as a subscriber would see it."""

    issue: Issue
    rendered: RenderedIssue
    #: Slot → what the subscriber would see there; a slot without a value stays open, and is seen.
    slot_values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedMessage:
    """A preview's whole message with what the checks found: slower than to render it."""

    #: The whole message to the subscriber, as it would be sent.
    message: bytes
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureContent:
    """A picture's bytes, with one of `frame_html.PICTURE_TYPES`."""

    content: bytes
    content_type: str


class PreviewBackend(Protocol):
    """One newsletter, seen by its editors. Called in threads, never two renderings at once."""

    @property
    def language(self) -> str:
        """The language of the interface."""

    def list_issue_names(self) -> Sequence[str]:
        """Return the names of the issues to choose from, the one to open first at the front."""

    def render_preview(
        self, issue_name: str, subscriber_id: SubscriberId | None = None
    ) -> IssuePreview:
        """Render one of the issues as a subscriber would get it (None: a made-up one).

        Raises NewsletterError.
        """

    def check_message(
        self, preview: IssuePreview, subscriber_id: SubscriberId | None = None
    ) -> CheckedMessage:
        """Compile the message of a preview, and check it. Raises NewsletterError."""

    def read_source(self, issue_name: str) -> str:
        """Return the text of an issue's file; "" where it can't be read."""

    def load_picture(self, url: str) -> PictureContent | None:
        """Return the picture at an address that occurs in an issue; None where there is none."""

    def list_watched_paths(self) -> Sequence[Path]:
        """Return files and folders whose change changes a preview; they need not exist yet."""


class IssueFileBackend(Protocol):
    """The files of issues, and what goes with a change of one. Called in threads."""

    def read_issue_text(self, issue_name: str) -> str:
        """Return an issue's file. Raises IssueFileError."""

    def save_issue_text(self, issue_name: str, text: str, *, expected_text: str) -> None:
        """Write an issue's file whole, if it still is `expected_text` (optimistic concurrency).

        Raises IssueFileError where it isn't.
        """

    def save_history(self, issue_name: str, history: str) -> None:
        """Keep an issue's steps for the next run of the preview, if that can be done."""

    def load_history(self, issue_name: str) -> str:
        """Return what was kept; "" where there is nothing."""

    def why_locked(self, issue_name: str) -> Phrase | None:
        """Return why an issue can't be changed any more; None: it can."""

    def sync_ledger(
        self, issue_name: str, posts_before: AbstractSet[PostId], posts_now: AbstractSet[PostId]
    ) -> None:
        """Write into the ledger which posts came into an issue's file, and which went.

        One that goes out again is what it was before.
        """

    def find_previous_issue(self, issue_name: str) -> str | None:
        """Return the name of the issue before this one; None where there is none."""


class PostBackend(Protocol):
    """What is known of posts that are in an issue, or could be. Called in threads."""

    def search_unused_posts(self, issue_name: str, query: str) -> Sequence[LedgerEntry]:
        """Return the posts that could be added to an issue, the newest first.

        All words of the query stand in title or text.
        """

    def compose_teaser(self, issue_name: str, post_id: PostId) -> Teaser:
        """Return the teaser that compose would write of a post. Raises NewsletterError."""

    def find_alternatives(self, teaser: Teaser, language: str) -> SummaryAlternatives:
        """Return where a summary comes from, and what could stand there instead."""

    def get_summary_word_bounds(self) -> tuple[int, int]:
        """Return how short and how long an offered summary may be, in words."""


class SubscriberBackend(Protocol):
    """Whom an issue can be shown and sent to. Called in threads."""

    def search_subscribers(self, query: str) -> Sequence[Subscriber]:
        """Return a few subscribers whose address or name holds these words."""

    def send_test(self, issue_name: str, address: str) -> str:
        """Send an issue to one address; return it as it was written to. Raises NewsletterError."""


class EditBackend(IssueFileBackend, PostBackend, SubscriberBackend, Protocol):
    """All that the preview needs to change issues."""
