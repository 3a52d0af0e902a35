"""Rows of a list that can't be taken, and why, in words for people."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.i18n import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that wasn't taken, and why."""

    line: int
    #: A word for programs: "address", "status", "cells", "quotes", "encoding", "long", "erased".
    code: str
    reason: Phrase
    cells: tuple[str, ...] = ()


_SURROGATE = re.compile(r"[\ud800-\udfff]")


def refuse_extra_cells(line: int, cells: Sequence[str], width: int) -> RefusedRow:
    """Refuse a row with more cells than the header: a separator stands in a cell."""
    reason = Phrase(
        "The row has {count} cells, the first row has {width}. Put quotation marks around cells"
        " that hold the separator.",
        count=len(cells),
        width=width,
    )
    return RefusedRow(line=line, code="cells", reason=reason, cells=tuple(cells))


def refuse_unclosed_quote(line: int, cells: Sequence[str]) -> RefusedRow:
    """Refuse what was read as one cell and is several rows."""
    reason = Phrase(
        "A quotation mark in this row or above is never closed: rows after it were read as one"
        " cell."
    )
    return RefusedRow(line=line, code="quotes", reason=reason, cells=tuple(cells))


def refuse_unknown_status(line: int, cells: Sequence[str], word: str) -> RefusedRow:
    """Refuse a row whose status is no word that we know."""
    reason = Phrase(
        "The status “{word}” isn't known. Write active, pending, unsubscribed, bounced, complained"
        " or manual, or leave it empty.",
        word=word,
    )
    return RefusedRow(line=line, code="status", reason=reason, cells=tuple(cells))


def refuse_undecodable(line: int, cells: Sequence[str]) -> RefusedRow:
    """Refuse a row with bytes of another encoding; they are shown as “�”."""
    reason = Phrase(
        "Some letters in this row can't be read: the file mixes encodings. Save it as “CSV UTF-8”."
    )
    return RefusedRow(
        line=line,
        code="encoding",
        reason=reason,
        cells=tuple(_SURROGATE.sub("�", cell) for cell in cells),
    )


def is_undecodable(cells: Sequence[str]) -> bool:
    """Return True if bytes of a row are no text in the encoding of its file."""
    return any(_SURROGATE.search(cell) for cell in cells)


def refuse_erased(line: int) -> RefusedRow:
    """Refuse a row about somebody who has asked to be forgotten."""
    reason = Phrase(
        "This person has asked to be erased. Only the person herself can sign up again."
    )
    return RefusedRow(line=line, code="erased", reason=reason)
