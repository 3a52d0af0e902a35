"""CSV injection: no cell of ours is run by a spreadsheet."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.subscribers.importing.csv_injection import escape_formula, unescape_formula

DANGEROUS = [
    "=1+1",
    "+46701234567",
    "-2",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
]


@pytest.mark.parametrize("cell", DANGEROUS, ids=repr)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    """OWASP's list, and the full-width forms that some spreadsheets take for the same."""
    assert escape_formula(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["", "Anna", "a=1", "O'Brien", "'citat'", "anna@example.org", " =1", "1-2"], ids=repr
)
def test_plain_text_is_left_alone(cell: str) -> None:
    """Most names have no apostrophe before them when they come back."""
    assert escape_formula(cell) == unescape_formula(cell) == cell


@pytest.mark.parametrize("cell", ["'=1", "''=1", "'@x"], ids=repr)
def test_an_apostrophe_that_stood_there_comes_back(cell: str) -> None:
    """It gets one more, so that taking one away gives back what was there."""
    assert escape_formula(cell) == f"'{cell}"
    assert unescape_formula(escape_formula(cell)) == cell


@given(st.text())
def test_reading_back_is_exact(cell: str) -> None:
    """For every text."""
    assert unescape_formula(escape_formula(cell)) == cell


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1)
)
def test_no_cell_of_a_file_begins_like_a_formula(cells: list[str]) -> None:
    """Also after a CSV reader has taken the quotation marks off."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow([escape_formula(cell) for cell in cells])
    (read,) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert not any(cell[:1] in "=+-@\t\r\n＝＋－＠" for cell in read if cell)
    assert [unescape_formula(cell) for cell in read] == cells
