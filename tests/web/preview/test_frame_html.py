"""A letter dressed for a frame."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.issue import RenderedIssue
from newsletter.web.preview.frame_html import (
    ColorScheme,
    fill_placeholders,
    find_pictures,
    hash_picture_url,
    prepare_for_frame,
)

STYLE = (
    "<style>a{color:red}@media (prefers-color-scheme:dark){a{color:blue}}"
    "@media screen and ( prefers-color-scheme : light ){b{top:0}}</style>"
)
HEAD = (
    f'<!DOCTYPE html><html><head>{STYLE}<meta name="color-scheme" content="light'
    ' dark"></head><body>'
)


def build_letter(body: str) -> str:
    return f"{HEAD}{body}</body></html>"


def test_dark_is_forced_whatever_the_machine_likes() -> None:
    """The condition is answered with yes, and light's with no."""
    dark = prepare_for_frame(build_letter(""), ColorScheme.dark)
    assert "prefers-color-scheme" not in dark
    assert "@media (min-width: 0){a{color:blue}}" in dark
    assert "@media screen and (min-width: 999999px){b{top:0}}" in dark
    assert "color-scheme:dark !important" in dark


@pytest.mark.parametrize("scheme", [ColorScheme.light, ColorScheme.inverted])
def test_light_is_forced_too(scheme: ColorScheme) -> None:
    """A dark machine sees the light letter, and so does a client that turns colours itself."""
    light = prepare_for_frame(build_letter(""), scheme)
    assert "@media (min-width: 999999px){a{color:blue}}" in light
    assert "@media screen and (min-width: 0){b{top:0}}" in light
    assert ("invert(" in light) is (scheme is ColorScheme.inverted)


def test_every_picture_comes_from_here() -> None:
    """Pictures of tags, of backgrounds and of styles; in comments for Outlook too.

    Addresses are unescaped first.
    """
    body = (
        '<img src="https://blogg.example.org/a.jpg?x=1&amp;y=2" alt="a > b"><td'
        ' background="http://example.org/b.png"><div'
        " style='background:url(https://example.org/c.gif)'></div><!--[if mso]><v:fill"
        ' src="https://example.org/d.png"><![endif]-->'
    )
    shown = prepare_for_frame(build_letter(body), ColorScheme.light)
    expected = [
        "https://blogg.example.org/a.jpg?x=1&y=2",
        "http://example.org/b.png",
        "https://example.org/c.gif",
        "https://example.org/d.png",
    ]
    assert find_pictures(build_letter(body)) == {hash_picture_url(url): url for url in expected}
    assert re.findall(r"picture/([0-9a-f]{24})", shown) == [
        hash_picture_url(url) for url in expected
    ]
    assert "example.org" not in shown
    assert 'alt="a > b"' in shown


def test_without_pictures_none_is_asked_for() -> None:
    """What a reader sees whose client shows no pictures: the alt text."""
    shown = prepare_for_frame(
        build_letter('<img src="https://example.org/a.jpg" alt="Ett hus">'),
        ColorScheme.light,
        with_pictures=False,
    )
    assert '<img src="" alt="Ett hus">' in shown


def test_words_that_look_like_markup_stay_words() -> None:
    """A post about CSS, or one that shows an address, is shown as it is written."""
    words = (
        'Skriv src="https://example.org/a.jpg" och @media (prefers-color-scheme: dark) så'
        " url(https://example.org/b.png)"
    )
    assert words in prepare_for_frame(build_letter(f"<p>{words}</p>"), ColorScheme.dark)
    assert find_pictures(build_letter(f"<p>{words}</p>")) == {}


def test_links_open_beside_the_preview() -> None:
    """Inside a frame they would replace the letter."""
    assert prepare_for_frame(build_letter(""), ColorScheme.light).index(
        '<base target="_blank">'
    ) < prepare_for_frame(build_letter(""), ColorScheme.light).index("</head>")


@given(st.text(st.characters(exclude_characters="<>&", exclude_categories=["Cs"])))
def test_no_text_is_lost_or_changed(text: str) -> None:
    """Whatever a post says between tags is still there, in every light."""
    for scheme in ColorScheme:
        assert f"<p>{text}</p>" in prepare_for_frame(build_letter(f"<p>{text}</p>"), scheme)


@given(st.text(max_size=300))
def test_any_markup_can_be_dressed(markup: str) -> None:
    """Broken HTML is shown broken, it breaks nothing."""
    prepare_for_frame(markup, ColorScheme.dark)
    find_pictures(markup)


def test_slots_are_filled_escaped_in_html_and_plain_in_text() -> None:
    """A name with markup stays a name; a slot without a value stays to be seen."""
    rendered = RenderedIssue(
        subject="S",
        preheader="",
        language="sv",
        mjml="",
        html="<p>xslotemailx xslotviewx</p>",
        text="xslotemailx",
        slots={"email": "xslotemailx", "view_url": "xslotviewx"},
    )
    assert fill_placeholders(rendered, {"email": "<b>&"}) == (
        "<p>&lt;b&gt;&amp; xslotviewx</p>",
        "<b>&",
    )
