"""Edits as JSON: what a page asks for, and what a conflict offers to ask for again."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.editing.edits import (
    AddSection,
    AddTeaser,
    Edit,
    MoveSection,
    MoveTeaser,
    RemoveSection,
    RemoveTeaser,
    TeaserPosition,
    WriteField,
)
from newsletter.compose.editing.fields import IssueField
from newsletter.compose.summary.alternatives import SummaryAlternatives, SummaryOrigin
from newsletter.domain.issue import Issue, Section, Teaser
from newsletter.domain.post import LedgerEntry, PostId
from newsletter.errors import IssueFileError, NewsletterError
from newsletter.web.preview.edit_parser import MAX_TEXT_CHARS, parse_edit, serialize_edit

ISSUE = Issue(
    name="2026-12",
    subject="Nytt",
    language="sv",
    sections=(
        Section(title="A", teasers=(Teaser(title="Ett"), Teaser(title="Två"))),
        Section(title="B", teasers=(Teaser(title="Tre"),)),
    ),
)


class KnownPosts:
    """Knows one post, and what could stand instead of each summary."""

    alternatives = SummaryAlternatives(
        origin=SummaryOrigin.sentences, shorter="Kort.", longer="", automatic="Vår."
    )

    def search_unused_posts(self, issue_name: str, query: str) -> list[LedgerEntry]:
        return []

    def compose_teaser(self, issue_name: str, post_id: PostId) -> Teaser:
        if (issue_name, post_id) != ("2026-12", "p1"):
            raise IssueFileError("This post isn't known any more.")
        return Teaser(title="Ett inlägg", post=PostId("p1"))

    def find_alternatives(self, teaser: Teaser, language: str) -> SummaryAlternatives:
        assert (teaser.title, language) == ("Två", "sv")
        return self.alternatives

    def get_summary_word_bounds(self) -> tuple[int, int]:
        return 25, 60


POSTS = KnownPosts()


def place(section: int, teaser: int) -> TeaserPosition:
    return TeaserPosition(section=section, teaser=teaser)


EDITS: dict[str, tuple[dict[str, Any], Edit]] = {
    "a part of the issue": (
        {"kind": "write", "part": "subject", "text": "Hej", "at": None, "decorative": False},
        WriteField(field=IssueField.subject, text="Hej"),
    ),
    "a part of a teaser": (
        {"kind": "write", "part": "summary", "text": "Hej", "at": [1, 0], "decorative": False},
        WriteField(field=IssueField.summary, text="Hej", at=place(1, 0)),
    ),
    "a picture that only decorates": (
        {"kind": "write", "part": "alt", "text": "", "at": [0, 0], "decorative": True},
        WriteField(field=IssueField.alt, text="", at=place(0, 0), decorative=True),
    ),
    "a move": (
        {"kind": "move", "at": [0, 1], "to": [1, 0]},
        MoveTeaser(at=place(0, 1), to=place(1, 0)),
    ),
    "a removal": ({"kind": "remove", "at": [0, 1]}, RemoveTeaser(at=place(0, 1))),
    "a post": (
        {"kind": "add", "post": "p1", "to": [0, 2], "section": "Nytt"},
        AddTeaser(
            to=place(0, 2), teaser=Teaser(title="Ett inlägg", post=PostId("p1")), section="Nytt"
        ),
    ),
    "words of one's own": (
        {"kind": "add-own", "title": "Eget", "to": [0, 0], "section": ""},
        AddTeaser(to=place(0, 0), teaser=Teaser(title="Eget")),
    ),
    "a section": (
        {"kind": "add-section", "to": 1, "title": "Mitt"},
        AddSection(to=1, title="Mitt"),
    ),
    "a section's move": ({"kind": "move-section", "at": 0, "to": 1}, MoveSection(at=0, to=1)),
    "a section's removal": ({"kind": "remove-section", "at": 1}, RemoveSection(at=1)),
}


@pytest.mark.parametrize(("value", "edit"), EDITS.values(), ids=EDITS.keys())
def test_an_edit_there_and_back(value: dict[str, Any], edit: Edit) -> None:
    """What a conflict offers to do again is what the page asked for."""
    assert parse_edit(value, ISSUE, POSTS) == edit
    assert serialize_edit(edit) == value
    assert json.loads(json.dumps(serialize_edit(edit))) == value


@pytest.mark.parametrize(
    ("kind", "text"), [("shorter", "Kort."), ("ours", "Vår.")], ids=["shorter", "ours"]
)
def test_another_summary_is_written_as_a_text(kind: str, text: str) -> None:
    """The page names the button; the words are found here."""
    edit = parse_edit({"kind": kind, "at": [0, 1]}, ISSUE, POSTS)
    assert edit == WriteField(field=IssueField.summary, text=text, at=place(0, 1))


def test_a_summary_that_there_isnt_is_told() -> None:
    """The button is drawn where there is one; the post may have changed since."""
    with pytest.raises(IssueFileError, match="no other whole sentences"):
        parse_edit({"kind": "longer", "at": [0, 1]}, ISSUE, POSTS)


def test_a_post_that_isnt_known_is_told() -> None:
    """With the sentence of who knows the posts."""
    with pytest.raises(IssueFileError, match="isn't known"):
        parse_edit({"kind": "add", "post": "p2", "to": [0, 0]}, ISSUE, POSTS)


def test_a_title_of_ones_own_is_one_line() -> None:
    """A line break would begin something else in the file."""
    edit = parse_edit({"kind": "add-own", "title": "Ett\n## Två", "to": [0, 0]}, ISSUE, POSTS)
    assert isinstance(edit, AddTeaser)
    assert "\n" not in edit.teaser.title


@pytest.mark.parametrize("missing", [{}, {"at": None}], ids=["absent", "null"])
def test_a_place_may_be_left_out_for_the_issue(missing: dict[str, Any]) -> None:
    """A part of the issue has none."""
    edit = parse_edit({"kind": "write", "part": "intro", "text": "x", **missing}, ISSUE, POSTS)
    assert edit == WriteField(field=IssueField.intro, text="x")


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "write",
        {},
        {"kind": "burn"},
        {"kind": None},
        {"kind": ["write"]},
        {"kind": "write", "part": "subject"},
        {"kind": "write", "part": "subject", "text": 3},
        {"kind": "write", "part": "nothing", "text": ""},
        {"kind": "write", "part": "summary", "text": "", "at": [0]},
        {"kind": "write", "part": "summary", "text": "", "at": ["0", "1"]},
        {"kind": "write", "part": "subject", "text": "x" * (MAX_TEXT_CHARS + 1)},
        {"kind": "move", "at": [0, 1]},
        {"kind": "move", "at": [0, 1], "to": 3},
        {"kind": "remove", "at": [0, 1, 2]},
        {"kind": "add", "post": 1, "to": [0, 0]},
        {"kind": "add", "post": "p1"},
        {"kind": "add-own", "to": [0, 0], "title": None},
        {"kind": "add-own", "to": [0, 0], "title": "x" * (MAX_TEXT_CHARS + 1)},
        {"kind": "add-section", "to": "1", "title": "x"},
        {"kind": "add-section", "to": 1},
        {"kind": "move-section", "at": 0},
        {"kind": "remove-section"},
        {"kind": "remove-section", "at": [0, 0]},
        {"kind": "shorter"},
    ],
    ids=lambda value: json.dumps(value)[:50],
)
def test_what_no_page_asks_is_a_value_error(value: object) -> None:
    """It becomes a 400."""
    with pytest.raises(ValueError, match=r"."):
        parse_edit(value, ISSUE, POSTS)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
requests = st.fixed_dictionaries(
    {"kind": st.sampled_from([value["kind"] for value, _ in EDITS.values()]) | values},
    optional=dict.fromkeys(("part", "text", "at", "to", "post", "title", "section"), values),
)


@given(value=values | requests)
def test_whatever_comes_is_an_edit_or_refused(value: object) -> None:
    """No other error, whatever JSON is sent; what is an edit can be written again."""
    try:
        edit = parse_edit(value, ISSUE, POSTS)
    except (ValueError, NewsletterError):
        return
    assert parse_edit(serialize_edit(edit), ISSUE, POSTS) == edit
