"""A text in any of three formats becomes HTML."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.input_formats import INPUT_FORMATS, detect_format, to_html
from newsletter.posts.clean.tree import extract_all_text


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.html", "# x", "html"),
        ("A.HTM", "", "html"),
        ("a.xhtml", "", "html"),
        ("a.md", "<p>x</p>", "markdown"),
        ("a.markdown", "", "markdown"),
        ("a.txt", "<p>x</p>", "text"),
        ("a.tar.md", "", "markdown"),
        ("-", "  <p>x</p>", "html"),
        ("-", "# x", "markdown"),
        ("md", "<", "markdown"),
        ("", "", "markdown"),
    ],
)
def test_a_format_is_told_by_the_name_or_else_the_beginning(
    name: str, text: str, found: str
) -> None:
    """The name goes first."""
    assert detect_format(name, text) == found


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Ett.\nTvå.", "<p>Ett.<br>Två.<br></p>"),
        ("Ett.\n\nTvå.", "<p>Ett.<br></p><p>Två.<br></p>"),
        ("Ett.\r\n \r\nTvå.", "<p>Ett.<br></p><p>Två.<br></p>"),
        ("Rubrik\n=====\nText.", "<p>Rubrik<br></p><p>Text.<br></p>"),
        ("a < b & c", "<p>a &lt; b &amp; c<br></p>"),
        ("- Ja!", "<p>- Ja!<br></p>"),
        ("- Ett\n- Två", "<p><li>Ett</li><li>Två</li></p>"),
        ("Köp:\n1. Mjölk\n2) Bröd", "<p>Köp:<br><li>Mjölk</li><li>Bröd</li></p>"),
        ("", ""),
        ("\n \n", ""),
    ],
)
def test_plain_text_becomes_paragraphs_and_lists(text: str, html: str) -> None:
    """An empty line divides; one item alone may be what somebody says."""
    assert to_html(text, "text") == html


@given(st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=60))
def test_no_text_is_markup(text: str) -> None:
    """Whatever signs it has, the same words are shown."""
    shown = extract_all_text(to_html(text, "text"))
    text, shown = unicodedata.normalize("NFC", text), unicodedata.normalize("NFC", shown)
    letters = [character for character in text if character.isalpha()]
    assert [character for character in shown if character.isalpha()] == letters


def test_html_stays_as_it_is_and_markdown_is_drawn() -> None:
    """Cleaning comes later."""
    assert to_html("<script>x</script>", "html") == "<script>x</script>"
    assert "<strong>x</strong>" in to_html("**x**", "markdown")


def test_another_format_is_a_mistake_of_the_caller() -> None:
    """The command takes these three."""
    assert INPUT_FORMATS == ("html", "markdown", "text")
    with pytest.raises(ValueError, match="rtf"):
        to_html("x", "rtf")
