"""Prepare a letter for a frame of the preview: slots filled, scheme forced, pictures from here.

The dark palette of a theme stands behind `prefers-color-scheme`, which follows the machine that
looks. Here the condition itself is answered, so dark is seen on a light machine and the other way
round.
"""

import hashlib
import html
import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from newsletter.domain.issue import RenderedIssue

#: What mail clients show. No SVG: hardly any does, and it may hold scripts.
PICTURE_TYPES = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"}
)

#: The letter is our own renderer's HTML: comments, styles and tags are told apart to leave its
#: words alone.
_MARKUP = re.compile(
    r"(<!--.*?(?:-->|\Z)|<style\b.*?(?:</style>|\Z)|<[a-z/](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)",
    re.S | re.I,
)
_PICTURE_URL = re.compile(
    r"""(\b(?:src|background)\s*=\s*["']|url\(\s*["']?)(https?://[^"')\s]+)""", re.I
)
_COLOR_SCHEME_CONDITION = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.I)

#: Roughly what Gmail on iOS and Outlook on Windows do to letters that they think are light.
_INVERSION_CSS = (
    "html{filter:invert(.92) hue-rotate(180deg);background:#fff}img{filter:invert(1)"
    " hue-rotate(180deg) brightness(1.08)}"
)


class ColorScheme(StrEnum):
    """How a letter is shown (prefers-color-scheme)."""

    light = "light"
    dark = "dark"
    #: Turned dark by the client against the theme's will.
    inverted = "inverted"


def fill_placeholders(rendered: RenderedIssue, values: Mapping[str, str]) -> tuple[str, str]:
    """Return HTML and text with a subscriber's values in the slots."""
    markup, text = rendered.html, rendered.text
    for slot, placeholder in rendered.slots.items():
        if slot in values:
            markup = markup.replace(placeholder, html.escape(values[slot]))
            text = text.replace(placeholder, values[slot])
    return markup, text


def hash_picture_url(url: str) -> str:
    """Return a short name for a picture's address: the page can ask for no other."""
    return hashlib.blake2b(url.encode(), digest_size=12).hexdigest()


def find_pictures(markup: str) -> dict[str, str]:
    """Return key → address of every picture that a letter shows."""
    found = (
        html.unescape(url)
        for part in _MARKUP.split(markup)[1::2]
        for _, url in _PICTURE_URL.findall(part)
    )
    return {hash_picture_url(url): url for url in found}


def prepare_for_frame(markup: str, scheme: ColorScheme, *, with_pictures: bool = True) -> str:
    """Return the HTML for a frame: the scheme forced, pictures at `picture/KEY` or nowhere."""
    parts = _MARKUP.split(markup)
    parts[1::2] = [
        _rewrite_picture_urls(_force_color_scheme(part, scheme), with_pictures=with_pictures)
        for part in parts[1::2]
    ]
    dark = scheme is ColorScheme.dark
    own = (
        f"<style>:root{{color-scheme:{'dark' if dark else 'light'}"
        f" !important}}{_INVERSION_CSS if scheme is ColorScheme.inverted else ''}</style>"
    )
    # Links open beside the preview, not inside the frame.
    return _insert_into_head("".join(parts), f'<base target="_blank">{own}')


def _rewrite_picture_urls(markup: str, *, with_pictures: bool) -> str:
    def replace_url(found: re.Match[str]) -> str:
        return found[1] + (
            f"picture/{hash_picture_url(html.unescape(found[2]))}" if with_pictures else ""
        )

    return _PICTURE_URL.sub(replace_url, markup)


def _force_color_scheme(markup: str, scheme: ColorScheme) -> str:
    is_dark = scheme is ColorScheme.dark

    def replace_condition(found: re.Match[str]) -> str:
        return (
            "(min-width: 0)" if (found[1].lower() == "dark") is is_dark else "(min-width: 999999px)"
        )

    return _COLOR_SCHEME_CONDITION.sub(replace_condition, markup)


def _insert_into_head(markup: str, addition: str) -> str:
    place: Callable[[str], int] = markup.lower().find
    at = place("</head>")
    return markup[:at] + addition + markup[at:] if at >= 0 else addition + markup
