"""One row: what it says of a subscriber, or why it says nothing."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.subscribers.importing.column_mapping import map_by_header
from newsletter.subscribers.importing.columns import Columns
from newsletter.subscribers.importing.refusals import RefusedRow
from newsletter.subscribers.importing.row_parser import (
    ParsedRow,
    make_row_parser,
    parse_address_fast,
)
from newsletter.subscribers.importing.sheet_reader import MAX_CELL_CHARS, BrokenRow

HEADER = ["email", "name", "language", "tags", "status", "Ort", "Nr"]


def get_columns(*header: str) -> Columns:
    """Return the columns of a header."""
    found = map_by_header(header or HEADER)
    assert found is not None
    return found


def parse(
    cells: Sequence[str] | BrokenRow, *header: str, separator: str = ","
) -> ParsedRow | RefusedRow:
    """Read the seventh line of a list."""
    return make_row_parser(get_columns(*header), separator)(7, cells)


def take(cells: Sequence[str], *header: str) -> ParsedRow:
    """Read a row that is taken."""
    row = parse(cells, *header)
    assert isinstance(row, ParsedRow), row
    return row


def test_everything_that_a_row_says() -> None:
    """Normalised, and ready for the database."""
    row = take(["Anna@Example.ORG", "Åsa", "Svenska", "press;kultur", "aktiv", "Umeå", ""])
    assert row == ParsedRow(
        line=7,
        key="anna@example.org",
        email="Anna@example.org",
        name="Åsa",
        language="sv",
        tags='["press", "kultur"]',
        fields='{"Ort": "Ume\\u00e5"}',
        status="active",
    )


def test_an_empty_cell_says_nothing() -> None:
    """Neither does one that is left out at the end of a row."""
    assert take(["a@example.org"]) == ParsedRow(
        7, "a@example.org", "a@example.org", "", "", "[]", "{}", ""
    )


@pytest.mark.parametrize(
    ("cell", "email", "name"),
    [
        ("anna@example.org", "anna@example.org", ""),
        ("  anna@example.org ", "anna@example.org", ""),
        ("mailto:anna@example.org", "anna@example.org", ""),
        ("MAILTO:anna@example.org", "anna@example.org", ""),
        ("<anna@example.org>", "anna@example.org", ""),
        ("Anna Lind <anna@example.org>", "anna@example.org", "Anna Lind"),
        ('"Lind, Anna" <anna@example.org>', "anna@example.org", "Lind, Anna"),
        ("Anna <mailto:anna@example.org>", "anna@example.org", "Anna"),
        ("\u200banna@example.org\ufeff", "anna@example.org", ""),
        ("an\u00adna@example.org", "anna@example.org", ""),
        ("anna@räksmörgås.example", "anna@xn--rksmrgs-5wao1o.example", ""),
        ("anna@EXAMPLE.org\0", "anna@example.org", ""),
    ],
    ids=["plain", "spaces", "mailto", "MAILTO", "brackets", "with a name", "quoted name",
         "name and mailto", "zero width", "soft hyphen", "IDN", "nul"],
)  # fmt: skip
def test_addresses_as_people_write_them(cell: str, email: str, name: str) -> None:
    """A name beside the address is one, where there is no column for it."""
    row = take([cell], "email")
    assert (row.email, row.name) == (email, name)
    assert take([cell, "Column"], "email", "name").name == "Column"


@pytest.mark.parametrize(
    ("cells", "code", "words"),
    [
        (["", "Anna"], "address", "no e-mail address in this row"),
        (["anna", ""], "address", "anna"),
        (["a@example.org", "", "", "", "kanske"], "status", "“kanske” isn't known"),
        (["a@example.org", "", "", "", "", "", "", "more"], "cells", "has 8 cells"),
        (["a@example.org", "\udce5sa"], "encoding", "mixes encodings"),
        (["a@example.org", "x" * (MAX_CELL_CHARS + 1)], "quotes", "quotation mark"),
        (
            ["a@example.org", "Anna\nb@example.org,Bo,,,,,\nc@example.org,,,,,,"],
            "quotes",
            "quotation mark",
        ),
    ],
    ids=["empty", "no address", "status", "too many", "bytes", "too long", "swallowed rows"],
)
def test_rows_that_are_refused(cells: list[str], code: str, words: str) -> None:
    """With line, code, reason and the cells, so that the row can be mended."""
    row = parse(cells)
    assert isinstance(row, RefusedRow)
    assert (row.line, row.code) == (7, code)
    assert words in row.reason.translate("en")
    assert row.reason.translate("sv") != row.reason.translate("en")


def test_a_row_that_cannot_be_told_from_the_next() -> None:
    """There is nothing to show of it."""
    row = parse(BrokenRow())
    assert isinstance(row, RefusedRow)
    assert (row.line, row.code, row.cells) == (7, "quotes", ())


def test_further_cells_that_are_empty_are_no_fault() -> None:
    """Excel writes them by the dozen."""
    assert take(["a@example.org", *[""] * 6, " ", "", "\t"]).email == "a@example.org"


def test_a_line_end_in_a_cell_is_text() -> None:
    """Where no row of the list stands in it."""
    row = take(["a@example.org", "", "", "", "", "Box 1\nUmeå", ""])
    assert json.loads(row.fields) == {"Ort": "Box 1\nUmeå"}


@pytest.mark.parametrize(
    ("status", "when", "meant"),
    [
        ("active", "", "active"),
        ("active", "2026-01-02", "unsubscribed"),
        ("", "2026-01-02", "unsubscribed"),
        ("", "no", ""),
        ("complained", "2026-01-02", "complained"),
        ("bounced", "2026-01-02", "unsubscribed"),
    ],
)
def test_of_several_statuses_the_strongest_counts(status: str, when: str, meant: str) -> None:
    """Whatever column says it."""
    row = take(["a@example.org", status, when], "email", "status", "unsubscribed_at")
    assert row.status == meant


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [("Anna", "Lind", "Anna Lind"), ("Anna", "", "Anna"), ("", "Lind", "Lind"), (" ", "", "")],
)
def test_a_name_is_put_together(first: str, last: str, name: str) -> None:
    """Without a space too many."""
    row = take(["a@example.org", first, last], "email", "Förnamn", "Efternamn")
    assert row.name == name


def test_only_our_own_export_has_escaped_addresses() -> None:
    """Elsewhere an apostrophe belongs to the address: it is another mailbox."""
    cells = ["'+46@example.org", "'=Anna", "", "", "", "", ""]
    own = take(cells, "email", "name", "language", "tags", "status", "Ort", "Nr")
    assert (own.email, own.name) == ("+46@example.org", "=Anna")
    other = take(cells[:2], "email", "namn")
    assert (other.email, other.name) == ("'+46@example.org", "=Anna")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Anna@Example.ORG", ("Anna@example.org", "anna@example.org")),
        ("a@b@example.org", None),
        ("anna", None),
        ("anna lind@example.org", None),
        ("anna@räksmörgås.example", None),
        (".anna@example.org", None),
        ("a" * 65 + "@example.org", None),
        ("anna@", None),
    ],
)
def test_the_fast_way_leaves_what_is_odd_to_the_slow_one(
    text: str, found: tuple[str, str] | None
) -> None:
    """None isn't a refusal."""
    assert parse_address_fast(text) == found


@given(st.lists(st.text(max_size=40), max_size=9))
def test_whatever_stands_in_the_cells(cells: list[str]) -> None:
    """A row or a refusal; and a row's texts are such that every database takes them."""
    row = parse(cells)
    if isinstance(row, RefusedRow):
        assert row.reason.translate("en")
        return
    assert "@" in row.key
    assert row.key == row.email.lower()
    assert isinstance(json.loads(row.tags), list)
    assert isinstance(json.loads(row.fields), dict)
    assert "\0" not in row.name
