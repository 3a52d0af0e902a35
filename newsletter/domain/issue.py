"""Issues: one numbered, dated letter with sections of teasers."""

import datetime
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from newsletter.domain.post import Picture, PostId
from newsletter.domain.word_count import count_words

#: Longest title, heading, subject or alt text, in characters: what is longer is no title.
MAX_LINE_CHARS = 1_000
#: Longest Markdown of one place, in characters.
MAX_MARKDOWN_CHARS = 100_000


class SummaryReason(StrEnum):
    """Where the words of a summary come from."""

    excerpt = "excerpt"
    description = "description"
    lead = "lead"
    window = "window"
    model = "model"
    editor = "editor"
    #: No whole sentence was to be had: title, date and link stand alone.
    none = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A summary of whole sentences: plain text, one line."""

    text: str
    reason: SummaryReason

    @property
    def word_count(self) -> int:
        """Length in words (`domain.words`)."""
        return count_words(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaser:
    """A post as shown in an issue."""

    #: Plain text, one line.
    title: str
    #: Absolute http(s) address; None: shown without a link.
    url: str | None = None
    picture: Picture | None = None
    date: datetime.date | None = None
    #: Markdown.
    summary: str = ""
    #: Which post it is, and the fingerprint of what compose had written; None: written by a person.
    post: PostId | None = None
    fingerprint: str | None = None


class TeaserMatch(IntEnum):
    """How sure it is that two teasers are one, of two versions of an issue; none is false."""

    none = 0
    same_title = 1
    same_url = 2
    same_post = 3
    equal = 4


def match_teasers(one: Teaser, other: Teaser) -> TeaserMatch:
    """Return by what two teasers are the same, the surest first.

    Those of two posts are never the same: the notes of weeks 47 and 48 may share a title.
    """
    if one == other:
        return TeaserMatch.equal
    if one.post is not None and other.post is not None:
        return TeaserMatch.same_post if one.post == other.post else TeaserMatch.none
    if one.url is not None and one.url == other.url:
        return TeaserMatch.same_url
    return TeaserMatch.same_title if one.title == other.title else TeaserMatch.none


class Layout(StrEnum):
    """How a section is drawn, where its file says so.

    With `<!-- layout: cards -->` under its heading.
    """

    cards = "cards"
    list = "list"
    #: The first teaser large, the others as cards.
    lead = "lead"
    #: The list in its text as days with a time and a place.
    calendar = "calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with teasers, and maybe words of its own."""

    title: str
    teasers: tuple[Teaser, ...] = ()
    #: Markdown between the heading and the first teaser.
    text: str = ""
    #: None: as the theme draws it.
    layout: Layout | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One letter, as its file says."""

    #: The file's name without ".md".
    name: str
    subject: str
    preheader: str = ""
    number: int | None = None
    date: datetime.date | None = None
    language: str
    #: The first-level heading; "" if there is none.
    title: str = ""
    #: Markdown: everything before the first section.
    intro: str = ""
    sections: tuple[Section, ...] = ()

    @property
    def teasers(self) -> tuple[Teaser, ...]:
        """All teasers, in reading order."""
        return tuple(teaser for section in self.sections for teaser in section.teasers)


class IssueState(StrEnum):
    """How far an issue has come; an issue that the database doesn't know is a draft."""

    draft = "draft"
    scheduled = "scheduled"
    sending = "sending"
    #: By staff, or by a fault of ours; `send` or `resume` goes on.
    paused = "paused"
    sent = "sent"
    cancelled = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedIssue:
    """An issue as HTML and text, with slots for what is personal.

    `slots` maps a slot's name ("email", "unsubscribe_url", "view_url") to the placeholder that
    stands for it in `html` and `text`: ASCII letters and digits, with a nonce that no post can
    guess. In HTML a value goes in HTML-escaped, in text as it is.
    """

    subject: str
    preheader: str
    language: str
    html: str
    text: str
    mjml: str
    slots: dict[str, str]
    #: How many teasers became a list because the letter would have been too large for Gmail.
    shortened: int = 0
