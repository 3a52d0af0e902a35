"""An entry of a feed, whatever its format, as a post."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newsletter.domain.post import Picture, Post
from newsletter.posts.clean import sanitise_url
from newsletter.posts.clean.tree import extract_all_text
from newsletter.posts.dates import DateParser
from newsletter.posts.identity import compute_post_id, url_key
from newsletter.posts.pictures import add_alt_text, find_first_picture, to_picture
from newsletter.posts.text import to_one_line, truncate, unescape_entities

#: A feed that gives one text only: up to so many words it is a summary, beyond it is the article
#: (measured: of 1,383 entries 756 held a short description only, 454 the whole text in the
#: description).
_MAX_SUMMARY_WORDS = 80
_MAX_NAMES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """What a parser found; nothing in it is trusted.

    Empty strings and tuples where there is nothing.
    """

    guid: str = ""
    #: Addresses of the article, the best first; relative ones to `base`.
    links: tuple[str, ...] = ()
    base: str = ""
    title: str = ""
    #: The title is HTML, not plain text.
    title_is_html: bool = False
    #: HTML.
    summary: str = ""
    content: str = ""
    #: What the page says of itself (meta description).
    description: str = ""
    dates: tuple[str, ...] = ()
    #: The date in seconds since 1970, where the parser could read it.
    seconds: float | None = None
    #: Address and alternative text (None: not given).
    pictures: tuple[tuple[str, str | None], ...] = ()
    categories: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    language: str = ""


def build_posts(
    entries: Sequence[SourceEntry], source: str, date_parser: DateParser, language: str | None
) -> tuple[Post, ...]:
    """Return the posts of a source's entries in their order.

    An entry without title, link and text is left out.

    An id or an address that several entries share (every entry linking to the front page, say)
    tells none of them apart; an entry that stands there twice (same id, address, title and text) is
    one post.
    """
    linked = [(entry, _find_link(entry)) for entry in _drop_duplicates(entries)]
    guids = Counter(entry.guid for entry, _ in linked if entry.guid)
    urls = Counter(url_key(link) for _, link in linked if link)
    found: list[Post] = []
    for entry, link in linked:
        own_guid = entry.guid if guids[entry.guid] == 1 else None
        own_url = link if link and urls[url_key(link)] == 1 else None
        post = _build_post(entry, link, source, date_parser, language, own_guid, own_url)
        if post.title or post.url or post.body or post.excerpt:
            found.append(post)
    return tuple(found)


def _drop_duplicates(entries: Sequence[SourceEntry]) -> list[SourceEntry]:
    """Return each entry once: the first of those that say the same."""
    seen: dict[object, SourceEntry] = {}
    for entry in entries:
        seen.setdefault((entry.guid, entry.links, entry.title, entry.summary, entry.content), entry)
    return list(seen.values())


def normalise_names(values: Iterable[object]) -> tuple[str, ...]:
    """Return names of categories or authors, each once, on one line, without mail addresses."""
    lines = (
        truncate(to_one_line(unescape_entities(str(value))), 100)
        for value in values
        if isinstance(value, str | int)
    )
    return tuple(dict.fromkeys(line for line in lines if line and "@" not in line))[:_MAX_NAMES]


def normalise_language_tag(value: object) -> str | None:
    """Return a language as BCP 47 writes it ("sv-SE"), or None where it is none ("English")."""
    parts = str(value or "").strip().replace("_", "-").split("-") if isinstance(value, str) else []
    if not parts or not parts[0].isascii() or not parts[0].isalpha() or len(parts[0]) not in (2, 3):
        return None
    region = (
        f"-{parts[1].upper()}"
        if len(parts) > 1 and len(parts[1]) == 2 and parts[1].isascii() and parts[1].isalpha()
        else ""
    )
    return parts[0].lower() + region


def normalise_title(text: str, *, is_html: bool) -> str:
    """Return a title as one line of plain text, cut where it is endless."""
    return truncate(
        to_one_line(unescape_entities(extract_all_text(text) if is_html else text[:10_000]))
    )


def _build_post(  # noqa: PLR0913  # what an entry lacks comes from its source
    entry: SourceEntry,
    link: str | None,
    source: str,
    date_parser: DateParser,
    language: str | None,
    own_guid: str | None,
    own_url: str | None,
) -> Post:
    title = normalise_title(entry.title, is_html=entry.title_is_html)
    published = date_parser.parse_first(entry.dates, entry.seconds)
    excerpt, body = _split_excerpt_and_body(entry)
    # Without a name of its own a post is told by its title and its date.
    told_by = (
        title
        if own_guid or own_url
        else (
            f"{title} {link or ''} {published or ''}"
            f" {'' if title or published else extract_all_text(body or excerpt)[:500]}"
        )
    )
    return Post(
        id=compute_post_id(source, own_guid, own_url, told_by),
        source=source,
        guid=own_guid,
        url=link,
        title=title,
        published=published,
        excerpt=excerpt,
        body=body,
        description=entry.description,
        picture=_choose_picture(entry, body or excerpt, entry.base or link or source),
        categories=normalise_names(entry.categories),
        authors=normalise_names(entry.authors),
        language=normalise_language_tag(entry.language) or language,
    )


def _find_link(entry: SourceEntry) -> str | None:
    for link in entry.links:
        address = sanitise_url(link, entry.base or None)
        if address:
            return address
    return (
        sanitise_url(entry.guid) if entry.guid.lower().startswith(("http://", "https://")) else None
    )


def _split_excerpt_and_body(entry: SourceEntry) -> tuple[str, str]:
    """Return what is a summary and what is the article."""
    if entry.content:
        return (
            "" if entry.summary.strip() == entry.content.strip() else entry.summary
        ), entry.content
    if len(extract_all_text(entry.summary).split()) > _MAX_SUMMARY_WORDS:
        return "", entry.summary
    return entry.summary, ""


def _choose_picture(entry: SourceEntry, text: str, base: str) -> Picture | None:
    for url, alt in entry.pictures:
        found = to_picture(url, alt, base)
        if found:
            return add_alt_text(found, text, base)
    return find_first_picture(text, base)
