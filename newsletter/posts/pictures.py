"""The picture of a post: the first one in its text that is neither a pixel, an icon nor a face."""

from urllib.parse import urlsplit

from newsletter.domain.post import Picture
from newsletter.posts.clean import safe_url
from newsletter.posts.clean.tree import Element, parse
from newsletter.posts.text import cut, names, one_line

#: Smaller pictures are icons, badges or buttons (CSS pixels).
_SMALLEST = 100
#: One of these as a part of a class, or of a step of the address.
_DECORATIONS = names(
    "emoji smiley smilies icon icons favicon avatar avatars gravatar pixel tracking tracker spacer"
    " blank transparent badge button buttons share sharing counter stats feedflare wp-smiley beacon"
    " sprite placeholder loading spinner separator divider bullet"
)
#: Whose pictures only count readers.
_COUNTERS = names(
    "feeds.feedburner.com feedsportal.com feedproxy.google.com doubleclick.net pixel.wp.com"
    " stats.wordpress.com gravatar.com feeds.wordpress.com google-analytics.com pheedo.com"
    " zemanta.com amazon-adsystem.com medium.com/_/stat assoc-amazon.com"
)
#: No mail client shows these reliably.
_UNSHOWN = (
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
_LONGEST_ALT = 300


def picture(url: str | None, alt: object, base: str | None) -> Picture | None:
    """Return a picture that a source names, or None where its address can't be shown in a mail."""
    address = safe_url(url, base)
    if (
        address is None
        or _is_decoration(address)
        or urlsplit(address).path.lower().endswith(_UNSHOWN)
    ):
        return None
    return Picture(
        url=address, alt=cut(one_line(alt), _LONGEST_ALT) if isinstance(alt, str) else None
    )


def first_picture(html: str, base: str | None) -> Picture | None:
    """Return the first real picture of a text, with its alternative text.

    `base`: what relative addresses are relative to.
    """
    for element in _pictures(html):
        if _is_small(element) or _has_decorated_class(element):
            continue
        found = picture(_address(element), element.get("alt"), base)
        if found:
            return found
    return None


def described(found: Picture, html: str, base: str | None) -> Picture:
    """Return a picture with the alternative text that the body gives for the same one, where the source gave none."""
    if found.alt:
        return found
    for element in _pictures(html):
        same = picture(_address(element), element.get("alt"), base)
        if same and same.alt is not None and _stem(same.url) == _stem(found.url):
            return Picture(url=found.url, alt=same.alt)
    return found


def _pictures(html: str) -> list[Element]:
    if "<img" not in html and "<IMG" not in html:
        return []
    root = parse(html)
    return [] if root is None else list(root.iter("img"))


def _address(element: Element) -> str | None:
    """Return where a picture lies; pages that load late keep it elsewhere than in `src`."""
    for name in ("src", "data-src", "data-lazy-src", "data-original", "data-orig-file"):
        value = (element.get(name) or "").strip()
        if value and not value.startswith("data:"):
            return str(value)
    candidates = (element.get("srcset") or element.get("data-srcset") or "").split(",")
    return candidates[0].split()[0] if candidates[0].split() else None


def _is_small(element: Element) -> bool:
    sizes = [_pixels(element.get("width")), _pixels(element.get("height"))]
    return any(size is not None and size < _SMALLEST for size in sizes)


def _pixels(value: str | None) -> int | None:
    digits = (value or "").strip().removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else None


def _has_decorated_class(element: Element) -> bool:
    words = (
        f"{element.get('class') or ''} {element.get('id') or ''}".lower().replace("_", "-").split()
    )
    return any(
        word in _DECORATIONS or part in _DECORATIONS for word in words for part in word.split("-")
    )


def _is_decoration(address: str) -> bool:
    parts = urlsplit(address)
    if any(counter in f"{parts.netloc}{parts.path}" for counter in _COUNTERS):
        return True
    steps = parts.path.lower().split("/")
    folders, name = steps[:-1], steps[-1].rpartition(".")[0] or steps[-1]
    return any(
        step in _DECORATIONS for step in [*folders, name, *name.replace("_", "-").split("-")[:1]]
    )


def _stem(address: str) -> str:
    """Return the file's name without ending, query, and the size that WordPress writes into it ("-300x200")."""
    name = urlsplit(address).path.rpartition("/")[2].rpartition(".")[0]
    head, dash, size = name.rpartition("-")
    width, times, height = size.partition("x")
    return head if dash and times and width.isdigit() and height.isdigit() else name
