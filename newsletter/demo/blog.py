"""The made-up authority's blog on loopback.

Its feed, and (by Host) the newsletter's public pages.
"""

import threading
import time
from collections.abc import Iterable
from email.utils import format_datetime
from types import TracebackType
from xml.etree import ElementTree as ET

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Host, Route
from starlette.types import ASGIApp

from newsletter.domain.post import Post

CONTENT_NAMESPACE = "http://purl.org/rss/1.0/modules/content/"
MEDIA_NAMESPACE = "http://search.yahoo.com/mrss/"


def build_rss(title: str, link: str, posts: Iterable[Post]) -> bytes:
    """Write posts as RSS 2.0, with their whole text, as a blog would."""
    ET.register_namespace("content", CONTENT_NAMESPACE)
    ET.register_namespace("media", MEDIA_NAMESPACE)
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    for name, text in (
        ("title", title),
        ("link", link),
        ("description", title),
        ("language", "sv"),
    ):
        ET.SubElement(channel, name).text = text
    for post in posts:
        channel.append(_build_item(post))
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _build_item(post: Post) -> ET.Element:
    item = ET.Element("item")
    ET.SubElement(item, "title").text = post.title
    if post.url:
        ET.SubElement(item, "link").text = post.url
        ET.SubElement(item, "guid", isPermaLink="true").text = post.url
    if post.published:
        ET.SubElement(item, "pubDate").text = format_datetime(post.published)
    for category in post.categories:
        ET.SubElement(item, "category").text = category
    if post.excerpt:
        ET.SubElement(item, "description").text = post.excerpt
    ET.SubElement(item, f"{{{CONTENT_NAMESPACE}}}encoded").text = post.body
    if post.picture:
        media = ET.SubElement(
            item, f"{{{MEDIA_NAMESPACE}}}content", url=post.picture.url, medium="image"
        )
        if post.picture.alt is not None:
            ET.SubElement(media, f"{{{MEDIA_NAMESPACE}}}description").text = post.picture.alt
    return item


class DemoWebServer:
    """A web server on loopback, in a thread of its own.

    The feed at /feed.xml, other pages by their Host.
    """

    def __init__(self, feed: bytes, hosts: dict[str, ASGIApp], port: int) -> None:
        async def serve_feed(_request: Request) -> Response:
            return Response(feed, media_type="application/rss+xml; charset=utf-8")

        routes = [*(Host(host, app) for host, app in hosts.items()), Route("/feed.xml", serve_feed)]
        config = uvicorn.Config(
            Starlette(routes=routes),
            host="127.0.0.1",
            port=port,
            log_level="critical",
            lifespan="off",
        )
        self.port = port
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> "DemoWebServer":
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.01)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=5)
