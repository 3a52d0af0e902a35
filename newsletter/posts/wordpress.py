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
from newsletter.posts.dates import Dates
from newsletter.posts.encoding import decode
from newsletter.posts.entries import Entry, posts_of, title_of
from newsletter.posts.loose_json import dictionary, items_of, listed, loads, texts
from newsletter.posts.marks import marked_lead
from newsletter.posts.reading import Fetch, Reading

#: Posts that are asked for at a time: a hundred with all that is embedded take some servers longer
#: than they are waited for.
PAGE = 50
#: Pages that are read at most.
MOST_PAGES = 10
_ROUTE = "wp/v2/"
_POSTS = "wp-json/wp/v2/posts"
#: Wider originals (pixels) are passed over for the size that WordPress made of them.
_WIDEST = 1_600


def api_address(url: str) -> str:
    """Return the address of a site's posts.

    Of the site itself, or as it stands where it names the API already.
    """
    parts = urlsplit(url)
    if names_api(url):
        return url
    folder = parts.path if parts.path.endswith("/") else f"{parts.path}/"
    return urlunsplit((parts.scheme, parts.netloc, f"{folder}{_POSTS}", "", ""))


def names_api(url: str) -> bool:
    """Say whether an address is the API's already."""
    parts = urlsplit(url)
    return _ROUTE in parts.path or "rest_route=" in parts.query


def site_of(url: str) -> str:
    """Return the address of the front page of a page's host."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def is_wordpress(found: object) -> bool:
    """Say whether JSON holds posts as WordPress' API gives them."""
    items = found if isinstance(found, list) else [found]
    # Plugins rewrite single posts: any of them will do.
    return any(
        isinstance(item, dict) and "link" in item and "rendered" in dictionary(item.get("title"))
        for item in items
    )


def read_wordpress(url: str, fetch: Fetch, *, source: str, zone: tzinfo = UTC) -> Reading:
    """Return a site's newest posts, the newest first.

    `url`: the site's, or its API's; `source`: what newsletter.toml calls it.

    `zone`: where dates without one were written. Raises SourceError where the site shows no posts
    this way.
    """
    address = api_address(url)
    items: list[dict[str, Any]] = []
    notes: tuple[Phrase, ...] = ()
    for page in range(1, MOST_PAGES + 1):
        try:
            found = _page(address, page, fetch, source)
        except FetchError as error:
            if page == 1:
                raise
            # 400 is how WordPress says that there is no such page (rest_post_invalid_page_number).
            if error.phrase.values.get("code") not in (400, 404):
                notes = (
                    Phrase(
                        "Only the newest {count} posts of {source} were read. {reason}",
                        **_told(items, source, error),
                    ),
                )
            break
        known = {item.get("id") for item in items}
        new = [item for item in found if item.get("id") is None or item.get("id") not in known]
        items += new
        if not new:
            break
    return _reading(items, source, zone, notes)


def read_wordpress_file(content: bytes, *, source: str, zone: tzinfo = UTC) -> Reading:
    """Return the posts of an answer of the API that was saved. Raises SourceError."""
    return _reading(_items(decode(content), source), source, zone, ())


def _page(address: str, page: int, fetch: Fetch, source: str) -> list[dict[str, Any]]:
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query = {"_embed": "1", "per_page": str(PAGE)} | query | {"page": str(page)}
    got = fetch(urlunsplit((*parts[:3], urlencode(query), "")))
    return _items(decode(got.content, got.content_type), source)


def _items(text: str, source: str) -> list[dict[str, Any]]:
    found = loads(text)
    if is_wordpress(found):
        return items_of(found)
    if found == []:
        return []
    said = dictionary(found).get("message")
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


def _told(items: list[dict[str, Any]], source: str, error: FetchError) -> dict[str, object]:
    return {"count": len(items), "source": source, "reason": error.phrase}


def _reading(
    items: list[dict[str, Any]], source: str, zone: tzinfo, notes: tuple[Phrase, ...]
) -> Reading:
    closed = [item for item in items if dictionary(item.get("content")).get("protected") is True]
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
    entries = tuple(_entry(item) for item in shown)
    language = next((entry.language for entry in entries if entry.language), None)
    return Reading(
        posts=posts_of(entries, source, Dates(zone, language), None), language=language, notes=notes
    )


def _entry(item: dict[str, Any]) -> Entry:
    seo = dictionary(item.get("yoast_head_json"))
    embedded = dictionary(item.get("_embedded"))
    return Entry(
        guid=_rendered(item, "guid"),
        links=texts([item.get("link")]),
        base=next(iter(texts([item.get("link")])), ""),
        title=_rendered(item, "title"),
        title_is_html=True,
        summary=_rendered(item, "excerpt"),
        content=marked_lead(_rendered(item, "content")),
        description=next(iter(texts([seo.get("og_description"), seo.get("description")])), ""),
        dates=tuple(_dates(item)),
        pictures=tuple(_pictures(item, embedded, seo)),
        categories=tuple(_terms(embedded)),
        authors=texts(person.get("name") for person in listed(embedded.get("author")))
        or texts([seo.get("author")]),
        language=next(iter(texts([item.get("lang"), seo.get("og_locale")])), ""),
    )


def _rendered(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return next(iter(texts([value.get("rendered") if isinstance(value, dict) else value])), "")


def _dates(item: dict[str, Any]) -> Iterator[str]:
    for name, zone in (("date_gmt", "+00:00"), ("date", ""), ("modified_gmt", "+00:00")):
        for text in texts([item.get(name)]):
            if not text.startswith("0000"):
                yield text if re.search(r"Z$|[+-]\d\d:?\d\d$", text) else text + zone


def _pictures(
    item: dict[str, Any], embedded: dict[str, Any], seo: dict[str, Any]
) -> Iterator[tuple[str, str | None]]:
    """Yield addresses with alternative texts.

    WordPress keeps "" both for "decorative" and for "not written": it counts as not given.
    """
    for media in listed(embedded.get("wp:featuredmedia")):
        alt = next(iter(texts([media.get("alt_text")])), "").strip()
        for address in texts([_fitting(media), media.get("source_url")]):
            yield address, title_of(alt, is_html=True) or None
    for address in texts(
        [
            item.get("jetpack_featured_media_url"),
            *(image.get("url") for image in listed(seo.get("og_image"))),
        ]
    ):
        yield address, None


def _fitting(media: dict[str, Any]) -> object:
    details = dictionary(media.get("media_details"))
    width = details.get("width")
    if not isinstance(width, int) or width <= _WIDEST:
        return None
    sizes = dictionary(details.get("sizes"))
    return dictionary(sizes.get("large")).get("source_url") or dictionary(
        sizes.get("medium_large")
    ).get("source_url")


def _terms(embedded: dict[str, Any]) -> Iterator[str]:
    taxonomies = embedded.get("wp:term")
    for taxonomy in taxonomies if isinstance(taxonomies, list) else []:
        for term in listed(taxonomy):
            if term.get("taxonomy") in ("category", "post_tag", None):
                yield from texts([term.get("name")])
