"""What of a page stands around other articles, comments or menus (boilerplate detection)."""

from newsletter.posts.clean import sanitise_url
from newsletter.posts.clean.tree import Element, get_tag_name
from newsletter.posts.identity import url_key
from newsletter.posts.pages.page_tree import (
    get_class_words,
    iter_ancestors,
)
from newsletter.posts.text import to_word_set

#: Around other articles, comments and menus: what stands there says nothing of this page's article.
_ASIDE_CLASSES = to_word_set(
    "related relaterade relatedposts comments comment comment-list sidebar widget menu breadcrumb"
    " teaser teasers card cards"
)
#: Classes of the page's own text.
_TEXT_CLASSES = to_word_set("post-body entry-content post-content article-body articlebody")


class AsideDetector:
    """Tells what of a page stands around other articles, comments or menus.

    Each part is looked at once.
    """

    def __init__(self, url: str) -> None:
        #: The page's, to tell others' headings from its own; "" where nobody knows it.
        self._url = url
        self._asides: dict[Element, bool] = {}

    def is_aside(self, element: Element) -> bool:
        """Return True if an element belongs to something else than the page's own article."""
        path, found = [], False
        for around in iter_ancestors(element):
            if around in self._asides:
                found = self._asides[around]
                break
            path.append(around)
        for around in reversed(path):
            found = found or self._is_aside_part(around)
            self._asides[around] = found
        return found

    def _is_aside_part(self, part: Element) -> bool:
        name = get_tag_name(part)
        if name in ("body", "html"):
            return False
        if name in ("nav", "aside", "footer"):
            return True
        if part.find(".//h1") is not None:
            return False
        if not _ASIDE_CLASSES.isdisjoint(get_class_words(part)):
            # Whatever its class, the page's own text isn't aside: to some systems everything is a
            # "widget".
            return all(
                _TEXT_CLASSES.isdisjoint(get_class_words(element))
                for element in part.iter("div", "article", "section")
            )
        return bool(self._url) and self._is_teaser(part)

    def _is_teaser(self, part: Element) -> bool:
        """Return True if a part of a page begins with a heading that leads to another page."""
        heading = next(part.iter("h2", "h3", "h4"), None)
        if heading is None:
            return False
        links = [
            sanitise_url(link.get("href"), self._url)
            for link in (*heading.iter("a"), *heading.iterancestors("a"))
        ]
        return any(link and url_key(link) != url_key(self._url) for link in links[:1])
