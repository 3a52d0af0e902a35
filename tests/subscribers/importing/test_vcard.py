"""Address cards: vCard 2.1, 3.0 and 4.0 (RFC 6350)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.subscribers.importing.columns import OWN_COLUMNS
from newsletter.subscribers.importing.vcard import parse_rows


def parse(*lines: str, end: str = "\r\n") -> list[list[str]]:
    """Return the rows of one card with these lines, without the header."""
    text = end.join(["BEGIN:VCARD", "VERSION:4.0", *lines, "END:VCARD", ""])
    header, *rows = parse_rows(text)
    assert header == list(OWN_COLUMNS)
    return rows


@pytest.mark.parametrize(
    ("lines", "email"),
    [
        (["EMAIL:a@example.org"], "a@example.org"),
        (["email;type=work:a@example.org"], "a@example.org"),
        (["item1.EMAIL;type=INTERNET:a@example.org"], "a@example.org"),
        (["EMAIL:a@example.org", "EMAIL:b@example.org"], "a@example.org"),
        (["EMAIL:a@example.org", "EMAIL;PREF=1:b@example.org"], "b@example.org"),
        (["EMAIL;PREF=2:a@example.org", "EMAIL;PREF=1:b@example.org"], "b@example.org"),
        (["EMAIL:a@example.org", "EMAIL;TYPE=HOME,PREF:b@example.org"], "b@example.org"),
        (["EMAIL:a@example.org", 'EMAIL;TYPE="work,pref":b@example.org'], "b@example.org"),
        (["EMAIL:a@example.org", "EMAIL;INTERNET;PREF:b@example.org"], "b@example.org"),
        (["EMAIL:a@example.org", "EMAIL;X-PREFERRED=no:b@example.org"], "a@example.org"),
        (['EMAIL;LABEL="a:b;c":a@example.org'], "a@example.org"),
    ],
    ids=["plain", "small letters", "group", "two", "pref 4.0", "smallest pref", "pref 3.0",
         "quoted 3.0", "pref 2.1", "another parameter", "colon in quotation marks"],
)  # fmt: skip
def test_the_preferred_address_counts(lines: list[str], email: str) -> None:
    """Or else the first: a person asked for the letter once."""
    assert [row[0] for row in parse(*lines)] == [email]


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["FN:Åsa Öberg"], "Åsa Öberg"),
        (["N:Öberg;Åsa;Maria;;"], "Åsa Öberg"),
        (["N:Öberg;Åsa", "FN:Åsa Ö."], "Åsa Ö."),
        (["N:Öberg"], "Öberg"),
        (["N:;Åsa"], "Åsa"),
        (["FN:"], ""),
        ([r"FN:Lind\, Anna\; fil. dr \\ x"], r"Lind, Anna; fil. dr \ x"),
        ([r"N:Lind\;Ek;Anna"], "Anna Lind;Ek"),
        (["FN:First", "FN:Second"], "First"),
    ],
    ids=["formatted", "structured", "both", "last alone", "first alone", "empty", "escaped",
         "escaped part", "twice"],
)  # fmt: skip
def test_names(lines: list[str], name: str) -> None:
    """The formatted one, or else first and last."""
    assert parse("EMAIL:a@example.org", *lines) == [["a@example.org", name, "", "", ""]]


def test_language_and_categories() -> None:
    """Categories of several lines are all tags; an escaped comma divides none."""
    (row,) = parse(
        "EMAIL:a@example.org", "LANG:sv", "LANG:en", r"CATEGORIES:press,kultur\, musik, ",
        "CATEGORIES:vip",
    )  # fmt: skip
    assert row[2:] == ["sv", "press;kultur, musik;vip", ""]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_folded_lines_are_joined(end: str) -> None:
    """RFC 6350, 3.2: one white space goes, whatever ends the line."""
    (row,) = parse("EMAIL:anna@exa", " mple.org", "FN:Anna", "\t Lind", end=end)
    assert row[:2] == ["anna@example.org", "Anna Lind"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=C3=85sa", "Åsa"),
        ("FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:=C5sa", "Åsa"),
        ("FN;QUOTED-PRINTABLE:=C5sa", "Åsa"),
        ("FN;ENCODING=QUOTED-PRINTABLE;CHARSET=X-NONSENSE:=C3=85sa", "Åsa"),
        ("FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=C3=85sa =\r\n=C3=96", "Åsa Ö"),
    ],
    ids=["utf-8", "latin 1", "unnamed", "unknown", "soft line break"],
)
def test_quoted_printable_of_old_cards(line: str, name: str) -> None:
    """VCard 2.1 names its charset, or doesn't."""
    assert parse("EMAIL:a@example.org", line)[0][1] == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "EMAIL:a@example.org\n",
        "BEGIN:VCARD\nEMAIL:a@example.org\n",
        "BEGIN:VCARD\nFN:Anna\nEND:VCARD\n",
        "END:VCARD\n",
        "BEGIN:VCALENDAR\nEMAIL:a@example.org\nEND:VCALENDAR\n",
        "BEGIN:VCARD\nno property\nEMAIL a@example.org\nEND:VCARD\n",
    ],
    ids=["empty", "no card", "no end", "no address", "an end alone", "a calendar", "no colon"],
)
def test_what_is_no_card_gives_no_row(text: str) -> None:
    """The header stands all the same."""
    assert list(parse_rows(text)) == [list(OWN_COLUMNS)]


def test_several_cards() -> None:
    """Nothing of one comes into the next."""
    text = (
        "BEGIN:VCARD\nEMAIL:a@example.org\nFN:Anna\nCATEGORIES:x\nEND:VCARD\n"
        "begin:vcard\nEMAIL:b@example.org\nend:vcard\n"
    )
    assert list(parse_rows(text))[1:] == [
        ["a@example.org", "Anna", "", "x", ""],
        ["b@example.org", "", "", "", ""],
    ]


@given(st.text(max_size=300))
def test_whatever_stands_in_a_card_rows_have_five_cells(text: str) -> None:
    """And nothing breaks."""
    found = list(parse_rows(f"BEGIN:VCARD\nEMAIL:a@example.org\n{text}\nEND:VCARD\n"))
    assert all(len(row) == len(OWN_COLUMNS) for row in found)
