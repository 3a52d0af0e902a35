"""CSV injection: cells that a spreadsheet would run as formulas.

Escaped on the way out, unescaped on the way in.

A cell that begins like a formula gets an apostrophe before it, which spreadsheets take for "this is
text" (phpList's CVE-2021-3188 is what happens otherwise). Apostrophes that stand there already get
one more, so that reading back is exact for every text:
`unescape_formula(escape_formula(cell)) == cell`.
"""

import re

#: = + - @ tab and line ends, also in full width, after any number of apostrophes.
_FORMULA_START = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_ESCAPED_FORMULA_START = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def escape_formula(cell: str) -> str:
    """Return a cell that a spreadsheet shows and doesn't run."""
    return f"'{cell}" if _FORMULA_START.match(cell) else cell


def unescape_formula(cell: str) -> str:
    """Return what a cell was before `escape_formula`."""
    return cell[1:] if cell[:1] == "'" and _ESCAPED_FORMULA_START.match(cell) else cell
