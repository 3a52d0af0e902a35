"""Where a site keeps its posts, when only its address is known.

    page | an article? then it is meant itself | WordPress' API, feeds that the page names
        | common addresses of feeds | else its links

**Invariant:** a search asks a site for at most `_MOST_GUESSES` addresses that it hasn't named, and
says what was found.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from urllib.parse import urljoin, urlsplit

from newsletter.errors import SourceError
from newsletter.i18n import Phrase
from newsletter.posts.clean import sanitise_url
from newsletter.posts.clean.tree import Element
from newsletter.posts.feeds.feed import read_feed
from newsletter.posts.fetch.encoding import decode
from newsletter.posts.fetch.fetch import FetchResponse
from newsletter.posts.pages.listing import find_listed_entries
from newsletter.posts.pages.metadata import read_metadata
from newsletter.posts.pages.page import extract_entry, is_article, read_page, wait_between_requests
from newsletter.posts.pages.page_tree import get_base_url, is_same_site, parse_page
from newsletter.posts.result import FetchUrl, SourceResult
from newsletter.posts.text import to_word_set
from newsletter.posts.wordpress import read_wordpress

_WORDPRESS_API_RELATION = "https://api.w.org/"
_FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
)
#: Where sites keep their feed without saying so: WordPress and Drupal, Hugo, Jekyll, Eleventy,
#: SiteVision and EPiServer, Ghost.
_COMMON_FEED_PATHS = ("feed/", "rss.xml", "feed.xml", "index.xml", "atom.xml", "rss", "feed.json")
_FEED_FILE_NAMES = to_word_set("rss feed atom rss.xml feed.xml atom.xml index.xml feed.json rss2")
_MAX_GUESSES = 8
_MAX_DECLARED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCandidate:
    """Where posts may be."""

    url: str
    #: "wordpress" or "feed".
    kind: str
    #: The page says so; otherwise it is a guess.
    is_declared: bool


def read_site(
    response: FetchResponse,
    fetch: FetchUrl,
    *,
    source: str,
    zone: tzinfo = UTC,
    pause: Callable[[], None] = wait_between_requests,
) -> SourceResult:
    """Return the posts of a site, by whichever way it offers; a note says which.

    `got`: the page at the address that is known.

    `pause`: is called between two requests. Raises SourceError where nothing is found.
    """
    root = parse_page(decode(response.content, response.content_type))
    if root is None:
        raise SourceError(
            "{source} is empty. Check the address, or try again later.", source=source
        )
    if not (_count_path_steps(response.url) and _is_article(root, response.url)):
        for place in iter_candidates(
            root,
            response.url,
            is_site=min(_count_path_steps(source), _count_path_steps(response.url)) <= 1,
        ):
            pause()
            reading = _read_candidate(place, fetch, source, zone)
            if reading is not None:
                return reading
    return read_page(response, fetch, source=source, zone=zone, pause=pause)


def iter_candidates(root: Element, url: str, *, is_site: bool) -> Iterator[SourceCandidate]:
    """Yield where a page's posts may be, the best first.

    `is_site`: the page stands for its site, or a whole part of it.
    """
    named = [
        place for place in _iter_declared(root, url) if _is_of_page(place, url, is_site=is_site)
    ]
    # A feed of this part of the site goes before one of the whole.
    named.sort(key=lambda place: (place.kind != "wordpress", not _is_below(place.url, url)))
    yield from named[:_MAX_DECLARED]
    if is_site:
        roots = dict.fromkeys((_get_folder_url(url), urljoin(url, "/")))
        known = {place.url for place in named}
        guesses = [urljoin(folder, path) for folder in roots for path in _COMMON_FEED_PATHS]
        yield from [
            SourceCandidate(url=guess, kind="feed", is_declared=False)
            for guess in guesses
            if guess not in known
        ][:_MAX_GUESSES]


def _iter_declared(root: Element, url: str) -> Iterator[SourceCandidate]:
    base = get_base_url(root, url)
    for link in root.iter("link"):
        relation = (link.get("rel") or "").lower().split()
        address = sanitise_url(link.get("href"), base)
        if not address:
            continue
        if _WORDPRESS_API_RELATION in relation:
            yield SourceCandidate(
                url=f"{address}wp/v2/posts" if address.endswith("/") else f"{address}/wp/v2/posts",
                kind="wordpress",
                is_declared=True,
            )
        elif (
            "alternate" in relation
            and (link.get("type") or "").strip().lower() in _FEED_TYPES
            and not _is_comment_feed(link, address)
        ):
            yield SourceCandidate(url=address, kind="feed", is_declared=True)
    for anchor in root.iter("a"):
        address = sanitise_url(anchor.get("href"), base)
        if (
            address
            and _is_feed_url(address)
            and is_same_site(address, url)
            and not _is_comment_feed(anchor, address)
        ):
            yield SourceCandidate(url=address, kind="feed", is_declared=True)


def _is_feed_url(address: str) -> bool:
    return urlsplit(address).path.rstrip("/").rpartition("/")[2].lower() in _FEED_FILE_NAMES


def _is_comment_feed(link: Element, address: str) -> bool:
    said = f"{link.get('title') or ''} {urlsplit(address).path}".lower()
    return any(word in said for word in ("comment", "kommentar", "commentaire", "comentario"))


def _is_of_page(candidate: SourceCandidate, url: str, *, is_site: bool) -> bool:
    """Return True if a place holds what the page stands for, not the whole site around it."""
    if not _count_path_steps(url) or _is_below(candidate.url, url):
        return True
    return is_site and candidate.kind == "feed"


def _is_below(address: str, url: str) -> bool:
    return (
        urlsplit(address).path.startswith(urlsplit(_get_folder_url(url)).path)
        and _count_path_steps(url) > 0
    )


def _get_folder_url(url: str) -> str:
    parts = urlsplit(url)
    last = parts.path.rpartition("/")[2]
    path = parts.path if "." in last or parts.path.endswith("/") else f"{parts.path}/"
    return urljoin(url, path.rpartition("/")[0] + "/")


def _count_path_steps(url: str) -> int:
    return len(
        [
            step
            for step in urlsplit(url).path.split("/")
            if step and not step.lower().startswith(("index.", "default."))
        ]
    )


def _is_article(root: Element, url: str) -> bool:
    known = read_metadata(root, url)
    return is_article(extract_entry(root, known), known, find_listed_entries(root, url))


def _read_candidate(
    candidate: SourceCandidate, fetch: FetchUrl, source: str, zone: tzinfo
) -> SourceResult | None:
    """Return what a place holds, or None where there are no posts."""
    try:
        if candidate.kind == "wordpress":
            found = read_wordpress(candidate.url, fetch, source=source, zone=zone)
        else:
            got = fetch(candidate.url)
            feed = read_feed(
                got.content, source=source, base=got.url, content_type=got.content_type, zone=zone
            )
            found = SourceResult(
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
        url=candidate.url,
    )
    # No validators: they would be of another address than the source's.
    return replace(found, validators=None, notes=(note, *found.notes))
