"""What a page says of itself in JSON-LD (schema.org), however it is nested."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from newsletter.posts.clean.tree import Element
from newsletter.posts.feeds.loose_json import filter_texts, parse_loose_json, to_dict, to_dicts
from newsletter.posts.text import to_word_set

#: Kinds of one article (schema.org/Article and what is below it).
ARTICLE_TYPES = to_word_set("""
    article newsarticle blogposting report socialmediaposting techarticle scholarlyarticle
    advertisercontentarticle satiricalarticle analysisnewsarticle askpublicnewsarticle
    backgroundnewsarticle opinionnewsarticle reportagenewsarticle reviewnewsarticle liveblogposting
    specialannouncement pressrelease
    """)
_MAX_SCRIPT_CHARS, _MAX_NODES, _MAX_DEPTH = 500_000, 2_000, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLdArticle:
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


def find_articles(root: Element) -> tuple[JsonLdArticle, ...]:
    """Return the articles that a page names, in its order."""
    graph = _Graph()
    room = _MAX_SCRIPT_CHARS
    for script in root.iter("script"):
        if (
            "ld+json" in (script.get("type") or "").lower()
            and script.text
            and len(script.text) <= room
        ):
            room -= len(script.text)
            _collect_nodes(
                graph,
                parse_loose_json(script.text.strip().removeprefix("<!--").removesuffix("-->")),
                0,
            )
    return tuple(
        _build_article(node, graph)
        for node in graph.nodes
        if not _get_types(node).isdisjoint(ARTICLE_TYPES)
    )


def _collect_nodes(graph: _Graph, value: Any, depth: int) -> None:
    if depth > _MAX_DEPTH or len(graph.nodes) >= _MAX_NODES:
        return
    if isinstance(value, list):
        for one in value:
            _collect_nodes(graph, one, depth + 1)
    elif isinstance(value, dict):
        if value.get("@type"):
            graph.nodes.append(value)
            for name in filter_texts([value.get("@id")]):
                graph.by_id.setdefault(name, value)
        for one in value.values():
            if isinstance(one, dict | list):
                _collect_nodes(graph, one, depth + 1)


def _build_article(node: dict[str, Any], graph: _Graph) -> JsonLdArticle:
    return JsonLdArticle(
        title=_get_first_text(node.get("headline"), node.get("name")),
        url=_get_first_text(*_iter_urls(node.get("mainEntityOfPage"), graph), node.get("url")),
        description=_get_first_text(node.get("description"), node.get("abstract")),
        dates=filter_texts(
            [
                node.get("datePublished"),
                node.get("dateCreated"),
                node.get("uploadDate"),
                node.get("dateModified"),
            ]
        ),
        authors=tuple(_iter_names(node.get("author") or node.get("creator"), graph)),
        pictures=tuple(_iter_urls(node.get("image") or node.get("thumbnailUrl"), graph)),
        categories=tuple(_iter_keywords(node.get("articleSection")))
        + tuple(_iter_keywords(node.get("keywords"))),
        language=_get_first_text(
            node.get("inLanguage"), to_dict(node.get("inLanguage")).get("alternateName")
        ),
        body=_get_first_text(node.get("articleBody")),
    )


def _get_types(node: dict[str, Any]) -> set[str]:
    kinds = node.get("@type")
    return {
        kind.rpartition("/")[2].lower()
        for kind in filter_texts(kinds if isinstance(kinds, list) else [kinds])
    }


def _get_first_text(*values: object) -> str:
    return next(iter(filter_texts(values)), "")


def _iter_keywords(value: object) -> Iterator[str]:
    for text in filter_texts(value if isinstance(value, list) else [value]):
        yield from (part.strip() for part in text.split(","))


def _resolve_references(value: object, graph: _Graph) -> Iterator[dict[str, Any]]:
    for one in to_dicts(value):
        named = one.get("@id")
        yield graph.by_id.get(named, one) if isinstance(named, str) and len(one) <= 2 else one


def _iter_names(value: object, graph: _Graph) -> Iterator[str]:
    yield from filter_texts(value if isinstance(value, list) else [value])
    for person in _resolve_references(value, graph):
        yield from filter_texts([person.get("name")])


def _iter_urls(value: object, graph: _Graph) -> Iterator[str]:
    yield from filter_texts(value if isinstance(value, list) else [value])
    for one in _resolve_references(value, graph):
        yield from filter_texts([one.get("url"), one.get("contentUrl"), one.get("@id")])[:1]
