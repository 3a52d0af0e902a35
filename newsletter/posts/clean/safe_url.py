"""Addresses that may stand in a link: http or https, ASCII, and nothing hidden in them."""

import ipaddress
import unicodedata
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import idna

#: RFC 9110, 4.1 asks for 8,000; no real article needs more than this, and some mail clients cut
#: there.
MAX_URL_CHARS = 2_048
#: Characters that may stand as they are in a path or a query (RFC 3986, 3.3 and 3.4), and "%",
#: already escaped.
_SAFE_PATH_CHARS = "/:@!$&'()*+,;=-._~%"
_SAFE_QUERY_CHARS = _SAFE_PATH_CHARS + "?"


def sanitise_url(url: str | None, base: str | None = None) -> str | None:
    """Return an absolute http(s) address in ASCII (host as A-labels), or None.

    Control and blank characters at the ends go, as in browsers (WHATWG URL, 4.4); so do user name
    and password. `base`: what a relative address is relative to.
    """
    text = _strip_hidden_chars(url or "")
    if not text or len(text) > MAX_URL_CHARS:
        return None
    try:
        parts = urlsplit(urljoin(base, text) if base else text)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https"):
        return None
    host = to_ascii_host(parts.hostname or "")
    if not host:
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != {"http": 80, "https": 443}[parts.scheme.lower()]:
        netloc += f":{port}"
    address = urlunsplit(
        (
            parts.scheme.lower(),
            netloc,
            quote(parts.path, safe=_SAFE_PATH_CHARS),
            quote(parts.query, safe=_SAFE_QUERY_CHARS),
            quote(parts.fragment, safe=_SAFE_QUERY_CHARS),
        )
    )
    return address if len(address) <= MAX_URL_CHARS else None


def to_ascii_host(host: str) -> str:
    """Return a host in lower case as A-labels (IDNA 2008) or as an IP address.

    "" where it can't be one.
    """
    host = host.rstrip(".").lower()
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    if not host or len(host) > 253 or not host.isprintable():
        return ""
    if host.isascii():
        return host if all(character.isalnum() or character in "-._" for character in host) else ""
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def _strip_hidden_chars(url: str) -> str:
    r"""Take control, format and line characters out, blanks off the ends.

    "\" is "/", as browsers read it.
    """
    kept = (
        c
        for c in url.strip()
        if c == " "
        or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs")
    )
    text = "".join(kept).strip()
    scheme, separator, rest = text.partition(":")
    if separator and scheme.lower() in ("http", "https"):
        path, question, query = rest.partition("?")
        return f"{scheme}:{path.replace(chr(92), '/')}{question}{query}"
    return text
