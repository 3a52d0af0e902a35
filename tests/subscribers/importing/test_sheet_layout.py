"""Which separator a list has, and where its rows begin."""

import io
from pathlib import Path

import pytest

from newsletter.errors import ListError
from newsletter.subscribers.importing.columns import ColumnRole
from newsletter.subscribers.importing.sheet_layout import SheetLayout, detect_layout


def detect(text: str, mapping: dict[str, ColumnRole] | None = None) -> SheetLayout:
    """Return the layout of a list with this text."""
    stream = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8", newline="")
    return detect_layout(Path("lista.csv"), stream, mapping or {})


@pytest.mark.parametrize(
    "separator", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "pipe"]
)
def test_the_separator_that_explains_most(separator: str) -> None:
    """Also where another one stands in the cells."""
    rows = ["email", "namn", "taggar"], ["a@example.org", '"Lind, Anna; fil. dr"', '"x|y"']
    found = detect("\n".join(separator.join(row) for row in rows))
    assert found.separator == separator
    assert (found.columns.email, found.columns.name, found.columns.tags) == (0, 1, 2)
    assert (found.header, found.skipped_lines) == (("email", "namn", "taggar"), 1)


def test_excel_names_the_separator_itself() -> None:
    """`sep=;` is a line of its own, and no row."""
    found = detect("\ufeffsep=;\r\nemail;namn\r\na@example.org;Anna, Bo\r\n")
    assert (found.separator, found.skipped_lines) == (";", 2)


def test_a_header_may_hide_behind_titles() -> None:
    """Up to ten rows of them."""
    found = detect("Medlemmar 2026\n\nUttag,1 mars\nNamn,E-post\nAnna,a@example.org\n")
    assert (found.header, found.skipped_lines) == (("Namn", "E-post"), 4)


def test_a_header_too_far_down_is_not_looked_for() -> None:
    """What stands after ten rows is content; then the one column full of addresses counts."""
    text = "".join(f"Rad {number},x\n" for number in range(11)) + "Namn,E-post\n"
    with pytest.raises(ListError, match="no column of e-mail addresses"):
        detect(text)


def test_without_a_header_the_first_row_is_a_row() -> None:
    """None of it is left out."""
    found = detect("a@example.org,Anna\nb@example.org,Bo\n")
    assert (found.header, found.skipped_lines, found.columns.name) == ((), 0, 1)


def test_a_header_that_names_no_address_is_helped_by_what_is_in_the_rows() -> None:
    """The column is full of them."""
    found = detect("Konto;Ort\na@example.org;Umeå\nb@example.org;Luleå\n")
    assert (found.columns.email, found.header) == (0, ("Konto", "Ort"))
    assert found.columns.fields == ((1, "Ort"),)


def test_a_header_is_read_as_our_own_export_wrote_it() -> None:
    """A field whose name begins like a formula was escaped there."""
    found = detect("email,name,language,tags,status,'=Ort\na@example.org,,,,active,x\n")
    assert found.columns.fields == ((5, "=Ort"),)


def test_named_columns_are_not_guessed_beside() -> None:
    """Who says `--column` and misspells it is told, not guessed for."""
    with pytest.raises(ListError, match="Konto, Ort"):
        detect("Konto,Ort\na@example.org,Umeå\n", {"Kontto": ColumnRole.email})


def test_more_known_columns_beat_more_columns() -> None:
    """A semicolon inside a comma's list doesn't win by making more cells."""
    found = detect("email,namn,språk\na@example.org,A;B;C;D;E,sv\n")
    assert found.separator == ","
    assert found.plausibility == (True, 2, 3)


@pytest.mark.parametrize(
    ("text", "english", "swedish"),
    [
        ("", "is empty", "är tom"),
        ("\ufeff\r\n ;;\n", "is empty", "är tom"),
        ("Namn;Ort\nAnna;Umeå\n", "its first row is: Namn, Ort", "Den första raden är: Namn, Ort"),
    ],
    ids=["empty", "separators alone", "no addresses"],
)
def test_what_is_no_list_is_told(text: str, english: str, swedish: str) -> None:
    """With the row that was looked at, in both languages."""
    with pytest.raises(ListError, match=english) as raised:
        detect(text)
    assert swedish in raised.value.translate("sv")
