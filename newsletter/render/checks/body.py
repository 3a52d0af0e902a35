"""Checks of the letter as it goes out: HTML and text of one message, slots filled."""

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from newsletter.domain.finding import Finding, Level
from newsletter.i18n import Phrase
from newsletter.render.checks.html_parser import MIN_FONT_SIZE_PX, ParsedHtml, parse_html
from newsletter.render.checks.outlook import find_unbalanced_tag
from newsletter.render.layout import NEAR_CLIP_BYTES

#: Bytes of HTML. Gmail shows no more than 102 kB and hides the rest, unsubscribe link included.
GMAIL_CLIP_BYTES = 102_000
#: Share of the letter's visible characters that the text part should have at least.
MIN_TEXT_PART_SHARE = 0.3
#: Words that say nothing of where a link leads, in the languages that we write.
VAGUE_LINK_TEXTS = frozenset(
    {
        "här",
        "klicka här",
        "klicka",
        "läs",
        "läs här",
        "läs mer",
        "läs mer här",
        "mer",
        "mer här",
        "länk",
        "länken",
        "denna länk",
        "se här",
    }
    | {
        "se mer",
        "vidare",
        "here",
        "click here",
        "click",
        "read",
        "read more",
        "more",
        "more here",
        "link",
        "this link",
        "this",
        "see here",
    }
    | {"learn more", "details", "go"}
)
_DRAFT_QUERY_KEYS = frozenset({"preview", "preview_id", "preview_nonce", "epieditmode", "draft"})
_DRAFT_PATH = re.compile(
    r"^/(?:wp-admin|wp-login|ghost/|node/add|episerver/|umbraco(?:/|$)|typo3/)|^/"
    r"(?:[a-z]{2}/)?node/\d+/(?:edit|latest)"
    r"|^/p/[0-9a-f]{8}-[0-9a-f]{4}-",
    re.IGNORECASE,
)
_PRIVATE_DOMAINS = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "corp")


def check_body(html: str, text: str) -> Iterator[Finding]:
    """Yield what is wrong with a letter's HTML and its text part."""
    page = parse_html(html)
    yield from _check_size(html)
    yield from _check_accessibility(page)
    yield from _check_links(page)
    yield from _check_pictures(page)
    if (tag := find_unbalanced_tag(html)) is not None:
        message = Phrase(
            "The letter falls apart in Outlook, or without it, at {tag}. Mend the theme.", tag=tag
        )
        yield Finding(code="outlook-unbalanced", level=Level.error, message=message, where="theme")
    if not text.strip():
        yield Finding(
            code="text-missing",
            level=Level.error,
            message=Phrase("The letter has no text part. Mend the theme's newsletter.txt.j2."),
        )
    elif len("".join(text.split())) < MIN_TEXT_PART_SHARE * page.visible_chars:
        message = Phrase(
            "The text part is much shorter than the letter, which spam filters dislike. Mend the"
            " theme's newsletter.txt.j2."
        )
        yield Finding(code="text-short", level=Level.warning, message=message)


def _check_size(html: str) -> Iterator[Finding]:
    size = len(html.encode("utf-8"))
    if size > GMAIL_CLIP_BYTES:
        message = Phrase(
            "The letter has {size} bytes of HTML. Gmail hides what is beyond {most}. Take teasers"
            " out.",
            size=size,
            most=GMAIL_CLIP_BYTES,
        )
        yield Finding(code="size-over", level=Level.error, message=message)
    elif size > NEAR_CLIP_BYTES:
        message = Phrase(
            "The letter has {size} bytes of HTML, which is near the {most} that Gmail shows."
            " Shorten texts, or take teasers out.",
            size=size,
            most=GMAIL_CLIP_BYTES,
        )
        yield Finding(code="size-near", level=Level.warning, message=message)


def _check_accessibility(page: ParsedHtml) -> Iterator[Finding]:
    if not page.language or page.language == "und":
        message = Phrase(
            "The letter doesn't say its language. Write lang in the theme's mjml element."
        )
        yield Finding(code="lang-missing", level=Level.error, message=message, where="theme")
    if not page.title:
        yield Finding(
            code="title-missing",
            level=Level.warning,
            message=Phrase(
                "The letter has no title for screen readers and browsers. Write a subject, or mend"
                " the theme's mj-title."
            ),
            where="theme",
        )
    if page.unmarked_layout_tables:
        message = Phrase(
            "Layout tables without role=presentation are read aloud as tables ({count}). Mend the"
            " theme.",
            count=page.unmarked_layout_tables,
        )
        yield Finding(
            code="table-role-missing", level=Level.warning, message=message, where="theme"
        )
    yield from _check_legibility(page)


def _check_legibility(page: ParsedHtml) -> Iterator[Finding]:
    if page.headings and all(level != 1 for level, _ in page.headings):
        message = Phrase(
            "The letter has no heading of the first level, and screen readers look for one. Write a"
            " title after “# ”."
        )
        yield Finding(code="heading-missing", level=Level.warning, message=message, where="theme")
    if page.small_text:
        message = Phrase(
            "Some letters are smaller than {least} pixels: {words}. Mend the theme.",
            least=MIN_FONT_SIZE_PX,
            words=page.small_text,
        )
        yield Finding(code="text-small", level=Level.warning, message=message, where="theme")
    if page.justified_text:
        message = Phrase(
            "Justified lines are hard to read: {words}. Mend the theme.", words=page.justified_text
        )
        yield Finding(code="text-justified", level=Level.warning, message=message, where="theme")
    if page.low_contrast_text:
        words, look = page.low_contrast_text
        message = Phrase(
            "Letters are hard to see: {colour} on {ground} has a contrast of {found:.1f}: {words}."
            " Mend the theme.",
            colour=look.colour, ground=look.background, found=look.low_contrast or 0.0, words=words,
        )  # fmt: skip
        yield Finding(code="contrast-low", level=Level.warning, message=message, where="theme")
    before = 0
    for level, words in page.headings:
        if not words:
            yield Finding(
                code="heading-empty",
                level=Level.warning,
                message=Phrase("A heading is empty. Write it, or take it out."),
            )
        if level > before + 1:
            message = Phrase(
                "A heading of level {level} follows one of level {before}. Mend the theme.",
                level=level,
                before=before,
            )
            yield Finding(code="heading-order", level=Level.warning, message=message, where=words)
        before = level


def _check_links(page: ParsedHtml) -> Iterator[Finding]:
    for link in dict.fromkeys(page.links):
        if not link.accessible_name:
            yield Finding(
                code="link-empty",
                level=Level.warning,
                message=Phrase(
                    "A link has no text. Write between the brackets where it leads: {url}",
                    url=link.url,
                ),
                where=link.url,
            )
        elif link.accessible_name.casefold().strip(" .:→›»>!") in VAGUE_LINK_TEXTS:
            message = Phrase(
                "A link is called “{words}”. Say where it leads: {url}",
                words=link.accessible_name,
                url=link.url,
            )
            yield Finding(
                code="link-text-vague",
                level=Level.warning,
                message=message,
                where=link.accessible_name,
            )
        if (
            link.accessible_name
            and link.visible_text
            and link.visible_text.casefold().rstrip(" →←›»") not in link.accessible_name.casefold()
        ):
            message = Phrase(
                "A link is read aloud as “{name}”, but shown as “{words}”. Let the one hold the"
                " other.",
                name=link.accessible_name,
                words=link.visible_text,
            )
            yield Finding(
                code="link-label", level=Level.warning, message=message, where=link.accessible_name
            )
    leads: dict[str, set[str]] = {}
    for link in page.links:
        leads.setdefault(link.accessible_name.casefold(), set()).add(link.url)
    for name, urls in leads.items():
        if name and len(urls) > 1:
            message = Phrase(
                "{count} links to different places are all called “{words}”.",
                count=len(urls),
                words=name,
            )
            yield Finding(code="link-text-same", level=Level.note, message=message, where=name)
    for url in dict.fromkeys(link.url for link in page.links):
        yield from check_address(url)


def _check_pictures(page: ParsedHtml) -> Iterator[Finding]:
    for image in page.images:
        if image.alt is None:
            message = Phrase("A picture has no alt attribute. Mend the theme: {url}", url=image.url)
            yield Finding(
                code="alt-attribute-missing", level=Level.error, message=message, where="theme"
            )
        if image.url.startswith("http://"):
            message = Phrase(
                "A picture isn't fetched over https, and many clients won't show it. Write https://"
                " where the site has it: {url}",
                url=image.url,
            )
            yield Finding(
                code="picture-not-https", level=Level.warning, message=message, where=image.url
            )
    for url in dict.fromkeys(image.url for image in page.images):
        if is_private_url(url):
            message = Phrase(
                "A picture lies where readers can't reach it. Put it on a public site: {url}",
                url=url,
            )
            yield Finding(code="picture-private", level=Level.error, message=message, where=url)


def check_address(url: str) -> Iterator[Finding]:
    """Yield what is wrong with a link's address as it is written.

    Nothing is asked of the network.
    """
    if url.startswith("mailto:"):
        return
    if not url.startswith(("http://", "https://")):
        yield Finding(
            code="link-broken",
            level=Level.error,
            message=Phrase(
                "A link leads nowhere. Write its whole address, with https://: {url}", url=url
            ),
            where=url,
        )
        return
    if is_private_url(url):
        message = Phrase(
            "A link leads to where readers can't go. Give its public address: {url}", url=url
        )
        yield Finding(code="link-private", level=Level.error, message=message, where=url)
    elif is_draft_url(url):
        message = Phrase(
            "A link leads to a draft or an editor's page. Publish it and give its own address:"
            " {url}",
            url=url,
        )
        yield Finding(code="link-draft", level=Level.error, message=message, where=url)
    elif url.startswith("http://"):
        yield Finding(
            code="link-not-https",
            level=Level.warning,
            message=Phrase(
                "A link isn't https. Write https:// where the site has it: {url}", url=url
            ),
            where=url,
        )


def is_private_url(url: str) -> bool:
    """Return True if an address is local by its name (RFC 6761, 6762, 8375)."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or any(host.endswith("." + name) for name in _PRIVATE_DOMAINS)


def is_draft_url(url: str) -> bool:
    """Return True if an address is a draft's or an editor's page.

    As WordPress, Drupal, Ghost, Optimizely, Umbraco and TYPO3 write them.
    """
    parts = urlsplit(url)
    query = {
        name.lower(): value.lower()
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    }
    return bool(
        query.keys() & _DRAFT_QUERY_KEYS
        or "draft" in query.values()
        or _DRAFT_PATH.search(parts.path)
    )
