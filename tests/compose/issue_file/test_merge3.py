"""The laws of a three-way merge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.issue_file.merge3 import merge3

lines = st.lists(st.sampled_from("abcd"), max_size=10)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("abc", "abc", "abc", "abc"),
        ("abc", "aXc", "abc", "aXc"),
        ("abc", "abc", "aXc", "aXc"),
        ("abc", "aXc", "aXc", "aXc"),
        ("abc", "Xabc", "abcY", "XabcY"),
        ("abc", "ac", "abcY", "acY"),
        ("abcde", "aXcde", "abcdY", "aXcdY"),
        ("abc", "aXc", "aYc", None),
        ("abc", "ac", "aYc", None),
        ("ab", "aXb", "aYb", None),
        ("", "X", "", "X"),
        ("", "X", "Y", None),
        ("abc", "", "abc", ""),
    ],
)
def test_both_changes_are_there_or_it_is_a_conflict(
    base: str, mine: str, theirs: str, merged: str | None
) -> None:
    """A line a letter: changes of different places join, of one place don't, unless alike."""
    found = merge3(list(base), list(mine), list(theirs))
    assert found == (None if merged is None else list(merged))


@given(base=lines, changed=lines)
def test_one_change_alone_is_taken_whole(base: list[str], changed: list[str]) -> None:
    """Whoever made it."""
    assert merge3(base, changed, base) == changed
    assert merge3(base, base, changed) == changed


@given(base=lines, changed=lines)
def test_the_same_change_twice_is_made_once(base: list[str], changed: list[str]) -> None:
    """It is no conflict with itself."""
    assert merge3(base, changed, changed) == changed


@given(base=lines, mine=lines, theirs=lines)
def test_it_doesnt_matter_who_is_who(base: list[str], mine: list[str], theirs: list[str]) -> None:
    """A merge is symmetric: the same lines, or a conflict both ways."""
    assert merge3(base, mine, theirs) == merge3(base, theirs, mine)


@given(base=lines, mine=lines, theirs=lines)
def test_no_line_comes_from_nowhere(base: list[str], mine: list[str], theirs: list[str]) -> None:
    """A merged line is of mine or theirs, and is there no oftener than in both together."""
    merged = merge3(base, mine, theirs)
    for line in set(merged or ()):
        assert (merged or []).count(line) <= mine.count(line) + theirs.count(line)


@given(base=lines, mine=lines, theirs=lines)
def test_a_resolver_leaves_no_conflict(base: list[str], mine: list[str], theirs: list[str]) -> None:
    """It is asked for the places of a conflict only, and its lines stand there."""
    asked: list[tuple[list[str], list[str], list[str]]] = []

    def resolve(was: list[str], ours: list[str], others: list[str]) -> list[str]:
        asked.append((was, ours, others))
        return ["!"]

    merged = merge3(base, mine, theirs, resolve)
    assert merged is not None
    assert merged.count("!") == len(asked)
    assert (merge3(base, mine, theirs) is None) == bool(asked)
    assert all(ours not in (was, others) and was != others for was, ours, others in asked)
