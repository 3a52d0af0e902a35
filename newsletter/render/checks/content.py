"""Checks of the issue as staff wrote it."""

import datetime
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from gettext import NullTranslations

from newsletter import markdown
from newsletter.domain.finding import Finding, Level
from newsletter.domain.issue import Issue, Layout, Section, Teaser
from newsletter.domain.post import PostId
from newsletter.i18n import Phrase, load_catalogue
from newsletter.render.calendar import parse_calendar, to_calendar
from newsletter.render.safe_text import sanitise_url, to_one_line

#: Characters. Phones show some 40 of a subject, wide screens some 70; clients show up to 140 of a
#: preheader.
MAX_SUBJECT_CHARS, MAX_PREHEADER_CHARS = 70, 140
_UNFINISHED_MARKER = re.compile(r"\b(?:TODO|FIXME|TK|TKTK|XXX|(?i:lorem\s+ipsum))\b")
_FILE_NAME = re.compile(
    r"\s*\S+\.(?:jpe?g|png|gif|webp|avif|svg|heic|tiff?)\s*|\s*(?:IMG|DSC|DSCF|P)[_-]?\d+\s*",
    re.IGNORECASE,
)
_HTML_COMMENT = re.compile(r"<!--.*?(?P<end>-->|\Z)", re.DOTALL)


def check_content(
    issue: Issue, announced_in: Mapping[PostId, str], today: datetime.date | None = None
) -> Iterator[Finding]:
    """Yield what is missing or odd in an issue.

    `announced` names the issue that a post was sent in before.
    """
    yield from _check_front_matter(issue)
    if (
        not issue.teasers
        and not issue.intro.strip()
        and not any(section.text.strip() for section in issue.sections)
    ):
        yield Finding(
            code="empty-issue",
            level=Level.error,
            message=Phrase("The issue is empty: no intro, no teaser. Write one, or compose it."),
        )
    for teaser in issue.teasers:
        yield from _check_teaser(teaser, issue.name, announced_in)
    for url, count in Counter(teaser.url for teaser in issue.teasers if teaser.url).items():
        if count > 1:
            yield Finding(
                code="teaser-twice",
                level=Level.warning,
                message=Phrase(
                    "This address is in the issue {count} times. Take out all but one: {url}",
                    count=count,
                    url=url,
                ),
                where=url,
            )
    for section in issue.sections:
        yield from _check_calendar(section, issue, today)
    yield from _check_omitted_markup(issue)
    yield from _check_unfinished_text(issue)


def _check_front_matter(issue: Issue) -> Iterator[Finding]:
    subject, preheader = to_one_line(issue.subject), to_one_line(issue.preheader)
    if not subject:
        yield Finding(
            code="subject-missing",
            level=Level.error,
            message=Phrase("The issue has no subject. Write one after “subject:”."),
            where="subject",
        )
    elif len(subject) > MAX_SUBJECT_CHARS:
        message = Phrase(
            "The subject has {count} characters; phones and lists cut it. Keep it under {most}.",
            count=len(subject),
            most=MAX_SUBJECT_CHARS,
        )
        yield Finding(code="subject-long", level=Level.warning, message=message, where="subject")
    if not preheader:
        message = Phrase(
            "There is no preheader: inboxes show the first words of the letter instead. Write one"
            " after “preheader:”."
        )
        yield Finding(
            code="preheader-missing", level=Level.warning, message=message, where="preheader"
        )
    elif len(preheader) > MAX_PREHEADER_CHARS:
        message = Phrase(
            "The preheader has {count} characters; inboxes show {most} at most.",
            count=len(preheader),
            most=MAX_PREHEADER_CHARS,
        )
        yield Finding(code="preheader-long", level=Level.note, message=message, where="preheader")
    elif preheader.casefold() == subject.casefold():
        message = Phrase("The preheader says the same as the subject. Say something more.")
        yield Finding(
            code="preheader-repeats", level=Level.warning, message=message, where="preheader"
        )
    if type(
        load_catalogue(issue.language)
    ) is NullTranslations and not issue.language.lower().startswith("en"):
        message = Phrase(
            "There is no catalogue for the language {language}: the fixed texts are in English.",
            language=issue.language,
        )
        yield Finding(
            code="language-untranslated", level=Level.warning, message=message, where="language"
        )


def _check_teaser(
    teaser: Teaser, issue_name: str, announced_in: Mapping[PostId, str]
) -> Iterator[Finding]:
    where = to_one_line(teaser.title)
    if not where:
        message = Phrase(
            "A teaser has no title. Write one between the brackets: {url}", url=teaser.url or "–"
        )
        yield Finding(
            code="teaser-untitled", level=Level.error, message=message, where=teaser.url or ""
        )
    if not teaser.url:
        message = Phrase("The teaser has no link. Write its title as [title](address).")
        yield Finding(code="link-missing", level=Level.warning, message=message, where=where)
    elif (sanitise_url(teaser.url) or "mailto:").startswith("mailto:"):
        message = Phrase(
            "The teaser's address can't be used, so it is shown without a link. Write the whole"
            " address, with https://: {url}",
            url=teaser.url,
        )
        yield Finding(code="link-unusable", level=Level.error, message=message, where=where)
    if teaser.picture is not None:
        yield from _check_picture(teaser.picture.url, teaser.picture.alt, where)
    before = announced_in.get(teaser.post) if teaser.post else None
    if before and before != issue_name:
        message = Phrase(
            "This post was in an issue before: {issue}. Take it out, if you don't mean to show it"
            " again.",
            issue=before,
        )
        yield Finding(code="post-announced", level=Level.warning, message=message, where=where)


def _check_picture(url: str, alt: str | None, where: str) -> Iterator[Finding]:
    if (sanitise_url(url) or "mailto:").startswith("mailto:"):
        message = Phrase(
            "The picture's address can't be used, so the picture is left out. Write the whole"
            " address, with https://: {url}",
            url=url,
        )
        yield Finding(code="picture-unusable", level=Level.error, message=message, where=where)
    if alt is None or (alt and not alt.strip()):  # "": somebody said that it is decoration
        message = Phrase(
            "The picture has no alt text. Write what it shows between the brackets: ![what it"
            " shows](address)"
        )
        yield Finding(code="alt-missing", level=Level.warning, message=message, where=where)
    elif _FILE_NAME.fullmatch(alt):
        message = Phrase(
            "The picture's alt text is the name of a file: {alt}. Write what it shows.", alt=alt
        )
        yield Finding(code="alt-file-name", level=Level.warning, message=message, where=where)


def _check_calendar(
    section: Section, issue: Issue, today: datetime.date | None
) -> Iterator[Finding]:
    if section.layout not in (None, Layout.calendar):
        return
    where = to_one_line(section.title)
    found = parse_calendar(section.text, issue.language, issue.date)
    if found.undated_items and (section.layout is Layout.calendar or found.events):
        message = Phrase(
            "No date was read here, so the list isn't drawn as a calendar: {item}. Write it as"
            " 2026-12-19 18:00.",
            item=found.undated_items[0],
        )
        yield Finding(
            code="calendar-date-unread", level=Level.warning, message=message, where=where
        )
    elif section.layout is Layout.calendar and not found.events:
        message = Phrase(
            "A calendar is a list with a date in each item: - 2026-12-19 18:00 What, where."
        )
        yield Finding(code="calendar-empty", level=Level.warning, message=message, where=where)
    if to_calendar(section, issue.language, issue.date) and today:
        for event in found.events:
            if (event.last_day or event.day) < today:
                message = Phrase(
                    "The calendar shows what is over: {title} ({date}). Take it out.",
                    title=event.title,
                    date=(event.last_day or event.day).isoformat(),
                )
                yield Finding(
                    code="calendar-past", level=Level.warning, message=message, where=where
                )


def _iter_texts(issue: Issue) -> Iterator[tuple[str, str]]:
    """Yield (where, Markdown) of every text."""
    yield "intro", issue.intro
    for section in issue.sections:
        yield to_one_line(section.title), section.text
        for teaser in section.teasers:
            yield to_one_line(teaser.title), teaser.summary


def _check_omitted_markup(issue: Issue) -> Iterator[Finding]:
    for where, text in _iter_texts(issue):
        tokens = [
            token for block in markdown.parse(text) for token in (block, *(block.children or ()))
        ]
        if any(token.type == "image" for token in tokens):
            message = Phrase(
                "A picture within the text is left out. A picture stands alone under a teaser's"
                " title."
            )
            yield Finding(
                code="picture-left-out", level=Level.warning, message=message, where=where
            )
        if any(
            token.type in ("html_block", "html_inline") and _has_html(token.content)
            for token in tokens
        ):
            message = Phrase("HTML within the text is left out. Write Markdown.")
            yield Finding(code="html-left-out", level=Level.warning, message=message, where=where)
        for url in dict.fromkeys(
            str(token.attrGet("href") or "") for token in tokens if token.type == "link_open"
        ):
            if sanitise_url(url) is None:
                message = Phrase(
                    "A link in the text can't be used, so only its words are shown. Write the whole"
                    " address, with https://: {url}",
                    url=url or "–",
                )
                yield Finding(code="link-unusable", level=Level.error, message=message, where=where)


def _check_unfinished_text(issue: Issue) -> Iterator[Finding]:
    places = [
        ("subject", issue.subject),
        ("preheader", issue.preheader),
        ("title", issue.title),
        *_iter_texts(issue),
    ]
    places += [(to_one_line(section.title), section.title) for section in issue.sections]
    places += [(to_one_line(teaser.title), teaser.title) for teaser in issue.teasers]
    for where, text in places:
        if found := _UNFINISHED_MARKER.search(text):
            message = Phrase(
                "Something is left to be written here: {words}. Write it, or take it out.",
                words=found[0],
            )
            yield Finding(code="words-left", level=Level.error, message=message, where=where)


def _has_html(content: str) -> bool:
    """Return True if there is more than whole comments in a piece of HTML."""
    return bool(_HTML_COMMENT.sub(lambda found: "" if found["end"] else "<!--", content).strip())
