"""Posts: what a source has published, and what the ledger knows about them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from newsletter.i18n import Phrase

#: Twelve hexadecimal digits, the same for the same post for ever; the issue file shows them.
PostId = NewType("PostId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where posts come from: `[[sources]]` of newsletter.toml."""

    url: str
    #: "feed", "wordpress", "markdown", "page"; None: find out.
    kind: str | None = None
    #: Markdown only: where its posts are read, "https://blogg.example.org/{slug}/".
    link: str | None = None
    #: Only posts of these; empty: all.
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    #: Only posts with one of these in title or address, and none with one of those; "*" stands for
    #: anything.
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    #: The heading that its posts come under; None: the newsletter's own.
    section: str | None = None
    #: Posts of a source with more weight go first.
    weight: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What came of reading a source the last time."""

    #: When that was.
    read_at: datetime
    #: When it could be read the last time; None: never. Earlier than `at` where the last time
    #: failed.
    last_success_at: datetime | None
    #: How many posts came, then what staff should know of them; or why it failed.
    notes: tuple[Phrase, ...]

    @property
    def has_failed(self) -> bool:
        """It couldn't be read."""
        return self.last_success_at != self.read_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture at an absolute http(s) address."""

    url: str
    #: None: the source gave none. "": the source says that it is decorative.
    alt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """An article that a source has published, as the source gave it: nothing in it is trusted."""

    id: PostId
    source: str
    #: The source's own id of it (guid, atom:id, JSON Feed id), or None.
    guid: str | None
    #: Absolute http(s) address, or None where the source names none.
    url: str | None
    #: One line of plain text; "" where there is none.
    title: str
    published: datetime | None
    #: HTML that an author or the site wrote as a summary; "" if none.
    excerpt: str
    #: HTML of the whole text; "" if the source gives none.
    body: str
    #: Plain text or HTML: what the post's page says of itself to search engines; "" if it is not
    #: known.
    description: str = ""
    picture: Picture | None = None
    categories: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    language: str | None = None


class PostState(StrEnum):
    """What has become of a post."""

    new = "new"
    picked = "picked"
    sent = "sent"
    held = "held"
    skipped = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """A post with what the ledger knows of it."""

    post: Post
    state: PostState
    first_seen: datetime
    #: The issue that it was picked for, sent in, or left out of by staff.
    issue_name: str | None = None
    #: The text changed at the source after it was picked.
    changed: bool = False

    @property
    def effective_date(self) -> datetime:
        """When it was published; an undated post counts from when it was first seen."""
        return self.post.published or self.first_seen


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPost:
    """A post as a source gave it just now, with the keys that it is known by."""

    post: Post
    #: `posts.identity.url_key` of its address; None where it has none.
    url_key: str | None
    #: `posts.identity.content_hash`.
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostIdentity:
    """What a row of the ledger is known by."""

    id: PostId
    source: str
    guid: str | None
    url: str | None
    url_key: str | None
    title: str
    content_hash: str
    categories: tuple[str, ...]

    @classmethod
    def from_fetched(cls, fetched: FetchedPost) -> "PostIdentity":
        """Return what a post that is seen for the first time will be known by."""
        post = fetched.post
        return cls(
            id=post.id,
            source=post.source,
            guid=post.guid,
            url=post.url,
            url_key=fetched.url_key,
            title=post.title,
            content_hash=fetched.content_hash,
            categories=post.categories,
        )

    def has_changed(self, fetched: FetchedPost) -> bool:
        """Return True if the source now says something else."""
        return (self.content_hash, self.url, self.guid, self.categories) != (
            fetched.content_hash,
            fetched.post.url,
            fetched.post.guid,
            fetched.post.categories,
        )
