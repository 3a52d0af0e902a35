"""A web page as posts: the article that it is, or the articles that it lists, each read on its own page.

fetched | tree | an article? its text and what the page says of itself
               | else the teasers or links that it lists | each page, at a gentle pace | Entry | posts_of
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, tzinfo

from lxml import html  # type: ignore[import-untyped]  # has no stubs

from newsletter.domain.post import Post
from newsletter.errors import FetchError, SourceError
from newsletter.i18n import Phrase
from newsletter.posts import article
from newsletter.posts.article import LEAD
from newsletter.posts.clean import blocks
from newsletter.posts.clean.tree import Element, tag, text_of
from newsletter.posts.dates import Dates
from newsletter.posts.encoding import decode
from newsletter.posts.entries import Entry, language_of, posts_of
from newsletter.posts.fetch import Fetched
from newsletter.posts.identity import url_key
from newsletter.posts.listing import listed_entries
from newsletter.posts.metadata import Metadata, metadata
from newsletter.posts.page_tree import page_tree
from newsletter.posts.pictures import described, first_picture, picture
from newsletter.posts.pruning import pruned
from newsletter.posts.reading import Fetch, Reading
from newsletter.posts.sniff import Sort, sort_of
from newsletter.posts.text import as_html

#: Characters in which a whole page says that it is one.
_HEAD = 50_000
#: Articles of a listing that are read.
MOST_PAGES = 20
#: Pages of a site that don't answer, one after the other: no more are asked for, each of which
#: could take half a minute.
_MOST_FAILURES = 3
#: How many times longer than the text that is shown the text for machines is, where it is used
#: instead.
_FULLER = 3
#: Teasers that make a page a listing.
_LISTED = 2
#: Words of its own that make a page an article: one that lists no others, one that says that it is
#: an article, any other.
_FEW_WORDS, _MARKED_WORDS, _PLAIN_WORDS = 10, 40, 100
#: Seconds between two requests to one site.
PACE = 0.25


def gentle_pace() -> None:
    """Wait as long as a reader of the site would at least."""
    time.sleep(PACE)


def read_page(
    got: Fetched,
    fetch: Fetch,
    *,
    source: str,
    zone: tzinfo = UTC,
    pause: Callable[[], None] = gentle_pace,
) -> Reading:
    """Return the article of a page, or those that it lists, in its order.

    `got`: the page. `source`: what newsletter.toml calls it. `zone`: where dates without one were
    written. `pause`: is called between two requests. Raises SourceError where the page holds
    neither an article nor a list of them.
    """
    root = page_tree(decode(got.content, got.content_type))
    if root is None:
        raise SourceError(
            "{source} is empty. Check the address, or try again later.", source=source
        )
    known = metadata(root, got.url)
    language = language_of(known.language)
    own = entry_of(root, known)
    listed = listed_entries(root, got.url)
    notes: tuple[Phrase, ...] = ()
    if is_article(own, known, listed):
        entries: tuple[Entry, ...] = (own,)
    elif listed:
        entries, notes = _read_each(listed, fetch, source, pause)
    else:
        raise SourceError(
            "{source} holds neither an article nor links to articles. Write the address of its"
            " feed.",
            source=source,
        )
    posts = posts_of(entries, source, Dates(zone, language), language)
    return Reading(
        posts=posts,
        title=known.title,
        language=language,
        validators=got.validators if not notes else None,
        notes=notes,
    )


def read_article(got: Fetched) -> Entry | None:
    """Return what an article's page holds, or None where it is no page of the web."""
    text = decode(got.content, got.content_type)
    root = page_tree(text) if sort_of(text) in (Sort.html, Sort.unknown) else None
    return entry_of(root, metadata(root, got.url)) if root is not None else None


def read_post(got: Fetched, *, zone: tzinfo = UTC) -> Post | None:
    """Return the article of a page as a post, its address standing for its source.

    None where the page holds none.
    """
    entry = read_article(got)
    if entry is None:
        return None
    language = language_of(entry.language)
    return next(iter(posts_of((entry,), got.url, Dates(zone, language), language)), None)


def whole_page(text: str, url: str = "") -> Entry | None:
    """Return the article of a text that is a whole page, with a head and a body of its own.

    None where it is only a piece of HTML.
    """
    head = text[:_HEAD].lower()
    if not any(mark in head for mark in ("<!doctype html", "<html", "<head>", "<body")):
        return None
    root = page_tree(text)
    found = entry_of(root, metadata(root, url)) if root is not None else None
    return found if found is not None and found.content else None


def entry_of(root: Element, known: Metadata) -> Entry:
    """Return the article of a page: its text, its own summary, its picture."""
    page = pruned(root)
    body = article.body_of(page, known.url, title=known.title)
    # Some pages are drawn by their programs, and hold the whole text for machines alone.
    if len(known.body) > _FULLER * len(text_of(body)):
        body = as_html(known.body)
    return Entry(
        links=(known.url,),
        base=known.base,
        title=known.title,
        content=body,
        description=known.description,
        dates=known.dates,
        pictures=tuple(_pictures(page, known)),
        categories=known.categories,
        authors=known.authors,
        language=known.language,
    )


def is_article(own: Entry, known: Metadata, listed: tuple[Entry, ...]) -> bool:
    """Say whether a page is an article itself.

    Enough words of its own besides the teasers that it may list.
    """
    # One whole text among teasers is the page's own, with a link in it.
    whole = sum(bool(one.content) for one in listed) > 1 and not known.is_article
    teasers = " ".join(
        text_of(f"{one.title} {one.summary} {one.content if whole else ''}") for one in listed
    )
    words = sum(
        len(block.text.split()) for block in blocks(own.content) if block.text not in teasers
    )
    if len(listed) < _LISTED:
        return words >= _FEW_WORDS
    return words >= (
        _MARKED_WORDS if known.is_article or own.content.startswith(LEAD) else _PLAIN_WORDS
    )


def _read_each(
    listed: tuple[Entry, ...], fetch: Fetch, source: str, pause: Callable[[], None]
) -> tuple[tuple[Entry, ...], tuple[Phrase, ...]]:
    """Read the pages of a listing's first articles.

    One that can't be read stays as the listing shows it.
    """
    entries: list[Entry] = []
    failed: list[Phrase] = []
    in_a_row = 0
    for number, teaser in enumerate(listed[:MOST_PAGES]):
        found = None
        if in_a_row < _MOST_FAILURES:
            if number:
                pause()
            try:
                found, in_a_row = read_article(fetch(teaser.links[0])), 0
            except FetchError as error:
                in_a_row += error.is_transient
                failed.append(error.phrase)
        entries.append(_joined(teaser, found) if found else teaser)
    notes: list[Phrase] = []
    if failed:
        notes.append(
            Phrase(
                "{count} articles of {source} could not be read, the first because: {reason}",
                count=len(failed),
                source=source,
                reason=failed[0],
            )
        )
    kept = [
        entry
        for entry in _unshared(entries)
        if entry.title and (entry.content or entry.summary or entry.dates)
    ]
    return tuple(kept), tuple(notes)


def _joined(teaser: Entry, found: Entry) -> Entry:
    """Return an article with what its page lacks and the listing has.

    The listing's own summary is a person's or cut: compose decides.
    """
    return replace(
        found,
        links=found.links or teaser.links,
        title=found.title or teaser.title,
        summary=found.summary or teaser.summary,
        dates=found.dates or teaser.dates,
        content=found.content or teaser.content,
        pictures=found.pictures or teaser.pictures,
        categories=found.categories or teaser.categories,
    )


def _unshared(entries: list[Entry]) -> list[Entry]:
    """Take away what several pages share.

    A description, a picture or an address of the whole site says nothing of one article.
    """
    descriptions = Counter(entry.description for entry in entries)
    pictures = Counter(url for entry in entries for url in {url for url, _alt in entry.pictures})
    addresses = Counter(url_key(entry.links[0]) for entry in entries)
    return [
        replace(
            entry,
            description=entry.description if descriptions[entry.description] == 1 else "",
            pictures=tuple((url, alt) for url, alt in entry.pictures if pictures[url] < 3),
            links=(
                entry.links
                if addresses[url_key(entry.links[0])] == 1
                else (entry.base, *entry.links)
            ),
        )
        for entry in entries
    ]


def _pictures(page: Element, known: Metadata) -> Iterable[tuple[str, str | None]]:
    """Yield the picture that the page names, with the alternative text of the same one in the text, then the first in the text."""
    shown = "".join(
        str(html.tostring(element, encoding="unicode", with_tail=False))
        for element in page.iter("img")
    )
    for url, alt in known.pictures:
        found = picture(url, alt, known.base)
        if found:
            found = described(found, shown, known.base)
            yield found.url, found.alt
    first = first_picture(_within(page), known.base)
    if first:
        yield first.url, first.alt


def _within(page: Element) -> str:
    """Return the pictures of the article itself, where the page says which part that is."""
    part = next((element for element in page.iter() if tag(element) in ("article", "main")), page)
    return "".join(
        str(html.tostring(element, encoding="unicode", with_tail=False))
        for element in part.iter("img")
    )
