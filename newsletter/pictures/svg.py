"""Render an SVG as PNG: resvg, in the child process of `image_worker` (drawings are hostile).

No script runs in resvg, and nothing is fetched. It would read files of this machine that a drawing
names: such drawings are refused, after a look at its elements by a parser.
"""

import re
from xml.parsers import expat

from newsletter.errors import PictureError

#: Bytes of a drawing.
MAX_SVG_BYTES = 2_000_000
#: A comment ends where it first can (atomic group): many of them are read once, not in every
#: combination.
_SVG_START = re.compile(
    rb"\A\s*+(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*+>\s*+)?"
    rb"(?:(?><!--.*?-->)\s*+|<!DOCTYPE[^>\[]*+>\s*+)*+<svg[\s>]",
    re.DOTALL | re.IGNORECASE,
)
#: Elements that bring other files, or whole pages.
_FORBIDDEN_ELEMENTS = frozenset(("image", "feimage", "foreignobject", "include"))
#: What in a style sheet or an attribute names something outside the drawing.
_EXTERNAL_REFERENCE = re.compile(r"@import|url\(\s*[\"']?(?!#)", re.IGNORECASE)
#: Elements within each other; resvg's recursion ends its process at some thousands.
_MAX_DEPTH = 200


class _ExternalReferenceError(Exception):
    """The drawing holds what isn't drawn here."""


class _SvgValidator:
    """Looks at every element, as its parser names it.

    Whatever prefix a drawing gives its namespace.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.buffer_text, self.parser.buffer_size = True, MAX_SVG_BYTES
        self.parser.StartElementHandler = self._handle_start
        self.parser.EndElementHandler = self._handle_end
        self.parser.CharacterDataHandler = self._handle_text
        self.parser.EntityDeclHandler = self._refuse_entity

    def _handle_start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        tag = name.rpartition(" ")[2].lower()
        for attribute, value in attributes.items():
            leads_out = (
                attribute.rpartition(" ")[2].lower() == "href"
                and not value.strip().startswith("#")
                and tag != "a"
            )
            if leads_out or _EXTERNAL_REFERENCE.search(value):
                raise _ExternalReferenceError
        if tag in _FORBIDDEN_ELEMENTS or self.depth > _MAX_DEPTH:
            raise _ExternalReferenceError

    def _handle_end(self, _name: str) -> None:
        self.depth -= 1

    def _handle_text(self, text: str) -> None:
        if _EXTERNAL_REFERENCE.search(text):
            raise _ExternalReferenceError

    def _refuse_entity(self, *_declaration: object) -> None:
        raise _ExternalReferenceError


def is_svg(content: bytes) -> bool:
    """Say whether a file is an SVG drawing."""
    return bool(_SVG_START.match(content[:4_000]))


def render_svg_as_png(content: bytes, *, width: int) -> bytes:
    """Return a drawing as PNG of so many pixels in width.

    Raises PictureError where that can't or shouldn't be done.
    """
    if len(content) > MAX_SVG_BYTES:
        raise PictureError("The SVG drawing is too large, or holds other files. Save it as PNG.")
    text = content.decode("utf-8", "replace")
    try:
        _SvgValidator().parser.Parse(text.encode("utf-8"), True)
    except _ExternalReferenceError:
        raise PictureError(
            "The SVG drawing is too large, or holds other files. Save it as PNG."
        ) from None
    except expat.ExpatError as error:
        raise PictureError("The SVG drawing can't be drawn. Save it as PNG.") from error
    import resvg_py

    try:
        return bytes(resvg_py.svg_to_bytes(svg_string=text, width=width))
    except ValueError as error:
        raise PictureError("The SVG drawing can't be drawn. Save it as PNG.") from error
