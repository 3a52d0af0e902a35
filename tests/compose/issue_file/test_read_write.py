"""The issue file: written, read back, and edited by people."""

import datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.compose.issue_file.read import parse_issue
from newsletter.compose.issue_file.syntax import split_markdown_lines, to_one_line
from newsletter.compose.issue_file.write import compute_fingerprint, serialise_issue
from newsletter.domain.issue import Issue, Layout, Section, Teaser
from newsletter.domain.post import Picture, PostId
from newsletter.errors import IssueFileError

EXAMPLE = """---
subject: Nyhetsbrev december 2026
preheader: Söndagsöppna bibliotek, nya cykelvägar och pengar till företag som exporterar
number: 12
date: 2026-12-01
language: sv
---

# Det händer i regionen

Hej! Här är månadens nyheter.

## Nytt sedan sist

### [Biblioteken öppnar på söndagar](https://blogg.example.org/sondag)
![Barn läser i en fåtölj](https://blogg.example.org/sondag.jpg)
*24 november 2026*

Från och med januari håller fyra bibliotek öppet alla dagar i veckan. Försöket pågår i ett år
och följs av forskare vid högskolan, som ska se om fler barn hittar dit.

<!-- post: 3f9a51 summary: 91c204 -->
"""


def parse_lines(*lines: str, language: str = "sv") -> Issue:
    """Read an issue with these lines in its body."""
    return parse_issue(
        "\n".join(("---", "subject: Ämne", f"language: {language}", "---", "", *lines)),
        issue_name="i",
    )


def read_refusal(*lines: str) -> str:
    with pytest.raises(IssueFileError) as caught:
        parse_lines(*lines)
    return str(caught.value)


def test_the_example_of_the_design_is_read() -> None:
    """Every part of the file that the design shows has its place in the issue."""
    issue = parse_issue(EXAMPLE, issue_name="2026-12-01")
    assert (issue.name, issue.number, issue.date) == ("2026-12-01", 12, datetime.date(2026, 12, 1))
    assert issue.title == "Det händer i regionen"
    assert issue.intro == "Hej! Här är månadens nyheter."
    (teaser,) = issue.teasers
    assert teaser.title == "Biblioteken öppnar på söndagar"
    assert teaser.url == "https://blogg.example.org/sondag"
    assert teaser.picture == Picture(
        url="https://blogg.example.org/sondag.jpg", alt="Barn läser i en fåtölj"
    )
    assert teaser.date == datetime.date(2026, 11, 24)
    assert teaser.summary.startswith("Från och med")
    assert teaser.summary.endswith("hittar dit.")
    assert (teaser.post, teaser.fingerprint) == ("3f9a51", "91c204")


def test_the_example_is_written_as_the_design_shows_it() -> None:
    """Reading and writing an untouched file changes not a byte."""
    assert serialise_issue(parse_issue(EXAMPLE, issue_name="x")) == EXAMPLE


lines_ = st.text(max_size=40).map(to_one_line)
STRUCTURE = """# a;## b;### [c](https://x.example);### c;![a](https://x.example/a.jpg)
;*24 november 2026*
;*2026-11-24*;<!-- post: abc -->
;<!-- post: a summary: b -->;<!-- text -->;<!-- text --># x;---;```;~~~;````;<!-- note
;-->;    code;> quote;- item;Title\n===;<script>;\\# x;;
;* * *;#;##;###;{{ x }};   ;<!-- layout: cards -->;<!-- layout: x -->;<!-- layout: list;## c"""
structure = st.sampled_from(STRUCTURE.split(";"))
markdown = st.lists(st.one_of(structure, st.text(max_size=30)), max_size=6).map(
    lambda parts: "\n".join(split_markdown_lines("\n".join(parts)))
)
urls = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp")), max_size=20
).map(lambda end: f"https://example.org/{end}")
dates = st.dates()
pictures = st.builds(Picture, url=urls, alt=st.one_of(st.none(), lines_))
hexes = st.text("0123456789abcdef", min_size=6, max_size=12)


@st.composite
def teasers(draw: st.DrawFn) -> Teaser:
    post = draw(st.one_of(st.none(), hexes))
    return Teaser(
        title=draw(
            st.one_of(
                lines_,
                st.sampled_from(
                    [
                        "[a](b)",
                        "a]",
                        "C#",
                        "#",
                        "`x`",
                        "**b**",
                        "<!-- x -->",
                        "\\",
                        "&amp;",
                        "---",
                        "x\\[y",
                    ]
                ),
            )
        ),
        url=draw(st.one_of(st.none(), urls)),
        picture=draw(st.one_of(st.none(), pictures)),
        date=draw(st.one_of(st.none(), dates)),
        summary=draw(markdown),
        post=PostId(post) if post else None,
        fingerprint=draw(st.one_of(st.none(), hexes)) if post else None,
    )


layouts = st.one_of(st.none(), st.sampled_from(Layout))
sections = st.builds(
    Section,
    title=lines_,
    teasers=st.lists(teasers(), max_size=3).map(tuple),
    text=markdown,
    layout=layouts,
)
issues = st.builds(
    Issue,
    name=st.just("n"),
    subject=st.one_of(
        lines_,
        st.sampled_from(
            ["a: b", "no", "'x'", '"', "- x", "2026-12-01", "a #b", "[x", "{", "x:", "åäö: 1"]
        ),
    ),
    preheader=lines_,
    number=st.one_of(st.none(), st.integers(0, 99_999)),
    date=st.one_of(st.none(), dates),
    language=st.sampled_from(
        ["sv", "en", "de", "fi", "nb", "nn-NO", "fr", "es", "ja", "ar", "xx", "sv-FI"]
    ),
    title=lines_,
    intro=markdown,
    sections=st.lists(sections, max_size=3).map(tuple),
)


@settings(max_examples=300, deadline=None)
@given(issues)
@example(
    Issue(
        name="n", subject="", language="sv", intro="```\n# x\n## y", sections=(Section(title=""),)
    )
)
def test_an_issue_comes_back_as_it_was_written(issue: Issue) -> None:
    """Whatever its texts hold, a written issue is read back as the same issue."""
    assert parse_issue(serialise_issue(issue), issue_name="n") == issue


@settings(max_examples=100, deadline=None)
@given(issues)
def test_what_is_written_is_valid_front_matter_for_others(issue: Issue) -> None:
    """A YAML parser that knows nothing of us reads the same subject."""
    frontmatter = pytest.importorskip("frontmatter")
    assert str(frontmatter.loads(serialise_issue(issue))["subject"]) == issue.subject


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(structure, st.text(max_size=30)), max_size=12))
def test_anything_a_person_types_is_read_or_refused_in_a_sentence(typed: list[str]) -> None:
    """Any body gives an issue or an IssueFileError, never another exception.

    And what is read survives writing.
    """
    try:
        issue = parse_lines(*typed)
    except IssueFileError as error:
        said = str(error)
    else:
        said = ""
        assert parse_issue(serialise_issue(issue), issue_name="i") == issue
    assert "i.md, line " in said or not said


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_file_is_read_or_refused(text: str) -> None:
    """A file that is no issue at all gives one sentence."""
    with pytest.raises(IssueFileError):
        parse_issue(text, issue_name="i")


@pytest.mark.parametrize(
    "title",
    [
        "Ny [beta] version",
        "a \\ b",
        "<!-- x -->",
        "`kod`",
        "**fet**",
        "_kursiv_",
        "C#",
        "# 1",
        "AT&amp;T",
        "1. Ett",
        "[a](https://x.example)",
        "---",
        "",
    ],
)
def test_a_title_of_special_characters_stays_as_it_is(title: str) -> None:
    """Titles are plain text: Markdown in them is neither lost nor obeyed."""
    for url in (None, "https://example.org/a_(b)"):
        issue = Issue(
            name="i",
            subject="x",
            language="sv",
            sections=(Section(title="s", teasers=(Teaser(title=title, url=url),)),),
        )
        assert parse_issue(serialise_issue(issue), issue_name="i") == issue


def test_a_title_with_line_breaks_becomes_one_line() -> None:
    """A title can't open a new line of the file."""
    issue = Issue(name="i", subject="a\nnumber: 7", language="sv", title="x\n## y", sections=())
    again = parse_issue(serialise_issue(issue), issue_name="i")
    assert (again.subject, again.title, again.number, again.sections) == (
        "a number: 7",
        "x ## y",
        None,
        (),
    )


def test_titles_typed_by_hand_are_read_as_markdown_shows_them() -> None:
    """Brackets, emphasis and entities that a person types mean what they mean in Markdown."""
    (section,) = parse_lines(
        "## A",
        "### [Ny [beta] **version**](https://example.org/a_(b))",
        "### Utan *länk* &amp; mer ###",
    ).sections
    assert [(teaser.title, teaser.url) for teaser in section.teasers] == [
        ("Ny [beta] version", "https://example.org/a_(b)"),
        ("Utan länk & mer", None),
    ]


def test_blank_lines_between_heading_picture_and_date_are_allowed() -> None:
    """People leave blank lines; picture and date are found in any order."""
    (teaser,) = parse_lines(
        "## A", "### B", "", "*2026-11-24*", "", "![](<https://example.org/a b.jpg>)", "", "Text."
    ).teasers
    assert teaser.date == datetime.date(2026, 11, 24)
    assert teaser.picture == Picture(url="https://example.org/a%20b.jpg", alt=None)
    assert teaser.summary == "Text."


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("sv", "24 nov 2026"),
        ("sv", "tisdag den 24 november 2026"),
        ("sv", "2026-11-24"),
        ("sv", "November 24, 2026"),
        ("en", "November 24, 2026"),
        ("de", "24. November 2026"),
        ("fi", "24. marraskuuta 2026"),
        ("fr", "24 novembre 2026"),
        ("nb", "24. november 2026"),
        ("es", "24 de noviembre de 2026"),
    ],
)
def test_dates_are_read_in_words(language: str, typed: str) -> None:
    """A date in the issue's language, or in English, is a date."""
    (teaser,) = parse_lines("## A", "### B", f"*{typed}*", "Text.", language=language).teasers
    assert (teaser.date, teaser.summary) == (datetime.date(2026, 11, 24), "Text.")


def test_a_line_in_italics_that_is_no_date_is_text() -> None:
    """A misspelt date isn't lost: it stays where it was typed."""
    (teaser,) = parse_lines("## A", "### B", "*24 novmber 2026*", "", "Text.").teasers
    assert (teaser.date, teaser.summary) == (None, "*24 novmber 2026*\n\nText.")


def test_words_after_the_post_line_belong_to_the_summary() -> None:
    """A person who writes below the comment loses nothing."""
    (teaser,) = parse_lines("## A", "### B", "Ett.", "<!-- post: abc123 -->", "Två.").teasers
    assert (teaser.summary, teaser.post) == ("Ett.\n\nTvå.", "abc123")


def test_a_section_says_how_it_is_drawn() -> None:
    """Under its heading, in any case, before or after its words.

    And in a block of code it is code.
    """
    issue = parse_lines(
        "## A",
        "<!-- Layout: Cards -->",
        "Ord.",
        "## B",
        "```",
        "<!-- layout: list -->",
        "```",
        "## C",
        "",
        "Ord.",
        "<!--layout:list-->",
    )
    assert [section.layout for section in issue.sections] == [Layout.cards, None, Layout.list]
    assert "<!-- layout: list -->" in issue.sections[1].text
    assert "## C\n<!-- layout: list -->\n\nOrd." in serialise_issue(issue)


def test_a_heading_in_a_block_of_code_is_no_teaser() -> None:
    """Code and comments hold what they like."""
    issue = parse_lines(
        "## A", "### B", "```", "## no", "### no", "```", "<!-- note", "## no", "-->", "Text."
    )
    assert len(issue.sections) == 1
    assert len(issue.teasers) == 1
    assert "## no" in issue.teasers[0].summary


def test_teasers_before_any_section_are_kept() -> None:
    """Who deletes the heading of a section keeps its teasers."""
    issue = parse_lines("Intro.", "### B", "Text.")
    assert [(section.title, len(section.teasers)) for section in issue.sections] == [("", 1)]
    assert parse_issue(serialise_issue(issue), issue_name="i") == issue


@pytest.mark.parametrize(
    ("lines", "part"),
    [
        (
            ("## A", "### [B](javascript:alert(1))"),
            'line 7: "javascript:alert(1)" is no web address',
        ),
        (("## A", "### B", "![x](bild.jpg)"), 'line 8: "bild.jpg" is no web address'),
        (
            ("## A", "### [B](https://x.example", "Text."),
            "line 7: this heading's link can't be read",
        ),
        (("Intro.", "<!-- post: abc -->"), "line 7: this line belongs under a teaser"),
        (
            ("## A", "### B", "<!-- post: a -->", "<!-- post: b -->"),
            "line 9: here ends a second post",
        ),
        (
            ("## A", "### B", "<!-- post: -->"),
            "line 8: this line says which post it is, and is damaged",
        ),
        (("## A", "### B", "```", "x"), "line 8: the block of code"),
        (("## A", "### B", "<!-- x", "<!-- post: a -->"), "line 8: the comment"),
        (
            ("## A", "<!-- layout: kort -->"),
            'line 7: there is no layout "kort". Write one of: cards, list, lead, calendar',
        ),
        (("<!-- layout: cards -->", "## A"), "line 6: one layout stands under a section's heading"),
        (("## A", "<!-- layout: list -->", "<!-- layout: list -->"), "line 8: one layout stands"),
        (("## A", "### B", "<!-- layout: list -->"), "line 8: one layout stands"),
        (("# " + "A" * 1_001,), "line 6: this has 1001 characters"),
        (
            ("## A", "### [" + "B" * 1_001 + "](https://example.org/)"),
            "line 7: this has 1001 characters",
        ),
        (
            ("### A", "![" + "B" * 1_001 + "](https://example.org/)"),
            "line 7: this has 1001 characters",
        ),
        (("## A", "### B", "ord " * 30_000), "line 7: the text below has"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_line(lines: tuple[str, ...], part: str) -> None:
    """The line and the reason are named."""
    assert part in read_refusal(*lines)


@pytest.mark.parametrize(
    ("head", "part"),
    [
        ("subject: A\nlanguage: sv\nlayot: x", "line 4: layot is unknown"),
        (
            "subject: A\nlanguage: sv\npreheder: x",
            "line 4: preheder is unknown. Did you mean preheader?",
        ),
        ("subject: A\nlanguage: sv\nnumber: tolv", 'line 4: number is "tolv"'),
        ("subject: A\nlanguage: sv\ndate: i morgon", 'line 4: date is "i morgon"'),
        ("subject: A", "line 1: language is missing"),
        ("language: sv", "line 1: subject is missing"),
        ("subject: A\nsubject: B\nlanguage: sv", "line 3: subject is there twice"),
        ('subject: "A\nlanguage: sv', "line 2: subject begins with a quotation mark"),
        ("subject: >\n  A\nlanguage: sv", "line 2: write subject on one line"),
        ("subject: A\nlanguage: på svenska", 'line 3: "på svenska" is no language'),
        ("subject: " + "A" * 1_001 + "\nlanguage: sv", "line 2: subject has 1001 characters"),
        ("subject: A\njust words\nlanguage: sv", 'line 3: write "name: value" here'),
    ],
)
def test_a_wrong_head_is_refused_with_the_cure(head: str, part: str) -> None:
    """Each mistake in the head has its own sentence."""
    with pytest.raises(IssueFileError) as caught:
        parse_issue(f"---\n{head}\n---\n", issue_name="i")
    assert part in str(caught.value)


def test_a_colon_in_the_subject_needs_no_quotes() -> None:
    """What people type most: YAML would refuse it."""
    assert (
        parse_issue(
            "---\nsubject: Nyhetsbrev: december\nlanguage: no\n---\n", issue_name="i"
        ).subject
        == "Nyhetsbrev: december"
    )


def test_windows_lines_and_a_byte_order_mark_are_read() -> None:
    """Notepad's files are files."""
    assert parse_issue(
        "\N{ZERO WIDTH NO-BREAK SPACE}" + EXAMPLE.replace("\n", "\r\n"), issue_name="x"
    ) == parse_issue(EXAMPLE, issue_name="x")


def test_a_fingerprint_knows_words_not_line_breaks() -> None:
    """An editor that wraps lines has touched nothing."""
    assert (
        compute_fingerprint("a b\nc")
        == compute_fingerprint("a  b c")
        != compute_fingerprint("a b d")
    )
