"""Find what a letter uses of HTML and CSS, by the names that Can I email has for it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_CSS_RULE = re.compile(
    r"(?<![^{};])(?P<head>[^{};]++)\{|(?<![a-zA-Z-])(?P<name>[a-zA-Z-]++)\s*+:(?P<value>[^;{}]++)"
)
_CSS_FUNCTION = re.compile(r"(?<![a-z-])([a-z-]++)\(")
_CSS_UNIT = re.compile(
    r"(?<![\w#.-])-?(?:\d++(?:\.\d++)?|\.\d++)(ch|cm|em|ex|in|mm|pc|pt|px|rem|vh|vmax|vmin|vw)\b"
)
_CSS_PSEUDO = re.compile(r"(::?)([a-z-]+)")
_MEDIA_FEATURE = re.compile(r"\(\s*(?:-webkit-)?(?:min-|max-)?([a-z-]+)")
#: HTML attributes that have a page of their own.
_KNOWN_ATTRIBUTES = frozenset(
    {
        "align",
        "aria-describedby",
        "aria-hidden",
        "aria-label",
        "aria-labelledby",
        "aria-live",
        "background",
        "cellpadding",
        "cellspacing",
        "dir",
        "hidden",
        "lang",
        "required",
        "role",
        "srcset",
        "target",
        "valign",
    }
)
#: Properties and functions that are described under another name.
_FEATURE_BY_CSS_FUNCTION = {
    "linear-gradient": "css-linear-gradient",
    "radial-gradient": "css-radial-gradient",
    "conic-gradient": "css-conic-gradient",
    "var": "css-variables",
    "calc": "css-unit-calc",
    "clamp": "css-function-clamp",
    "min": "css-function-min",
    "max": "css-function-max",
    "light-dark": "css-function-light-dark",
    "rgb": "css-rgb",
    "rgba": "css-rgba",
    "lab": "css-modern-color",
    "lch": "css-modern-color",
    "oklch": "css-modern-color",
    "oklab": "css-modern-color",
}
_FORMAT_ALIASES = {"jpeg": "jpg", "tif": "tiff", "heic": "heif"}
_HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SEMANTIC_TAGS = frozenset(
    (
        "article",
        "aside",
        "footer",
        "header",
        "main",
        "nav",
        "section",
        "figure",
        "figcaption",
        "mark",
        "time",
        "details",
    )
)


def find_features(html: str) -> frozenset[str]:
    """Return the names of what a letter uses.

    Outlook's own conditional parts aren't looked into.
    """
    reader = _FeatureParser()
    reader.feed(html)
    reader.close()
    return frozenset(reader.features)


class _FeatureParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.features: set[str] = set()
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.in_style = tag == "style"
        self.features.add(
            "html-h1-h6"
            if tag in _HEADING_TAGS
            else "html-semantics"
            if tag in _SEMANTIC_TAGS
            else f"html-{tag}"
        )
        self.features.update(f"html-{name}" for name in given if name in _KNOWN_ATTRIBUTES)
        if tag in ("input", "button"):
            self.features.add(
                f"html-{tag}-{given.get('type', 'text' if tag == 'input' else 'submit')}"
            )
        if "loading" in given:
            self.features.add("html-loading-attribute")
        if "usemap" in given or tag in ("map", "area"):
            self.features.add("html-image-maps")
        if tag in ("ul", "ol", "dl"):
            self.features.add("html-lists")
        if tag == "a" and given.get("href", "").startswith("#"):
            self.features.add("html-anchor-links")
        if tag == "img":
            self.features.update(_find_image_features(given.get("src", "")))
        self.features.update(find_css_features(given.get("style", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self.in_style = False

    def handle_data(self, data: str) -> None:
        if self.in_style:
            self.features.update(find_css_features(data))


def _find_image_features(url: str) -> Iterator[str]:
    if url.startswith("data:"):
        yield "image-base64"
    else:
        ending = urlsplit(url).path.rpartition(".")[2].lower()
        yield f"image-{_FORMAT_ALIASES.get(ending, ending)}"


def find_css_features(text: str) -> Iterator[str]:
    """Yield the names of what a style sheet, or a style attribute, uses."""
    for found in _CSS_RULE.finditer(_CSS_COMMENT.sub("", text)):
        head = (found["head"] or "").strip().lower()
        if head.startswith("@"):
            yield from _find_at_rule_features(head)
        elif head:
            yield from _find_selector_features(head)
        else:
            yield from _find_declaration_features(found["name"].lower(), found["value"].lower())


def _find_at_rule_features(head: str) -> Iterator[str]:
    name = re.split(r"[\s(]", head[1:], maxsplit=1)[0].removeprefix("-webkit-")
    yield f"css-at-{name}"
    for feature in _MEDIA_FEATURE.findall(head) if name == "media" else ():
        yield f"css-at-media-{feature}"


def _find_selector_features(head: str) -> Iterator[str]:
    if "[" in head:
        yield "css-selector-attribute"
    for colons, name in _CSS_PSEUDO.findall(re.sub(r"\[[^\]]*+(?:\]|\Z)", "", head)):
        is_element = len(colons) == 2 or name in ("before", "after")
        yield f"css-pseudo-{'element' if is_element else 'class'}-{name}"


def _find_declaration_features(name: str, value: str) -> Iterator[str]:
    if name.startswith("--"):
        yield "css-variables"
    elif not name.startswith(("mso-", "-")):
        yield f"css-{name}"
        yield (
            f"css-{name}-{value.split(maxsplit=1)[0].removeprefix('inline-')}"
            if value.split()
            else ""
        )
    for function in _CSS_FUNCTION.findall(value):
        yield _FEATURE_BY_CSS_FUNCTION.get(function, "")
    for unit in _CSS_UNIT.findall(value):
        yield f"css-unit-{unit}"
