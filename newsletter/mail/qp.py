"""Quoted-printable in the form that goes over the wire and that DKIM signs (RFC 2045, 6.7.

RFC 6376, 3.4.4).

What comes out is ASCII, ends its lines with CRLF, has no line of more than 76 octets, none that
begins with a dot (nothing is stuffed: RFC 5321, 4.5.2) or with "From ", no white space before an
end of line, and never two spaces in a row: so it is its own relaxed canonical body.
"""

import re

#: Octets in a line, the soft break's "=" included.
MAX_LINE_OCTETS = 76
_SOFT_BREAK = b"=\r\n"
_LITERAL_OCTETS = frozenset(range(33, 127)) - {ord("=")}
_OCTET_ENCODINGS = tuple(
    bytes([byte]) if byte in _LITERAL_OCTETS else b"=%02X" % byte for byte in range(256)
)
#: A value that stands on a line as it is.
_LITERAL_VALUE = re.compile(rb"[!-\-/-<>-~][!-<>-~]{0,74}")


def encode_text(text: str, *, end_with_soft_break: bool) -> bytes:
    """Encode lines of text as quoted-printable (RFC 2045, 6.7).

    `closed` leaves the last physical line with a soft break, so that a slot can follow.

    A slot's own value then stands on physical lines of its own, and what follows it starts a new
    one.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    encoded = b"\r\n".join(_encode_line(line.encode("utf-8", "replace")) for line in lines)
    return encoded + _SOFT_BREAK if end_with_soft_break else encoded


def encode_value(value: str) -> bytes:
    """Encode what goes into a slot: whole physical lines, each ending with a soft break."""
    raw = value.encode("utf-8", "replace")
    if _LITERAL_VALUE.fullmatch(raw):
        return raw + _SOFT_BREAK
    return encode_text(value, end_with_soft_break=True)


def _encode_line(raw: bytes) -> bytes:
    """Encode one logical line without its end, folded by soft breaks."""
    out: list[bytes] = []
    length, last = 0, len(raw) - 1
    for at, byte in enumerate(raw):
        token = _OCTET_ENCODINGS[byte]
        if byte == 0x20 and at != last and out and out[-1] != b" " and length:
            token = b" "
        if length + len(token) > MAX_LINE_OCTETS - 1:
            out.append(_SOFT_BREAK)
            length = 0
        if not length and byte in b".F -":
            token = b"=%02X" % byte
        out.append(token)
        length += len(token)
    return b"".join(out)
