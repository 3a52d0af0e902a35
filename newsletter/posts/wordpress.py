"""A WordPress site by its REST API (`/wp-json/wp/v2/posts?_embed`).

Posts with categories, authors, and pictures with their alt texts.

address of the site or of the API | a page of posts after the other | items | Entry | posts_of
"""

import re
from collections.abc import Iterator
from datetime import UTC, tzinfo
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from newsletter.errors import FetchError, SourceError
from newsletter.i18n import Phrase
from newsletter.posts.dates import DateParser
from newsletter.posts.feeds.loose_json import (
    filter_texts,
    parse_loose_json,
    to_dict,
    to_dicts,
    to_limited_dicts,
)
from newsletter.posts.fetch.encoding import decode
from newsletter.posts.result import FetchUrl, SourceResult
from newsletter.posts.source_entries import SourceEntry, build_posts, normalise_title
from newsletter.posts.wordpress_marks import mark_lead

#: Posts that are asked for at a time: a hundred with all that is embedded take some servers longer
#: than they are waited for.
POSTS_PER_PAGE = 50
#: Pages that are read at most.
MAX_PAGES = 10
_API_ROUTE = "wp/v2/"
_POSTS_PATH = "wp-json/wp/v2/posts"
#: Wider originals (pixels) are passed over for the size that WordPress made of them.
_MAX_PICTURE_WIDTH = 1_600


def build_api_url(url: str) -> str:
    """Return the address of a site's posts.

    Of the site itself, or as it stands where it names the API already.
    """
    parts = urlsplit(url)
    if is_api_url(url):
        return url
    folder = parts.path if parts.path.endswith("/") else f"{parts.path}/"
    return urlunsplit((parts.scheme, parts.netloc, f"{folder}{_POSTS_PATH}", "", ""))


def is_api_url(url: str) -> bool:
    """Return True if an address is the API's already."""
    parts = urlsplit(url)
    return _API_ROUTE in parts.path or "rest_route=" in parts.query


def get_front_page_url(url: str) -> str:
    """Return the address of the front page of a page's host."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def is_wordpress_response(document: object) -> bool:
    """Return True if JSON holds posts as WordPress' API gives them."""
    items = document if isinstance(document, list) else [document]
    # Plugins rewrite single posts: any of them will do.
    return any(
        isinstance(item, dict) and "link" in item and "rendered" in to_dict(item.get("title"))
        for item in items
    )


def read_wordpress(url: str, fetch: FetchUrl, *, source: str, zone: tzinfo = UTC) -> SourceResult:
    """Return a site's newest posts, the newest first.

    `url`: the site's, or its API's; `source`: what newsletter.toml calls it.

    `zone`: where dates without one were written. Raises SourceError where the site shows no posts
    this way.
    """
    address = build_api_url(url)
    items: list[dict[str, Any]] = []
    notes: tuple[Phrase, ...] = ()
    for page in range(1, MAX_PAGES + 1):
        try:
            found = _fetch_page(address, page, fetch, source)
        except FetchError as error:
            if page == 1:
                raise
            # 400 is how WordPress says that there is no such page (rest_post_invalid_page_number).
            if error.phrase.values.get("code") not in (400, 404):
                notes = (
                    Phrase(
                        "Only the newest {count} posts of {source} were read. {reason}",
                        **_build_note_values(items, source, error),
                    ),
                )
            break
        known = {item.get("id") for item in items}
        new = [item for item in found if item.get("id") is None or item.get("id") not in known]
        items += new
        if not new:
            break
    return _build_result(items, source, zone, notes)


def read_wordpress_file(content: bytes, *, source: str, zone: tzinfo = UTC) -> SourceResult:
    """Return the posts of an answer of the API that was saved. Raises SourceError."""
    return _build_result(_parse_items(decode(content), source), source, zone, ())


def _fetch_page(address: str, page: int, fetch: FetchUrl, source: str) -> list[dict[str, Any]]:
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query = {"_embed": "1", "per_page": str(POSTS_PER_PAGE)} | query | {"page": str(page)}
    got = fetch(urlunsplit((*parts[:3], urlencode(query), "")))
    return _parse_items(decode(got.content, got.content_type), source)


def _parse_items(text: str, source: str) -> list[dict[str, Any]]:
    found = parse_loose_json(text)
    if is_wordpress_response(found):
        return to_limited_dicts(found)
    if found == []:
        return []
    said = to_dict(found).get("message")
    if isinstance(said, str):
        raise SourceError(
            "{source} doesn't show its posts by WordPress' API: “{said}”. Write the address of its"
            " feed.",
            source=source,
            said=said,
        )
    raise SourceError(
        "{source} isn't a WordPress site, or doesn't show its posts by the API. Write the address"
        " of its feed.",
        source=source,
    )


def _build_note_values(
    items: list[dict[str, Any]], source: str, error: FetchError
) -> dict[str, object]:
    return {"count": len(items), "source": source, "reason": error.phrase}


def _build_result(
    items: list[dict[str, Any]], source: str, zone: tzinfo, notes: tuple[Phrase, ...]
) -> SourceResult:
    closed = [item for item in items if to_dict(item.get("content")).get("protected") is True]
    shown = [
        item
        for item in items
        if item not in closed and item.get("status", "publish") in ("publish", "future")
    ]
    if closed:
        notes += (
            Phrase(
                "{count} posts of {source} ask for a password and were left out.",
                count=len(closed),
                source=source,
            ),
        )
    if not items:
        notes += (Phrase("{source} holds no posts at the moment.", source=source),)
    entries = tuple(_build_entry(item) for item in shown)
    language = next((entry.language for entry in entries if entry.language), None)
    return SourceResult(
        posts=build_posts(entries, source, DateParser(zone, language), None),
        language=language,
        notes=notes,
    )


def _build_entry(item: dict[str, Any]) -> SourceEntry:
    seo = to_dict(item.get("yoast_head_json"))
    embedded = to_dict(item.get("_embedded"))
    return SourceEntry(
        guid=_get_rendered(item, "guid"),
        links=filter_texts([item.get("link")]),
        base=next(iter(filter_texts([item.get("link")])), ""),
        title=_get_rendered(item, "title"),
        title_is_html=True,
        summary=_get_rendered(item, "excerpt"),
        content=mark_lead(_get_rendered(item, "content")),
        description=next(
            iter(filter_texts([seo.get("og_description"), seo.get("description")])), ""
        ),
        dates=tuple(_iter_dates(item)),
        pictures=tuple(_iter_pictures(item, embedded, seo)),
        categories=tuple(_iter_terms(embedded)),
        authors=filter_texts(person.get("name") for person in to_dicts(embedded.get("author")))
        or filter_texts([seo.get("author")]),
        language=next(iter(filter_texts([item.get("lang"), seo.get("og_locale")])), ""),
    )


def _get_rendered(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return next(
        iter(filter_texts([value.get("rendered") if isinstance(value, dict) else value])), ""
    )


def _iter_dates(item: dict[str, Any]) -> Iterator[str]:
    for name, zone in (("date_gmt", "+00:00"), ("date", ""), ("modified_gmt", "+00:00")):
        for text in filter_texts([item.get(name)]):
            if not text.startswith("0000"):
                yield text if re.search(r"Z$|[+-]\d\d:?\d\d$", text) else text + zone


def _iter_pictures(
    item: dict[str, Any], embedded: dict[str, Any], seo: dict[str, Any]
) -> Iterator[tuple[str, str | None]]:
    """Yield addresses with alternative texts.

    WordPress keeps "" both for "decorative" and for "not written": it counts as not given.
    """
    for media in to_dicts(embedded.get("wp:featuredmedia")):
        alt = next(iter(filter_texts([media.get("alt_text")])), "").strip()
        for address in filter_texts([_choose_picture_size(media), media.get("source_url")]):
            yield address, normalise_title(alt, is_html=True) or None
    for address in filter_texts(
        [
            item.get("jetpack_featured_media_url"),
            *(image.get("url") for image in to_dicts(seo.get("og_image"))),
        ]
    ):
        yield address, None


def _choose_picture_size(media: dict[str, Any]) -> object:
    details = to_dict(media.get("media_details"))
    width = details.get("width")
    if not isinstance(width, int) or width <= _MAX_PICTURE_WIDTH:
        return None
    sizes = to_dict(details.get("sizes"))
    return to_dict(sizes.get("large")).get("source_url") or to_dict(sizes.get("medium_large")).get(
        "source_url"
    )


def _iter_terms(embedded: dict[str, Any]) -> Iterator[str]:
    taxonomies = embedded.get("wp:term")
    for taxonomy in taxonomies if isinstance(taxonomies, list) else []:
        for term in to_dicts(taxonomy):
            if term.get("taxonomy") in ("category", "post_tag", None):
                yield from filter_texts([term.get("name")])
