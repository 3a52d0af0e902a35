"""Text never looks like the lines that give an issue file its shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.issue_file.syntax import (
    TEXT_MARKER,
    OpenBlockTracker,
    escape_heading,
    escape_lines,
    is_web_address,
    split_markdown_lines,
    to_one_line,
    unescape_heading,
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a\n\tb  c ", "a b c"),
        ("a\x00b\x1bc", "a b c"),
        ("a\u00a0b", "a\u00a0b"),
        ("a\u2028b\u2029c", "a b c"),
        ("a\ud800b", "a\N{REPLACEMENT CHARACTER}b"),
        ("", ""),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_one_line_of_any_text(text: str, line: str) -> None:
    """White space and controls become blanks; hard blanks and joiners stay."""
    assert to_one_line(text) == line


@given(st.text(max_size=100))
def test_one_line_is_one_line_and_stays_so(text: str) -> None:
    """A second time changes nothing."""
    line = to_one_line(text)
    assert len(line.splitlines()) <= 1
    assert to_one_line(line) == line


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("\n\n a\r\nb\rc\n \n", [" a", "b", "c"]),
        ("a\n\nb", ["a", "", "b"]),
        ("a\tb\x00c", ["a\tbc"]),
    ],
)
def test_lines_of_a_markdown_text(text: str, lines: list[str]) -> None:
    """Any line end, no empty lines at both ends, tabs stay."""
    assert split_markdown_lines(text) == lines


@given(st.text(max_size=80).map(to_one_line))
def test_a_heading_comes_back(text: str) -> None:
    """Whatever signs of Markdown, references or emphasis are in it."""
    assert unescape_heading(escape_heading(text)) == text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("*Nytt*", "Nytt"),
        ("**Nytt** i `dag`", "Nytt i dag"),
        ("***Nytt***", "Nytt"),
        ("a\\*b", "a*b"),
        ("AT&amp;T &lt;3 &#229;", "AT&T <3 å"),
        ("&#0;x&unknown;", "\N{REPLACEMENT CHARACTER}x&unknown;"),
        ("a_file_name", "a_file_name"),
        ("2 * 3 * 4", "2 * 3 * 4"),
    ],
)
def test_what_a_person_types_in_a_heading(markdown: str, text: str) -> None:
    """Emphasis, escapes and references are read as Markdown reads them."""
    assert unescape_heading(markdown) == text


@pytest.mark.parametrize(
    ("url", "is_address"),
    [
        ("https://example.org/", True),
        ("HTTP://example.org/å?a=b#c", True),
        ("javascript:alert(1)", False),
        ("//example.org/", False),
        ("mailto:a@example.org", False),
        ("https://example.org/a b", False),
        ("https://example.org/\u202ea", False),
        ("https://example.org/\n", False),
        ("", False),
    ],
)
def test_a_web_address(url: str, is_address: bool) -> None:
    """Http(s), and nothing in it that can't be seen."""
    assert is_web_address(url) is is_address


@pytest.mark.parametrize(
    ("line", "is_marked"),
    [
        ("## Rubrik", True),
        ("### Puff", True),
        ("# Titel", False),
        ("#### Liten", False),
        ("#tagg", False),
        ("<!-- layout: cards -->", True),
        ("<!-- post: abc -->", True),
        ("<!-- text -->x", True),
        ("![x](https://example.org/x.png)", False),
        ("*24 november 2026*", False),
        ("Vanlig text.", False),
        ("```", True),
        ("<!-- x", True),
    ],
)
def test_a_line_of_text_that_looks_like_shape_is_marked(line: str, is_marked: bool) -> None:
    """And no other line: staff read the file."""
    assert list(escape_lines([line])) == [TEXT_MARKER + line if is_marked else line]


@pytest.mark.parametrize(
    ("has_title", "follows_heading", "line"),
    [
        (False, False, "# Titel"),
        (True, True, "*24 november 2026*"),
        (True, True, "![x](https://example.org/x.png)"),
    ],
)
def test_what_a_line_means_depends_on_its_place(
    has_title: bool, follows_heading: bool, line: str
) -> None:
    """Only the first line under a heading can be a picture or a date."""
    written = list(escape_lines([line, line], has_title=has_title, follows_heading=follows_heading))
    assert written[0] == TEXT_MARKER + line
    assert written[1] == (line if follows_heading else TEXT_MARKER + line)


def test_nothing_is_a_heading_inside_a_block() -> None:
    """In a fence or a comment that is ended; what isn't ended is marked."""
    block = ["```", "## x", "```", "<!-- a", "## y", "b -->"]
    assert list(escape_lines(block)) == block
    assert list(escape_lines(["```", "## x"])) == [f"{TEXT_MARKER}```", f"{TEXT_MARKER}## x"]


@pytest.mark.parametrize(
    ("lines", "mark"),
    [
        (["```py", "x"], "`"),
        (["~~~~", "~~~"], "~"),
        (["```", "~~~"], "`"),
        (["````", "```"], "`"),
        (["```", "``` x"], "`"),
        (["```", "````"], ""),
        (["``` a`b"], ""),
        (["<!-- x"], "<"),
        (["<!-- x", "y -->"], ""),
        (["<!-- x -->"], ""),
        (["    ```"], ""),
    ],
)
def test_a_block_is_open_until_its_like_ends_it(lines: list[str], mark: str) -> None:
    """A fence by one of its kind that is as long and says nothing (CommonMark 4.5)."""
    tracker = OpenBlockTracker()
    for number, line in enumerate(lines):
        tracker.feed_line(line, number)
    assert tracker.mark == mark
    assert tracker.opened_at_line == 0
