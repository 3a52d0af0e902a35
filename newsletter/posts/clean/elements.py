"""Which elements are never prose: by name, by class, by being hidden."""

from newsletter.posts.clean.tree import WORDLESS_TAGS, Element, count_chars, get_tag_name
from newsletter.posts.text import to_word_set

#: Go wherever they stand (notes: "Cleaning").
_DROPPED_TAGS = WORDLESS_TAGS | {"figure", "figcaption", "caption", "nav", "del", "s", "strike"}
#: Go unless most of the text is in them (layout tables, a page inside a form).
_SUSPECT_TAGS = frozenset({"table", "aside", "form", "footer", "menu", "address"})

#: One of these as a part of a class or id ("wp-caption-text", "article__byline").
_BOILERPLATE_NAME_PARTS = to_word_set("""
    caption byline share sharing sharedaddy jetpack related relatedposts breadcrumb breadcrumbs toc
    footnote footnotes reference references credit credits fotograf bildtext bildetekst billedtekst
    bildunterschrift legende advert advertisement annons anzeige navigation pagination pager
    newsletter signup subscribe subscription comments respond cookie printfriendly addtoany addthis
    heateor headerlink feedflare wpulike
    """)
#: One of these as the whole class or id.
_BOILERPLATE_NAMES = to_word_set("""
    meta entry-meta post-meta article-meta date post-date entry-date published publish-date time
    timestamp author author-box author-bio authors about-author tags tag-links cat-links post-tags
    post-categories categories social social-icons more-link more read-more readmore read_more
    hidden visually-hidden visuallyhidden screen-reader-text sr-only anchor footer sidebar widget ad
    ads wp-block-latest-posts wp-block-file__button wp-block-button wp-block-buttons
    table-of-contents tableofcontents contents ez-toc-container lwptoc feedback skip-link
    post-thumbnail wp-post-author crp_related yarpp
    """)
#: The last part of a class that marks the text's own summary.
_LEAD_NAMES = to_word_set("""
    ingress ingressen lead lede standfirst preamble preamp vorspann anriss anreisser teaser-lead
    chapo chapeau manchet underrubrik dek deck intro introduction introtext excerpt
    """)
#: One of these as a part of the class of a picture's frame.
_PICTURE_FRAME_NAME_PARTS = to_word_set(
    "image img picture photo foto bild bilde billede kuva imagen"
)
#: What a frame says, in characters: more is text beside a picture.
_MAX_PICTURE_FRAME_CHARS = 300
_BOILERPLATE_ROLES = frozenset(
    {
        "navigation",
        "banner",
        "search",
        "complementary",
        "contentinfo",
        "doc-endnotes",
        "doc-toc",
        "alert",
        "dialog",
    }
)


def should_drop(element: Element, total_chars: int) -> bool:
    """Return True if an element goes, with what is in it.

    `all_words`: characters in the whole text.
    """
    name = get_tag_name(element)
    if not name or name in _DROPPED_TAGS or _is_hidden(element) or _is_footnote_mark(element, name):
        return True
    if name in ("html", "body", "p") and not element.get("class"):
        return False
    suspect = name in _SUSPECT_TAGS or _is_boilerplate(element) or _is_picture_frame(element)
    # A class never takes most of the text with it: themes name their wrappers as they please.
    return suspect and count_chars(element) * 2 < total_chars


def is_lead(element: Element) -> bool:
    """Return True if an element is marked as the text's own summary (ingress, lead, chapô)."""
    return any(
        name in _LEAD_NAMES or (_split_name(name) or [""])[-1] in _LEAD_NAMES
        for name in _get_class_names(element)
    )


def _is_boilerplate(element: Element) -> bool:
    if element.get("role") in _BOILERPLATE_ROLES:
        return True
    return any(
        name in _BOILERPLATE_NAMES or not _BOILERPLATE_NAME_PARTS.isdisjoint(_split_name(name))
        for name in _get_class_names(element)
    ) and not is_lead(element)


def _is_picture_frame(element: Element) -> bool:
    """Return True if an element holds a picture and what it shows."""
    framed = any(
        not _PICTURE_FRAME_NAME_PARTS.isdisjoint(_split_name(name))
        for name in _get_class_names(element)
    )
    return (
        framed
        and next(element.iter("img"), None) is not None
        and count_chars(element) <= _MAX_PICTURE_FRAME_CHARS
    )


def _get_class_names(element: Element) -> list[str]:
    classes, own = element.get("class"), element.get("id")
    return f"{classes or ''} {own or ''}".lower().split() if classes or own else []


def _split_name(name: str) -> list[str]:
    return [part for part in name.replace("_", "-").split("-") if part]


def _is_hidden(element: Element) -> bool:
    style = (element.get("style") or "").lower().replace(" ", "")
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or "display:none" in style
        or "visibility:hidden" in style
    )


def _is_footnote_mark(element: Element, name: str) -> bool:
    """Return True if it is a raised digit that leads to a note, or the "¶" beside a heading."""
    if name == "a":
        text = "".join(element.itertext()).strip()
        to_here = (element.get("href") or "").startswith("#")
        is_sign = text in ("¶", "#", "§", "↩", "↩︎", "^")
        return is_sign or (to_here and text.strip("[]() ").isdigit())
    if name == "sup":
        link = next(element.iter("a"), None)
        return link is not None and "#" in (link.get("href") or "")
    return False
