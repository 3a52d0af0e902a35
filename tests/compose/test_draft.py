"""A post becomes a teaser, and teasers an issue."""

import datetime
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.draft import (
    MAX_PREHEADER_CHARS,
    IssueDefaults,
    build_preheader,
    draft_issue,
    draft_teaser,
)
from newsletter.compose.issue_file.syntax import to_markdown
from newsletter.domain.issue import SummaryReason
from newsletter.domain.post import LedgerEntry, Picture
from newsletter.markdown import to_html
from newsletter.posts.clean.tree import extract_all_text

FRAME = IssueDefaults(
    issue_name="2026-12-01",
    title="Nytt från regionen",
    language="sv",
    zone=ZoneInfo("Europe/Stockholm"),
    section="Nytt sedan sist",
    word_range=(35, 50),
    date=datetime.date(2026, 12, 1),
    number=12,
)
Make = Callable[..., LedgerEntry]


def test_an_issue_has_subject_preheader_and_number(make_entry: Make) -> None:
    """The month in the issue's language; the first titles."""
    issue = draft_issue([draft_teaser(make_entry(number), FRAME) for number in (1, 2)], FRAME)
    assert (issue.subject, issue.number, issue.title) == (
        "Nytt från regionen december 2026",
        12,
        "Nytt i december",
    )
    assert issue.preheader == "Inlägg med titel bbbbbb · Inlägg med titel cccccc"
    assert [section.title for section in issue.sections] == ["Nytt sedan sist"]


def test_the_date_is_the_day_in_the_newsletters_zone(make_entry: Make) -> None:
    """Half past eleven at night UTC is the next day in Stockholm; an undated post shows none."""
    late = datetime.datetime(2026, 11, 23, 23, 30, tzinfo=datetime.UTC)
    assert draft_teaser(make_entry(1, published=late), FRAME).teaser.date == datetime.date(
        2026, 11, 24
    )
    assert draft_teaser(make_entry(1, published=None), FRAME).teaser.date is None


def test_a_picture_keeps_what_its_source_says_of_it(make_entry: Make) -> None:
    """No alt text, an empty one, and one with line breaks are three things."""
    alts = [
        draft_teaser(
            make_entry(1, picture=Picture(url="https://x.example/a", alt=alt)), FRAME
        ).teaser.picture
        for alt in (None, "", "a\nb")
    ]
    assert [picture.alt for picture in alts if picture] == [None, "", "a b"]


@pytest.mark.parametrize(
    ("more", "title"),
    [
        (
            {
                "title": "",
                "body": "<p>Ett nytt hus byggs i Norrby under hela nästa år och mer.</p>",
            },
            "Ett nytt hus byggs i Norrby under hela…",
        ),
        ({"title": "", "body": "", "url": "https://x.example/a/b/"}, "x.example/a/b"),
        ({"title": "", "body": "", "url": None}, "–"),
        ({"title": "ord " * 2500}, ("ord " * 50)[:-1] + "…"),
        ({"title": "a\r\nBcc: x\x00\x1b[31m"}, "a Bcc: x [31m"),
    ],
)
def test_a_poor_title_is_made_good(make_entry: Make, more: dict[str, object], title: str) -> None:
    """A post is never dropped for it."""
    made = draft_teaser(make_entry(1, **more), FRAME).teaser.title
    assert made[:40] == title[:40]
    assert len(made) <= 200


def test_a_post_without_text_is_title_date_and_link(make_entry: Make) -> None:
    """Its summary is empty, and the reason says so."""
    written = draft_teaser(make_entry(1, body="", excerpt="Vi bygger ett hus i […]"), FRAME)
    assert (written.teaser.summary, written.summary.reason) == ("", SummaryReason.none)


@given(
    st.lists(st.text(min_size=1, max_size=120).map(lambda text: " ".join(text.split())), max_size=6)
)
def test_a_preheader_is_at_most_90_characters(titles: list[str]) -> None:
    """Whatever the titles are."""
    assert len(build_preheader(titles)) <= MAX_PREHEADER_CHARS


def test_a_preheader_is_cut_between_words() -> None:
    """A first title that is too long."""
    assert build_preheader(["ordet " * 30]) == ("ordet " * 15).strip() + "…"


@given(
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=80).map(
        lambda text: " ".join(text.split())
    )
)
def test_plain_text_shows_the_same_as_markdown(text: str) -> None:
    """Nothing in a summary is a link, a list, emphasis or HTML."""
    html = to_html(to_markdown(text))
    assert "<a" not in html
    assert "<li" not in html
    assert "<em" not in html
    assert "<h" not in html
    assert "".join(extract_all_text(html).split()) == "".join(
        extract_all_text(f"<p>{text.replace('&', '&amp;').replace('<', '&lt;')}</p>").split()
    )


@pytest.mark.parametrize("text", ["__0__", "___a___", "_ __init__ _", "a __b__ c"])
def test_several_underscores_around_a_word_were_emphasis(text: str) -> None:
    """Only the outermost was escaped, for an underscore counted as a letter beside the next."""
    html = to_html(to_markdown(text))
    assert "<em" not in html
    assert "<strong" not in html
    assert extract_all_text(html).strip() == text


def test_an_underscore_inside_a_word_stays_as_it_is() -> None:
    """It means nothing there, and staff read the file."""
    assert to_markdown("a_file_name") == "a_file_name"
