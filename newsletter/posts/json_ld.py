"""What a page says of itself in JSON-LD (schema.org), however it is nested."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from newsletter.posts.clean.tree import Element
from newsletter.posts.loose_json import dictionary, listed, loads, texts
from newsletter.posts.text import names

#: Kinds of one article (schema.org/Article and what is below it).
ARTICLES = names("""
    article newsarticle blogposting report socialmediaposting techarticle scholarlyarticle advertisercontentarticle
    satiricalarticle analysisnewsarticle askpublicnewsarticle backgroundnewsarticle opinionnewsarticle reportagenewsarticle
    reviewnewsarticle liveblogposting specialannouncement pressrelease
    """)
_LONGEST, _MOST, _DEEPEST = 500_000, 2_000, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as JSON-LD names it; "" and () where it says nothing."""

    title: str = ""
    url: str = ""
    description: str = ""
    dates: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str = ""
    body: str = ""


@dataclass(slots=True)
class _Graph:
    nodes: list[dict[str, Any]] = field(default_factory=list)
    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)


def articles(root: Element) -> tuple[Article, ...]:
    """Return the articles that a page names, in its order."""
    graph = _Graph()
    room = _LONGEST
    for script in root.iter("script"):
        if (
            "ld+json" in (script.get("type") or "").lower()
            and script.text
            and len(script.text) <= room
        ):
            room -= len(script.text)
            _collect(graph, loads(script.text.strip().removeprefix("<!--").removesuffix("-->")), 0)
    return tuple(
        _article(node, graph) for node in graph.nodes if not _kinds(node).isdisjoint(ARTICLES)
    )


def _collect(graph: _Graph, value: Any, depth: int) -> None:
    if depth > _DEEPEST or len(graph.nodes) >= _MOST:
        return
    if isinstance(value, list):
        for one in value:
            _collect(graph, one, depth + 1)
    elif isinstance(value, dict):
        if value.get("@type"):
            graph.nodes.append(value)
            for name in texts([value.get("@id")]):
                graph.by_id.setdefault(name, value)
        for one in value.values():
            if isinstance(one, dict | list):
                _collect(graph, one, depth + 1)


def _article(node: dict[str, Any], graph: _Graph) -> Article:
    return Article(
        title=_first(node.get("headline"), node.get("name")),
        url=_first(*_addresses(node.get("mainEntityOfPage"), graph), node.get("url")),
        description=_first(node.get("description"), node.get("abstract")),
        dates=texts(
            [
                node.get("datePublished"),
                node.get("dateCreated"),
                node.get("uploadDate"),
                node.get("dateModified"),
            ]
        ),
        authors=tuple(_names(node.get("author") or node.get("creator"), graph)),
        pictures=tuple(_addresses(node.get("image") or node.get("thumbnailUrl"), graph)),
        categories=tuple(_several(node.get("articleSection")))
        + tuple(_several(node.get("keywords"))),
        language=_first(
            node.get("inLanguage"), dictionary(node.get("inLanguage")).get("alternateName")
        ),
        body=_first(node.get("articleBody")),
    )


def _kinds(node: dict[str, Any]) -> set[str]:
    kinds = node.get("@type")
    return {
        kind.rpartition("/")[2].lower()
        for kind in texts(kinds if isinstance(kinds, list) else [kinds])
    }


def _first(*values: object) -> str:
    return next(iter(texts(values)), "")


def _several(value: object) -> Iterator[str]:
    for text in texts(value if isinstance(value, list) else [value]):
        yield from (part.strip() for part in text.split(","))


def _resolved(value: object, graph: _Graph) -> Iterator[dict[str, Any]]:
    for one in listed(value):
        named = one.get("@id")
        yield graph.by_id.get(named, one) if isinstance(named, str) and len(one) <= 2 else one


def _names(value: object, graph: _Graph) -> Iterator[str]:
    yield from texts(value if isinstance(value, list) else [value])
    for person in _resolved(value, graph):
        yield from texts([person.get("name")])


def _addresses(value: object, graph: _Graph) -> Iterator[str]:
    yield from texts(value if isinstance(value, list) else [value])
    for one in _resolved(value, graph):
        yield from texts([one.get("url"), one.get("contentUrl"), one.get("@id")])[:1]
