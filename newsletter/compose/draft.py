"""A new issue out of the posts that were picked: teasers, subject, preheader, intro."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from newsletter.compose.dates import say_month, say_month_name
from newsletter.compose.excerpts import described, hand_written
from newsletter.compose.issue_writer import fingerprint
from newsletter.compose.lines import one_line
from newsletter.compose.summarise import summarise
from newsletter.domain.issue import Issue, Layout, Reason, Section, Summary, Teaser
from newsletter.domain.post import LedgerEntry, Picture, Post
from newsletter.i18n import Phrase
from newsletter.posts.clean import blocks, plain
from newsletter.posts.clean.blocks import PROSE

#: Characters of a preheader: what most mail clients show.
PREHEADER = 90
#: Titles that a preheader may be made of.
_FIRST = 5
#: Characters of a title in an issue; a longer one is cut at a word.
_TITLE = 200
#: Words of its text that stand for a title where a post has none.
_INSTEAD = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What an issue is made of besides its posts."""

    name: str
    title: str
    language: str
    zone: ZoneInfo
    section: str
    words: tuple[int, int]
    date: datetime.date
    number: int
    #: Address of each source → the heading that its posts come under.
    sections: Mapping[str, str] = field(default_factory=dict)
    #: The first post is drawn larger than the others.
    lead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A teaser, and where its words come from."""

    entry: LedgerEntry
    teaser: Teaser
    summary: Summary


def write_teaser(entry: LedgerEntry, frame: Frame, *, model: str | None = None) -> Written:
    """Turn a post into a teaser. The date is the day in the newsletter's time zone.

    An undated post shows none.

    `model`: a language model's summary; it stands only where no person has written one.
    """
    post = entry.post
    title = one_line(post.title)
    summary = summary_of(post, frame)
    if model and summary.reason is Reason.window:
        summary = Summary(text=one_line(model), reason=Reason.model)
    text = markdown(summary.text)
    teaser = Teaser(
        title=shortened(title or _instead(summary.text, post.url), _TITLE),
        url=post.url,
        picture=(
            Picture(url=post.picture.url, alt=post.picture.alt and one_line(post.picture.alt))
            if post.picture
            else None
        ),
        date=post.published.astimezone(frame.zone).date() if post.published else None,
        summary=text,
        post=post.id,
        fingerprint=fingerprint(text),
    )
    return Written(entry=entry, teaser=teaser, summary=summary)


def summary_of(post: Post, frame: Frame) -> Summary:
    """Return the summary of a post."""
    title = one_line(post.title)
    return summarise(
        title,
        blocks(post.body, title=title),
        excerpt=plain(post.excerpt) if post.excerpt else "",
        description=plain(post.description) if post.description else "",
        language=post.language or frame.language,
        words=frame.words,
    )


def lacks_text(post: Post, frame: Frame) -> bool:
    """Say whether a source gives neither a post's text nor a summary that a person wrote.

    Its page has to be read.
    """
    if post.url is None or any(block.kind in PROSE for block in blocks(post.body)):
        return False
    title, language = one_line(post.title), post.language or frame.language
    excerpt = plain(post.excerpt) if post.excerpt else ""
    return not hand_written(excerpt, (), title, language) and not described(
        post.description, (), title, language
    )


def write_issue(written: Sequence[Written], frame: Frame) -> Issue:
    """Put teasers into the sections of a new issue, with a subject, a preheader and a greeting for staff to change."""
    sections = _sections(written, frame)
    teasers = [teaser for section in sections for teaser in section.teasers]
    return Issue(
        name=frame.name,
        subject=one_line(f"{frame.title} {say_month(frame.date, frame.language)}"),
        preheader=preheader([teaser.title for teaser in teasers]),
        number=frame.number,
        date=frame.date,
        language=frame.language,
        # The newsletter's own name stands above it already.
        title=Phrase(
            "What is new in {month}", month=say_month_name(frame.date, frame.language)
        ).say(frame.language),
        intro=Phrase("Hello! Here is what we have published since last time.").say(frame.language),
        sections=sections,
    )


def _sections(written: Sequence[Written], frame: Frame) -> tuple[Section, ...]:
    """Return a section for each heading that the sources name, in the settings' order.

    The first may be drawn with a lead.
    """
    found: dict[str, list[Teaser]] = {title: [] for title in frame.sections.values()}
    for one in written:
        found.setdefault(frame.sections.get(one.entry.post.source, frame.section), []).append(
            one.teaser
        )
    filled = [(title, tuple(teasers)) for title, teasers in found.items() if teasers] or [
        (frame.section, ())
    ]
    return tuple(
        Section(
            title=title, teasers=teasers, layout=Layout.lead if frame.lead and not number else None
        )
        for number, (title, teasers) in enumerate(filled)
    )


def preheader(titles: Sequence[str]) -> str:
    """Return those of the first titles that fit into 90 characters together.

    Of a first title that is longer, the first words.
    """
    text = shortened(titles[0], PREHEADER) if titles else ""
    for title in titles[1:_FIRST]:
        longer = f"{text} · {title}"
        if len(longer) <= PREHEADER:
            text = longer
    return text


def shortened(text: str, most: int) -> str:
    """Return a text of at most `most` characters: whole words, and "…" where some are missing."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    words = (
        head.rsplit(None, 1)[0] if not text[most - 1].isspace() and len(head.split()) > 1 else head
    )
    return words.rstrip(" ,;:–—-") + "…"


def markdown(text: str) -> str:
    """Return plain text as Markdown that shows the same.

    Nothing in it is a link, a list, emphasis or HTML.
    """
    text = re.sub(r"[\\`*\[\]<>]|(?<!\w)_|_(?!\w)|~(?=~)", r"\\\g<0>", one_line(text))
    text = re.sub(r"&(?=#?\w+;)", r"\\&", text)
    return re.sub(
        r"\A(?:(\d{1,9})([.)])(?=\s)|([-+#=~|]))",
        lambda found: (found[1] or "") + "\\" + (found[2] or found[3]),
        text,
    )


def _instead(summary: str, url: str | None) -> str:
    words = summary.split()
    if words:
        return " ".join(words[:_INSTEAD]).rstrip(".,;:") + ("…" if len(words) > _INSTEAD else "")
    parts = urlsplit(url or "")
    return f"{parts.hostname or ''}{parts.path}".strip("/") or "–"
