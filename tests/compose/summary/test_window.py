"""The best run of whole sentences."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.compose.summary.window import best_run, to_summary_limits
from newsletter.domain.word_count import count_words
from newsletter.language.sentences import is_whole_sentence
from newsletter.posts.clean import BlockKind, TextBlock

LIMITS = to_summary_limits((35, 50))
SMALL = to_summary_limits((7, 10))


def find_run(*texts: str, title: str = "", language: str = "sv") -> str:
    """Return the best run of some paragraphs, of 5 to 12 words."""
    blocks = [TextBlock(kind=BlockKind.paragraph, text=text) for text in texts]
    return best_run(blocks, title=title, language=language, limits=SMALL)


@pytest.mark.parametrize(
    ("asked", "limits"),
    [((35, 50), (25, 35, 50, 60)), ((7, 10), (5, 7, 10, 12)), ((1, 1), (1, 1, 1, 1))],
)
def test_limits_are_wider_than_what_is_asked(
    asked: tuple[int, int], limits: tuple[int, int, int, int]
) -> None:
    """From 5/7 of the lower to 6/5 of the higher number."""
    found = to_summary_limits(asked)
    assert (
        found.min_words,
        found.target_min_words,
        found.target_max_words,
        found.max_words,
    ) == limits


@pytest.mark.parametrize(
    ("texts", "run"),
    [
        ((), ""),
        (("Ingen punkt här i hela denna långa rad",), ""),
        (("Regionen bygger ett nytt hus i Norrby.",), "Regionen bygger ett nytt hus i Norrby."),
        (
            ("Hej alla kära läsare av brevet!", "Regionen bygger ett nytt hus i Norrby."),
            "Regionen bygger ett nytt hus i Norrby.",
        ),
        (
            ("Däremot regnar det mycket i dag.", "Regionen bygger ett nytt hus i Norrby."),
            "Regionen bygger ett nytt hus i Norrby.",
        ),
        (("Ord " + "ord " * 12 + "slut.",), ""),
        (("ord " * 13 + "slut.", "Regionen bygger hus här nu."), "Regionen bygger hus här nu."),
        (
            ("Regionen {{ bygger }} ett nytt hus.", "Kommunen öppnar en park i Lia."),
            "Kommunen öppnar en park i Lia.",
        ),
    ],
    ids=[
        "nothing",
        "no full stop",
        "one",
        "greeting",
        "dangler",
        "too long",
        "too long first",
        "markup",
    ],
)
def test_hard_rules_go_before_the_score(texts: tuple[str, ...], run: str) -> None:
    """No greeting, no dangler at the beginning, no left-over markup, never too long."""
    assert find_run(*texts) == run


def test_a_dangler_is_taken_where_there_is_no_other() -> None:
    """Better than nothing."""
    assert find_run("Däremot regnar det mycket i dag.") == "Däremot regnar det mycket i dag."


def test_only_prose_counts() -> None:
    """Headings, items and code are no sentences of the text."""
    blocks = [
        TextBlock(kind=kind, text="Regionen bygger ett nytt hus i Norrby.")
        for kind in BlockKind
        if kind not in (BlockKind.paragraph, BlockKind.lead)
    ]
    assert best_run(blocks, title="", language="sv", limits=SMALL) == ""


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Regionen bygger ett nytt hus i Norrby.",
                "Det blir klart till sommaren.",
                "Däremot dröjer parken.",
                "Hej!",
                "Vem vet?",
                "Läs mer på webben.",
                "utan punkt",
                "Fem hundra barn väntar på att få flytta in redan i vår, säger Anna Ek.",
            ]
        ),
        max_size=12,
    )
)
def test_a_run_is_whole_contiguous_and_short_enough(sentences: list[str]) -> None:
    """Whatever the text is."""
    text = " ".join(sentences)
    run = best_run(
        [TextBlock(kind=BlockKind.paragraph, text=text)], title="", language="sv", limits=LIMITS
    )
    assert run in text
    assert count_words(run) <= LIMITS.max_words
    assert not run or is_whole_sentence(run)
