"""mrml's traps: each is cured, or refused with its place."""

import re
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mjml import mjml2html

from newsletter.errors import RenderError
from newsletter.render.mjml import find_problems, to_html
from newsletter.render.mjml.attribute_types import is_valid_value
from newsletter.render.mjml.tokenizer import tokenize
from newsletter.render.mjml.workarounds import apply_workarounds


def build_mjml(content: str, head: str = "") -> str:
    return f"<mjml>\n<mj-head>{head}</mj-head>\n<mj-body>\n<mj-section><mj-column>{content}</mj-column></mj-section>\n</mj-body>\n</mjml>"


def list_problems(source: str) -> list[tuple[int, int, str]]:
    return [
        (problem.line, problem.column, str(problem.message)) for problem in find_problems(source)
    ]


@pytest.mark.parametrize(
    ("content", "drawn"),
    [
        ("<mj-text>å > b</mj-text>", "å &gt; b"),
        ("<mj-button>å > b</mj-button>", "å &gt; b"),
        ("<mj-raw><p>å > b</p></mj-raw>", "å &gt; b"),
        ("<mj-raw><!--[if mso]><p>å > b</p><![endif]--></mj-raw>", "å &gt; b"),
        ('<mj-image src="x" alt="två\nrader" />', 'alt="två rader"'),
        ('<mj-image src="x" alt="a\tb" />', 'alt="a b"'),
        ('<mj-image src="x" alt="C:\\bild" />', 'alt="C:&#92;bild"'),
        ('<mj-image src="x" alt="sol\u00adsken" />', 'alt="sol&#173;sken"'),
        ('<mj-image src="x" alt="a\u00a0b" />', 'alt="a&#160;b"'),
        ('<mj-image src="x" alt="a\u030a" />', 'alt="å"'),
        ('<mj-image src="x" alt="👩\u200d🚒" />', 'alt="👩&#8205;🚒"'),
        ('<mj-image src="x" alt="x\u2028y" />', 'alt="x&#8232;y"'),
        ('<mj-image src="x" alt=\'sa "hej"\' />', 'alt="sa &#34;hej&#34;"'),
        ('<mj-image src="x" />', 'alt=""'),
        ('<mj-section background-color="#0a5"><mj-column></mj-column></mj-section>', None),
        ('<mj-button background-color="#0a5">x</mj-button>', 'bgcolor="#00aa55"'),
        (
            '<mj-raw><p style="color:red;\n  font-size:12px">x</p></mj-raw>',
            'style="color:red;   font-size:12px"',
        ),
    ],
)
def test_a_trap_of_mrml_is_cured(content: str, drawn: str | None) -> None:
    """Characters, quotes, colours and missing alt texts come out as npm's MJML would write them."""
    if drawn is not None:
        assert drawn in to_html(build_mjml(content))


def test_blanks_between_tags_of_the_head_are_taken() -> None:
    """A head is refused by mrml for a single space between two tags; it gets a line end."""
    source = build_mjml(
        "<mj-text>x</mj-text>",
        ' <mj-attributes> <mj-all color="#000000" /> </mj-attributes> <mj-title>x</mj-title> ',
    )
    with pytest.raises(ValueError, match="unexpected"):
        mjml2html(source)
    assert "<title>x</title>" in to_html(source)


def test_the_last_of_two_classes_wins() -> None:
    """As in npm's MJML; mrml takes the first."""
    head = (
        '<mj-attributes><mj-class name="a" color="#111111" /><mj-class name="b" color="#222222"'
        " /></mj-attributes>"
    )
    assert "color:#222222" in to_html(build_mjml('<mj-text mj-class="a b">x</mj-text>', head))


def test_a_panic_becomes_an_error(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A panic of mrml derives from BaseException; it must not end the program."""
    monkeypatch.setattr("newsletter.render.mjml.apply_workarounds", lambda source: source)
    with pytest.raises(RenderError, match="can't be drawn"):
        to_html(build_mjml("<mj-text>å > b</mj-text>"))
    capfd.readouterr()


def test_no_font_is_fetched() -> None:
    """mj-text's own default would fetch Ubuntu from Google."""
    html = to_html(build_mjml("<mj-text>x</mj-text>"))
    assert "googleapis" not in html
    assert "@import" not in html


@pytest.mark.parametrize(
    ("content", "column", "says"),
    [
        ("<mj-txt>x</mj-txt>", 24, "no mj-txt"),
        ('<mj-text colour="#000000">x</mj-text>', 24, "no attribute colour"),
        ("<mj-section></mj-section>", 24, "can't stand in mj-column"),
        ("<mj-text><b>x</mj-text>", 37, "<b> is still open"),
        ("<mj-text>x", 34, "<mj-text> is still open"),
        ("<mj-text><p>a</b></p></mj-text>", 37, "<p> is still open"),
        ("<mj-text>a < b</mj-text>", 35, "begins no tag"),
        ("<mj-text><a href=x>y</a></mj-text>", 33, "needs a value in quotes"),
        ('<mj-text color="#000000" color="#ffffff">x</mj-text>', 24, "given twice"),
        ("<p>x</p>", 24, "can't stand directly in mj-column"),
        ("lös text", 24, "Put it into mj-text"),
        ('<mj-include path="x" />', 24, "{% include %}"),
        ('<mj-table role="presentation"></mj-table>', 24, "loses role"),
        ('<mj-social><mj-social-element name="mastodon" /></mj-social>', 35, "picture of your own"),
        ("<mj-text>a\x0bb</mj-text>", 33, "control character"),
        ("<mj-text><![CDATA[x]]></mj-text>", 33, "begins no tag"),
        ('<mj-image src="x" sizes="100vw" />', 24, "loses sizes"),
        ('<mj-text font-size="stor">x</mj-text>', 24, "takes: px"),
        ('<mj-text padding="1px 2px 3px 4px 5px">x</mj-text>', 24, "can't be 1px"),
        ('<mj-text align="middle">x</mj-text>', 24, "takes: left, right, center, justify"),
        ('<mj-text color="#12345">x</mj-text>', 24, "takes: #rrggbb"),
        ("<mj-raw><!--<![endif]--></mj-raw>", 32, "never began"),
        ("<mj-raw><!--[if mso]><p>x</p>--></mj-raw>", 32, "ends with"),
        ("<mj-raw><!--[if !mso]><!--><p>x</p></mj-raw>", 32, "never ended"),
        ("<mj-raw><!--[if !mso]><!--><!--[if !mso]><!--></mj-raw>", 51, "within each other"),
        ("<!--[if mso]><p>x</p><![endif]-->", 24, "Put them into mj-raw"),
        ("<mj-raw><!-- <!-- x --></mj-raw>", 32, "hold another"),
    ],
)
def test_a_mistake_is_told_with_its_place(content: str, column: int, says: str) -> None:
    """From mrml comes nothing, or a byte offset; we say line, column and the thing."""
    line, at, message = list_problems(build_mjml(content))[0]
    assert (line, at) == (4, column)
    assert says in message


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("<mj-style>@media (width < 400px) { a { color: red } }</mj-style>", "max-width"),
        ("<mj-style>@import url(https://example.org/x.css);</mj-style>", "who reads"),
        ("<mj-style>@font-face { src: url(https://example.org/x.woff2) }</mj-style>", "who reads"),
        (
            (
                '<mj-attributes><mj-class name="a"><mj-text color="#000000"'
                " /></mj-class></mj-attributes>"
            ),
            "can't stand in mj-class",
        ),
        ('<mj-style inline="inline">p { color: red }</mj-style>', "inline.css.j2"),
        ('<mj-font name="X" href="https://fonts.example.org/x.css" />', "who reads"),
        ('<mj-html-attributes><mj-selector path="p"></mj-selector></mj-html-attributes>', "mj-raw"),
        ('<mj-raw position="file-start">x</mj-raw>', "before the document"),
    ],
)
def test_what_mrml_cannot_do_is_refused(head: str, says: str) -> None:
    """Each with the way to do it instead."""
    assert any(
        says in message for _, _, message in list_problems(build_mjml("<mj-text>x</mj-text>", head))
    )


def test_wrappers_and_heroes_that_mrml_draws_wrongly_are_refused() -> None:
    """A gap that is ignored, a height of nothing, two carousels with the same ids."""
    wrapper = (
        '<mjml><mj-body><mj-wrapper gap="20px"></mj-wrapper><mj-hero'
        ' mode="fluid-height"></mj-hero></mj-body></mjml>'
    )
    assert [message.split()[0] for *_, message in list_problems(wrapper)] == [
        "mj-wrapper",
        "mj-hero",
    ]
    assert any(
        "share their ids" in message
        for *_, message in list_problems(build_mjml("<mj-carousel></mj-carousel>" * 2))
    )


@pytest.mark.parametrize(
    ("source", "place", "says"),
    [
        ("", (1, 1), "no mj-body"),
        ("<mjml>\n<mj-head></mj-head>\n</mjml>", (3, 8), "no mj-body"),
        ("<mjml><mj-body></mj-body>\n<mj-body></mj-body></mjml>", (2, 1), "one mj-body"),
        ("<mjml><mj-body></mj-body></mjml>\n<mjml></mjml>", (2, 1), "one mjml"),
    ],
)
def test_a_letter_has_one_body(source: str, place: tuple[int, int], says: str) -> None:
    """The first of two vanishes in mrml, and a letter without any is blank."""
    line, column, message = list_problems(source)[0]
    assert (line, column) == place
    assert says in message


@pytest.mark.parametrize(
    ("value", "kind", "good"),
    [
        ("12px", "unit(px,%)", True),
        ("12.5%", "unit(px,%)", True),
        ("0", "unit(px,%)", True),
        ("12", "unit(px,%)", False),
        ("12em", "unit(px,%)", False),
        ("-1px", "unit(px)", False),
        ("-0.5px", "unitWithNegative(px,em)", True),
        ("1.5", "unit(px,%,)", True),
        ("auto", "unit(px,auto)", True),
        ("0 24px 12px", "unit(px,%){1,4}", True),
        ("0  24px", "unit(px,%){1,4}", True),
        ("0,24px", "unit(px,%){1,4}", False),
        ("#0a5", "color", True),
        ("rgba(0, 0, 0, 0.5)", "color", True),
        ("transparent", "color", True),
        ("url(x)", "color", False),
        ("", "enum(left,right)", True),
        ("anything at\nall", "string", True),
        ("anything", "a kind that nobody knows", True),
    ],
)
def test_values_are_of_their_kind(value: str, kind: str, good: bool) -> None:
    """As npm's MJML has it; mrml prints whatever stands there."""
    assert is_valid_value(value, kind) is good


def test_swapped_closing_tags_are_found() -> None:
    """The names of closing tags aren't looked at by mrml."""
    assert (
        "still open"
        in list_problems(
            "<mjml><mj-body><mj-section><mj-column></mj-section></mj-column></mj-body></mjml>"
        )[0][2]
    )


def test_deep_nesting_is_refused() -> None:
    """Twenty thousand elements within each other end mrml's process."""
    assert (
        "too many"
        in list_problems(build_mjml("<mj-text>" + "<b>" * 20_000 + "</b>" * 20_000 + "</mj-text>"))[
            -1
        ][2]
    )


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from(list("<>/=\"' \n\tåab&;!-[]\\\u00ad{")) | st.sampled_from("<>"),
        max_size=60,
    )
)
def test_tokens_are_the_source(source: str) -> None:
    """Nothing is lost when MJML is cut into pieces, whatever it is."""
    assert "".join(token.raw for token in tokenize(source)) == source


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<mj-text>",
                "</mj-text>",
                "å",
                ">",
                " ",
                "<b>",
                "</b>",
                '<mj-image alt="å > \\" />',
                "\n",
                "<",
                "&",
                "<!--[if mso]>",
                "<![endif]-->",
                "<!--",
                "-->",
                "<mj-raw>",
                "</mj-raw>",
                "<mj-table>",
                "</mj-table>",
            ]
        ),
        max_size=14,
    )
)
def test_whatever_passes_the_check_never_panics(pieces: list[str]) -> None:
    """What the check lets through is drawn, or refused in a sentence."""
    source = build_mjml("".join(pieces))
    if not list(list_problems(source)):
        with suppress(RenderError):
            to_html(source)


def test_curing_twice_changes_nothing_more() -> None:
    """But for mj-class, whose order is turned each time."""
    source = build_mjml('<mj-image src="x" alt="C:\\ å\u00ad" /><mj-text>å > b</mj-text>')
    assert apply_workarounds(apply_workarounds(source)) == apply_workarounds(source)


def test_a_letter_is_the_same_every_time() -> None:
    """The output doesn't hang on the process's hash seed."""
    code = (
        "from newsletter.render.mjml import to_html; print(to_html('<mjml><mj-body><mj-section"
        " /></mj-body></mjml>'))"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in "12"
    }
    assert len(made) == 1
    assert re.search(rb"role=\"presentation\"", made.pop())
