"""Turn the cells of a row into what they say of a subscriber, or into the reason why they can't be used.

An empty cell says nothing. What is unclear is refused and reported, not guessed: a wrong address is
somebody else's.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from newsletter.domain.subscriber import SubscriberStatus
from newsletter.errors import AddressError
from newsletter.i18n import Phrase
from newsletter.mail.address import parse_address
from newsletter.subscribers.importing.column_mapping import Columns, is_address
from newsletter.subscribers.importing.csv_injection import unescape_formula
from newsletter.subscribers.importing.languages import normalise_language
from newsletter.subscribers.importing.sheet_reader import MAX_CELL_CHARS, BrokenRow


class ParsedRow(NamedTuple):
    """What one row says; a tuple, because a million of them go by.

    Texts are "" and JSON is "[]" or "{}" where it says nothing.
    """

    line: int
    key: str
    email: str
    name: str
    language: str
    #: JSON: a list of texts.
    tags: str
    #: JSON: an object of texts.
    fields: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that wasn't taken, and why."""

    line: int
    #: A word for programs: "address", "status", "cells", "quotes", "encoding", "long", "erased".
    code: str
    reason: Phrase
    cells: tuple[str, ...] = ()


#: What other programs call the states of a subscriber.
_STATUS_WORDS: Mapping[SubscriberStatus, str] = {
    SubscriberStatus.active: (
        """active subscribed enabled confirmed true yes 1 aktiv aktiva prenumererar prenumerant ja sant bekräftad
        angemeldet abonniert wahr bestätigt"""
    ),
    SubscriberStatus.pending: "pending unconfirmed obekräftad väntar väntande ausstehend unbestätigt",
    SubscriberStatus.unsubscribed: (
        """unsubscribed unsubscribe optout optedout false no 0 avregistrerad avprenumererad avanmäld avslutad nej falskt
        abgemeldet nein falsch"""
    ),
    SubscriberStatus.bounced: (
        "bounced bounce hardbounced hardbounce cleaned undeliverable studsat studsad studsade"
        " unzustellbar"
    ),
    SubscriberStatus.complained: "complained complaint spam spamanmäld abuse beschwerde",
    SubscriberStatus.manual: (
        """manual suppressed blocked blocklisted blacklisted disabled inactive deleted archived spärrad blockerad inaktiv
        inaktiverad borttagen gesperrt deaktiviert gelöscht"""
    ),
}
#: What a cell says that holds no time and no yes; MySQL's "no date" is all zeros.
_NEGATIVE_WORDS = frozenset(
    [
        "false",
        "no",
        "never",
        "none",
        "null",
        "nan",
        "nej",
        "nein",
        "aldrig",
        "falskt",
        "falsch",
        "subscribed",
        "active",
    ]
)
_STATUS_BY_WORD = {
    word: status for status, words in _STATUS_WORDS.items() for word in words.split()
}
_LOCAL_PART = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII
)
_TAG_SEPARATOR = re.compile(r"[,;|\n]")
#: White space that can't be seen, as it comes along when addresses are copied from web pages.
_INVISIBLE_CHARACTERS = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\0"))
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CACHE_ENTRIES = 4096


def make_row_parser(
    columns: Columns, separator: str
) -> "Callable[[int, Sequence[str] | BrokenRow], ParsedRow | RefusedRow]":
    """Return the function that reads the rows of one list.

    Line and cells in, row or refusal out.
    """
    fields_of = _make_fields_parser(columns)
    name_of = _make_name_parser(columns)
    width = columns.width

    def parse_row(line: int, cells: Sequence[str] | BrokenRow) -> ParsedRow | RefusedRow:
        if isinstance(cells, BrokenRow):
            return _refuse_unclosed_quote(line, ())
        if len(cells) != width:
            if any(cell.strip() for cell in cells[width:]):
                return _refuse_extra_cells(line, cells, width)
            cells = [*cells[:width], *[""] * (width - len(cells))]
        address = parse_address_fast(
            unescape_formula(cells[columns.email])
            if columns.is_own_export
            else cells[columns.email]
        )
        everything = "".join(cells)
        if address is None or len(everything) > MAX_CELL_CHARS or not everything.isprintable():
            return _parse_slow_path(line, cells, columns, separator)
        return _build_row(line, cells, columns, address, (name_of(cells), fields_of(cells)))

    return parse_row


def parse_address_fast(text: str) -> tuple[str, str] | None:
    """Return address and key of what nearly all addresses look like; None: ask `parse_address`.

    The domain is judged by `parse_address`, once for each; a test proves the two equal.
    """
    local, at, domain = text.rpartition("@")
    if not at or len(local) > 64 or not _LOCAL_PART.fullmatch(local):  # octets, RFC 5321, 4.5.3.1.1
        return None
    known = _normalise_domain(domain)
    if known is None or len(local) + len(known) > 253:  # with the @, RFC 5321, 4.5.3.1.3
        return None
    email = f"{local}@{known}"
    return email, email.lower()


@lru_cache(maxsize=_CACHE_ENTRIES)
def _normalise_domain(domain: str) -> str | None:
    if not domain.isascii() or domain != domain.strip() or len(domain) > 200:  # the slow way knows
        return None
    try:
        return parse_address(f"a@{domain}").email[2:]
    except AddressError:
        return None


def _build_row(
    line: int,
    cells: Sequence[str],
    columns: Columns,
    address: tuple[str, str],
    name_and_fields: tuple[str, str],
) -> ParsedRow | RefusedRow:
    email, key = address
    status = ""
    for at in columns.status:
        word = _parse_status(cells[at])
        if word is None:
            return _refuse_unknown_status(line, cells, cells[at])
        status = pick_more_restrictive(status, word)
    for at, meant in columns.status_flags:
        if _has_time_or_yes(cells[at]):
            status = pick_more_restrictive(status, meant.value)
    language = normalise_language(cells[columns.language]) if columns.language is not None else ""
    tags = (
        _parse_tags_as_json(unescape_formula(cells[columns.tags]))
        if columns.tags is not None
        else "[]"
    )
    return ParsedRow(
        line, key, email, name_and_fields[0], language, tags, name_and_fields[1], status
    )


def pick_more_restrictive(one: str, other: str) -> str:
    """Return which of two statuses speaks more against writing; "" says nothing."""
    if not other:
        return one
    return (
        other if SubscriberStatus(other).outweighs(SubscriberStatus(one) if one else None) else one
    )


def _has_time_or_yes(cell: str) -> bool:
    """Say whether a cell holds a time or a yes."""
    word = "".join(character for character in cell.casefold() if character.isalnum())
    return word.strip("0") != "" and word not in _NEGATIVE_WORDS


def _parse_slow_path(
    line: int, cells: Sequence[str], columns: Columns, separator: str
) -> ParsedRow | RefusedRow:
    """Read a row that has something unusual in it.

    An odd address, line ends, control characters, bad bytes.
    """
    if any(_SURROGATE.search(cell) for cell in cells):
        return _refuse_undecodable(line, cells)
    if any(len(cell) > MAX_CELL_CHARS for cell in cells):
        return _refuse_unclosed_quote(line, cells)
    if any(_has_swallowed_rows(cell, separator, columns.width) for cell in cells):
        return _refuse_unclosed_quote(line, cells)
    cells = [cell.replace("\0", "") for cell in cells]
    text, name = _unwrap_address(
        unescape_formula(cells[columns.email]) if columns.is_own_export else cells[columns.email]
    )
    if not text:
        return RefusedRow(
            line=line,
            code="address",
            reason=Phrase("There is no e-mail address in this row."),
            cells=tuple(cells),
        )
    try:
        address = parse_address(text)
    except AddressError as error:
        return RefusedRow(line=line, code="address", reason=error.phrase, cells=tuple(cells))
    told = _make_name_parser(columns)(cells) or name, _make_fields_parser(columns)(cells)
    return _build_row(line, cells, columns, (address.email, address.key), told)


def _unwrap_address(cell: str) -> tuple[str, str]:
    """Return address and name of `mailto:a@example.org`, `Anna <a@example.org>`, or an address with unseen space."""
    text = cell.translate(_INVISIBLE_CHARACTERS).strip()
    name = ""
    if text.endswith(">") and "<" in text:
        name, _, text = text[:-1].rpartition("<")
        name = name.strip().strip('"')
    if text[:7].lower() == "mailto:":
        text = text[7:]
    return text.strip(), name


def _has_swallowed_rows(cell: str, separator: str, width: int) -> bool:
    """Say whether a cell holds rows of the list, because a quotation mark before them was never closed."""
    if "\n" not in cell and "\r" not in cell:
        return False
    for line in cell.splitlines()[1:]:
        parts = line.split(separator)
        if len(parts) >= width and any(is_address(part.strip()) for part in parts):
            return True
    return False


def _make_name_parser(columns: Columns) -> Callable[[Sequence[str]], str]:
    name, first, last = columns.name, columns.first_name, columns.last_name
    if name is not None:
        return lambda cells: unescape_formula(cells[name])
    both = [at for at in (first, last) if at is not None]
    return lambda cells: " ".join(
        part for at in both if (part := unescape_formula(cells[at]).strip())
    )


def _make_fields_parser(columns: Columns) -> Callable[[Sequence[str]], str]:
    fields = columns.fields
    if not fields:
        return lambda _cells: "{}"
    # json.dumps of a dict takes three times as long as its parts, and the names are always the
    # same.
    quote = json.encoder.encode_basestring_ascii
    labels = [(at, f"{quote(name)}: ") for at, name in fields]
    return lambda cells: (
        "{"
        + ", ".join(
            [label + quote(unescape_formula(cells[at])) for at, label in labels if cells[at]]
        )
        + "}"
    )


def to_json(value: object) -> str:
    """Return a value as the database keeps it."""
    return json.dumps(value)


@lru_cache(maxsize=_CACHE_ENTRIES)
def _parse_status(cell: str) -> str | None:
    """Return the status that a word of another program means.

    "" for an empty cell, None for an unknown word.
    """
    word = "".join(character for character in cell.casefold() if character.isalnum())
    if not word:
        return ""
    status = _STATUS_BY_WORD.get(word)
    return status.value if status is not None else None


@lru_cache(maxsize=_CACHE_ENTRIES)
def _parse_tags_as_json(cell: str) -> str:
    return to_json(parse_tags(cell))


def parse_tags(text: str) -> list[str]:
    """Return the tags in a text, divided by comma, semicolon, pipe or line end.

    Each once, in whatever case.
    """
    found: dict[str, str] = {}
    for part in _TAG_SEPARATOR.split(text.replace("\r", "\n").replace("\0", "")):
        tag = " ".join(part.split()).strip('"')
        if tag:
            found.setdefault(tag.casefold(), tag)
    return list(found.values())


def _refuse_extra_cells(line: int, cells: Sequence[str], width: int) -> RefusedRow:
    reason = Phrase(
        "The row has {count} cells, the first row has {width}. Put quotation marks around cells"
        " that hold the separator.",
        count=len(cells),
        width=width,
    )
    return RefusedRow(line=line, code="cells", reason=reason, cells=tuple(cells))


def _refuse_unclosed_quote(line: int, cells: Sequence[str]) -> RefusedRow:
    reason = Phrase(
        "A quotation mark in this row or above is never closed: rows after it were read as one"
        " cell."
    )
    return RefusedRow(line=line, code="quotes", reason=reason, cells=tuple(cells))


def _refuse_unknown_status(line: int, cells: Sequence[str], word: str) -> RefusedRow:
    reason = Phrase(
        "The status “{word}” isn't known. Write active, pending, unsubscribed, bounced, complained"
        " or manual, or leave it empty.",
        word=word,
    )
    return RefusedRow(line=line, code="status", reason=reason, cells=tuple(cells))


def _refuse_undecodable(line: int, cells: Sequence[str]) -> RefusedRow:
    reason = Phrase(
        "Some letters in this row can't be read: the file mixes encodings. Save it as “CSV UTF-8”."
    )
    return RefusedRow(
        line=line,
        code="encoding",
        reason=reason,
        cells=tuple(_SURROGATE.sub("�", cell) for cell in cells),
    )
