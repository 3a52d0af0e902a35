"""What a document is, by its first words.

A feed, or something that is no feed and is better called by its name.
"""

import re
from enum import StrEnum

from newsletter.posts.clean import safe_url
from newsletter.posts.clean.tree import parse

_ROOT = re.compile(r"<([A-Za-z_][\w.-]*(?::[\w.-]+)?)")
_FEED = re.compile(r"<(rss|feed|rdf:RDF)\s[^>]{0,4000}(version|xmlns)")
_SKIPPED = re.compile(
    r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(\[.*?\])?\s*>", re.DOTALL | re.IGNORECASE
)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")


class Sort(StrEnum):
    """What a document is."""

    xml_feed = "xml_feed"
    json = "json"
    html = "html"
    opml = "opml"
    sitemap = "sitemap"
    empty = "empty"
    unknown = "unknown"


def sort_of(text: str) -> Sort:
    """Say what a document is."""
    head = text[:20_000].lstrip()
    if not head:
        return Sort.empty
    if head[0] in "{[":
        return Sort.json
    if _FEED.search(
        head
    ):  # also below the warnings of a program that should have kept them to itself
        return Sort.xml_feed
    if head[:14].lower() == "<!doctype html":
        return Sort.html
    root = _ROOT.search(_SKIPPED.sub("", head))
    name = root.group(1).lower().rpartition(":")[2] if root else ""
    if name in ("rss", "rdf", "feed", "channel"):
        return Sort.xml_feed
    if name in ("urlset", "sitemapindex"):
        return Sort.sitemap
    if name == "opml":
        return Sort.opml
    if name in ("html", "head", "body", "title", "meta", "script", "div", "p", "h1", "br"):
        return Sort.html
    return Sort.unknown


def feed_named_by(page: str, address: str) -> str | None:
    """Return the address of the feed that a web page names as its own, or None.

    `address`: the page's.
    """
    root = parse(page)
    if root is None:
        return None
    for link in root.iter("link"):
        kinds = (link.get("rel") or "").lower().split()
        if "alternate" in kinds and (link.get("type") or "").strip().lower() in _FEED_TYPES:
            found = safe_url(link.get("href"), address)
            if found:
                return found
    return None
