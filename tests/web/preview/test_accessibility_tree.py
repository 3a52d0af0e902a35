"""What a screen reader says of a letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.web.preview.accessibility_tree import (
    AccessibilityNodeKind,
    build_accessibility_tree,
)


def list_heard(markup: str) -> list[tuple[str, str]]:
    return [(one.kind.value, one.text) for one in build_accessibility_tree(markup)]


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<h1>Ett</h1><p>Två <b>tre</b></p>", [("heading", "Ett"), ("text", "Två tre")]),
        ('<p>Läs <a href="x">mer</a> nu</p>', [("text", "Läs"), ("link", "mer"), ("text", "nu")]),
        ('<a href="x" aria-label="Läs: Ett">Läs</a>', [("link", "Läs: Ett")]),
        ('<a href="x"><img src="a.png" alt="En bild"></a>', [("link", "En bild")]),
        (
            '<a href="https://x.example/"><img src="a.png" alt=""></a>',
            [("unnamed", "https://x.example/")],
        ),
        (
            '<img src="a/b.png"><img src="c.png" alt=""><img src="d.png" alt="D">',
            [("unnamed", "b.png"), ("picture", "D")],
        ),
        ('<h2><a href="x">Rubrik</a></h2>', [("heading", "Rubrik")]),
        (
            '<div role="article" aria-roledescription="email" aria-label="Nytt">x</div>',
            [("landmark", "Nytt"), ("text", "x")],
        ),
        ("<style>p{}</style><title>t</title><!-- c --><p>x</p>", [("text", "x")]),
        (
            (
                '<div style="display:none">&zwnj;&nbsp;Förhand</div><p aria-hidden="true">y</p><p'
                " hidden>z</p><p>x</p>"
            ),
            [("text", "x")],
        ),
        (
            "<p>a<br>b</p><td>c</td><td>\u200b\u00ad</td>",
            [("text", "a"), ("text", "b"), ("text", "c")],
        ),
        ("<p>a</div></p></a><p>b", [("text", "a"), ("text", "b")]),
    ],
)
def test_what_is_heard_and_what_isnt(markup: str, wanted: list[tuple[str, str]]) -> None:
    """Names as browsers compute them, in order; decoration, fillers and styles are silent."""
    assert list_heard(markup) == wanted


def test_headings_have_levels() -> None:
    """One to six, and whether they are links."""
    found = build_accessibility_tree('<h1>a</h1><h3><a href="x">b</a></h3>')
    assert [(one.level, one.url) for one in found] == [(1, ""), (3, "x")]


@given(markup=st.text("<>/=\"' ahpimgtblrefsc123-!\u200b", max_size=80))
def test_any_markup_is_read(markup: str) -> None:
    """Never a crash; nothing that is heard is empty, except a landmark without a name."""
    assert all(
        one.text or one.kind in (AccessibilityNodeKind.landmark, AccessibilityNodeKind.unnamed)
        for one in build_accessibility_tree(markup)
    )
