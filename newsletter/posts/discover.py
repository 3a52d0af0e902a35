"""Where a site keeps its posts, when only its address is known.

    page | an article? then it is meant itself | WordPress' API, feeds that the page names | common addresses of feeds | else its links

**Invariant:** a search asks a site for at most `_MOST_GUESSES` addresses that it hasn't named, and
says what was found.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from urllib.parse import urljoin, urlsplit

from newsletter.errors import SourceError
from newsletter.i18n import Phrase
from newsletter.posts.clean import safe_url
from newsletter.posts.clean.tree import Element
from newsletter.posts.encoding import decode
from newsletter.posts.feed import read_feed
from newsletter.posts.fetch import Fetched
from newsletter.posts.listing import listed_entries
from newsletter.posts.metadata import metadata
from newsletter.posts.page import entry_of, gentle_pace, is_article, read_page
from newsletter.posts.page_tree import base_of, page_tree, same_site
from newsletter.posts.reading import Fetch, Reading
from newsletter.posts.text import names
from newsletter.posts.wordpress import read_wordpress

_API = "https://api.w.org/"
_FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
)
#: Where sites keep their feed without saying so: WordPress and Drupal, Hugo, Jekyll, Eleventy,
#: SiteVision and EPiServer, Ghost.
_COMMON = ("feed/", "rss.xml", "feed.xml", "index.xml", "atom.xml", "rss", "feed.json")
_FEED_STEPS = names("rss feed atom rss.xml feed.xml atom.xml index.xml feed.json rss2")
_MOST_GUESSES = 8
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where posts may be."""

    url: str
    #: "wordpress" or "feed".
    kind: str
    #: The page says so; otherwise it is a guess.
    named: bool


def read_site(
    got: Fetched,
    fetch: Fetch,
    *,
    source: str,
    zone: tzinfo = UTC,
    pause: Callable[[], None] = gentle_pace,
) -> Reading:
    """Return the posts of a site, by whichever way it offers; a note says which.

    `got`: the page at the address that is known.

    `pause`: is called between two requests. Raises SourceError where nothing is found.
    """
    root = page_tree(decode(got.content, got.content_type))
    if root is None:
        raise SourceError(
            "{source} is empty. Check the address, or try again later.", source=source
        )
    if not (_depth(got.url) and _is_article(root, got.url)):
        for place in places(root, got.url, is_site=min(_depth(source), _depth(got.url)) <= 1):
            pause()
            reading = _tried(place, fetch, source, zone)
            if reading is not None:
                return reading
    return read_page(got, fetch, source=source, zone=zone, pause=pause)


def places(root: Element, url: str, *, is_site: bool) -> Iterator[Place]:
    """Yield where a page's posts may be, the best first.

    `is_site`: the page stands for its site, or a whole part of it.
    """
    named = [place for place in _named(root, url) if _covers(place, url, is_site=is_site)]
    # A feed of this part of the site goes before one of the whole.
    named.sort(key=lambda place: (place.kind != "wordpress", not _is_under(place.url, url)))
    yield from named[:_MOST_NAMED]
    if is_site:
        roots = dict.fromkeys((_folder(url), urljoin(url, "/")))
        known = {place.url for place in named}
        guesses = [urljoin(folder, path) for folder in roots for path in _COMMON]
        yield from [
            Place(url=guess, kind="feed", named=False) for guess in guesses if guess not in known
        ][:_MOST_GUESSES]


def _named(root: Element, url: str) -> Iterator[Place]:
    base = base_of(root, url)
    for link in root.iter("link"):
        relation = (link.get("rel") or "").lower().split()
        address = safe_url(link.get("href"), base)
        if not address:
            continue
        if _API in relation:
            yield Place(
                url=f"{address}wp/v2/posts" if address.endswith("/") else f"{address}/wp/v2/posts",
                kind="wordpress",
                named=True,
            )
        elif (
            "alternate" in relation
            and (link.get("type") or "").strip().lower() in _FEED_TYPES
            and not _is_of_comments(link, address)
        ):
            yield Place(url=address, kind="feed", named=True)
    for anchor in root.iter("a"):
        address = safe_url(anchor.get("href"), base)
        if (
            address
            and _is_feed_address(address)
            and same_site(address, url)
            and not _is_of_comments(anchor, address)
        ):
            yield Place(url=address, kind="feed", named=True)


def _is_feed_address(address: str) -> bool:
    return urlsplit(address).path.rstrip("/").rpartition("/")[2].lower() in _FEED_STEPS


def _is_of_comments(link: Element, address: str) -> bool:
    said = f"{link.get('title') or ''} {urlsplit(address).path}".lower()
    return any(word in said for word in ("comment", "kommentar", "commentaire", "comentario"))


def _covers(place: Place, url: str, *, is_site: bool) -> bool:
    """Say whether a place holds what the page stands for, and not the whole of a site of which the page is a part."""
    if not _depth(url) or _is_under(place.url, url):
        return True
    return is_site and place.kind == "feed"


def _is_under(address: str, url: str) -> bool:
    return urlsplit(address).path.startswith(urlsplit(_folder(url)).path) and _depth(url) > 0


def _folder(url: str) -> str:
    parts = urlsplit(url)
    last = parts.path.rpartition("/")[2]
    path = parts.path if "." in last or parts.path.endswith("/") else f"{parts.path}/"
    return urljoin(url, path.rpartition("/")[0] + "/")


def _depth(url: str) -> int:
    return len(
        [
            step
            for step in urlsplit(url).path.split("/")
            if step and not step.lower().startswith(("index.", "default."))
        ]
    )


def _is_article(root: Element, url: str) -> bool:
    known = metadata(root, url)
    return is_article(entry_of(root, known), known, listed_entries(root, url))


def _tried(place: Place, fetch: Fetch, source: str, zone: tzinfo) -> Reading | None:
    """Return what a place holds, or None where there are no posts."""
    try:
        if place.kind == "wordpress":
            found = read_wordpress(place.url, fetch, source=source, zone=zone)
        else:
            got = fetch(place.url)
            feed = read_feed(
                got.content, source=source, base=got.url, content_type=got.content_type, zone=zone
            )
            found = Reading(
                posts=feed.posts, title=feed.title, language=feed.language, notes=feed.notes
            )
    except SourceError:
        return None
    if not found.posts:
        return None
    note = Phrase(
        "The posts of {source} were found at {url}. Write that address in newsletter.toml to spare"
        " the search.",
        source=source,
        url=place.url,
    )
    # No validators: they would be of another address than the source's.
    return replace(found, validators=None, notes=(note, *found.notes))
