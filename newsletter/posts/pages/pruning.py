"""A page without what surrounds its article.

Menus, banners, bylines, captions, comments, lists of other articles.
"""

from copy import deepcopy

from newsletter.posts.clean.elements import is_lead
from newsletter.posts.clean.tree import Element, get_tag_name
from newsletter.posts.pages.page_tree import drop_element, get_class_words
from newsletter.posts.text import to_word_set

#: Characters of an article at least.
MIN_ARTICLE_CHARS = 250
#: Goes wherever it stands on a page.
_SURROUNDING_TAGS = to_word_set("nav footer script form menu")
#: Parts of a class or id that no article's own text has; the page's frame and what floats over it.
_SURROUNDING_CLASS_WORDS = to_word_set("""
    cookie cookies consent gdpr cmp onetrust cookiebot breadcrumb breadcrumbs navbar navigation nav
    sidebar widget widgets related relaterade relatedposts recommended recirculation teaser teasers
    newsletter signup subscribe paywall promo advert advertisement annons anzeige share sharing
    social dela partage partager teilen delen compartir jaa comments comment respond disqus byline
    author-box tags taglist toc skip skiplink screen-reader visually-hidden sr-only popup modal
    overlay banner pagination pager prevnext masthead caption figcaption fakta faktaruta faktabox
    factbox fact-box infobox
    """)
#: Whole classes and ids of what others say, which may be longer than the text: comments, other
#: articles.
_OTHER_CONTENT_CLASSES = to_word_set("""
    comments comment-list commentlist comments-area comment-thread comments-section respond
    disqus_thread related related-posts related-articles related-content relaterade relatedposts
    jp-relatedposts recommended
    """)
_SURROUNDING_ROLES = frozenset(
    {
        "navigation",
        "banner",
        "contentinfo",
        "complementary",
        "search",
        "dialog",
        "alertdialog",
        "alert",
    }
)
#: Characters of a caption at most.
_MAX_CAPTION_CHARS = 300
_TEXT_TAGS = to_word_set(
    "p h1 h2 h3 h4 h5 h6 header ul ol li dl dt dd blockquote article main section body table td"
)


def prune(root: Element) -> Element:
    """Return a copy of a page without what surrounds its text.

    What others say goes first, then the smallest parts; one that holds most of what is left then is
    the text itself, whatever its class.
    """
    page = deepcopy(root)
    sizes = _count_unlinked_chars(page)
    _drop_captions(page, sizes)
    # Reversed: the inner ones go first.
    suspects = list(filter(_is_surrounding, reversed(list(page.iter()))))
    for element in filter(_is_other_content, suspects):
        if sizes[page] - sizes[element] > MIN_ARTICLE_CHARS:
            _remove_element(element, sizes)
    for element in sorted(suspects, key=sizes.__getitem__):
        if 2 * sizes[element] < sizes[page]:
            _remove_element(element, sizes)
    return page


def _remove_element(element: Element, sizes: dict[Element, int]) -> None:
    for around in element.iterancestors():
        sizes[around] -= sizes[element]
    sizes.update(dict.fromkeys(element.iter(), 0))
    drop_element(element)


def _drop_captions(page: Element, sizes: dict[Element, int]) -> None:
    """Drop the short text that stands alone with a picture: a caption that no class marks."""
    seen: set[Element] = set()
    for image in list(page.iter("img")):
        around = next((element for element in image.iterancestors() if sizes[element]), None)
        if around is None or around in seen:
            continue
        seen.add(around)
        if (
            get_tag_name(around) in _TEXT_TAGS
            or sizes[around] > _MAX_CAPTION_CHARS
            or 2 * sizes[around] > sizes[page]
        ):
            continue
        if next(around.iter(*_TEXT_TAGS), None) is None and not any(
            is_lead(element) for element in around.iter()
        ):
            for child in [one for one in around if sizes[one]]:
                _remove_element(child, sizes)


def _count_unlinked_chars(page: Element) -> dict[Element, int]:
    """Return how many characters that lead nowhere each element shows, in one pass.

    Menus are links, programs are nothing to read.
    """
    sizes: dict[Element, int] = {}
    for element in reversed(list(page.iter())):
        inner = sum(sizes[child] + len((child.tail or "").strip()) for child in element)
        sizes[element] = (
            inner + len((element.text or "").strip())
            if get_tag_name(element) not in ("a", "script")
            else 0
        )
    for link in page.iter("a"):
        sizes.update(dict.fromkeys(link.iter(), 0))
    return sizes


def _is_surrounding(element: Element) -> bool:
    name = get_tag_name(element)
    if name in ("html", "body", "main", "article"):
        return False
    if (
        name in _SURROUNDING_TAGS
        or element.get("role") in _SURROUNDING_ROLES
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
    ):
        return True
    if name == "header" and _is_page_header(element):
        return True
    return not _SURROUNDING_CLASS_WORDS.isdisjoint(get_class_words(element)) and not is_lead(
        element
    )


def _is_other_content(element: Element) -> bool:
    return not _OTHER_CONTENT_CLASSES.isdisjoint(
        f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
    )


def _is_page_header(element: Element) -> bool:
    """Return True if a header is the page's, not an article's."""
    return element.find(".//h1") is None and all(
        get_tag_name(around) not in ("article", "main", "section")
        for around in element.iterancestors()
    )
