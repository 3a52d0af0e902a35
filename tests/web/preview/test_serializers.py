"""What the page's scripts read: the keys that they know, in the interface's language."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newsletter.compose.editing.apply_edit import EditConflict
from newsletter.compose.editing.diff import diff_issues
from newsletter.compose.editing.edits import RemoveTeaser, TeaserPosition
from newsletter.compose.summary.alternatives import SummaryAlternatives, SummaryOrigin
from newsletter.domain.issue import Issue, Section, Teaser
from newsletter.domain.post import LedgerEntry, Picture, Post, PostId, PostState
from newsletter.domain.subscriber import Subscriber, SubscriberId
from newsletter.i18n import Phrase
from newsletter.web.preview.accessibility_tree import build_accessibility_tree
from newsletter.web.preview.edit_session import EditableIssue
from newsletter.web.preview.serializers import (
    MAX_EXCERPT_CHARS,
    serialize_accessibility_tree,
    serialize_conflict,
    serialize_difference,
    serialize_post,
    serialize_state,
    serialize_subscriber,
)
from newsletter.web.preview.workspace_edit_backend import WorkspaceEditBackend
from tests.web.preview.served_preview import create_workspace, open_backends

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
SCRIPTS = Path(__file__).parents[3] / "templates" / "web" / "preview" / "js"
TEASER = Teaser(
    title="Nattbuss",
    url="https://blogg.example.org/nattbuss/",
    date=NOW.date(),
    summary="Linje 42 går på natten.",
    picture=Picture(url="https://blogg.example.org/buss.jpg", alt="En gul buss"),
)
ISSUE = Issue(
    name="2026-12",
    subject="Nytt",
    language="sv",
    sections=(Section(title="Trafik", teasers=(TEASER,)),),
)


class Alternatives(WorkspaceEditBackend):
    """The folder of a newsletter; the alternatives of a summary are those that the test says."""

    found = SummaryAlternatives(origin=SummaryOrigin.person)

    def find_alternatives(self, teaser: Teaser, language: str) -> SummaryAlternatives:
        return self.found


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alternatives]:
    folder = tmp_path_factory.mktemp("newsletter")
    create_workspace(folder).close()
    preview_backend, edit_backend = open_backends(folder)
    yield Alternatives(edit_backend.workspaces)
    preview_backend.close()


def make_editable(issue: Issue = ISSUE, **more: Any) -> EditableIssue:
    nothing: dict[str, Any] = {"lock_reason": None, "undo_label": None, "redo_label": None}
    return EditableIssue(version="v1", issue=issue, **nothing | more)


def serialize_teaser(backend: Alternatives, teaser: Teaser, language: str = "en") -> dict[str, Any]:
    issue = replace(ISSUE, sections=(Section(title="", teasers=(teaser,)),))
    state = serialize_state(make_editable(issue), backend, language)
    found: dict[str, Any] = state["sections"][0]["teasers"][0]
    return found


def test_the_state_has_the_keys_that_scripts_know(backend: Alternatives) -> None:
    """types.js writes them down; JSON holds all of it."""
    state = serialize_state(make_editable(), backend, "en")
    assert json.loads(json.dumps(state)) == state
    types = (SCRIPTS / "types.js").read_text("utf-8")
    known = types.partition("@typedef {object} EditState")[2].partition("*/")[0]
    for key in set(state) - {"bounds"}:
        assert f" {key}" in known, key
    assert state["bounds"] == list(backend.get_summary_word_bounds())
    assert state["parts"]["subject"] == "Nytt"
    assert state["sections"][0]["title"] == "Trafik"
    assert state["sections"][0]["layout"] == ""


def test_why_and_what_are_said_in_the_interfaces_language(backend: Alternatives) -> None:
    """The letter's language is another thing."""
    editable = make_editable(
        lock_reason=Phrase("There is nothing to undo."),
        undo_label=Phrase("There is nothing to undo."),
    )
    english = serialize_state(editable, backend, "en")
    swedish = serialize_state(editable, backend, "sv")
    assert english["locked"] == english["undo"] == "There is nothing to undo."
    assert swedish["locked"] == swedish["undo"] != english["undo"]
    assert english["redo"] is None
    assert english["language"] == swedish["language"] == "sv"


def test_a_teaser_with_all_that_it_has(backend: Alternatives) -> None:
    """A picture is named by a key: the page can't ask for any other address."""
    teaser = serialize_teaser(backend, TEASER)
    assert teaser["title"] == "Nattbuss"
    assert teaser["url"] == "https://blogg.example.org/nattbuss/"
    assert teaser["date"] == "2026-12-01"
    assert teaser["words"] == 5
    assert teaser["picture"]["alt"] == "En gul buss"
    assert teaser["picture"]["decorative"] is False
    assert "buss.jpg" not in json.dumps(teaser)


def test_a_teaser_with_nothing_but_a_title(backend: Alternatives) -> None:
    """null, not "None"."""
    teaser = serialize_teaser(backend, Teaser(title="Eget"))
    assert [teaser[key] for key in ("url", "date", "picture", "post")] == [None] * 4
    assert (teaser["summary"], teaser["words"]) == ("", 0)


@pytest.mark.parametrize(
    ("alt", "is_decorative"), [("En buss", False), ("", True), (None, False)], ids=repr
)
def test_a_picture_that_only_decorates(
    backend: Alternatives, alt: str | None, is_decorative: bool
) -> None:
    """An empty text says so on purpose; None is a text that is missing."""
    picture = Picture(url="https://blogg.example.org/buss.jpg", alt=alt)
    teaser = serialize_teaser(backend, replace(TEASER, picture=picture))
    assert teaser["picture"]["decorative"] is is_decorative
    assert teaser["picture"]["alt"] == alt


@pytest.mark.parametrize("origin", SummaryOrigin, ids=str)
def test_whose_words_a_summary_is(
    backend: Alternatives, monkeypatch: pytest.MonkeyPatch, origin: SummaryOrigin
) -> None:
    """Each origin has its words, and compose's are offered where it wrote none of these."""
    found = SummaryAlternatives(origin=origin, automatic="Vår.", shorter="Kort text.")
    monkeypatch.setattr(backend, "found", found)
    teaser = serialize_teaser(backend, TEASER)
    swedish = serialize_teaser(backend, TEASER, "sv")
    assert teaser["origin"] == origin.value
    assert teaser["why"]
    assert teaser["why"] != swedish["why"]
    assert (teaser["shorter"], teaser["longer"]) == (2, None)
    others = ("person", "chosen", "former", "none")
    assert teaser["ours"] is (origin.value in others)


def test_composes_words_arent_offered_where_it_has_none(
    backend: Alternatives, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A teaser without a post."""
    monkeypatch.setattr(backend, "found", SummaryAlternatives(origin=SummaryOrigin.person))
    assert serialize_teaser(backend, TEASER)["ours"] is False


def test_a_conflict_has_both_texts_and_their_difference() -> None:
    """And what to ask for to have it one's own way."""
    edit = RemoveTeaser(at=TeaserPosition(section=0, teaser=1))
    conflict = EditConflict(mine="ny text", theirs="gammal text", rebased_edit=edit)
    found = serialize_conflict(conflict)
    assert (found["mine"], found["theirs"]) == ("ny text", "gammal text")
    assert found["again"] == {"kind": "remove", "at": [0, 1]}
    assert {change for change, _ in found["words"]} == {"added", "removed", "same"}


@pytest.mark.parametrize(
    ("mine", "theirs"), [(None, None), ("x", None), (None, "x")], ids=["place", "gone", "mine-gone"]
)
def test_a_conflict_of_places_has_no_words(mine: str | None, theirs: str | None) -> None:
    """Nothing to compare; and nothing to do again, where that can't be."""
    found = serialize_conflict(EditConflict(mine=mine, theirs=theirs, rebased_edit=None))
    assert found == {"mine": mine, "theirs": theirs, "again": None, "words": []}


def test_the_difference_of_two_issues() -> None:
    """Parts by name, teasers with what became of each."""
    after = replace(ISSUE, name="2027-01", subject="Nytt i januari", sections=())
    found = serialize_difference(diff_issues(ISSUE, after))
    assert found["before"] == "2026-12"
    assert set(found["parts"]) == {"subject", "preheader", "title", "intro"}
    assert ["added", "i januari"] in [
        [change, text.strip()] for change, text in found["parts"]["subject"]
    ]
    assert [teaser["change"] for teaser in found["teasers"]] == ["removed"]


def make_entry(state: PostState = PostState.new, **more: Any) -> LedgerEntry:
    nothing: dict[str, Any] = {
        "url": None,
        "title": "Ett inlägg",
        "published": None,
        "excerpt": "",
        "body": "",
    }
    post = Post(id=PostId("p1"), source="blogg", guid=None, **nothing | more)
    return LedgerEntry(post=post, state=state, first_seen=NOW)


@pytest.mark.parametrize(
    ("more", "title"),
    [
        ({}, "Ett inlägg"),
        ({"title": "", "url": "https://example.org/1"}, "https://example.org/1"),
        ({"title": ""}, "p1"),
    ],
    ids=["title", "address", "id"],
)
def test_a_post_is_called_something(more: dict[str, Any], title: str) -> None:
    """A button without words couldn't be chosen."""
    assert serialize_post(make_entry(**more), "en")["title"] == title


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (PostState.new, "new"),
        (PostState.held, "held back"),
        (PostState.skipped, "skipped"),
        (PostState.picked, "taken out of this issue"),
    ],
    ids=str,
)
def test_a_posts_state_is_said(state: PostState, said: str) -> None:
    """And its name is there for the style sheet."""
    found = serialize_post(make_entry(state), "en")
    assert (found["state"], found["said"]) == (state.value, said)
    assert serialize_post(make_entry(state), "sv")["said"] != said


@pytest.mark.parametrize(
    ("body", "glimpse"),
    [
        ("<p>Kort.</p>", "Kort."),
        (f"<p>{'ord ' * 100}</p>", f"{('ord ' * 40).strip()}…"),
        ("", ""),
    ],
    ids=["whole", "cut", "none"],
)
def test_a_glimpse_of_a_post(body: str, glimpse: str) -> None:
    """Plain text, cut between words."""
    found = serialize_post(make_entry(body=body), "en")["glimpse"]
    assert found == glimpse
    assert len(found) <= MAX_EXCERPT_CHARS + 1


def test_a_posts_date_is_the_one_that_counts() -> None:
    """When it was first seen, where it names none."""
    published = datetime(2026, 11, 2, tzinfo=UTC)
    assert serialize_post(make_entry(), "en")["date"] == "2026-12-01"
    assert serialize_post(make_entry(published=published), "en")["date"] == "2026-11-02"


def test_a_subscriber_to_choose() -> None:
    """Number, address and name: nothing else of what is known of them."""
    subscriber = Subscriber(
        id=SubscriberId(7), email="anna@example.org", name="Anna", tags=("styrelsen",)
    )
    found = serialize_subscriber(subscriber)
    assert found == {"id": 7, "email": "anna@example.org", "name": "Anna"}


def test_what_a_screen_reader_says_as_json() -> None:
    """The keys that views/accessibility.js reads."""
    nodes = build_accessibility_tree('<h2 lang="sv">Hej</h2><a href="https://example.org/">Läs</a>')
    assert serialize_accessibility_tree(nodes) == [
        {"kind": "heading", "text": "Hej", "level": 2, "language": "sv", "url": ""},
        {"kind": "link", "text": "Läs", "level": 0, "language": "", "url": "https://example.org/"},
    ]
