"""What is different between two issues, in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.editing.diff import ChangeKind, DiffRun, diff_issues, diff_words, join_text
from newsletter.domain.issue import Issue, Section, Teaser
from newsletter.domain.post import PostId

MARKS = {"same": ChangeKind.same, "+": ChangeKind.added, "-": ChangeKind.removed}


def read_runs(*pairs: tuple[str, str]) -> tuple[DiffRun, ...]:
    """Return runs of text: ("-", "gone"), ("+", "new"), ("same", "kept")."""
    return tuple(DiffRun(change=MARKS[mark], text=text) for mark, text in pairs)


def build_issue(*teasers: Teaser, name: str = "n") -> Issue:
    """Return an issue of one section."""
    return Issue(
        name=name, subject="s", language="sv", sections=(Section(title="A", teasers=teasers),)
    )


@pytest.mark.parametrize(
    ("before", "now", "runs"),
    [
        ("", "", ()),
        ("a b", "a b", (("same", "a b"),)),
        ("a  b", "a\nb", (("same", "a\nb"),)),
        ("", "a", (("+", "a"),)),
        ("a", "", (("-", "a"),)),
        ("a b c d e f", "x b c d e f", (("-", "a"), ("+", "x"), ("same", " b c d e f"))),
        ("a b c", "x b z", (("-", "a b c"), ("+", "x b z"))),
        ("a b c d e", "x b c d z", (("-", "a"), ("+", "x"), ("same", " b c d "))),
    ],
)
def test_words_that_came_and_went(before: str, now: str, runs: tuple[tuple[str, str], ...]) -> None:
    """A word or two that stay between two changes are shown as part of them."""
    found = diff_words(before, now)
    expected = read_runs(*runs)
    assert found[: len(expected)] == expected


@given(before=st.text("ab \n", max_size=40), now=st.text("ab \n", max_size=40))
def test_both_texts_are_in_the_difference(before: str, now: str) -> None:
    """Without what went it is the new text; without what came, the old one's words."""
    found = diff_words(before, now)
    assert join_text(found, ChangeKind.removed) == now
    assert join_text(found, ChangeKind.added).split() == before.split()
    assert all(run.text for run in found)


def test_a_long_text_is_compared_line_by_line() -> None:
    """In words, a text of 100,000 characters would take seconds."""
    before = "\n".join(f"rad {number} har några ord" for number in range(1_000))
    found = diff_words(before, before.replace("rad 500 ", "rad femhundra "))
    assert join_text(found, ChangeKind.same, ChangeKind.added).strip() == "rad 500 har några ord"


def test_each_teaser_is_compared_with_its_former_self() -> None:
    """By its post first: one with the same title isn't taken for it."""
    one = Teaser(title="Vecka", post=PostId("a"), summary="Ett.")
    two = Teaser(title="Vecka", post=PostId("b"), summary="Två.")
    found = diff_issues(build_issue(one, two, name="f"), build_issue(two))
    assert [teaser.change for teaser in found.teasers] == [ChangeKind.same, ChangeKind.removed]
    assert join_text(found.teasers[1].summary) == "Ett."
    assert found.before_name == "f"


def test_a_new_post_with_an_old_title_is_new() -> None:
    """The notes of weeks 47 and 48 were shown as one that had changed."""
    old = Teaser(title="Vecka", post=PostId("a"), summary="Ett.")
    new = Teaser(title="Vecka", post=PostId("b"), summary="Två.")
    found = diff_issues(build_issue(old), build_issue(new))
    assert [teaser.change for teaser in found.teasers] == [ChangeKind.added, ChangeKind.removed]


@pytest.mark.parametrize(
    "now",
    [
        Teaser(title="Ny rubrik", url="https://example.org/a", summary="Ett."),
        Teaser(title="Rubrik", url="https://example.org/b", summary="Ett."),
        Teaser(title="Rubrik", summary="Två."),
    ],
    ids=["same address", "same title, another address", "same title, no address"],
)
def test_a_teaser_without_its_post_is_known_by_address_or_title(now: Teaser) -> None:
    """A person has deleted the line that names it."""
    was = Teaser(title="Rubrik", url="https://example.org/a", summary="Ett.", post=PostId("a"))
    found = diff_issues(build_issue(was), build_issue(now))
    assert len(found.teasers) == 1
    assert found.teasers[0].change in (ChangeKind.same, ChangeKind.changed)
