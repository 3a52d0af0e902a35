"""A new issue out of the posts that were picked: teasers, subject, preheader, intro."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from newsletter.compose.issue_file.dates import format_month_name, format_month_year
from newsletter.compose.issue_file.syntax import to_markdown, to_one_line
from newsletter.compose.issue_file.write import compute_fingerprint
from newsletter.compose.summary.excerpts import accept_description, accept_excerpt
from newsletter.compose.summary.summarise import summarise
from newsletter.domain.issue import Issue, Layout, Section, Summary, SummaryReason, Teaser
from newsletter.domain.post import LedgerEntry, Picture, Post
from newsletter.i18n import Phrase
from newsletter.posts.clean import extract_blocks, extract_plain_text
from newsletter.posts.clean.blocks import PROSE_KINDS

#: Characters of a preheader: what most mail clients show.
MAX_PREHEADER_CHARS = 90
#: Titles that a preheader may be made of.
_MAX_PREHEADER_TITLES = 5
#: Characters of a title in an issue; a longer one is cut at a word.
_MAX_TITLE_CHARS = 200
#: Words of its text that stand for a title where a post has none.
_FALLBACK_TITLE_WORDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueDefaults:
    """What an issue is made of besides its posts."""

    issue_name: str
    title: str
    language: str
    zone: ZoneInfo
    section: str
    word_range: tuple[int, int]
    date: datetime.date
    number: int
    #: Address of each source → the heading that its posts come under.
    section_by_source: Mapping[str, str] = field(default_factory=dict)
    #: The first post is drawn larger than the others.
    lead_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTeaser:
    """A teaser, and where its words come from."""

    entry: LedgerEntry
    teaser: Teaser
    summary: Summary


def draft_teaser(
    entry: LedgerEntry, defaults: IssueDefaults, *, model_summary: str | None = None
) -> DraftTeaser:
    """Turn a post into a teaser. The date is the day in the newsletter's time zone.

    An undated post shows none.

    `model_summary`: a language model's summary; it stands only where no person has written one.
    """
    post = entry.post
    title = to_one_line(post.title)
    summary = summarise_post(post, defaults)
    if model_summary and summary.reason is SummaryReason.window:
        summary = Summary(text=to_one_line(model_summary), reason=SummaryReason.model)
    text = to_markdown(summary.text)
    teaser = Teaser(
        title=truncate(title or _build_fallback_title(summary.text, post.url), _MAX_TITLE_CHARS),
        url=post.url,
        picture=(
            Picture(url=post.picture.url, alt=post.picture.alt and to_one_line(post.picture.alt))
            if post.picture
            else None
        ),
        date=post.published.astimezone(defaults.zone).date() if post.published else None,
        summary=text,
        post=post.id,
        fingerprint=compute_fingerprint(text),
    )
    return DraftTeaser(entry=entry, teaser=teaser, summary=summary)


def summarise_post(post: Post, defaults: IssueDefaults) -> Summary:
    """Return the summary of a post."""
    title = to_one_line(post.title)
    return summarise(
        title,
        extract_blocks(post.body, title=title),
        excerpt=extract_plain_text(post.excerpt) if post.excerpt else "",
        description=extract_plain_text(post.description) if post.description else "",
        language=post.language or defaults.language,
        word_range=defaults.word_range,
    )


def should_fetch_page(post: Post, defaults: IssueDefaults) -> bool:
    """Return True if a source gives neither a post's text nor a summary that a person wrote.

    Its page has to be read.
    """
    if post.url is None or any(block.kind in PROSE_KINDS for block in extract_blocks(post.body)):
        return False
    title, language = to_one_line(post.title), post.language or defaults.language
    excerpt = extract_plain_text(post.excerpt) if post.excerpt else ""
    return not accept_excerpt(excerpt, (), title, language) and not accept_description(
        post.description, (), title, language
    )


def draft_issue(drafts: Sequence[DraftTeaser], defaults: IssueDefaults) -> Issue:
    """Put teasers into the sections of a new issue.

    It has a subject, a preheader and a greeting, which staff may change.
    """
    sections = _group_into_sections(drafts, defaults)
    teasers = [teaser for section in sections for teaser in section.teasers]
    return Issue(
        name=defaults.issue_name,
        subject=to_one_line(
            f"{defaults.title} {format_month_year(defaults.date, defaults.language)}"
        ),
        preheader=build_preheader([teaser.title for teaser in teasers]),
        number=defaults.number,
        date=defaults.date,
        language=defaults.language,
        # The newsletter's own name stands above it already.
        title=Phrase(
            "What is new in {month}", month=format_month_name(defaults.date, defaults.language)
        ).translate(defaults.language),
        intro=Phrase("Hello! Here is what we have published since last time.").translate(
            defaults.language
        ),
        sections=sections,
    )


def _group_into_sections(
    drafts: Sequence[DraftTeaser], defaults: IssueDefaults
) -> tuple[Section, ...]:
    """Return a section for each heading that the sources name, in the settings' order.

    The first may be drawn with a lead.
    """
    found: dict[str, list[Teaser]] = {title: [] for title in defaults.section_by_source.values()}
    for one in drafts:
        found.setdefault(
            defaults.section_by_source.get(one.entry.post.source, defaults.section), []
        ).append(one.teaser)
    filled = [(title, tuple(teasers)) for title, teasers in found.items() if teasers] or [
        (defaults.section, ())
    ]
    return tuple(
        Section(
            title=title,
            teasers=teasers,
            layout=Layout.lead if defaults.lead_first and not number else None,
        )
        for number, (title, teasers) in enumerate(filled)
    )


def build_preheader(titles: Sequence[str]) -> str:
    """Return those of the first titles that fit into 90 characters together.

    Of a first title that is longer, the first words.
    """
    text = truncate(titles[0], MAX_PREHEADER_CHARS) if titles else ""
    for title in titles[1:_MAX_PREHEADER_TITLES]:
        longer = f"{text} · {title}"
        if len(longer) <= MAX_PREHEADER_CHARS:
            text = longer
    return text


def truncate(text: str, max_chars: int) -> str:
    """Return a text of at most so many characters: whole words, and "…" where some are missing."""
    if len(text) <= max_chars:
        return text
    head = text[: max_chars - 1]
    words = (
        head.rsplit(None, 1)[0]
        if not text[max_chars - 1].isspace() and len(head.split()) > 1
        else head
    )
    return words.rstrip(" ,;:–—-") + "…"


def _build_fallback_title(summary: str, url: str | None) -> str:
    words = summary.split()
    if words:
        return " ".join(words[:_FALLBACK_TITLE_WORDS]).rstrip(".,;:") + (
            "…" if len(words) > _FALLBACK_TITLE_WORDS else ""
        )
    parts = urlsplit(url or "")
    return f"{parts.hostname or ''}{parts.path}".strip("/") or "–"
