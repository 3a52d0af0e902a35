"""Text and addresses from anywhere become harmless."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from markupsafe import Markup

from newsletter.render.mjml import to_html
from newsletter.render.safe_text import escape_for_mrml, finalize_value, sanitise_url, to_one_line


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org/a b?x=1&y=å#z", "https://example.org/a%20b?x=1&y=%C3%A5#z"),
        ("https://räksmörgås.example.org/å", "https://xn--rksmrgs-5wao1o.example.org/%C3%A5"),
        ("HTTPS://Example.ORG:8443/", "https://example.org:8443/"),
        ("  https://example.org/\n", "https://example.org/"),
        ("https://example.org/%C3%A5", "https://example.org/%C3%A5"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        (
            "mailto:redaktionen@example.org?subject=Hej du",
            "mailto:redaktionen@example.org?subject=Hej%20du",
        ),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("\u2028javascript:alert(1)", None),
        ("\u3000javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org/", None),
        ("/a", None),
        ("", None),
        ("https://", None),
        ("https://user:secret@example.org/", None),
        ("https://exa mple.org/", None),
        ('https://example.org"onclick="x/', None),
        ("https://[::1", None),
        ("https://example.org:99999999/", None),
        ("mailto:", None),
        ("https://example.org/" + "a" * 3000, None),
    ],
)
def test_only_addresses_that_nobody_reads_otherwise_stay(url: str, safe: str | None) -> None:
    """http, https and mailto; controls dropped before the scheme is looked at, hosts in ASCII."""
    assert sanitise_url(url) == safe


@given(st.text(max_size=80) | st.text(max_size=60).map(lambda text: f"https://example.org/{text}"))
def test_a_safe_address_stays_as_it_is(url: str) -> None:
    """What comes out is printable ASCII, begins with a known scheme, and passes again unchanged."""
    safe = sanitise_url(url)
    if safe is not None:
        assert safe.isascii()
        assert safe.isprintable()
        assert not set(safe) & set("\"<> \\'") - {"'"}
        assert safe.startswith(("http://", "https://", "mailto:"))
        assert sanitise_url(safe) == safe


@given(st.text(max_size=60))
def test_any_text_survives_mrml_and_the_parser(text: str) -> None:
    """In an attribute and in text: what a client shows is the text, as one line in NFC."""
    shown = finalize_value(to_one_line(text))
    column = f'<mj-column><mj-image src="x" alt="{shown}" /><mj-text>{shown}</mj-text></mj-column>'
    source = f"<mjml><mj-body><mj-section>{column}</mj-section></mj-body></mjml>"
    tree = lxml_html.document_fromstring(to_html(source))
    assert tree.xpath("//img/@alt") == [to_one_line(text)]
    assert to_one_line("".join(tree.xpath("//td/div")[0].itertext())) == to_one_line(text)


@given(st.text(max_size=60))
def test_one_line_is_one_line(text: str) -> None:
    """No line ends, no controls, nothing left to change."""
    line = to_one_line(text)
    assert all(unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") for c in line)
    assert to_one_line(line) == line
    assert "  " not in line


def test_markup_stays_markup() -> None:
    """But its odd characters are spelled out."""
    assert finalize_value(Markup("<p>a\u00ad</p>\n<p>b</p>")) == "<p>a&#173;</p>\n<p>b</p>"
    assert finalize_value("<p>") == "&lt;p&gt;"
    assert finalize_value(None) == "None"
    assert escape_for_mrml("\ud800a\x00") == "a"


def test_a_text_cannot_turn_the_letter_around() -> None:
    """Overrides of direction are dropped; joiners within emoji stay."""
    assert to_one_line("a\u202eb\u2066c") == "abc"
    assert to_one_line("👩\u200d🚒") == "👩\u200d🚒"
