"""Decode bytes to text: BOM, UTF-8, declared charset, Windows-1252 (encoding sniffing)."""

import codecs
import re

_XML_DECLARATION = re.compile(
    rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']"""
)
_CHARSET_PARAMETER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
#: Names that stand for more than they say (WHATWG Encoding, 4.2).
_ENCODING_ALIASES = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "big5": "big5hkscs",
    "tis-620": "cp874",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: How a document in UTF-16 without a byte order mark begins: "<" or "{", and a zero byte.
_UTF16_BEGINNINGS = (
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
)
#: XML 1.0, 2.2 allows none of these; feeds hold them all the same.
_CONTROL_CHARS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, 65534, 65535))


def decode(data: bytes, content_type: str = "") -> str:
    """Return the text of a document, without a byte order mark and without control characters.

    UTF-8 is tried before the encoding that the document or the server (`content_type`) declares:
    text in another encoding is hardly ever valid UTF-8. In UTF-8 with a few invalid bytes, those
    bytes alone are decoded as Windows-1252.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strip_control_chars(data[len(mark) :].decode(encoding, "replace"))
    for beginning, encoding in _UTF16_BEGINNINGS:
        if data.startswith(beginning):
            return _strip_control_chars(data.decode(encoding, "replace"))
    declared = _XML_DECLARATION.match(data[:300])
    named = _CHARSET_PARAMETER.search(content_type[:200])
    names = [declared.group(1).decode("ascii")] if declared else []
    names += [named.group(1)] if named else []
    if b"\x1b$" not in data[:100_000]:  # the escape of ISO-2022-JP, which is ASCII to the eye
        names.insert(0, "utf-8")
    for name in names:
        text = _try_decode(data, name)
        if text is not None:
            return _strip_control_chars(text)
    return _strip_control_chars(
        data.decode("utf-8", "windows")
        if _is_mostly_utf8(data)
        else data.decode("cp1252", "replace")
    )


def _try_decode(data: bytes, name: str) -> str | None:
    try:
        encoding = codecs.lookup(_ENCODING_ALIASES.get(name.lower(), name))
        if not encoding._is_text_encoding:  # "zip" and "hex" are codecs too
            return None
        return data.decode(encoding.name)
    except (LookupError, UnicodeError, ValueError):
        return None


def _is_mostly_utf8(data: bytes) -> bool:
    text = data[:1_000_000].decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return sum(character > "\x7f" for character in text) - wrong > wrong


def _strip_control_chars(text: str) -> str:
    return text if text.isprintable() else text.translate(_CONTROL_CHARS)


def _decode_as_cp1252(error: UnicodeError) -> tuple[str | bytes, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("windows", _decode_as_cp1252)
