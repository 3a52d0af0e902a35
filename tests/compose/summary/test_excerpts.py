"""A summary that a person wrote, and one that a content system cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.summary.excerpts import (
    accept_description,
    accept_excerpt,
    ensure_full_stop,
    extract_whole_sentences,
    has_cut_mark,
    is_cut,
    strip_tail,
)
from newsletter.language.sentences import is_whole_sentence
from newsletter.posts.clean import BlockKind, TextBlock

GOOD = "Region Exempelland bygger ett nytt hus i Norrby, och det blir klart redan till sommaren"


def build_blocks(*texts: str) -> list[TextBlock]:
    """Return paragraphs."""
    return [TextBlock(kind=BlockKind.paragraph, text=text) for text in texts]


@pytest.mark.parametrize(
    ("excerpt", "why"),
    [
        ("Ett nytt hus.", "too short"),
        ("ord " * 61, "too long"),
        (f"{GOOD} […]", "cut"),
        (f"{GOOD}…", "cut"),
        (f"{GOOD} och", "in the middle of a sentence"),
        (f"{GOOD},", "at a comma"),
        (f"{GOOD}. Läs mer", "an invitation"),
        (f"{GOOD}. Inlägget Huset dök först upp på Exempel.", "a signature"),
    ],
)
def test_what_no_person_wrote_is_refused(excerpt: str, why: str) -> None:
    """Length, cut, invitation, signature."""
    assert accept_excerpt(excerpt, [], "Huset", "sv") == "", why


def test_a_summary_ends_with_a_full_stop() -> None:
    """One is put where there is none; white space is made single."""
    assert accept_excerpt(GOOD, [], "Huset", "sv") == f"{GOOD}."
    assert accept_excerpt(f"  {GOOD} .\n".replace(" .", "!"), [], "Huset", "sv") == f"{GOOD}!"


def test_the_beginning_of_the_text_is_no_summary() -> None:
    """Whatever its marks and its case, with or without the headings before it."""
    text = f"{GOOD.upper()} – enligt planen. Sedan händer mer."
    assert accept_excerpt(GOOD, build_blocks(text), "Huset", "sv") == ""
    heading = TextBlock(kind=BlockKind.heading, text="Ingress")
    assert accept_excerpt(GOOD, [heading, *build_blocks(text)], "Huset", "sv") == ""
    assert accept_excerpt(GOOD, build_blocks("Något annat."), "Huset", "sv") == f"{GOOD}."


def test_the_title_again_is_no_summary() -> None:
    """It stands above the summary already."""
    assert accept_excerpt(f"{GOOD}.", [], GOOD.upper(), "sv") == ""


def test_a_description_that_was_cut_from_the_text_is_none() -> None:
    """Its last word may be half of one."""
    text = build_blocks(f"{GOOD} för alla invånare.")
    assert accept_description(f"{GOOD} för al", text, "Huset", "sv") == ""
    assert accept_description(GOOD, [], "Huset", "sv") == f"{GOOD}."


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Ett hus […]", True),
        ("Ett hus [...]", True),
        ("Ett hus (…)", True),
        ("Ett hus...", True),
        ("Ett hus &hellip;", True),
        ("Ett hus … och mer.", False),
        ("Ett hus.", False),
        ("", False),
    ],
)
def test_marks_of_a_cut(text: str, cut: bool) -> None:
    """At the end only."""
    assert has_cut_mark(text) is cut


@pytest.mark.parametrize(
    ("text", "language", "cut"),
    [
        ("Ett hus", "sv", False),
        ("Ett hus och", "sv", True),
        ("A house and the", "en", True),
        ("A house and the", "sv", False),
        ("Wir fragen WER", "de", False),
        ("Ett hus,", "sv", True),
        ("Ett hus –", "sv", True),
        ("Ett hus (nytt)", "sv", False),
        ("Upp 5 %", "sv", False),
        ("", "sv", False),
    ],
)
def test_a_text_that_was_cut_short(text: str, language: str, cut: bool) -> None:
    """By its last word, in its language, or its last mark."""
    assert is_cut(text, language) is cut


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Ett hus. Läs mer", "Ett hus."),
        ("Ett hus. Inlägget Huset dök först upp på Exempel.", "Ett hus."),
        ("Ett hus.\n\nLes mer »", "Ett hus."),
        ("Ett  hus.", "Ett hus."),
        ("", ""),
    ],
)
def test_what_a_content_system_adds_goes(text: str, bare: str) -> None:
    """Invitations and signatures."""
    assert strip_tail(text, "sv") == bare


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Ett hus. Två hus. Tre […]", ["Ett hus.", "Två hus."]),
        ("Ett hus. Två hus", ["Ett hus."]),
        ("Tre […]", []),
        ("Ett hus.", ["Ett hus."]),
    ],
)
def test_whole_sentences_up_to_the_cut(text: str, sentences: list[str]) -> None:
    """The last one is left out where it isn't whole."""
    assert extract_whole_sentences(text, "sv") == sentences


@given(st.text(max_size=60))
def test_a_full_stop_is_put_once(text: str) -> None:
    """A text with letters ends as a sentence then, and a second time changes nothing."""
    ended = ensure_full_stop(text)
    assert ensure_full_stop(ended) == ended
    if any(character in "abcåäö" for character in ended[-2:-1]):
        assert is_whole_sentence(ended)
