"""Editing an issue: what a person does is in it, and nothing else in its file is different."""

from dataclasses import replace
from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.compose.editing.apply_edit import EditConflict, EditedText, apply_edit
from newsletter.compose.editing.diff import ChangeKind, diff_issues, diff_words, join_text
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
    describe_edit,
    edit_issue,
    read_field,
)
from newsletter.compose.editing.fields import FIELD_SPECS, FieldOwner, IssueField
from newsletter.compose.issue_file.read import parse_issue
from newsletter.compose.issue_file.rewrite import rewrite_minimally
from newsletter.compose.issue_file.write import serialise_issue
from newsletter.domain.issue import Issue, Section, Teaser
from newsletter.domain.post import Picture, PostId
from newsletter.errors import IssueFileError

#: As a person has left it: lines broken where she likes, empty lines, a date in figures, quotes, no
#: line feed at the end.
FILE = """---
subject:   "Nyheter i december"
# no comment here
language: sv
number: 12
---


# Det händer i regionen
Hej!


## Nytt sedan sist
### [Biblioteken öppnar](https://blogg.example.org/a)
![En fåtölj](https://blogg.example.org/a.jpg)
_2026-11-24_
Från och med januari håller fyra
bibliotek öppet. *Försöket*
pågår i ett år.
<!-- post: aaa summary: 91c204 -->



### Nattbussen
Linje 42 får nattturer.

## Mer

Några ord.

### [Cykelväg](https://blogg.example.org/c)

Tolv mil.
<!-- post: ccc -->""".replace("# no comment here\n", "")


def parse_sample() -> Issue:
    return parse_issue(FILE, issue_name="n")


def edit_text(edit: Edit, text: str = FILE) -> str:
    return rewrite_minimally(text, edit_issue(parse_issue(text, issue_name="n"), edit))


def diff_lines(edit: Edit) -> tuple[list[str], list[str]]:
    """Return the lines that are gone and those that came, in the order of the file."""
    old, new = FILE.split("\n"), edit_text(edit).split("\n")
    found = [
        code
        for code in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if code[0] != "equal"
    ]
    return [line for _, a, b, _, _ in found for line in old[a:b]], [
        line for _, _, _, c, d in found for line in new[c:d]
    ]


@pytest.mark.parametrize(
    ("edit", "gone", "came"),
    [
        (
            WriteField(field=IssueField.subject, text="Nytt: allt"),
            ['subject:   "Nyheter i december"'],
            ['subject: "Nytt: allt"'],
        ),
        (WriteField(field=IssueField.preheader, text="Kort"), [], ["preheader: Kort"]),
        (
            WriteField(field=IssueField.issue_title, text="Nu # händer det"),
            ["# Det händer i regionen"],
            ["# Nu # händer det"],
        ),
        (WriteField(field=IssueField.intro, text="Hejsan!"), ["Hej!"], ["Hejsan!"]),
        (
            WriteField(
                field=IssueField.section_title, text="Nytt", at=TeaserPosition(section=0, teaser=0)
            ),
            ["## Nytt sedan sist"],
            ["## Nytt"],
        ),
        (
            WriteField(
                field=IssueField.section_text,
                text="Ett ord.",
                at=TeaserPosition(section=1, teaser=0),
            ),
            ["Några ord."],
            ["Ett ord."],
        ),
        (
            WriteField(
                field=IssueField.teaser_title,
                text="Öppet [nu]",
                at=TeaserPosition(section=0, teaser=0),
            ),
            ["### [Biblioteken öppnar](https://blogg.example.org/a)"],
            ["### [Öppet \\[nu\\]](https://blogg.example.org/a)"],
        ),
        (
            WriteField(
                field=IssueField.alt, text="Två fåtöljer", at=TeaserPosition(section=0, teaser=0)
            ),
            ["![En fåtölj](https://blogg.example.org/a.jpg)"],
            ["![Två fåtöljer](https://blogg.example.org/a.jpg)"],
        ),
        (
            WriteField(
                field=IssueField.alt,
                text="",
                decorative=True,
                at=TeaserPosition(section=0, teaser=0),
            ),
            ["![En fåtölj](https://blogg.example.org/a.jpg)"],
            ['![](https://blogg.example.org/a.jpg "decorative")'],
        ),
        (
            WriteField(
                field=IssueField.summary,
                text=(
                    "Från och med januari håller fyra\nbibliotek öppet. *Försöket*\npågår i två år."
                ),
                at=TeaserPosition(section=0, teaser=0),
            ),
            ["pågår i ett år."],
            ["pågår i två år."],
        ),
        (WriteField(field=IssueField.number, text=" 13 "), ["number: 12"], ["number: 13"]),
        (WriteField(field=IssueField.number, text=""), ["number: 12"], []),
        (WriteField(field=IssueField.date, text="2026-12-02"), [], ["date: 2026-12-02"]),
        (
            WriteField(field=IssueField.language, text="sv-FI"),
            ["language: sv"],
            ["language: sv-FI"],
        ),
        (
            WriteField(
                field=IssueField.layout, text="list", at=TeaserPosition(section=1, teaser=0)
            ),
            [],
            ["<!-- layout: list -->"],
        ),
        (
            WriteField(
                field=IssueField.teaser_date,
                text="2026-11-25",
                at=TeaserPosition(section=0, teaser=0),
            ),
            ["_2026-11-24_"],
            ["*25 november 2026*"],
        ),
        (
            WriteField(
                field=IssueField.teaser_date, text="", at=TeaserPosition(section=0, teaser=0)
            ),
            ["_2026-11-24_"],
            [""],
        ),
        (
            WriteField(
                field=IssueField.teaser_url,
                text="https://blogg.example.org/b c(1)",
                at=TeaserPosition(section=1, teaser=0),
            ),
            ["### [Cykelväg](https://blogg.example.org/c)"],
            ["### [Cykelväg](https://blogg.example.org/b%20c\\(1\\))", ""],
        ),
        (
            WriteField(
                field=IssueField.teaser_url, text="", at=TeaserPosition(section=1, teaser=0)
            ),
            ["### [Cykelväg](https://blogg.example.org/c)"],
            ["### Cykelväg", ""],
        ),
        (
            RemoveTeaser(at=TeaserPosition(section=0, teaser=1)),
            ["### Nattbussen", "Linje 42 får nattturer.", ""],
            [],
        ),
    ],
)
def test_only_what_was_changed_is_other_lines(edit: Edit, gone: list[str], came: list[str]) -> None:
    """A person's own breaks, quotes, figures and empty lines stay where they changed nothing."""
    assert diff_lines(edit) == (gone, came)
    assert parse_issue(edit_text(edit), issue_name="n") == edit_issue(parse_sample(), edit)


@pytest.mark.parametrize("part", list(IssueField))
def test_every_part_is_read_as_it_is_written(part: IssueField) -> None:
    """What stands there can be written back, and changes nothing.

    What was done is said, with whose it is.
    """
    at = (
        None if FIELD_SPECS[part].owner is FieldOwner.issue else TeaserPosition(section=0, teaser=0)
    )
    edit = WriteField(field=part, text=read_field(parse_sample(), part, at), at=at)
    assert edit_issue(parse_sample(), edit) == parse_sample()
    assert ("Nytt sedan sist" in str(describe_edit(parse_sample(), edit))) is (
        FIELD_SPECS[part].owner is FieldOwner.section
    )
    assert ("Biblioteken öppnar" in str(describe_edit(parse_sample(), edit))) is (
        FIELD_SPECS[part].owner is FieldOwner.teaser
    )


@pytest.mark.parametrize(
    ("part", "text", "why"),
    [
        (IssueField.number, "tolv", "whole number"),
        (IssueField.number, "-1", "whole number"),
        (IssueField.date, "1 december", "year, month and day"),
        (IssueField.date, "2026-02-30", "year, month and day"),
        (IssueField.language, "", "no language"),
        (IssueField.language, "svenska språket", "no language"),
        (IssueField.layout, "grid", "no layout"),
        (IssueField.teaser_date, "i går", "year, month and day"),
        (IssueField.teaser_url, "javascript:alert(1)", "no web address"),
        (IssueField.teaser_url, "blogg.example.org", "no web address"),
        (IssueField.teaser_url, "https://blogg.example.org/\u202etxt", "no web address"),
    ],
)
def test_what_cant_stand_there_is_refused_with_the_reason(
    part: IssueField, text: str, why: str
) -> None:
    """The file could not be read with it."""
    with pytest.raises(IssueFileError, match=why):
        edit_issue(
            parse_sample(),
            WriteField(field=part, text=text, at=TeaserPosition(section=0, teaser=0)),
        )


def test_a_moved_teaser_keeps_its_lines() -> None:
    """Its words are moved as they were written, to another section's end and back."""
    there = edit_text(
        MoveTeaser(at=TeaserPosition(section=0, teaser=0), to=TeaserPosition(section=1, teaser=1))
    )
    block = FILE[FILE.index("### [Bibl") : FILE.index("\n\n\n\n### Natt")]
    assert block in there
    assert there.index("### [Cykel") < there.index("### [Bibl")
    back = edit_text(
        MoveTeaser(at=TeaserPosition(section=1, teaser=1), to=TeaserPosition(section=0, teaser=0)),
        there,
    )
    assert parse_issue(back, issue_name="n") == parse_sample()
    assert block in back


def test_an_edit_of_nothing_changes_nothing() -> None:
    """Writing what is there leaves the file as it is."""
    for part, at in (
        (IssueField.subject, None),
        (IssueField.intro, None),
        (IssueField.summary, TeaserPosition(section=0, teaser=0)),
    ):
        assert (
            edit_text(WriteField(field=part, text=read_field(parse_sample(), part, at), at=at))
            == FILE
        )


@pytest.mark.parametrize(
    "edit",
    [
        WriteField(field=IssueField.summary, text="x", at=TeaserPosition(section=9, teaser=0)),
        WriteField(field=IssueField.summary, text="x"),
        WriteField(field=IssueField.section_title, text="x"),
        WriteField(field=IssueField.alt, text="x", at=TeaserPosition(section=0, teaser=1)),
        MoveTeaser(at=TeaserPosition(section=0, teaser=5), to=TeaserPosition(section=0, teaser=0)),
        MoveTeaser(at=TeaserPosition(section=0, teaser=0), to=TeaserPosition(section=0, teaser=2)),
        MoveTeaser(at=TeaserPosition(section=0, teaser=0), to=TeaserPosition(section=-1, teaser=0)),
        RemoveTeaser(at=TeaserPosition(section=-1, teaser=0)),
        AddSection(to=7, title="x"),
        MoveSection(at=0, to=2),
        MoveSection(at=5, to=0),
        RemoveSection(at=2),
        AddTeaser(to=TeaserPosition(section=0, teaser=9), teaser=Teaser(title="x")),
    ],
    ids=str,
)
def test_what_has_no_place_is_refused(edit: Edit) -> None:
    """A sentence, not a crash, and nothing is changed."""
    with pytest.raises(IssueFileError):
        edit_issue(parse_sample(), edit)


def test_sections() -> None:
    """Put in, moved, and taken out; the teasers of one that goes are kept."""
    three = edit_issue(parse_sample(), AddSection(to=1, title="Mitt\n emellan"))
    assert [section.title for section in three.sections] == [
        "Nytt sedan sist",
        "Mitt emellan",
        "Mer",
    ]
    moved = edit_issue(three, MoveSection(at=1, to=0))
    assert [section.title for section in moved.sections] == [
        "Mitt emellan",
        "Nytt sedan sist",
        "Mer",
    ]
    gone = edit_issue(moved, RemoveSection(at=1))
    assert [teaser.title for teaser in gone.teasers] == [
        teaser.title for teaser in parse_sample().teasers
    ]
    with pytest.raises(IssueFileError):
        edit_issue(
            replace(parse_sample(), sections=parse_sample().sections[:1]), RemoveSection(at=0)
        )
    assert edit_issue(
        replace(parse_sample(), sections=()),
        AddTeaser(to=TeaserPosition(section=0, teaser=0), teaser=Teaser(title="x"), section="Nytt"),
    ).sections


lines_ = st.text("abåäö #*_[]()!<>&\\\"'-:`~0123", max_size=20).map(
    lambda text: " ".join(text.split())
)
texts = st.text("abåäö #*_[]()!<>&\\\"'-:`~\n\r\t\x00\u2028", max_size=60)
teasers = st.builds(
    Teaser,
    title=lines_,
    url=st.sampled_from([None, "https://example.org/a", "https://example.org/b(c)"]),
    picture=st.sampled_from(
        [
            None,
            Picture(url="https://example.org/a.png"),
            Picture(url="https://example.org/a.png", alt="x"),
        ]
    ),
    summary=st.sampled_from(
        ["", "Ett.", "Två\nrader", "```\n### x\n```", "### x", "*24 november 2026*"]
    ),
    post=st.sampled_from([None, PostId("abc123"), PostId("def456")]),
)
issues = st.builds(
    Issue,
    name=st.just("n"),
    subject=lines_,
    language=st.just("sv"),
    title=lines_,
    intro=st.sampled_from(["", "Hej", "## x\n\ny"]),
    sections=st.lists(
        st.builds(Section, title=lines_, teasers=st.lists(teasers, max_size=3).map(tuple)),
        max_size=3,
    ).map(tuple),
)
places = st.builds(TeaserPosition, section=st.integers(-1, 3), teaser=st.integers(-1, 3))
edits = st.one_of(
    st.builds(
        WriteField,
        field=st.sampled_from(IssueField),
        text=texts,
        at=st.one_of(st.none(), places),
        decorative=st.booleans(),
    ),
    st.builds(MoveTeaser, at=places, to=places),
    st.builds(RemoveTeaser, at=places),
    st.builds(AddTeaser, to=places, teaser=teasers, section=lines_),
    st.builds(AddSection, to=st.integers(-1, 3), title=texts),
    st.builds(MoveSection, at=st.integers(-1, 3), to=st.integers(-1, 3)),
    st.builds(RemoveSection, at=st.integers(-1, 3)),
)


@settings(deadline=None, max_examples=200)
@given(issue=issues, edit=edits, blanks=st.integers(0, 2))
def test_any_edit_is_in_the_file_as_it_was_meant(issue: Issue, edit: Edit, blanks: int) -> None:
    """Whatever is typed, moved or removed.

    The file reads as the edited issue, however loosely it was written before.
    """
    text = serialise_issue(issue).replace("\n\n", "\n" * (2 + blanks))
    try:
        before = parse_issue(text, issue_name="n")
        wanted = edit_issue(before, edit)
        describe_edit(before, edit).translate("sv")
    except IssueFileError:
        return
    file = rewrite_minimally(text, wanted)
    assert parse_issue(file, issue_name="n") == wanted
    assert rewrite_minimally(file, parse_issue(file, issue_name="n")) == file


@settings(deadline=None, max_examples=200)
@given(base=issues, theirs=edits, number=st.integers(0, 5))
def test_two_edits_never_lose_one(base: Issue, theirs: Edit, number: int) -> None:
    """In the preview and in an editor at once.

    Both are in the file, or the person is asked and can do hers again.
    """
    text = serialise_issue(base)
    every = [
        TeaserPosition(section=s, teaser=t)
        for s, section in enumerate(base.sections)
        for t in range(len(section.teasers))
    ]
    if not every:
        return
    mine = WriteField(field=IssueField.summary, text="MINE", at=every[number % len(every)])
    if isinstance(theirs, WriteField):
        theirs = replace(theirs, text="THEIRS")
    try:
        hers = rewrite_minimally(text, edit_issue(parse_issue(text, issue_name="n"), theirs))
        outcome = apply_edit(text, hers, mine, issue_name="n")
    except IssueFileError:
        return
    if isinstance(outcome, EditedText):
        assert "MINE" in outcome.text
        assert ("THEIRS" in outcome.text) >= ("THEIRS" in hers)
        assert len(parse_issue(outcome.text, issue_name="n").teasers) == len(
            parse_issue(hers, issue_name="n").teasers
        )
    elif outcome.rebased_edit is not None:
        assert isinstance(apply_edit(hers, hers, outcome.rebased_edit, issue_name="n"), EditedText)


def test_changes_of_different_places_are_both_there() -> None:
    """An editor changed one teaser and its order of lines; the preview another."""
    theirs = FILE.replace(
        "Linje 42 får nattturer.", "Linje 42 körs på natten.\nVarje natt."
    ).replace("number: 12", "number: 13")
    mine = WriteField(
        field=IssueField.summary, text="Elva mil.", at=TeaserPosition(section=1, teaser=0)
    )
    outcome = apply_edit(FILE, theirs, mine, issue_name="n")
    assert outcome == EditedText(text=theirs.replace("Tolv mil.", "Elva mil.") + "\n")


def test_changes_of_the_same_place_are_shown() -> None:
    """Both texts, and the edit on the file as it is now, where the teaser stands elsewhere."""
    theirs = (
        FILE.replace("Tolv mil.", "Tretton mil.")
        .replace("### Nattbussen\nLinje 42 får nattturer.\n\n", "")
        .replace("## Mer", "## Annat")
    )
    mine = WriteField(
        field=IssueField.summary, text="Elva mil.", at=TeaserPosition(section=1, teaser=0)
    )
    outcome = apply_edit(FILE, theirs, mine, issue_name="n")
    assert outcome == EditConflict(mine="Elva mil.", theirs="Tretton mil.", rebased_edit=mine)
    assert isinstance(outcome, EditConflict)
    assert outcome.rebased_edit
    chosen = apply_edit(theirs, theirs, outcome.rebased_edit, issue_name="n")
    assert isinstance(chosen, EditedText)
    assert "Elva mil." in chosen.text
    gone = FILE[: FILE.index("### [Cykel")]
    assert apply_edit(FILE, gone, mine, issue_name="n") == EditConflict(
        mine="Elva mil.", theirs=None, rebased_edit=None
    )


def test_the_same_post_isnt_added_twice() -> None:
    """Added in the preview and by compose at once."""
    teaser = Teaser(title="Ny", post=PostId("ddd"), summary="Ny.")
    add = AddTeaser(to=TeaserPosition(section=0, teaser=0), teaser=teaser)
    theirs = rewrite_minimally(
        FILE,
        edit_issue(
            parse_sample(), AddTeaser(to=TeaserPosition(section=1, teaser=1), teaser=teaser)
        ),
    )
    assert apply_edit(FILE, theirs, add, issue_name="n") == EditConflict(
        mine=None, theirs=None, rebased_edit=None
    )


def test_the_difference_between_two_issues() -> None:
    """Words that came and went; teasers that are new, gone, changed."""
    now = edit_issue(
        parse_sample(),
        WriteField(
            field=IssueField.summary, text="Elva mil.", at=TeaserPosition(section=1, teaser=0)
        ),
    )
    now = edit_issue(
        edit_issue(now, RemoveTeaser(at=TeaserPosition(section=0, teaser=1))),
        AddTeaser(to=TeaserPosition(section=0, teaser=0), teaser=Teaser(title="Ny")),
    )
    found = diff_issues(parse_sample(), replace(now, subject="Nyheter i januari"))
    assert join_text(found.subject, ChangeKind.removed) == "Nyheter i januari"
    assert join_text(found.subject, ChangeKind.added) == "Nyheter i december"
    assert [one.change for one in found.teasers] == [
        ChangeKind.added,
        ChangeKind.same,
        ChangeKind.changed,
        ChangeKind.removed,
    ]


@given(before=texts, now=texts)
def test_a_difference_holds_both_texts(before: str, now: str) -> None:
    """Without what came it is the old text, without what went the new."""
    found = diff_words(before, now)
    assert join_text(found, ChangeKind.added).split() == before.split()
    assert join_text(found, ChangeKind.removed) == now
