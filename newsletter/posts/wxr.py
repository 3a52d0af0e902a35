"""A WordPress export file (WXR 1.0 to 1.2).

RSS with all that a site holds, of which only published posts are taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from io import BytesIO

from lxml import etree  # type: ignore[import-untyped]  # has no stubs

from newsletter.errors import SourceError
from newsletter.i18n import Phrase
from newsletter.posts.clean.tree import Element
from newsletter.posts.dates import Dates
from newsletter.posts.encoding import decode
from newsletter.posts.entries import Entry, language_of, posts_of, title_of
from newsletter.posts.marks import marked_lead, without_shortcodes
from newsletter.posts.reading import Reading

#: Bytes of an export: they hold years, drafts and comments.
LIMIT = 60_000_000
_MOST_ITEMS = 10_000
#: As much of a file is looked at to see what it is, in characters.
_HEAD = 20_000


def is_wxr(text: str) -> bool:
    """Say whether a document is a WordPress export, by its first words."""
    head = text[:_HEAD]
    return "<rss" in head and ("<wp:wxr_version>" in head or "wordpress.org/export/" in head)


@dataclass(slots=True)
class _Item:
    """An item as it stands in the file: texts by element, categories, and the site's own values."""

    texts: dict[str, str] = field(default_factory=dict)
    terms: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.texts.get(name, "").strip()


@dataclass(slots=True)
class _Export:
    """What is in a file."""

    title: str = ""
    language: str = ""
    authors: dict[str, str] = field(default_factory=dict)
    posts: list[_Item] = field(default_factory=list)
    media: dict[str, _Item] = field(default_factory=dict)
    #: Drafts, private posts and posts with a password.
    closed: int = 0
    cut: bool = False


def read_wxr(content: bytes, *, source: str, zone: tzinfo = UTC) -> Reading:
    """Return the published posts of an export, in its order.

    `zone`: the site's, for dates without one. Raises SourceError.
    """
    export = _export(decode(content))
    if export is None:
        raise SourceError(
            "{source} is a WordPress export that can't be read. Export it again, as “Posts”.",
            source=source,
        )
    language = language_of(export.language)
    entries = tuple(_entry(item, export) for item in export.posts)
    return Reading(
        posts=posts_of(entries, source, Dates(zone, language), language),
        title=title_of(export.title, is_html=True),
        language=language,
        notes=tuple(_notes(export, source)),
    )


def _notes(export: _Export, source: str) -> Iterator[Phrase]:
    if not export.posts:
        yield Phrase(
            "{source} holds no published posts. Export “Posts” in WordPress.", source=source
        )
    if export.closed:
        yield Phrase(
            "{count} drafts or closed posts of {source} were left out.",
            count=export.closed,
            source=source,
        )
    if export.cut:
        yield Phrase(
            "{source} holds very many posts: the first {count} were read.",
            source=source,
            count=len(export.posts),
        )


def _export(text: str) -> _Export | None:
    """Read element by element, so that a large file takes little memory.

    A broken one gives what is whole.
    """
    export = _Export()
    # The declared encoding is no longer true: decode() has seen to it.
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
            if _take(export, element):
                break
    except etree.LxmlError:
        if not export.posts:
            return None
    return export


def _take(export: _Export, element: Element) -> bool:
    """Take in an element that has ended; True: there is enough."""
    name, parent = _name(element), _name(element.getparent())
    if name == "author" and parent == "channel":
        values = {_name(child): child.text or "" for child in element}
        export.authors[values.get("author_login", "")] = values.get("author_display_name", "")
    elif name in ("title", "language") and parent == "channel":
        setattr(export, name, element.text or "")
    elif name == "item":
        _sort(export, _item(element))
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    export.cut = len(export.posts) >= _MOST_ITEMS
    return export.cut


def _item(element: Element) -> _Item:
    item = _Item()
    for child in element:
        name = _name(child)
        if name == "category" and child.get("domain") in ("category", "post_tag", None):
            item.terms.append(child.text or "")
        elif name == "postmeta":
            values = {_name(part): part.text or "" for part in child}
            item.meta[values.get("meta_key", "")] = values.get("meta_value", "")
        else:
            item.texts.setdefault(name, child.text or "")
    return item


def _sort(export: _Export, item: _Item) -> None:
    kind = item.text("post_type") or "post"
    if kind == "attachment":
        export.media[item.text("post_id")] = item
    elif kind == "post":
        # A post with a date in the future is published: it waits in the ledger. One without a
        # status is where the file breaks off.
        is_open = item.text("status") in ("publish", "future") and not item.text("post_password")
        export.closed += not is_open
        if is_open:
            export.posts.append(item)


def _entry(item: _Item, export: _Export) -> Entry:
    creator = item.text("creator")
    link = item.text("link")
    return Entry(
        guid=item.text("guid"),
        links=(link,) if link else (),
        base=link,
        title=item.text("title"),
        title_is_html=True,
        summary=without_shortcodes(item.text("excerpt:encoded")),
        content=marked_lead(without_shortcodes(item.text("content:encoded"))),
        description=item.meta.get("_yoast_wpseo_metadesc", ""),
        dates=tuple(_dates(item)),
        pictures=tuple(_pictures(item, export)),
        categories=tuple(item.terms),
        authors=tuple(filter(None, (export.authors.get(creator) or creator,))),
    )


def _dates(item: _Item) -> Iterator[str]:
    for name, zone in (("post_date_gmt", "+00:00"), ("pubDate", ""), ("post_date", "")):
        text = item.text(name)
        # "0000-00-00" stands for a date that was never set, "-0001" is what pubDate makes of it.
        if text and not text.startswith("0000") and "-0001" not in text:
            yield text + zone


def _pictures(item: _Item, export: _Export) -> Iterator[tuple[str, str | None]]:
    media = export.media.get(item.meta.get("_thumbnail_id", ""))
    if media is not None:
        yield media.text("attachment_url"), media.meta.get("_wp_attachment_image_alt") or None


def _name(element: Element | None) -> str:
    """Return an element's name without its namespace.

    The two texts of an item keep theirs apart.
    """
    if element is None or not isinstance(element.tag, str):
        return ""
    space, _brace, name = element.tag.removeprefix("{").rpartition("}")
    prefix, _colon, name = name.rpartition(
        ":"
    )  # a prefix that nobody has declared stays in the name
    if name == "encoded":
        return "excerpt:encoded" if "excerpt" in space or prefix == "excerpt" else "content:encoded"
    return str(name)
