r"""Make text from anywhere safe for mrml, libxml2 and mail clients.

The one place where characters are cured.

mrml writes attribute values as Rust debug strings: a newline becomes a literal `\n`, a soft hyphen,
a combining mark or a part of an emoji becomes `\u{ad}`, a backslash doubles. References (`&#173;`)
pass through it untouched, and premailer turns them back into characters. XML forbids most control
characters altogether: they are dropped.
"""

import unicodedata
from functools import lru_cache
from html import escape
from urllib.parse import quote, urlsplit, urlunsplit

import idna
from markupsafe import Markup

#: Categories that XML forbids or nobody can see: controls, surrogates, private use, unassigned.
_DROPPED_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn"})
#: Categories that mrml would spell out: marks, formats, separators of lines and paragraphs.
_ESCAPED_CATEGORIES = frozenset({"Mn", "Me", "Mc", "Cf", "Zl", "Zp"})
_LINK_SCHEMES = ("http", "https", "mailto")
#: Longest address that a link may have, in characters (as long as browsers take).
MAX_URL_CHARS = 2_000
#: Bidirectional overrides: they could turn a whole letter around (CVE-2021-42574).
_BIDI_OVERRIDES = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


@lru_cache(maxsize=4096)
def _escape_character(character: str) -> str:
    """Return one character as mrml may see it: itself, a reference, or nothing."""
    if character in "\t\n\r":
        return " "
    category = unicodedata.category(character)
    if category in _DROPPED_CATEGORIES:
        return ""
    odd = (
        category in _ESCAPED_CATEGORIES
        or (category == "Zs" and character != " ")
        or character == "\\"
    )
    return f"&#{ord(character)};" if odd else character


def escape_for_mrml(text: str) -> str:
    """Spell out as references what mrml would mangle.

    Markup stays markup, line ends become spaces.
    """
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return "".join(map(_escape_character, unicodedata.normalize("NFC", text)))


def to_one_line(text: str) -> str:
    """Return text as one NFC line without control characters; breaking white space collapses."""
    spaced = "".join(
        " " if c in "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029" else c
        for c in text.translate(_BIDI_OVERRIDES)
    )
    kept = "".join(c for c in spaced if unicodedata.category(c) not in _DROPPED_CATEGORIES)
    return unicodedata.normalize("NFC", " ".join(part for part in kept.split(" ") if part))


def normalise_lines(text: str) -> str:
    """Return text of several lines.

    NFC, single line ends, control characters, lone surrogates and overrides dropped.
    """
    ended = text.translate(_BIDI_OVERRIDES).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize(
        "NFC",
        "".join(
            c for c in ended if c in "\n\t" or unicodedata.category(c) not in _DROPPED_CATEGORIES
        ),
    )


def finalize_value(value: object) -> Markup:
    """Return what a template's `{{ … }}` prints.

    Text escaped and on one line, markup left as it is, odd characters spelled out.

    This is the `finalize` of the MJML environment.
    """
    if isinstance(value, Markup):
        # It was markup before.
        return Markup("\n".join(map(escape_for_mrml, value.split("\n"))))  # noqa: S704
    return Markup(escape_for_mrml(escape(str(value))))  # noqa: S704 - escaped right here


def _encode_host(name: str) -> str:
    try:
        return name if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def sanitise_url(url: str) -> str | None:
    r"""Return an http, https or mailto address that no client reads in another way, or None.

    Control characters and spaces at the ends are dropped (browsers drop them too, so
    `java\nscript:` is no relative address), the host is written in ASCII (libxml2 would
    percent-encode it), other odd characters are percent-encoded.
    """
    bare = "".join(
        c for c in url if unicodedata.category(c) not in (*_DROPPED_CATEGORIES, "Cf", "Zl", "Zp")
    ).strip()
    try:
        parts = urlsplit(unicodedata.normalize("NFC", bare))
        host, port = _encode_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in _LINK_SCHEMES or len(bare) > MAX_URL_CHARS:
        return None
    if parts.scheme.lower() == "mailto":
        address = quote(parts.path, safe="%@:!$&'*+,;=~()./-_")
        query = quote(parts.query, safe="%:@!$&'*+,;=~()./?-_")
        return (
            urlunsplit(("mailto", "", address, query, ""))
            if "@" in address and not parts.netloc
            else None
        )
    if (
        not host
        or "@" in parts.netloc
        or any(c in host for c in " \"'<>\\^`{|}%[]" if ":" not in host)
    ):
        return None
    place = f"[{host}]" if ":" in host else host
    netloc = place if port is None else f"{place}:{port}"
    path, query, fragment = (
        quote(part, safe="%:@!$&'()*+,;=~/?-._")
        for part in (parts.path, parts.query, parts.fragment)
    )
    return urlunsplit((parts.scheme.lower(), netloc, path, query, fragment))
