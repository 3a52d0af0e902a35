"""A web page as posts: the article that it is, or each of the articles that it lists.

fetched | tree | an article? its text and what the page says of itself
               | else the teasers or links that it lists | each page, at a gentle pace
               | SourceEntry | build_posts
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
from newsletter.posts.clean import extract_blocks
from newsletter.posts.clean.tree import Element, extract_all_text, get_tag_name
from newsletter.posts.dates import DateParser
from newsletter.posts.fetch.encoding import decode
from newsletter.posts.fetch.fetch import FetchResponse
from newsletter.posts.fetch.sniff import DocumentType, sniff_document_type
from newsletter.posts.identity import url_key
from newsletter.posts.pages import article
from newsletter.posts.pages.article import LEAD_OPENING_TAG
from newsletter.posts.pages.listing import find_listed_entries
from newsletter.posts.pages.metadata import PageMetadata, read_metadata
from newsletter.posts.pages.page_tree import parse_page
from newsletter.posts.pages.pruning import prune
from newsletter.posts.pictures import add_alt_text, find_first_picture, to_picture
from newsletter.posts.result import FetchUrl, SourceResult
from newsletter.posts.source_entries import SourceEntry, build_posts, normalise_language_tag
from newsletter.posts.text import to_html_paragraphs

#: Characters in which a whole page says that it is one.
_HEAD_CHARS = 50_000
#: Articles of a listing that are read.
MAX_ARTICLES = 20
#: Pages of a site that don't answer, one after the other: no more are asked for, each of which
#: could take half a minute.
_MAX_FAILURES_IN_A_ROW = 3
#: How many times longer than the text that is shown the text for machines is, where it is used
#: instead.
_MACHINE_TEXT_RATIO = 3
#: Teasers that make a page a listing.
_MIN_LISTED_TEASERS = 2
#: Words of its own that make a page an article: one that lists no others, one that says that it is
#: an article, any other.
_MIN_WORDS_ALONE, _MIN_WORDS_MARKED, _MIN_WORDS_AMONG_TEASERS = 10, 40, 100
#: Seconds between two requests to one site.
REQUEST_INTERVAL_SECONDS = 0.25


def wait_between_requests() -> None:
    """Wait as long as a reader of the site would at least."""
    time.sleep(REQUEST_INTERVAL_SECONDS)


def read_page(
    response: FetchResponse,
    fetch: FetchUrl,
    *,
    source: str,
    zone: tzinfo = UTC,
    pause: Callable[[], None] = wait_between_requests,
) -> SourceResult:
    """Return the article of a page, or those that it lists, in its order.

    `got`: the page. `source`: what newsletter.toml calls it. `zone`: where dates without one were
    written. `pause`: is called between two requests. Raises SourceError where the page holds
    neither an article nor a list of them.
    """
    root = parse_page(decode(response.content, response.content_type))
    if root is None:
        raise SourceError(
            "{source} is empty. Check the address, or try again later.", source=source
        )
    known = read_metadata(root, response.url)
    language = normalise_language_tag(known.language)
    own = extract_entry(root, known)
    listed = find_listed_entries(root, response.url)
    notes: tuple[Phrase, ...] = ()
    if is_article(own, known, listed):
        entries: tuple[SourceEntry, ...] = (own,)
    elif listed:
        entries, notes = _read_listed_articles(listed, fetch, source, pause)
    else:
        raise SourceError(
            "{source} holds neither an article nor links to articles. Write the address of its"
            " feed.",
            source=source,
        )
    posts = build_posts(entries, source, DateParser(zone, language), language)
    return SourceResult(
        posts=posts,
        title=known.title,
        language=language,
        validators=response.validators if not notes else None,
        notes=notes,
    )


def read_article(response: FetchResponse) -> SourceEntry | None:
    """Return what an article's page holds, or None where it is no page of the web."""
    text = decode(response.content, response.content_type)
    root = (
        parse_page(text)
        if sniff_document_type(text) in (DocumentType.html, DocumentType.unknown)
        else None
    )
    return extract_entry(root, read_metadata(root, response.url)) if root is not None else None


def read_post(response: FetchResponse, *, zone: tzinfo = UTC) -> Post | None:
    """Return the article of a page as a post, its address standing for its source.

    None where the page holds none.
    """
    entry = read_article(response)
    if entry is None:
        return None
    language = normalise_language_tag(entry.language)
    return next(
        iter(build_posts((entry,), response.url, DateParser(zone, language), language)), None
    )


def read_whole_page(text: str, url: str = "") -> SourceEntry | None:
    """Return the article of a text that is a whole page, with a head and a body of its own.

    None where it is only a piece of HTML.
    """
    head = text[:_HEAD_CHARS].lower()
    if not any(mark in head for mark in ("<!doctype html", "<html", "<head>", "<body")):
        return None
    root = parse_page(text)
    found = extract_entry(root, read_metadata(root, url)) if root is not None else None
    return found if found is not None and found.content else None


def extract_entry(root: Element, metadata: PageMetadata) -> SourceEntry:
    """Return the article of a page: its text, its own summary, its picture."""
    page = prune(root)
    body = article.extract_body(page, metadata.url, title=metadata.title)
    # Some pages are drawn by their programs, and hold the whole text for machines alone.
    if len(metadata.body) > _MACHINE_TEXT_RATIO * len(extract_all_text(body)):
        body = to_html_paragraphs(metadata.body)
    return SourceEntry(
        links=(metadata.url,),
        base=metadata.base,
        title=metadata.title,
        content=body,
        description=metadata.description,
        dates=metadata.dates,
        pictures=tuple(_iter_pictures(page, metadata)),
        categories=metadata.categories,
        authors=metadata.authors,
        language=metadata.language,
    )


def is_article(own: SourceEntry, metadata: PageMetadata, listed: tuple[SourceEntry, ...]) -> bool:
    """Return True if a page is an article itself.

    Enough words of its own besides the teasers that it may list.
    """
    # One whole text among teasers is the page's own, with a link in it.
    whole = sum(bool(one.content) for one in listed) > 1 and not metadata.is_article
    teasers = " ".join(
        extract_all_text(f"{one.title} {one.summary} {one.content if whole else ''}")
        for one in listed
    )
    words = sum(
        len(block.text.split())
        for block in extract_blocks(own.content)
        if block.text not in teasers
    )
    if len(listed) < _MIN_LISTED_TEASERS:
        return words >= _MIN_WORDS_ALONE
    return words >= (
        _MIN_WORDS_MARKED
        if metadata.is_article or own.content.startswith(LEAD_OPENING_TAG)
        else _MIN_WORDS_AMONG_TEASERS
    )


def _read_listed_articles(
    listed: tuple[SourceEntry, ...], fetch: FetchUrl, source: str, pause: Callable[[], None]
) -> tuple[tuple[SourceEntry, ...], tuple[Phrase, ...]]:
    """Read the pages of a listing's first articles.

    One that can't be read stays as the listing shows it.
    """
    entries: list[SourceEntry] = []
    failed: list[Phrase] = []
    in_a_row = 0
    for number, teaser in enumerate(listed[:MAX_ARTICLES]):
        found = None
        if in_a_row < _MAX_FAILURES_IN_A_ROW:
            if number:
                pause()
            try:
                found, in_a_row = read_article(fetch(teaser.links[0])), 0
            except FetchError as error:
                in_a_row += error.is_transient
                failed.append(error.phrase)
        entries.append(_merge_teaser(teaser, found) if found else teaser)
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
        for entry in _drop_shared_values(entries)
        if entry.title and (entry.content or entry.summary or entry.dates)
    ]
    return tuple(kept), tuple(notes)


def _merge_teaser(teaser: SourceEntry, article_entry: SourceEntry) -> SourceEntry:
    """Return an article with what its page lacks and the listing has.

    The listing's own summary is a person's or cut: compose decides.
    """
    return replace(
        article_entry,
        links=article_entry.links or teaser.links,
        title=article_entry.title or teaser.title,
        summary=article_entry.summary or teaser.summary,
        dates=article_entry.dates or teaser.dates,
        content=article_entry.content or teaser.content,
        pictures=article_entry.pictures or teaser.pictures,
        categories=article_entry.categories or teaser.categories,
    )


def _drop_shared_values(entries: list[SourceEntry]) -> list[SourceEntry]:
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


def _iter_pictures(page: Element, metadata: PageMetadata) -> Iterable[tuple[str, str | None]]:
    """Yield the picture that the page names (Open Graph), then the first one in the text."""
    shown = "".join(
        str(html.tostring(element, encoding="unicode", with_tail=False))
        for element in page.iter("img")
    )
    for url, alt in metadata.pictures:
        found = to_picture(url, alt, metadata.base)
        if found:
            found = add_alt_text(found, shown, metadata.base)
            yield found.url, found.alt
    first = find_first_picture(_get_article_images(page), metadata.base)
    if first:
        yield first.url, first.alt


def _get_article_images(page: Element) -> str:
    """Return the pictures of the article itself, where the page says which part that is."""
    part = next(
        (element for element in page.iter() if get_tag_name(element) in ("article", "main")), page
    )
    return "".join(
        str(html.tostring(element, encoding="unicode", with_tail=False))
        for element in part.iter("img")
    )
