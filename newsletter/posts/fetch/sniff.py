"""Content sniffing: what a document is by its first characters, whatever Content-Type says.

Also feed autodiscovery: the feed that a web page declares with `<link rel="alternate">`.
"""

import re
from enum import StrEnum

from newsletter.posts.clean import sanitise_url
from newsletter.posts.clean.tree import parse_html

_ROOT_TAG = re.compile(r"<([A-Za-z_][\w.-]*(?::[\w.-]+)?)")
_FEED_TAG = re.compile(r"<(rss|feed|rdf:RDF)\s[^>]{0,4000}(version|xmlns)")
_PROLOGUE = re.compile(
    r"<\?.*?(?:\?>|\Z)|<!--.*?(?:-->|\Z)"
    r"|<!DOCTYPE[^>\[]*+(?:\[[^\]]*+(?:\]|\Z))?[^>]*+(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")


class DocumentType(StrEnum):
    """What a document is."""

    xml_feed = "xml_feed"
    json = "json"
    html = "html"
    opml = "opml"
    sitemap = "sitemap"
    empty = "empty"
    unknown = "unknown"


def sniff_document_type(text: str) -> DocumentType:
    """Return what a document is by its first characters."""
    head = text[:20_000].lstrip()
    if not head:
        return DocumentType.empty
    if head[0] in "{[":
        return DocumentType.json
    # Anywhere in the head: PHP's warnings may stand above the feed.
    if _FEED_TAG.search(head):
        return DocumentType.xml_feed
    if head[:14].lower() == "<!doctype html":
        return DocumentType.html
    root = _ROOT_TAG.search(_PROLOGUE.sub("", head))
    name = root.group(1).lower().rpartition(":")[2] if root else ""
    if name in ("rss", "rdf", "feed", "channel"):
        return DocumentType.xml_feed
    if name in ("urlset", "sitemapindex"):
        return DocumentType.sitemap
    if name == "opml":
        return DocumentType.opml
    if name in ("html", "head", "body", "title", "meta", "script", "div", "p", "h1", "br"):
        return DocumentType.html
    return DocumentType.unknown


def find_feed_url(page: str, address: str) -> str | None:
    """Return the URL of the feed that a web page declares (autodiscovery), or None.

    `address`: the page's own, for relative URLs.
    """
    root = parse_html(page)
    if root is None:
        return None
    for link in root.iter("link"):
        kinds = (link.get("rel") or "").lower().split()
        if "alternate" in kinds and (link.get("type") or "").strip().lower() in _FEED_TYPES:
            found = sanitise_url(link.get("href"), address)
            if found:
                return found
    return None
