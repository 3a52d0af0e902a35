"""Composing into an edited issue loses no word of a person, and brings nothing back."""

import random
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.compose.editing.merge_issue import merge_issue
from newsletter.compose.issue_file.read import parse_issue
from newsletter.compose.issue_file.rewrite import rewrite_minimally
from newsletter.compose.issue_file.write import compute_fingerprint, serialise_issue
from newsletter.domain.issue import Issue, Section, Teaser
from newsletter.domain.post import PostId
from newsletter.errors import IssueFileError

#: A file in parts: the head, then each section's and each teaser's lines.
Parts = list[list[str]]


def build_teaser(
    post: str, summary: str = "Regionen bygger nytt i Norrby. Arbetet pågår i tre år."
) -> Teaser:
    return Teaser(
        title=f"Titel {post}",
        url=f"https://x.example/{post}",
        summary=summary,
        post=PostId(post),
        fingerprint=compute_fingerprint(summary),
    )


def build_issue(**sections: list[Teaser]) -> Issue:
    made = tuple(
        Section(title=title, teasers=tuple(teasers)) for title, teasers in sections.items()
    )
    return Issue(
        name="i", subject="Nytt", language="sv", title="Rubrik", intro="Hej!", sections=made
    )


FIRST = build_issue(
    Nytt=[build_teaser("aa"), build_teaser("bb"), build_teaser("cc")],
    Mer=[build_teaser("dd"), build_teaser("ee")],
)
#: The next time "bb" says something else, and there are two more posts.
SECOND = build_issue(
    Nytt=[
        build_teaser("ff"),
        build_teaser("aa"),
        build_teaser("bb", "Något annat står här nu."),
        build_teaser("cc"),
    ],
    Mer=[build_teaser("dd"), build_teaser("ee"), build_teaser("gg")],
)
KNOWN = frozenset(map(PostId, ("aa", "bb", "cc", "dd", "ee")))


def split_parts(text: str) -> Parts:
    parts: Parts = [[]]
    for line in text.split("\n"):
        if line.startswith(("## ", "### ")):
            parts.append([])
        parts[-1].append(line)
    return parts


def join_parts(parts: Parts) -> str:
    return "\n".join("\n".join(part) for part in parts)


def build_insertion(line: str) -> Callable[[Parts, int, str], None]:
    """Write a line into a teaser, above the mark that ends it."""

    def insert_line(parts: Parts, at: int, word: str) -> None:
        end = next(
            (n for n, one in enumerate(parts[at]) if one.startswith("<!-- post")), len(parts[at])
        )
        parts[at][end:end] = ["", *line.format(word=word).split("\n"), ""]

    return insert_line


def retitle(parts: Parts, at: int, word: str) -> None:
    parts[at][0] = re.sub(r"### \[?", lambda found: f"{found[0]}{word} ", parts[at][0], count=1)


def unmark(parts: Parts, at: int, _word: str) -> None:
    parts[at] = [line for line in parts[at] if not line.startswith("<!-- post")]


CHANGES: dict[str, Callable[[Parts, int, str], None]] = {
    "delete": lambda parts, at, _word: parts.pop(at) and None,
    "to the end": lambda parts, at, _word: parts.append(parts.pop(at)),
    "twice": lambda parts, at, _word: parts.insert(at, list(parts[at])),
    "own teaser": lambda parts, at, word: parts.insert(
        at, [f"### Egen {word}", "", "Mina ord.", ""]
    ),
    "own section": lambda parts, _at, word: parts.append([f"## Eget {word}", "", "Text.", ""]),
    "retitle": retitle,
    "unmark": unmark,
    "words": build_insertion("En mening {word}."),
    "list": build_insertion("- {word}\n- ett till"),
    "code": build_insertion("```\n### {word}\n```"),
    "remark": build_insertion("<!-- {word} -->"),
    "empty lines": lambda parts, at, _word: parts[at].extend(["", "", ""]),
    "blanks": lambda parts, at, _word: parts[at].__setitem__(0, parts[at][0] + "  \t"),
}


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(sorted(CHANGES)), max_size=6),
    st.randoms(use_true_random=False),
    st.sampled_from(["\n", "\r\n"]),
)
def test_no_edit_is_lost_and_nothing_comes_back(
    names: list[str], chance: random.Random, end: str
) -> None:
    """Her words, her order and her deletions are in the merged file; new posts stand in it once."""
    parts = split_parts(serialise_issue(FIRST))
    for number, name in enumerate(names):
        teasers = [at for at, part in enumerate(parts) if part[0].startswith("### ")]
        if teasers:
            CHANGES[name](parts, chance.choice(teasers), f"Unikt{number}ord")
    text = join_parts(parts)
    try:
        edited = parse_issue(text.replace("\n", end), issue_name="i")
    except IssueFileError:
        return  # it is refused, and left as it is
    there = {teaser.post for teaser in edited.teasers if teaser.post}
    merged = merge_issue(edited, SECOND, KNOWN).issue
    after = rewrite_minimally(text, merged)
    assert parse_issue(after, issue_name="i") == merged
    assert all(word in after for word in re.findall(r"Unikt\d+ord", text))
    assert {teaser.post for teaser in merged.teasers if teaser.post} == there | {"ff", "gg"}
    order = [teaser.title for teaser in edited.teasers]
    assert [teaser.title for teaser in merged.teasers if teaser.post not in ("ff", "gg")] == order
    assert [teaser.post for teaser in merged.teasers].count(PostId("ff")) == 1


@pytest.mark.parametrize("touched", [True, False])
def test_a_changed_post_renews_only_what_nobody_touched(touched: bool) -> None:
    """Her summary stays, one of compose follows its post."""
    mine = replace(build_teaser("bb"), summary="Mina ord.") if touched else build_teaser("bb")
    merged = merge_issue(build_issue(Nytt=[mine]), SECOND, KNOWN).issue
    assert merged.teasers[0].summary == ("Mina ord." if touched else "Något annat står här nu.")
