"""The picture of a post: the first one in its text that is neither a pixel, an icon nor a face."""

from urllib.parse import urlsplit

from newsletter.domain.post import Picture
from newsletter.posts.clean import sanitise_url
from newsletter.posts.clean.tree import Element, parse_html
from newsletter.posts.text import to_one_line, to_word_set, truncate

#: Smaller pictures are icons, badges or buttons (CSS pixels).
_MIN_PICTURE_PIXELS = 100
#: One of these as a part of a class, or of a step of the address.
_DECORATION_WORDS = to_word_set(
    "emoji smiley smilies icon icons favicon avatar avatars gravatar pixel tracking tracker spacer"
    " blank transparent badge button buttons share sharing counter stats feedflare wp-smiley beacon"
    " sprite placeholder loading spinner separator divider bullet"
)
#: Whose pictures only count readers.
_TRACKER_HOSTS = to_word_set(
    "feeds.feedburner.com feedsportal.com feedproxy.google.com doubleclick.net pixel.wp.com"
    " stats.wordpress.com gravatar.com feeds.wordpress.com google-analytics.com pheedo.com"
    " zemanta.com amazon-adsystem.com medium.com/_/stat assoc-amazon.com"
)
#: No mail client shows these reliably.
_UNSUPPORTED_SUFFIXES = (
    ".svg",
    ".svgz",
    ".avif",
    ".heic",
    ".tif",
    ".tiff",
    ".bmp",
    ".ico",
    ".pdf",
    ".mp3",
    ".mp4",
    ".m4a",
    ".webm",
    ".mov",
)
_MAX_ALT_CHARS = 300


def to_picture(url: str | None, alt: object, base: str | None) -> Picture | None:
    """Return a picture that a source names, or None where its address can't be shown in a mail."""
    address = sanitise_url(url, base)
    if (
        address is None
        or _is_decoration(address)
        or urlsplit(address).path.lower().endswith(_UNSUPPORTED_SUFFIXES)
    ):
        return None
    return Picture(
        url=address,
        alt=truncate(to_one_line(alt), _MAX_ALT_CHARS) if isinstance(alt, str) else None,
    )


def find_first_picture(html: str, base: str | None) -> Picture | None:
    """Return the first real picture of a text, with its alternative text.

    `base`: what relative addresses are relative to.
    """
    for element in _find_images(html):
        if _is_small(element) or _has_decoration_class(element):
            continue
        found = to_picture(_get_image_url(element), element.get("alt"), base)
        if found:
            return found
    return None


def add_alt_text(original: Picture, html: str, base: str | None) -> Picture:
    """Return a picture with the body's alt text for it, where the source gave none."""
    if original.alt:
        return original
    for element in _find_images(html):
        same = to_picture(_get_image_url(element), element.get("alt"), base)
        if (
            same
            and same.alt is not None
            and _get_file_stem(same.url) == _get_file_stem(original.url)
        ):
            return Picture(url=original.url, alt=same.alt)
    return original


def _find_images(html: str) -> list[Element]:
    if "<img" not in html and "<IMG" not in html:
        return []
    root = parse_html(html)
    return [] if root is None else list(root.iter("img"))


def _get_image_url(element: Element) -> str | None:
    """Return where a picture lies; pages that load late keep it elsewhere than in `src`."""
    for name in ("src", "data-src", "data-lazy-src", "data-original", "data-orig-file"):
        value = (element.get(name) or "").strip()
        if value and not value.startswith("data:"):
            return str(value)
    candidates = (element.get("srcset") or element.get("data-srcset") or "").split(",")
    return candidates[0].split()[0] if candidates[0].split() else None


def _is_small(element: Element) -> bool:
    sizes = [_parse_pixels(element.get("width")), _parse_pixels(element.get("height"))]
    return any(size is not None and size < _MIN_PICTURE_PIXELS for size in sizes)


def _parse_pixels(value: str | None) -> int | None:
    digits = (value or "").strip().removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else None


def _has_decoration_class(element: Element) -> bool:
    words = (
        f"{element.get('class') or ''} {element.get('id') or ''}".lower().replace("_", "-").split()
    )
    return any(
        word in _DECORATION_WORDS or part in _DECORATION_WORDS
        for word in words
        for part in word.split("-")
    )


def _is_decoration(address: str) -> bool:
    parts = urlsplit(address)
    if any(counter in f"{parts.netloc}{parts.path}" for counter in _TRACKER_HOSTS):
        return True
    steps = parts.path.lower().split("/")
    folders, name = steps[:-1], steps[-1].rpartition(".")[0] or steps[-1]
    return any(
        step in _DECORATION_WORDS
        for step in [*folders, name, *name.replace("_", "-").split("-")[:1]]
    )


def _get_file_stem(address: str) -> str:
    """Return the file's name without ending, query and WordPress's size ("-300x200")."""
    name = urlsplit(address).path.rpartition("/")[2].rpartition(".")[0]
    head, dash, size = name.rpartition("-")
    width, times, height = size.partition("x")
    return head if dash and times and width.isdigit() and height.isdigit() else name
