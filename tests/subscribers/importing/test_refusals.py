"""Why a row isn't taken: its code for programs, its sentence for people."""

import pytest

from newsletter.subscribers.importing import refusals
from newsletter.subscribers.importing.refusals import RefusedRow

CELLS = ("anna@example.org", "Anna")


@pytest.mark.parametrize(
    ("row", "code", "english", "swedish"),
    [
        (refusals.refuse_extra_cells(3, CELLS, 1), "cells",
         "The row has 2 cells, the first row has 1.",
         "Raden har 2 celler, den första raden har 1."),
        (refusals.refuse_unclosed_quote(3, CELLS), "quotes",
         "A quotation mark in this row or above is never closed",
         "Ett citattecken på raden eller ovanför avslutas aldrig"),
        (refusals.refuse_unknown_status(3, CELLS, "kanske"), "status",
         "The status “kanske” isn't known.", "Statusen ”kanske” är okänd."),
        (refusals.refuse_undecodable(3, CELLS), "encoding",
         "the file mixes encodings", "filen blandar teckenkodningar"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isalpha() else "",
)  # fmt: skip
def test_every_refusal_has_line_code_and_a_sentence(
    row: RefusedRow, code: str, english: str, swedish: str
) -> None:
    """In both languages, with what is to be done; the row's cells go into the report."""
    assert (row.line, row.code, row.cells) == (3, code, CELLS)
    assert english in row.reason.translate("en")
    assert swedish in row.reason.translate("sv")


def test_who_was_erased_is_not_repeated() -> None:
    """The report holds no address of somebody whom we have forgotten."""
    row = refusals.refuse_erased(9)
    assert (row.line, row.code, row.cells) == (9, "erased", ())
    assert "asked to be erased" in row.reason.translate("en")
    assert "raderade" in row.reason.translate("sv")


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    """Half a letter can't be written into the report."""
    broken = ("anna@example.org", "\udce5sa")
    assert refusals.is_undecodable(broken)
    assert not refusals.is_undecodable(CELLS)
    assert refusals.refuse_undecodable(2, broken).cells == ("anna@example.org", "�sa")
