"""Editing an issue: what a person does is in the issue, and nothing else is different in its file."""

from dataclasses import replace
from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.compose.difference import Change, difference, text_of, words
from newsletter.compose.editing import (
    Add,
    AddSection,
    Edit,
    Move,
    MoveSection,
    Place,
    Remove,
    RemoveSection,
    Write,
    edited,
    said,
    value,
)
from newsletter.compose.issue_file import parse, write
from newsletter.compose.keeping import kept
from newsletter.compose.parts import KINDS, Owner, Part
from newsletter.compose.revising import Conflict, Revised, revised
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


def issue() -> Issue:
    return parse(FILE, name="n")


def after(edit: Edit, text: str = FILE) -> str:
    return kept(text, edited(parse(text, name="n"), edit))


def changed_lines(edit: Edit) -> tuple[list[str], list[str]]:
    """Return the lines that are gone and those that came, in the order of the file."""
    old, new = FILE.split("\n"), after(edit).split("\n")
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
            Write(part=Part.subject, text="Nytt: allt"),
            ['subject:   "Nyheter i december"'],
            ['subject: "Nytt: allt"'],
        ),
        (Write(part=Part.preheader, text="Kort"), [], ["preheader: Kort"]),
        (
            Write(part=Part.letter_title, text="Nu # händer det"),
            ["# Det händer i regionen"],
            ["# Nu # händer det"],
        ),
        (Write(part=Part.intro, text="Hejsan!"), ["Hej!"], ["Hejsan!"]),
        (
            Write(part=Part.section_title, text="Nytt", at=Place(section=0, teaser=0)),
            ["## Nytt sedan sist"],
            ["## Nytt"],
        ),
        (
            Write(part=Part.section_text, text="Ett ord.", at=Place(section=1, teaser=0)),
            ["Några ord."],
            ["Ett ord."],
        ),
        (
            Write(part=Part.teaser_title, text="Öppet [nu]", at=Place(section=0, teaser=0)),
            ["### [Biblioteken öppnar](https://blogg.example.org/a)"],
            ["### [Öppet \\[nu\\]](https://blogg.example.org/a)"],
        ),
        (
            Write(part=Part.alt, text="Två fåtöljer", at=Place(section=0, teaser=0)),
            ["![En fåtölj](https://blogg.example.org/a.jpg)"],
            ["![Två fåtöljer](https://blogg.example.org/a.jpg)"],
        ),
        (
            Write(part=Part.alt, text="", decorative=True, at=Place(section=0, teaser=0)),
            ["![En fåtölj](https://blogg.example.org/a.jpg)"],
            ['![](https://blogg.example.org/a.jpg "decorative")'],
        ),
        (
            Write(
                part=Part.summary,
                text=(
                    "Från och med januari håller fyra\nbibliotek öppet. *Försöket*\npågår i två år."
                ),
                at=Place(section=0, teaser=0),
            ),
            ["pågår i ett år."],
            ["pågår i två år."],
        ),
        (Write(part=Part.number, text=" 13 "), ["number: 12"], ["number: 13"]),
        (Write(part=Part.number, text=""), ["number: 12"], []),
        (Write(part=Part.date, text="2026-12-02"), [], ["date: 2026-12-02"]),
        (Write(part=Part.language, text="sv-FI"), ["language: sv"], ["language: sv-FI"]),
        (
            Write(part=Part.layout, text="list", at=Place(section=1, teaser=0)),
            [],
            ["<!-- layout: list -->"],
        ),
        (
            Write(part=Part.teaser_date, text="2026-11-25", at=Place(section=0, teaser=0)),
            ["_2026-11-24_"],
            ["*25 november 2026*"],
        ),
        (
            Write(part=Part.teaser_date, text="", at=Place(section=0, teaser=0)),
            ["_2026-11-24_"],
            [""],
        ),
        (
            Write(
                part=Part.teaser_url,
                text="https://blogg.example.org/b c(1)",
                at=Place(section=1, teaser=0),
            ),
            ["### [Cykelväg](https://blogg.example.org/c)"],
            ["### [Cykelväg](https://blogg.example.org/b%20c\\(1\\))", ""],
        ),
        (
            Write(part=Part.teaser_url, text="", at=Place(section=1, teaser=0)),
            ["### [Cykelväg](https://blogg.example.org/c)"],
            ["### Cykelväg", ""],
        ),
        (
            Remove(at=Place(section=0, teaser=1)),
            ["### Nattbussen", "Linje 42 får nattturer.", ""],
            [],
        ),
    ],
)
def test_only_what_was_changed_is_other_lines(edit: Edit, gone: list[str], came: list[str]) -> None:
    """A person's own line breaks, quotes, figures and empty lines stay byte for byte where she changed nothing."""
    assert changed_lines(edit) == (gone, came)
    assert parse(after(edit), name="n") == edited(issue(), edit)


@pytest.mark.parametrize("part", list(Part))
def test_every_part_is_read_as_it_is_written(part: Part) -> None:
    """What stands there can be written back, and changes nothing.

    What was done is said, with whose it is.
    """
    at = None if KINDS[part].owner is Owner.issue else Place(section=0, teaser=0)
    edit = Write(part=part, text=value(issue(), part, at), at=at)
    assert edited(issue(), edit) == issue()
    assert ("Nytt sedan sist" in str(said(issue(), edit))) is (KINDS[part].owner is Owner.section)
    assert ("Biblioteken öppnar" in str(said(issue(), edit))) is (KINDS[part].owner is Owner.teaser)


@pytest.mark.parametrize(
    ("part", "text", "why"),
    [
        (Part.number, "tolv", "whole number"),
        (Part.number, "-1", "whole number"),
        (Part.date, "1 december", "year, month and day"),
        (Part.date, "2026-02-30", "year, month and day"),
        (Part.language, "", "no language"),
        (Part.language, "svenska språket", "no language"),
        (Part.layout, "grid", "no layout"),
        (Part.teaser_date, "i går", "year, month and day"),
        (Part.teaser_url, "javascript:alert(1)", "no web address"),
        (Part.teaser_url, "blogg.example.org", "no web address"),
        (Part.teaser_url, "https://blogg.example.org/\u202etxt", "no web address"),
    ],
)
def test_what_cant_stand_there_is_refused_with_the_reason(part: Part, text: str, why: str) -> None:
    """The file could not be read with it."""
    with pytest.raises(IssueFileError, match=why):
        edited(issue(), Write(part=part, text=text, at=Place(section=0, teaser=0)))


def test_a_moved_teaser_keeps_its_lines() -> None:
    """Its words are moved as they were written, to the end of another section and back to where they were."""
    there = after(Move(at=Place(section=0, teaser=0), to=Place(section=1, teaser=1)))
    block = FILE[FILE.index("### [Bibl") : FILE.index("\n\n\n\n### Natt")]
    assert block in there
    assert there.index("### [Cykel") < there.index("### [Bibl")
    back = after(Move(at=Place(section=1, teaser=1), to=Place(section=0, teaser=0)), there)
    assert parse(back, name="n") == issue()
    assert block in back


def test_an_edit_of_nothing_changes_nothing() -> None:
    """Writing what is there leaves the file as it is."""
    for part, at in (
        (Part.subject, None),
        (Part.intro, None),
        (Part.summary, Place(section=0, teaser=0)),
    ):
        assert after(Write(part=part, text=value(issue(), part, at), at=at)) == FILE


@pytest.mark.parametrize(
    "edit",
    [
        Write(part=Part.summary, text="x", at=Place(section=9, teaser=0)),
        Write(part=Part.summary, text="x"),
        Write(part=Part.section_title, text="x"),
        Write(part=Part.alt, text="x", at=Place(section=0, teaser=1)),
        Move(at=Place(section=0, teaser=5), to=Place(section=0, teaser=0)),
        Move(at=Place(section=0, teaser=0), to=Place(section=0, teaser=2)),
        Move(at=Place(section=0, teaser=0), to=Place(section=-1, teaser=0)),
        Remove(at=Place(section=-1, teaser=0)),
        AddSection(to=7, title="x"),
        MoveSection(at=0, to=2),
        MoveSection(at=5, to=0),
        RemoveSection(at=2),
        Add(to=Place(section=0, teaser=9), teaser=Teaser(title="x")),
    ],
    ids=str,
)
def test_what_has_no_place_is_refused(edit: Edit) -> None:
    """A sentence, not a crash, and nothing is changed."""
    with pytest.raises(IssueFileError):
        edited(issue(), edit)


def test_sections() -> None:
    """Put in, moved, and taken out; the teasers of one that goes are kept."""
    three = edited(issue(), AddSection(to=1, title="Mitt\n emellan"))
    assert [section.title for section in three.sections] == [
        "Nytt sedan sist",
        "Mitt emellan",
        "Mer",
    ]
    moved = edited(three, MoveSection(at=1, to=0))
    assert [section.title for section in moved.sections] == [
        "Mitt emellan",
        "Nytt sedan sist",
        "Mer",
    ]
    gone = edited(moved, RemoveSection(at=1))
    assert [teaser.title for teaser in gone.teasers] == [teaser.title for teaser in issue().teasers]
    with pytest.raises(IssueFileError):
        edited(replace(issue(), sections=issue().sections[:1]), RemoveSection(at=0))
    assert edited(
        replace(issue(), sections=()),
        Add(to=Place(section=0, teaser=0), teaser=Teaser(title="x"), section="Nytt"),
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
places = st.builds(Place, section=st.integers(-1, 3), teaser=st.integers(-1, 3))
edits = st.one_of(
    st.builds(
        Write,
        part=st.sampled_from(Part),
        text=texts,
        at=st.one_of(st.none(), places),
        decorative=st.booleans(),
    ),
    st.builds(Move, at=places, to=places),
    st.builds(Remove, at=places),
    st.builds(Add, to=places, teaser=teasers, section=lines_),
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
    text = write(issue).replace("\n\n", "\n" * (2 + blanks))
    try:
        before = parse(text, name="n")
        wanted = edited(before, edit)
        said(before, edit).say("sv")
    except IssueFileError:
        return
    file = kept(text, wanted)
    assert parse(file, name="n") == wanted
    assert kept(file, parse(file, name="n")) == file


@settings(deadline=None, max_examples=200)
@given(base=issues, theirs=edits, number=st.integers(0, 5))
def test_two_edits_never_lose_one(base: Issue, theirs: Edit, number: int) -> None:
    """In the preview and in an editor at once.

    Both are in the file, or the person is asked and can do hers again.
    """
    text = write(base)
    every = [
        Place(section=s, teaser=t)
        for s, section in enumerate(base.sections)
        for t in range(len(section.teasers))
    ]
    if not every:
        return
    mine = Write(part=Part.summary, text="MINE", at=every[number % len(every)])
    if isinstance(theirs, Write):
        theirs = replace(theirs, text="THEIRS")
    try:
        hers = kept(text, edited(parse(text, name="n"), theirs))
        outcome = revised(text, hers, mine, name="n")
    except IssueFileError:
        return
    if isinstance(outcome, Revised):
        assert "MINE" in outcome.text
        assert ("THEIRS" in outcome.text) >= ("THEIRS" in hers)
        assert len(parse(outcome.text, name="n").teasers) == len(parse(hers, name="n").teasers)
    elif outcome.again is not None:
        assert isinstance(revised(hers, hers, outcome.again, name="n"), Revised)


def test_changes_of_different_places_are_both_there() -> None:
    """An editor changed one teaser and its order of lines; the preview another."""
    theirs = FILE.replace(
        "Linje 42 får nattturer.", "Linje 42 körs på natten.\nVarje natt."
    ).replace("number: 12", "number: 13")
    mine = Write(part=Part.summary, text="Elva mil.", at=Place(section=1, teaser=0))
    outcome = revised(FILE, theirs, mine, name="n")
    assert outcome == Revised(text=theirs.replace("Tolv mil.", "Elva mil.") + "\n")


def test_changes_of_the_same_place_are_shown() -> None:
    """Both texts, and the edit on the file as it is now, where the teaser stands elsewhere."""
    theirs = (
        FILE.replace("Tolv mil.", "Tretton mil.")
        .replace("### Nattbussen\nLinje 42 får nattturer.\n\n", "")
        .replace("## Mer", "## Annat")
    )
    mine = Write(part=Part.summary, text="Elva mil.", at=Place(section=1, teaser=0))
    outcome = revised(FILE, theirs, mine, name="n")
    assert outcome == Conflict(mine="Elva mil.", theirs="Tretton mil.", again=mine)
    assert isinstance(outcome, Conflict)
    assert outcome.again
    chosen = revised(theirs, theirs, outcome.again, name="n")
    assert isinstance(chosen, Revised)
    assert "Elva mil." in chosen.text
    gone = FILE[: FILE.index("### [Cykel")]
    assert revised(FILE, gone, mine, name="n") == Conflict(
        mine="Elva mil.", theirs=None, again=None
    )


def test_the_same_post_isnt_added_twice() -> None:
    """Added in the preview and by compose at once."""
    teaser = Teaser(title="Ny", post=PostId("ddd"), summary="Ny.")
    add = Add(to=Place(section=0, teaser=0), teaser=teaser)
    theirs = kept(FILE, edited(issue(), Add(to=Place(section=1, teaser=1), teaser=teaser)))
    assert revised(FILE, theirs, add, name="n") == Conflict(mine=None, theirs=None, again=None)


def test_the_difference_between_two_issues() -> None:
    """Words that came and went; teasers that are new, gone, changed."""
    now = edited(issue(), Write(part=Part.summary, text="Elva mil.", at=Place(section=1, teaser=0)))
    now = edited(
        edited(now, Remove(at=Place(section=0, teaser=1))),
        Add(to=Place(section=0, teaser=0), teaser=Teaser(title="Ny")),
    )
    found = difference(issue(), replace(now, subject="Nyheter i januari"))
    assert text_of(found.subject, Change.removed) == "Nyheter i januari"
    assert text_of(found.subject, Change.added) == "Nyheter i december"
    assert [one.change for one in found.teasers] == [
        Change.added,
        Change.same,
        Change.changed,
        Change.removed,
    ]


@given(before=texts, now=texts)
def test_a_difference_holds_both_texts(before: str, now: str) -> None:
    """Without what came it is the old text, without what went the new."""
    found = words(before, now)
    assert text_of(found, Change.added).split() == before.split()
    assert text_of(found, Change.removed) == now
