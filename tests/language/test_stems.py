"""The words that carry a text's meaning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.language.language_files import list_languages
from newsletter.language.stems import extract_stems, is_function_word, is_related_stem


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("sv", "biblioteket biblioteken bibliotekets"),
        ("en", "library libraries"),
        ("nb", "biblioteket biblioteker"),
        ("nn", "biblioteket biblioteker"),
        ("da", "biblioteket biblioteker"),
        ("de", "bibliothek bibliotheken"),
        ("nl", "bibliotheek bibliotheken"),
        ("fi", "kirjaston kirjastot"),
        ("fr", "bibliothèque bibliothèques"),
        ("es", "biblioteca bibliotecas"),
        ("xx", "library libraries"),
    ],
)
def test_the_forms_of_a_word_have_one_stem(language: str, forms: str) -> None:
    """Each language has its own stemmer; an unknown one is stemmed as English."""
    assert len(set(extract_stems(forms, language))) == 1


@pytest.mark.parametrize(
    ("language", "text", "stems"),
    [
        ("en", "The 3 cats sat with 12 dogs", ["3", "cat", "12", "dog"]),
        ("sv", "Katten låg i sin korg", ["katt", "korg"]),
        ("sv", "inte från under efter", []),
        ("sv", "The book should have been about", ["book"]),
        ("en", "", []),
        ("en", "a_b – …", []),
    ],
)
def test_function_words_and_short_words_are_left_out(
    language: str, text: str, stems: list[str]
) -> None:
    """Numbers stay; the function words of every language go, for a text may quote another."""
    found = extract_stems(text, language)
    assert found == stems


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("sv", "och"),
        ("en", "the"),
        ("nb", "og"),
        ("nn", "ei"),
        ("no", "og"),
        ("da", "af"),
        ("de", "und"),
        ("nl", "het"),
        ("fi", "että"),
        ("fr", "dont"),
        ("es", "para"),
        ("xx", "the"),
    ],
)
def test_a_function_word_leads_on_to_another(language: str, word: str) -> None:
    """In any case; a noun doesn't."""
    assert is_function_word(word, language)
    assert is_function_word(word.upper(), language)
    assert not is_function_word("kebab", language)


@pytest.mark.parametrize("language", list_languages())
def test_a_function_word_of_one_language_is_none_of_another(language: str) -> None:
    """So that the words tell which language a text is in."""
    ours = {"sv": "och", "en": "the", "nb": "og", "da": "af", "de": "und", "nl": "het"}
    ours |= {"fi": "joka", "fr": "dont", "es": "los"}
    foreign = [word for other, word in ours.items() if other != language]
    wrong = [word for word in foreign if is_function_word(word, language)]
    assert wrong in ([], ["og"])  # Danish and Norwegian share it


@pytest.mark.parametrize(
    ("one", "other", "related"),
    [
        ("bibliotek", "bibliotek", True),
        ("bibliotek", "biblioteksfilial", True),
        ("filial", "biblioteksfilial", True),
        ("hus", "hus", True),
        ("hus", "husmor", False),
        ("skol", "skola", False),
        ("skola", "grundskola", True),
        ("bok", "", False),
    ],
)
def test_a_part_of_a_compound_is_related(one: str, other: str, related: bool) -> None:
    """Parts of five characters and more, at either end."""
    assert is_related_stem(one, other) is related
    assert is_related_stem(other, one) is related


@given(st.text(max_size=200), st.sampled_from([*list_languages(), "xx"]))
def test_any_text_has_stems_of_its_own_words(text: str, language: str) -> None:
    """However long: never more stems than words, and none of white space."""
    stems = extract_stems(text, language)
    assert len(stems) <= len(text)
    assert all(stem and not stem.isspace() for stem in stems)
