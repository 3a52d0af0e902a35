"""Numbers in letters are numbers."""

import pytest

from newsletter.language.language_files import list_languages, read_table
from newsletter.language.number_words import get_digits_by_word


@pytest.mark.parametrize(
    ("language", "twelve", "hundred"),
    [
        ("sv", "tolv", "hundra"),
        ("en", "twelve", "hundred"),
        ("de", "zwölf", "hundert"),
        ("nb", "tolv", "hundre"),
        ("da", "tolv", "hundrede"),
        ("nl", "twaalf", "honderd"),
        ("fi", "kaksitoista", None),
        ("fr", "douze", None),
        ("es", "doce", "cien"),
    ],
)
def test_each_language_counts(language: str, twelve: str, hundred: str | None) -> None:
    """Its own word, and what any text is searched for."""
    assert read_table(language, "number_words")["12"] == twelve
    assert get_digits_by_word()[twelve] == "12"
    if hundred:
        assert get_digits_by_word()[hundred] == "100"


@pytest.mark.parametrize(
    "word",
    ["to", "ni", "ti", "once", "mil", "tres", "cent", "sata", "elf", "sept", "six", "sex", "acht"],
)
def test_a_word_that_means_something_else_elsewhere_is_no_number(word: str) -> None:
    """Norwegian "to" is English "to": it would be an invented 2 in every English text."""
    assert word not in get_digits_by_word()


def test_no_word_is_two_numbers() -> None:
    """Danish "tres" is 60 and Spanish "tres" is 3; such words must be listed as ambiguous."""
    meanings: dict[str, set[str]] = {}
    for language in list_languages():
        for digits, words in read_table(language, "number_words").items():
            for word in words.split() if digits != "ambiguous" else ():
                meanings.setdefault(word, set()).add(digits)
    assert {
        word
        for word, digits in meanings.items()
        if len(digits) > 1 and word in get_digits_by_word()
    } == set()


@pytest.mark.parametrize("language", list_languages())
def test_an_ambiguous_word_is_a_number_of_its_language(language: str) -> None:
    """What is listed twice by mistake would never be found."""
    table = read_table(language, "number_words")
    words = {
        word for digits, words in table.items() if digits != "ambiguous" for word in words.split()
    }
    assert set(table["ambiguous"].split()) <= words


def test_large_numbers_are_told_by_name() -> None:
    """A "miljon" must not become a "billion"; a Swedish "miljard" is one."""
    digits = get_digits_by_word()
    assert (digits["miljoner"], digits["millions"], digits["millón"]) == ("million",) * 3
    assert (digits["miljarder"], digits["billion"], digits["milliarden"]) == ("billion",) * 3
