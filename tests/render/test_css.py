"""premailer's defaults would break the letter: each of them is off."""

import logging

import pytest

from newsletter.render.css import inline_css

PAGE = """<!doctype html><html lang="sv"><head><style>p { color: red !important; } [data-ogsc] .x { color: blue; }
@media (max-width: 479px) { .x { width: 100% !important; } }</style></head><body><!--[if mso | IE]><table><tr><td><![endif]-->
<!--[if mso | IE]></td></tr></table><![endif]--><p class="x">å\u00a0b</p><img src="x" width="640" height="auto" alt="">
<a href="xslotk3v9q2m7x1viewurlx">x</a>
<a href="https://example.org/?a=1&amp;copy=2">y</a></body></html>"""


def test_only_the_themes_rules_are_inlined() -> None:
    """Head styles stay as they are, with !important, attribute selectors and media queries."""
    html = inline_css(
        PAGE, ".x { margin: 0; mso-hide: all; padding: 0pt } a { text-decoration: none }"
    )
    assert 'class="x" style="margin:0; mso-hide:all; padding:0"' in html
    assert "p { color: red !important; } [data-ogsc] .x { color: blue; }" in html
    assert "@media (max-width: 479px) { .x { width: 100% !important; } }" in html


def test_what_premailer_breaks_stays_whole() -> None:
    """The doctype (else quirks mode), widths (Outlook), characters, addresses and slots."""
    html = inline_css(PAGE, "p { margin: 0 }")
    assert html.startswith("<!DOCTYPE html>")
    assert 'width="640"' in html
    assert "auto" not in html
    assert "å\u00a0b" in html
    assert 'href="xslotk3v9q2m7x1viewurlx"' in html
    assert 'href="https://example.org/?a=1&amp;copy=2"' in html
    assert "data-premailer" not in html


def test_inlining_adds_no_attributes_and_keeps_important() -> None:
    """A width from CSS would become width="100%" and break Outlook."""
    html = inline_css(
        PAGE, "img { width: 100% !important; text-align: center; background-color: #ffffff }"
    )
    assert (
        '<img src="x" width="640" alt="" style="text-align:center; background-color:#ffffff;'
        ' width:100% !important">' in html
    )


def test_neighbouring_conditional_comments_become_one() -> None:
    """3 % smaller."""
    assert inline_css(PAGE, "p { margin: 0 }").count("[if mso") == 1


def test_nothing_is_logged_and_nothing_fetched(caplog: pytest.LogCaptureFixture) -> None:
    """The parser of CSS would complain of every property that it doesn't know."""
    with caplog.at_level(logging.DEBUG):
        inline_css(
            PAGE.replace(
                "<style>", '<link rel="stylesheet" href="http://127.0.0.1:9/x.css"><style>'
            ),
            "p { mso-line-height-rule: exactly; text-wrap: balance }",
        )
    assert not caplog.records


def test_a_value_never_looks_like_markup() -> None:
    """libxml2 writes < and > in values as they are.

    A title could look like a conditional comment to Outlook.
    """
    page = PAGE.replace('alt=""', 'alt="&lt;!--[if mso]&gt; &quot;b&quot; &lt;![endif]--&gt;"')
    html = inline_css(page, "p { margin: 0 }")
    assert "alt='&lt;!--[if mso]&gt; \"b\" &lt;![endif]--&gt;'" in html
    assert html.count("[if mso") == 2
