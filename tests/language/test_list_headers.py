"""Words in the columns of address lists."""

import pytest

from newsletter.language.list_headers import fold_text, load_word_forms, split_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("HasOptedOutOfEmail", "has opted out of email"),
        ("EMAIL_BLOCKLISTED", "email blocklisted"),
        ("Avböjt utskick?", "avbojt utskick"),
        ("opt-out", "optout"),
        ("Opt Out date", "optout date"),
        ("E-post", "epost"),
        ("Do not e-mail", "donot e mail"),
        ("", ""),
    ],
)
def test_words_of_a_header(text: str, words: str) -> None:
    """Folded, at capitals and signs; what is one word in two is one."""
    assert " ".join(split_words(text)) == words


@pytest.mark.parametrize(
    ("text", "folded"), [("Spärrad", "sparrad"), ("Sløyfe", "sloyfe"), ("GRÖẞE", "grosse")]
)
def test_accents_are_taken_off(text: str, folded: str) -> None:
    """Programs write "Sparrad" as well."""
    assert fold_text(text) == folded


@pytest.mark.parametrize(
    ("meaning", "word", "matches"),
    [
        ("bounced", "hold", True),
        ("bounced", "household", False),
        ("manual", "blocked", True),
        ("manual", "unblocked", True),
        ("manual", "reklamsparr", True),
        ("manual", "newsletter", False),
        ("consent", "samtycke", True),
        ("no", "nein", True),
        ("no", "neineck", False),
    ],
)
def test_whole_words_beginnings_and_parts(meaning: str, word: str, matches: bool) -> None:
    """Marked by stars in the languages' files."""
    assert load_word_forms(meaning).match([word]) is matches
