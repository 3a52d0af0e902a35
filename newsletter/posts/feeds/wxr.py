"""A WordPress export file (WXR 1.0 to 1.2): an RSS of the whole site, its published posts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from io import BytesIO

from lxml import etree  # type: ignore[import-untyped]  # has no stubs

from newsletter.errors import SourceError
from newsletter.i18n import Phrase
from newsletter.posts.clean.tree import Element
from newsletter.posts.dates import DateParser
from newsletter.posts.fetch.encoding import decode
from newsletter.posts.result import SourceResult
from newsletter.posts.source_entries import (
    SourceEntry,
    build_posts,
    normalise_language_tag,
    normalise_title,
)
from newsletter.posts.wordpress_marks import mark_lead, strip_shortcodes

#: Bytes of an export: they hold years, drafts and comments.
MAX_EXPORT_BYTES = 60_000_000
_MAX_POSTS = 10_000
#: Characters of a file that are sniffed.
_HEAD_CHARS = 20_000


def is_wxr(text: str) -> bool:
    """Return True if a document is a WordPress export, by its first characters."""
    head = text[:_HEAD_CHARS]
    return "<rss" in head and ("<wp:wxr_version>" in head or "wordpress.org/export/" in head)


@dataclass(slots=True)
class _ExportItem:
    """An `<item>` as it stands in the file: texts by element, categories, and `<wp:postmeta>`."""

    texts: dict[str, str] = field(default_factory=dict)
    terms: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)

    def get_text(self, name: str) -> str:
        return self.texts.get(name, "").strip()


@dataclass(slots=True)
class _Export:
    """An export file as it was parsed."""

    title: str = ""
    language: str = ""
    authors: dict[str, str] = field(default_factory=dict)
    posts: list[_ExportItem] = field(default_factory=list)
    media: dict[str, _ExportItem] = field(default_factory=dict)
    #: Drafts, private posts and posts with a password.
    unpublished_count: int = 0
    is_truncated: bool = False


def read_wxr(content: bytes, *, source: str, zone: tzinfo = UTC) -> SourceResult:
    """Return the published posts of an export, in its order.

    `zone`: the site's, for dates without a UTC offset. Raises SourceError.
    """
    export = _parse_export(decode(content))
    if export is None:
        raise SourceError(
            "{source} is a WordPress export that can't be read. Export it again, as “Posts”.",
            source=source,
        )
    language = normalise_language_tag(export.language)
    entries = tuple(_build_entry(item, export) for item in export.posts)
    return SourceResult(
        posts=build_posts(entries, source, DateParser(zone, language), language),
        title=normalise_title(export.title, is_html=True),
        language=language,
        notes=tuple(_iter_notes(export, source)),
    )


def _iter_notes(export: _Export, source: str) -> Iterator[Phrase]:
    if not export.posts:
        yield Phrase(
            "{source} holds no published posts. Export “Posts” in WordPress.", source=source
        )
    if export.unpublished_count:
        yield Phrase(
            "{count} drafts or closed posts of {source} were left out.",
            count=export.unpublished_count,
            source=source,
        )
    if export.is_truncated:
        yield Phrase(
            "{source} holds very many posts: the first {count} were read.",
            source=source,
            count=len(export.posts),
        )


def _parse_export(text: str) -> _Export | None:
    """Parse element by element (iterparse), so that a large file takes little memory.

    A truncated file gives the items that are complete.
    """
    export = _Export()
    # Without the XML declaration: decode() has changed the encoding.
    data = text[text.find("<rss") :].encode("utf-8", "replace")
    steps = etree.iterparse(
        BytesIO(data),
        events=("end",),
        recover=True,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
    )
    try:
        for _event, element in steps:
            if _add_element(export, element):
                break
    except etree.LxmlError:
        if not export.posts:
            return None
    return export


def _add_element(export: _Export, element: Element) -> bool:
    """Add an element that has ended; return True once there are enough posts."""
    name, parent = _get_local_name(element), _get_local_name(element.getparent())
    if name == "author" and parent == "channel":
        values = {_get_local_name(child): child.text or "" for child in element}
        export.authors[values.get("author_login", "")] = values.get("author_display_name", "")
    elif name in ("title", "language") and parent == "channel":
        setattr(export, name, element.text or "")
    elif name == "item":
        _add_item(export, _parse_item(element))
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    export.is_truncated = len(export.posts) >= _MAX_POSTS
    return export.is_truncated


def _parse_item(element: Element) -> _ExportItem:
    item = _ExportItem()
    for child in element:
        name = _get_local_name(child)
        if name == "category" and child.get("domain") in ("category", "post_tag", None):
            item.terms.append(child.text or "")
        elif name == "postmeta":
            values = {_get_local_name(part): part.text or "" for part in child}
            item.meta[values.get("meta_key", "")] = values.get("meta_value", "")
        else:
            item.texts.setdefault(name, child.text or "")
    return item


def _add_item(export: _Export, item: _ExportItem) -> None:
    kind = item.get_text("post_type") or "post"
    if kind == "attachment":
        export.media[item.get_text("post_id")] = item
    elif kind == "post":
        # A scheduled post counts as published: it waits in the ledger. One without a status is
        # where the file is truncated.
        is_open = item.get_text("status") in ("publish", "future") and not item.get_text(
            "post_password"
        )
        export.unpublished_count += not is_open
        if is_open:
            export.posts.append(item)


def _build_entry(item: _ExportItem, export: _Export) -> SourceEntry:
    creator = item.get_text("creator")
    link = item.get_text("link")
    return SourceEntry(
        guid=item.get_text("guid"),
        links=(link,) if link else (),
        base=link,
        title=item.get_text("title"),
        title_is_html=True,
        summary=strip_shortcodes(item.get_text("excerpt:encoded")),
        content=mark_lead(strip_shortcodes(item.get_text("content:encoded"))),
        description=item.meta.get("_yoast_wpseo_metadesc", ""),
        dates=tuple(_iter_dates(item)),
        pictures=tuple(_iter_pictures(item, export)),
        categories=tuple(item.terms),
        authors=tuple(filter(None, (export.authors.get(creator) or creator,))),
    )


def _iter_dates(item: _ExportItem) -> Iterator[str]:
    for name, zone in (("post_date_gmt", "+00:00"), ("pubDate", ""), ("post_date", "")):
        text = item.get_text(name)
        # "0000-00-00" is a date that was never set, "-0001" what pubDate makes of it.
        if text and not text.startswith("0000") and "-0001" not in text:
            yield text + zone


def _iter_pictures(item: _ExportItem, export: _Export) -> Iterator[tuple[str, str | None]]:
    media = export.media.get(item.meta.get("_thumbnail_id", ""))
    if media is not None:
        yield media.get_text("attachment_url"), media.meta.get("_wp_attachment_image_alt") or None


def _get_local_name(element: Element | None) -> str:
    """Return an element's name without its namespace, but for the two "encoded" elements."""
    if element is None or not isinstance(element.tag, str):
        return ""
    space, _brace, name = element.tag.removeprefix("{").rpartition("}")
    # An undeclared prefix stays in the name.
    prefix, _colon, name = name.rpartition(":")
    if name == "encoded":
        return "excerpt:encoded" if "excerpt" in space or prefix == "excerpt" else "content:encoded"
    return str(name)
