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
_DROPPED = frozenset({"Cc", "Cs", "Co", "Cn"})
#: Categories that mrml would spell out: marks, formats, separators of lines and paragraphs.
_SPELLED = frozenset({"Mn", "Me", "Mc", "Cf", "Zl", "Zp"})
_SCHEMES = ("http", "https", "mailto")
#: Longest address that a link may have, in characters (as long as browsers take).
LONGEST_URL = 2_000
#: Bidirectional overrides: they could turn a whole letter around (CVE-2021-42574).
_OVERRIDES = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


@lru_cache(maxsize=4096)
def _spelled(character: str) -> str:
    """Return one character as mrml may see it: itself, a reference, or nothing."""
    if character in "\t\n\r":
        return " "
    category = unicodedata.category(character)
    if category in _DROPPED:
        return ""
    odd = category in _SPELLED or (category == "Zs" and character != " ") or character == "\\"
    return f"&#{ord(character)};" if odd else character


def spell(text: str) -> str:
    """Spell out as references what mrml would mangle.

    Markup stays markup, line ends become spaces.
    """
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return "".join(map(_spelled, unicodedata.normalize("NFC", text)))


def one_line(text: str) -> str:
    """Return text as one line: NFC, white space (not the unbreakable) collapsed, control characters and overrides dropped."""
    spaced = "".join(
        " " if c in "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029" else c
        for c in text.translate(_OVERRIDES)
    )
    kept = "".join(c for c in spaced if unicodedata.category(c) not in _DROPPED)
    return unicodedata.normalize("NFC", " ".join(part for part in kept.split(" ") if part))


def lines(text: str) -> str:
    """Return text of several lines.

    NFC, single line ends, control characters, lone surrogates and overrides dropped.
    """
    ended = text.translate(_OVERRIDES).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize(
        "NFC", "".join(c for c in ended if c in "\n\t" or unicodedata.category(c) not in _DROPPED)
    )


def drawn(value: object) -> Markup:
    """Return what a template's `{{ … }}` prints.

    Text escaped and on one line, markup left as it is, odd characters spelled out.

    This is the `finalize` of the MJML environment.
    """
    if isinstance(value, Markup):
        return Markup("\n".join(map(spell, value.split("\n"))))  # noqa: S704 - it was markup before
    return Markup(spell(escape(str(value))))  # noqa: S704 - escaped right here


def _host(name: str) -> str:
    try:
        return name if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def safe_url(url: str) -> str | None:
    r"""Return an http, https or mailto address that no client reads in another way, or None.

    Control characters and spaces at the ends are dropped (browsers drop them too, so
    `java\nscript:` is no relative address), the host is written in ASCII (libxml2 would
    percent-encode it), other odd characters are percent-encoded.
    """
    bare = "".join(
        c for c in url if unicodedata.category(c) not in (*_DROPPED, "Cf", "Zl", "Zp")
    ).strip()
    try:
        parts = urlsplit(unicodedata.normalize("NFC", bare))
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES or len(bare) > LONGEST_URL:
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
