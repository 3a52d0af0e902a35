"""Turn the cells of a row into what they say of a subscriber, or into why they can't be used.

An empty cell says nothing. What is unclear is refused and reported, not guessed: a wrong address is
somebody else's.
"""

import json
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from newsletter.domain.subscriber import SubscriberStatus
from newsletter.errors import AddressError, ListError
from newsletter.i18n import Phrase
from newsletter.mail.address import parse_address
from newsletter.subscribers.importing.cell_kinds import (
    has_time_or_yes,
    is_bare_yes_or_no,
    parse_consent,
    says_stop_in_words,
)
from newsletter.subscribers.importing.column_mapping import is_address
from newsletter.subscribers.importing.columns import Columns
from newsletter.subscribers.importing.csv_injection import unescape_formula
from newsletter.subscribers.importing.languages import normalise_language
from newsletter.subscribers.importing.merge_rules import pick_more_restrictive
from newsletter.subscribers.importing.refusals import (
    RefusedRow,
    is_undecodable,
    refuse_extra_cells,
    refuse_unclosed_quote,
    refuse_undecodable,
    refuse_unknown_status,
)
from newsletter.subscribers.importing.sheet_reader import MAX_CELL_CHARS, BrokenRow
from newsletter.subscribers.importing.status_words import parse_status
from newsletter.subscribers.importing.tags import parse_tags_as_json


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


_LOCAL_PART = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII
)
#: White space that can't be seen, as it comes along when addresses are copied from web pages.
_INVISIBLE_CHARACTERS = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\0"))
_CACHE_ENTRIES = 4096


def make_row_parser(
    columns: Columns, separator: str
) -> Callable[[int, Sequence[str] | BrokenRow], ParsedRow | RefusedRow]:
    """Return the function that reads the rows of one list.

    Line and cells in, row or refusal out.
    """
    fields_of = _make_fields_parser(columns)
    name_of = _make_name_parser(columns)
    width = columns.width

    def parse_row(line: int, cells: Sequence[str] | BrokenRow) -> ParsedRow | RefusedRow:
        if isinstance(cells, BrokenRow):
            return refuse_unclosed_quote(line, ())
        if len(cells) != width:
            if any(cell.strip() for cell in cells[width:]):
                return refuse_extra_cells(line, cells, width)
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
    status, unknown = _read_status(cells, columns)
    if unknown is not None:
        return refuse_unknown_status(line, cells, unknown)
    language = normalise_language(cells[columns.language]) if columns.language is not None else ""
    tags = (
        parse_tags_as_json(unescape_formula(cells[columns.tags]))
        if columns.tags is not None
        else "[]"
    )
    return ParsedRow(
        line, key, email, name_and_fields[0], language, tags, name_and_fields[1], status
    )


def _read_status(cells: Sequence[str], columns: Columns) -> tuple[str, str | None]:
    """Return the strongest of all statuses in a row, and the cell that can't be understood.

    Raises ListError where a column called a status says only yes or no.
    """
    status = ""
    for at in columns.status:
        word = parse_status(cells[at])
        if at in columns.ambiguous_status and is_bare_yes_or_no(cells[at]):
            raise ListError(
                "A column given as status says only “{word}”, and yes may mean either. Write"
                " --column consent=NAME if a yes means letters, or stop=NAME if it means none.",
                word=cells[at].strip(),
            )
        if word is None:
            return "", cells[at]
        status = pick_more_restrictive(status, word)
    for at, meant in columns.status_flags:
        says_stop = says_stop_in_words if at in columns.worded_flags else has_time_or_yes
        if says_stop(cells[at]):
            status = pick_more_restrictive(status, meant.value)
    for column in columns.consents:
        word = parse_consent(cells[column.at], column.refusal)
        if word is None:
            return "", cells[column.at]
        if not word and column.is_strict:
            word = SubscriberStatus.pending.value
        status = pick_more_restrictive(status, word)
    return status, None


def _parse_slow_path(
    line: int, cells: Sequence[str], columns: Columns, separator: str
) -> ParsedRow | RefusedRow:
    """Read a row that has something unusual in it.

    An odd address, line ends, control characters, bad bytes.
    """
    if is_undecodable(cells):
        return refuse_undecodable(line, cells)
    if any(len(cell) > MAX_CELL_CHARS for cell in cells):
        return refuse_unclosed_quote(line, cells)
    if any(_has_swallowed_rows(cell, separator, columns.width) for cell in cells):
        return refuse_unclosed_quote(line, cells)
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
    """Return address and name of `mailto:a@example.org`, `Anna <a@example.org>` and the like.

    White space that can't be seen goes.
    """
    text = cell.translate(_INVISIBLE_CHARACTERS).strip()
    name = ""
    if text.endswith(">") and "<" in text:
        name, _, text = text[:-1].rpartition("<")
        name = name.strip().strip('"')
    if text[:7].lower() == "mailto:":
        text = text[7:]
    return text.strip(), name


def _has_swallowed_rows(cell: str, separator: str, width: int) -> bool:
    """Return True if a cell holds rows of the list: a quotation mark before them isn't closed."""
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
