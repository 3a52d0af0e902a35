"""A whole letter: sizes, slots, outline, text part, and any text in any field."""

import dataclasses
import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from newsletter.compose.issue_file.read import parse_issue
from newsletter.domain.issue import Issue, Layout, RenderedIssue, Section, Teaser
from newsletter.domain.picture import HostedPicture
from newsletter.domain.post import Picture
from newsletter.errors import IssueFileError, RenderError
from newsletter.i18n import load_catalogue
from newsletter.render import plaintext, render
from newsletter.render.checks.html_parser import parse_html
from newsletter.render.checks.outlook import (
    find_unbalanced_tag,
    to_non_outlook_html,
    to_outlook_html,
)
from newsletter.render.context import SLOT_NAMES, build_slots, format_long_date, get_text_direction
from newsletter.render.layout import arrange, collect_picture_widths
from newsletter.render.safe_text import to_one_line
from newsletter.render.theme import Theme, list_stock_themes, load_theme
from newsletter.resources import find_stock_templates
from tests.render.example_issues import IMPRINT, NONCE, build_issue, build_teaser

STOCK = find_stock_templates() / "themes" / "default"


@pytest.fixture(scope="module", params=list_stock_themes())
def theme(request: pytest.FixtureRequest) -> Theme:
    return load_theme([STOCK.parent / request.param])


def test_the_same_issue_gives_the_same_bytes(theme: Theme) -> None:
    """HTML, text and MJML; another nonce changes nothing but the slots."""
    one, again = (render(build_issue(), theme, IMPRINT, nonce=NONCE) for _ in range(2))
    assert one == again
    other = render(build_issue(), theme, IMPRINT, nonce="zzzzzzzzzz")
    assert other.html.replace("zzzzzzzzzz", NONCE) == one.html


@pytest.mark.parametrize(("count", "most"), [(10, 60_000), (30, 100_000)])
def test_a_letter_stays_small(theme: Theme, count: int, most: int) -> None:
    """Gmail cuts at 102 kB; later teasers become a list."""
    assert len(render(build_issue(count), theme, IMPRINT, nonce=NONCE).html.encode()) <= most


def test_every_slot_stands_in_html_and_text(theme: Theme) -> None:
    """Also the address of the reader; each is ASCII and none is part of another."""
    rendered = render(build_issue(), theme, IMPRINT, nonce=NONCE)
    assert set(rendered.slots) == set(SLOT_NAMES)
    for placeholder in rendered.slots.values():
        assert re.fullmatch(r"[a-z0-9]+", placeholder)
        assert placeholder in rendered.html
        assert placeholder in rendered.text
        assert sum(placeholder in other for other in rendered.slots.values()) == 1
        assert rendered.text.count(placeholder) == rendered.html.count(placeholder) == 1
    assert f'href="{rendered.slots["unsubscribe_url"]}"' in rendered.html


@pytest.mark.parametrize("nonce", ["", "short", "Großbuchstaben", "a" * 65, "abc def ghi"])
def test_a_bad_nonce_is_refused(nonce: str) -> None:
    """It must survive URLs, quoted-printable and mail clients."""
    with pytest.raises(RenderError):
        build_slots(nonce)


def test_a_post_cannot_open_a_slot(theme: Theme) -> None:
    """A text that holds the nonce is drawn with another, or not at all."""
    with pytest.raises(RenderError, match="another"):
        render(build_issue(intro=f"xslot{NONCE}emailx"), theme, IMPRINT, nonce=NONCE)


def test_the_letter_is_whole_with_and_without_outlook(theme: Theme) -> None:
    """Every conditional comment closes what it opens."""
    for count in (0, 1, 2, 4, 7, 8, 30):
        assert (
            find_unbalanced_tag(render(build_issue(count), theme, IMPRINT, nonce=NONCE).html)
            is None
        )


def test_outlook_reads_the_same_words_as_the_others(theme: Theme) -> None:
    """With its conditional parts and without them.

    Nothing is said twice, nothing is left out, in the same order.
    """
    html = render(build_issue(10), theme, IMPRINT, nonce=NONCE).html
    seen = [
        lxml_html.document_fromstring(view(html)).xpath("string(//body)")
        for view in (to_outlook_html, to_non_outlook_html)
    ]
    outlook, others = ("".join(words.split()) for words in seen)
    assert outlook == others
    assert all("".join(build_teaser(index).title.split()) in outlook for index in range(10))


def test_the_outline_is_that_of_the_letter(theme: Theme) -> None:
    """h1 the letter, h2 the lead and sections, h3 teasers; all layout tables say that they are."""
    page = parse_html(render(build_issue(10), theme, IMPRINT, nonce=NONCE).html)
    more = [2, *[3] * (9 - theme.cards)] if theme.cards < 9 else []
    assert [level for level, _ in page.headings] == [1, 2, 2, *[3] * min(theme.cards, 9), *more]
    assert page.unmarked_layout_tables == 0
    assert page.language == "sv"
    assert page.title == "Nyhetsbrev december 2026"
    without = parse_html(render(build_issue(3, title=""), theme, IMPRINT, nonce=NONCE).html)
    assert without.headings[0] == (1, "Nytt från regionen")


def test_links_say_where_they_lead(theme: Theme) -> None:
    """“Read the whole article” alone, ten times, tells a screen reader nothing."""
    words = load_catalogue("sv").gettext("Read the whole article")
    names = [
        link.accessible_name
        for link in parse_html(render(build_issue(10), theme, IMPRINT, nonce=NONCE).html).links
    ]
    assert f"{words}: Biblioteken öppnar på söndagar" in names
    assert words not in names
    assert "" not in names


def test_a_picture_without_alt_text_is_decoration(theme: Theme) -> None:
    """It isn't linked: the link would have no name."""
    bare = Teaser(
        title="Bild",
        url="https://blogg.example.org/b/",
        picture=Picture(url="https://blogg.example.org/b.jpg"),
    )
    page = parse_html(
        render(
            build_issue(0, sections=(Section(title="S", teasers=(bare, bare)),)),
            theme,
            IMPRINT,
            nonce=NONCE,
        ).html
    )
    assert [image.alt for image in page.images] == ["", ""]
    assert all(link.accessible_name for link in page.links)


def test_the_text_part_is_complete_and_folded(theme: Theme) -> None:
    """All posts, folded at 68, every link alone on its line, no CSS, no filler, no HTML."""
    text = render(build_issue(12), theme, IMPRINT, nonce=NONCE).text
    lines = text.split("\n")
    assert all(len(line) <= 68 for line in lines if not line.startswith("http"))
    for index in range(12):
        one = build_teaser(index)
        assert one.title.split(":")[0] in text
        assert one.url in lines
    for line in lines:
        assert "http" not in line or line.startswith("http")
    assert not re.search(r"[<>{}\u034f\u200c\xa0]|style|&#", text)
    assert "NYTT SEDAN SIST\n---------------\n" in text
    assert "DET HÄNDER I REGIONEN\n=====================\n" in text
    assert "\n\n\n\n" not in text
    assert text.count("\n\n\n") == 14


def test_words_are_never_broken() -> None:
    """An address that is longer than a line stays whole, also at its hyphens.

    Lists and quotations keep their indent.
    """
    long = "https://example.org/" + "en-lang-adress-" * 8
    assert plaintext.fold(f"Se {long} nu.") == f"Se\n{long}\nnu."
    text = plaintext.from_markdown(
        f"1. {'ord ' * 30}\n2. två\n\n> {'ord ' * 30}\n\n[{long}]({long})\n\n```\nkod\n```"
    )
    lines = text.split("\n")
    assert lines[0].startswith("1. ord")
    assert lines[1].startswith("  ord")
    assert "2. två" in lines
    assert [line for line in lines if line.startswith("> ord")] != []
    assert long in lines
    assert "    kod" in lines


def test_lists_tables_and_lines_stay_what_they_are_in_text() -> None:
    """Items that stand close stay close, a row of a table is a line.

    An address within a sentence stands below it.
    """
    text = plaintext.from_markdown(
        "- ett\n  - två [länk](https://example.org/b)\n- tre\n- fyra\n\n| När | Vad |\n|-|-|\n|"
        " måndag | [Hus](https://example.org/a) |\n| tisdag | Bio |\n\nBox 1  \n111 11 Staden\n\nSe"
        " <https://example.org/c/d>, och https://example.org/e?f.\n\n```\nkod\nmer\n```"
    )
    assert (
        text
        == "- ett\n  - två länk\n\nhttps://example.org/b\n\n- tre\n- fyra\n\nNär · Vad\nmåndag ·"
        " Hus\n\nhttps://example.org/a\n\ntisdag · Bio\n\nBox 1\n111 11 Staden\n\nSe"
        " example.org, och"
        " example.org.\n\nhttps://example.org/c/d\n\nhttps://example.org/e?f\n\n    kod\n    mer"
    )


def test_markdown_becomes_a_few_clean_tags(theme: Theme) -> None:
    """Links are checked, raw HTML and pictures vanish, headings become bold, tables are data."""
    intro = (
        "Hej **alla** & *er* <b onclick='x'>du</b>.\n\n- ett\n- [två](javascript:alert(1))\n-"
        " [tre](https://example.org/?a=1&b=2)\n\n#"
        " Stor\n\n<script>alert(1)</script>\n\n![bild](https://example.org/x.png)\n\n| a | b"
        " |\n|---|---|\n| 1 > 2 | å > b |\n\n> citat\n\n`x < y`"
    )
    html = render(build_issue(1, intro=intro), theme, IMPRINT, nonce=NONCE).html
    for there in (
        "<strong>alla</strong> &amp; <em>er</em>",
        'href="https://example.org/?a=1&amp;b=2"',
        "<strong>Stor</strong>",
        "x &lt; y",
        "å &gt; b",
    ):
        assert there in html.replace(' style=""', "")
    for gone in ('href="javascript', "onclick", "<script", "x.png", "<b>"):
        assert gone not in html
    text = render(build_issue(1, intro=intro), theme, IMPRINT, nonce=NONCE).text
    assert "- ett\n" in text
    assert "\n> citat\n" in text
    assert "\nhttps://example.org/?a=1&b=2\n" in text


def test_no_font_picture_or_style_comes_from_elsewhere(theme: Theme) -> None:
    """Nothing tells a third party who reads; what is fetched are the issue's own pictures."""
    html = render(build_issue(10), theme, IMPRINT, nonce=NONCE).html
    addresses = set(re.findall(r"(?:src|href|url\()=?[\"']?(https?://[^\"')/]+)", html))
    assert addresses == {"https://blogg.example.org"}
    assert "@import" not in html
    assert "<link" not in html


@pytest.mark.parametrize(
    ("language", "runs"),
    [
        ("sv", "ltr"),
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("fa", "rtl"),
        ("ur-PK", "rtl"),
        ("az-Arab", "rtl"),
        ("ar-Latn", "ltr"),
    ],
)
def test_languages_run_their_way(language: str, runs: str) -> None:
    """A script that is named decides, else the language."""
    assert get_text_direction(language) == runs


def test_a_letter_in_arabic_runs_from_right_to_left(theme: Theme) -> None:
    """dir, alignment, the order of columns and the arrow."""
    html = render(build_issue(4, language="ar"), theme, IMPRINT, nonce=NONCE).html
    assert '<html lang="ar" dir="rtl"' in html
    assert "direction:ltr" not in html
    assert "font-size:16px;line-height:26px;text-align:right" in html
    assert "←" in html
    assert "→" not in html


def test_dates_are_words_of_the_language() -> None:
    """A language that CLDR doesn't know gets ISO 8601."""
    assert format_long_date(date(2026, 12, 1), "sv", with_weekday=True) == "tisdag 1 december 2026"
    assert format_long_date(date(2026, 11, 24), "en-GB") == "24 November 2026"
    assert format_long_date(date(2026, 11, 24), "xx") == "2026-11-24"
    assert format_long_date(None, "sv") == ""


@pytest.mark.parametrize("language", ["", "svenska språket", 'sv" onload="x', "../x", "sv_SE"])
def test_a_language_that_is_none_is_refused(theme: Theme, language: str) -> None:
    """It would stand in an attribute, and name a file."""
    issue = build_issue(1, language=language)
    if language == "":
        assert render(issue, theme, IMPRINT, nonce=NONCE).language == "sv"
    else:
        with pytest.raises(RenderError, match="language"):
            render(issue, theme, IMPRINT, nonce=NONCE)


def test_teasers_stand_in_their_places() -> None:
    """A lead, six cards in rows of two, then the list.

    A section with words of its own keeps its lead below them.
    """
    blocks = arrange(build_issue(12), 6)
    assert blocks[0].lead_first
    assert [len(row) for row in blocks[0].rows] == [2, 2, 2]
    assert len(blocks[0].listed) == 5
    two = Issue(
        name="x",
        subject="x",
        language="sv",
        sections=(*(Section(title=t, teasers=build_issue(4).teasers) for t in "ab"),),
    )
    first, second = arrange(two, 6)
    assert (
        [len(row) for row in first.rows],
        [len(row) for row in second.rows],
        len(second.listed),
    ) == ([2, 1], [2, 1], 1)
    assert second.lead is None
    worded = build_issue(
        3, sections=(Section(title="S", text="Hej", teasers=build_issue(3).teasers),)
    )
    assert not arrange(worded, 6)[0].lead_first


def test_a_section_is_drawn_as_its_layout_says() -> None:
    """Cards without a lead, a list, a lead in a later section.

    The theme's number of cards is for those that say nothing.
    """
    four = build_issue(4).teasers
    sections = tuple(
        Section(title=str(layout), layout=layout, teasers=four)
        for layout in (Layout.cards, Layout.list, Layout.lead)
    )
    cards, listed, led = arrange(build_issue(0, sections=sections), 0)
    assert (cards.lead, [len(row) for row in cards.rows], cards.listed) == (None, [2, 2], ())
    assert (listed.lead, listed.rows, len(listed.listed)) == (None, (), 4)
    assert (led.lead, [len(row) for row in led.rows], led.lead_first) == (four[0], [2, 1], False)


def test_a_letter_that_gmail_would_cut_shows_its_last_posts_as_a_list(theme: Theme) -> None:
    """Also where staff asked for cards; how many is told, and the text part has every word."""
    section = Section(title="Allt", layout=Layout.cards, teasers=build_issue(90).teasers)
    rendered = render(build_issue(0, sections=(section,)), theme, IMPRINT, nonce=NONCE)
    assert 75_000 < len(rendered.html.encode()) <= 90_000
    assert 20 < rendered.shortened < 90
    assert build_issue(90).teasers[-1].summary[:40] in rendered.text
    assert render(build_issue(30), theme, IMPRINT, nonce=NONCE).shortened == 0


def build_calendar_issue(*lines: str, layout: Layout | None = None) -> Issue:
    return build_issue(
        1,
        sections=(
            *build_issue(1).sections,
            Section(title="Kalendern", text="\n".join(lines), layout=layout),
        ),
    )


def test_a_list_of_dates_is_a_calendar(theme: Theme) -> None:
    """Day, month, weekday, time and place; the link is the title's; words around the list stay."""
    issue = build_calendar_issue(
        "Välkommen!",
        "",
        "- 2026-12-19 18:00 [Öppet hus](https://example.org/o), Stadsbiblioteket, plan 2",
        "  Fri entré.",
    )
    rendered = render(issue, theme, IMPRINT, nonce=NONCE)
    drawn = lxml_html.document_fromstring(rendered.html)
    (row,) = drawn.xpath("//tr[td[contains(@class, 'date')]]")
    assert (
        " ".join(" ".join(row.itertext()).split())
        == "19 dec Öppet hus lördag kl. 18:00 · Stadsbiblioteket, plan 2 Fri entré."
    )
    assert row.xpath(".//a/@href") == ["https://example.org/o"]
    assert "Välkommen!" in rendered.html
    assert (
        "lördag 19 december 2026, 18:00\nÖppet hus\nStadsbiblioteket, plan 2\nFri"
        " entré.\nhttps://example.org/o\n" in rendered.text
    )


def test_several_days_are_said_in_one(theme: Theme) -> None:
    """What both ends share is said once, as the language does it.

    A time without a catalogue gets no English words.
    """
    rendered = render(
        build_calendar_issue("- 19–21 januari Vinterlov", "- 30 januari – 2 februari Sportlov"),
        theme,
        IMPRINT,
        nonce=NONCE,
    )
    for days, title in (("19–21 jan. 2027", "Vinterlov"), ("30 jan.–2 feb. 2027", "Sportlov")):
        assert days in rendered.html
        assert f"{days}\n{title}\n" in rendered.text
    finnish = render(
        dataclasses.replace(build_calendar_issue("- 2026-12-19 18:00 Avoimet ovet"), language="fi"),
        theme,
        IMPRINT,
        nonce=NONCE,
    )
    assert "lauantaina, 18.00" in finnish.html


def test_a_list_with_an_item_that_has_no_date_stays_a_list(theme: Theme) -> None:
    """Nothing of it is lost."""
    html = render(
        build_calendar_issue("- 2026-12-19 Öppet hus", "- Mer kommer"), theme, IMPRINT, nonce=NONCE
    ).html
    assert 'class="day"' not in html
    assert "2026-12-19 Öppet hus" in html
    assert "Mer kommer" in html


def test_a_block_quote_of_the_intro_is_a_notice(theme: Theme) -> None:
    """At its place, with or without GitHub's kind; other words stay as they are."""
    rendered = render(
        build_issue(1, intro="Först.\n\n> [!NOTE]\n> Växeln är *stängd*.\n\nSist."),
        theme,
        IMPRINT,
        nonce=NONCE,
    )
    drawn = lxml_html.document_fromstring(rendered.html)
    assert [
        " ".join("".join(found.itertext()).split())
        for found in drawn.xpath("//table[@class='notice']")
    ] == ["Växeln är stängd."]
    (around,) = drawn.xpath("//table[@class='notice']/..")
    assert [" ".join("".join(part.itertext()).split()) for part in around] == [
        "Det händer i regionen",
        "Först.",
        "Växeln är stängd.",
        "Sist.",
    ]
    assert "\nFörst.\n\n> Växeln är stängd.\n\nSist.\n" in rendered.text


def test_the_footer_leads_to_preferences_only_where_there_are_any(theme: Theme) -> None:
    """A link to a page that isn't there would be worse than none."""
    assert (
        "preferences"
        not in render(
            build_issue(1),
            theme,
            dataclasses.replace(IMPRINT, has_preferences_page=False),
            nonce=NONCE,
        ).html
    )
    rendered = render(build_issue(1), theme, IMPRINT, nonce=NONCE)
    assert f'href="{rendered.slots["preferences_url"]}"' in rendered.html
    assert rendered.slots["preferences_url"] in rendered.text


def test_a_picture_that_lies_with_us_is_shown_from_there(theme: Theme) -> None:
    """With width and height, so that nothing jumps while it comes.

    The others stay at their source.
    """
    issue = build_issue(2)
    url = issue.teasers[0].picture.url  # type: ignore[union-attr]  # it has one
    imprint = dataclasses.replace(
        IMPRINT, pictures={url: HostedPicture(name="a.jpg", width=1280, height=800)}
    )
    html = render(issue, theme, imprint, nonce=NONCE).html
    assert (
        f'src="https://nyhetsbrev.example.org/pictures/a.jpg" width="{theme.lead_width}"'
        f' height="{round(theme.lead_width * 0.625)}"' in html
    )
    assert url not in html
    assert issue.teasers[1].picture.url in html  # type: ignore[union-attr]  # it has one


def test_pictures_are_wanted_at_twice_their_width() -> None:
    """The lead's and the cards'; a list shows none."""
    wanted = collect_picture_widths(arrange(build_issue(12), 6), lead_width=640, card_width=440)
    assert list(wanted.values()) == [1280, *[880] * 6]


def test_a_logo_of_ones_own_is_served_by_the_public_pages() -> None:
    """A file's name becomes an address under public_url.

    Its alt is empty, for the title follows.
    """
    html = render(
        build_issue(1), load_theme([STOCK], logo="bilder/vår logga.png"), IMPRINT, nonce=NONCE
    ).html
    assert 'src="https://nyhetsbrev.example.org/v%C3%A5r%20logga.png"' in html


def test_a_mistake_in_a_template_is_told_with_its_place(tmp_path: Path) -> None:
    """File and line for Jinja2's mistakes, file, line and column for MJML's."""
    stock = (STOCK / "newsletter.mjml.j2").read_text()
    line = stock[: stock.index("<mj-body")].count("\n") + 1
    for broken, says in (
        (
            stock.replace("<mj-body", "{{ missing }}\n<mj-body"),
            rf"newsletter\.mjml\.j2, line {line}: 'missing' is undefined",
        ),
        (
            stock.replace("<mj-body", "{% if %}\n<mj-body"),
            rf"newsletter\.mjml\.j2, line {line}: Expected an expression",
        ),
        (
            stock.replace("<mj-body", "{{ 'x' * 999999999 }}\n<mj-body"),
            rf"newsletter\.mjml\.j2, line {line}: too large a product",
        ),
        (
            stock.replace("<mj-body", "{{ ''.__class__.__mro__ }}\n<mj-body"),
            rf"newsletter\.mjml\.j2, line {line}",
        ),
        (
            stock.replace('<mj-body width="640px"', '<mj-body widht="640px"'),
            rf"line {line}, column 1: mj-body has no attribute widht",
        ),
        (
            stock.replace("{% for block", "<mj-txt>x</mj-txt>{% for block"),
            r"mjml\.j2, line \d+, column 1: There is no mj-txt",
        ),
        (
            stock.replace("parts.footer()", 'parts.footer() | replace("</mj-column>", "")'),
            r"line \d+, column \d+: ",
        ),
    ):
        (tmp_path / "newsletter.mjml.j2").write_text(broken)
        with pytest.raises(RenderError, match=says):
            render(build_issue(2), load_theme([tmp_path, STOCK]), IMPRINT, nonce=NONCE)


ANY = st.text(max_size=40) | st.sampled_from(
    [
        "å > b",
        "<script>x</script>",
        "{{ 1 }}",
        "]]>",
        "<!--[if mso]>",
        "-->",
        "<!--[if mso]>x<![endif]-->",
        "<!--[if !mso]><!-->",
        "<!--<![endif]-->",
        "[endif]",
        "xslotaaaaaaaaemailx",
        "</mj-text></mj-column>",
        "'\" onload='x",
        "<style>",
        "{% raw %}",
        "\\u{301}",
        "a\u0301",
        "👩‍🚒",
        "\x00",
        "\ud800",
        "&lt;",
        "\r\nBcc: x",
        "# h\n\n- [x](javascript:1)",
    ]
)
TEASERS = st.builds(
    Teaser,
    title=ANY,
    url=st.none() | ANY | ANY.map(lambda text: f"https://example.org/{text}"),
    picture=st.none()
    | st.builds(
        Picture, url=ANY.map(lambda text: f"https://example.org/{text}") | ANY, alt=st.none() | ANY
    ),
    date=st.none() | st.dates(),
    summary=ANY,
)
DATED = st.tuples(
    st.sampled_from(["2026-12-19", "19 december", "19–21 dec.", "19/12", "kl. 18", "31 februari"]),
    ANY,
).map(" ".join)
SECTIONS = st.builds(
    Section,
    title=ANY,
    text=ANY
    | st.lists(DATED | ANY, max_size=3).map(lambda items: "".join(f"- {item}\n" for item in items)),
    layout=st.none() | st.sampled_from(Layout),
    teasers=st.lists(TEASERS, max_size=3).map(tuple),
)
ISSUES = st.builds(
    Issue,
    name=st.just("x"),
    subject=ANY,
    preheader=ANY,
    number=st.none() | st.integers(),
    date=st.none() | st.dates(),
    language=st.sampled_from(["sv", "en", "ar", "xx", "zh-Hant-TW"]),
    title=ANY,
    intro=ANY,
    sections=st.lists(SECTIONS, max_size=2).map(tuple),
)


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(ISSUES)
def test_any_text_in_any_field_is_drawn_or_refused(issue: Issue) -> None:
    """Never a panic, never a slot that isn't ours, never a script.

    An event or a strange address.
    """
    try:
        rendered = render(issue, load_theme([STOCK]), IMPRINT, nonce=NONCE)
    except RenderError:
        return
    assert_sound(rendered)


def assert_sound(rendered: RenderedIssue) -> None:
    """Fail where a letter holds what nobody should get.

    Broken markup, a script, an event, a strange address, an open template.
    """
    rendered.html.encode("utf-8")
    rendered.text.encode("utf-8")
    assert find_unbalanced_tag(rendered.html) is None
    assert "<script" not in rendered.html.lower()
    assert {link.url.split(":")[0] for link in parse_html(rendered.html).links} <= {
        "https",
        "http",
        "mailto",
        *rendered.slots.values(),
    }
    drawn = lxml_html.document_fromstring(rendered.html)
    assert not drawn.xpath(
        "//*[@*[starts-with(name(), 'on')]] | //script | //iframe | //form | //object | //base"
    )
    assert "{{" not in rendered.html.replace("{{ 1 }}", "")


FILE = """---
subject: {subject}
preheader: {preheader}
number: {number}
date: {date}
language: {language}
---

# {title}

{intro}

## {section}

{text}

### [{teaser}]({url})
![{alt}]({picture})
*{day}*

{summary}
"""
TYPED_FIELDS = {
    "subject": "Ämne",
    "preheader": "Ingress",
    "number": "1",
    "date": "2026-12-01",
    "language": "sv",
    "title": "Rubrik",
    "intro": "Hej!",
    "section": "Nytt",
    "text": "",
    "teaser": "Puff",
    "url": "https://example.org/a",
    "alt": "En hamn",
    "picture": "https://example.org/a.jpg",
    "day": "24 november 2026",
    "summary": "Kort.",
}


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.dictionaries(st.sampled_from(sorted(TYPED_FIELDS)), ANY, max_size=4))
def test_any_text_typed_in_an_issue_file_is_drawn_or_refused_with_its_line(
    typed: dict[str, str],
) -> None:
    """Whatever a person types where; what isn't refused is drawn."""
    try:
        issue = parse_issue(FILE.format_map({**TYPED_FIELDS, **typed}), issue_name="x")
    except IssueFileError as error:
        if not re.match(r"x\.md, line \d+: .+\.$", str(error), re.DOTALL):
            pytest.fail(f"no line, or no reason: {error}")
        return
    assert_sound(render(issue, load_theme([STOCK]), IMPRINT, nonce=NONCE))


BLOG_PICTURE = "https://blogg.example.org/bilder/x.jpg"
BLNS = Path(__file__).parents[3] / "shared" / "corpora" / "blns.json"


@pytest.mark.skipif(not BLNS.is_file(), reason="the list of naughty strings isn't here")
def test_naughty_strings_are_drawn(theme: Theme) -> None:
    """Each of them as a title, an alt text, a summary, a heading and an address."""
    strings: list[str] = json.loads(BLNS.read_text("utf-8"))
    for at in range(0, len(strings), 40):
        some = strings[at : at + 40]
        teasers = tuple(
            Teaser(
                title=text,
                summary=text,
                url=f"https://example.org/{text}",
                picture=Picture(url=BLOG_PICTURE, alt=text),
            )
            for text in some
        )
        sections = tuple(
            Section(title=one.title, text=one.title, teasers=(one,)) for one in teasers
        )
        rendered = render(
            build_issue(0, sections=sections, title=some[0], preheader=some[-1]),
            theme,
            IMPRINT,
            nonce=NONCE,
        )
        assert find_unbalanced_tag(rendered.html) is None
        assert "<script" not in rendered.html.lower()
        assert {link.url.split(":")[0] for link in parse_html(rendered.html).links} <= {
            "https",
            "http",
            "mailto",
            *rendered.slots.values(),
        }
        drawn = lxml_html.document_fromstring(rendered.html)
        assert not drawn.xpath("//*[@*[starts-with(name(), 'on')]]")
        alts = drawn.xpath("//img/@alt")
        assert alts == [to_one_line(text) for text in some][: len(alts)]
