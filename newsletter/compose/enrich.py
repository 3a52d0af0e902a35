"""Enrich posts whose source gives too short a text.

With the post's page, and a language model where staff switched one on.

    posts that were picked | no text, no summary by a person? read the page
        | nobody wrote a summary? ask the model | Enrichment

It takes place outside of every transaction, and nothing in it can stop an issue.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from newsletter.compose.draft import IssueDefaults, should_fetch_page, summarise_post
from newsletter.compose.summary.llm import SummaryWriter
from newsletter.compose.summary.prompt import PromptArticle
from newsletter.domain.issue import SummaryReason
from newsletter.domain.post import LedgerEntry, Picture, Post, PostId
from newsletter.errors import SourceError
from newsletter.i18n import Phrase
from newsletter.posts.clean import extract_blocks
from newsletter.posts.clean.blocks import PROSE_KINDS

#: Address of a page → the post that it is, or None. Raises SourceError.
FetchPage = Callable[[str], Post | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContent:
    """What a post's page adds to it."""

    body: str
    description: str
    picture: Picture | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrichment:
    """What was found for the posts of an issue."""

    pages: dict[PostId, PageContent] = field(default_factory=dict)
    #: Summaries of the language model.
    model_summaries: dict[PostId, str] = field(default_factory=dict)
    notes: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrichmentSources:
    """Who can be asked; None: nobody."""

    fetch_page: FetchPage | None = None
    summary_writer: SummaryWriter | None = None
    #: Pages that were looked at, by their address: none is fetched twice.
    fetched_pages: dict[str, Post | None] = field(default_factory=dict)

    def fetch_post(self, address: str) -> Post | None:
        """Return the post at an address that no source has, or None. Raises SourceError."""
        if self.fetch_page is None or not address.lower().startswith(("http://", "https://")):
            return None
        if address not in self.fetched_pages:
            self.fetched_pages[address] = self.fetch_page(address)
        return self.fetched_pages[address]


def enrich(
    chosen: Sequence[LedgerEntry], defaults: IssueDefaults, enrichment_sources: EnrichmentSources
) -> Enrichment:
    """Read the pages that are needed, and ask the model where nobody has written a summary."""
    pages: dict[PostId, PageContent] = {}
    models: dict[PostId, str] = {}
    notes: list[Phrase] = []
    for post in (entry.post for entry in chosen):
        if enrichment_sources.fetch_page is not None and should_fetch_page(post, defaults):
            page = _fetch_page_content(post, enrichment_sources, notes)
            if page:
                pages[post.id] = page
                post = replace(
                    post, body=page.body, description=post.description or page.description
                )
        text = (
            _ask_model(post, defaults, enrichment_sources.summary_writer)
            if enrichment_sources.summary_writer
            else None
        )
        if text:
            models[post.id] = text
    return Enrichment(
        pages=pages,
        model_summaries=models,
        notes=(
            *notes,
            *(enrichment_sources.summary_writer.notes if enrichment_sources.summary_writer else ()),
        ),
    )


def _fetch_page_content(
    post: Post, enrichment_sources: EnrichmentSources, notes: list[Phrase]
) -> PageContent | None:
    try:
        found = enrichment_sources.fetch_post(post.url or "")
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
    return PageContent(
        body=found.body, description=post.description or found.description, picture=found.picture
    )


def _ask_model(post: Post, defaults: IssueDefaults, writer: SummaryWriter) -> str | None:
    if summarise_post(post, defaults).reason is not SummaryReason.window:
        return None
    text = " ".join(
        block.text
        for block in extract_blocks(post.body, title=post.title)
        if block.kind in PROSE_KINDS
    )
    return writer.write_summary(
        PromptArticle(
            title=post.title,
            text=text,
            language=post.language or defaults.language,
            word_range=defaults.word_range,
        )
    )
