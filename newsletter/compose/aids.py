"""What helps where a source's own text is too short.

The post's page, and a language model where staff switched one on.

    posts that were picked | no text, no summary by a person? read the page | nobody wrote a summary? ask the model | Found

It takes place outside of every transaction, and nothing in it can stop an issue.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from newsletter.compose.draft import Frame, lacks_text, summary_of
from newsletter.compose.model import Article, Writer
from newsletter.domain.issue import Reason
from newsletter.domain.post import LedgerEntry, Picture, Post, PostId
from newsletter.errors import SourceError
from newsletter.i18n import Phrase
from newsletter.posts.clean import blocks
from newsletter.posts.clean.blocks import PROSE

#: Address of a page → the post that it is, or None. Raises SourceError.
Look = Callable[[str], Post | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a post's page adds to it."""

    content: str
    description: str
    picture: Picture | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found for the posts of an issue."""

    pages: dict[PostId, Page] = field(default_factory=dict)
    #: Summaries of the language model.
    models: dict[PostId, str] = field(default_factory=dict)
    notes: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Aids:
    """Who can be asked; None: nobody."""

    look: Look | None = None
    writer: Writer | None = None
    #: Pages that were looked at, by their address: none is fetched twice.
    seen: dict[str, Post | None] = field(default_factory=dict)

    def named(self, address: str) -> Post | None:
        """Return the post at an address that no source has, or None. Raises SourceError."""
        if self.look is None or not address.lower().startswith(("http://", "https://")):
            return None
        if address not in self.seen:
            self.seen[address] = self.look(address)
        return self.seen[address]


def helped(chosen: Sequence[LedgerEntry], frame: Frame, aids: Aids) -> Found:
    """Read the pages that are needed, and ask the model where nobody has written a summary."""
    pages: dict[PostId, Page] = {}
    models: dict[PostId, str] = {}
    notes: list[Phrase] = []
    for post in (entry.post for entry in chosen):
        if aids.look is not None and lacks_text(post, frame):
            page = _page(post, aids, notes)
            if page:
                pages[post.id] = page
                post = replace(
                    post, body=page.content, description=post.description or page.description
                )
        text = _modelled(post, frame, aids.writer) if aids.writer else None
        if text:
            models[post.id] = text
    return Found(
        pages=pages, models=models, notes=(*notes, *(aids.writer.notes if aids.writer else ()))
    )


def _page(post: Post, aids: Aids, notes: list[Phrase]) -> Page | None:
    try:
        found = aids.named(post.url or "")
    except SourceError as error:
        notes.append(
            Phrase(
                "The page of “{title}” could not be read, so its summary is made of what its source"
                " gives. {reason}",
                title=post.title or post.url,
                reason=error.phrase,
            )
        )
        return None
    if found is None or not (found.body or found.description):
        return None
    return Page(
        content=found.body, description=post.description or found.description, picture=found.picture
    )


def _modelled(post: Post, frame: Frame, writer: Writer) -> str | None:
    if summary_of(post, frame).reason is not Reason.window:
        return None
    text = " ".join(
        block.text for block in blocks(post.body, title=post.title) if block.kind in PROSE
    )
    return writer.write(
        Article(
            title=post.title, text=text, language=post.language or frame.language, words=frame.words
        )
    )
