"""Write a theme's inline.css into the elements' style attributes: premailer, behind one function.

Only the theme's own rules are inlined; what mrml wrote is left as it is. premailer's defaults would
drop a lower-case doctype (quirks mode), widen pictures for Outlook, strip `!important` and the
rules for Outlook's dark mode, fetch linked stylesheets, and put the reset on every cell.
"""

import logging
import re
from functools import lru_cache
from typing import Any

import cssutils  # type: ignore[import-untyped]  # has no stubs
from premailer import Premailer  # type: ignore[import-untyped]  # has no stubs

cssutils.log.setLevel(logging.CRITICAL)
cssutils.log.raiseExceptions = False
# Not every client reads #fff.
cssutils.ser.prefs.minimizeColorHash = False

_DOCTYPE = re.compile(r"^\s*<!doctype html>", re.IGNORECASE)
#: Two Outlook-only pieces that follow each other become one: 3 % smaller.
_OUTLOOK_SEAM = re.compile(r"<!\[endif\]-->\s*<!--\[if mso \| IE\]>")
_STYLE_TAG = re.compile(r"<style\b")
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<[A-Za-z](?:[^\"'<>]++|\"[^\"]*+\"|'[^']*+')*+>", re.DOTALL)
_QUOTED_VALUE = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_BLANK_LINES = re.compile(r"\n\s*")


#: What keeps premailer from touching what isn't ours (measured against its defaults).
_PREMAILER_OPTIONS: dict[str, Any] = {
    "disable_leftover_css": True,
    "keep_style_tags": False,
    "strip_important": False,
    "remove_classes": False,
    "disable_basic_attributes": ["align", "valign", "bgcolor", "width", "height"],
    "align_floating_images": False,
    "disable_validation": True,
    "disable_link_rewrites": True,
    "base_url": None,
    "allow_network": False,
    "allow_loading_external_files": False,
    "include_star_selectors": False,
    "cache_css_parsing": True,
}


class _CachingPremailer(Premailer):  # type: ignore[misc]  # premailer is untyped
    """Reads a stylesheet once.

    Premailer would write its rules anew for every letter, a third of the time of a render.
    """

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> Any:
        return _parse_rules(css_body, ruleset_index)


@lru_cache(maxsize=16)
def _parse_rules(css: str, index: int) -> Any:
    return Premailer("", **_PREMAILER_OPTIONS)._parse_style_rules(css, index)


def inline_css(html: str, css: str) -> str:
    """Return the HTML with the rules of `css` in style attributes.

    Head styles, conditional comments and widths untouched.

    `css` holds no @media and no pseudo classes: they can't be inlined and would be lost. Nothing is
    fetched.
    """
    prepared = _DOCTYPE.sub("<!DOCTYPE html>", html, count=1)
    prepared = _STYLE_TAG.sub('<style data-premailer="ignore"', _OUTLOOK_SEAM.sub("", prepared))
    return _strip_leftovers(
        str(
            _CachingPremailer(prepared, css_text=css, **_PREMAILER_OPTIONS).transform(
                pretty_print=False
            )
        )
    )


def _strip_leftovers(html: str) -> str:
    """Take away what premailer and mrml leave behind.

    Its own marker, and attributes that Outlook misreads or HTML doesn't know.
    """
    for left in (' data-premailer="ignore"', ' height="auto"', ' vertical-align="middle"'):
        html = html.replace(left, "")
    return _BLANK_LINES.sub("\n", _TAG.sub(_escape_values, html)).strip() + "\n"


def _escape_values(tag: re.Match[str]) -> str:
    """Escape < and > in a tag's values, as libxml2 doesn't.

    A title could look like a conditional comment to Outlook.
    """
    if tag[0].startswith("<!--") or not ("<" in tag[0][1:] or ">" in tag[0][:-1]):
        return tag[0]
    return _QUOTED_VALUE.sub(
        lambda value: value[0].replace("<", "&lt;").replace(">", "&gt;"), tag[0]
    )
